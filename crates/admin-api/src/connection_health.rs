//! How each connection of a tenant is doing: its state, its rhythm and cycles, what had to be repaired, and how near its
//! IdP is to giving up.

use domain::health::{Cycle, Distance, Health, Quarantine, Rhythm};
use domain::{Confidence, Connection, ConnectionState, Credential, Idp, Recognition, Right, Timestamp};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use scim::RepairRule;
use store::{NextEnd, RepairCount, TenantStore};

use crate::auth::Signed;
use crate::credentials::CredentialKind;
use crate::ends::CredentialEnd;
use crate::failure::Failure;
use crate::paging::Page;
use crate::service::Tag;
use crate::value::{Time, Word};

/// Cycles that are told.
const TOLD: usize = 10;
/// Days for which repairs are counted.
const DAYS: i64 = 30;
/// From so many days before its end on a credential is told; those who get mail get it then and at 14, 7 and 1 days.
const ENDING: i64 = 30;

pub(crate) struct HealthOfConnections;

/// A run of an IdP: requests that belong together.
#[derive(Debug, Object)]
#[oai(rename = "SyncCycle", rename_all = "camelCase")]
struct CycleView {
    /// When its first request came.
    started_at: Time,
    /// When its last request came.
    ended_at: Time,
    /// Whether more may come: it ends when nothing has come for ten minutes.
    running: bool,
    /// How many requests were accepted.
    accepted: u64,
    /// How many were rejected.
    rejected: u64,
    /// How many failed on our side.
    failed: u64,
    /// How many changes they made.
    changes: u64,
}

/// What is usual for a connection.
#[derive(Debug, Object)]
#[oai(rename = "SyncRhythm", rename_all = "camelCase")]
struct RhythmView {
    /// Seconds between the beginnings of two cycles, in the middle of those seen.
    usual_seconds: i64,
    /// Seconds of silence beyond which something is wrong.
    silent_after_seconds: i64,
}

/// How near a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "QuarantineDistance", rename_all = "snake_case")]
enum DistanceView {
    /// Less than half way.
    Far,
    /// Half way or more.
    Near,
    /// Beyond it.
    Beyond,
}

/// How near Microsoft Entra is to putting the connection into quarantine, by its published limits.
#[derive(Debug, Object)]
#[oai(rename = "QuarantineOutlook", rename_all = "camelCase")]
struct QuarantineView {
    /// Requests of the newest cycle that were refused or failed.
    refused: u64,
    /// All its requests.
    requests: u64,
    /// How it stands.
    distance: DistanceView,
}

/// How often something was rewritten of what a connection sent.
#[derive(Debug, Object)]
#[oai(rename = "RepairCount", rename_all = "camelCase")]
struct RepairCountView {
    /// Why.
    rule: Word<RepairRule>,
    /// How often within 30 days.
    count: u64,
    /// The last time.
    last_at: Time,
    /// The request that it was last made of.
    last_event_id: String,
}

/// Which IdP requests show to come from.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(rename = "Recognition")]
pub(crate) struct RecognitionView {
    /// The IdP.
    idp: Word<Idp>,
    /// How sure that is. `sure`: the sender names itself. `likely`: its requests have forms that we know of this IdP alone.
    /// `guess`: something speaks for it.
    confidence: Word<Confidence>,
}

impl From<Recognition> for RecognitionView {
    fn from(found: Recognition) -> Self {
        Self { idp: Word(found.idp), confidence: Word(found.confidence) }
    }
}

/// A credential of a connection, or a secret of an OAuth client, that ends within 30 days.
#[derive(Debug, Object)]
#[oai(rename = "EndingCredential")]
struct EndingView {
    /// What ends, and when.
    #[oai(flatten)]
    end: CredentialEnd,
    /// What kind of proof the credential is.
    kind: CredentialKind,
}

/// How a connection is doing.
#[derive(Debug, Object)]
#[oai(rename = "ConnectionHealthReport", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct HealthView {
    /// The connection.
    connection_id: String,
    /// Its name.
    name: String,
    /// Which IdP it is for.
    idp: Word<Idp>,
    /// Which IdP its requests show to come from, by all that was seen of them; absent while nothing shows.
    recognised: Option<RecognitionView>,
    /// How it is doing.
    health: Word<Health>,
    /// When its last request came.
    last_request_at: Option<Time>,
    /// What is usual for it, once enough cycles were seen.
    rhythm: Option<RhythmView>,
    /// Its newest cycles, newest first.
    cycles: Vec<CycleView>,
    /// How near quarantine is, where the connection is for Microsoft Entra or its requests show to come from there.
    quarantine: Option<QuarantineView>,
    /// Whether it is strict: then what would be repaired is refused.
    strict: bool,
    /// What was repaired within 30 days, most often first. Each of it would be refused if the connection were strict.
    repairs: Vec<RepairCountView>,
    /// What ends within 30 days of that with which it proves itself, the first to end first. For those who may
    /// `credentials:read`.
    credential_ends: Option<Vec<EndingView>>,
}

