//! People of a tenant, read only.

mod listed;

use std::collections::HashMap;

use domain::{ConnectionId, ResourceKind, Right, User, UserId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use scim::{Condition, Filter, ResourceSchema};
use store::TenantStore;
use uuid::Uuid;

use self::listed::Wanted;
use crate::auth::Signed;
use crate::directory_filter;
use crate::failure::Failure;
use crate::paging::{self, Page};
use crate::service::Tag;
use crate::value::{Document, Time};

/// Most bytes of a search.
const SEARCH: usize = 256;

pub(crate) struct Users;

/// A person in a list.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct UserSummary {
    /// Our id.
    id: String,
    /// What they sign in with.
    user_name: String,
    /// The name to show, as the IdP sent it.
    display_name: Option<String>,
    /// Their best human name.
    name: Option<String>,
    /// Their first e-mail address.
    email: Option<String>,
    /// The IdP's id.
    external_id: Option<String>,
    /// Whether they may use the app.
    active: bool,
    /// When they were created.
    created_at: Time,
    /// When they last changed.
    updated_at: Time,
    /// How many groups they are a member of themselves.
    groups: u64,
    /// The connection that changed them last; absent when that change is no longer kept.
    connection_id: Option<String>,
}

/// A person's manager.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Manager {
    /// Our id of them; absent when they are not here yet.
    id: Option<String>,
    /// What the IdP sent.
    value: String,
    /// Their name.
    display_name: Option<String>,
}

/// A person.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct UserDetail {
    /// What a list shows of them.
    #[oai(flatten)]
    summary: UserSummary,
    /// Counts accepted changes, from 1.
    version: u64,
    /// The SCIM resource as the IdP sent it, in canonical form.
    resource: Document,
    /// Their manager.
    manager: Option<Manager>,
}

/// How somebody is in a group.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "lowercase")]
enum Membership {
    /// Themselves.
    Direct,
    /// Through a group in the group.
    Indirect,
}

/// A group somebody is in.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct GroupOfUser {
    /// The group's id.
    id: String,
    /// Its name.
    display_name: String,
    /// How they are in it.
    #[oai(rename = "type")]
    kind: Membership,
}

#[OpenApi(tag = "Tag::Directory")]
impl Users {
    /// The people of a tenant
    ///
    /// In order of creation, or with `changedSince` and without `search` and `filter` the newest change first. `total` is there
    /// when nothing is searched or filtered for but `active`. A page may be short or empty and more be behind it: go on while
    /// there is a `next`. A filter that cannot be answered to the letter is refused, and the answer says why. Of a tenant one
    /// list that looks through its directory is answered at a time, and three wait (`too_many_at_once`).
    #[oai(path = "/tenants/:tenant/users", method = "get", operation_id = "listUsers")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list, and the document is made of them")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The beginning of a userName, displayName, family name or e-mail address, or a whole externalId or id.
        search: Query<Option<String>>,
        /// Only people who are active, or only those who are not.
        active: Query<Option<bool>>,
        /// Only people who meet this filter, in the grammar of SCIM (RFC 7644 §3.4.2.2), such as
        /// `emails.value ew "@acme.com" and title pr`.
        filter: Query<Option<String>>,
        /// Only people who changed at this moment or later (RFC 3339).
        #[oai(name = "changedSince")]
        changed_since: Query<Option<Time>>,
        /// Only people who are a member of a group themselves, or only those who are in none.
        #[oai(name = "inGroup")]
        in_group: Query<Option<bool>>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<UserSummary>>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let wanted = Wanted {
            search: search_text(search.0)?,
            filter: directory_filter::condition(&visit, ResourceKind::User, filter.0.as_deref()).await?,
            active: active.0,
            changed_since: changed_since.0.map(|since| since.0),
            in_group: in_group.0,
            after: after.0,
            limit: paging::limit(limit.0)?,
        };
        let (users, next) = listed::page(&visit, &wanted).await?;
        let mut items = summaries(&visit.store, users).await?;
        items.retain(|user| wanted.in_group.is_none_or(|in_group| (user.groups > 0) == in_group));
        let total = match &wanted {
            Wanted { search: None, filter: None, changed_since: None, in_group: None, active, .. } => {
                let counters = visit.store.counters().await?;
                Some(match active {
                    None => counters.users,
                    Some(true) => counters.active_users,
                    Some(false) => counters.users.saturating_sub(counters.active_users),
                })
            }
            _ => None,
        };
        Ok(Json(Page { items, next, total }))
    }

    /// One person
    #[oai(path = "/tenants/:tenant/users/:user", method = "get", operation_id = "getUser")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The person's id.
        user: Path<String>,
    ) -> Result<Json<UserDetail>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let id: UserId = user.0.parse().map_err(|_| Failure::NotFound)?;
        let user = visit.store.users().find(id).await?.ok_or(Failure::NotFound)?;
        let manager = manager(&visit.store, &user).await?;
        let (version, resource) = (user.version, Document(user.resource.clone().into_value()));
        let own = [user.id.as_uuid()];
        let (groups, sources) = (visit.store.members().count_direct(&own).await?, visit.store.sources(&own).await?);
        let summary = summary(&user, &groups, &sources);
        Ok(Json(UserDetail { summary, version, resource, manager }))
    }

    /// The groups a person is in
    ///
    /// Direct ones first, then by name. When the group that `after` names is no longer one of them, the list is to be begun
    /// anew: 400.
    #[oai(path = "/tenants/:tenant/users/:user/groups", method = "get", operation_id = "listGroupsOfUser")]
    async fn groups(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The person's id.
        user: Path<String>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<GroupOfUser>>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let id: UserId = user.0.parse().map_err(|_| Failure::NotFound)?;
        let (limit, last) = (paging::limit(limit.0)?, paging::cursor::<Uuid>(after.0.as_deref())?);
        visit.store.users().find(id).await?.ok_or(Failure::NotFound)?;
        let mut groups = visit.store.members().groups_of(&[id.as_uuid()]).await?.remove(&id.as_uuid()).unwrap_or_default();
        if let Some(last) = last {
            // Where it stood nobody knows any more; an end would be taken for one.
            let place = groups.iter().position(|group| group.id.as_uuid() == last);
            let place = place.ok_or_else(|| Failure::field("after", "is no cursor of this list"))?;
            groups.drain(..=place);
        }
        let views = groups.into_iter().map(|group| GroupOfUser {
            id: group.id.to_string(),
            display_name: group.display_name,
            kind: if group.direct { Membership::Direct } else { Membership::Indirect },
        });
        Ok(Json(Page::cut(views.collect(), limit, |group| group.id.clone())))
    }
}

