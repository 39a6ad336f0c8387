//! How our nouns look in an entry: what a person would ask about them, and never a secret, not even its digest.

use serde_json::{Value, json};

use super::{Subject, SubjectKind};
use crate::admin::TenantRole;
use crate::app_role::{AppRole, RoleKey};
use crate::oauth::TrustedKeys;
use crate::{
    Admin, ApiKey, ClientSecret, Connection, Credential, ExtensionSchema, FeedReader, GroupId, Invitation, OAuthClient, Session,
    SetupLink, Tenant, Timestamp, Webhook,
};

fn time(at: Option<Timestamp>) -> Option<String> {
    at.map(Timestamp::to_rfc3339)
}

/// A tenant.
pub fn tenant(tenant: &Tenant) -> Value {
    json!({
        "slug": tenant.slug.as_str(),
        "name": tenant.name,
        "state": tenant.state.as_str(),
        "requestCeiling": tenant.ceiling.to_string(),
        "logBodies": tenant.log.bodies.as_str(),
        "logDays": tenant.log.kept_days(),
        "changeDays": tenant.log.kept_change_days(),
        "acknowledgementTargetSeconds": tenant.log.target.seconds(),
    })
}

/// A connection.
pub fn connection(connection: &Connection) -> Value {
    json!({
        "name": connection.name,
        "idp": connection.idp.as_str(),
        "state": connection.state.as_str(),
        "strict": connection.strict,
    })
}

/// A credential.
pub fn credential(credential: &Credential) -> Value {
    json!({
        "name": credential.name,
        "connectionId": credential.connection.to_string(),
        "startsWith": credential.starts_with(),
        "kind": credential.kind.as_str(),
        "rights": credential.rights.as_str(),
        "endsAt": time(credential.ends_at),
        "revokedAt": time(credential.revoked_at),
        "replaces": credential.replaces.map(|id| id.to_string()),
        "revokedWhenQuietHours": credential.when_quiet.as_ref().map(|quiet| quiet.hours),
    })
}

/// A set-up link.
pub fn setup_link(link: &SetupLink) -> Value {
    json!({
        "name": link.name,
        "connectionId": link.connection.to_string(),
        "endsAt": link.expires_at.to_rfc3339(),
        "openedAt": time(link.opened_at),
        "finishedAt": time(link.finished_at),
        "revokedAt": time(link.revoked_at),
    })
}

/// How an OAuth client proves itself.
pub fn oauth_client(client: &OAuthClient) -> Value {
    let trust = client.trust.as_ref().map(|trust| {
        let url = match &trust.keys {
            TrustedKeys::Address { url, .. } => Some(url),
            TrustedKeys::Given(_) => None,
        };
        let keys = match &trust.keys {
            TrustedKeys::Address { .. } => None,
            TrustedKeys::Given(set) => Some(set),
        };
        json!({ "issuer": trust.issuer, "subject": trust.subject, "audience": trust.audience, "jwksUri": url, "jwks": keys })
    });
    json!({ "tokenSeconds": client.token_seconds, "trust": trust })
}

/// A secret of an OAuth client.
pub fn client_secret(secret: &ClientSecret) -> Value {
    json!({
        "startsWith": secret.starts_with(),
        "endsAt": time(secret.ends_at),
        "revokedAt": time(secret.revoked_at),
    })
}

/// A schema.
pub fn schema(extension: &ExtensionSchema) -> Value {
    let schema = serde_json::to_value(&extension.schema).unwrap_or_default();
    json!({ "resourceType": extension.kind.as_str(), "schema": schema })
}

/// A person with their roles.
pub fn admin(admin: &Admin, roles: &[TenantRole]) -> Value {
    let role = |held: &TenantRole| json!({ "tenantId": held.tenant.to_string(), "role": held.role.as_str() });
    json!({
        "email": admin.email,
        "name": admin.name,
        "operator": admin.operator,
        "roles": roles.iter().map(role).collect::<Vec<_>>(),
    })
}

/// A session.
pub fn session(session: &Session) -> Value {
    json!({
        "address": session.address,
        "userAgent": session.user_agent,
        "method": session.method.map(crate::SignInMethod::as_str),
        "startedAt": session.created_at.to_rfc3339(),
        "endsAt": session.expires_at.to_rfc3339(),
    })
}

/// An invitation.
pub fn invitation(invitation: &Invitation) -> Value {
    json!({
        "email": invitation.email,
        "name": invitation.name,
        "role": invitation.role.as_str(),
        "endsAt": invitation.expires_at.to_rfc3339(),
    })
}

