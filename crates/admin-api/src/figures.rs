//! What a tenant's requests add up to: hour by hour, and by what was wrong with them. Nothing here is counted from rows.

use std::collections::{BTreeMap, HashMap};

use domain::{Outcome, Right, SyncEventId, Timestamp};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{Hour, Problem, TenantStore};

use crate::auth::Signed;
use crate::failure::Failure;
use crate::paging::Page;
use crate::service::Tag;
use crate::sync_events::{self, SyncEventSummary};
use crate::value::{CauseCode, Time, Word};

const HOUR: i64 = 60 * 60;
/// Most hours that are told, which is how long the log is kept at most by default.
const MOST: u64 = 90 * 24;
/// Most kinds of problems that come with their newest request.
const PROBLEMS: usize = 50;

pub(crate) struct FiguresOfRequests;

/// The requests of one hour.
#[derive(Debug, Object)]
struct HourView {
    /// When it began.
    at: Time,
    /// How many were accepted.
    accepted: u64,
    /// How many were rejected.
    rejected: u64,
    /// How many failed on our side.
    failed: u64,
}

/// What a tenant's requests add up to.
#[derive(Debug, Object)]
#[oai(rename = "RequestFigures", rename_all = "camelCase", skip_serializing_if_is_none)]
struct FiguresView {
    /// Every hour, oldest first, the present one last; those without a request too.
    hours: Vec<HourView>,
    /// How many requests there were.
    requests: u64,
    /// How many of them were accepted.
    accepted: u64,
    /// How many were rejected.
    rejected: u64,
    /// How many failed on our side.
    failed: u64,
    /// Half of them were answered within this many milliseconds; absent without requests.
    half_within_ms: Option<u64>,
    /// Nineteen of twenty were answered within this many milliseconds; absent without requests.
    most_within_ms: Option<u64>,
}

/// Requests that were rejected or failed for one reason.
#[derive(Debug, Object)]
#[oai(rename = "RequestProblem", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ProblemView {
    /// Rejected or failed.
    outcome: Word<Outcome>,
    /// Why; absent where the service named no reason.
    cause: Option<CauseCode>,
    /// How many.
    count: u64,
    /// How many of them still stand. The others are over: what they were refused for was accepted since of the same person,
    /// group or connection.
    open: u64,
    /// When the newest of those came that still stand, or else of all.
    last_at: Time,
    /// The connections that sent them; empty when that cannot be said.
    connections: Vec<String>,
    /// That one, while the log keeps it.
    newest: Option<SyncEventSummary>,
}

#[OpenApi(tag = "Tag::Activity")]
impl FiguresOfRequests {
    /// What the requests at a tenant's SCIM door add up to
    ///
    /// Hour by hour, and over all of these hours.
    #[oai(path = "/tenants/:tenant/figures", method = "get", operation_id = "getRequestFigures")]
    async fn figures(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// How many hours back, 1 to 2160; 48 without it.
        hours: Query<Option<u64>>,
    ) -> Result<Json<FiguresView>, Failure> {
        let visit = caller.0.enter_to(Right::LogRead, &tenant.0).await?;
        let (first, hours) = span(visit.shared.clock.now(), hours.0.unwrap_or(48))?;
        let figures = visit.store.sync_events().figures(first).await?;
        let (half, most) = (figures.within(0.5), figures.within(0.95));
        let known: BTreeMap<Timestamp, Hour> = figures.hours.into_iter().map(|hour| (hour.at, hour)).collect();
        let sum = |of: fn(&Hour) -> u64| known.values().map(of).sum();
        let (accepted, rejected, failed): (u64, u64, u64) = (sum(|h| h.accepted), sum(|h| h.rejected), sum(|h| h.failed));
        let every = (0..hours).map(|number| first.plus_seconds(number * HOUR));
        let view = |at| {
            let hour = known.get(&at).copied().unwrap_or(Hour { at, accepted: 0, rejected: 0, failed: 0 });
            HourView { at: Time(at), accepted: hour.accepted, rejected: hour.rejected, failed: hour.failed }
        };
        Ok(Json(FiguresView {
            hours: every.map(view).collect(),
            requests: accepted + rejected + failed,
            accepted,
            rejected,
            failed,
            half_within_ms: half,
            most_within_ms: most,
        }))
    }

    /// What is wrong with a tenant's requests
    ///
    /// Those that were rejected or failed, grouped by their cause, newest first. A refusal is over once something was accepted
    /// that shows its cause to be gone: of the same person or group a write; of the same connection a good credential; of a
    /// question that is about nobody one of its kind, ten minutes later.
    #[oai(path = "/tenants/:tenant/problems", method = "get", operation_id = "listRequestProblems")]
    async fn problems(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// How many hours back, 1 to 2160; 24 without it.
        hours: Query<Option<u64>>,
    ) -> Result<Json<Page<ProblemView>>, Failure> {
        let visit = caller.0.enter_to(Right::LogRead, &tenant.0).await?;
        let (first, _) = span(visit.shared.clock.now(), hours.0.unwrap_or(24))?;
        let problems = visit.store.sync_events().problems(first).await?;
        let mut newest = newest(&visit.store, &problems).await?;
        let view = |problem: Problem| ProblemView {
            outcome: Word(problem.outcome),
            cause: CauseCode::of(&problem.code),
            count: problem.count,
            open: problem.open,
            last_at: Time(problem.last.0),
            connections: problem.connections.iter().map(ToString::to_string).collect(),
            newest: newest.remove(&problem.last.1),
        };
        Ok(Json(Page::whole(problems.into_iter().map(view).collect())))
    }
}

/// The beginning of the first hour, and how many there are to the present one.
fn span(now: Timestamp, hours: u64) -> Result<(Timestamp, i64), Failure> {
    let hours = i64::try_from(hours).ok().filter(|_| (1..=MOST).contains(&hours));
    let hours = hours.ok_or_else(|| Failure::field("hours", "is a number from 1 to 2160"))?;
    let hour = now.as_micros().div_euclid(HOUR * 1_000_000) - (hours - 1);
    Ok((Timestamp::from_micros(hour * HOUR * 1_000_000), hours))
}

async fn newest(store: &TenantStore, problems: &[Problem]) -> Result<HashMap<SyncEventId, SyncEventSummary>, Failure> {
    let ids: Vec<SyncEventId> = problems.iter().take(PROBLEMS).map(|problem| problem.last.1).collect();
    let events = store.sync_events().find_all(&ids).await?;
    let names = sync_events::credential_names(store, &events).await?;
    Ok(events.iter().map(|event| (event.id, sync_events::summary(event, &names))).collect())
}
