//! Keeps the rows up that say how each tenant stands. Any number of nodes may do so at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;

/// Between two rounds.
const PAUSE: Duration = Duration::from_millis(500);
/// Tenants of one round; a service with more of them that all send reaches each a little later.
const MOST: usize = 50;

/// Keeps them until `stop`.
pub fn keep_standings(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        let system = ground.store.system();
        // What happened before a crash may not have reached them.
        if let Some(Err(error)) = stop.run_until_cancelled(system.forget_standings()).await {
            tracing::warn!(%error, "how tenants stand is not read anew at the start");
        }
        while stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_some() {
            match stop.run_until_cancelled(system.keep_standings(MOST)).await {
                Some(Err(error)) => tracing::warn!(%error, "how tenants stand was not read; it is tried again"),
                Some(Ok(_)) => {}
                None => return,
            }
        }
    })
}
