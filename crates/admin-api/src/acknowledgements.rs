//! What readers of the feed say they have applied: saying so, how far each is, and how long it took.

use domain::{AcknowledgementTarget, FeedReader, Latencies, ReaderKind, Right, Timestamp};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{AcknowledgeError, Progress};
use uuid::Uuid;

use crate::answer::Done;
use crate::auth::{Caller, Signed, Who};
use crate::failure::Failure;
use crate::service::Tag;
use crate::value::{Time, Word};

pub(crate) struct Acknowledgements;

/// Who acknowledges.
#[derive(Clone, Debug, Object)]
#[oai(rename = "FeedReader")]
pub(crate) struct ReaderView {
    /// What kind of reader it is.
    kind: Word<ReaderKind>,
    /// The id of the key, the person or the webhook.
    id: String,
    /// Its name.
    name: String,
}

/// That all changes up to a number are applied.
#[derive(Object)]
#[oai(rename = "NewAcknowledgement", deny_unknown_fields)]
struct NewAcknowledgement {
    /// The number of the last of them.
    seq: u64,
}

/// What is kept of a reader.
#[derive(Debug, Object)]
#[oai(rename = "Acknowledgement")]
struct AcknowledgementView {
    /// The number up to which all is applied: what was sent, or more when that was said before.
    seq: u64,
}

/// How far a reader is.
#[derive(Debug, Object)]
#[oai(rename = "ReaderProgress", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ProgressView {
    /// Who.
    reader: ReaderView,
    /// The number up to which it has applied all.
    seq: u64,
    /// When it was last heard of, to the minute.
    at: Time,
    /// How many changes it has not acknowledged.
    waiting: u64,
    /// When the first of them was made; absent when there are none.
    oldest_waiting_since: Option<Time>,
    /// Whether that is longer ago than the tenant wants.
    late: bool,
}

/// How many changes were acknowledged within a time.
#[derive(Debug, Object)]
#[oai(rename = "LatencyBucket", rename_all = "camelCase", skip_serializing_if_is_none)]
struct BucketView {
    /// The most seconds it took, and more than the bucket before; absent of those that took longer than all others.
    up_to_seconds: Option<u32>,
    /// How many changes, each once a reader.
    count: u64,
}

/// How long acknowledgements took.
#[derive(Debug, Object)]
#[oai(rename = "AcknowledgementLatencies", skip_serializing_if_is_none)]
struct LatenciesView {
    /// How many changes were acknowledged, each once a reader.
    count: u64,
    /// Half of them within this many seconds, as the buckets tell it; absent without any, and when it is a week or more.
    p50: Option<u32>,
    /// Nineteen of twenty of them, likewise.
    p95: Option<u32>,
    /// Ninety-nine of a hundred of them, likewise.
    p99: Option<u32>,
    /// All of them, by how long it took.
    buckets: Vec<BucketView>,
}

/// How far the readers of a tenant's feed are.
#[derive(Debug, Object)]
#[oai(rename = "AcknowledgementReport", skip_serializing_if_is_none)]
struct ReportView {
    /// Within how many seconds a change is to be acknowledged; absent when there is no such time.
    #[oai(rename = "targetSeconds")]
    target_seconds: Option<u32>,
    /// The number of the tenant's last change.
    #[oai(rename = "lastSeq")]
    last_seq: u64,
    /// Those that ever acknowledged.
    readers: Vec<ProgressView>,
    /// What was acknowledged within 24 hours, by the hour.
    #[oai(rename = "last24h")]
    last_day: LatenciesView,
}

#[OpenApi(tag = "Tag::Activity")]
impl Acknowledgements {
    /// Say that changes are applied
    ///
    /// All up to `seq`. Of whoever calls, a key or a person, the highest number is kept: a lower one changes nothing and is
    /// answered with what is kept, so a call can be repeated. A number that the tenant has not reached is refused, and the
    /// answer says which was the last. A tenant has 100 readers at most (`too_many_readers`).
    #[oai(path = "/tenants/:tenant/changes/acknowledgements", method = "post", operation_id = "acknowledgeChanges")]
    async fn acknowledge(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<NewAcknowledgement>,
    ) -> Result<Json<AcknowledgementView>, Failure> {
        let visit = caller.0.enter_to(Right::ChangesAcknowledge, &tenant.0).await?;
        let seq = visit.store.acknowledgements().acknowledge(&reader(&caller.0), body.0.seq).await?;
        Ok(Json(AcknowledgementView { seq }))
    }