/// A search without spaces around it; none when nothing is left.
pub(crate) fn search_text(text: Option<String>) -> Result<Option<String>, Failure> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.len() > SEARCH || text.contains('\0') => Err(Failure::field("search", "has at most 256 bytes")),
        text => Ok(text),
    }
}

/// A SCIM filter over people or groups as a condition; `text` stands for each `?` in it, as a literal.
pub(crate) fn condition(kind: ResourceKind, filter: &str, text: &str) -> Result<Condition, Failure> {
    let literal = serde_json::Value::from(text).to_string();
    let schema = match kind {
        ResourceKind::User => ResourceSchema::user(),
        ResourceKind::Group => ResourceSchema::group(),
    };
    let parsed = Filter::parse(&filter.replace('?', &literal)).map_err(|_| Failure::field("search", "cannot be read"))?;
    Condition::resolve(&parsed, &schema).map_err(|_| Failure::field("search", "cannot be answered"))
}

async fn summaries(store: &TenantStore, users: Vec<User>) -> Result<Vec<UserSummary>, Failure> {
    let ids: Vec<Uuid> = users.iter().map(|user| user.id.as_uuid()).collect();
    let (groups, sources) = (store.members().count_direct(&ids).await?, store.sources(&ids).await?);
    Ok(users.iter().map(|user| summary(user, &groups, &sources)).collect())
}

fn summary(user: &User, groups: &HashMap<Uuid, u64>, sources: &HashMap<Uuid, ConnectionId>) -> UserSummary {
    let (resource, id) = (&user.resource, user.id.as_uuid());
    let text = |value: Option<&str>| value.map(str::to_owned);
    UserSummary {
        id: user.id.to_string(),
        user_name: resource.user_name().unwrap_or_default().to_owned(),
        display_name: text(resource.display_name()),
        name: resource.best_name(),
        email: text(resource.emails().next()),
        external_id: text(resource.external_id()),
        active: user.active,
        created_at: Time(user.created_at),
        updated_at: Time(user.updated_at),
        groups: groups.get(&id).copied().unwrap_or_default(),
        connection_id: sources.get(&id).map(ToString::to_string),
    }
}

async fn manager(store: &TenantStore, user: &User) -> Result<Option<Manager>, Failure> {
    let Some(value) = user.resource.manager() else { return Ok(None) };
    let found = match value.parse::<UserId>() {
        Ok(id) => store.users().find(id).await?,
        Err(_) => None,
    };
    let (id, display_name) = (found.as_ref().map(|user| user.id.to_string()), found.and_then(|user| user.resource.best_name()));
    Ok(Some(Manager { id, value: value.to_owned(), display_name }))
}
