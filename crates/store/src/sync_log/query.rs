//! Which requests of the log are wanted.

use domain::{ConnectionId, CredentialId, Outcome, ResourceKind, SyncEventId, Timestamp};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::entity::{sync_event, sync_event_identifier};

/// Which requests of the log are wanted, and how many.
#[derive(Clone, Debug, Default)]
pub struct SyncEventFilter {
    /// What became of them.
    pub outcome: Option<Outcome>,
    /// First digit of their status.
    pub status_class: Option<u8>,
    /// Their HTTP method.
    pub method: Option<String>,
    /// Their cause's code.
    pub cause: Option<String>,
    /// What kind of resource they were about.
    pub resource_kind: Option<ResourceKind>,
    /// Which resource they were about.
    pub resource: Option<Uuid>,
    /// Which connection made them.
    pub connection: Option<ConnectionId>,
    /// With which credential.
    pub credential: Option<CredentialId>,
    /// The beginning of an identifier seen in request or record, or a whole id of a request or resource.
    pub text: Option<String>,
    /// From when on.
    pub since: Option<Timestamp>,
    /// Before when.
    pub until: Option<Timestamp>,
    /// Only what is older than this event: the next page.
    pub after: Option<SyncEventId>,
    /// How many at most.
    pub limit: u64,
}

pub(super) fn select(tenant: Uuid, filter: &SyncEventFilter) -> Select<sync_event::Entity> {
    use sync_event::Column as C;
    let mut all = Condition::all().add(C::TenantId.eq(tenant));
    all = all.add_option(filter.outcome.map(|outcome| C::Outcome.eq(outcome.as_str())));
    all = all.add_option(filter.status_class.map(|class| {
        let first = i64::from(class) * 100;
        Condition::all().add(C::Status.gte(first)).add(C::Status.lt(first + 100))
    }));
    all = all.add_option(filter.method.as_deref().map(|method| C::Method.eq(method)));
    all = all.add_option(filter.cause.as_deref().map(|cause| C::Cause.eq(cause)));
    all = all.add_option(filter.resource_kind.map(|kind| C::ResourceType.eq(kind.as_str())));
    all = all.add_option(filter.resource.map(|id| C::ResourceId.eq(id)));
    all = all.add_option(filter.connection.map(|id| C::ConnectionId.eq(id.as_uuid())));
    all = all.add_option(filter.credential.map(|id| C::CredentialId.eq(id.as_uuid())));
    all = all.add_option(filter.text.as_deref().map(|text| by_text(tenant, text)));
    all = all.add_option(filter.since.map(|at| C::At.gte(at.as_micros())));
    all = all.add_option(filter.until.map(|at| C::At.lt(at.as_micros())));
    all = all.add_option(filter.after.map(|id| C::Id.lt(id.as_uuid())));
    sync_event::Entity::find().filter(all)
}

fn by_text(tenant: Uuid, text: &str) -> Condition {
    use sync_event_identifier::Column as I;
    let key = scim::comparison::key(text);
    let mut range = Condition::all().add(I::TenantId.eq(tenant)).add(I::Identifier.gte(key.as_str()));
    if let Some(end) = crate::filter_sql::successor(&key) {
        range = range.add(I::Identifier.lt(end));
    }
    let found = Query::select().column(I::EventId).from(sync_event_identifier::Entity).cond_where(range).to_owned();
    let mut any = Condition::any().add(sync_event::Column::Id.in_subquery(found));
    if let Ok(id) = text.trim().parse::<Uuid>() {
        any = any.add(sync_event::Column::Id.eq(id)).add(sync_event::Column::ResourceId.eq(id));
    }
    any
}
