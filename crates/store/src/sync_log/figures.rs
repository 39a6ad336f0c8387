//! What the log adds up to in each hour: outcomes with their causes, repairs, times. Kept up by the log's writer in the
//! transaction of the events, so that no figure is ever counted from rows.

use std::collections::{BTreeMap, HashMap};

use domain::{ConnectionId, Outcome, SyncEvent, SyncEventId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use super::rows::statements;
use super::{TenantSyncLog, is_foreign, open, tenant_of};
use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;

/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;
/// Most kinds of problems of which the newest that stands is looked for.
const KINDS: usize = 50;
/// Most rows that are read for one answer; a tenant with a few connections has a few hundred.
const MOST: i64 = 20_000;
/// Upper ends of the spans in which times are counted, in milliseconds; whatever takes longer has the last.
pub(super) const SPANS: [u64; 14] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000];

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum What {
    Accepted,
    Rejected,
    Failed,
    /// Of those that were rejected what still stands.
    OpenRejected,
    /// The same of those that failed.
    OpenFailed,
    Repair,
    Time,
}

impl What {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::OpenRejected => "open_rejected",
            Self::OpenFailed => "open_failed",
            Self::Repair => "repair",
            Self::Time => "time",
        }
    }

    const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Accepted => Self::Accepted,
            Outcome::Rejected => Self::Rejected,
            Outcome::Failed => Self::Failed,
        }
    }

    /// What of a kind still stands.
    pub(super) const fn open(self) -> Self {
        match self {
            Self::Failed => Self::OpenFailed,
            _ => Self::OpenRejected,
        }
    }

    /// Reads the word of what stands.
    pub(super) fn parse_open(text: &str) -> Option<Self> {
        [Self::OpenRejected, Self::OpenFailed].into_iter().find(|what| what.as_str() == text)
    }
}

/// How often something came, and when last.
#[derive(Clone, Copy)]
pub(super) struct Tally {
    pub(super) count: i64,
    pub(super) last: (i64, Uuid),
}

/// Whose tally it is, what is counted, in which hour, with which code, and of which connection.
pub(super) type Key = (Uuid, What, i64, String, Uuid);

/// Rejected or failed, and the code of the cause.
type Kind = (What, String);

/// The requests of one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// When it began.
    pub at: Timestamp,
    /// How many were accepted.
    pub accepted: u64,
    /// How many were rejected.
    pub rejected: u64,
    /// How many failed on our side.
    pub failed: u64,
}

/// What a tenant's log adds up to since a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Each hour in which something came, oldest first.
    pub hours: Vec<Hour>,
    /// How many requests took this many milliseconds at most, shortest first; each is counted once.
    pub times: Vec<(u64, u64)>,
}

/// Requests that were refused or failed for one and the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Rejected or failed.
    pub outcome: Outcome,
    /// The cause's code, or the status of those without one.
    pub code: String,
    /// How many.
    pub count: u64,
    /// How many of them still stand: nothing was accepted yet that shows their cause to be gone.
    pub open: u64,
    /// The newest of those that stand, or else of all.
    pub last: (Timestamp, SyncEventId),
    /// Which connections sent them; empty for what can be said of none.
    pub connections: Vec<ConnectionId>,
}

/// How often something was rewritten of what a connection sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepairCount {
    /// Which connection.
    pub connection: ConnectionId,
    /// The rule's code.
    pub rule: String,
    /// How often.
    pub count: u64,
    /// The last time.
    pub last: (Timestamp, SyncEventId),
}

impl Figures {
    /// The time within which a share of the requests were answered, in milliseconds, to the end of its span. `None` without
    /// requests.
    pub fn within(&self, share: f64) -> Option<u64> {
        within(&self.times, share)
    }
}

/// The end of the span within which a share of all lies; see [`Figures::within`].
pub(super) fn within(times: &[(u64, u64)], share: f64) -> Option<u64> {
    let all: u64 = times.iter().map(|(_, count)| count).sum();
    #[expect(clippy::cast_precision_loss, reason = "a share of a count")]
    let wanted = all as f64 * share;
    let mut so_far = 0;
    times.iter().find_map(|(span, count)| {
        so_far += count;
        #[expect(clippy::cast_precision_loss, reason = "a share of a count")]
        (so_far as f64 >= wanted && all > 0).then_some(*span)
    })
}

