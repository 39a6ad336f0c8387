//! The log in the order in which it was written, so that whoever follows it misses nothing and gets nothing twice.
//!
//! Ids are in the order in which requests came; a slow one is written after quicker ones that came later. Positions are
//! in the order of commits: the tenant's head is held until the commit, on every node.

use std::collections::BTreeMap;

use domain::SyncEvent;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{TenantSyncLog, tenant_of};
use crate::StoreError;
use crate::dialect::Engine;
use crate::entity::sync_event;
use crate::news::Bell;
use crate::sql::Sql;

/// What nodes call the news of the log.
pub(crate) const CHANNEL: &str = "directory_sync_log";
/// Tenants of one word to other nodes: it must stay under PostgreSQL's 8,000 bytes.
const NAMED: usize = 200;

impl TenantSyncLog<'_> {
    /// How far the log is written. Whoever follows it from here misses nothing.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn position(&self) -> Result<u64, StoreError> {
        let engine = self.log.read.engine();
        let mut sql = Sql::new(engine, "SELECT position FROM sync_log_heads WHERE tenant_id = ");
        sql.arg(self.tenant.as_uuid());
        let row = self.rows().query_one_raw(sql.statement()).await?;
        let position = row.map_or(Ok(0), |row| row.try_get::<i64>("", "position"))?;
        Ok(u64::try_from(position).unwrap_or_default())
    }

    /// The events after a position, oldest first, each with its own.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn following(&self, position: u64, most: u64) -> Result<Vec<(u64, SyncEvent)>, StoreError> {
        use sync_event::Column as C;
        let after = i64::try_from(position).unwrap_or(i64::MAX);
        let find = sync_event::Entity::find().filter(C::TenantId.eq(self.tenant.as_uuid())).filter(C::Position.gt(after));
        let rows = find.order_by_asc(C::Position).limit(most).all(&self.rows()).await?;
        let event = |row: sync_event::Model| {
            let position = row.position.and_then(|position| u64::try_from(position).ok()).unwrap_or_default();
            Ok((position, row.into_event(Vec::new())?))
        };
        rows.into_iter().map(event).collect()
    }

    /// Rings when the tenant's log has grown, also by another node.
    pub fn bell(&self) -> Bell {
        self.log.news.bell(self.tenant)
    }
}

/// The next positions of a batch, tenant by tenant: the last one each has after it.
pub(super) async fn advance(txn: &DatabaseTransaction, events: &[SyncEvent]) -> Result<BTreeMap<Uuid, i64>, StoreError> {
    let mut counts: BTreeMap<Uuid, i64> = BTreeMap::new();
    for event in events {
        *counts.entry(tenant_of(event)).or_default() += 1;
    }
    let engine = Engine::of(txn.get_database_backend());
    // In the tenants' order, so that two nodes never wait for each other.
    let mut sql = Sql::new(engine, "INSERT INTO sync_log_heads (tenant_id, position) VALUES ");
    for (at, (tenant, count)) in counts.iter().enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" }).arg(*tenant).push(", ").arg(*count).push(")");
    }
    sql.push(" ON CONFLICT (tenant_id) DO UPDATE SET position = sync_log_heads.position + excluded.position");
    sql.push(" RETURNING tenant_id, position");
    let rows = txn.query_all_raw(sql.statement()).await?;
    rows.iter().map(|row| Ok((row.try_get("", "tenant_id")?, row.try_get("", "position")?))).collect()
}

/// The rows of a batch, each in its place; `heads` are the tenants' last positions after it.
pub(super) fn placed<'e>(
    events: &'e [SyncEvent],
    heads: &BTreeMap<Uuid, i64>,
) -> impl Iterator<Item = sync_event::ActiveModel> + 'e {
    let mut next: BTreeMap<Uuid, i64> = heads.clone();
    for event in events {
        if let Some(position) = next.get_mut(&tenant_of(event)) {
            *position -= 1;
        }
    }
    events.iter().map(move |event| {
        let position = next.get_mut(&tenant_of(event)).map(|position| {
            *position += 1;
            *position
        });
        sync_event::ActiveModel { position: sea_orm::ActiveValue::Set(position), ..event.into() }
    })
}

/// Tells the other nodes when the commit is done.
pub(super) async fn tell_other_nodes(txn: &DatabaseTransaction, heads: &BTreeMap<Uuid, i64>) -> Result<(), StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    if engine != Engine::Postgres {
        return Ok(());
    }
    let tenants: Vec<String> = heads.keys().map(Uuid::to_string).collect();
    for some in tenants.chunks(NAMED) {
        let mut sql = Sql::new(engine, "SELECT pg_notify(");
        sql.arg(CHANNEL).push(", ").arg(some.join(" ")).push(")");
        txn.query_all_raw(sql.statement()).await?;
    }
    Ok(())
}
