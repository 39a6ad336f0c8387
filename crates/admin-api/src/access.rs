//! What somebody is in and which roles of the app that gives them, in one call, for an app that asks at a sign-in.

use domain::{Right, RoleOfUser, UserId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{Access, FoundAccess, UserGroup, Whom};

use crate::auth::{Signed, Visit};
use crate::failure::Failure;
use crate::service::Tag;

/// Most bytes of a name.
const NAME: usize = 1_024;

pub(crate) struct AccessOfUsers;

/// A group that somebody is in.
#[derive(Debug, Object)]
#[oai(rename = "AccessGroup", rename_all = "camelCase", skip_serializing_if_is_none)]
struct GroupView {
    /// Our id.
    id: String,
    /// Its name.
    display_name: String,
    /// The IdP's id.
    external_id: Option<String>,
    /// Whether they are a member themselves, and not only through a group in it.
    direct: bool,
}

/// A role of the app that somebody has.
#[derive(Debug, Object)]
#[oai(rename = "AccessRole", rename_all = "camelCase")]
struct RoleView {
    /// Its key.
    key: String,
    /// Its name.
    name: String,
    /// The ids of the groups that give it to them, directly or through groups in these.
    through: Vec<String>,
}

/// What somebody is in and which roles that gives them, all of it at the moment of one change.
#[derive(Debug, Object)]
#[oai(rename = "UserAccess", rename_all = "camelCase", skip_serializing_if_is_none)]
struct AccessView {
    /// Our id.
    user_id: String,
    /// What they sign in with.
    user_name: String,
    /// The IdP's id.
    external_id: Option<String>,
    /// Whether they may use the app. Who may not keeps their groups.
    active: bool,
    /// The number of the last change that this answer holds.
    seq: u64,
    /// The groups they are in, direct ones first, then by name.
    groups: Vec<GroupView>,
    /// The roles of the app that the tenant maps these groups to, by key; none while the person is not active.
    roles: Vec<RoleView>,
}

#[OpenApi(tag = "Tag::Directory")]
impl AccessOfUsers {
    /// What a person is in and which roles they have
    ///
    /// Whether they are active, all of their groups, direct and through other groups, and the roles of the app that these
    /// groups give them, each with the groups that give it. All of it is of one moment: the answer is what the directory was
    /// after change `seq`. The feed tells the same roles a moment later, as `user.roles_changed`.
    #[oai(path = "/tenants/:tenant/users/:user/access", method = "get", operation_id = "getUserAccess")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The person's id.
        user: Path<String>,
    ) -> Result<Json<AccessView>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let id: UserId = user.0.parse().map_err(|_| Failure::NotFound)?;
        answer(&visit, &Whom::Id(id)).await
    }

    /// What a person is in and which roles they have, by a name of theirs
    ///
    /// The same as `getUserAccess` by `userName`, whatever its case, or by `externalId`, to the letter; one of them is needed.
    /// Nobody of that name is 404 (`not_found`), several people with one externalId 409 (`several_people`).
    #[oai(path = "/tenants/:tenant/access", method = "get", operation_id = "findUserAccess")]
    async fn find(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// A userName.
        #[oai(name = "userName")]
        user_name: Query<Option<String>>,
        /// An externalId.
        #[oai(name = "externalId")]
        external_id: Query<Option<String>>,
    ) -> Result<Json<AccessView>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let whom = match (user_name.0, external_id.0) {
            (Some(name), None) => Whom::UserName(name_of("userName", name)?),
            (None, Some(id)) => Whom::ExternalId(name_of("externalId", id)?),
            (None, None) => return Err(Failure::field("userName", "or externalId is needed")),
            (Some(_), Some(_)) => return Err(Failure::field("externalId", "does not go together with userName")),
        };
        answer(&visit, &whom).await
    }
}

fn name_of(field: &str, name: String) -> Result<String, Failure> {
    if name.is_empty() || name.len() > NAME || name.contains('\0') {
        return Err(Failure::field(field, &format!("is a text of 1 to {NAME} bytes")));
    }
    Ok(name)
}

async fn answer(visit: &Visit, whom: &Whom) -> Result<Json<AccessView>, Failure> {
    match visit.store.access(whom).await? {
        FoundAccess::Nobody => Err(Failure::NotFound),
        FoundAccess::Several => Err(Failure::SeveralPeople),
        FoundAccess::One(access) => Ok(Json(view(*access))),
    }
}

fn view(access: Access) -> AccessView {
    let Access { seq, user, groups, roles } = access;
    AccessView {
        user_id: user.id.to_string(),
        user_name: user.resource.user_name().unwrap_or_default().to_owned(),
        external_id: user.resource.external_id().map(str::to_owned),
        active: user.active,
        seq,
        groups: groups.into_iter().map(group).collect(),
        roles: roles.into_iter().map(role).collect(),
    }
}

fn role(role: RoleOfUser) -> RoleView {
    let through = role.through.iter().map(ToString::to_string).collect();
    RoleView { key: role.key.to_string(), name: role.name, through }
}

fn group(group: UserGroup) -> GroupView {
    let UserGroup { id, display_name, external_id, direct } = group;
    GroupView { id: id.to_string(), display_name, external_id, direct }
}
