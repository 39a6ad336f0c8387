//! Any refusal or failure as a SCIM error (RFC 7644 §3.12), in one match.

use domain::{Cause, Timestamp};
use http::header::{ACCEPT_ENCODING, ALLOW, CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE};
use poem::Response;
use scim::{Bound, Fault, FaultKind, Stale};
use store::{StoreError, Unique};

use crate::cursor;
use crate::media;
use crate::pace::{Allowance, TooFast};

/// Why a request was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The credential does not open this door.
    Unauthorized(Cause),
    /// So many credentials in one request (RFC 6750 §3.1).
    TwoCredentials(usize),
    /// Too many requests came in a short time.
    TooFast(TooFast),
    /// The tenant is suspended.
    Suspended,
    /// A credential that only reads was to write.
    ReadOnly,
    /// No such address.
    UnknownRoute,
    /// The address takes other methods.
    Method(String),
    /// A body of another content type.
    ContentType(String),
    /// A body that is compressed or otherwise encoded.
    ContentEncoding(String),
    /// A body over the limit, in bytes.
    TooLarge(usize),
    /// A body that did not come within so many seconds.
    SlowBody(u64),
    /// A bulk request of more operations than the limit.
    TooManyOperations(usize),
    /// An operation of a bulk request needs what another one did not make.
    LostReference(String),
    /// A resource of a Bulk ring stands, but what another operation should have made for it does not.
    IncompleteRing(String),
    /// The body broke off.
    BrokenBody,
    /// The body is no JSON.
    NoJson {
        /// Where reading it stopped.
        line: usize,
        /// Where in that line.
        column: usize,
        /// It is JSON, but a key of an object stands twice.
        doubled: bool,
    },
    /// What the protocol refuses.
    Fault(Fault),
    /// A unique value is taken.
    Taken {
        /// The attribute.
        attribute: String,
        /// What was sent.
        value: String,
        /// The id of who holds it.
        holder: Option<String>,
    },
    /// A filter on this endpoint of discovery, which RFC 7644 §4 forbids.
    DiscoveryFiltered(&'static str),
    /// No resource of this id.
    NotFound(String),
    /// A part of the standard that this service does not offer.
    NotImplemented,
    /// If-Match or If-None-Match does not hold.
    Stale,
    /// It took too long.
    Deadline,
    /// The code panicked.
    Panicked,
    /// The store failed.
    Store(StoreError),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<TooFast> for Failure {
    fn from(fast: TooFast) -> Self {
        Self::TooFast(fast)
    }
}

impl From<Stale> for Failure {
    fn from(_: Stale) -> Self {
        Self::Stale
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unanswerable(fault) => Self::Fault(fault),
            StoreError::Stale => Self::Stale,
            other => Self::Store(other),
        }
    }
}

/// A failure in the words of the protocol.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) scim_type: Option<&'static str>,
    pub(crate) detail: String,
    pub(crate) cause: Cause,
}

