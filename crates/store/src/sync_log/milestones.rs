//! What each connection has done at least once, kept up by the log's writer, so that a guide never scans the log.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use domain::{Cause, ConnectionId, Idp, Milestone, SyncEvent, SyncEventId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{TenantSyncLog, tenant_of};
use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;

/// A busy connection passes the same milestones with every request: each is written at most [`OFTEN`] times within so many
/// seconds, and then rests. Where little happens nothing rests, so that whoever waits for one request sees it.
const WINDOW: i64 = 5;
const OFTEN: u32 = 25;
/// Most milestones whose last writing is remembered.
const MOST: usize = 50_000;
/// Rows of one statement.
const ROWS: usize = 500;

type Key = (Uuid, Uuid, Milestone);

/// How often milestones were written by this node of late: since when, and how many times.
#[derive(Default)]
pub(super) struct Written(Mutex<HashMap<Key, (Timestamp, u32)>>);

/// A milestone that a connection, or somebody who is none, has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// What.
    pub milestone: Milestone,
    /// Whether it can be said of the connection that was asked for; otherwise the request proved to be nobody's.
    pub of_connection: bool,
    /// The first time.
    pub first: (Timestamp, SyncEventId),
    /// The last time, which lags a few seconds behind while much happens.
    pub last: (Timestamp, SyncEventId),
    /// Which IdP was recognised the last time.
    pub idp: Option<Idp>,
    /// Why the last one was refused.
    pub cause: Option<Cause>,
}

impl TenantSyncLog<'_> {
    /// What a connection has passed, and what of it happened that can be said of no connection.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn milestones(&self, connection: ConnectionId) -> Result<Vec<Passed>, StoreError> {
        let engine = self.log.read.engine();
        let mut sql = Sql::new(
            engine,
            "SELECT connection_id, milestone, first_at, first_event, last_at, last_event, detail FROM connection_milestones WHERE tenant_id = ",
        );
        sql.arg(self.tenant.as_uuid()).push(" AND connection_id IN ").list([connection.as_uuid(), Uuid::nil()]);
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter().filter_map(|row| passed(row).transpose()).collect()
    }
}

/// `None` for a milestone that a later version wrote.
fn passed(row: &QueryResult) -> Result<Option<Passed>, StoreError> {
    let at = |name: &str| row.try_get::<i64>("", name).map(Timestamp::from_micros);
    let event = |name: &str| row.try_get::<Uuid>("", name).map(SyncEventId::from);
    let Some(milestone) = Milestone::parse(&row.try_get::<String>("", "milestone")?) else { return Ok(None) };
    let detail: Value = row.try_get::<Option<Value>>("", "detail")?.unwrap_or_default();
    Ok(Some(Passed {
        milestone,
        of_connection: !row.try_get::<Uuid>("", "connection_id")?.is_nil(),
        first: (at("first_at")?, event("first_event")?),
        last: (at("last_at")?, event("last_event")?),
        idp: detail.get("idp").and_then(Value::as_str).and_then(Idp::parse),
        cause: detail.get("cause").and_then(|cause| serde_json::from_value(cause.clone()).ok()),
    }))
}

impl Written {
    /// The last event of the batch for each milestone that has to be written.
    pub(super) fn due<'e>(&self, events: &'e [SyncEvent]) -> BTreeMap<Key, (&'e SyncEvent, &'e SyncEvent)> {
        let written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due: BTreeMap<Key, (&SyncEvent, &SyncEvent)> = BTreeMap::new();
        for event in events.iter().filter(|event| event.tenant.is_some()) {
            let connection = event.connection.map_or(Uuid::nil(), ConnectionId::as_uuid);
            for milestone in &event.milestones {
                let key = (tenant_of(event), connection, *milestone);
                let rests =
                    written.get(&key).is_some_and(|(since, times)| *times >= OFTEN && since.plus_seconds(WINDOW) > event.at);
                // What was refused is told at once: it is what somebody waits to understand.
                if !rests || *milestone == Milestone::Refused {
                    due.entry(key).and_modify(|(_, last)| *last = event).or_insert((event, event));
                }
            }
        }
        due
    }

    pub(super) fn note(&self, due: &BTreeMap<Key, (&SyncEvent, &SyncEvent)>) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if written.len() + due.len() > MOST {
            written.clear();
        }
        for (key, (_, last)) in due {
            let (since, times) = written.entry(*key).or_insert((last.at, 0));
            if since.plus_seconds(WINDOW) <= last.at {
                (*since, *times) = (last.at, 0);
            }
            *times += 1;
        }
    }
}

pub(super) async fn save(txn: &DatabaseTransaction, due: &BTreeMap<Key, (&SyncEvent, &SyncEvent)>) -> Result<(), StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let rows: Vec<_> = due.iter().collect();
    for some in rows.chunks(ROWS) {
        let mut sql = Sql::new(
            engine,
            "INSERT INTO connection_milestones (tenant_id, connection_id, milestone, first_at, first_event, last_at, last_event, detail) VALUES ",
        );
        for (at, ((tenant, connection, milestone), (first, last))) in some.iter().enumerate() {
            sql.push(if at == 0 { "(" } else { ", (" });
            sql.arg(*tenant).push(", ").arg(*connection).push(", ").arg(milestone.as_str());
            sql.push(", ").arg(first.at.as_micros()).push(", ").arg(first.id.as_uuid());
            sql.push(", ").arg(last.at.as_micros()).push(", ").arg(last.id.as_uuid());
            sql.push(", ").arg(detail(*milestone, last)).push(")");
        }
        sql.push(" ON CONFLICT (tenant_id, connection_id, milestone) DO UPDATE SET last_at = excluded.last_at,");
        sql.push(" last_event = excluded.last_event, detail = excluded.detail");
        sql.push(" WHERE excluded.last_at >= connection_milestones.last_at");
        txn.execute_raw(sql.statement()).await?;
    }
    Ok(())
}

fn detail(milestone: Milestone, event: &SyncEvent) -> Option<Value> {
    match milestone {
        Milestone::Recognised => event.idp.map(|idp| json!({ "idp": idp.as_str() })),
        Milestone::Refused => event.cause.as_ref().map(|cause| json!({ "cause": cause })),
        _ => None,
    }
}
