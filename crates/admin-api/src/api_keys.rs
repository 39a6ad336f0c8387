//! Keys of OpenAPI clients, of a tenant and of the service.

use domain::api_key::{ApiKeyOrder, ApiKeyUse};
use domain::credential::Refusal;
use domain::{ApiKey, ApiKeyId, Right, Role, TenantId, Timestamp};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::answer::{Created, created};
use crate::auth::{Caller, Signed};
use crate::credentials::DAYS;
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::Page;
use crate::people::tenant_role;
use crate::service::Tag;
use crate::value::{Time, Word};

pub(crate) struct ApiKeys;

/// How a key stands.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum ApiKeyState {
    /// It opens the door.
    Active,
    /// It ended by itself.
    Ended,
    /// It was revoked.
    Revoked,
}

/// When a key was last used, to the minute.
#[derive(Debug, Object)]
#[oai(rename = "ApiKeyUse", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ApiKeyUseView {
    /// When.
    at: Time,
    /// From which address.
    address: Option<String>,
    /// With which User-Agent.
    user_agent: Option<String>,
}

/// A key; never its secret.
#[derive(Debug, Object)]
#[oai(rename = "ApiKey", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ApiKeyView {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// How its text begins, enough to tell keys apart.
    starts_with: String,
    /// What it may do.
    role: Word<Role>,
    /// How it stands.
    state: ApiKeyState,
    /// When it was made.
    created_at: Time,
    /// Who made it.
    created_by: String,
    /// When it ends by itself.
    ends_at: Option<Time>,
    /// When it was revoked.
    revoked_at: Option<Time>,
    /// Who revoked it.
    revoked_by: Option<String>,
    /// Its last use.
    last_used: Option<ApiKeyUseView>,
}

/// A key that was just issued.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct IssuedApiKey {
    /// The key.
    api_key: ApiKeyView,
    /// Its text, for `Authorization: Bearer`. No later answer shows it again.
    token: String,
}

/// What a key of a tenant is to be.
#[derive(Object)]
#[oai(deny_unknown_fields, rename_all = "camelCase")]
struct NewApiKey {
    /// Its name.
    name: String,
    /// What it may do: `admin`, `developer` or `viewer`, no more than its maker may.
    role: Word<Role>,
    /// After how many days it ends by itself, 1 to 3650; it has no end without it.
    lifetime_days: Option<u32>,
}

/// What a key of the service is to be.
#[derive(Object)]
#[oai(deny_unknown_fields, rename_all = "camelCase")]
struct NewServiceKey {
    /// Its name.
    name: String,
    /// After how many days it ends by itself, 1 to 3650; it has no end without it.
    lifetime_days: Option<u32>,
}

#[OpenApi(tag = "Tag::ApiKeys")]
impl ApiKeys {
    /// The API keys of a tenant
    ///
    /// In order of creation, those that no longer open the door included.
    #[oai(path = "/tenants/:tenant/api-keys", method = "get", operation_id = "listApiKeys")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<ApiKeyView>>, Failure> {
        let visit = caller.0.enter_to(Right::ApiKeysManage, &tenant.0).await?;
        list(&caller.0, Some(visit.tenant.id)).await
    }

    /// Issue an API key of a tenant
    ///
    /// The answer holds its text, this one time. A key calls as `Authorization: Bearer` and manages neither people nor keys.
    /// Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/api-keys", method = "post", operation_id = "issueApiKey")]
    async fn issue(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<NewApiKey>,
    ) -> Result<Created<IssuedApiKey>, Failure> {
        let visit = caller.0.enter_to(Right::ApiKeysManage, &tenant.0).await?;
        caller.0.demand_recent()?;
        let role = tenant_role(body.0.role.0)?;
        if !visit.role.covers(role) {
            return Err(Failure::field("role", "reaches further than your own"));
        }
        issue(&caller.0, Some(visit.tenant.id), role, &body.0.name, body.0.lifetime_days).await
    }

    /// Revoke an API key of a tenant
    ///
    /// At once, on every node, and for good. Doing it again changes nothing. A key that reaches further than the caller is
    /// revoked by who may issue it. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/api-keys/:key/revoke", method = "post", operation_id = "revokeApiKey")]
    async fn revoke(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The key's id.
        key: Path<String>,
    ) -> Result<Json<ApiKeyView>, Failure> {
        let visit = caller.0.enter_to(Right::ApiKeysManage, &tenant.0).await?;
        caller.0.demand_recent()?;
        revoke(&caller.0, Some(visit.tenant.id), visit.role, &key.0).await
    }

    /// The API keys of the service
    #[oai(path = "/api-keys", method = "get", operation_id = "listServiceApiKeys")]
    async fn list_service(&self, caller: Signed) -> Result<Json<Page<ApiKeyView>>, Failure> {
        caller.0.demand(Right::SystemPeople)?;
        list(&caller.0, None).await
    }

    /// Issue an API key of the service
    ///
    /// It may do in every tenant what an operator may, but manage people and keys. Needs a sign-in within the last 15
    /// minutes (`sign_in_again`).
    #[oai(path = "/api-keys", method = "post", operation_id = "issueServiceApiKey")]
    async fn issue_service(&self, caller: Signed, body: Json<NewServiceKey>) -> Result<Created<IssuedApiKey>, Failure> {
        caller.0.demand(Right::SystemPeople)?;
        caller.0.demand_recent()?;
        issue(&caller.0, None, Role::Operator, &body.0.name, body.0.lifetime_days).await
    }

    /// Revoke an API key of the service
    ///
    /// Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/api-keys/:key/revoke", method = "post", operation_id = "revokeServiceApiKey")]
    async fn revoke_service(
        &self,
        caller: Signed,
        /// The key's id.
        key: Path<String>,
    ) -> Result<Json<ApiKeyView>, Failure> {
        caller.0.demand(Right::SystemPeople)?;
        caller.0.demand_recent()?;
        revoke(&caller.0, None, Role::Operator, &key.0).await
    }
}

