//! Counts the tenants that have a reader of their feed which is late. Any number of nodes may do so at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;
use crate::measures;

/// Between two looks, which go through the readers of all tenants.
const PAUSE: Duration = Duration::from_secs(5);

/// Looks at how far readers are until `stop`.
pub fn watch_acknowledgements(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        let system = ground.store.system();
        loop {
            match stop.run_until_cancelled(system.late_readers(ground.clock.now())).await {
                Some(Ok(late)) => {
                    let tenants: BTreeSet<_> = late.iter().map(|late| late.tenant).collect();
                    measures::late(tenants.len());
                }
                Some(Err(error)) => tracing::warn!(%error, "how far readers of the feed are was not read; it is tried again"),
                None => return,
            }
            if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                return;
            }
        }
    })
}
