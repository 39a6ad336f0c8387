//! Roles of the app, as who runs the service defines them.

use domain::app_role::NotARoleKey;
use domain::{AppRole, Right, RoleKey};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{RoleChange, RoleDeletion};

use crate::answer::{Created, Done, created};
use crate::auth::Signed;
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::Page;
use crate::service::Tag;
use crate::value::Time;

/// Most characters of a name, and of a description.
const NAME: usize = 100;
const DESCRIPTION: usize = 500;

pub(crate) struct AppRoles;

/// A role of the app.
#[derive(Debug, Object)]
#[oai(rename = "AppRole", rename_all = "camelCase")]
pub(crate) struct AppRoleView {
    /// What the app calls it; it never changes.
    pub(crate) key: String,
    /// Its name, for people.
    pub(crate) name: String,
    /// What it allows, for people.
    pub(crate) description: String,
    /// When it was made.
    pub(crate) created_at: Time,
    /// When it was last changed.
    pub(crate) updated_at: Time,
}

/// What a role of the app is to be.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewAppRole {
    /// What the app calls it: 1 to 64 of a to z, 0 to 9, `_`, `.`, `:` and `-`.
    key: String,
    /// Its name, for people.
    name: String,
    /// What it allows, for people.
    #[oai(default)]
    description: String,
}

/// What of a role of the app changes.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct AppRoleChange {
    /// Another name.
    name: Option<String>,
    /// Another description.
    description: Option<String>,
}

#[OpenApi(tag = "Tag::Access")]
impl AppRoles {
    /// The roles of the app
    #[oai(path = "/roles", method = "get", operation_id = "listRoles")]
    async fn list(&self, caller: Signed) -> Result<Json<Page<AppRoleView>>, Failure> {
        caller.0.demand(Right::RolesDefine)?;
        let roles = caller.0.shared.store.system().list_roles().await?;
        Ok(Json(Page::whole(roles.into_iter().map(view).collect())))
    }

    /// Define a role of the app
    ///
    /// Every tenant may map groups to it from then on. There are at most 100 of them.
    #[oai(path = "/roles", method = "post", operation_id = "createRole")]
    async fn create(&self, caller: Signed, body: Json<NewAppRole>) -> Result<Created<AppRoleView>, Failure> {
        let caller = caller.0;
        caller.demand(Right::RolesDefine)?;
        let mut form = Form::default();
        let key = body.0.key.parse::<RoleKey>();
        if key.is_err() {
            form.wrong("key", NotARoleKey.to_string());
        }
        let (name, description) = (form.line("name", &body.0.name, NAME), described(&mut form, &body.0.description));
        form.finish()?;
        let key = key.map_err(|error| Failure::field("key", &error.to_string()))?;
        let now = caller.shared.clock.now();
        let role = AppRole { key, name, description, created_at: now, updated_at: now };
        caller.shared.store.system().insert_role(&role, &caller.author).await?;
        Ok(created(view(role)))
    }

    /// Give a role of the app another name or description
    #[oai(path = "/roles/:role", method = "patch", operation_id = "changeRole")]
    async fn change(
        &self,
        caller: Signed,
        /// The role's key.
        role: Path<String>,
        body: Json<AppRoleChange>,
    ) -> Result<Json<AppRoleView>, Failure> {
        let caller = caller.0;
        caller.demand(Right::RolesDefine)?;
        let key = key(&role.0)?;
        let mut form = Form::default();
        let change = RoleChange {
            name: body.0.name.map(|name| form.line("name", &name, NAME)),
            description: body.0.description.map(|text| described(&mut form, &text)),
        };
        form.finish()?;
        let changed = caller.shared.store.system().change_role(&key, change, caller.shared.clock.now(), &caller.author).await?;
        Ok(Json(view(changed.ok_or(Failure::NotFound)?)))
    }

    /// Delete a role of the app
    ///
    /// Refused with 409 and `role_mapped` while a tenant maps a group to it.
    #[oai(path = "/roles/:role", method = "delete", operation_id = "deleteRole")]
    async fn remove(
        &self,
        caller: Signed,
        /// The role's key.
        role: Path<String>,
    ) -> Result<Done, Failure> {
        let caller = caller.0;
        caller.demand(Right::RolesDefine)?;
        match caller.shared.store.system().delete_role(&key(&role.0)?, &caller.author).await? {
            RoleDeletion::Deleted => Ok(Done::Done),
            RoleDeletion::Unknown => Err(Failure::NotFound),
            RoleDeletion::Mapped { tenants, groups } => Err(Failure::RoleMapped { tenants, groups }),
        }
    }
}

/// A role's key in an address or a body.
///
/// # Errors
/// [`Failure::NotFound`] for text that is none: no role has it.
pub(crate) fn key(text: &str) -> Result<RoleKey, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// What a role allows: lines of text without spaces around them, maybe none.
fn described(form: &mut Form, text: &str) -> String {
    let text = text.trim();
    if text.chars().count() > DESCRIPTION {
        form.wrong("description", format!("has at most {DESCRIPTION} characters"));
    } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        form.wrong("description", "must have no control characters but line breaks and tabs");
    }
    text.to_owned()
}

pub(crate) fn view(role: AppRole) -> AppRoleView {
    AppRoleView {
        key: role.key.to_string(),
        name: role.name,
        description: role.description,
        created_at: Time(role.created_at),
        updated_at: Time(role.updated_at),
    }
}
