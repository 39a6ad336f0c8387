//! Work that a node does a little of at one time, of each tenant one piece after the other.
//!
//! A tenant has one place at work and a few that wait for it, so that whoever asks for much at once fills neither the node's
//! places nor its line. Who finds no place in their tenant's line is told to come again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::TenantId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::failure::Failure;

/// Most calls of a tenant, the one at work included.
const OF_A_TENANT: usize = 4;

/// The places of a node for one kind of work.
pub(crate) struct Turns {
    tenants: Mutex<HashMap<TenantId, Line>>,
    node: Arc<Semaphore>,
}

/// A tenant's calls.
struct Line {
    /// How many there are, those that wait included.
    calls: usize,
    /// The one place at work.
    work: Arc<Semaphore>,
}

/// A call's turn, over when this is dropped.
pub(crate) struct Turn {
    _permits: [OwnedSemaphorePermit; 2],
    _place: Place,
}

/// A call's place in its tenant's line.
struct Place {
    turns: Arc<Turns>,
    tenant: TenantId,
    work: Arc<Semaphore>,
}

impl Turns {
    /// So many at one time on this node.
    pub(crate) fn new(at_once: usize) -> Self {
        Self { tenants: Mutex::default(), node: Arc::new(Semaphore::new(at_once)) }
    }

    /// Waits for its tenant's turn and then for the node's, first come, first served in both.
    ///
    /// # Errors
    /// [`Failure::TooManyAtOnce`].
    pub(crate) async fn take(self: &Arc<Self>, tenant: TenantId) -> Result<Turn, Failure> {
        let place = self.line_up(tenant)?;
        let work = Arc::clone(&place.work).acquire_owned().await.map_err(|_| Failure::Unavailable)?;
        let node = Arc::clone(&self.node).acquire_owned().await.map_err(|_| Failure::Unavailable)?;
        Ok(Turn { _permits: [node, work], _place: place })
    }

    fn line_up(self: &Arc<Self>, tenant: TenantId) -> Result<Place, Failure> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let line = tenants.entry(tenant).or_insert_with(|| Line { calls: 0, work: Arc::new(Semaphore::new(1)) });
        if line.calls >= OF_A_TENANT {
            return Err(Failure::TooManyAtOnce);
        }
        line.calls += 1;
        Ok(Place { turns: Arc::clone(self), tenant, work: Arc::clone(&line.work) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut tenants = self.turns.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = tenants.get_mut(&self.tenant) {
            line.calls = line.calls.saturating_sub(1);
            if line.calls == 0 {
                tenants.remove(&self.tenant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_tenant_has_one_at_work_and_a_few_that_wait_and_holds_up_nobody_else() {
        let turns = Arc::new(Turns::new(2));
        let (noisy, quiet, third) = (TenantId::generate(), TenantId::generate(), TenantId::generate());
        let at_work = turns.take(noisy).now_or_never().unwrap().unwrap();
        let mut line: Vec<_> = (0..3).map(|_| Box::pin(turns.take(noisy))).collect();
        for waiting in &mut line {
            assert!(waiting.as_mut().now_or_never().is_none(), "one after the other");
        }
        let beyond = turns.take(noisy).now_or_never().unwrap();
        assert!(matches!(beyond, Err(Failure::TooManyAtOnce)));
        let other = turns.take(quiet).now_or_never().unwrap().unwrap();
        assert!(turns.take(third).now_or_never().is_none(), "the node has two at work");
        drop(at_work);
        assert!(line.remove(0).now_or_never().unwrap().is_ok());
        drop((line, other));
        assert!(turns.take(noisy).now_or_never().unwrap().is_ok(), "whoever hangs up leaves the line");
        assert!(turns.tenants.lock().unwrap().is_empty(), "nothing is kept of who is gone");
    }
}
