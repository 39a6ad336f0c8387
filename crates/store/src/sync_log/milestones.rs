//! What each connection has done at least once, kept up by the log's writer, so that a guide never scans the log.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use domain::{Cause, ConnectionId, Idp, Marks, Milestone, Recognition, SyncEvent, SyncEventId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use serde_json::{Value, json};
use uuid::Uuid;

use super::rows::statements;
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

/// The last time stays the greatest. What was seen of a sender counts whenever it is written: it holds what the row had.
const GATHERED: &str = " ON CONFLICT (tenant_id, connection_id, milestone) DO UPDATE SET \
    last_at = CASE WHEN excluded.last_at >= connection_milestones.last_at THEN excluded.last_at \
        ELSE connection_milestones.last_at END, \
    last_event = CASE WHEN excluded.last_at >= connection_milestones.last_at THEN excluded.last_event \
        ELSE connection_milestones.last_event END, \
    detail = excluded.detail \
    WHERE excluded.milestone = 'recognised' OR excluded.last_at >= connection_milestones.last_at";

type Key = (Uuid, Uuid, Milestone);

/// What was written of a milestone by this node of late: since when, how many times, and which marks.
type Late = (Timestamp, u32, Marks);

/// How often milestones were written by this node of late.
#[derive(Default)]
pub(super) struct Written(Mutex<HashMap<Key, Late>>);

/// What a batch says of a milestone: its first and last event, and what all of them show of their sender.
#[derive(Clone, Copy)]
pub(super) struct Due<'e> {
    first: &'e SyncEvent,
    last: &'e SyncEvent,
    marks: Marks,
}

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
    /// Which IdP its requests show to come from, by all that was seen of them.
    pub recognition: Option<Recognition>,
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

    /// Which IdP the requests of each connection show to come from.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn recognitions(&self) -> Result<HashMap<ConnectionId, Recognition>, StoreError> {
        let head = "SELECT connection_id, detail FROM connection_milestones WHERE tenant_id = ";
        let mut sql = Sql::new(self.log.read.engine(), head);
        sql.arg(self.tenant.as_uuid()).push(" AND milestone = ").arg(Milestone::Recognised.as_str());
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        let mut found = HashMap::new();
        for row in rows {
            let marks = marks(&row.try_get::<Option<Value>>("", "detail")?.unwrap_or_default());
            if let Some(recognition) = marks.recognition() {
                found.insert(row.try_get::<Uuid>("", "connection_id")?.into(), recognition);
            }
        }
        Ok(found)
    }
}

/// The marks in the detail of a row. Before there were marks it had the IdP alone, which had named itself.
fn marks(detail: &Value) -> Marks {
    let kept = detail.get("marks").and_then(|marks| serde_json::from_value(marks.clone()).ok());
    let named = detail.get("idp").and_then(Value::as_str).and_then(Idp::parse);
    kept.or_else(|| named.map(Marks::named)).unwrap_or_default()
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
        recognition: marks(&detail).recognition(),
        cause: cause(&detail),
    }))
}

fn cause(detail: &Value) -> Option<Cause> {
    detail.get("cause").and_then(|cause| Cause::read(cause).ok())
}

impl Written {
    /// What of the batch has to be written of each milestone.
    pub(super) fn due<'e>(&self, events: &'e [SyncEvent]) -> BTreeMap<Key, Due<'e>> {
        let written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due: BTreeMap<Key, Due<'e>> = BTreeMap::new();
        for event in events.iter().filter(|event| event.tenant.is_some()) {
            let connection = event.connection.map_or(Uuid::nil(), ConnectionId::as_uuid);
            for milestone in &event.milestones {
                let key = (tenant_of(event), connection, *milestone);
                let marks = if *milestone == Milestone::Recognised { event.marks } else { Marks::default() };
                let rests = written.get(&key).is_some_and(|(since, times, known)| {
                    *times >= OFTEN && since.plus_seconds(WINDOW) > event.at && known.hold(marks)
                });
                // What was refused is told at once: it is what somebody waits to understand.
                if !rests || *milestone == Milestone::Refused {
                    let of_batch = due.entry(key).or_insert(Due { first: event, last: event, marks });
                    (of_batch.last, of_batch.marks) = (event, of_batch.marks.and_later(marks));
                }
            }
        }
        due
    }

    pub(super) fn note(&self, due: &BTreeMap<Key, Due<'_>>) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if written.len() + due.len() > MOST {
            written.clear();
        }
        for (key, Due { last, marks, .. }) in due {
            let (since, times, known) = written.entry(*key).or_insert((last.at, 0, Marks::default()));
            if since.plus_seconds(WINDOW) <= last.at {
                (*since, *times) = (last.at, 0);
            }
            *times += 1;
            *known = known.and_later(*marks);
        }
    }
}