impl Failure {
    /// The store's error inside, so that a lost race can be told from a refusal.
    pub(crate) fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }

    /// Status, type, detail and cause.
    pub(crate) fn tell(&self, request_id: &str) -> Told {
        match self {
            // One sentence for all of them: a stranger learns nothing, the tenant's log tells the cause.
            Self::Unauthorized(cause) => {
                told(401, None, "the bearer token is missing or not valid for this address".to_owned(), cause.clone())
            }
            Self::TwoCredentials(count) => {
                let cause = Cause::TwoCredentials { count: count.to_string() };
                told(400, None, "the request carries more than one credential".to_owned(), cause)
            }
            Self::TooFast(fast) => {
                let detail = format!("too many requests came in a short time; please wait {} s", fast.wait);
                told(429, None, detail, fast.cause())
            }
            Self::Suspended => told(503, None, "this tenant is suspended for now".to_owned(), Cause::TenantSuspended),
            Self::ReadOnly => told(403, None, "this token may only read".to_owned(), Cause::ReadOnlyToken),
            Self::UnknownRoute => told(404, None, "there is nothing at this address".to_owned(), Cause::UnknownRoute),
            Self::Method(allowed) => told(405, None, format!("this address takes {allowed}"), Cause::MethodNotAllowed),
            Self::ContentType(sent) => told(
                415,
                None,
                format!("the body must be application/scim+json or application/json, not {sent}"),
                Cause::ContentType { sent: sent.clone() },
            ),
            Self::ContentEncoding(sent) => told(
                415,
                None,
                format!("the body must come as it is, without Content-Encoding, not as {sent}"),
                Cause::ContentEncoding { sent: sent.clone() },
            ),
            Self::TooLarge(limit) => told(
                413,
                None,
                format!("the body is larger than {limit} bytes"),
                Cause::BodyTooLarge { limit: limit.to_string() },
            ),
            Self::SlowBody(limit) => told(
                408,
                None,
                format!("the body did not come within {limit} s"),
                Cause::BodyTooSlow { limit: limit.to_string() },
            ),
            Self::TooManyOperations(limit) => {
                let cause = too_many(Bound::BulkOperations, *limit as u64);
                told(413, None, format!("a bulk request has at most {limit} operations"), cause)
            }
            Self::LostReference(name) => {
                let name = short(name);
                let detail = format!("the operation named {name} made no resource that this one could use");
                told(409, None, detail, Cause::LostReference { name })
            }
            Self::IncompleteRing(name) => {
                let name = short(name);
                let detail = format!(
                    "the resource was written, but without its reference to what the operation named {name} should have made"
                );
                told(409, None, detail, Cause::IncompleteRing { name })
            }
            Self::BrokenBody => told(400, Some("invalidSyntax"), "the body broke off".to_owned(), Cause::InvalidSyntax),
            Self::NoJson { line, column, doubled } => {
                let what = if *doubled { "a key of an object stands twice" } else { "the body is not JSON" };
                told(400, Some("invalidSyntax"), format!("{what}: line {line}, column {column}"), Cause::InvalidSyntax)
            }
            Self::Fault(fault) => told(fault.status(), fault.scim_type(), fault.detail().to_owned(), cause_of(fault)),
            Self::Taken { attribute, value, holder } => tell_taken(attribute, value, holder.as_deref()),
            Self::DiscoveryFiltered(endpoint) => {
                let cause = Cause::DiscoveryFiltered { endpoint: (*endpoint).to_owned() };
                told(403, None, "what the service can do cannot be filtered".to_owned(), cause)
            }
            Self::NotFound(id) => told(404, None, format!("there is no resource with the id {id}"), Cause::NotFound),
            Self::NotImplemented => {
                told(501, None, "this service does not know who its callers are as people".to_owned(), Cause::NotImplemented)
            }
            Self::Stale => told(412, None, "the resource is in another version than the one asked for".to_owned(), Cause::Stale),
            Self::Deadline => told(503, None, "the request took too long; please try again".to_owned(), Cause::Unavailable),
            Self::Panicked => told(500, None, internal(request_id), Cause::Internal),
            Self::Store(error) => tell_store(error, request_id),
        }
    }

    /// The failure as HTTP; what is our fault is logged here, once.
    pub(crate) fn response(&self, told: &Told, kind: &'static str) -> Response {
        if told.status >= 500 && !matches!(self, Self::NotImplemented) {
            tracing::error!(failure = ?self, "a request failed");
        }
        let status = http::StatusCode::from_u16(told.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
        let body = scim::message::error::body(told.status, told.scim_type, &told.detail);
        let mut response = media::body(status, Some(&body), kind);
        let header = match self {
            Self::Unauthorized(Cause::TokenMissing) => Some((WWW_AUTHENTICATE, "Bearer realm=\"scim\"".to_owned())),
            Self::Unauthorized(_) => Some((WWW_AUTHENTICATE, "Bearer realm=\"scim\", error=\"invalid_token\"".to_owned())),
            Self::ReadOnly => {
                Some((WWW_AUTHENTICATE, "Bearer realm=\"scim\", error=\"insufficient_scope\", scope=\"scim\"".to_owned()))
            }
            // RFC 9110 §15.5.16: which codings would do.
            Self::ContentEncoding(_) => Some((ACCEPT_ENCODING, "identity".to_owned())),
            Self::SlowBody(_) => Some((CONNECTION, "close".to_owned())),
            Self::Method(allowed) => Some((ALLOW, allowed.clone())),
            Self::Suspended => Some((RETRY_AFTER, "3600".to_owned())),
            _ if told.status == 503 => Some((RETRY_AFTER, "5".to_owned())),
            _ => None,
        };
        if let Some((name, value)) = header
            && let Ok(value) = value.parse()
        {
            response.headers_mut().insert(name, value);
        }
        if let Self::TooFast(fast) = self {
            response.headers_mut().insert(RETRY_AFTER, fast.wait.into());
            media::mark_allowance(&mut response, Allowance { limit: fast.limit, remaining: 0, reset: fast.wait });
        }
        response
    }
}

