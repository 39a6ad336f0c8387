//! Everybody in the console, as those see them who run the service.

use std::collections::{BTreeSet, HashMap};

use domain::admin::TenantRole;
use domain::{AdminId, Right, Role, Tenant, TenantId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{AdminChange, AdminRecord, PersonOutcome};

use crate::answer::{Created, Done, created};
use crate::auth::{Caller, Signed};
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::{self, Page};
use crate::password_resets::{self, ResetLink};
use crate::people::other_person;
use crate::service::Tag;
use crate::value::{Time, Word};

pub(crate) struct ServicePeople;

/// A role in a tenant.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct HeldRole {
    /// The tenant's id.
    tenant_id: String,
    /// The tenant's name.
    tenant: String,
    /// The tenant's short name in addresses.
    tenant_slug: String,
    /// What they are there.
    role: Word<Role>,
}

/// A person in the console.
#[derive(Debug, Object)]
#[oai(rename = "Person", rename_all = "camelCase")]
struct PersonView {
    /// Their id.
    id: String,
    /// Their e-mail address.
    email: String,
    /// Their name.
    name: String,
    /// Whether they run the whole service.
    operator: bool,
    /// Their roles in tenants.
    roles: Vec<HeldRole>,
    /// Whether it is the caller.
    you: bool,
    /// When they came.
    created_at: Time,
}

/// What of a person changes.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct PersonChange {
    /// Another name.
    name: Option<String>,
    /// Whether they run the whole service.
    operator: Option<bool>,
}

#[OpenApi(tag = "Tag::People")]
impl ServicePeople {
    /// Everybody in the console
    ///
    /// In the order they came.
    #[oai(path = "/people", method = "get", operation_id = "listAllPeople")]
    async fn list(
        &self,
        caller: Signed,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<PersonView>>, Failure> {
        let caller = caller.0;
        caller.demand(Right::SystemPeople)?;
        let (limit, after) = (paging::limit(limit.0)?, paging::cursor::<AdminId>(after.0.as_deref())?);
        let people = caller.shared.store.system().list_people(None, after, limit + 1).await?;
        let own = caller.person()?.1.admin.id;
        let held: BTreeSet<TenantId> = people.iter().flat_map(|record| &record.roles).map(|held| held.tenant).collect();
        let tenants = caller.shared.store.system().find_tenants(held.into_iter().collect()).await?;
        let views = people.into_iter().map(|record| view(record, own, &tenants)).collect();
        Ok(Json(Page::cut(views, limit, |person: &PersonView| person.id.clone())))
    }

    /// Rename a person, let them run the service, or end that
    ///
    /// Nobody ends their own. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/people/:person", method = "patch", operation_id = "changeAnyPerson")]
    async fn change(
        &self,
        caller: Signed,
        /// The person's id.
        person: Path<String>,
        body: Json<PersonChange>,
    ) -> Result<Done, Failure> {
        let caller = caller.0;
        let id = managed(&caller, &person.0)?;
        let mut form = Form::default();
        let name = body.0.name.map(|name| form.line("name", &name, 100));
        form.finish()?;
        let change = AdminChange { name, operator: body.0.operator };
        done(caller.shared.store.system().change_admin(id, change, &caller.author).await?)
    }

    /// Remove a person
    ///
    /// With all their roles and sessions, at once and for good. Needs a sign-in within the last 15 minutes
    /// (`sign_in_again`).
    #[oai(path = "/people/:person", method = "delete", operation_id = "removeAnyPerson")]
    async fn remove(
        &self,
        caller: Signed,
        /// The person's id.
        person: Path<String>,
    ) -> Result<Done, Failure> {
        let caller = caller.0;
        let id = managed(&caller, &person.0)?;
        done(caller.shared.store.system().remove_admin(id, &caller.author).await?)
    }

    /// End all sessions of a person
    ///
    /// Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/people/:person/sessions", method = "delete", operation_id = "endSessionsOfPerson")]
    async fn end_sessions(
        &self,
        caller: Signed,
        /// The person's id.
        person: Path<String>,
    ) -> Result<Done, Failure> {
        let caller = caller.0;
        let id = managed(&caller, &person.0)?;
        let system = caller.shared.store.system();
        system.find_admin(id).await?.ok_or(Failure::NotFound)?;
        system.remove_sessions_of(id, None, &caller.author).await?;
        Ok(Done::Done)
    }

    /// Help a person who has forgotten their password
    ///
    /// Makes a link that is good once and for an hour. It leaves by mail where mail is set up; otherwise the answer holds
    /// it, this one time. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/people/:person/password-reset", method = "post", operation_id = "resetPasswordOfPerson")]
    async fn reset(
        &self,
        caller: Signed,
        /// The person's id.
        person: Path<String>,
    ) -> Result<Created<ResetLink>, Failure> {
        let caller = caller.0;
        let id = managed(&caller, &person.0)?;
        let record = caller.shared.store.system().find_admin(id).await?.ok_or(Failure::NotFound)?;
        Ok(created(password_resets::issue(&caller.shared, &record.admin, &caller.author).await?))
    }
}

/// The id of a person whom the caller may act on now.
fn managed(caller: &Caller, person: &str) -> Result<AdminId, Failure> {
    caller.demand(Right::SystemPeople)?;
    caller.demand_recent()?;
    other_person(caller, person)
}

fn done(outcome: PersonOutcome) -> Result<Done, Failure> {
    match outcome {
        PersonOutcome::Done => Ok(Done::Done),
        PersonOutcome::Missing => Err(Failure::NotFound),
        PersonOutcome::LastOperator => Err(Failure::LastOperator),
    }
}

fn view(record: AdminRecord, own: AdminId, tenants: &HashMap<TenantId, Tenant>) -> PersonView {
    let role = |held: &TenantRole| {
        let Tenant { id, name, slug, .. } = tenants.get(&held.tenant)?;
        let (tenant_id, tenant, tenant_slug) = (id.to_string(), name.clone(), slug.to_string());
        Some(HeldRole { tenant_id, tenant, tenant_slug, role: Word(held.role) })
    };
    PersonView {
        id: record.admin.id.to_string(),
        you: record.admin.id == own,
        email: record.admin.email,
        name: record.admin.name,
        operator: record.admin.operator,
        roles: record.roles.iter().filter_map(role).collect(),
        created_at: Time(record.admin.created_at),
    }
}
