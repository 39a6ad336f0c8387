//! The sync log: every request at a tenant's SCIM door, whatever became of it.

use std::collections::HashMap;

use domain::{Cause, Confidence, CredentialId, Idp, Outcome, ResourceKind, Right, SyncEvent, SyncEventId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{ChangeOrder, ChangeQuery, SyncEventFilter, TenantStore};
use uuid::Uuid;

use crate::auth::Signed;
use crate::changes::{self, ChangeView};
use crate::exchanges::ExchangeView;
use crate::failure::Failure;
use crate::paging::{self, Page};
use crate::service::Tag;
use crate::sync_event_filter::Asked;
use crate::value::{CauseCode, Time, Word};

/// Most changes shown with a request.
const CHANGES: u64 = 100;

pub(crate) struct SyncEvents;

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(rename = "Cause")]
pub(crate) struct CauseView {
    /// The reason, as a stable word.
    code: CauseCode,
    /// What the reason's sentence needs, by name.
    params: HashMap<String, String>,
}

/// Something that was rewritten of what was sent.
#[derive(Debug, Object)]
#[oai(rename = "Repair")]
pub(crate) struct RepairView {
    /// Why.
    rule: Word<scim::RepairRule>,
    /// Which attribute.
    attribute: String,
    /// What was sent, shortened.
    sent: String,
    /// What it was read as.
    read: String,
}

/// A request in a list.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct SyncEventSummary {
    /// Its id.
    pub(crate) id: String,
    /// When it came.
    at: Time,
    /// What became of it.
    outcome: Word<Outcome>,
    /// The HTTP status of the answer; of a bulk request of which something was refused that of the first operation that was.
    status: u16,
    /// The SCIM error type of the answer.
    scim_type: Option<String>,
    /// The HTTP method.
    method: String,
    /// The path.
    path: String,
    /// What happened, in one sentence.
    sentence: String,
    /// Why it was refused.
    cause: Option<CauseView>,
    /// The kind of resource it was about.
    resource_type: Option<Word<ResourceKind>>,
    /// The resource it was about.
    resource_id: Option<String>,
    /// The resource's best human name.
    resource_name: Option<String>,
    /// The connection that sent it.
    connection_id: Option<String>,
    /// The credential it came with.
    credential_id: Option<String>,
    /// The credential's name.
    credential_name: Option<String>,
    /// Which IdP it looked like.
    idp: Option<Word<Idp>>,
    /// How sure that is; absent where the request shows nothing and it is what was said of the connection.
    idp_confidence: Option<Word<Confidence>>,
    /// How long it took, in milliseconds.
    duration_ms: f64,
    /// How many repairs were made.
    repairs: u64,
}

/// A request at a tenant's SCIM door.
#[derive(Debug, Object)]
#[oai(rename = "SyncEvent", rename_all = "camelCase", skip_serializing_if_is_none)]
struct SyncEventView {
    /// What a list shows of it.
    #[oai(flatten)]
    summary: SyncEventSummary,
    /// Our id of the request, as its answer carried it.
    request_id: String,
    /// The query string.
    query: Option<String>,
    /// Where it came from.
    address: String,
    /// Its User-Agent.
    user_agent: Option<String>,
    /// What was asked for, in a word.
    operation: Option<String>,
    /// What was rewritten.
    repair_list: Vec<RepairView>,
    /// The changes it made, at most 100.
    changes: Vec<ChangeView>,
    /// Folded identifiers seen in request or record.
    identifiers: Vec<String>,
    /// The look-ups and reads of whom it was about, by the same connection in the quarter of an hour before it; newest first,
    /// at most 10.
    lookups: Vec<SyncEventSummary>,
    /// Headers and bodies; absent when the tenant keeps none. Who may not see them as they are kept sees them masked.
    exchange: Option<ExchangeView>,
}

#[OpenApi(tag = "Tag::Activity")]
impl SyncEvents {
    /// The requests at a tenant's SCIM door
    ///
    /// Newest first. A request stands here a moment after it was answered.
    #[oai(path = "/tenants/:tenant/sync-events", method = "get", operation_id = "listSyncEvents")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list, and the document is made of them")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// What became of them.
        outcome: Query<Option<Word<Outcome>>>,
        /// Why they were refused.
        cause: Query<Option<CauseCode>>,
        /// The HTTP method.
        method: Query<Option<String>>,
        /// The kind of resource they were about.
        #[oai(name = "resourceType")]
        resource_type: Query<Option<Word<ResourceKind>>>,
        /// The first digit of the status.
        #[oai(name = "statusClass")]
        status_class: Query<Option<u8>>,
        /// The connection that sent them.
        connection: Query<Option<Uuid>>,
        /// The credential they came with.
        credential: Query<Option<Uuid>>,
        /// Which IdP they looked like.
        idp: Query<Option<Word<Idp>>>,
        /// How long they took at least, in milliseconds.
        #[oai(name = "atLeastMs")]
        at_least_ms: Query<Option<u32>>,
        /// The resource they were about.
        resource: Query<Option<Uuid>>,
        /// The beginning of a userName, externalId, e-mail address or displayName, or a whole id of a resource or request.
        /// A whole name finds all requests about whoever has or had it, whatever they were called then.
        text: Query<Option<String>>,
        /// From when on (RFC 3339).
        since: Query<Option<Time>>,
        /// Before when (RFC 3339).
        until: Query<Option<Time>>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<SyncEventSummary>>, Failure> {
        let visit = caller.0.enter_to(Right::LogRead, &tenant.0).await?;
        let (limit, after) = (paging::limit(limit.0)?, paging::cursor::<SyncEventId>(after.0.as_deref())?);
        let asked = Asked {
            outcome,
            cause,
            method,
            resource_type,
            status_class,
            connection,
            credential,
            idp,
            at_least_ms,
            resource,
            text,
            since,
            until,
        };
        let filter = SyncEventFilter { after, limit: limit + 1, ..asked.filter()? };
        let events = visit.store.sync_events().list(&filter).await?;
        let names = credential_names(&visit.store, &events).await?;
        let views = events.iter().map(|event| summary(event, &names)).collect();
        Ok(Json(Page::cut(views, limit, |event: &SyncEventSummary| event.id.clone())))
    }

