//! The requests to tenants that do not exist: they stand in no tenant's log, so only who runs the service reads them.

use std::collections::HashMap;

use domain::{Right, SyncEventId};
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use store::SyncEventFilter;

use crate::auth::Signed;
use crate::failure::Failure;
use crate::paging::{self, Page};
use crate::service::Tag;
use crate::sync_event_filter::status_class as class;
use crate::sync_events::{SyncEventSummary, summary};
use crate::users::search_text;
use crate::value::Time;

pub(crate) struct UnknownTenants;

#[OpenApi(tag = "Tag::System")]
impl UnknownTenants {
    /// The requests to tenants that do not exist
    ///
    /// They stand in no tenant's log. Newest first. A request stands here a moment after it was answered.
    #[oai(path = "/system/sync-events", method = "get", operation_id = "listSystemSyncEvents")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list, and the document is made of them")]
    async fn list(
        &self,
        caller: Signed,
        /// The beginning of a userName, externalId, e-mail address or displayName, or the whole id of a request.
        text: Query<Option<String>>,
        /// The first digit of the status.
        #[oai(name = "statusClass")]
        status_class: Query<Option<u8>>,
        /// From when on (RFC 3339).
        since: Query<Option<Time>>,
        /// Before when (RFC 3339).
        until: Query<Option<Time>>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<SyncEventSummary>>, Failure> {
        caller.0.demand(Right::SystemRead)?;
        let (limit, after) = (paging::limit(limit.0)?, paging::cursor::<SyncEventId>(after.0.as_deref())?);
        let filter = SyncEventFilter {
            text: search_text(text.0)?,
            status_class: class(status_class.0)?,
            since: since.0.map(|at| at.0),
            until: until.0.map(|at| at.0),
            after,
            limit: limit + 1,
            ..SyncEventFilter::default()
        };
        let events = caller.0.shared.store.sync_log().list_without_tenant(&filter).await?;
        // Without a tenant there are no credentials that have names.
        let names = HashMap::new();
        let views = events.iter().map(|event| summary(event, &names)).collect();
        Ok(Json(Page::cut(views, limit, |event: &SyncEventSummary| event.id.clone())))
    }
}
