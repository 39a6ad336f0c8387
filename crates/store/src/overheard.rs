//! Which tenants have new changes, for one listener on this node who follows all of them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::TenantId;
use tokio::sync::Notify;

use crate::store::System;

/// What was heard since it was last asked for. While nobody listens nothing is kept.
#[derive(Default)]
pub(crate) struct Overheard {
    wanted: AtomicBool,
    heard: Mutex<Heard>,
    due: Notify,
}

/// Tenants that have something new.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// They.
    pub tenants: BTreeSet<TenantId>,
    /// Whether there may be others: word of them may have been lost, or something else than a change is new.
    pub others: bool,
}

impl Overheard {
    /// Notes tenants that have something new.
    pub(crate) fn note(&self, tenants: &[TenantId]) {
        if !tenants.is_empty() && self.wanted.load(Ordering::Relaxed) {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).tenants.extend(tenants);
            self.due.notify_one();
        }
    }

    /// Notes that any tenant may have something new.
    pub(crate) fn note_loss(&self) {
        if self.wanted.load(Ordering::Relaxed) {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).others = true;
            self.due.notify_one();
        }
    }

    async fn next(&self) -> Heard {
        self.wanted.store(true, Ordering::Relaxed);
        loop {
            // The place of the first word that comes from here on is kept, also while nobody waits.
            let told = self.due.notified();
            let heard = std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner));
            if heard != Heard::default() {
                return heard;
            }
            told.await;
        }
    }
}

impl System {
    /// Waits until tenants have new changes, whichever node wrote them, and says which. For one listener of a node.
    pub async fn overhear(&self) -> Heard {
        self.store.inner().announcer.overheard.next().await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn what_was_said_between_two_questions_is_heard_once() {
        let (overheard, acme, globex) = (Overheard::default(), TenantId::generate(), TenantId::generate());
        overheard.note(&[acme]);
        let nothing = timeout(Duration::from_millis(20), overheard.next()).await;
        assert!(nothing.is_err(), "nobody listened");
        overheard.note(&[acme]);
        overheard.note(&[globex, acme]);
        assert_eq!(overheard.next().await, Heard { tenants: BTreeSet::from([acme, globex]), others: false });
        overheard.note_loss();
        assert_eq!(overheard.next().await, Heard { tenants: BTreeSet::new(), others: true });
        assert!(timeout(Duration::from_millis(20), overheard.next()).await.is_err());
    }
}
