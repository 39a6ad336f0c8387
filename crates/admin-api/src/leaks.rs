//! Tokens that were found where they do not belong. Whoever holds one can end it by showing it: that costs nobody more
//! than the token itself could.

use std::sync::Arc;

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

pub(crate) struct Leaks;

/// A token that was found.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct LeakedToken {
    /// The whole token, or the whole client secret.
    token: String,
}

#[OpenApi(tag = "Tag::Credentials")]
impl Leaks {
    /// Report a leaked token, which revokes it
    ///
    /// Needs no session: to hold the token is proof enough. A token begins with `dsk_`, a client secret of an OAuth client
    /// with `dss_`, and both end in a checksum, so a scanner can tell one from other text. A token that is revoked already stays so; one that this service never issued
    /// is 404.
    #[oai(path = "/leaked-tokens", method = "post", operation_id = "reportLeakedToken")]
    async fn report(&self, shared: Data<&Arc<Shared>>, request: &Request, body: Json<LeakedToken>) -> Result<Done, Failure> {
        let (text, now) = (body.0.token.trim(), shared.clock.now());
        let author = auth::author(&shared, request, AuditActor::TokenHolder);
        if let Some(secret) = TokenForm::CLIENT_SECRET.parse(text) {
            let found = shared.store.system().find_client_secret(secret.public_id()).await?.ok_or(Failure::NotFound)?;
            if !secret.matches(&shared.key, &found.secret.digest) {
                return Err(Failure::NotFound);
            }
            let store = shared.store.tenant(found.tenant);
            store.oauth_clients().revoke_secret(found.client, found.secret.id, now, &author).await?;
            tracing::warn!(tenant = %found.tenant, credential = %found.client, "a leaked client secret was reported and revoked");
            return Ok(Done::Done);
        }
        let token = PresentedToken::parse(text).ok_or(Failure::NotFound)?;
        let known = shared.store.system().find_credential(token.public_id()).await?.ok_or(Failure::NotFound)?;
        if !known.credential.is_proved_by(&shared.key, &token) {
            return Err(Failure::NotFound);
        }
        let credentials = shared.store.tenant(known.tenant.id);
        credentials.credentials().revoke(known.credential.id, now, &author).await?;
        tracing::warn!(tenant = %known.tenant.id, credential = %known.credential.id, "a leaked token was reported and revoked");
        Ok(Done::Done)
    }
}
