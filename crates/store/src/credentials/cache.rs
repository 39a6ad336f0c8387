//! Checked credentials, believed for a short while. A revocation on this node ends all belief at once; on other nodes
//! the short lifetime does.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::future::Cache;

use super::KnownCredential;
use crate::StoreError;

const CAPACITY: u64 = 20_000;

/// The cache, with an epoch that every revocation moves: what was read before it is not believed after it, also when
/// the read was under way meanwhile.
pub(crate) struct CredentialCache {
    known: Cache<String, Entry>,
    epoch: AtomicU64,
}

#[derive(Clone)]
struct Entry {
    epoch: u64,
    /// `None` is kept too, so that guessing does not reach the database each time.
    credential: Option<Arc<KnownCredential>>,
}

impl CredentialCache {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { known: Cache::builder().max_capacity(CAPACITY).time_to_live(lifetime).build(), epoch: AtomicU64::new(0) }
    }

    pub(crate) async fn get_or_load<F, R>(&self, public_id: &str, load: F) -> Result<Option<Arc<KnownCredential>>, StoreError>
    where
        F: Fn() -> R,
        R: Future<Output = Result<Option<KnownCredential>, StoreError>>,
    {
        loop {
            let epoch = self.epoch.load(Ordering::SeqCst);
            let loading = async {
                let credential = load().await?.map(Arc::new);
                Ok::<_, StoreError>(Entry { epoch, credential })
            };
            let entry = self.known.try_get_with_by_ref(public_id, loading).await.map_err(|error| match &*error {
                StoreError::Unavailable | StoreError::Contended => StoreError::Unavailable,
                other => StoreError::Corrupt(other.to_string()),
            })?;
            if entry.epoch == self.epoch.load(Ordering::SeqCst) {
                return Ok(entry.credential);
            }
            self.known.invalidate(public_id).await;
        }
    }

    /// Ends the belief in everything read so far.
    pub(crate) fn forget_all(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    /// Ends the belief in there being nobody of this public id.
    pub(crate) async fn forget(&self, public_id: &str) {
        self.known.invalidate(public_id).await;
    }
}
