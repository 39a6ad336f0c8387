//! Any refusal or failure as a problem document (RFC 9457), in one match.

use http::StatusCode;
use poem::error::ResponseError;
use poem::{Response, http::header};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object};
use store::{StoreError, Unique};

const PROBLEM: &str = "application/problem+json";

/// Why a call was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// E-mail and password do not belong together; one text for unknown person and wrong password.
    #[error("this e-mail and password do not belong together")]
    SignInFailed,
    /// Too many attempts to sign in from here or for this person.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Seconds until another attempt is looked at.
        wait: u64,
    },
    /// Too many calls of one caller in a short time.
    #[error("more than {limit} calls a second: wait, then repeat the call")]
    TooFast {
        /// Seconds until another call is taken.
        wait: u64,
        /// How many are taken a second.
        limit: u32,
    },
    /// The node has as many live streams as it may have.
    #[error("too many live streams are open")]
    TooManyStreams,
    /// The tenant has as much of what takes long under way as it may have.
    #[error("this tenant asks for too much at once that looks through its directory: wait for an answer before you ask again")]
    TooManyAtOnce,
    /// What follows a place in the feed is no longer kept.
    #[error("changes before {first} are no longer kept: take a snapshot and follow the changes after its seq")]
    ChangesRemoved {
        /// The first change that is kept.
        first: u64,
    },
    /// The feed has no such place yet.
    #[error(
        "the last change is {head}, so this number is not of this feed: take a snapshot and follow the changes after its seq"
    )]
    ChangesUnknown {
        /// The number of the last change.
        head: u64,
    },
    /// The tenant's own side was checked too often.
    #[error("a tenant's side is checked {most} times a minute at most")]
    TooManyChecks {
        /// How often it may be.
        most: u32,
        /// Seconds until it is checked again.
        wait: u64,
    },
    /// The tenant's webhooks were sent too much by hand.
    #[error("a tenant's webhooks are sent {most} messages a minute by hand at most")]
    TooManyMessages {
        /// How many it may be.
        most: u32,
        /// Seconds until another is sent.
        wait: u64,
    },
    /// There are as many webhooks as there may be.
    #[error("a tenant has at most {0} webhooks; remove one first")]
    TooManyWebhooks(usize),
    /// No session, or one that has ended.
    #[error("sign in first")]
    NotSignedIn,
    /// A changing call without the header that a foreign page cannot send.
    #[error("calls that change something need the header X-Directory-Sync and must not come from a foreign page")]
    MissingHeader,
    /// The person signed in too long ago for this.
    #[error("this needs a recent sign-in: sign in again, then repeat the call")]
    SignInAgain,
    /// The person's role does not reach so far.
    #[error("your role does not allow this")]
    Forbidden,
    /// Nothing here, or nothing for this person: the two look the same.
    #[error("there is nothing here")]
    NotFound,
    /// The address takes other methods.
    #[error("this address takes {0}")]
    Method(String),
    /// The one-time code was used, has ended, or never was one.
    #[error("the code has been used or has expired")]
    CodeUnknown,
    /// Another tenant has the slug.
    #[error("another tenant has this slug")]
    SlugTaken,
    /// The slug was let go a short while ago.
    #[error("this slug belonged to a tenant until a short while ago and is held until {0}")]
    SlugHeld(String),
    /// The tenant has had too many slugs.
    #[error("a tenant keeps at most {0} earlier slugs, those dropped less than 90 days ago included")]
    TooManySlugs(u32),
    /// Another person has the address.
    #[error("somebody has this e-mail address")]
    EmailTaken,
    /// The person's sign-in needs a code of their app.
    #[error("a code of the authenticator app, or a recovery code, is needed")]
    CodeNeeded,
    /// The code is not the one the app shows, or was used before.
    #[error("this is not the code that the app shows now, nor a recovery code that is left")]
    CodeWrong,
    /// An authenticator app is set up already.
    #[error("an authenticator app is set up already")]
    TotpOn,
    /// The passkey is not one of ours, or did not prove itself.
    #[error("this passkey is not known here, or did not prove itself")]
    PasskeyRefused,
    /// Browsers take no passkey at the service's address.
    #[error("passkeys need a name and TLS in the service's address")]
    NoPasskeys,
    /// The person would be changing their own place.
    #[error("nobody changes or removes themselves here; somebody else can")]
    Yourself,
    /// Nobody would run the service any more.
    #[error("somebody must run the service: make another operator first")]
    LastOperator,
    /// The invitation is for somebody else than the person who is signed in.
    #[error("this invitation is for another person")]
    OtherPerson,
    /// There are as many API keys as there may be.
    #[error("at most {0} API keys are live at once; revoke one first")]
    TooManyKeys(usize),
    /// The connection was closed.
    #[error("the connection is closed")]
    ConnectionClosed,
    /// The tenant has a schema of this URN.
    #[error("there is a schema of this URN already")]
    SchemaTaken,
    /// The tenant has as many schemas as it may have.
    #[error("a tenant has at most {0} schemas of its own")]
    TooManySchemas(usize),
    /// The tenant has as many readers that acknowledge as it may have.
    #[error("a tenant has at most {0} readers that acknowledge; forget one first")]
    TooManyReaders(usize),
    /// There is a role of the app of this key.
    #[error("there is a role of this key already")]
    RoleTaken,
    /// There are as many roles of the app as there may be.
    #[error("there are at most {0} roles")]
    TooManyRoles(usize),
    /// Tenants map groups to the role.
    #[error("{groups} groups of {tenants} tenants are mapped to this role")]
    RoleMapped {
        /// How many tenants.
        tenants: u64,
        /// How many groups in all.
        groups: u64,
    },
    /// The tenant has as many mappings as it may have.
    #[error("a tenant maps groups to roles at most {0} times")]
    TooManyMappings(u64),
    /// The client has as many live secrets as it may have.
    #[error("a client has at most {0} live secrets; revoke one first")]
    TooManySecrets(usize),
    /// A name means more people than one.
    #[error("several people have this externalId; ask by userName or id")]
    SeveralPeople,
    /// Stored values do not fit a schema.
    #[error("{number} resources have values that do not fit this schema")]
    Misfits {
        /// How many resources.
        number: u64,
        /// The first of them by their ids, with what is wrong.
        examples: Vec<FieldError>,
    },
    /// Fields or parameters that cannot be taken.
    #[error("the request is not right")]
    Invalid(Vec<FieldError>),
    /// A body over the limit, in bytes.
    #[error("a body has at most {0} bytes")]
    TooLarge(usize),
    /// A body that is no JSON, by what it says of itself.
    #[error("the body must be application/json")]
    ContentType,
    /// The service has no room for this now.
    #[error("the service is busy")]
    Unavailable,
    /// The code panicked, or the system failed us.
    #[error("internal error")]
    Internal(&'static str),
    /// The store failed.
    #[error("internal error")]
    Store(#[source] StoreError),
}

/// What is wrong with one field of a body or one parameter.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub(crate) struct FieldError {
    /// The field's name.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) message: String,
}