/// The span in which a request's time is counted, in milliseconds.
pub(super) fn span_of(event: &SyncEvent) -> u64 {
    let millis = event.duration_micros.div_ceil(1_000);
    SPANS.into_iter().find(|span| millis <= *span).unwrap_or(60_000)
}

impl TenantSyncLog<'_> {
    /// What the log adds up to from the hour of `since` on.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn figures(&self, since: Timestamp) -> Result<Figures, StoreError> {
        let mut hours: BTreeMap<i64, Hour> = BTreeMap::new();
        for outcome in [Outcome::Accepted, Outcome::Rejected, Outcome::Failed] {
            for (hour, count) in self.sums::<i64>(What::of(outcome), "hour", since).await? {
                let at = Timestamp::from_micros(hour * HOUR);
                let known = hours.entry(hour).or_insert(Hour { at, accepted: 0, rejected: 0, failed: 0 });
                match outcome {
                    Outcome::Accepted => known.accepted = count,
                    Outcome::Rejected => known.rejected = count,
                    Outcome::Failed => known.failed = count,
                }
            }
        }
        let times = self.sums::<String>(What::Time, "code", since).await?;
        let mut times: Vec<(u64, u64)> =
            times.into_iter().filter_map(|(span, count)| Some((span.parse().ok()?, count))).collect();
        times.sort_unstable();
        Ok(Figures { hours: hours.into_values().collect(), times })
    }

    /// How many requests came in the last 24 hours, by the hour, and how many of them were refused or failed.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn of_a_day(&self, now: Timestamp) -> Result<(u64, u64), StoreError> {
        let head = "SELECT what, CAST(SUM(counted) AS bigint) AS counted FROM sync_tallies WHERE tenant_id = ";
        let mut sql = Sql::new(self.log.read.engine(), head);
        let outcomes = [What::Accepted, What::Rejected, What::Failed];
        sql.arg(self.tenant.as_uuid()).push(" AND what IN ").list(outcomes.map(What::as_str));
        sql.push(" AND hour > ").arg(hour_of(now) - 24).push(" GROUP BY what");
        let (mut requests, mut refused) = (0, 0);
        for row in self.rows().query_all_raw(sql.statement()).await? {
            let counted = u64::try_from(row.try_get::<i64>("", "counted")?).unwrap_or_default();
            requests += counted;
            if row.try_get::<String>("", "what")? != What::Accepted.as_str() {
                refused += counted;
            }
        }
        Ok((requests, refused))
    }

    /// What was refused or failed from the hour of `since` on, by its cause, newest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn problems(&self, since: Timestamp) -> Result<Vec<Problem>, StoreError> {
        let mut problems: BTreeMap<Kind, Problem> = BTreeMap::new();
        let mut open: BTreeMap<Kind, i64> = BTreeMap::new();
        for outcome in [Outcome::Rejected, Outcome::Failed] {
            let what = What::of(outcome);
            for (code, connection, tally) in self.tallies(what, since).await? {
                let last = (Timestamp::from_micros(tally.last.0), SyncEventId::from(tally.last.1));
                let fresh = Problem { outcome, code: code.clone(), count: 0, open: 0, last, connections: Vec::new() };
                let known = problems.entry((what, code)).or_insert(fresh);
                known.count += u64::try_from(tally.count).unwrap_or_default();
                known.last = known.last.max(last);
                let connection = ConnectionId::from(connection);
                if !connection.as_uuid().is_nil() && !known.connections.contains(&connection) {
                    known.connections.push(connection);
                }
            }
            for (code, _, tally) in self.tallies(what.open(), since).await? {
                *open.entry((what, code)).or_default() += tally.count;
            }
        }
        open.retain(|_, count| *count > 0);
        let newest = self.newest_open(&open).await?;
        for (key, problem) in &mut problems {
            let open = open.get(key).and_then(|count| u64::try_from(*count).ok()).unwrap_or_default();
            problem.open = open.min(problem.count);
            problem.last = newest.get(key).copied().unwrap_or(problem.last);
        }
        let mut problems: Vec<Problem> = problems.into_values().collect();
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.last));
        Ok(problems)
    }

    /// The newest that stands of each of some kinds.
    async fn newest_open(&self, open: &BTreeMap<Kind, i64>) -> Result<HashMap<Kind, (Timestamp, SyncEventId)>, StoreError> {
        let wanted: Vec<_> = open.keys().take(KINDS).map(|(what, code)| (what.open().as_str(), code.as_str())).collect();
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = open::newest(self.log.read.engine(), self.tenant.as_uuid(), &wanted);
        let mut newest = HashMap::new();
        for row in self.rows().query_all_raw(sql.statement()).await? {
            let (what, code): (String, String) = (row.try_get("", "what")?, row.try_get("", "code")?);
            let last: (i64, Uuid) = (row.try_get("", "last_at")?, row.try_get("", "last_event")?);
            let what = if what == What::OpenFailed.as_str() { What::Failed } else { What::Rejected };
            newest.insert((what, code), (Timestamp::from_micros(last.0), SyncEventId::from(last.1)));
        }
        Ok(newest)
    }

    /// What was rewritten from the hour of `since` on, by connection and rule, most often first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn repairs(&self, since: Timestamp) -> Result<Vec<RepairCount>, StoreError> {
        let mut counts: BTreeMap<(Uuid, String), RepairCount> = BTreeMap::new();
        for (rule, connection, tally) in self.tallies(What::Repair, since).await? {
            let last = (Timestamp::from_micros(tally.last.0), SyncEventId::from(tally.last.1));
            let fresh = RepairCount { connection: connection.into(), rule: rule.clone(), count: 0, last };
            let known = counts.entry((connection, rule)).or_insert(fresh);
            known.count += u64::try_from(tally.count).unwrap_or_default();
            known.last = known.last.max(last);
        }
        let mut counts: Vec<RepairCount> = counts.into_values().collect();
        counts.sort_by_key(|repair| std::cmp::Reverse((repair.count, repair.last)));
        Ok(counts)
    }

    async fn sums<K: sea_orm::TryGetable>(&self, what: What, by: &str, since: Timestamp) -> Result<Vec<(K, u64)>, StoreError> {
        let head = format!("SELECT {by} AS k, CAST(SUM(counted) AS bigint) AS counted FROM sync_tallies WHERE tenant_id = ");
        let mut sql = Sql::new(self.log.read.engine(), &head);
        sql.arg(self.tenant.as_uuid()).push(" AND what = ").arg(what.as_str());
        sql.push(" AND hour >= ").arg(hour_of(since)).push(&format!(" GROUP BY {by}"));
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter()
            .map(|row| Ok((row.try_get("", "k")?, u64::try_from(row.try_get::<i64>("", "counted")?).unwrap_or_default())))
            .collect()
    }

    async fn tallies(&self, what: What, since: Timestamp) -> Result<Vec<(String, Uuid, Tally)>, StoreError> {
        let mut sql = Sql::new(
            self.log.read.engine(),
            "SELECT code, connection_id, counted, last_at, last_event FROM sync_tallies WHERE tenant_id = ",
        );
        sql.arg(self.tenant.as_uuid()).push(" AND what = ").arg(what.as_str());
        sql.push(" AND hour >= ").arg(hour_of(since)).push(" ORDER BY hour DESC LIMIT ").arg(MOST);
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        let tally = |row: &sea_orm::QueryResult| {
            let last = (row.try_get("", "last_at")?, row.try_get("", "last_event")?);
            let tally = Tally { count: row.try_get("", "counted")?, last };
            Ok((row.try_get("", "code")?, row.try_get("", "connection_id")?, tally))
        };
        rows.iter().map(tally).collect()
    }
}