async fn list(caller: &Caller, tenant: Option<TenantId>) -> Result<Json<Page<ApiKeyView>>, Failure> {
    let (keys, now) = (caller.shared.store.system().list_api_keys(tenant).await?, caller.shared.clock.now());
    Ok(Json(Page::whole(keys.into_iter().map(|key| view(key, now)).collect())))
}

async fn issue(
    caller: &Caller,
    tenant: Option<TenantId>,
    role: Role,
    name: &str,
    days: Option<u32>,
) -> Result<Created<IssuedApiKey>, Failure> {
    let mut form = Form::default();
    let name = form.line("name", name, 100);
    if days.is_some_and(|days| !(1..=DAYS).contains(&days)) {
        form.wrong("lifetimeDays", "is a number from 1 to 3650");
    }
    form.finish()?;
    let (by, at) = (caller.author.actor.name().to_owned(), caller.shared.clock.now());
    let order = ApiKeyOrder { tenant, name, role, by, at, days: days.map(i64::from) };
    let (text, key) = ApiKey::issue(&caller.shared.key, order).map_err(|_| Failure::Internal("no randomness"))?;
    caller.shared.store.system().insert_api_key(&key, &caller.author).await?;
    Ok(created(IssuedApiKey { api_key: view(key, at), token: text.expose().to_owned() }))
}

async fn revoke(caller: &Caller, tenant: Option<TenantId>, role: Role, id: &str) -> Result<Json<ApiKeyView>, Failure> {
    let id: ApiKeyId = id.parse().map_err(|_| Failure::NotFound)?;
    let system = caller.shared.store.system();
    let known = system.list_api_keys(tenant).await?.into_iter().find(|key| key.id == id).ok_or(Failure::NotFound)?;
    if !role.covers(known.role) {
        return Err(Failure::Forbidden);
    }
    let revoked = system.revoke_api_key(tenant, id, &caller.author).await?.ok_or(Failure::NotFound)?;
    Ok(Json(view(revoked, caller.shared.clock.now())))
}

fn view(key: ApiKey, now: Timestamp) -> ApiKeyView {
    ApiKeyView {
        id: key.id.to_string(),
        starts_with: key.starts_with(),
        state: match key.check(now) {
            Ok(()) => ApiKeyState::Active,
            Err(Refusal::Ended(_)) => ApiKeyState::Ended,
            Err(Refusal::Revoked(_)) => ApiKeyState::Revoked,
        },
        name: key.name,
        role: Word(key.role),
        created_at: Time(key.created_at),
        created_by: key.created_by,
        ends_at: key.ends_at.map(Time),
        revoked_at: key.revoked_at.map(Time),
        revoked_by: key.revoked_by,
        last_used: key.last_used.map(last_use),
    }
}

fn last_use(last: ApiKeyUse) -> ApiKeyUseView {
    ApiKeyUseView { at: Time(last.at), address: last.address, user_agent: last.user_agent }
}