impl FieldError {
    /// The same of another field.
    pub(crate) fn at(self, field: &str) -> Self {
        Self { field: field.to_owned(), ..self }
    }
}

/// A problem document (RFC 9457).
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Problem {
    /// Always `about:blank`: `code` says which problem it is.
    #[oai(rename = "type")]
    kind: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened, for people.
    detail: Option<String>,
    /// What happened, for programs.
    code: String,
    /// Our id of the request; it stands in the service's log too.
    request_id: Option<String>,
    /// What is wrong with which field.
    errors: Option<Vec<FieldError>>,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Unique::Slug) => Self::SlugTaken,
            StoreError::Conflict(Unique::HeldSlug { until }) => Self::SlugHeld(until.to_rfc3339()),
            StoreError::Conflict(Unique::SlugPlace) => Self::TooManySlugs(domain::tenant::MOST_OLD_SLUGS),
            StoreError::Conflict(Unique::AdminEmail) => Self::EmailTaken,
            StoreError::Conflict(Unique::SchemaUrn) => Self::SchemaTaken,
            StoreError::Conflict(Unique::SecretPlace) => Self::TooManySecrets(domain::oauth::SECRETS),
            StoreError::Conflict(Unique::ApiKeyPlace) => Self::TooManyKeys(domain::api_key::MOST),
            StoreError::Conflict(Unique::WebhookPlace) => Self::TooManyWebhooks(domain::webhook::MOST),
            StoreError::Conflict(Unique::WebhookFilter) => {
                Self::field("types", "no change of such a resource has one of these types")
            }
            StoreError::Conflict(Unique::SchemaPlace) => Self::TooManySchemas(domain::extension_schema::MOST),
            StoreError::Unanswerable(fault) => Self::field("filter", fault.detail()),
            StoreError::Conflict(Unique::RoleKey) => Self::RoleTaken,
            StoreError::Conflict(Unique::RolePlace) => Self::TooManyRoles(domain::app_role::MOST),
            StoreError::Conflict(Unique::MappingPlace) => Self::TooManyMappings(domain::app_role::MOST_MAPPINGS),
            StoreError::Unavailable | StoreError::Outdated => Self::Unavailable,
            StoreError::Conflict(Unique::UserName { .. } | Unique::GroupName { .. } | Unique::Value { .. } | Unique::Other)
            | StoreError::Stale
            | StoreError::Contended
            | StoreError::Corrupt(_)
            | StoreError::Panicked
            | StoreError::Wall(_)
            | StoreError::Database(_) => Self::Store(error),
        }
    }
}

