//! A client that proves itself and gets an access token.

use domain::connection::ConnectionState;
use domain::credential::{CredentialKind, Refusal as Ended};
use domain::oauth::{client_id, public_id};
use domain::token::TokenForm;
use domain::{Cause, OAuthClient, Rights, Secret, TenantRef, TenantState};
use serde_json::{Value, json};
use store::KnownCredential;
use uuid::Uuid;

use super::assertion;
use super::refusal::Refusal;
use super::request::{Proof, TokenRequest};
use super::signing::Claims;
use crate::context::{names, old_name};
use crate::door::Shared;
use crate::failure::at;
use crate::observe::{Moved, RequestRecord};
use crate::turns::Work;

/// The answer to a token request.
pub(super) async fn token(
    shared: &Shared,
    tenant: Option<&TenantRef>,
    request: TokenRequest,
    record: &mut RequestRecord,
) -> Result<Value, Refusal> {
    let proved = prove(shared, tenant, &request, record).await;
    if proved.as_ref().is_err_and(|refusal| refusal.status == 401) {
        shared.pace.failed(record.client)?;
    }
    let (known, client, secret) = proved?;
    if let Some(old) = tenant.and_then(|tenant| old_name(tenant, &known)) {
        shared.store.note_old_slug(known.tenant.id, old.slug.clone(), record.at);
        let to = format!("{}/oauth/{}/token", shared.settings.public_url, known.tenant.slug);
        record.moved = Some(Moved { old: old.clone(), to });
    }
    record.allowance = shared.pace.of_tenant(&known.tenant).await?;
    let _under_way = shared.turns.enter(known.tenant.id)?;
    let _turn = shared.turns.place_in_time(known.tenant.id, Work::Usual).await?;
    let rights = request.scope.unwrap_or(known.credential.rights);
    let (tid, sub, iat) =
        (known.tenant.id.to_string(), client_id(&known.credential.public_id), record.at.as_micros() / 1_000_000);
    // No token outlives the secret that got it.
    let end = secret.and_then(|id| client.secrets.iter().find(|own| own.id == id)?.ends_at);
    let left = end.map_or(i64::MAX, |end| end.as_micros() / 1_000_000 - iat);
    let seconds = i64::from(client.token_seconds).min(left).max(1);
    let public_url = &shared.settings.public_url;
    let claims = Claims {
        iss: format!("{public_url}/oauth/{tid}"),
        aud: format!("{public_url}/scim/{tid}/v2"),
        client_id: sub.clone(),
        sub,
        scope: rights.as_str().to_owned(),
        tid,
        secret: secret.map(|id| id.to_string()),
        iat,
        exp: iat + seconds,
        jti: Uuid::now_v7().to_string(),
    };
    let token = shared.signing.sign(&claims, record.at).await?;
    Ok(json!({ "access_token": token, "token_type": "Bearer", "expires_in": seconds, "scope": rights.as_str() }))
}

type Proved = (std::sync::Arc<KnownCredential>, OAuthClient, Option<domain::ClientSecretId>);

async fn prove(
    shared: &Shared,
    tenant: Option<&TenantRef>,
    request: &TokenRequest,
    record: &mut RequestRecord,
) -> Result<Proved, Refusal> {
    let sent: String = request.client_id.chars().take(80).collect();
    let unknown = || Refusal::client(Cause::ClientUnknown { client: sent.clone() });
    let id = public_id(&request.client_id).ok_or_else(unknown)?;
    let known = shared.store.system().find_credential(id).await?.ok_or_else(unknown)?;
    let is_client = known.credential.kind == CredentialKind::OAuthClient;
    let named = tenant.is_some_and(|tenant| names(tenant, &known.tenant) || old_name(tenant, &known).is_some());
    let (true, Some(client)) = (is_client && named, known.client.clone()) else {
        return Err(unknown());
    };
    if known.tenant.state == TenantState::Deleting {
        return Err(unknown());
    }
    record.hit(&known.tenant);
    record.connection = Some(known.connection.id);
    record.credential = Some(known.credential.id);
    record.meant = Some(known.connection.idp);
    record.looked_for(&client_id(&known.credential.public_id));
    let secret = match &request.proof {
        Proof::Secret(presented) => Some(check_secret(shared, &known, &client, presented, record)?),
        Proof::Assertion(presented) => {
            check_assertion(shared, &known, &client, presented, record).await?;
            None
        }
    };
    // What is wrong with the client itself is told only to whoever has proved to be it.
    let starts_with = client_id(&known.credential.public_id);
    match known.credential.check(record.at) {
        Ok(()) => {}
        Err(Ended::Revoked(time)) => return Err(Refusal::client(Cause::TokenRevoked { starts_with, at: at(time) })),
        Err(Ended::Ended(time)) => return Err(Refusal::client(Cause::TokenEnded { starts_with, at: at(time) })),
    }
    if known.connection.state == ConnectionState::Closed {
        return Err(Refusal::client(Cause::ConnectionClosed));
    }
    if known.tenant.state == TenantState::Suspended {
        return Err(Refusal::suspended());
    }
    Ok((known, client, secret))
}

