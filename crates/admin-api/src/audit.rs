//! The audit: who changed what, in a tenant and to the service itself. Read only.

use domain::audit::{AuditActor, AuditEntry, SubjectKind};
use domain::{Act, Right};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;
use store::AuditQuery;
use uuid::Uuid;

use crate::auth::Signed;
use crate::failure::Failure;
use crate::paging::{self, Page};
use crate::service::Tag;
use crate::value::{Document, Time, Word};

pub(crate) struct Audit;

/// What kind of actor did something.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum AuditActorKind {
    /// A person in the console or of the API.
    Admin,
    /// Whoever holds a set-up link.
    SetupLink,
    /// Whoever runs commands on the server.
    CommandLine,
    /// Whoever held a token and reported it as leaked.
    TokenHolder,
    /// An API key.
    ApiKey,
    /// Somebody who did not prove who they are.
    Stranger,
    /// The service itself.
    System,
}

/// Who did something.
#[derive(Debug, Object)]
#[oai(rename = "AuditActor", skip_serializing_if_is_none)]
struct ActorView {
    /// What kind of actor it is.
    kind: AuditActorKind,
    /// The id of the person, the API key or the set-up link.
    id: Option<String>,
    /// The person's e-mail address at that time.
    email: Option<String>,
    /// The API key's name at that time, or for whom the set-up link was made.
    name: Option<String>,
}

/// What something was done to.
#[derive(Debug, Object)]
#[oai(rename = "AuditSubject", skip_serializing_if_is_none)]
struct SubjectView {
    /// What kind of thing it is.
    kind: Word<SubjectKind>,
    /// Its id.
    id: Option<String>,
    /// Its name at that time.
    name: Option<String>,
}

/// Something that was done.
#[derive(Debug, Object)]
#[oai(rename = "AuditEntry", rename_all = "camelCase", skip_serializing_if_is_none)]
struct EntryView {
    /// Its number in the chain, from 1 without gaps.
    seq: u64,
    /// When.
    at: Time,
    /// Who did it.
    actor: ActorView,
    /// From which address.
    address: Option<String>,
    /// Our id of the request that did it, as its answer carried it.
    request_id: Option<String>,
    /// What was done.
    act: Word<Act>,
    /// What it was done to.
    subject: SubjectView,
    /// What that was before; absent for what was made.
    before: Option<Document>,
    /// What it became; absent for what was removed.
    after: Option<Document>,
    /// The keyed hash of the entry and the one before it, in hexadecimal digits.
    hash: String,
}

/// What narrows a list.
struct Filters {
    act: Option<Word<Act>>,
    actor: Option<Uuid>,
    subject: Option<Uuid>,
    since: Option<Time>,
    until: Option<Time>,
    after: Option<String>,
    limit: Option<u64>,
}

#[OpenApi(tag = "Tag::Activity")]
impl Audit {
    /// Who changed what in a tenant
    ///
    /// Newest first. Each entry is tied to the one before it by a keyed hash; the command `audit verify` walks them all.
    #[oai(path = "/tenants/:tenant/audit", method = "get", operation_id = "listAudit")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list, and the document is made of them")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// What was done.
        act: Query<Option<Word<Act>>>,
        /// The person or API key that did it.
        actor: Query<Option<Uuid>>,
        /// The id of what it was done to.
        subject: Query<Option<Uuid>>,
        /// From when on (RFC 3339).
        since: Query<Option<Time>>,
        /// Before when (RFC 3339).
        until: Query<Option<Time>>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<EntryView>>, Failure> {
        let visit = caller.0.enter_to(Right::AuditRead, &tenant.0).await?;
        let (act, actor, subject, since) = (act.0, actor.0, subject.0, since.0);
        let filters = Filters { act, actor, subject, since, until: until.0, after: after.0, limit: limit.0 };
        page(&visit.store.audit(), filters).await
    }

    /// Who changed what in the service itself
    ///
    /// People of the console, their sessions, and what belongs to no tenant. Newest first.
    #[oai(path = "/audit", method = "get", operation_id = "listServiceAudit")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list, and the document is made of them")]
    async fn list_service(
        &self,
        caller: Signed,
        /// What was done.
        act: Query<Option<Word<Act>>>,
        /// The person who did it.
        actor: Query<Option<Uuid>>,
        /// The id of what it was done to.
        subject: Query<Option<Uuid>>,
        /// From when on (RFC 3339).
        since: Query<Option<Time>>,
        /// Before when (RFC 3339).
        until: Query<Option<Time>>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<EntryView>>, Failure> {
        caller.0.demand(Right::SystemAuditRead)?;
        let (act, actor, subject, since) = (act.0, actor.0, subject.0, since.0);
        let filters = Filters { act, actor, subject, since, until: until.0, after: after.0, limit: limit.0 };
        page(&caller.0.shared.store.system().audit(), filters).await
    }
}

async fn page(chain: &store::Audit<'_>, filters: Filters) -> Result<Json<Page<EntryView>>, Failure> {
    let (limit, before) = (paging::limit(filters.limit)?, paging::cursor::<u64>(filters.after.as_deref())?);
    let query = AuditQuery {
        act: filters.act.map(|act| act.0),
        actor: filters.actor,
        subject: filters.subject,
        since: filters.since.map(|at| at.0),
        until: filters.until.map(|at| at.0),
        before,
        limit: limit + 1,
    };
    let entries = chain.list(&query).await?;
    Ok(Json(Page::cut(entries.into_iter().map(view).collect(), limit, |entry: &EntryView| entry.seq.to_string())))
}

fn view(entry: AuditEntry) -> EntryView {
    let document = |text: Option<String>| text.and_then(|text| serde_json::from_str::<Value>(&text).ok()).map(Document);
    EntryView {
        seq: entry.seq,
        at: Time(entry.at),
        actor: actor(&entry.actor),
        address: entry.address,
        request_id: entry.request_id,
        act: Word(entry.act),
        subject: SubjectView {
            kind: Word(entry.subject.kind),
            id: entry.subject.id.map(|id| id.to_string()),
            name: entry.subject.name,
        },
        before: document(entry.before),
        after: document(entry.after),
        hash: entry.hash.to_string(),
    }
}

fn actor(actor: &AuditActor) -> ActorView {
    let kind = match actor {
        AuditActor::Admin { .. } => AuditActorKind::Admin,
        AuditActor::SetupLink { .. } => AuditActorKind::SetupLink,
        AuditActor::CommandLine => AuditActorKind::CommandLine,
        AuditActor::TokenHolder => AuditActorKind::TokenHolder,
        AuditActor::ApiKey { .. } => AuditActorKind::ApiKey,
        AuditActor::Stranger => AuditActorKind::Stranger,
        AuditActor::System => AuditActorKind::System,
    };
    let label = |wanted: bool| actor.label().filter(|_| wanted).map(str::to_owned);
    let person = matches!(actor, AuditActor::Admin { .. });
    ActorView { kind, id: actor.id().map(|id| id.to_string()), email: label(person), name: label(!person) }
}