    /// One request
    #[oai(path = "/tenants/:tenant/sync-events/:event", method = "get", operation_id = "getSyncEvent")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The request's id.
        event: Path<String>,
    ) -> Result<Json<SyncEventView>, Failure> {
        let visit = caller.0.enter_to(Right::LogRead, &tenant.0).await?;
        let id: SyncEventId = event.0.parse().map_err(|_| Failure::NotFound)?;
        let event = visit.store.sync_events().find(id).await?.ok_or(Failure::NotFound)?;
        let changes = match event.changes {
            Some(between) => {
                let order = ChangeOrder::OldestFirst;
                let query = ChangeQuery { order, beyond: None, resource: None, between: Some(between), limit: CHANGES };
                // Requests at the same time may have written between the first and the last of them.
                let mut changes = visit.store.changes(query).await?;
                changes.retain(|change| change.request_id.as_deref().is_none_or(|id| id == event.request_id));
                changes::views(&visit.store, changes).await?
            }
            None => Vec::new(),
        };
        let exchange = visit.store.sync_events().exchange(id).await?;
        let exchange = exchange.map(|said| if visit.role.may(Right::LogFull) { said } else { said.masked() });
        let lookups = visit.store.sync_events().looked_up_before(&event).await?;
        let names = credential_names(&visit.store, std::iter::once(&event).chain(&lookups)).await?;
        Ok(Json(SyncEventView {
            summary: summary(&event, &names),
            request_id: event.request_id,
            query: event.query,
            address: event.address,
            user_agent: event.user_agent,
            operation: event.operation,
            repair_list: event.repairs.into_iter().map(repair).collect(),
            changes,
            identifiers: event.identifiers,
            lookups: lookups.iter().map(|event| summary(event, &names)).collect(),
            exchange: exchange.map(Into::into),
        }))
    }
}

pub(crate) async fn credential_names<'e>(
    store: &TenantStore,
    events: impl IntoIterator<Item = &'e SyncEvent>,
) -> Result<HashMap<CredentialId, String>, Failure> {
    if events.into_iter().all(|event| event.credential.is_none()) {
        return Ok(HashMap::new());
    }
    let credentials = store.credentials().list().await?;
    Ok(credentials.into_iter().map(|credential| (credential.id, credential.name)).collect())
}

pub(crate) fn summary(event: &SyncEvent, names: &HashMap<CredentialId, String>) -> SyncEventSummary {
    // Tenths of a millisecond are as exact as a reader needs.
    #[expect(clippy::cast_precision_loss, reason = "a duration is far below the numbers that a float cannot hold")]
    let duration_ms = (event.duration_micros / 100) as f64 / 10.0;
    SyncEventSummary {
        id: event.id.to_string(),
        at: Time(event.at),
        outcome: Word(Outcome::of(event.status)),
        status: event.status,
        scim_type: event.scim_type.clone(),
        method: event.method.clone(),
        path: event.path.clone(),
        sentence: event.sentence.clone(),
        cause: event.cause.as_ref().map(cause),
        resource_type: event.resource_kind.map(Word),
        resource_id: event.resource_id.map(|id| id.to_string()),
        resource_name: event.resource_name.clone(),
        connection_id: event.connection.map(|id| id.to_string()),
        credential_id: event.credential.map(|id| id.to_string()),
        credential_name: event.credential.and_then(|id| names.get(&id).cloned()),
        idp: event.idp.map(Word),
        idp_confidence: event.idp_confidence.map(Word),
        duration_ms,
        repairs: event.repairs.len() as u64,
    }
}

pub(crate) fn cause(cause: &Cause) -> CauseView {
    let params = cause.params().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    CauseView { code: CauseCode(cause.code()), params: params.collect() }
}

pub(crate) fn repair(repair: scim::Repair) -> RepairView {
    RepairView { rule: Word(repair.rule), attribute: repair.attribute, sent: repair.sent, read: repair.read }
}