    /// How far the readers of the feed are
    ///
    /// Those that ever acknowledged, and how long it took them. A reader is late while the first change that it has not
    /// acknowledged is older than the tenant's `acknowledgementTargetSeconds`.
    #[oai(path = "/tenants/:tenant/changes/acknowledgements", method = "get", operation_id = "listAcknowledgements")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<ReportView>, Failure> {
        let visit = caller.0.enter_to(Right::ChangesRead, &tenant.0).await?;
        let (now, target) = (visit.shared.clock.now(), visit.tenant.log.target);
        let acknowledgements = visit.store.acknowledgements();
        let readers = acknowledgements.progress().await?;
        // Asked after the readers: none of them is further.
        let last_seq = visit.store.counters().await?.seq;
        let last_day = latencies(&acknowledgements.latencies(now).await?);
        let readers = readers.into_iter().map(|progress| view(progress, last_seq, target, now)).collect();
        Ok(Json(ReportView { target_seconds: target.seconds(), last_seq, readers, last_day }))
    }

    /// Forget a reader of the feed
    ///
    /// One that will not come again is late for good, until it is forgotten. Who acknowledges once more begins anew.
    #[oai(path = "/tenants/:tenant/changes/acknowledgements/:reader", method = "delete", operation_id = "forgetReader")]
    async fn forget(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The id of the key, the person or the webhook.
        reader: Path<String>,
    ) -> Result<Done, Failure> {
        let visit = caller.0.enter_to(Right::ChangesAcknowledge, &tenant.0).await?;
        let id: Uuid = reader.0.parse().map_err(|_| Failure::NotFound)?;
        let known = visit.store.acknowledgements().forget(id, &visit.author).await?;
        if known { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }
}

/// Who acknowledges when this caller does.
fn reader(caller: &Caller) -> FeedReader {
    match &caller.who {
        Who::Key(key) => FeedReader { kind: ReaderKind::ApiKey, id: key.id.as_uuid(), name: key.name.clone() },
        Who::Person(_, record) => {
            FeedReader { kind: ReaderKind::Person, id: record.admin.id.as_uuid(), name: record.admin.name.clone() }
        }
    }
}

impl From<FeedReader> for ReaderView {
    fn from(reader: FeedReader) -> Self {
        Self { kind: Word(reader.kind), id: reader.id.to_string(), name: reader.name }
    }
}

impl From<AcknowledgeError> for Failure {
    fn from(error: AcknowledgeError) -> Self {
        match error {
            AcknowledgeError::Ahead { head } => Self::field("seq", &format!("is beyond the last change, which is {head}")),
            AcknowledgeError::TooManyReaders => Self::TooManyReaders(domain::acknowledgement::MOST_READERS),
            AcknowledgeError::Gone => Self::NotFound,
            AcknowledgeError::Store(error) => error.into(),
        }
    }
}

fn view(progress: Progress, last_seq: u64, target: AcknowledgementTarget, now: Timestamp) -> ProgressView {
    let Progress { reader, seq, at, waits_since } = progress;
    ProgressView {
        reader: reader.into(),
        seq,
        at: Time(at),
        waiting: last_seq.saturating_sub(seq),
        oldest_waiting_since: waits_since.map(Time),
        late: waits_since.is_some_and(|since| target.is_missed(since, now)),
    }
}

fn latencies(latencies: &Latencies) -> LatenciesView {
    LatenciesView {
        count: latencies.count(),
        p50: latencies.within(50),
        p95: latencies.within(95),
        p99: latencies.within(99),
        buckets: latencies.classes().map(|(up_to_seconds, count)| BucketView { up_to_seconds, count }).collect(),
    }
}
