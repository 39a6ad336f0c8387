//! All spawned tasks.

mod acknowledgements;
mod certificate;
mod endings;
mod nodes;
mod quiet;
mod removal;
mod retention;
mod roles;
mod schemas;
mod standings;
mod webhooks;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

pub use acknowledgements::watch_acknowledgements;
pub use certificate::watch_certificate;
pub use endings::{Post, watch_endings};
pub use nodes::announce_node;
pub use quiet::{revoke_quiet, round as quiet_round};
pub use removal::remove_tenants;
pub use retention::{keep_retention, noted_round as noted_retention_round, round as retention_round};
pub use roles::settle_roles;
pub use schemas::prepare_schemas;
pub use standings::{hand_over_standings, keep_standings};
use store::{Store, SyncLogWriter};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
pub use webhooks::deliver_webhooks;

use crate::app::App;
use crate::measures::Measures;

/// How often uses of credentials are written.
const USES: Duration = Duration::from_secs(5);

/// Between two tidyings of what is measured.
const TIDY: Duration = Duration::from_secs(5);

/// Before the other nodes are listened to again.
const AGAIN: Duration = Duration::from_secs(1);

/// Spawns a task.
pub fn spawn<F>(task: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(task)
}

/// Does `work` until it ends or `stop`.
pub fn until(stop: CancellationToken, work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    spawn(async move {
        stop.run_until_cancelled(work).await;
    })
}

/// Tidies what is measured, until `stop`.
pub fn tidy_measures(measures: Arc<Measures>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        measures.tidy();
        while stop.run_until_cancelled(tokio::time::sleep(TIDY)).await.is_some() {
            measures.tidy();
        }
    })
}

/// The log's writer; it ends when the last request has its event on disk.
pub fn write_log(writer: SyncLogWriter) -> JoinHandle<()> {
    spawn(writer.run())
}

/// Ends the live streams at `stop`.
pub fn end_streams(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        stop.cancelled().await;
        app.end_streams();
    })
}

/// Listens to the other nodes on the same database, until `stop`.
pub fn hear_other_nodes(store: Store, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        while let Some(heard) = stop.run_until_cancelled(store.hear_other_nodes()).await {
            if let Err(error) = heard {
                tracing::warn!(%error, "other nodes are not heard; what they change is learned of by asking");
            }
            if stop.run_until_cancelled(tokio::time::sleep(AGAIN)).await.is_none() {
                return;
            }
        }
    })
}

/// Writes when credentials were last used, until `stop`.
pub fn write_uses(store: Store, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        while stop.run_until_cancelled(tokio::time::sleep(USES)).await.is_some() {
            if let Err(error) = store.flush_uses().await {
                tracing::warn!(%error, "the last uses of credentials were not written");
            }
        }
    })
}
