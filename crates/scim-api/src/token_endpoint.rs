//! The identity providers' way to access tokens, `/oauth/{tenant}` (RFC 6749 §4.4): token endpoint, key set, and the
//! metadata of RFC 8414. Whoever asks, and whatever it gets, stands in the tenant's sync log.

mod assertion;
mod client;
mod refusal;
mod request;
mod signing;
mod trusted_keys;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
pub(crate) use client::{ended_since, rights};
use domain::{ClientAddress, TenantRef};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, Method, header};
use poem::error::ReadBodyError;
use poem::{Body, Endpoint, Request, Response};
use serde_json::{Value, json};
pub(crate) use signing::SigningKeys;
pub(crate) use trusted_keys::TrustedKeySets;

use crate::door::Shared;
use crate::observe::RequestRecord;
use crate::token_endpoint::refusal::Refusal;
use crate::token_endpoint::request::TokenRequest;

/// Where the metadata of RFC 8414 §3.1 stand.
const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";
/// Most bytes of a token request.
const BODY: usize = 64 * 1024;

/// The door below `/oauth` and at the well-known address.
pub struct TokenDoor {
    shared: Arc<Shared>,
}

/// What an address below the door is.
enum Place {
    Token,
    Keys,
    Metadata,
    Nothing,
}

impl TokenDoor {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl Endpoint for TokenDoor {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let shared = &self.shared;
        let address = request.extensions().get::<ClientAddress>().copied();
        let uri = request.uri().clone();
        let mut record = RequestRecord::open(request.method(), &uri, request.headers(), address, shared.clock.now());
        let (place, name) = place(uri.path());
        let tenant: Option<TenantRef> = name.parse().ok();
        let body = request.take_body();
        let (method, headers) = (request.method().clone(), request.headers().clone());
        let work = answer(shared, &place, &method, name, tenant.as_ref(), &headers, body, &mut record);
        let guarded = AssertUnwindSafe(tokio::time::timeout(shared.settings.limits.whole(), work)).catch_unwind();
        let answered = match guarded.await {
            Ok(Ok(answered)) => answered,
            Ok(Err(_)) => Err(Refusal::took_too_long()),
            Err(_) => Err(Refusal::panicked(&record.request_id())),
        };
        if record.tenant.is_none()
            && let Some(tenant) = &tenant
        {
            // Whoever's address was hit should see it.
            let hit = shared.tenant_hit(tenant).await.ok().flatten();
            if let Some(tenant) = hit {
                record.hit(&tenant);
            }
        }
        Ok(self.leave(answered, &headers, record, method == Method::HEAD).await)
    }
}

impl TokenDoor {
    async fn leave(&self, answered: Result<Value, Refusal>, asked: &HeaderMap, record: RequestRecord, head: bool) -> Response {
        let (mut response, told) = match answered {
            Ok(body) => (Response::builder().content_type("application/json").body(body.to_string()), None),
            Err(refusal) => (refusal.response(), Some(refusal.told())),
        };
        let headers = response.headers_mut();
        // RFC 6749 §5.1; the key set too may change at any time.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        self.shared.close(&mut response, asked, record, told).await;
        if head {
            response.set_body(());
        }
        response
    }
}

fn place(path: &str) -> (Place, &str) {
    if let Some(issuer) = path.strip_prefix(WELL_KNOWN) {
        return match issuer.strip_prefix("/oauth/") {
            Some(name) if !name.contains('/') => (Place::Metadata, name),
            _ => (Place::Nothing, ""),
        };
    }
    let rest = path.strip_prefix("/oauth/").unwrap_or_default();
    match rest.split_once('/') {
        Some((name, "token")) => (Place::Token, name),
        Some((name, "jwks")) => (Place::Keys, name),
        Some((name, _)) => (Place::Nothing, name),
        None => (Place::Nothing, rest),
    }
}

#[expect(clippy::too_many_arguments, reason = "one request in its parts, taken apart once")]
async fn answer(
    shared: &Shared,
    place: &Place,
    method: &Method,
    name: &str,
    tenant: Option<&TenantRef>,
    headers: &HeaderMap,
    body: Body,
    record: &mut RequestRecord,
) -> Result<Value, Refusal> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    match place {
        Place::Token if method == Method::POST => {
            record.operation = Some("token");
            let body = read(headers, body, shared.settings.limits.body_time).await?;
            record.came(&body);
            let request = TokenRequest::read(headers, &body)?;
            client::token(shared, tenant, request, record).await
        }
        Place::Token => Err(Refusal::method("POST")),
        // These say the same of every name, so that nobody learns which tenants there are.
        Place::Keys if reads && tenant.is_some() => Ok(shared.signing.public(record.at).await?),
        Place::Metadata if reads && tenant.is_some() => Ok(metadata(&shared.settings.public_url, name)),
        Place::Keys | Place::Metadata if tenant.is_some() => Err(Refusal::method("GET, HEAD")),
        _ => Err(Refusal::no_such_address()),
    }
}

async fn read(headers: &HeaderMap, body: Body, time: Duration) -> Result<Bytes, Refusal> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = sent.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Refusal::content_type(kind));
    }
    let taken = tokio::time::timeout(time, body.into_bytes_limit(BODY)).await;
    let taken = taken.map_err(|_| Refusal::request("the body did not come in time"))?;
    taken.map_err(|error| match error {
        ReadBodyError::PayloadTooLarge => Refusal::too_large(BODY),
        _ => Refusal::request("the body broke off"),
    })
}

fn metadata(public_url: &str, name: &str) -> Value {
    let issuer = format!("{public_url}/oauth/{name}");
    json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": ["scim", "scim:read"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported":
            ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"],
    })
}
