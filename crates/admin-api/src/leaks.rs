//! Tokens that were found where they do not belong. Whoever holds one can end it by showing it: that costs nobody more
//! than the token itself could.

use std::sync::Arc;

use domain::Author;
use domain::audit::AuditActor;
use domain::token::{PresentedToken, TokenForm};
use poem::Request;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::answer::Done;
use crate::auth;
use crate::door::Shared;
use crate::failure::Failure;
use crate::service::Tag;
use crate::sessions::address_of;

pub(crate) struct Leaks;

/// A token that was found.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct LeakedToken {
    /// The whole token, the whole client secret or the whole API key.
    token: String,
}

#[OpenApi(tag = "Tag::Credentials")]
impl Leaks {
    /// Report a leaked token, which revokes it
    ///
    /// Needs no session: to hold the token is proof enough. A token begins with `dsk_`, a client secret of an OAuth client
    /// with `dss_` and an API key with `dsa_`. All end in a checksum, so a scanner can tell one from other text. What is
    /// revoked already stays so; what this service never issued is 404, and too much of that from one address is 429.
    #[oai(path = "/leaked-tokens", method = "post", operation_id = "reportLeakedToken")]
    async fn report(&self, shared: Data<&Arc<Shared>>, request: &Request, body: Json<LeakedToken>) -> Result<Done, Failure> {
        let text = body.0.token.trim();
        let author = auth::author(&shared, request, AuditActor::TokenHolder);
        let ended = end(&shared, text, &author).await;
        if matches!(ended, Err(Failure::NotFound)) {
            shared.pace.guessed(address_of(request))?;
        }
        ended.map(|()| Done::Done)
    }
}

async fn end(shared: &Shared, text: &str, author: &Author) -> Result<(), Failure> {
    if let Some(token) = TokenForm::BEARER.parse(text) {
        end_token(shared, &token, author).await
    } else if let Some(secret) = TokenForm::CLIENT_SECRET.parse(text) {
        end_client_secret(shared, &secret, author).await
    } else if let Some(key) = TokenForm::API_KEY.parse(text) {
        end_api_key(shared, &key, author).await
    } else {
        Err(Failure::NotFound)
    }
}

async fn end_token(shared: &Shared, token: &PresentedToken, author: &Author) -> Result<(), Failure> {
    let known = shared.store.system().find_credential(token.public_id()).await?.ok_or(Failure::NotFound)?;
    if !known.credential.is_proved_by(&shared.key, token) {
        return Err(Failure::NotFound);
    }
    let store = shared.store.tenant(known.tenant.id);
    store.credentials().revoke(known.credential.id, shared.clock.now(), author).await?;
    tracing::warn!(tenant = %known.tenant.id, credential = %known.credential.id, "a leaked token was reported and revoked");
    Ok(())
}

async fn end_client_secret(shared: &Shared, secret: &PresentedToken, author: &Author) -> Result<(), Failure> {
    let found = shared.store.system().find_client_secret(secret.public_id()).await?.ok_or(Failure::NotFound)?;
    if !secret.matches(&shared.key, &found.secret.digest) {
        return Err(Failure::NotFound);
    }
    let store = shared.store.tenant(found.tenant);
    store.oauth_clients().revoke_secret(found.client, found.secret.id, shared.clock.now(), author).await?;
    tracing::warn!(tenant = %found.tenant, credential = %found.client, "a leaked client secret was reported and revoked");
    Ok(())
}

async fn end_api_key(shared: &Shared, key: &PresentedToken, author: &Author) -> Result<(), Failure> {
    let system = shared.store.system();
    let known = system.find_api_key(key.public_id()).await?.ok_or(Failure::NotFound)?;
    if !known.is_proved_by(&shared.key, key) {
        return Err(Failure::NotFound);
    }
    system.revoke_api_key(known.tenant, known.id, author).await?;
    // A key of the service is of no tenant.
    let tenant = known.tenant.map(tracing::field::display);
    tracing::warn!(tenant, api_key = %known.id, "a leaked API key was reported and revoked");
    Ok(())
}
