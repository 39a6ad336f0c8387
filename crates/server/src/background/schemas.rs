//! Makes values that were stored before a schema was registered ready to be searched. Any number of nodes may do so at
//! once; a registration does the beginning of it itself.

use std::sync::Arc;
use std::time::Duration;

use store::{Preparing, StoreError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;

/// Between two looks at what is not ready.
const PAUSE: Duration = Duration::from_secs(3);
/// Between two steps, so that writes of others come between.
const BREATH: Duration = Duration::from_millis(20);
/// Schemas looked at in one round.
const SOME: u64 = 100;

/// Prepares schemas until `stop`.
pub fn prepare_schemas(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        while stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_some() {
            match stop.run_until_cancelled(round(&ground)).await {
                Some(Ok(())) => {}
                Some(Err(error)) => tracing::warn!(%error, "schemas were not prepared to the end; it goes on next time"),
                None => return,
            }
        }
    })
}

async fn round(ground: &Ground) -> Result<(), StoreError> {
    for (tenant, schema) in ground.store.system().preparing_schemas(SOME).await? {
        let store = ground.store.tenant(tenant);
        loop {
            match store.schemas().prepare_some(schema).await {
                Ok(Preparing::Goes) => tokio::time::sleep(BREATH).await,
                Ok(Preparing::Done) => break,
                // One schema that fails must not hold up those of other tenants.
                Err(error) => {
                    tracing::warn!(%tenant, %schema, %error, "a schema was not prepared to the end; it goes on next time");
                    break;
                }
            }
        }
    }
    Ok(())
}
