//! The feed: changes in commit order, numbered per tenant without gaps.

mod feed;
mod past;

use std::collections::HashMap;

use domain::change::ChangeDetails;
use domain::{Actor, Change, ChangeKind, ConnectionId, NewChange, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement, Value};
use uuid::Uuid;

use crate::StoreError;
use crate::counters::Delta;
use crate::dialect::Engine;
use crate::member_changes;
use crate::sql::Sql;
use crate::store::TenantStore;
use crate::tx::{CausedBy, Origin};
use crate::wall::{Door, Passage, Rows};
use crate::write::Job;

pub(crate) use feed::head;
pub use feed::{Feed, FeedError, FeedPage, FeedQuery};

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

pub(crate) const COLUMNS: &str = "seq, kind, resource_id, resource_name, version, at, request_id, connection_id, credential_id, admin_id, before, after, details";
/// Types of [`COLUMNS`] but `seq`, for PostgreSQL, which cannot guess them in a list of values.
const TYPES: [&str; 12] = ["text", "uuid", "text", "bigint", "bigint", "text", "uuid", "uuid", "uuid", "jsonb", "jsonb", "jsonb"];

/// Most changes of one statement: far below the engines' limits of bound values.
const ROWS: usize = 2_000;

impl TenantStore {
    /// The connections that changed these people last, where such changes are kept. What follows by itself,
    /// as roles do, came from none. At most 1,000 ids.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn sources(&self, people: &[Uuid]) -> Result<HashMap<Uuid, ConnectionId>, StoreError> {
        if people.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::new(self.store.inner().engine, "SELECT t.id, (SELECT c.connection_id FROM changes AS c WHERE ");
        let tenant = sql.bind(self.tenant.as_uuid());
        sql.push(&format!(
            "c.tenant_id = {tenant} AND c.resource_id = t.id AND c.connection_id IS NOT NULL \
             ORDER BY c.seq DESC LIMIT 1) AS connection_id FROM users AS t WHERE t.tenant_id = {tenant} AND "
        ));
        sql.ids_among("t.id", people);
        let mut found = HashMap::new();
        for row in self.rows().query_all_raw(sql.statement()).await? {
            if let Some(connection) = row.try_get::<Option<Uuid>>("", "connection_id")? {
                found.insert(row.try_get("", "id")?, connection.into());
            }
        }
        Ok(found)
    }
}

/// One tenant's part of a commit: its changes in order, and what they do to its counters.
struct Part {
    tenant: TenantId,
    rows: Vec<[Value; 12]>,
    delta: Delta,
    /// Whether members came or went.
    members: bool,
    /// The places of changes that ended a group, and who was in it.
    left: Vec<(u64, Vec<Uuid>)>,
    /// Which jobs they are of, how many each has, and which revision of the extension schemas it worked with.
    jobs: Vec<(usize, u64, Option<u64>)>,
}

/// Numbers the changes of units that have run and writes them: one statement a tenant, whatever the number of units. Says
/// which tenants have changes.
pub(crate) async fn number(passage: &mut Passage<'_>, jobs: &mut [Box<dyn Job>]) -> Result<Vec<TenantId>, StoreError> {
    let mut parts: Vec<Part> = Vec::new();
    for (place, job) in jobs.iter_mut().enumerate() {
        let Some((origin, pending)) = job.changed() else { continue };
        let known = parts.iter().position(|part| part.tenant == origin.tenant);
        let at = known.unwrap_or(parts.len());
        if known.is_none() {
            parts.push(Part {
                tenant: origin.tenant,
                rows: Vec::new(),
                delta: Delta::default(),
                members: false,
                left: Vec::new(),
                jobs: Vec::new(),
            });
        }
        if let Some(part) = parts.get_mut(at) {
            let before = part.rows.len();
            part.left.extend(pending.left.into_iter().map(|(place, members)| ((before + place) as u64, members)));
            let rows = pending.changes.iter().enumerate();
            part.rows.extend(rows.map(|(place, change)| values(origin, pending.causes.get(&place), change)));
            part.delta += pending.delta;
            part.members |=
                pending.changes.iter().any(|change| change.details.as_ref().is_some_and(ChangeDetails::moves_members));
            part.jobs.push((place, pending.changes.len() as u64, pending.revision));
        }
    }
    let mut outdated = false;
    let changed = parts.iter().map(|part| part.tenant).collect();
    for part in parts {
        let txn = passage.open(Door::Tenant(part.tenant)).await?;
        let (mut next, revision) = append(txn, &part).await?;
        if part.members {
            member_changes::note(txn, part.tenant, next, part.rows.len() as u64).await?;
        }
        for (place, members) in &part.left {
            member_changes::note_left(txn, part.tenant, next + place, members).await?;
        }
        for (place, count, worked_with) in part.jobs {
            let Some(job) = jobs.get_mut(place) else { continue };
            job.numbered((next, next + count - 1));
            next += count;
            if worked_with.is_some_and(|worked_with| worked_with != revision) {
                job.outdated();
                outdated = true;
            }
        }
    }
    // All of the commit is run again, and those that are outdated are refused then.
    if outdated { Err(StoreError::Contended) } else { Ok(changed) }
}

