//! The cycles of each connection, kept up by the log's writer.

use std::collections::BTreeMap;

use domain::health::{CYCLE_PAUSE_SECONDS, Cycle};
use domain::{ConnectionId, Outcome, SyncEvent, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::{TenantSyncLog, is_foreign, tenant_of};
use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;

const PAUSE: i64 = CYCLE_PAUSE_SECONDS * 1_000_000;

impl TenantSyncLog<'_> {
    /// The newest cycles of a connection, newest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn cycles(&self, connection: ConnectionId, most: u32) -> Result<Vec<Cycle>, StoreError> {
        let sql = newest(self.log.read.engine(), self.tenant.as_uuid(), connection.as_uuid(), i64::from(most));
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter().map(cycle).collect()
    }
}

fn newest(engine: Engine, tenant: Uuid, connection: Uuid, most: i64) -> Sql {
    let mut sql =
        Sql::new(engine, "SELECT started_at, ended_at, accepted, rejected, failed, changes FROM sync_cycles WHERE tenant_id = ");
    sql.arg(tenant).push(" AND connection_id = ").arg(connection).push(" ORDER BY started_at DESC LIMIT ").arg(most);
    sql
}

fn cycle(row: &QueryResult) -> Result<Cycle, StoreError> {
    let count = |name: &str| row.try_get::<i64>("", name).map(|count| u64::try_from(count).unwrap_or_default());
    let at = |name: &str| row.try_get::<i64>("", name).map(Timestamp::from_micros);
    Ok(Cycle {
        started_at: at("started_at")?,
        ended_at: at("ended_at")?,
        accepted: count("accepted")?,
        rejected: count("rejected")?,
        failed: count("failed")?,
        changes: count("changes")?,
    })
}

/// Adds a batch. The tenant's head is held already, so nobody else adds to its cycles.
pub(super) async fn add(txn: &DatabaseTransaction, events: &[SyncEvent]) -> Result<(), StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut of: BTreeMap<(Uuid, Uuid), Vec<&SyncEvent>> = BTreeMap::new();
    for event in events.iter().filter(|event| is_foreign(event)) {
        if let Some(connection) = event.connection.filter(|_| event.is_of_its_connection()) {
            of.entry((tenant_of(event), connection.as_uuid())).or_default().push(event);
        }
    }
    for ((tenant, connection), mut events) in of {
        events.sort_by_key(|event| event.at);
        let last = txn.query_one_raw(newest(engine, tenant, connection, 1).statement()).await?;
        let last = last.as_ref().map(cycle).transpose()?;
        for part in parts(last.map(|cycle| (cycle.started_at, cycle.ended_at)), &events) {
            txn.execute_raw(save(engine, tenant, connection, &part).statement()).await?;
        }
    }
    Ok(())
}

/// What a connection's events, in the order of time, add to the cycle under way and to those that begin.
fn parts(last: Option<(Timestamp, Timestamp)>, events: &[&SyncEvent]) -> Vec<Cycle> {
    let mut parts: Vec<Cycle> = last.map(|(started_at, ended_at)| Cycle::between(started_at, ended_at)).into_iter().collect();
    for event in events {
        let runs_on = parts.last().is_some_and(|part| event.at.as_micros() - part.ended_at.as_micros() <= PAUSE);
        if !runs_on {
            parts.push(Cycle::between(event.at, event.at));
        }
        let Some(part) = parts.last_mut() else { continue };
        part.ended_at = part.ended_at.max(event.at);
        match Outcome::of(event.status) {
            Outcome::Accepted => part.accepted += 1,
            Outcome::Rejected => part.rejected += 1,
            Outcome::Failed => part.failed += 1,
        }
        part.changes += event.changes.map_or(0, |(first, last)| last - first + 1);
    }
    parts.retain(|part| part.requests() > 0);
    parts
}

fn save(engine: Engine, tenant: Uuid, connection: Uuid, part: &Cycle) -> Sql {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let mut sql = Sql::new(
        engine,
        "INSERT INTO sync_cycles (tenant_id, connection_id, started_at, ended_at, accepted, rejected, failed, changes) VALUES (",
    );
    sql.arg(tenant).push(", ").arg(connection).push(", ").arg(part.started_at.as_micros());
    sql.push(", ").arg(part.ended_at.as_micros()).push(", ").arg(number(part.accepted));
    sql.push(", ").arg(number(part.rejected)).push(", ").arg(number(part.failed)).push(", ").arg(number(part.changes));
    sql.push(") ON CONFLICT (tenant_id, connection_id, started_at) DO UPDATE SET ended_at = excluded.ended_at");
    for column in ["accepted", "rejected", "failed", "changes"] {
        sql.push(&format!(", {column} = sync_cycles.{column} + excluded.{column}"));
    }
    sql
}

/// Removes a tenant's cycles that ended before a moment.
pub(super) fn purge(engine: Engine, tenant: Uuid, before: Timestamp) -> Sql {
    let mut sql = Sql::new(engine, "DELETE FROM sync_cycles WHERE tenant_id = ");
    sql.arg(tenant).push(" AND ended_at < ").arg(before.as_micros());
    sql
}
