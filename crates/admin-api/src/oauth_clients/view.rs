//! OAuth clients as the API shows them.

use domain::credential::Refusal;
use domain::oauth::{self, Trust, TrustedKeys};
use domain::{ClientSecret, Credential, OAuthClient, Timestamp};
use poem_openapi::{Enum, Object};

use crate::auth::Visit;
use crate::credentials::{self, CredentialView};
use crate::value::{Document, Time};

/// How a secret stands.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum SecretState {
    /// It proves its client.
    Active,
    /// It ended by itself.
    Ended,
    /// It was revoked.
    Revoked,
}

/// A secret of a client; never the secret itself.
#[derive(Debug, Object)]
#[oai(rename = "ClientSecret", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct SecretView {
    /// Its id.
    id: String,
    /// How it begins, enough to tell secrets apart.
    starts_with: String,
    /// How it stands.
    state: SecretState,
    /// When it was issued.
    created_at: Time,
    /// Who issued it.
    created_by: Option<String>,
    /// When it ends by itself.
    ends_at: Option<Time>,
    /// When it was revoked.
    revoked_at: Option<Time>,
    /// Who revoked it.
    revoked_by: Option<String>,
    /// When it last got an access token, to the minute.
    last_used_at: Option<Time>,
}

/// Whose signed assertions prove a client (RFC 7523), compared to the letter.
#[derive(Debug, Object)]
#[oai(rename = "ClientTrust", rename_all = "camelCase", skip_serializing_if_is_none)]
struct TrustView {
    /// The `iss` that an assertion must have.
    issuer: String,
    /// The `sub` that it must have.
    subject: String,
    /// The `aud` that it must have.
    audience: String,
    /// Where the keys are that may have signed it.
    jwks_uri: Option<String>,
    /// The keys that may have signed it, as they were entered or last read.
    jwks: Option<Document>,
    /// Since when; access tokens that an earlier trust got are refused.
    set_at: Time,
}

/// An OAuth client.
#[derive(Debug, Object)]
#[oai(rename = "OAuthClient", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct ClientView {
    /// The client among the credentials.
    credential: CredentialView,
    /// What it calls itself at the token endpoint.
    client_id: String,
    /// Where it gets access tokens.
    token_url: String,
    /// The metadata of RFC 8414.
    metadata_url: String,
    /// How long its access tokens live, in seconds.
    token_seconds: u32,
    /// Whose signatures prove it.
    trust: Option<TrustView>,
    /// Its secrets, oldest first.
    secrets: Vec<SecretView>,
}

/// Where clients of the tenant get access tokens.
pub(super) fn token_url(visit: &Visit) -> String {
    format!("{}/oauth/{}/token", visit.shared.settings.public_url, visit.tenant.slug)
}

pub(super) fn view(visit: &Visit, credential: Credential, client: OAuthClient) -> ClientView {
    let (now, public_url, slug) = (visit.shared.clock.now(), &visit.shared.settings.public_url, &visit.tenant.slug);
    ClientView {
        client_id: oauth::client_id(&credential.public_id),
        token_url: token_url(visit),
        metadata_url: format!("{public_url}/.well-known/oauth-authorization-server/oauth/{slug}"),
        token_seconds: client.token_seconds,
        trust: client.trust.map(trust_view),
        secrets: client.secrets.into_iter().map(|secret| secret_view(secret, now)).collect(),
        credential: credentials::view(credential, now),
    }
}

fn trust_view(trust: Trust) -> TrustView {
    let Trust { issuer, subject, audience, keys, set_at } = trust;
    let (jwks_uri, jwks) = match keys {
        TrustedKeys::Address { url, kept } => (Some(url), kept),
        TrustedKeys::Given(set) => (None, Some(set)),
    };
    TrustView { issuer, subject, audience, jwks_uri, jwks: jwks.map(Document), set_at: Time(set_at) }
}

pub(super) fn secret_view(secret: ClientSecret, now: Timestamp) -> SecretView {
    SecretView {
        id: secret.id.to_string(),
        starts_with: secret.starts_with(),
        state: match secret.check(now) {
            Ok(()) => SecretState::Active,
            Err(Refusal::Ended(_)) => SecretState::Ended,
            Err(Refusal::Revoked(_)) => SecretState::Revoked,
        },
        created_at: Time(secret.created_at),
        created_by: secret.created_by,
        ends_at: secret.ends_at.map(Time),
        revoked_at: secret.revoked_at.map(Time),
        revoked_by: secret.revoked_by,
        last_used_at: secret.last_used_at.map(Time),
    }
}