/// Gives the number of the first change, and the revision of the tenant's extension schemas.
async fn append(txn: &DatabaseTransaction, part: &Part) -> Result<(u64, u64), StoreError> {
    let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
    let mut delta = part.delta;
    let mut first = None;
    let mut revision = 0;
    for rows in part.rows.chunks(ROWS) {
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let statement = match Engine::of(txn.get_database_backend()) {
            Engine::Postgres => at_once(part.tenant, rows, delta, count),
            Engine::Sqlite => together(part.tenant, rows, delta, count),
        };
        let answer = txn.query_all_raw(statement).await?;
        let row = answer.first().ok_or_else(|| StoreError::Corrupt("the tenant has no counters".to_owned()))?;
        let last: i64 = row.try_get("", "seq")?;
        revision = row.try_get("", "schemas_revision")?;
        first = first.or(Some(last + 1 - count));
        delta = Delta::default();
    }
    Ok((unsigned(first.unwrap_or_default()), unsigned(revision)))
}

/// The new numbers never leave the statement.
fn at_once(tenant: TenantId, rows: &[[Value; 12]], delta: Delta, count: i64) -> Statement {
    let mut sql = Sql::new(Engine::Postgres, "WITH counted AS (");
    push_count(&mut sql, tenant, delta, count);
    sql.push(&format!("), written AS (INSERT INTO changes (tenant_id, {COLUMNS}) SELECT "));
    sql.arg(tenant.as_uuid()).push(", counted.seq - fresh.after, ");
    sql.push(&(1..=TYPES.len()).map(|n| format!("fresh.c{n}")).collect::<Vec<_>>().join(", "));
    sql.push(" FROM counted, (VALUES ");
    for (after, row) in (0..count).rev().zip(rows) {
        sql.push(if after + 1 < count { ", (" } else { "(" }).arg(after).push("::bigint");
        for (value, kind) in row.iter().zip(TYPES) {
            sql.push(", ").arg(value.clone()).push("::").push(kind);
        }
        sql.push(")");
    }
    let names: Vec<_> = (1..=TYPES.len()).map(|n| format!("c{n}")).collect();
    sql.push(&format!(") AS fresh(after, {})) SELECT seq, schemas_revision FROM counted", names.join(", ")));
    sql.statement()
}

/// The same for SQLite, which cannot write twice in one statement: one message of two.
fn together(tenant: TenantId, rows: &[[Value; 12]], delta: Delta, count: i64) -> Statement {
    let mut counted = Sql::new(Engine::Sqlite, "");
    push_count(&mut counted, tenant, delta, count);
    let mut written = Sql::new(Engine::Sqlite, "INSERT INTO changes (tenant_id, ");
    let of = written.bind(tenant.as_uuid());
    written
        .push(COLUMNS)
        .push(&format!(") SELECT {of}, (SELECT seq FROM tenant_counters WHERE tenant_id = {of}) - fresh.column1"));
    for n in 2..=TYPES.len() + 1 {
        written.push(&format!(", fresh.column{n}"));
    }
    written.push(" FROM (VALUES ");
    for (after, row) in (0..count).rev().zip(rows) {
        written.push(if after + 1 < count { ", (" } else { "(" }).arg(after);
        for value in row {
            written.push(", ").arg(value.clone());
        }
        written.push(")");
    }
    written.push(") AS fresh");
    Sql::together(vec![counted, written])
}