impl Failure {
    /// One field that cannot be taken.
    pub(crate) fn field(field: &str, message: &str) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), message: message.to_owned() }])
    }

    /// Status and code.
    pub(crate) fn told(&self) -> (StatusCode, &'static str) {
        match self {
            Self::SignInFailed => (StatusCode::UNAUTHORIZED, "sign_in_failed"),
            Self::TooManyAttempts { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"),
            Self::TooFast { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_fast"),
            Self::TooManyStreams => (StatusCode::TOO_MANY_REQUESTS, "too_many_streams"),
            Self::TooManyAtOnce => (StatusCode::TOO_MANY_REQUESTS, "too_many_at_once"),
            Self::ChangesRemoved { .. } => (StatusCode::GONE, "changes_removed"),
            Self::ChangesUnknown { .. } => (StatusCode::GONE, "changes_unknown"),
            Self::TooManyChecks { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_checks"),
            Self::TooManyMessages { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_messages"),
            Self::TooManyWebhooks(_) => (StatusCode::CONFLICT, "too_many_webhooks"),
            Self::NotSignedIn => (StatusCode::UNAUTHORIZED, "not_signed_in"),
            Self::MissingHeader => (StatusCode::FORBIDDEN, "missing_header"),
            Self::SignInAgain => (StatusCode::FORBIDDEN, "sign_in_again"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Method(_) => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::CodeUnknown => (StatusCode::GONE, "code_unknown"),
            Self::SlugTaken => (StatusCode::CONFLICT, "slug_taken"),
            Self::SlugHeld(_) => (StatusCode::CONFLICT, "slug_held"),
            Self::TooManySlugs(_) => (StatusCode::CONFLICT, "too_many_slugs"),
            Self::EmailTaken => (StatusCode::CONFLICT, "email_taken"),
            Self::CodeNeeded => (StatusCode::UNAUTHORIZED, "code_needed"),
            Self::CodeWrong => (StatusCode::UNAUTHORIZED, "code_wrong"),
            Self::TotpOn => (StatusCode::CONFLICT, "totp_on"),
            Self::PasskeyRefused => (StatusCode::UNAUTHORIZED, "passkey_refused"),
            Self::NoPasskeys => (StatusCode::CONFLICT, "no_passkeys"),
            Self::Yourself => (StatusCode::CONFLICT, "yourself"),
            Self::LastOperator => (StatusCode::CONFLICT, "last_operator"),
            Self::OtherPerson => (StatusCode::CONFLICT, "other_person"),
            Self::TooManyKeys(_) => (StatusCode::CONFLICT, "too_many_keys"),
            Self::ConnectionClosed => (StatusCode::CONFLICT, "connection_closed"),
            Self::SchemaTaken => (StatusCode::CONFLICT, "schema_taken"),
            Self::TooManySecrets(_) => (StatusCode::CONFLICT, "too_many_secrets"),
            Self::TooManyReaders(_) => (StatusCode::CONFLICT, "too_many_readers"),
            Self::TooManySchemas(_) => (StatusCode::CONFLICT, "too_many_schemas"),
            Self::SeveralPeople => (StatusCode::CONFLICT, "several_people"),
            Self::RoleTaken => (StatusCode::CONFLICT, "role_taken"),
            Self::TooManyRoles(_) => (StatusCode::CONFLICT, "too_many_roles"),
            Self::RoleMapped { .. } => (StatusCode::CONFLICT, "role_mapped"),
            Self::TooManyMappings(_) => (StatusCode::CONFLICT, "too_many_mappings"),
            Self::Misfits { .. } => (StatusCode::CONFLICT, "misfits"),
            Self::Invalid(_) => (StatusCode::BAD_REQUEST, "invalid"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::ContentType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Self::Internal(_) | Self::Store(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    /// The whole answer. What went wrong on our side goes to the log, never to the caller.
    pub(crate) fn response(&self, request_id: &str) -> Response {
        let (status, code) = self.told();
        match self {
            Self::Store(error) => tracing::error!(request_id, error = error as &dyn std::error::Error, "a call failed"),
            Self::Internal(why) => tracing::error!(request_id, why, "a call failed"),
            _ => {}
        }
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            detail: Some(self.to_string()),
            code: code.to_owned(),
            request_id: Some(request_id.to_owned()),
            errors: match self {
                Self::Invalid(errors) | Self::Misfits { examples: errors, .. } if !errors.is_empty() => Some(errors.clone()),
                _ => None,
            },
        };
        let mut answer = Response::builder().status(status).header(header::CONTENT_TYPE, PROBLEM);
        match self {
            Self::TooManyAttempts { wait }
            | Self::TooFast { wait, .. }
            | Self::TooManyChecks { wait, .. }
            | Self::TooManyMessages { wait, .. } => {
                answer = answer.header(header::RETRY_AFTER, wait.to_string());
            }
            Self::TooManyStreams => answer = answer.header(header::RETRY_AFTER, "10"),
            Self::Unavailable | Self::TooManyAtOnce => answer = answer.header(header::RETRY_AFTER, "2"),
            Self::Method(allowed) => answer = answer.header(header::ALLOW, allowed.as_str()),
            // A browser must not put a dialog of its own over the console, so no scheme that it knows is named.
            Self::NotSignedIn | Self::SignInFailed | Self::CodeNeeded | Self::CodeWrong | Self::PasskeyRefused => {
                answer = answer.header(header::WWW_AUTHENTICATE, "Session");
            }
            _ => {}
        }
        answer.body(problem.to_json_string())
    }
}

impl ResponseError for Failure {
    fn status(&self) -> StatusCode {
        self.told().0
    }

    /// The door writes the answer, because it alone knows the request's id.
    fn as_response(&self) -> Response {
        Response::builder().status(self.status()).finish()
    }
}

impl ApiResponse for Failure {
    fn meta() -> MetaResponses {
        let content = MetaMediaType { content_type: PROBLEM, schema: Problem::schema_ref() };
        let response = MetaResponse {
            description: "What is wrong, as a problem document (RFC 9457)",
            status: None,
            status_range: None,
            content: vec![content],
            headers: Vec::new(),
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}
