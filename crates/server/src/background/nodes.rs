//! Says every few seconds that this node is there, so that whoever runs the service sees all of them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use store::Node;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::spawn;
use crate::app::Ground;

/// Between two announcements.
const PAUSE: Duration = Duration::from_secs(10);
/// How long the last word may take, so that a database that is away does not hold up the stop.
const LAST: Duration = Duration::from_secs(2);

/// Announces the node until `stop`, and takes it off the list then.
pub fn announce_node(ground: Arc<Ground>, id: Uuid, listen: SocketAddr, stop: CancellationToken) -> JoinHandle<()> {
    let now = ground.clock.now();
    let (version, address) = (env!("CARGO_PKG_VERSION").to_owned(), listen.to_string());
    let mut node = Node { id, name: machine(), version, address, started_at: now, seen_at: now };
    spawn(async move {
        let system = ground.store.system();
        loop {
            node.seen_at = ground.clock.now();
            match stop.run_until_cancelled(system.announce_node(&node)).await {
                Some(Ok(())) => {}
                Some(Err(error)) => tracing::warn!(%error, "this node is not seen by others; it is tried again"),
                None => break,
            }
            if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                break;
            }
        }
        match tokio::time::timeout(LAST, system.forget_node(node.id)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "this node stays on the list for a day"),
            Err(_) => tracing::warn!("this node stays on the list for a day: the database took too long"),
        }
    })
}

/// The name of this machine, or container.
fn machine() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    let name = told.unwrap_or_default().trim().to_owned();
    if name.is_empty() { "node".to_owned() } else { name }
}
