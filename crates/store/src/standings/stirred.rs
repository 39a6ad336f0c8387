//! Tenants of which something happened on this node since their rows were read, in the order in which they come up.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::TenantId;
use tokio::time::Instant;

/// A tenant that sends all the time is read anew after this long, so that it costs the same however much it sends.
const REST: Duration = Duration::from_secs(2);

#[derive(Default)]
pub(crate) struct Stirred(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    waiting: BTreeSet<(Instant, TenantId)>,
    of: HashMap<TenantId, Instant>,
    read: HashMap<TenantId, Instant>,
}

impl Stirred {
    /// Notes that something happened.
    pub(crate) fn stir(&self, tenants: impl IntoIterator<Item = TenantId>) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        for tenant in tenants.into_iter().filter(|tenant| !tenant.as_uuid().is_nil()) {
            if !inner.of.contains_key(&tenant) {
                let due = inner.read.get(&tenant).map_or(now, |read| now.max(*read + REST));
                inner.of.insert(tenant, due);
                inner.waiting.insert((due, tenant));
            }
        }
    }

    /// Those whose turn it is, `most` at most. What happens to them from here on stirs them again.
    pub(crate) fn take(&self, most: usize) -> Vec<TenantId> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        inner.read.retain(|_, read| *read + REST > now);
        let due: Vec<_> = inner.waiting.iter().take_while(|(due, _)| *due <= now).take(most).copied().collect();
        for entry in &due {
            inner.waiting.remove(entry);
            inner.of.remove(&entry.1);
            inner.read.insert(entry.1, now);
        }
        due.into_iter().map(|(_, tenant)| tenant).collect()
    }

    /// All of them, at rest or not.
    pub(crate) fn take_all(&self) -> Vec<TenantId> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.of.clear();
        std::mem::take(&mut inner.waiting).into_iter().map(|(_, tenant)| tenant).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_tenant_that_stirs_all_the_time_is_read_once_in_a_while_and_never_forgotten() {
        let (stirred, acme, other) = (Stirred::default(), TenantId::generate(), TenantId::generate());
        stirred.stir([acme, acme, uuid::Uuid::nil().into()]);
        assert_eq!(stirred.take(10), [acme]);
        stirred.stir([acme, other]);
        assert_eq!(stirred.take(10), [other], "one rests, the other does not wait for it");
        tokio::time::advance(REST).await;
        assert_eq!(stirred.take(10), [acme]);
        assert_eq!(stirred.take(10), []);
        stirred.stir([acme]);
        assert_eq!((stirred.take(10), stirred.take_all(), stirred.take_all()), (vec![], vec![acme], vec![]), "it rested");
    }
}
