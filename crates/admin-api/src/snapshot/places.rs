//! How many snapshots a node gives at one time.

use std::sync::{Arc, Mutex, PoisonError};

use domain::TenantId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::failure::Failure;

/// Snapshots that are taken from the database at one time: each holds a connection.
const READ_AT_ONCE: usize = 2;
/// Snapshots that are on their way to clients, of all tenants and of one.
const ON_THEIR_WAY: usize = 8;
const OF_A_TENANT: usize = 2;

/// The places of a node.
pub(crate) struct Snapshots {
    on_their_way: Mutex<Vec<TenantId>>,
    reading: Arc<Semaphore>,
}

/// A snapshot's place, free again when this is dropped.
pub(super) struct Place {
    places: Arc<Snapshots>,
    tenant: TenantId,
}

impl Default for Snapshots {
    fn default() -> Self {
        Self { on_their_way: Mutex::default(), reading: Arc::new(Semaphore::new(READ_AT_ONCE)) }
    }
}

impl Snapshots {
    /// A place for one more of a tenant.
    ///
    /// # Errors
    /// [`Failure::TooManyStreams`].
    pub(super) fn take(self: &Arc<Self>, tenant: TenantId) -> Result<Place, Failure> {
        let mut taken = self.on_their_way.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.iter().filter(|of| **of == tenant).count();
        if taken.len() >= ON_THEIR_WAY || own >= OF_A_TENANT {
            return Err(Failure::TooManyStreams);
        }
        taken.push(tenant);
        Ok(Place { places: Arc::clone(self), tenant })
    }

    /// Waits for its turn to read the database.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, Failure> {
        Arc::clone(&self.reading).acquire_owned().await.map_err(|_| Failure::Unavailable)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.on_their_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = taken.iter().position(|of| *of == self.tenant) {
            taken.swap_remove(at);
        }
    }
}
