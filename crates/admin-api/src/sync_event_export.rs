//! The sync log to take away: what is filtered, as a stream that holds one page of it at a time.

mod rows;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use domain::{CredentialId, Idp, Outcome, ResourceKind, Right};
use futures_util::stream;
use http::header;
use poem::{Body, IntoResponse, Response};
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiResponse, OpenApi};
use store::{SyncEventFilter, TenantStore};
use uuid::Uuid;

use self::rows::Form;
use crate::auth::Signed;
use crate::door::Shared;
use crate::failure::Failure;
use crate::live::{self, Pass};
use crate::service::Tag;
use crate::sync_event_filter::Asked;
use crate::value::{CauseCode, Time, Word};

/// Requests of one page.
const PAGE: u64 = 500;

pub(crate) struct SyncEventExport;

/// A file that comes as it is written.
struct Exported {
    form: Form,
    name: String,
    body: Body,
}

impl IntoResponse for Exported {
    fn into_response(self) -> Response {
        let file = format!("attachment; filename=\"{}\"", self.name);
        let response = Response::builder().content_type(self.form.content_type());
        response.header(header::CONTENT_DISPOSITION, file).body(self.body)
    }
}

// Two kinds of content under one status, which the derived form cannot say.
impl ApiResponse for Exported {
    fn meta() -> MetaResponses {
        let file = |content_type| {
            let schema = MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")));
            MetaMediaType { content_type, schema }
        };
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The file. NDJSON has one object a line; CSV has a row of names first, and a cell that a spreadsheet would run begins with `'`.",
                status: Some(200),
                status_range: None,
                content: vec![file("application/x-ndjson"), file("text/csv")],
                headers: Vec::new(),
            }],
        }
    }

    fn register(_: &mut Registry) {}
}

#[OpenApi(tag = "Tag::Activity")]
impl SyncEventExport {
    /// The requests at a tenant's SCIM door as a file
    ///
    /// What the list gives under the same filters, in its order, to its end; without bodies. The file breaks off when the
    /// caller loses the right to read or the service stops.
    #[oai(path = "/tenants/:tenant/sync-events/export", method = "get", operation_id = "exportSyncEvents")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list, and the document is made of them")]
    async fn export(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// How it is written; `ndjson` when nothing is said.
        format: Query<Option<Form>>,
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
        /// As in the list.
        text: Query<Option<String>>,
        /// From when on (RFC 3339).
        since: Query<Option<Time>>,
        /// Before when (RFC 3339).
        until: Query<Option<Time>>,
    ) -> Result<Exported, Failure> {
        let caller = caller.0;
        let visit = caller.enter_to(Right::LogRead, &tenant.0).await?;
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
        let form = format.0.unwrap_or(Form::Ndjson);
        let names = visit.store.credentials().list().await?;
        let reader = Reader {
            filter: SyncEventFilter { limit: PAGE, ..asked.filter()? },
            form,
            names: names.into_iter().map(|credential| (credential.id, credential.name)).collect(),
            pass: live::pass_of(&caller, visit.tenant.id, Right::LogRead),
            shared: Arc::clone(&caller.shared),
            store: visit.store,
            begun: false,
        };
        let day: String = caller.shared.clock.now().to_rfc3339().chars().take(10).collect();
        let name = format!("sync-log-{}-{day}.{}", visit.tenant.slug, form.extension());
        let body = Body::from_bytes_stream(stream::try_unfold(Some(reader), Reader::next));
        Ok(Exported { form, name, body })
    }
}

/// One page after the other.
struct Reader {
    store: TenantStore,
    shared: Arc<Shared>,
    pass: Pass,
    filter: SyncEventFilter,
    form: Form,
    names: HashMap<CredentialId, String>,
    begun: bool,
}

type Step = Option<(Vec<u8>, Option<Reader>)>;

impl Reader {
    /// The next piece of the file; an error breaks it off, so that nobody takes a part for the whole.
    async fn next(reader: Option<Self>) -> io::Result<Step> {
        let Some(mut reader) = reader else { return Ok(None) };
        if reader.shared.streams.ended() || !(reader.pass)().await {
            return Err(io::Error::other("the reader may not read on"));
        }
        let events = reader.store.sync_events().list(&reader.filter).await.map_err(io::Error::other)?;
        let head = if reader.begun { Vec::new() } else { reader.form.head()? };
        let piece = reader.form.rows(head, &events, &reader.names)?;
        reader.begun = true;
        reader.filter.after = events.last().map(|event| event.id);
        let more = events.len() as u64 == PAGE;
        Ok(Some((piece, more.then_some(reader))))
    }
}
