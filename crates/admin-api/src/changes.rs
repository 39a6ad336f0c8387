//! The changes of a tenant, in commit order without gaps.

use std::collections::HashMap;
use std::time::Duration;

use domain::change::{ChangeDetails, MemberDelta};
use domain::{Actor, Change, ChangeKind, Connection, Idp, ResourceKind, Right, Timestamp};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use store::{AcknowledgedChange, FeedQuery, TenantStore};
use uuid::Uuid;

use crate::acknowledgements::ReaderView;
use crate::auth::Signed;
use crate::change_feed::{self, MOST_WAIT};
use crate::failure::Failure;
use crate::paging;
use crate::service::Tag;
use crate::value::{Document, Time, Word};
use crate::webhooks::{self, ChangeDeliveryView};

/// Most members of one change that are given their names, and of one answer.
const NAMED: usize = 20;
const NAMED_IN_ALL: usize = 1_000;

pub(crate) struct Changes;

/// Which way the feed is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
enum Order {
    /// Oldest first, as a consumer follows it.
    Asc,
    /// Newest first.
    Desc,
}

/// What kind of actor wrote a change.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "lowercase")]
enum ActorKind {
    /// An IdP, through a connection.
    Connection,
    /// A person in the console or on the command line.
    Admin,
    /// The service itself.
    System,
}

/// Who wrote a change.
#[derive(Debug, Object)]
#[oai(rename = "Actor", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ActorView {
    /// What kind of actor it is.
    kind: ActorKind,
    /// The connection.
    connection_id: Option<String>,
    /// The connection's name.
    connection_name: Option<String>,
    /// The credential it used.
    credential_id: Option<String>,
    /// The connection's IdP.
    idp: Option<Word<Idp>>,
    /// The person.
    admin_id: Option<String>,
}

/// A member that came or went.
#[derive(Debug, Object)]
#[oai(rename = "MemberDelta", skip_serializing_if_is_none)]
struct MemberView {
    /// Its id.
    id: String,
    /// Person or group.
    #[oai(rename = "type")]
    kind: String,
    /// Its name today; only for the first 20 members of a change, and only while it is here.
    name: Option<String>,
}

/// How many members came and went.
#[derive(Debug, Object)]
struct MemberCounts {
    /// Came.
    added: u64,
    /// Went.
    removed: u64,
}

/// One accepted write to one resource.
#[derive(Debug, Object)]
#[oai(rename = "Change", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ChangeView {
    /// Its number in the tenant: from 1, without gaps, in commit order.
    seq: u64,
    /// What happened, such as `user.created`.
    #[oai(rename = "type")]
    kind: String,
    /// The kind of resource it happened to.
    resource_type: Word<ResourceKind>,
    /// The resource.
    resource_id: String,
    /// The resource's best human name at that time.
    resource_name: Option<String>,
    /// The resource's version after it.
    version: u64,
    /// When it was written.
    at: Time,
    /// The request that caused it.
    request_id: Option<String>,
    /// Who wrote it.
    actor: ActorView,
    /// The resource before; absent for creations.
    before: Option<Document>,
    /// The resource after; absent for deletions.
    after: Option<Document>,
    /// Members that came, at most 1,000.
    members_added: Option<Vec<MemberView>>,
    /// Members that went, at most 1,000.
    members_removed: Option<Vec<MemberView>>,
    /// How many members came and went.
    member_counts: Option<MemberCounts>,
    /// Groups that a deleted person or group left.
    groups_left: Option<Vec<String>>,
    /// Keys of the roles of the app that the person got; with `user.roles_changed`.
    roles_added: Option<Vec<String>>,
    /// Keys of the roles that the person lost; with `user.roles_changed`.
    roles_removed: Option<Vec<String>>,
    /// Keys of all roles that the person has after it; with `user.roles_changed`.
    roles: Option<Vec<String>>,
    /// Who said when that it is applied; in stories only, and of ten readers at most.
    acknowledged: Option<Vec<AcknowledgedView>>,
    /// Where it stands with the tenant's webhooks; in stories only, and for those who look after webhooks.
    deliveries: Option<Vec<ChangeDeliveryView>>,
}

/// That a reader of the feed has applied a change.
#[derive(Debug, Object)]
#[oai(rename = "AcknowledgedChange")]
struct AcknowledgedView {
    /// Who.
    reader: ReaderView,
    /// When it said so.
    at: Time,
    /// How many whole seconds that was after the change.
    seconds: u64,
}

