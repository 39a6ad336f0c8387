//! Revokes credentials that somebody wanted revoked once they are quiet.

use std::sync::Arc;
use std::time::Duration;

use store::{Quiet, StoreError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;

/// Between two rounds; hours are waited for.
const PAUSE: Duration = Duration::from_mins(1);

/// Does so until `stop`. Any number of nodes may: each row is looked at once more when it is locked.
pub fn revoke_quiet(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        loop {
            match stop.run_until_cancelled(round(&ground)).await {
                Some(Ok(_)) => {}
                Some(Err(error)) => tracing::warn!(%error, "credentials that are quiet were not revoked; it is tried again"),
                None => return,
            }
            if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                return;
            }
        }
    })
}

/// One round; how many were revoked.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn round(ground: &Ground) -> Result<usize, StoreError> {
    let (now, author, mut revoked) = (ground.clock.now(), ground.itself(), 0);
    let mut last = None;
    loop {
        let found = ground.store.system().quiet_credentials(now, last).await?;
        if found.is_empty() {
            return Ok(revoked);
        }
        last = found.last().copied();
        for Quiet { tenant, credential, since } in found {
            let store = ground.store.tenant(tenant);
            // The log may know of a request that has not come to the credential's row.
            if store.sync_events().traffic(credential, since).await?.requests > 0 {
                continue;
            }
            if store.credentials().revoke_quiet(credential, now, &author).await?.is_some() {
                tracing::info!(%tenant, %credential, "a credential was revoked: it has been quiet for as long as was wanted");
                revoked += 1;
            }
        }
    }
}