/// The hour of a moment, in hours since 1970.
pub(super) fn hour_of(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(HOUR)
}

/// Adds a batch.
pub(super) async fn add(txn: &DatabaseTransaction, events: &[SyncEvent]) -> Result<(), StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut tallies = tallies(events);
    for (key, tally) in open::keep(txn, events).await? {
        let known = tallies.entry(key).or_insert(Tally { count: 0, ..tally });
        known.count += tally.count;
        known.last = known.last.max(tally.last);
    }
    let tallies: Vec<(Key, Tally)> = tallies.into_iter().collect();
    for some in statements(&tallies) {
        let mut sql = Sql::new(
            engine,
            "INSERT INTO sync_tallies (tenant_id, what, hour, code, connection_id, counted, last_at, last_event) VALUES ",
        );
        for (at, ((tenant, what, hour, code, connection), tally)) in some.iter().enumerate() {
            sql.push(if at == 0 { "(" } else { ", (" }).arg(*tenant).push(", ").arg(what.as_str()).push(", ").arg(*hour);
            sql.push(", ").arg(code.as_str()).push(", ").arg(*connection).push(", ").arg(tally.count);
            sql.push(", ").arg(tally.last.0).push(", ").arg(tally.last.1).push(")");
        }
        sql.push(" ON CONFLICT (tenant_id, what, hour, code, connection_id) DO UPDATE SET");
        sql.push(" counted = sync_tallies.counted + excluded.counted,");
        for column in ["last_event", "last_at"] {
            sql.push(&format!(" {column} = CASE WHEN excluded.last_at >= sync_tallies.last_at THEN excluded.{column}"));
            sql.push(&format!(" ELSE sync_tallies.{column} END{}", if column == "last_event" { "," } else { "" }));
        }
        txn.execute_raw(sql.statement()).await?;
    }
    Ok(())
}

