//! Tells people's roles: what follows from changes and mappings, some people at a time. Any number of nodes may do so at
//! once; what is left says how far it is.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use domain::TenantId;
use store::{Settled, StoreError, System};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;

/// How long what is written is gathered before it is looked at, so that a tenant that writes all the time is looked at
/// some fifty times a second at most.
const GATHER: Duration = Duration::from_millis(20);
/// Between two looks at what other nodes wrote, or this one before it was started.
const SWEEP: Duration = Duration::from_secs(2);
/// Between two steps while there is more, so that writes of others come between.
const BREATH: Duration = Duration::from_millis(5);
/// People looked at in one step: few enough that others of the tenant hardly wait.
const PEOPLE: usize = 250;
/// Tenants found by one look.
const TENANTS: u32 = 1_000;

/// Tells roles until `stop`. A step that has begun ends whole.
pub fn settle_roles(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        let system = ground.store.system();
        let mut line = VecDeque::new();
        let mut swept: Option<Instant> = None;
        while !stop.is_cancelled() {
            if let Err(error) = look(&system, &mut line, &mut swept).await {
                tracing::warn!(%error, "in which tenants roles are to be told was not looked at; it is tried again");
            }
            if let Some(tenant) = line.pop_front() {
                step(&ground, tenant, &mut line).await;
                sleep(BREATH).await;
            } else {
                let stirred = async {
                    // Nothing heard is as good as word: then it is looked unasked.
                    let _ = timeout(SWEEP, system.roles_stirring()).await;
                    sleep(GATHER).await;
                };
                stop.run_until_cancelled(stirred).await;
            }
        }
    })
}

/// Lines up the tenants that are not in the line yet.
async fn look(system: &System, line: &mut VecDeque<TenantId>, swept: &mut Option<Instant>) -> Result<(), StoreError> {
    let mut found = system.stirred_roles().await?;
    if swept.is_none_or(|swept| swept.elapsed() >= SWEEP) {
        *swept = Some(Instant::now());
        found.extend(system.unsettled_roles(TENANTS).await?);
    }
    for tenant in found {
        if !line.contains(&tenant) {
            line.push_back(tenant);
        }
    }
    Ok(())
}

/// One tenant's turn; it stands in the line again while there is more.
async fn step(ground: &Ground, tenant: TenantId, line: &mut VecDeque<TenantId>) {
    match ground.store.tenant(tenant).settle_roles(PEOPLE).await {
        Ok(Settled::More) => line.push_back(tenant),
        Ok(Settled::Done | Settled::Elsewhere) => {}
        // One tenant that fails must not hold up others.
        Err(error) => tracing::warn!(%tenant, %error, "roles were not told to the end; it goes on next time"),
    }
}
