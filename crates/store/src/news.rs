//! The word that there is something new of a tenant, to those on this node who wait for it.
//!
//! It says that there is something to read and never what, so it may come too often or, between nodes, get lost: whoever
//! waits reads for itself, and once in a while unasked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::TenantId;
use tokio::sync::watch;

/// Who waits, tenant by tenant.
#[derive(Default)]
pub(crate) struct News {
    bells: Mutex<HashMap<TenantId, watch::Sender<()>>>,
}

/// Rings when there is something new of its tenant.
pub struct Bell {
    rung: watch::Receiver<()>,
}

impl Bell {
    /// Waits until there may be something new since the last time. Word that came before is not waited for again.
    pub async fn wait(&mut self) {
        if self.rung.changed().await.is_err() {
            // The bells live as long as the store; without them nothing rings.
            std::future::pending::<()>().await;
        }
    }
}

impl News {
    pub(crate) fn bell(&self, tenant: TenantId) -> Bell {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = bells.entry(tenant).or_insert_with(|| watch::Sender::new(()));
        Bell { rung: sender.subscribe() }
    }

    /// Tells those who wait for these tenants.
    pub(crate) fn ring(&self, tenants: impl IntoIterator<Item = TenantId>) {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        for tenant in tenants {
            if bells.get(&tenant).is_some_and(|bell| bell.send(()).is_err()) {
                bells.remove(&tenant);
            }
        }
    }

    /// Tells everybody who waits.
    pub(crate) fn ring_all(&self) {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        bells.retain(|_, bell| bell.send(()).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_bell_rings_for_its_tenant_only_and_keeps_what_it_heard() {
        let (news, acme, other) = (News::default(), TenantId::generate(), TenantId::generate());
        let (mut bell, mut elsewhere) = (news.bell(acme), news.bell(other));
        news.ring([acme]);
        bell.wait().await;
        assert!(timeout(Duration::from_millis(20), bell.wait()).await.is_err());
        assert!(timeout(Duration::from_millis(20), elsewhere.wait()).await.is_err());
        news.ring_all();
        bell.wait().await;
        elsewhere.wait().await;
        drop(bell);
        news.ring([acme]);
        assert_eq!(news.bells.lock().unwrap().len(), 1, "nobody waits for the first any more");
    }
}
