//! Which refusals still stand: after each nothing was accepted yet that shows its cause to be gone. Kept up by the log's
//! writer in the transaction of the events. How many statements a batch costs follows from its own length, whatever the log
//! holds: a look by the first columns of a key says whether anything stands at all, and all that waited for the same is
//! found and removed at once by the key.

use std::collections::{BTreeMap, BTreeSet};

use domain::health::CYCLE_PAUSE_SECONDS;
use domain::{Cause, ConnectionId, Idp, Outcome, ResourceKind, SyncEvent};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::figures::{Key, Tally, What, hour_of, reason};
use super::rows::statements;
use super::{is_foreign, tenant_of};
use crate::StoreError;
use crate::dialect::Engine;
use crate::entity::{sync_event, sync_event_identifier};
use crate::sql::Sql;

/// Microseconds after which requests of a connection are of another cycle.
const PAUSE: i64 = CYCLE_PAUSE_SECONDS * 1_000_000;

/// Most requests of a connection that are looked through for what was accepted after a refusal and written before it.
const OVERTAKING: u64 = 500;

/// A tenant, the connection, nil where a sender proved to be none, and what must be accepted of it.
type Subject = (Uuid, Uuid, Uuid);
/// What is told of a refusal, and in which hour it is counted.
type Reason = (What, String, i64);

/// What a batch adds to what stands, and what of it is over.
#[derive(Default)]
struct Batch {
    open: BTreeMap<Subject, BTreeMap<Reason, Tally>>,
    /// Whatever came up to these moments.
    over: BTreeMap<Subject, i64>,
}

impl Batch {
    fn of<'e>(events: impl Iterator<Item = &'e SyncEvent>) -> Self {
        let mut events: Vec<&SyncEvent> = events.filter(|event| event.tenant.is_some() && is_foreign(event)).collect();
        events.sort_by_key(|event| (event.at, event.id));
        let mut batch = Self::default();
        for event in events {
            let tenant = tenant_of(event);
            if Outcome::of(event.status) == Outcome::Accepted {
                for (connection, subject, until) in ends(event) {
                    batch.end((tenant, connection, subject), until);
                }
                continue;
            }
            let (connection, subject) = awaits(event);
            let (what, code) = reason(event);
            let last = (event.at.as_micros(), event.id.as_uuid());
            let reasons = batch.open.entry((tenant, connection, subject)).or_default();
            let tally = reasons.entry((what.open(), code, hour_of(event.at))).or_insert(Tally { count: 0, last });
            tally.count += 1;
            tally.last = tally.last.max(last);
        }
        batch
    }

    fn end(&mut self, subject: Subject, until: i64) {
        if let Some(reasons) = self.open.get_mut(&subject) {
            reasons.retain(|_, tally| tally.last.0 > until);
        }
        self.over.entry(subject).and_modify(|known| *known = until.max(*known)).or_insert(until);
    }
}

/// What must be accepted, and of which connection, for a refusal to be over.
fn awaits(event: &SyncEvent) -> (Uuid, Uuid) {
    let Some(connection) = event.connection.map(ConnectionId::as_uuid) else {
        return (Uuid::nil(), of_sender(event.idp));
    };
    let busy = Outcome::of(event.status) == Outcome::Failed || matches!(event.cause, Some(Cause::TooFast { .. }));
    let subject = match (event.resource_id, event.identifiers.first()) {
        _ if is_of_the_credential(event) => at_the_door(),
        // Nothing is ever accepted of what is gone: it is over when the next cycle does without it.
        (Some(_), _) if matches!(event.cause, Some(Cause::NotFound)) => of_asking(event),
        (Some(id), _) if writes(event) => of_resource(id),
        (None, Some(name)) if writes(event) => of_name(name),
        _ if busy => at_the_door(),
        _ => of_asking(event),
    };
    (connection, subject)
}

/// What an accepted request shows to be over: of which connection, what, and up to which moment.
fn ends(event: &SyncEvent) -> Vec<(Uuid, Uuid, i64)> {
    let Some(connection) = event.connection.map(ConnectionId::as_uuid) else { return Vec::new() };
    let at = event.at.as_micros();
    let mut ends = vec![
        (connection, at_the_door(), at),
        // The next cycle asks again for what the last one asked for: then what was refused of it and comes no more is over.
        (connection, of_asking(event), at - PAUSE),
        (Uuid::nil(), of_sender(event.idp), at),
    ];
    if event.idp_confidence.is_none() {
        ends.push((Uuid::nil(), of_sender(None), at));
    }
    if writes(event) {
        ends.extend(event.resource_id.map(|id| (connection, of_resource(id), at)));
        ends.extend(event.identifiers.iter().map(|name| (connection, of_name(name), at)));
    }
    ends
}

fn writes(event: &SyncEvent) -> bool {
    matches!(event.operation.as_deref(), Some("create" | "replace" | "update" | "delete" | "bulk"))
}

