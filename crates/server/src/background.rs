//! All spawned tasks.

mod removal;
mod retention;
mod schemas;

use std::future::Future;
use std::time::Duration;

pub use removal::remove_tenants;
pub use retention::keep_retention;
pub use schemas::prepare_schemas;
use store::{Store, SyncLogWriter};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How often uses of credentials are written.
const USES: Duration = Duration::from_secs(5);

/// Spawns a task.
pub fn spawn<F>(task: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(task)
}

/// The log's writer; it ends when the last request has its event on disk.
pub fn write_log(writer: SyncLogWriter) -> JoinHandle<()> {
    spawn(writer.run())
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
