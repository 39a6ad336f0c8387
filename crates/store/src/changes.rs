//! The feed: changes in commit order, numbered per tenant without gaps.

use domain::change::ChangeDetails;
use domain::{Actor, Change, ChangeKind, NewChange, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseExecutor, DatabaseTransaction, QueryResult, Value};
use uuid::Uuid;

use crate::StoreError;
use crate::counters::Delta;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::tx::Origin;

/// Which way the feed is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeOrder {
    /// As a consumer follows it.
    OldestFirst,
    /// As a person looks at it.
    NewestFirst,
}

/// A part of the feed.
#[derive(Clone, Copy, Debug)]
pub struct ChangeQuery {
    /// Which way.
    pub order: ChangeOrder,
    /// Only changes after (or, newest first, before) this number.
    pub beyond: Option<u64>,
    /// Only changes of this resource.
    pub resource: Option<Uuid>,
    /// Only changes from and up to these numbers.
    pub between: Option<(u64, u64)>,
    /// How many at most.
    pub limit: u64,
}

const COLUMNS: &str = "seq, kind, resource_id, resource_name, version, at, request_id, connection_id, credential_id, admin_id, before, after, details";
/// Types of [`COLUMNS`] but `seq`, for PostgreSQL, which cannot guess them in a list of values.
const TYPES: [&str; 12] = ["text", "uuid", "text", "bigint", "bigint", "text", "uuid", "uuid", "uuid", "jsonb", "jsonb", "jsonb"];

/// Numbers `changes` and writes them with the counters' new state; returns the first and last number.
pub(crate) async fn append(
    txn: &DatabaseTransaction,
    origin: &Origin,
    changes: &[NewChange],
    delta: Delta,
) -> Result<(u64, u64), StoreError> {
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let last = match Engine::of(txn.get_database_backend()) {
        Engine::Postgres => append_at_once(txn, origin, changes, delta, count).await?,
        Engine::Sqlite => append_in_two(txn, origin, changes, delta, count).await?,
    };
    let last = u64::try_from(last).unwrap_or_default();
    Ok((last + 1 - changes.len() as u64, last))
}

/// One round trip: the new numbers never leave the statement.
async fn append_at_once(
    txn: &DatabaseTransaction,
    origin: &Origin,
    changes: &[NewChange],
    delta: Delta,
    count: i64,
) -> Result<i64, StoreError> {
    let mut sql = Sql::new(Engine::Postgres, "WITH counted AS (");
    push_count(&mut sql, origin.tenant, delta, count);
    sql.push(&format!("), written AS (INSERT INTO changes (tenant_id, {COLUMNS}) SELECT "));
    sql.arg(origin.tenant.as_uuid()).push(", counted.seq - ").arg(count).push(" + fresh.place, ");
    sql.push(&(1..=TYPES.len()).map(|n| format!("fresh.c{n}")).collect::<Vec<_>>().join(", "));
    sql.push(" FROM counted, (VALUES ");
    for (position, change) in (1_i64..).zip(changes) {
        sql.push(if position > 1 { ", (" } else { "(" }).arg(position).push("::bigint");
        for (value, kind) in values(origin, change).into_iter().zip(TYPES) {
            sql.push(", ").arg(value).push("::").push(kind);
        }
        sql.push(")");
    }
    let names: Vec<_> = (1..=TYPES.len()).map(|n| format!("c{n}")).collect();
    sql.push(&format!(") AS fresh(place, {})) SELECT seq FROM counted", names.join(", ")));
    last_number(txn, sql).await
}

async fn append_in_two(
    txn: &DatabaseTransaction,
    origin: &Origin,
    changes: &[NewChange],
    delta: Delta,
    count: i64,
) -> Result<i64, StoreError> {
    let mut sql = Sql::new(Engine::Sqlite, "");
    push_count(&mut sql, origin.tenant, delta, count);
    let last = last_number(txn, sql).await?;
    for (seq, change) in (last + 1 - count..).zip(changes) {
        let mut sql = Sql::new(Engine::Sqlite, "INSERT INTO changes (tenant_id, ");
        sql.push(COLUMNS).push(") VALUES (").arg(origin.tenant.as_uuid()).push(", ").arg(seq);
        for value in values(origin, change) {
            sql.push(", ").arg(value);
        }
        sql.push(")");
        txn.execute_raw(sql.statement()).await?;
    }
    Ok(last)
}