fn push_count(sql: &mut Sql, tenant: TenantId, delta: Delta, count: i64) {
    sql.push("UPDATE tenant_counters SET seq = seq + ").arg(count);
    sql.push(", users = users + ").arg(delta.users);
    sql.push(", active_users = active_users + ").arg(delta.active_users);
    sql.push(", groups = groups + ").arg(delta.groups);
    sql.push(" WHERE tenant_id = ").arg(tenant.as_uuid()).push(" RETURNING seq, schemas_revision");
}

fn values(origin: &Origin, cause: Option<&CausedBy>, change: &NewChange) -> [Value; 12] {
    let (actor, request_id) = match cause {
        Some(cause) => (cause.actor, &cause.request_id),
        None => (origin.actor, &origin.request_id),
    };
    let (connection, credential, admin) = actor_columns(actor);
    let details = change.details.as_ref().and_then(|details| serde_json::to_value(details).ok());
    [
        change.kind.as_str().into(),
        change.resource_id.into(),
        change.resource_name.clone().into(),
        i64::try_from(change.version).unwrap_or(i64::MAX).into(),
        origin.at.as_micros().into(),
        request_id.clone().into(),
        connection.into(),
        credential.into(),
        admin.into(),
        change.before.clone().into(),
        change.after.clone().into(),
        details.into(),
    ]
}

/// Connection, credential and person of who wrote a change.
pub(crate) fn actor_columns(actor: Actor) -> (Option<Uuid>, Option<Uuid>, Option<Uuid>) {
    match actor {
        Actor::Connection { connection, credential } => (Some(connection.as_uuid()), Some(credential.as_uuid()), None),
        Actor::Admin(admin) => (None, None, Some(admin.as_uuid())),
        Actor::System => (None, None, None),
    }
}

/// A part of the tenant's feed.
pub(crate) async fn list(connection: &Rows<'_>, tenant: TenantId, query: ChangeQuery) -> Result<Vec<Change>, StoreError> {
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

pub(crate) fn read(row: &QueryResult) -> Result<Change, StoreError> {
    let details: Option<serde_json::Value> = row.try_get("", "details")?;
    let details: Option<ChangeDetails> = details.and_then(|value| serde_json::from_value(value).ok());
    let number = |name: &str| row.try_get::<i64>("", name).map(|n| u64::try_from(n).unwrap_or_default());
    Ok(Change {
        seq: number("seq")?,
        at: Timestamp::from_micros(row.try_get("", "at")?),
        actor: read_actor(row)?,
        request_id: row.try_get("", "request_id")?,
        change: NewChange {
            kind: read_kind(row)?,
            resource_id: row.try_get("", "resource_id")?,
            resource_name: row.try_get("", "resource_name")?,
            version: number("version")?,
            before: row.try_get("", "before")?,
            after: row.try_get("", "after")?,
            details,
        },
    })
}

pub(crate) fn read_kind(row: &QueryResult) -> Result<ChangeKind, StoreError> {
    let kind: String = row.try_get("", "kind")?;
    ChangeKind::parse(&kind).ok_or_else(|| StoreError::Corrupt(format!("change kind {kind}")))
}

/// Who wrote a change, by [`actor_columns`].
pub(crate) fn read_actor(row: &QueryResult) -> Result<Actor, StoreError> {
    let (connection, credential, admin): (Option<Uuid>, Option<Uuid>, Option<Uuid>) =
        (row.try_get("", "connection_id")?, row.try_get("", "credential_id")?, row.try_get("", "admin_id")?);
    Ok(match (connection, credential, admin) {
        (Some(connection), Some(credential), _) => {
            Actor::Connection { connection: connection.into(), credential: credential.into() }
        }
        (_, _, Some(admin)) => Actor::Admin(admin.into()),
        _ => Actor::System,
    })
}