/// Whether it was refused for who sent it and not for what was sent.
fn is_of_the_credential(event: &SyncEvent) -> bool {
    event.status == 401
        || event.operation.as_deref() == Some("token")
        || matches!(event.cause, Some(Cause::ConnectionClosed | Cause::TenantSuspended))
}

/// Any request of the connection.
fn at_the_door() -> Uuid {
    sum("door")
}

/// A request with a good credential, sent by what looks the same.
fn of_sender(idp: Option<Idp>) -> Uuid {
    sum(&format!("sender {}", idp.map_or("", Idp::as_str)))
}

fn of_resource(id: Uuid) -> Uuid {
    sum(&format!("id {id}"))
}

fn of_name(name: &str) -> Uuid {
    sum(&format!("name {name}"))
}

fn of_asking(event: &SyncEvent) -> Uuid {
    let (operation, kind) = (event.operation.as_deref().unwrap_or_default(), event.resource_kind);
    sum(&format!("ask {operation} {}", kind.map_or("", ResourceKind::as_str)))
}

fn sum(text: &str) -> Uuid {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let (half, _) = digest.split_at(16);
    Uuid::from_slice(half).unwrap_or_default()
}

/// Keeps what stands after a batch; what it adds to the tallies of that, and takes from them. The tenants' heads are held
/// already, so nobody else changes their rows.
pub(super) async fn keep(txn: &DatabaseTransaction, events: &[SyncEvent]) -> Result<Vec<(Key, Tally)>, StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let overtook = overtook(txn, events).await?;
    let Batch { open, over } = Batch::of(events.iter().chain(&overtook));
    let mut tallies = end(txn, engine, &over).await?;
    let mut rows = Vec::new();
    for (subject, reasons) in open {
        rows.extend(reasons.into_iter().map(|(reason, tally)| (subject, reason, tally)));
    }
    for some in statements(&rows) {
        txn.execute_raw(insert(engine, some).statement()).await?;
    }
    for ((tenant, connection, _), (what, code, hour), tally) in rows {
        tallies.push(((tenant, what, hour, code, connection), tally));
    }
    Ok(tallies)
}

/// What was accepted after the first refusal of the batch that waits for somebody, and stands in the log already: another node
/// was quicker to write it, or the refusal was slow.
async fn overtook(txn: &DatabaseTransaction, events: &[SyncEvent]) -> Result<Vec<SyncEvent>, StoreError> {
    use sync_event::Column as C;
    let mut refused: BTreeMap<(Uuid, Uuid), i64> = BTreeMap::new();
    for event in events.iter().filter(|event| is_foreign(event) && writes(event)) {
        let (Some(tenant), Some(connection)) = (event.tenant, event.connection) else { continue };
        if Outcome::of(event.status) != Outcome::Accepted {
            let (key, at) = ((tenant.as_uuid(), connection.as_uuid()), event.at.as_micros());
            refused.entry(key).and_modify(|first| *first = at.min(*first)).or_insert(at);
        }
    }
    let own: BTreeSet<Uuid> = events.iter().map(|event| event.id.as_uuid()).collect();
    let mut found = Vec::new();
    for ((tenant, connection), first) in refused {
        // Ids begin with the milliseconds in which requests came.
        let millis = u64::try_from(first / 1_000).unwrap_or_default();
        let find = sync_event::Entity::find()
            .filter(C::TenantId.eq(tenant))
            .filter(C::ConnectionId.eq(connection))
            .filter(C::Outcome.eq(Outcome::Accepted.as_str()))
            .filter(C::Id.gte(Uuid::from_u128(u128::from(millis) << 80)));
        let mut rows = find.order_by_desc(C::Id).limit(OVERTAKING).all(txn).await?;
        rows.retain(|row| !own.contains(&row.id));
        if rows.is_empty() {
            continue;
        }
        let names = sync_event_identifier::Entity::find()
            .filter(sync_event_identifier::Column::TenantId.eq(tenant))
            .filter(sync_event_identifier::Column::EventId.is_in(rows.iter().map(|row| row.id)));
        let mut names_of: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
        for row in names.all(txn).await? {
            names_of.entry(row.event_id).or_default().push(row.identifier);
        }
        for row in rows {
            let names = names_of.remove(&row.id).unwrap_or_default();
            // One that a later version wrote may not be understood.
            found.extend(row.into_event(names).ok());
        }
    }
    Ok(found)
}