/// An API key.
pub fn api_key(key: &ApiKey) -> Value {
    json!({
        "name": key.name,
        "role": key.role.as_str(),
        "startsWith": key.starts_with(),
        "endsAt": time(key.ends_at),
        "revokedAt": time(key.revoked_at),
    })
}

/// A reader of the feed, with the last change that it acknowledged.
pub fn reader(reader: &FeedReader, seq: u64) -> Value {
    json!({ "kind": reader.kind.as_str(), "name": reader.name, "seq": seq })
}

/// A webhook. What follows the host in its address may be a receiver's own secret, so it is left out.
pub fn webhook(webhook: &Webhook) -> Value {
    json!({
        "name": webhook.name,
        "url": host_of(&webhook.url),
        "state": webhook.state.as_str(),
        "types": webhook.kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
        "resourceType": webhook.resource.map(crate::ResourceKind::as_str),
        "secretSetAt": webhook.secret.set_at.to_rfc3339(),
        "oldSecretUntil": webhook.secret.old.map(|old| old.until.to_rfc3339()),
    })
}

/// An address up to its host.
fn host_of(url: &str) -> String {
    let host: Vec<&str> = url.splitn(4, ['/', '?', '#']).take(3).collect();
    format!("{}/…", host.join("/"))
}

/// A role of the app.
pub fn app_role(role: &AppRole) -> Value {
    json!({ "key": role.key.as_str(), "name": role.name, "description": role.description })
}

/// A group that gives a role of the app.
pub fn role_mapping(group: GroupId, name: &str, role: &RoleKey) -> Value {
    json!({ "groupId": group.to_string(), "group": name, "role": role.as_str() })
}

impl From<&RoleKey> for Subject {
    fn from(role: &RoleKey) -> Self {
        Self { kind: SubjectKind::AppRole, id: None, name: Some(role.as_str().to_owned()) }
    }
}

impl From<&Tenant> for Subject {
    fn from(tenant: &Tenant) -> Self {
        Self { kind: SubjectKind::Tenant, id: Some(tenant.id.as_uuid()), name: Some(tenant.name.clone()) }
    }
}

impl From<&Connection> for Subject {
    fn from(connection: &Connection) -> Self {
        Self { kind: SubjectKind::Connection, id: Some(connection.id.as_uuid()), name: Some(connection.name.clone()) }
    }
}

impl From<&Credential> for Subject {
    fn from(credential: &Credential) -> Self {
        Self { kind: SubjectKind::Credential, id: Some(credential.id.as_uuid()), name: Some(credential.name.clone()) }
    }
}

impl From<&SetupLink> for Subject {
    fn from(link: &SetupLink) -> Self {
        Self { kind: SubjectKind::SetupLink, id: Some(link.id.as_uuid()), name: Some(link.name.clone()) }
    }
}

impl From<&ExtensionSchema> for Subject {
    fn from(extension: &ExtensionSchema) -> Self {
        let name = if extension.schema.name.is_empty() { &extension.schema.id } else { &extension.schema.name };
        Self { kind: SubjectKind::Schema, id: Some(extension.id.as_uuid()), name: Some(name.clone()) }
    }
}

impl From<&Webhook> for Subject {
    fn from(webhook: &Webhook) -> Self {
        Self { kind: SubjectKind::Webhook, id: Some(webhook.id.as_uuid()), name: Some(webhook.name.clone()) }
    }
}

impl From<&Invitation> for Subject {
    fn from(invitation: &Invitation) -> Self {
        let id = Some(invitation.id.as_uuid());
        Self { kind: SubjectKind::Invitation, id, name: Some(invitation.email.clone()) }
    }
}

impl From<&ApiKey> for Subject {
    fn from(key: &ApiKey) -> Self {
        Self { kind: SubjectKind::ApiKey, id: Some(key.id.as_uuid()), name: Some(key.name.clone()) }
    }
}

impl From<&FeedReader> for Subject {
    fn from(reader: &FeedReader) -> Self {
        Self { kind: SubjectKind::Reader, id: Some(reader.id), name: Some(reader.name.clone()) }
    }
}

impl From<&Admin> for Subject {
    fn from(admin: &Admin) -> Self {
        Self { kind: SubjectKind::Admin, id: Some(admin.id.as_uuid()), name: Some(admin.email.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_webhooks_address_the_host_is_shown_alone() {
        for url in ["https://hooks.test:8443/T0/B1/secret", "https://hooks.test:8443/?key=secret", "https://hooks.test:8443"] {
            assert_eq!(host_of(url), "https://hooks.test:8443/…");
        }
        assert_eq!(host_of("https://hooks.test?key=secret"), "https://hooks.test/…");
    }
}
