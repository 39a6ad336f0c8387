//! Groups of a tenant and their members, read only. No answer holds more members than a page.

use domain::{Group, GroupId, Member, ResourceKind, Right};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{Listing, Mark, WaitingMember, Window};
use uuid::Uuid;

use crate::auth::Signed;
use crate::directory_filter;
use crate::failure::Failure;
use crate::paging::{self, Page};
use crate::service::Tag;
use crate::users::{condition, search_text};
use crate::value::{Document, Time, Word};

/// Most groups that are named of those that wait for somebody.
const NAMED: u32 = 5;

pub(crate) struct Groups;

/// A group in a list.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct GroupSummary {
    /// Our id.
    id: String,
    /// Its name.
    display_name: String,
    /// The IdP's id.
    external_id: Option<String>,
    /// How many members it has.
    members: u64,
    /// When it was created.
    created_at: Time,
    /// When it or its members last changed.
    updated_at: Time,
}

/// A group, without its members.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct GroupDetail {
    /// What a list shows of it.
    #[oai(flatten)]
    summary: GroupSummary,
    /// Counts accepted changes, those of members included, from 1.
    version: u64,
    /// The SCIM resource as the IdP sent it, in canonical form, without members.
    resource: Document,
    /// How many members the IdP named that are not here yet.
    unresolved_members: u64,
}

/// A member of a group.
#[derive(Debug, Object)]
#[oai(rename = "Member", rename_all = "camelCase", skip_serializing_if_is_none)]
struct MemberView {
    /// Its id.
    id: String,
    /// Person or group.
    #[oai(rename = "type")]
    kind: Word<ResourceKind>,
    /// Its best human name.
    name: String,
    /// A person's userName.
    user_name: Option<String>,
    /// Whether a person may use the app.
    active: Option<bool>,
}

/// Somebody whom the IdP named as a member of a group, and who is not here yet.
#[derive(Debug, Object)]
#[oai(rename = "UnresolvedMember", rename_all = "camelCase", skip_serializing_if_is_none)]
struct WaitingView {
    /// The reference, as sent.
    value: String,
    /// What the IdP calls it, when it said so.
    #[oai(rename = "type")]
    kind: Option<Word<ResourceKind>>,
    /// Since when it waits.
    since: Time,
    /// The request that named it first, where it is known; it may have left the log since.
    request_id: Option<String>,
}

/// A group that waits for members.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct WaitingGroup {
    /// Our id.
    id: String,
    /// Its name.
    display_name: String,
    /// How many members the IdP named that are not here yet.
    unresolved_members: u64,
}

/// Members of a tenant's groups who are not here yet.
#[derive(Debug, Object)]
struct UnresolvedMembers {
    /// How many, each once a group.
    members: u64,
    /// How many groups wait for them; no more than 10,000 groups are counted.
    groups: u64,
    /// Those of them that wait for most, five at most.
    most: Vec<WaitingGroup>,
}

#[OpenApi(tag = "Tag::Directory")]
impl Groups {
    /// The groups of a tenant
    ///
    /// In order of creation. `total` is there when nothing is searched for. A filter that cannot be answered to the letter is
    /// refused, and the answer says why.
    #[oai(path = "/tenants/:tenant/groups", method = "get", operation_id = "listGroups")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The beginning of a name, or a whole externalId or id.
        search: Query<Option<String>>,
        /// Only groups that meet this filter, in the grammar of SCIM (RFC 7644 §3.4.2.2), such as
        /// `members.value eq "019a3c2e-7b1d-7000-8000-000000000000"`.
        filter: Query<Option<String>>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<GroupSummary>>, Failure> {
        const SEARCHED: &str = "displayName sw ? or externalId eq ? or id eq ?";
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let (limit, last) = (paging::limit(limit.0)?, paging::cursor::<Uuid>(after.0.as_deref())?);
        let search = search_text(search.0)?;
        let filter = directory_filter::condition(&visit, ResourceKind::Group, filter.0.as_deref()).await?;
        let condition = search.as_deref().map(|text| condition(ResourceKind::Group, SEARCHED, text)).transpose()?;
        let condition = directory_filter::both(condition, filter);
        let total = match condition {
            Some(_) => None,
            None => Some(visit.store.counters().await?.groups),
        };
        let window = Window::After { last: last.map(Mark::at), count: limit + 1 };
        let listing = Listing { condition, sort: None, window, total: false };
        let turn = directory_filter::take_turn(&visit, &listing, ResourceKind::Group).await?;
        let groups = visit.store.groups().list(&listing).await?.items;
        drop(turn);
        Ok(Json(Page::cut(groups.iter().map(summary).collect(), limit, |group| group.id.clone()).of(total)))
    }