/// Removes what is over; what is to be taken from the tallies for it.
async fn end(txn: &DatabaseTransaction, engine: Engine, over: &BTreeMap<Subject, i64>) -> Result<Vec<(Key, Tally)>, StoreError> {
    let mut of: BTreeMap<(Uuid, Uuid), Vec<Uuid>> = BTreeMap::new();
    for (tenant, connection, subject) in over.keys() {
        of.entry((*tenant, *connection)).or_default().push(*subject);
    }
    let mut taken: Vec<(Key, Tally)> = Vec::new();
    for ((tenant, connection), subjects) in of {
        if txn.query_one_raw(any(engine, tenant, connection).statement()).await?.is_none() {
            continue;
        }
        let mut ended: BTreeSet<(Uuid, i64)> = BTreeSet::new();
        for some in statements(&subjects) {
            for row in txn.query_all_raw(among(engine, tenant, connection, some).statement()).await? {
                let (subject, last): (Uuid, i64) = (row.try_get("", "subject")?, row.try_get("", "last_at")?);
                let until = over.get(&(tenant, connection, subject)).copied().filter(|until| last <= *until);
                ended.extend(until.map(|until| (subject, until)));
            }
        }
        for (subject, until) in ended {
            for row in txn.query_all_raw(remove(engine, (tenant, connection, subject), until).statement()).await? {
                let Some(what) = What::parse_open(&row.try_get::<String>("", "what")?) else { continue };
                let less = Tally { count: -row.try_get::<i64>("", "counted")?, last: (0, Uuid::nil()) };
                taken.push(((tenant, what, row.try_get("", "hour")?, row.try_get("", "code")?, connection), less));
            }
        }
    }
    Ok(taken)
}

/// Whether anything of a connection stands.
pub(crate) fn any(engine: Engine, tenant: Uuid, connection: Uuid) -> Sql {
    let mut sql = Sql::new(engine, "SELECT hour FROM sync_open_problems WHERE tenant_id = ");
    sql.arg(tenant).push(" AND connection_id = ").arg(connection).push(" LIMIT 1");
    sql
}

/// What of a connection waits for one of these.
pub(crate) fn among(engine: Engine, tenant: Uuid, connection: Uuid, subjects: &[Uuid]) -> Sql {
    let mut sql = Sql::new(engine, "SELECT subject, last_at FROM sync_open_problems WHERE tenant_id = ");
    sql.arg(tenant).push(" AND connection_id = ").arg(connection).push(" AND ").ids_among("subject", subjects);
    sql
}

/// Removes all that waited for one thing and came up to a moment, and tells it.
pub(crate) fn remove(engine: Engine, (tenant, connection, subject): Subject, until: i64) -> Sql {
    let mut sql = Sql::new(engine, "DELETE FROM sync_open_problems WHERE tenant_id = ");
    sql.arg(tenant).push(" AND connection_id = ").arg(connection).push(" AND subject = ").arg(subject);
    sql.push(" AND last_at <= ").arg(until).push(" RETURNING what, code, hour, counted");
    sql
}

fn insert(engine: Engine, rows: &[(Subject, Reason, Tally)]) -> Sql {
    let mut sql = Sql::new(
        engine,
        "INSERT INTO sync_open_problems \
         (tenant_id, connection_id, subject, what, code, hour, counted, last_at, last_event) VALUES ",
    );
    for (at, ((tenant, connection, subject), (what, code, hour), tally)) in rows.iter().enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" }).arg(*tenant).push(", ").arg(*connection).push(", ").arg(*subject);
        sql.push(", ").arg(what.as_str()).push(", ").arg(code.as_str()).push(", ").arg(*hour).push(", ").arg(tally.count);
        sql.push(", ").arg(tally.last.0).push(", ").arg(tally.last.1).push(")");
    }
    sql.push(" ON CONFLICT (tenant_id, connection_id, subject, what, code, hour) DO UPDATE SET");
    sql.push(" counted = sync_open_problems.counted + excluded.counted");
    for column in ["last_event", "last_at"] {
        sql.push(&format!(", {column} = CASE WHEN excluded.last_at >= sync_open_problems.last_at"));
        sql.push(&format!(" THEN excluded.{column} ELSE sync_open_problems.{column} END"));
    }
    sql
}

/// The newest of each of these that stands.
pub(crate) fn newest(engine: Engine, tenant: Uuid, wanted: &[(&str, &str)]) -> Sql {
    let mut sql = Sql::new(engine, "");
    for (at, (what, code)) in wanted.iter().enumerate() {
        sql.push(if at == 0 { "" } else { " UNION ALL " });
        sql.push("SELECT * FROM (SELECT what, code, last_at, last_event FROM sync_open_problems WHERE tenant_id = ").arg(tenant);
        sql.push(" AND what = ").arg(*what).push(" AND code = ").arg(*code);
        sql.push(&format!(" ORDER BY last_at DESC LIMIT 1) AS newest_{at}"));
    }
    sql
}

/// The first hour of which something stands.
pub(super) fn first_hour(engine: Engine, tenant: Uuid) -> Sql {
    let mut sql = Sql::new(engine, "SELECT MIN(hour) AS hour FROM sync_open_problems WHERE tenant_id = ");
    sql.arg(tenant);
    sql
}

/// Removes what a tenant's hours before a moment left standing.
pub(super) fn purge(engine: Engine, tenant: Uuid, before: i64) -> Sql {
    let mut sql = Sql::new(engine, "DELETE FROM sync_open_problems WHERE tenant_id = ");
    sql.arg(tenant).push(" AND hour < ").arg(before);
    sql
}
