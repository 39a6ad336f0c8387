//! The row of a tenant: what it holds, and how it is made, changed and removed.

use domain::health::Health;
use domain::{Standing, Tenant, TenantId, TenantState, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseExecutor, QueryResult, Statement};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ConnectionBrief, NextEnd, Reading};
use crate::StoreError;
use crate::counters::Counters;
use crate::dialect::Engine;
use crate::sql::Sql;

/// What never ends.
const NEVER: i64 = i64::MAX;
/// When a row is due to which something was done on somebody's behalf: before all others.
const ACTED: i64 = 0;
/// When a row is due of which nobody knows what was missed: after what was done, and before what time brings.
pub(super) const FORGOTTEN: i64 = 1;

#[derive(Serialize, Deserialize)]
struct Detail {
    active_people: u64,
    connections: Vec<ConnectionBrief>,
    live_credentials: u64,
    next_end: Option<NextEnd>,
    health: String,
    // Nodes of before write none.
    #[serde(default)]
    silent: Vec<Uuid>,
}

/// The text that names are sorted and searched by.
pub(super) fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// Whose row it is.
pub(super) fn whose(row: &QueryResult) -> Result<TenantId, StoreError> {
    Ok(row.try_get::<Uuid>("", "tenant_id")?.into())
}

/// What a row says: nothing where nobody has read the tenant yet, or where a node of another version wrote it in a way
/// that this one does not understand.
pub(super) fn kept(row: &QueryResult) -> Result<Option<Reading>, StoreError> {
    let number = |name: &str| row.try_get::<i64>("", name);
    let count = |name: &str| number(name).map(|count| u64::try_from(count).unwrap_or_default());
    if number("read_at")? == 0 {
        return Ok(None);
    }
    let detail = row.try_get::<serde_json::Value>("", "detail").ok().and_then(|kept| serde_json::from_value::<Detail>(kept).ok());
    let Some(detail) = detail else { return Ok(None) };
    let last = number("last_request_at")?;
    Ok(Some(Reading {
        counters: Counters { seq: 0, users: count("people")?, active_users: detail.active_people, groups: count("group_count")? },
        connections: detail.connections,
        live_credentials: detail.live_credentials,
        next_end: detail.next_end,
        last_request_at: (last > 0).then(|| Timestamp::from_micros(last)),
        requests: count("requests")?,
        refused: count("refused")?,
        health: Health::parse(&detail.health).unwrap_or(Health::Waiting),
        silent: detail.silent,
        due_at: Timestamp::from_micros(number("due_at")?),
    }))
}

/// The connections that were silent when a row was last read.
pub(super) fn silent(row: &QueryResult) -> Vec<Uuid> {
    let detail = row.try_get::<serde_json::Value>("", "detail").ok();
    let silent = detail.and_then(|detail| serde_json::from_value::<Vec<Uuid>>(detail.get("silent")?.clone()).ok());
    silent.unwrap_or_default()
}

/// Writes what was read into a row whose last reading was the one of `before`; into no row when another node was quicker.
/// No clock is asked which of two readings is the later one: those of two nodes differ, and each may be set back.
pub(super) fn save(engine: Engine, tenant: &Tenant, reading: &Reading, now: Timestamp, before: i64) -> Statement {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let detail = Detail {
        active_people: reading.counters.active_users,
        connections: reading.connections.clone(),
        live_credentials: reading.live_credentials,
        next_end: reading.next_end.clone(),
        health: reading.health.as_str().to_owned(),
        silent: reading.silent.clone(),
    };
    let mut sql = Sql::new(engine, "UPDATE tenant_standings SET name_key = ");
    sql.arg(name_key(&tenant.name)).push(", slug = ").arg(tenant.slug.as_str());
    // What an act said since the reading began holds until the row is read for it, and a deletion is for ever.
    sql.push(", standing = CASE WHEN due_at = ").arg(ACTED).push(" OR standing = ").arg(Standing::Deleting.rank());
    sql.push(" THEN standing ELSE ").arg(reading.standing(tenant.state).rank()).push(" END");
    sql.push(", idp = ").arg(reading.idp());
    sql.push(", people = ").arg(number(reading.counters.users)).push(", group_count = ").arg(number(reading.counters.groups));
    sql.push(", requests = ").arg(number(reading.requests)).push(", refused = ").arg(number(reading.refused));
    sql.push(", last_request_at = ").arg(reading.last_request_at.map_or(0, Timestamp::as_micros));
    sql.push(", credential_ends_at = ").arg(reading.next_end.as_ref().map_or(NEVER, |end| end.ends_at));
    sql.push(", detail = ").arg(serde_json::to_value(detail).unwrap_or_default());
    // What was done since the reading began has the row read again.
    sql.push(", due_at = CASE WHEN due_at <= ").arg(FORGOTTEN).push(" THEN due_at ELSE ").arg(reading.due_at.as_micros());
    sql.push(" END, read_at = ").arg(now.as_micros().max(before.saturating_add(1)));
    sql.push(" WHERE tenant_id = ").arg(tenant.id.as_uuid()).push(" AND read_at = ").arg(before);
    sql.statement()
}

/// The row of a tenant that is being made.
pub(crate) async fn begin(txn: &DatabaseExecutor<'_>, engine: Engine, tenant: &Tenant) -> Result<(), StoreError> {
    let mut sql = Sql::new(
        engine,
        "INSERT INTO tenant_standings (tenant_id, name_key, slug, standing, idp, people, group_count, requests, refused, \
         last_request_at, credential_ends_at, detail, read_at, due_at) VALUES (",
    );
    sql.arg(tenant.id.as_uuid()).push(", ").arg(name_key(&tenant.name)).push(", ").arg(tenant.slug.as_str());
    sql.push(", ").arg(Standing::of(tenant.state, Health::NotConnected).rank()).push(", '', 0, 0, 0, 0, 0, ").arg(NEVER);
    sql.push(", ").arg(serde_json::Value::Object(serde_json::Map::new())).push(", 0, 0)");
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// What an admin changed stands in the row at once; a tenant that is served again is read before that is said of it.
pub(crate) async fn rename(txn: &DatabaseExecutor<'_>, engine: Engine, tenant: &Tenant) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine, "UPDATE tenant_standings SET name_key = ");
    sql.arg(name_key(&tenant.name)).push(", slug = ").arg(tenant.slug.as_str());
    if tenant.state == TenantState::Suspended {
        sql.push(", standing = ").arg(Standing::Suspended.rank());
    }
    sql.push(" WHERE tenant_id = ").arg(tenant.id.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Something was done on somebody's behalf: any node is to read the row anew.
pub(crate) async fn outdate(txn: &DatabaseExecutor<'_>, tenant: TenantId) -> Result<(), StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut sql = Sql::new(engine, "UPDATE tenant_standings SET due_at = ");
    sql.arg(ACTED).push(" WHERE tenant_id = ").arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// The tenant is on its way out.
pub(crate) async fn end(txn: &DatabaseExecutor<'_>, engine: Engine, tenant: TenantId) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine, "UPDATE tenant_standings SET standing = ");
    sql.arg(Standing::Deleting.rank()).push(" WHERE tenant_id = ").arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// The tenant is gone.
pub(crate) async fn remove(txn: &DatabaseExecutor<'_>, engine: Engine, tenant: TenantId) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine, "DELETE FROM tenant_standings WHERE tenant_id = ");
    sql.arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}