    /// One group
    #[oai(path = "/tenants/:tenant/groups/:group", method = "get", operation_id = "getGroup")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The group's id.
        group: Path<String>,
    ) -> Result<Json<GroupDetail>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let id: GroupId = group.0.parse().map_err(|_| Failure::NotFound)?;
        let group = visit.store.groups().find(id).await?.ok_or(Failure::NotFound)?;
        Ok(Json(GroupDetail {
            summary: summary(&group),
            version: group.version,
            unresolved_members: group.waiting,
            resource: Document(group.resource.into_value()),
        }))
    }

    /// The members of a group
    ///
    /// With `effective` the people who are in it in the end, themselves or through groups in it at any depth, each once.
    /// That is refused for a group in which there are more than 1,000 groups.
    #[oai(path = "/tenants/:tenant/groups/:group/members", method = "get", operation_id = "listMembers")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list, and the document is made of them")]
    async fn members(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The group's id.
        group: Path<String>,
        /// The beginning of a member's userName, displayName or family name.
        search: Query<Option<String>>,
        /// Whether those are wanted who are in it in the end; does not go together with `search`.
        effective: Query<Option<bool>>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<MemberView>>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let id: GroupId = group.0.parse().map_err(|_| Failure::NotFound)?;
        let (limit, last) = (paging::limit(limit.0)?, paging::cursor::<Uuid>(after.0.as_deref())?);
        visit.store.groups().find(id).await?.ok_or(Failure::NotFound)?;
        let members = match (search_text(search.0)?, effective.0.unwrap_or(false)) {
            (Some(_), true) => return Err(Failure::field("search", "does not go together with effective")),
            (Some(text), false) => visit.store.members().search(id, &text, last, limit + 1).await?,
            (None, false) => visit.store.members().list(id, last, limit + 1).await?,
            (None, true) => {
                let people = visit.store.members().effective(id, last, limit + 1).await?;
                people.ok_or_else(|| Failure::field("effective", "more than 1000 groups are in this group"))?
            }
        };
        Ok(Json(Page::cut(members.into_iter().map(member).collect(), limit, |member| member.id.clone())))
    }

    /// The members of a group who are not here yet
    ///
    /// Those whom the IdP named. They join when it sends them. In the order of their references.
    #[oai(path = "/tenants/:tenant/groups/:group/unresolved-members", method = "get", operation_id = "listUnresolvedMembers")]
    async fn unresolved_members(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The group's id.
        group: Path<String>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<WaitingView>>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let id: GroupId = group.0.parse().map_err(|_| Failure::NotFound)?;
        let limit = paging::limit(limit.0)?;
        // A place in the list is the reference that stands there.
        let last = after.0.as_deref();
        if last.is_some_and(|last| last.contains('\0')) {
            return Err(Failure::field("after", "is no cursor of this list"));
        }
        visit.store.groups().find(id).await?.ok_or(Failure::NotFound)?;
        let waiting = visit.store.members().list_waiting(id, last, limit + 1).await?;
        Ok(Json(Page::cut(waiting.into_iter().map(waits).collect(), limit, |member| member.value.clone())))
    }

    /// How many members of a tenant's groups are not here yet
    ///
    /// Those whom the IdP named, and the groups that wait for most of them.
    #[oai(path = "/tenants/:tenant/unresolved-members", method = "get", operation_id = "countUnresolvedMembers")]
    async fn all_unresolved_members(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<UnresolvedMembers>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let waiting = visit.store.groups().waiting(NAMED).await?;
        let most = waiting.most.iter().map(|group| WaitingGroup {
            id: group.id.to_string(),
            display_name: group.resource.display_name().unwrap_or_default().to_owned(),
            unresolved_members: group.waiting,
        });
        Ok(Json(UnresolvedMembers { members: waiting.members, groups: waiting.groups, most: most.collect() }))
    }
}

fn waits(member: WaitingMember) -> WaitingView {
    let WaitingMember { value, kind, since, request_id } = member;
    WaitingView { value, kind: kind.map(Word), since: Time(since), request_id }
}

fn summary(group: &Group) -> GroupSummary {
    GroupSummary {
        id: group.id.to_string(),
        display_name: group.resource.display_name().unwrap_or_default().to_owned(),
        external_id: group.resource.external_id().map(str::to_owned),
        members: group.members,
        created_at: Time(group.created_at),
        updated_at: Time(group.updated_at),
    }
}

fn member(member: Member) -> MemberView {
    let Member { id, kind, name, user_name, active } = member;
    MemberView { id: id.to_string(), kind: Word(kind), name, user_name, active }
}
