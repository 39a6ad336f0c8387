//! Keeps the rows up that say how each tenant stands, and counts the connections that are silent. Any number of nodes may
//! do so at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;
use crate::measures;

/// Between two rounds.
const PAUSE: Duration = Duration::from_millis(500);
/// Tenants of one round; a service with more of them that all send reaches each a little later.
const MOST: usize = 50;
/// Between two looks for tenants without a row, which a node of an older version makes while nodes are exchanged.
const COMPLETE: Duration = Duration::from_mins(2);
/// Between two counts of the connections that are silent, which look at all rows.
const COUNT: Duration = Duration::from_secs(10);

/// Keeps them until `stop`. A round that has begun ends whole, so that nothing it took up is lost.
pub fn keep_standings(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        let system = ground.store.system();
        // What happened before a crash may not have reached them.
        if let Some(Err(error)) = stop.run_until_cancelled(system.forget_standings()).await {
            tracing::warn!(%error, "how tenants stand is not read anew at the start");
        }
        let mut completed = Instant::now();
        let mut counted: Option<Instant> = None;
        while stop.run_until_cancelled(sleep(PAUSE)).await.is_some() {
            if let Err(error) = system.keep_standings(MOST).await {
                tracing::warn!(%error, "how tenants stand was not read; it is tried again");
            }
            if counted.is_none_or(|counted| counted.elapsed() >= COUNT) {
                counted = Some(Instant::now());
                match system.silent_connections().await {
                    Ok(number) => measures::silent(number),
                    Err(error) => tracing::warn!(%error, "silent connections were not counted"),
                }
            }
            if completed.elapsed() >= COMPLETE {
                completed = Instant::now();
                if let Err(error) = system.complete_standings().await {
                    tracing::warn!(%error, "tenants that are missing from the list were not looked for");
                }
            }
        }
    })
}

/// Leaves to other nodes, or the next start, what the last requests changed; for when the log's writer has ended.
pub async fn hand_over_standings(ground: &Ground) {
    if let Err(error) = ground.store.system().hand_over_standings().await {
        tracing::warn!(%error, "what the last requests changed is read when its tenants send again, or at the next start");
    }
}