pub(super) async fn save(txn: &DatabaseTransaction, due: &BTreeMap<Key, Due<'_>>) -> Result<(), StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let known = gathered(txn, engine, due).await?;
    let rows: Vec<_> = due.iter().collect();
    for some in statements(&rows) {
        let mut sql = Sql::new(
            engine,
            "INSERT INTO connection_milestones (tenant_id, connection_id, milestone, first_at, first_event, last_at, last_event, detail) VALUES ",
        );
        for (at, ((tenant, connection, milestone), of_batch)) in some.iter().enumerate() {
            let Due { first, last, marks } = of_batch;
            let marks = match known.get(&(*tenant, *connection)) {
                // What began earlier may be written later, after a long request or by another node.
                Some((at, known)) if *at > last.at => marks.and_later(*known),
                Some((_, known)) => known.and_later(*marks),
                None => *marks,
            };
            sql.push(if at == 0 { "(" } else { ", (" });
            sql.arg(*tenant).push(", ").arg(*connection).push(", ").arg(milestone.as_str());
            sql.push(", ").arg(first.at.as_micros()).push(", ").arg(first.id.as_uuid());
            sql.push(", ").arg(last.at.as_micros()).push(", ").arg(last.id.as_uuid());
            sql.push(", ").arg(detail(*milestone, last, marks)).push(")");
        }
        sql.push(GATHERED);
        txn.execute_raw(sql.statement()).await?;
    }
    Ok(())
}

/// When connections last showed marks before the batch, and which. The tenants' heads are held already, so nobody else adds to them.
async fn gathered(
    txn: &DatabaseTransaction,
    engine: Engine,
    due: &BTreeMap<Key, Due<'_>>,
) -> Result<HashMap<(Uuid, Uuid), (Timestamp, Marks)>, StoreError> {
    let wanted = due.keys().filter(|(_, _, milestone)| *milestone == Milestone::Recognised);
    let (mut tenants, mut connections): (Vec<Uuid>, Vec<Uuid>) = wanted.map(|(tenant, of, _)| (*tenant, *of)).unzip();
    tenants.dedup();
    connections.sort_unstable();
    let mut found = HashMap::new();
    // A connection is one tenant's, and a batch has no more of either than it has events.
    if !connections.is_empty() {
        let head = "SELECT tenant_id, connection_id, last_at, detail FROM connection_milestones WHERE tenant_id IN ";
        let mut sql = Sql::new(engine, head);
        sql.list(tenants.iter().copied()).push(" AND connection_id IN ").list(connections.iter().copied());
        sql.push(" AND milestone = ").arg(Milestone::Recognised.as_str());
        for row in txn.query_all_raw(sql.statement()).await? {
            let detail: Value = row.try_get::<Option<Value>>("", "detail")?.unwrap_or_default();
            let at = Timestamp::from_micros(row.try_get("", "last_at")?);
            found.insert((row.try_get("", "tenant_id")?, row.try_get("", "connection_id")?), (at, marks(&detail)));
        }
    }
    Ok(found)
}

fn detail(milestone: Milestone, event: &SyncEvent, marks: Marks) -> Option<Value> {
    match milestone {
        Milestone::Recognised => Some(json!({ "idp": marks.recognition().map(|found| found.idp.as_str()), "marks": marks })),
        Milestone::Refused => event.cause.as_ref().map(|cause| json!({ "cause": cause })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_was_kept_before_its_code_had_parameters_is_told() {
        let kept = json!({ "cause": { "code": "too_fast" } });
        assert_eq!(cause(&kept).map(|cause| cause.code()), Some("too_fast"));
        assert_eq!(cause(&json!({})), None);
    }
}
