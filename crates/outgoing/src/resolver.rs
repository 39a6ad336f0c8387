//! Names resolved for one connection, which goes to what was checked and nowhere else.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard::{self, AllowedHosts};

/// Where a name's addresses come from: the system's resolver, but in tests.
#[derive(Clone, Debug)]
pub(crate) enum Names {
    System,
    #[cfg(test)]
    Told(Arc<std::sync::Mutex<std::collections::VecDeque<std::net::IpAddr>>>),
}

impl Names {
    /// All addresses that a name has now.
    pub(crate) async fn find(&self, host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        match self {
            Self::System => Ok(tokio::net::lookup_host((host, port)).await?.collect()),
            #[cfg(test)]
            Self::Told(next) => {
                let next = next.lock().ok().and_then(|mut next| next.pop_front());
                Ok(next.map(|address| SocketAddr::new(address, port)).into_iter().collect())
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct GuardedResolver {
    allowed: Arc<AllowedHosts>,
    names: Names,
}

impl GuardedResolver {
    pub(crate) fn new(allowed: Arc<AllowedHosts>, names: Names) -> Self {
        Self { allowed, names }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, names) = (Arc::clone(&self.allowed), self.names.clone());
        Box::pin(async move {
            let found = names.find(name.as_str(), 0).await?;
            if !allowed.contains(name.as_str()) {
                guard::check_addresses(found.iter().map(SocketAddr::ip))?;
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}