/// What a batch adds up to; in the order of keys, so that two nodes never wait for each other.
fn tallies(events: &[SyncEvent]) -> BTreeMap<Key, Tally> {
    let mut tallies: BTreeMap<Key, Tally> = BTreeMap::new();
    for event in events.iter().filter(|event| is_foreign(event)) {
        let (tenant, hour) = (tenant_of(event), hour_of(event.at));
        let connection = event.connection.map_or(Uuid::nil(), ConnectionId::as_uuid);
        let last = (event.at.as_micros(), event.id.as_uuid());
        let mut count = |what: What, code: &str| {
            let tally = tallies.entry((tenant, what, hour, code.to_owned(), connection)).or_insert(Tally { count: 0, last });
            tally.count += 1;
            tally.last = tally.last.max(last);
        };
        let (what, code) = reason(event);
        count(what, &code);
        event.repairs.iter().for_each(|repair| count(What::Repair, repair.rule.code()));
        count(What::Time, &span_of(event).to_string());
    }
    tallies
}

/// What became of a request, and why: its cause, or the status where there is none. Of what was accepted nothing is told.
pub(super) fn reason(event: &SyncEvent) -> (What, String) {
    let outcome = Outcome::of(event.status);
    let code = match (outcome, &event.cause) {
        (Outcome::Accepted, _) => String::new(),
        (_, Some(cause)) => cause.code().to_owned(),
        (_, None) => event.status.to_string(),
    };
    (What::of(outcome), code)
}

/// Removes a tenant's hours before a moment.
pub(super) fn purge(engine: Engine, tenant: Uuid, before: Timestamp) -> Sql {
    let mut sql = Sql::new(engine, "DELETE FROM sync_tallies WHERE tenant_id = ");
    let kinds = [What::Accepted, What::Rejected, What::Failed, What::OpenRejected, What::OpenFailed, What::Repair, What::Time];
    sql.arg(tenant).push(" AND what IN ").list(kinds.map(What::as_str)).push(" AND hour < ").arg(hour_of(before));
    sql
}

/// Removes how many of a tenant's refusals before an hour stand.
pub(super) fn purge_open(engine: Engine, tenant: Uuid, before: i64) -> Sql {
    let mut sql = Sql::new(engine, "DELETE FROM sync_tallies WHERE tenant_id = ");
    let kinds = [What::OpenRejected, What::OpenFailed];
    sql.arg(tenant).push(" AND what IN ").list(kinds.map(What::as_str)).push(" AND hour < ").arg(before);
    sql
}
