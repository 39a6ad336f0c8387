//! Which groups of a tenant give which role of the app.

use std::collections::HashMap;

use domain::{GroupId, Right};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{Mapped, MappedGroup, Preview, PreviewPerson, Previewed};

use crate::answer::Done;
use crate::app_roles::{self, AppRoleView, key};
use crate::auth::Signed;
use crate::failure::Failure;
use crate::paging::Page;
use crate::service::Tag;
use crate::value::Time;

pub(crate) struct RoleMappings;

/// A group that gives a role of the app.
#[derive(Debug, Object)]
#[oai(rename = "RoleMapping", rename_all = "camelCase", skip_serializing_if_is_none)]
struct MappingView {
    /// The group.
    group_id: String,
    /// Its name; absent once the group was deleted. It gives nobody anything then.
    group_name: Option<String>,
    /// The role's key.
    role: String,
    /// When it was mapped.
    created_at: Time,
    /// Who did it.
    created_by: String,
}

/// A role of the app as a tenant uses it.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct TenantRole {
    /// The role.
    #[oai(flatten)]
    role: AppRoleView,
    /// How many of the tenant's people have it, by the changes so far.
    people: u64,
    /// The groups that give it.
    groups: Vec<MappingView>,
}

/// A mapping that is thought of.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct MappingIdea {
    /// The group.
    group_id: String,
    /// The role's key.
    role: String,
    /// Whether the mapping is to be dropped and not saved.
    #[oai(default)]
    remove: bool,
}

/// Somebody who gets or loses a role.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct RolePreviewPerson {
    /// Their id.
    id: String,
    /// Their userName.
    user_name: String,
    /// Their best human name.
    name: String,
}

/// What a mapping would change.
#[derive(Debug, Object)]
struct RolePreview {
    /// How many people get the role.
    gains: u64,
    /// How many people lose it.
    loses: u64,
    /// The first of them by name, 50 at most.
    people: Vec<RolePreviewPerson>,
    /// Whether there are more.
    more: bool,
}

#[OpenApi(tag = "Tag::Access")]
impl RoleMappings {
    /// The roles of the app in a tenant
    ///
    /// All of them by their keys, each with the groups that give it and the number of people who have it.
    #[oai(path = "/tenants/:tenant/roles", method = "get", operation_id = "listTenantRoles")]
    async fn roles(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<TenantRole>>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let mut groups: HashMap<String, Vec<MappingView>> = HashMap::new();
        for mapped in visit.store.role_mappings().list().await? {
            groups.entry(mapped.role.to_string()).or_default().push(view(mapped));
        }
        let roles = visit.store.roles().await?.into_iter().map(|(role, people)| {
            let groups = groups.remove(role.key.as_str()).unwrap_or_default();
            TenantRole { role: app_roles::view(role), people, groups }
        });
        Ok(Json(Page::whole(roles.collect())))
    }

    /// Which groups of a tenant give which role
    #[oai(path = "/tenants/:tenant/role-mappings", method = "get", operation_id = "listRoleMappings")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<MappingView>>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        Ok(Json(Page::whole(visit.store.role_mappings().list().await?.into_iter().map(view).collect())))
    }

    /// Who would get or lose a role
    ///
    /// Exact at the moment of the call: people who are active and in the group, directly or through groups in it, and get
    /// the role from no other group. Changes nothing.
    #[oai(path = "/tenants/:tenant/role-mappings/preview", method = "post", operation_id = "previewRoleMapping")]
    async fn preview(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<MappingIdea>,
    ) -> Result<Json<RolePreview>, Failure> {
        let visit = caller.0.enter_to(Right::RolesMap, &tenant.0).await?;
        let MappingIdea { group_id, role, remove } = body.0;
        let (group, role) = (self::group(&group_id)?, key(&role)?);
        match visit.store.role_mappings().preview(group, &role, remove).await? {
            Previewed::Known(found) => Ok(Json(preview(found, remove))),
            Previewed::Unknown => Err(Failure::NotFound),
            Previewed::TooWide => Err(Failure::field("groupId", "more than 20000 groups are in those that give the role")),
        }
    }

    /// Let a group give a role
    ///
    /// To everybody active who is in it, directly or through groups in it. Each gets a `user.roles_changed` in the feed,
    /// soon after the call is answered. A tenant has at most 1,000 mappings.
    #[oai(path = "/tenants/:tenant/role-mappings/:group/:role", method = "put", operation_id = "mapRole")]
    async fn map(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The group's id.
        group: Path<String>,
        /// The role's key.
        role: Path<String>,
    ) -> Result<Done, Failure> {
        let visit = caller.0.enter_to(Right::RolesMap, &tenant.0).await?;
        let (group, role) = (self::group(&group.0)?, key(&role.0)?);
        match visit.store.role_mappings().map(group, &role, &visit.author).await? {
            Mapped::Done | Mapped::Before => Ok(Done::Done),
            Mapped::Unknown => Err(Failure::NotFound),
        }
    }

    /// Let a group give a role no longer
    ///
    /// Who gets it from no other group loses it; each gets a `user.roles_changed` in the feed, soon after the call is
    /// answered.
    #[oai(path = "/tenants/:tenant/role-mappings/:group/:role", method = "delete", operation_id = "unmapRole")]
    async fn unmap(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The group's id.
        group: Path<String>,
        /// The role's key.
        role: Path<String>,
    ) -> Result<Done, Failure> {
        let visit = caller.0.enter_to(Right::RolesMap, &tenant.0).await?;
        let (group, role) = (self::group(&group.0)?, key(&role.0)?);
        let dropped = visit.store.role_mappings().unmap(group, &role, &visit.author).await?;
        if dropped { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }
}

fn group(text: &str) -> Result<GroupId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

fn view(mapped: MappedGroup) -> MappingView {
    MappingView {
        group_id: mapped.group.to_string(),
        group_name: mapped.group_name,
        role: mapped.role.to_string(),
        created_at: Time(mapped.created_at),
        created_by: mapped.created_by,
    }
}

fn preview(found: Preview, remove: bool) -> RolePreview {
    let Preview { people, first } = found;
    let more = people > first.len() as u64;
    let (gains, loses) = if remove { (0, people) } else { (people, 0) };
    let person = |PreviewPerson { id, user_name, name }| RolePreviewPerson { id: id.to_string(), user_name, name };
    RolePreview { gains, loses, people: first.into_iter().map(person).collect(), more }
}
