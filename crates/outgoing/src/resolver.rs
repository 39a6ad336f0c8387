//! Names resolved for one connection, which goes to what was checked and nowhere else.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard::{self, AllowedHosts};

#[derive(Debug)]
pub(crate) struct GuardedResolver {
    allowed: Arc<AllowedHosts>,
}

impl GuardedResolver {
    pub(crate) fn new(allowed: Arc<AllowedHosts>) -> Self {
        Self { allowed }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.allowed);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !allowed.contains(name.as_str()) {
                guard::check_addresses(found.iter().map(SocketAddr::ip))?;
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}