#[OpenApi(tag = "Tag::Activity")]
impl HealthOfConnections {
    /// How each connection of a tenant is doing
    ///
    /// The open ones, in the order in which they were made.
    #[oai(path = "/tenants/:tenant/health", method = "get", operation_id = "listConnectionHealth")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<HealthView>>, Failure> {
        let visit = caller.0.enter_to(Right::LogRead, &tenant.0).await?;
        let ends = visit.role.may(Right::CredentialsRead);
        Ok(Json(Page::whole(read(&visit.store, visit.shared.clock.now(), ends).await?)))
    }
}

/// How each open connection of a tenant is doing; with the ends of its credentials for those who may see them.
///
/// # Errors
/// What the store says.
pub(crate) async fn read(store: &TenantStore, now: Timestamp, with_ends: bool) -> Result<Vec<HealthView>, Failure> {
    let connections = store.connections().list().await?;
    let credentials = store.credentials().list().await?;
    let live = store::live(&connections, &credentials, now);
    let mut ends = if with_ends { store.ends(&live, now).await? } else { Vec::new() };
    let soon = now.plus_days(ENDING).as_micros();
    ends.retain(|end| end.ends_at <= soon);
    ends.sort_by_key(|end| end.ends_at);
    let log = store.sync_events();
    let repairs = log.repairs(now.plus_days(-DAYS)).await?;
    let recognitions = log.recognitions().await?;
    let open: Vec<_> = connections.iter().filter(|connection| connection.state == ConnectionState::Open).collect();
    let mut views = Vec::new();
    for connection in open {
        let cycles = log.cycles(connection.id, Rhythm::CYCLES).await?;
        let has_credential = live.iter().any(|credential| credential.connection == connection.id);
        let repairs = repairs.iter().filter(|repair| repair.connection == connection.id);
        let recognised = recognitions.get(&connection.id).copied();
        let ending = |end: &NextEnd| {
            let of = |credential: &&&Credential| credential.id.as_uuid() == end.credential;
            let credential = live.iter().find(of).filter(|credential| credential.connection == connection.id)?;
            Some(EndingView { end: end.clone().into(), kind: credential.kind.into() })
        };
        let credential_ends = with_ends.then(|| ends.iter().filter_map(ending).collect());
        // What was said of the connection when it was made may be wrong.
        let likely = |found: Recognition| found.idp == Idp::Entra && found.confidence != Confidence::Guess;
        let of_entra = connection.idp == Idp::Entra || recognised.is_some_and(likely);
        let quarantine = cycles.first().filter(|_| of_entra).map(quarantine);
        let view = view(connection, has_credential, &cycles, repairs, now);
        views.push(HealthView { recognised: recognised.map(Into::into), quarantine, credential_ends, ..view });
    }
    Ok(views)
}

fn view<'r>(
    connection: &Connection,
    has_credential: bool,
    cycles: &[Cycle],
    repairs: impl Iterator<Item = &'r RepairCount>,
    now: Timestamp,
) -> HealthView {
    let newest = cycles.first();
    let rhythm =
        |rhythm: Rhythm| RhythmView { usual_seconds: rhythm.usual_seconds, silent_after_seconds: rhythm.silent_after_seconds };
    HealthView {
        connection_id: connection.id.to_string(),
        name: connection.name.clone(),
        idp: Word(connection.idp),
        recognised: None,
        health: Word(Health::of(has_credential, cycles, now)),
        last_request_at: newest.map(|cycle| Time(cycle.ended_at)),
        rhythm: Rhythm::learn(cycles).map(rhythm),
        cycles: cycles.iter().take(TOLD).map(|cycle| cycle_view(cycle, now)).collect(),
        quarantine: None,
        strict: connection.strict,
        repairs: repairs.filter_map(repair).collect(),
        credential_ends: None,
    }
}

fn cycle_view(cycle: &Cycle, now: Timestamp) -> CycleView {
    CycleView {
        started_at: Time(cycle.started_at),
        ended_at: Time(cycle.ended_at),
        running: cycle.is_running(now),
        accepted: cycle.accepted,
        rejected: cycle.rejected,
        failed: cycle.failed,
        changes: cycle.changes,
    }
}

fn quarantine(cycle: &Cycle) -> QuarantineView {
    let Quarantine { refused, requests, distance } = Quarantine::of(cycle);
    let distance = match distance {
        Distance::Far => DistanceView::Far,
        Distance::Near => DistanceView::Near,
        Distance::Beyond => DistanceView::Beyond,
    };
    QuarantineView { refused, requests, distance }
}

/// `None` for a rule that only another version of the service has.
fn repair(repair: &RepairCount) -> Option<RepairCountView> {
    Some(RepairCountView {
        rule: Word::of(&repair.rule)?,
        count: repair.count,
        last_at: Time(repair.last.0),
        last_event_id: repair.last.1.to_string(),
    })
}
