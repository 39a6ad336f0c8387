//! Removes the rows of tenants that are being deleted, a little at a time. Any number of nodes may do so at once; what is
//! left says how far it is.

use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;

/// Between two looks at what is to be removed.
const PAUSE: Duration = Duration::from_secs(5);
/// Rows removed at once.
const BATCH: u32 = 1_000;
/// Between two batches, so that writes of others come between.
const BREATH: Duration = Duration::from_millis(20);
/// Tenants looked at in one round.
const SOME: u32 = 100;

/// Removes what is left of deleted tenants until `stop`.
pub fn remove_tenants(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        while stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_some() {
            match stop.run_until_cancelled(round(&ground)).await {
                Some(Ok(())) => {}
                Some(Err(error)) => tracing::warn!(%error, "deleted tenants were not looked for; it goes on next time"),
                None => return,
            }
        }
    })
}

async fn round(ground: &Ground) -> Result<(), StoreError> {
    let system = ground.store.system();
    for tenant in system.closed_tenants(SOME).await? {
        // One tenant that fails must not hold up others.
        match remove(ground, tenant).await {
            Ok((removed, gone)) if gone || removed > 0 => tracing::info!(%tenant, removed, gone, "a tenant is being deleted"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%tenant, %error, "a tenant was not deleted to the end; it goes on next time"),
        }
    }
    Ok(())
}

/// One walk over a tenant's tables; says how many rows it removed, and whether the tenant is gone.
async fn remove(ground: &Ground, tenant: domain::TenantId) -> Result<(u64, bool), StoreError> {
    let system = ground.store.system();
    let Some(mut removal) = system.removal(tenant, ground.clock.now()).await? else { return Ok((0, true)) };
    let mut before = 0;
    while system.remove_some(&mut removal, BATCH).await? {
        if removal.removed() > before {
            before = removal.removed();
            tokio::time::sleep(BREATH).await;
        }
    }
    Ok((removal.removed(), system.finish_removal(&removal).await?))
}
