//! Who is in a tenant, and as what.

use domain::{AdminId, Right, Role};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::AdminRecord;

use crate::answer::Done;
use crate::auth::{Caller, Signed, Visit};
use crate::failure::Failure;
use crate::paging::{self, Page};
use crate::service::Tag;
use crate::value::{Time, Word};

pub(crate) struct People;

/// A person with a role in the tenant.
#[derive(Debug, Object)]
#[oai(rename = "TenantPerson", rename_all = "camelCase")]
struct TenantPersonView {
    /// Their id.
    id: String,
    /// Their e-mail address.
    email: String,
    /// Their name.
    name: String,
    /// What they are here.
    role: Word<Role>,
    /// Whether it is the caller.
    you: bool,
    /// When they came to the console.
    created_at: Time,
}

/// Another role.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewRole {
    /// `admin`, `developer` or `viewer`.
    role: Word<Role>,
}

#[OpenApi(tag = "Tag::People")]
impl People {
    /// The people of a tenant
    ///
    /// Those with a role in it, in the order they came; operators are in no list of a tenant.
    #[oai(path = "/tenants/:tenant/people", method = "get", operation_id = "listPeople")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<TenantPersonView>>, Failure> {
        let visit = caller.0.enter_to(Right::PeopleManage, &tenant.0).await?;
        let (limit, after) = (paging::limit(limit.0)?, paging::cursor::<AdminId>(after.0.as_deref())?);
        let (system, own) = (visit.shared.store.system(), own_id(&caller.0));
        let people = system.list_people(Some(visit.tenant.id), after, limit + 1).await?;
        let views = people.into_iter().filter_map(|record| view(&visit, record, own)).collect();
        Ok(Json(Page::cut(views, limit, |person: &TenantPersonView| person.id.clone())))
    }

    /// Give a person another role in a tenant
    ///
    /// Nobody changes their own role. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/people/:person", method = "patch", operation_id = "changePerson")]
    async fn change(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The person's id.
        person: Path<String>,
        body: Json<NewRole>,
    ) -> Result<Done, Failure> {
        let visit = caller.0.enter_to(Right::PeopleManage, &tenant.0).await?;
        caller.0.demand_recent()?;
        let role = tenant_role(body.0.role.0)?;
        let id = other_person(&caller.0, &person.0)?;
        if visit.store.set_role(id, role, &visit.author).await? { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }

    /// Take a person out of a tenant
    ///
    /// They cannot enter from the next request on. Nobody takes themselves out. Needs a sign-in within the last 15 minutes
    /// (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/people/:person", method = "delete", operation_id = "removePerson")]
    async fn remove(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The person's id.
        person: Path<String>,
    ) -> Result<Done, Failure> {
        let visit = caller.0.enter_to(Right::PeopleManage, &tenant.0).await?;
        caller.0.demand_recent()?;
        let id = other_person(&caller.0, &person.0)?;
        if visit.store.revoke_role(id, &visit.author).await? { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }
}

/// A role that can be held in a tenant.
pub(crate) fn tenant_role(role: Role) -> Result<Role, Failure> {
    if role == Role::Operator { Err(Failure::field("role", "is admin, developer or viewer")) } else { Ok(role) }
}

/// The id of somebody who is not the caller.
///
/// # Errors
/// [`Failure::Yourself`], so that nobody shuts themselves out by mistake.
pub(crate) fn other_person(caller: &Caller, id: &str) -> Result<AdminId, Failure> {
    let id: AdminId = id.parse().map_err(|_| Failure::NotFound)?;
    if own_id(caller) == Some(id) { Err(Failure::Yourself) } else { Ok(id) }
}

fn own_id(caller: &Caller) -> Option<AdminId> {
    caller.person().ok().map(|(_, record)| record.admin.id)
}

fn view(visit: &Visit, record: AdminRecord, own: Option<AdminId>) -> Option<TenantPersonView> {
    let held = record.roles.iter().find(|held| held.tenant == visit.tenant.id)?;
    Some(TenantPersonView {
        id: record.admin.id.to_string(),
        role: Word(held.role),
        you: own == Some(record.admin.id),
        email: record.admin.email,
        name: record.admin.name,
        created_at: Time(record.admin.created_at),
    })
}
