//! Which requests of the log are wanted, as conditions on its rows.

use domain::{ConnectionId, CredentialId, Idp, Outcome, ResourceKind, SyncEventId, Timestamp};
use sea_orm::{Statement, Value};
use uuid::{Builder, Uuid};

use crate::dialect::Engine;
use crate::sql::Sql;

/// Which requests of the log are wanted, and how many.
#[derive(Clone, Debug, Default)]
pub struct SyncEventFilter {
    /// What became of them.
    pub outcome: Option<Outcome>,
    /// First digit of their status.
    pub status_class: Option<u8>,
    /// Their HTTP method.
    pub method: Option<String>,
    /// Their cause's code.
    pub cause: Option<String>,
    /// What kind of resource they were about.
    pub resource_kind: Option<ResourceKind>,
    /// Which resource they were about.
    pub resource: Option<Uuid>,
    /// Which connection made them.
    pub connection: Option<ConnectionId>,
    /// With which credential.
    pub credential: Option<CredentialId>,
    /// Which IdP they looked like.
    pub idp: Option<Idp>,
    /// How long they took at least, in microseconds.
    pub at_least_micros: Option<u64>,
    /// The beginning of an identifier seen in request or record, or a whole id of a request or resource. Of whoever bears
    /// it as a whole, all requests are found, whatever they were called then.
    pub text: Option<String>,
    /// From when on.
    pub since: Option<Timestamp>,
    /// Before when.
    pub until: Option<Timestamp>,
    /// Only what is older than this event: the next page.
    pub after: Option<SyncEventId>,
    /// How many at most.
    pub limit: u64,
}

/// Of which time on a request counts as slow in the index of slow ones, in microseconds.
const SLOW: u64 = 1_000_000;
/// An event's id is made within this time of the moment it came, in seconds.
const SLACK: i64 = 60;

/// Which rows the text leaves.
pub(super) enum Among<'a> {
    /// All of them.
    All,
    /// These.
    Ids(&'a [Uuid]),
    /// Those with an identifier that begins so.
    Named(&'a str),
}

/// The newest rows that are wanted.
pub(super) fn page(engine: Engine, tenant: Uuid, filter: &SyncEventFilter, among: &Among<'_>, limit: u64) -> Statement {
    let mut sql = Sql::new(engine, "SELECT e.* FROM sync_events AS e WHERE e.tenant_id = ");
    sql.arg(tenant);
    match among {
        Among::All => {}
        Among::Ids(ids) => {
            sql.push(" AND ").ids_among("e.id", ids);
        }
        // Row by row from the newest on: so many begin so that a page is soon full.
        Among::Named(key) => {
            sql.push(" AND (SELECT i.event_id FROM sync_event_identifiers AS i WHERE i.tenant_id = ").arg(tenant);
            sql.push(" AND i.event_id = e.id");
            beginning(&mut sql, "i.identifier", key);
            sql.push(" LIMIT 1) IS NOT NULL");
        }
    }
    conditions(&mut sql, filter);
    within(&mut sql, "e.id", filter, filter.after);
    sql.push(" ORDER BY e.id DESC LIMIT ").arg(i64::try_from(limit).unwrap_or(i64::MAX));
    sql.statement()
}

/// Everything that is asked of a row but its text and place.
fn conditions(sql: &mut Sql, filter: &SyncEventFilter) {
    equal(sql, "outcome", filter.outcome.map(Outcome::as_str));
    equal(sql, "method", filter.method.clone());
    equal(sql, "cause", filter.cause.clone());
    equal(sql, "resource_type", filter.resource_kind.map(ResourceKind::as_str));
    equal(sql, "resource_id", filter.resource);
    equal(sql, "connection_id", filter.connection.map(ConnectionId::as_uuid));
    equal(sql, "credential_id", filter.credential.map(CredentialId::as_uuid));
    equal(sql, "idp", filter.idp.map(Idp::as_str));
    match filter.status_class {
        // Numbers stand in the text where an index has only such rows.
        Some(5) => _ = sql.push(" AND e.status >= 500 AND e.status < 600"),
        Some(class) => {
            let first = i64::from(class) * 100;
            equal(sql, "outcome", (class == 4).then_some(Outcome::Rejected.as_str()));
            sql.push(" AND e.status >= ").arg(first).push(" AND e.status < ").arg(first + 100);
        }
        None => {}
    }
    if let Some(micros) = filter.at_least_micros {
        if micros >= SLOW {
            sql.push(" AND e.duration_micros >= 1000000");
        }
        sql.push(" AND e.duration_micros >= ").arg(i64::try_from(micros).unwrap_or(i64::MAX));
    }
    // Ids are in the order of time and rows are wanted in theirs, so the index of times is of no use here.
    if let Some(since) = filter.since {
        sql.push(" AND e.at + 0 >= ").arg(since.as_micros());
    }
    if let Some(until) = filter.until {
        sql.push(" AND e.at + 0 < ").arg(until.as_micros());
    }
}

fn equal(sql: &mut Sql, column: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        sql.push(" AND e.").push(column).push(" = ").arg(value);
    }
}

/// The condition that an id lies in the time that is asked for, and before `after`.
pub(super) fn within(sql: &mut Sql, column: &str, filter: &SyncEventFilter, after: Option<SyncEventId>) {
    if let Some(since) = filter.since {
        sql.push(" AND ").push(column).push(" >= ").arg(floor(since.plus_seconds(-SLACK)));
    }
    let end = filter.until.map(|until| floor(until.plus_seconds(SLACK)));
    if let Some(end) = end.into_iter().chain(after.map(SyncEventId::as_uuid)).min() {
        sql.push(" AND ").push(column).push(" < ").arg(end);
    }
}

/// The condition that a key begins so.
pub(super) fn beginning(sql: &mut Sql, column: &str, key: &str) {
    sql.push(" AND ").push(column).push(" >= ").arg(key);
    if let Some(end) = crate::filter_sql::successor(key) {
        sql.push(" AND ").push(column).push(" < ").arg(end);
    }
}

/// The least id that can have been made at a moment or after it.
pub(super) fn floor(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_micros() / 1_000).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