/// A part of the feed.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct ChangePage {
    /// The changes.
    items: Vec<ChangeView>,
    /// What to send as `after` for the changes that come next on the way that is read; absent when there are none now. It
    /// may stand beside few changes or none where `type` or `resourceType` leaves others out: ask on.
    next: Option<u64>,
    /// The number up to which all was looked at, whether or not it passed the filter. Oldest first, who follows the feed
    /// keeps it and sends it as `after` next time. Newest first, it is where the look down began.
    through: Option<u64>,
}

impl ChangeView {
    /// Its number in the tenant.
    pub(crate) fn seq(&self) -> u64 {
        self.seq
    }
}

#[OpenApi(tag = "Tag::Activity")]
impl Changes {
    /// The changes of a tenant
    ///
    /// Follow the feed with `through` of one answer as `after` of the next call, and `wait` so that a call is answered as
    /// soon as there is something: nothing is missed and nothing comes twice. Begin with 0, or with the `seq` of a snapshot.
    /// A number whose followers are no longer kept is refused with 410 and `changes_removed`: take a snapshot then. Of one
    /// caller at most 16 calls wait at a time in a tenant; more are refused with 429.
    ///
    /// To look back, ask with `order=desc` and go on with `next` as `after`. Under `type` or `resourceType` one call looks
    /// through 5,000 numbers, or with `resource` through 5,000 changes of that resource. So there may be few items or none
    /// and a `next` all the same; all that is kept was looked at once `next` is absent.
    #[oai(path = "/tenants/:tenant/changes", method = "get", operation_id = "listChanges")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the feed, and the document is made of them")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// Only changes after this number, 0 without it; with `order=desc` before it, and the newest without it.
        after: Query<Option<u64>>,
        /// Most changes, 1 to 200.
        limit: Query<Option<u64>>,
        /// Which way to read, `asc` without it.
        order: Query<Option<Order>>,
        /// Only changes of the resource with this id.
        resource: Query<Option<Uuid>>,
        /// Only changes of these types, with commas between.
        #[oai(name = "type")]
        types: Query<Option<String>>,
        /// Only changes of this kind of resource.
        #[oai(name = "resourceType")]
        resource_type: Query<Option<Word<ResourceKind>>>,
        /// Oldest first: how many seconds to wait for a change when there is none, 0 to 25.
        wait: Query<Option<u64>>,
    ) -> Result<Json<ChangePage>, Failure> {
        let visit = caller.0.enter_to(Right::ChangesRead, &tenant.0).await?;
        let limit = paging::limit(limit.0)?;
        let (kinds, wait) =
            (change_feed::kinds(types.0.as_deref(), resource_type.0.map(|word| word.0))?, wait.0.unwrap_or_default());
        if wait > MOST_WAIT {
            return Err(Failure::field("wait", &format!("is at most {MOST_WAIT}")));
        }
        if order.0 != Some(Order::Desc) {
            let query = FeedQuery { after: after.0.unwrap_or_default(), kinds, resource: resource.0, limit };
            let wait = Duration::from_secs(wait);
            let page = change_feed::follow(&caller.0, visit.tenant.id, &visit.store, query, wait).await?;
            let next = (page.through < page.head).then_some(page.through);
            return Ok(Json(ChangePage { items: views(&visit.store, page.changes).await?, next, through: Some(page.through) }));
        }
        if wait > 0 {
            return Err(Failure::field("order", "newest first, nothing is waited for"));
        }
        let past = visit.store.feed().past(after.0, &kinds, resource.0, limit).await?;
        Ok(Json(ChangePage { items: views(&visit.store, past.changes).await?, next: past.next, through: Some(past.through) }))
    }
}

/// Changes with the names of what they speak of.
pub(crate) async fn views(store: &TenantStore, changes: Vec<Change>) -> Result<Vec<ChangeView>, Failure> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let connections = store.connections().list().await?;
    let names = names(store, &changes).await?;
    Ok(changes.into_iter().map(|change| view(change, &connections, &names)).collect())
}

async fn names(store: &TenantStore, changes: &[Change]) -> Result<HashMap<String, String>, Failure> {
    let details = changes.iter().filter_map(|change| change.change.details.as_ref());
    let members = details.flat_map(|details| {
        details.members_added.iter().take(NAMED).chain(details.members_removed.iter().take(NAMED)).map(|member| member.id)
    });
    let mut ids: Vec<Uuid> = members.take(NAMED_IN_ALL).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut names = HashMap::new();
    for user in store.users().find_many(&ids).await? {
        names.extend(user.resource.best_name().map(|name| (user.id.to_string(), name)));
    }
    ids.retain(|id| !names.contains_key(&id.to_string()));
    for group in store.groups().find_many(&ids).await? {
        names.extend(group.resource.best_name().map(|name| (group.id.to_string(), name)));
    }
    Ok(names)
}