fn told(status: u16, scim_type: Option<&'static str>, detail: String, cause: Cause) -> Told {
    Told { status, scim_type, detail, cause }
}

fn tell_taken(attribute: &str, value: &str, holder: Option<&str>) -> Told {
    let detail = match holder {
        Some(holder) => format!("{attribute} is already used by the resource {holder}"),
        None => format!("{attribute} is already used by another resource"),
    };
    let (attribute, value, holder) = (attribute.to_owned(), value.to_owned(), holder.unwrap_or_default().to_owned());
    told(409, Some("uniqueness"), detail, Cause::Uniqueness { attribute, value, holder })
}

fn tell_store(error: &StoreError, request_id: &str) -> Told {
    match error {
        StoreError::Unavailable | StoreError::Contended => {
            told(503, None, "the service cannot take more work at this moment; please try again".to_owned(), Cause::Unavailable)
        }
        StoreError::Outdated => {
            told(503, None, "the tenant's schemas have just changed; please try again".to_owned(), Cause::Unavailable)
        }
        // Those of people, groups and values come with their holders, as `Failure::Taken`.
        StoreError::Conflict(
            Unique::UserName { .. }
            | Unique::GroupName { .. }
            | Unique::Value { .. }
            | Unique::SchemaUrn
            | Unique::SchemaPlace
            | Unique::SecretPlace
            | Unique::ApiKeyPlace
            | Unique::WebhookPlace
            | Unique::WebhookFilter
            | Unique::RoleKey
            | Unique::RolePlace
            | Unique::MappingPlace
            | Unique::Slug
            | Unique::HeldSlug { .. }
            | Unique::SlugPlace
            | Unique::AdminEmail
            | Unique::Other,
        ) => told(
            409,
            Some("uniqueness"),
            "a unique value is already used by another resource".to_owned(),
            Cause::Uniqueness { attribute: String::new(), value: String::new(), holder: String::new() },
        ),
        StoreError::Stale => told(412, None, "the resource has changed meanwhile".to_owned(), Cause::Stale),
        StoreError::Unanswerable(fault) => told(fault.status(), fault.scim_type(), fault.detail().to_owned(), cause_of(fault)),
        StoreError::Corrupt(_) | StoreError::Panicked | StoreError::Wall(_) | StoreError::Database(_) => {
            told(500, None, internal(request_id), Cause::Internal)
        }
    }
}

/// So much of a name as an answer repeats.
pub(crate) fn short(name: &str) -> String {
    name.chars().take(60).collect()
}

/// A time inside a cause.
pub(crate) fn at(time: Timestamp) -> String {
    time.to_rfc3339()
}

fn internal(request_id: &str) -> String {
    format!("internal error; please name the request id {request_id} when you report it")
}

fn too_many(bound: Bound, limit: u64) -> Cause {
    Cause::TooMany { what: bound.code().to_owned(), limit: limit.to_string() }
}

fn cause_of(fault: &Fault) -> Cause {
    if fault.refused_repair().is_some() {
        return Cause::RepairRefused;
    }
    if let Some((bound, limit)) = fault.bound() {
        return too_many(bound, limit);
    }
    let attribute = fault.attribute().unwrap_or_default().to_owned();
    match fault.kind() {
        FaultKind::InvalidFilter => Cause::InvalidFilter { attribute },
        FaultKind::TooMany => Cause::TooMany { what: String::new(), limit: String::new() },
        FaultKind::Uniqueness => Cause::Uniqueness { attribute: String::new(), value: String::new(), holder: String::new() },
        FaultKind::Mutability => Cause::Mutability { attribute },
        FaultKind::InvalidPath => Cause::InvalidPath { path: attribute },
        FaultKind::NoTarget => Cause::NoTarget,
        // Of a body it is none of its attributes.
        FaultKind::InvalidSyntax if !attribute.is_empty() => Cause::InvalidParameter { parameter: attribute },
        FaultKind::InvalidSyntax => Cause::InvalidSyntax,
        FaultKind::InvalidVersion => Cause::InvalidVersion { sent: attribute },
        FaultKind::InvalidCursor => Cause::InvalidCursor,
        FaultKind::ExpiredCursor => Cause::ExpiredCursor { life: cursor::LIFE.to_string() },
        FaultKind::Missing | FaultKind::Removed => Cause::RequiredMissing { attribute },
        FaultKind::InvalidValue | FaultKind::InvalidCount | FaultKind::Sensitive => Cause::InvalidValue { attribute },
    }
}
