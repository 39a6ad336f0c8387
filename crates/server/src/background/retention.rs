//! Removes what is older than it is kept for, a little at a time. Any number of nodes may do so at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::tenant::LOG_DAYS;
use domain::{Tenant, TenantId, Timestamp};
use store::{RetentionRound, StoreError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;

/// For how long figures are kept.
const DAYS: i64 = 90;
/// For how long deleted resources are kept.
const TOMBSTONE_DAYS: i64 = 30;
/// For how long it is kept what was sent to webhooks.
const DELIVERY_DAYS: i64 = 30;
/// Between two rounds.
const PAUSE: Duration = Duration::from_hours(1);
/// Before the first round, so that it does not compete with the start.
const FIRST: Duration = Duration::from_mins(1);
/// Rows removed at once.
const BATCH: u32 = 1_000;
/// Between two batches, so that writes of others come between.
const BREATH: Duration = Duration::from_millis(50);

/// Keeps to the times of retention until `stop`.
pub fn keep_retention(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        let mut pause = FIRST;
        while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
            pause = PAUSE;
            match stop.run_until_cancelled(noted_round(&ground)).await {
                Some(Ok(removed)) => tracing::info!(removed, "retention"),
                Some(Err(error)) => tracing::warn!(%error, "retention was cut short; it goes on next time"),
                None => return,
            }
        }
    })
}

/// One round over all tenants, noted for whoever runs the service.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn noted_round(ground: &Ground) -> Result<u64, StoreError> {
    let (began_at, started) = (ground.clock.now(), Instant::now());
    let removed = round(ground).await;
    let pause = i64::try_from(PAUSE.as_secs()).unwrap_or(i64::MAX);
    let (took, next_at) = (started.elapsed(), ground.clock.now().plus_seconds(pause));
    let noted = RetentionRound { began_at, took, removed: removed.as_ref().ok().copied(), next_at };
    if let Err(error) = ground.store.system().note_retention(noted).await {
        tracing::warn!(%error, "how the round of retention went was not noted");
    }
    removed
}

/// One round over all tenants; says how many rows it removed.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn round(ground: &Ground) -> Result<u64, StoreError> {
    let (system, now) = (ground.store.system(), ground.clock.now());
    system.remove_ended_sessions(now).await?;
    system.remove_ended_codes(now).await?;
    system.remove_ended_invitations(now).await?;
    system.remove_ended_password_resets(now).await?;
    system.remove_ended_ceremonies(now).await?;
    system.release_held_slugs(now).await?;
    let mut removed = purge_log(ground, None, now, LOG_DAYS).await?;
    removed += ground.store.sync_log().purge_figures(None, now.plus_days(-DAYS)).await?;
    let mut last = None;
    loop {
        let tenants = system.list_tenants(None, None, last, 200).await?;
        for tenant in &tenants {
            removed += purge(ground, tenant, now).await?;
        }
        match tenants.last() {
            Some(tenant) => last = Some(tenant.id),
            None => return Ok(removed),
        }
    }
}

async fn purge(ground: &Ground, tenant: &Tenant, now: Timestamp) -> Result<u64, StoreError> {
    let system = ground.store.system();
    let mut removed = purge_log(ground, Some(tenant.id), now, tenant.log.kept_days()).await?;
    let standing = now.plus_days(-i64::from(tenant.log.kept_days()));
    removed += ground.store.sync_log().purge_standing(tenant.id, standing).await?;
    // Figures name nobody, so they stay as long as changes usually do.
    removed += ground.store.sync_log().purge_figures(Some(tenant.id), now.plus_days(-DAYS)).await?;
    removed += system.purge_role_mappings(tenant.id).await?;
    loop {
        let before = now.plus_days(-i64::from(tenant.log.kept_change_days()));
        let changes = system.purge_changes(tenant.id, before, BATCH).await?;
        let tombstones = system.purge_tombstones(tenant.id, now.plus_days(-TOMBSTONE_DAYS), BATCH).await?;
        let members = system.purge_member_changes(tenant.id, BATCH).await?;
        let noted = system.purge_acknowledgements(tenant.id, BATCH).await?;
        let hours = system.purge_acknowledgement_hours(tenant.id, before, BATCH).await?;
        let deliveries = system.purge_deliveries(tenant.id, now.plus_days(-DELIVERY_DAYS), BATCH).await?;
        let some = changes + tombstones + members + noted + hours + deliveries;
        removed += some;
        if some == 0 {
            return Ok(removed);
        }
        tokio::time::sleep(BREATH).await;
    }
}

async fn purge_log(ground: &Ground, tenant: Option<TenantId>, now: Timestamp, days: u16) -> Result<u64, StoreError> {
    let (mut removed, before) = (0, now.plus_days(-i64::from(days)));
    loop {
        let some = ground.store.sync_log().purge(tenant, before, u64::from(BATCH)).await?;
        removed += some;
        if some == 0 {
            return Ok(removed);
        }
        tokio::time::sleep(BREATH).await;
    }
}
