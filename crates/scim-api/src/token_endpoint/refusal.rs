//! What a client is told that gets no token (RFC 6749 §5.2), and what its admin reads in the sync log.

use domain::Cause;
use http::StatusCode;
use http::header::{HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use poem::Response;
use serde_json::json;
use store::StoreError;

use crate::failure::Told;
use crate::media;
use crate::pace::{Allowance, TooFast};

/// Why no token was given.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// The code of the standard.
    pub(super) error: &'static str,
    /// A sentence that is safe to tell a stranger.
    description: String,
    cause: Box<Cause>,
    wait: Option<u64>,
    /// Of a limit that was reached.
    limit: Option<u32>,
    allow: Option<&'static str>,
}

impl Refusal {
    fn new(status: u16, error: &'static str, description: &str, cause: Cause) -> Self {
        Self { status, error, description: description.to_owned(), cause: Box::new(cause), wait: None, limit: None, allow: None }
    }

    /// A request that is not as the standard has it.
    pub(super) fn request(reason: &str) -> Self {
        Self::new(400, "invalid_request", reason, Cause::TokenRequest { reason: reason.to_owned() })
    }

    pub(super) fn grant_type(sent: &str) -> Self {
        let reason = format!("grant_type is {}, not client_credentials", sent.chars().take(60).collect::<String>());
        let description = "only client_credentials is offered";
        Self::new(400, "unsupported_grant_type", description, Cause::TokenRequest { reason })
    }

    /// A request without a client that proves itself.
    pub(super) fn client_missing() -> Self {
        Self::client(Cause::TokenRequest { reason: "the client does not prove itself".to_owned() })
    }

    /// Whatever is wrong with the client; a stranger learns nothing of what.
    pub(super) fn client(cause: Cause) -> Self {
        Self::new(401, "invalid_client", "the client is unknown or its proof is not good", cause)
    }

    pub(super) fn suspended() -> Self {
        let description = "the tenant is suspended; please try again later";
        Self { wait: Some(300), ..Self::new(503, "temporarily_unavailable", description, Cause::TenantSuspended) }
    }

    pub(super) fn no_such_address() -> Self {
        Self::new(404, "invalid_request", "there is nothing at this address", Cause::UnknownRoute)
    }

    pub(super) fn method(allow: &'static str) -> Self {
        let refusal = Self::new(405, "invalid_request", "the address does not take this method", Cause::MethodNotAllowed);
        Self { allow: Some(allow), ..refusal }
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let description = format!("the body is larger than {limit} bytes");
        Self::new(413, "invalid_request", &description, Cause::BodyTooLarge { limit: limit.to_string() })
    }

    pub(super) fn content_type(sent: &str) -> Self {
        let sent: String = sent.chars().take(80).collect();
        let description = "the body is not application/x-www-form-urlencoded";
        Self::new(415, "invalid_request", description, Cause::ContentType { sent })
    }

    pub(super) fn took_too_long() -> Self {
        let description = "the request took too long; please try again";
        Self { wait: Some(1), ..Self::new(503, "temporarily_unavailable", description, Cause::Unavailable) }
    }

    pub(super) fn panicked(request_id: &str) -> Self {
        let description = format!("internal error; please name the request id {request_id} when you report it");
        Self::new(500, "server_error", &description, Cause::Internal)
    }

    /// What the sync log says of it.
    pub(super) fn told(&self) -> Told {
        Told { status: self.status, scim_type: None, detail: self.description.clone(), cause: Cause::clone(&self.cause) }
    }

    pub(super) fn response(&self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::builder().status(status).content_type("application/json").body(body.to_string());
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: String| {
            if let Ok(value) = value.parse() {
                headers.insert(name, value);
            }
        };
        if self.status == 401 {
            set(WWW_AUTHENTICATE, "Basic realm=\"oauth\"".to_owned());
        }
        if let Some(wait) = self.wait {
            set(RETRY_AFTER, wait.to_string());
        }
        if let Some(allow) = self.allow {
            set(http::header::ALLOW, allow.to_owned());
        }
        if let (Some(limit), Some(reset)) = (self.limit, self.wait) {
            media::mark_allowance(&mut response, Allowance { limit, remaining: 0, reset });
        }
        response
    }
}

impl From<TooFast> for Refusal {
    fn from(fast: TooFast) -> Self {
        let description = "too many requests came in a short time";
        Self { wait: Some(fast.wait), limit: Some(fast.limit), ..Self::new(429, "slow_down", description, fast.cause()) }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable | StoreError::Contended | StoreError::Outdated => Self::took_too_long(),
            other => {
                tracing::error!(error = %other, "a token request failed");
                Self::new(500, "server_error", "internal error", Cause::Internal)
            }
        }
    }
}