fn push_count(sql: &mut Sql, tenant: TenantId, delta: Delta, count: i64) {
    sql.push("UPDATE tenant_counters SET seq = seq + ").arg(count);
    sql.push(", users = users + ").arg(delta.users);
    sql.push(", active_users = active_users + ").arg(delta.active_users);
    sql.push(", groups = groups + ").arg(delta.groups);
    sql.push(" WHERE tenant_id = ").arg(tenant.as_uuid()).push(" RETURNING seq");
}

async fn last_number(txn: &DatabaseTransaction, sql: Sql) -> Result<i64, StoreError> {
    let row = txn.query_one_raw(sql.statement()).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("the tenant has no counters".to_owned()))?;
    Ok(row.try_get("", "seq")?)
}

fn values(origin: &Origin, change: &NewChange) -> [Value; 12] {
    let (connection, credential, admin) = match origin.actor {
        Actor::Connection { connection, credential } => (Some(connection.as_uuid()), Some(credential.as_uuid()), None),
        Actor::Admin(admin) => (None, None, Some(admin.as_uuid())),
        Actor::System => (None, None, None),
    };
    let details = change.details.as_ref().and_then(|details| serde_json::to_value(details).ok());
    [
        change.kind.as_str().into(),
        change.resource_id.into(),
        change.resource_name.clone().into(),
        i64::try_from(change.version).unwrap_or(i64::MAX).into(),
        origin.at.as_micros().into(),
        origin.request_id.clone().into(),
        connection.into(),
        credential.into(),
        admin.into(),
        change.before.clone().into(),
        change.after.clone().into(),
        details.into(),
    ]
}

/// A part of the tenant's feed.
pub(crate) async fn list(
    connection: &DatabaseExecutor<'_>,
    tenant: TenantId,
    query: ChangeQuery,
) -> Result<Vec<Change>, StoreError> {
    let engine = Engine::of(connection.get_database_backend());
    let mut sql = Sql::new(engine, "SELECT ");
    sql.push(COLUMNS).push(" FROM changes WHERE tenant_id = ").arg(tenant.as_uuid());
    if let Some(resource) = query.resource {
        sql.push(" AND resource_id = ").arg(resource);
    }
    if let Some((first, last)) = query.between {
        sql.push(" AND seq BETWEEN ").arg(signed(first)).push(" AND ").arg(signed(last));
    }
    let (compare, direction) = match query.order {
        ChangeOrder::OldestFirst => (" AND seq > ", "ASC"),
        ChangeOrder::NewestFirst => (" AND seq < ", "DESC"),
    };
    if let Some(beyond) = query.beyond {
        sql.push(compare).arg(signed(beyond));
    }
    sql.push(&format!(" ORDER BY seq {direction} LIMIT ")).arg(signed(query.limit));
    connection.query_all_raw(sql.statement()).await?.iter().map(read).collect()
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn read(row: &QueryResult) -> Result<Change, StoreError> {
    let kind: String = row.try_get("", "kind")?;
    let kind = ChangeKind::parse(&kind).ok_or_else(|| StoreError::Corrupt(format!("change kind {kind}")))?;
    let (connection, credential, admin): (Option<Uuid>, Option<Uuid>, Option<Uuid>) =
        (row.try_get("", "connection_id")?, row.try_get("", "credential_id")?, row.try_get("", "admin_id")?);
    let actor = match (connection, credential, admin) {
        (Some(connection), Some(credential), _) => {
            Actor::Connection { connection: connection.into(), credential: credential.into() }
        }
        (_, _, Some(admin)) => Actor::Admin(admin.into()),
        _ => Actor::System,
    };
    let details: Option<serde_json::Value> = row.try_get("", "details")?;
    let details: Option<ChangeDetails> = details.and_then(|value| serde_json::from_value(value).ok());
    let number = |name: &str| row.try_get::<i64>("", name).map(|n| u64::try_from(n).unwrap_or_default());
    Ok(Change {
        seq: number("seq")?,
        at: Timestamp::from_micros(row.try_get("", "at")?),
        actor,
        request_id: row.try_get("", "request_id")?,
        change: NewChange {
            kind,
            resource_id: row.try_get("", "resource_id")?,
            resource_name: row.try_get("", "resource_name")?,
            version: number("version")?,
            before: row.try_get("", "before")?,
            after: row.try_get("", "after")?,
            details,
        },
    })
}