fn view(change: Change, connections: &[Connection], names: &HashMap<String, String>) -> ChangeView {
    let Change { seq, at, actor, request_id, change } = change;
    let ChangeDetails { members_added, members_removed, groups_left, roles_added, roles_removed, roles } =
        change.details.unwrap_or_default();
    let told = change.kind == ChangeKind::UserRolesChanged;
    let of_roles = |keys: Vec<String>| told.then_some(keys);
    let (added, removed) = (members_added.len() as u64, members_removed.len() as u64);
    let members = |members: Vec<MemberDelta>| {
        let view = |MemberDelta { id, kind }: MemberDelta| {
            let id = id.to_string();
            MemberView { name: names.get(&id).cloned(), id, kind }
        };
        (!members.is_empty()).then(|| members.into_iter().map(view).collect())
    };
    ChangeView {
        seq,
        kind: change.kind.as_str().to_owned(),
        resource_type: Word(change.kind.resource_kind()),
        resource_id: change.resource_id.to_string(),
        resource_name: change.resource_name,
        version: change.version,
        at: Time(at),
        request_id,
        actor: actor_view(actor, connections),
        before: change.before.map(Document),
        after: change.after.map(Document),
        members_added: members(members_added),
        members_removed: members(members_removed),
        member_counts: (added + removed > 0).then_some(MemberCounts { added, removed }),
        groups_left: (!groups_left.is_empty()).then(|| groups_left.iter().map(Uuid::to_string).collect()),
        acknowledged: None,
        deliveries: None,
        roles_added: of_roles(roles_added),
        roles_removed: of_roles(roles_removed),
        roles: of_roles(roles),
    }
}

/// The same with who acknowledged each of them.
pub(crate) async fn views_with_acknowledgements(store: &TenantStore, changes: Vec<Change>) -> Result<Vec<ChangeView>, Failure> {
    let mut views = views(store, changes).await?;
    let numbers: Vec<u64> = views.iter().map(ChangeView::seq).collect();
    let mut found = store.acknowledgements().of_changes(&numbers).await?;
    for view in &mut views {
        let told = found.remove(&view.seq).unwrap_or_default();
        let made = view.at.0;
        view.acknowledged = Some(told.into_iter().map(|told| acknowledged(told, made)).collect());
    }
    Ok(views)
}

/// Adds where each of them stands with the tenant's webhooks.
pub(crate) async fn add_deliveries(store: &TenantStore, views: &mut [ChangeView]) -> Result<(), Failure> {
    let number = |view: &ChangeView| Some((view.seq, ChangeKind::parse(&view.kind)?));
    let changes: Vec<(u64, ChangeKind)> = views.iter().filter_map(number).collect();
    let mut found = webhooks::deliveries_of(store, &changes).await?;
    for view in views {
        view.deliveries = Some(found.remove(&view.seq).unwrap_or_default());
    }
    Ok(())
}

fn acknowledged(told: AcknowledgedChange, made: Timestamp) -> AcknowledgedView {
    let micros = told.at.as_micros().saturating_sub(made.as_micros());
    let seconds = u64::try_from(micros / 1_000_000).unwrap_or_default();
    AcknowledgedView { reader: told.reader.into(), at: Time(told.at), seconds }
}

fn actor_view(actor: Actor, connections: &[Connection]) -> ActorView {
    let nobody =
        |kind| ActorView { kind, connection_id: None, connection_name: None, credential_id: None, idp: None, admin_id: None };
    match actor {
        Actor::Connection { connection, credential } => {
            let known = connections.iter().find(|known| known.id == connection);
            ActorView {
                connection_id: Some(connection.to_string()),
                connection_name: known.map(|known| known.name.clone()),
                credential_id: Some(credential.to_string()),
                idp: known.map(|known| Word(known.idp)),
                ..nobody(ActorKind::Connection)
            }
        }
        Actor::Admin(admin) => ActorView { admin_id: Some(admin.to_string()), ..nobody(ActorKind::Admin) },
        Actor::System => nobody(ActorKind::System),
    }
}