fn check_secret(
    shared: &Shared,
    known: &KnownCredential,
    client: &OAuthClient,
    presented: &Secret,
    record: &RequestRecord,
) -> Result<domain::ClientSecretId, Refusal> {
    let form = TokenForm::CLIENT_SECRET;
    let wrong = || {
        let (client, starts_with) = (client_id(&known.credential.public_id), form.beginning_of(presented.expose()));
        Refusal::client(Cause::ClientSecretWrong { client, starts_with })
    };
    let presented = form.parse(presented.expose()).ok_or_else(wrong)?;
    let secret = client.secrets.iter().find(|secret| secret.public_id == presented.public_id()).ok_or_else(wrong)?;
    if !presented.matches(&shared.key, &secret.digest) {
        return Err(wrong());
    }
    let starts_with = secret.starts_with();
    match secret.check(record.at) {
        Ok(()) => {}
        Err(Ended::Revoked(time)) => return Err(Refusal::client(Cause::ClientSecretRevoked { starts_with, at: at(time) })),
        Err(Ended::Ended(time)) => return Err(Refusal::client(Cause::ClientSecretEnded { starts_with, at: at(time) })),
    }
    shared.store.note_secret_use(known.tenant.id, known.credential.id, secret.id, record.at);
    Ok(secret.id)
}

async fn check_assertion(
    shared: &Shared,
    known: &KnownCredential,
    client: &OAuthClient,
    presented: &Secret,
    record: &RequestRecord,
) -> Result<(), Refusal> {
    let Some(trust) = &client.trust else {
        let reason = "this client trusts no keys; enter issuer, subject, audience and keys first".to_owned();
        return Err(Refusal::client(Cause::AssertionRefused { reason }));
    };
    let read = assertion::check(presented.expose(), trust, &shared.trusted, record.at).await.map_err(Refusal::client)?;
    if let (Some(set), domain::oauth::TrustedKeys::Address { url, .. }) = (read, &trust.keys) {
        shared.store.tenant(known.tenant.id).oauth_clients().keep_keys(known.credential.id, url, set).await?;
    }
    Ok(())
}

/// Whether what got an access token would still get one: `None` when it does, or since when it does not.
pub(crate) fn ended_since(client: &OAuthClient, claims: &Claims) -> Option<domain::Timestamp> {
    let issued = domain::Timestamp::from_micros(claims.iat.saturating_mul(1_000_000));
    match &claims.secret {
        Some(id) => match client.secrets.iter().find(|secret| secret.id.to_string() == *id) {
            Some(secret) => secret.revoked_at,
            None => Some(issued),
        },
        None => match &client.trust {
            // To the second, as the token has it.
            Some(trust) if trust.set_at.as_micros() / 1_000_000 > claims.iat => Some(trust.set_at),
            Some(_) => None,
            None => Some(issued),
        },
    }
}

/// What an access token may do: never more than its client may by now.
pub(crate) fn rights(claims: &Claims, client: Rights) -> Rights {
    match Rights::parse(&claims.scope) {
        Some(Rights::Write) => client,
        _ => Rights::Read,
    }
}
