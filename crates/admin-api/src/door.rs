//! [`AdminDoor`]: one call from its first byte to its answer.

use std::future::Future;
use std::num::NonZeroU32;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{AuditKey, Clock, ServerKey, TenantId, Timestamp};
use futures_util::FutureExt;
use http::{HeaderValue, Method, StatusCode, header};
use moka::future::Cache;
use outgoing::Outgoing;
use outgoing::mail::Mail;
use poem::endpoint::BoxEndpoint;
use poem::error::{MethodNotAllowedError, ReadBodyError};
use poem::middleware::CookieJarManager;
use poem::{Body, Endpoint, EndpointExt, Request, Response};
use poem_openapi::error::{AuthorizationError, ContentTypeError, ParseParamError, ParseRequestPayloadError};
use store::{Store, SyncLogWatch};
use uuid::Uuid;
use webauthn_rs::Webauthn;

use crate::attempts::Attempts;
use crate::auth;
use crate::ceremonies::Ceremonies;
use crate::counting::Counting;
use crate::directory_filter;
use crate::drift;
use crate::failure::Failure;
use crate::live::Streams;
use crate::pace::{Note, Pace};
use crate::passkeys;
use crate::password_resets::{self, ResetDesk};
use crate::passwords::Passwords;
use crate::provider::Provider;
use crate::self_check::SelfCheckPace;
use crate::service::{self, Address};
use crate::snapshot;
use crate::turns::Turns;
use crate::webhooks::{Courier, MessagePace};

/// Most bytes of a body: everything here is a small form, but for what a mirror has.
const BODY: usize = 64 * 1024;
/// How long a call may take.
const DEADLINE: Duration = Duration::from_secs(30);
const PREFIX: &str = "/api/v1";
/// How often an operator's visit to a tenant is recorded, and most visits remembered.
const VISIT: Duration = Duration::from_hours(1);
const VISITS: u64 = 10_000;

/// What the door is told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How the world reaches the service, without a slash at its end.
    pub public_url: String,
    /// Most requests a second of each tenant that has no ceiling of its own.
    pub tenant_requests_per_second: Option<NonZeroU32>,
    /// Most calls a second of one session, of one API key and, where nothing is proved, of one address.
    pub requests_per_second: NonZeroU32,
    /// The service's version.
    pub version: &'static str,
    /// The way out for mail; links are shown instead without it.
    pub mail: Option<Mail>,
    /// The OpenID provider where people sign in too.
    pub provider: Option<Provider>,
    /// What operators are told of the service that the door cannot see by itself.
    pub about: About,
}

/// What operators are told of the service that the door cannot see by itself.
#[derive(Clone, Debug)]
pub struct About {
    /// What this node is called among the nodes on the database.
    pub node: Uuid,
    /// A look at the sync log's queue.
    pub log: SyncLogWatch,
    /// The configuration in force, without secrets.
    pub configuration: Vec<Setting>,
    /// Whether clients are sent to plain HTTP on another machine.
    pub exposed: bool,
}

/// One setting of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name in the configuration's file.
    pub name: &'static str,
    /// What it is; nothing for a secret that is set.
    pub value: Option<String>,
}

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) key: Arc<ServerKey>,
    pub(crate) audit_key: AuditKey,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) passwords: Passwords,
    pub(crate) attempts: Attempts,
    /// How fast calls may come.
    pub(crate) pace: Pace,
    pub(crate) outgoing: Outgoing,
    /// The relying party of passkeys, where the service's address can have them.
    pub(crate) passkeys: Option<Webauthn>,
    /// How often ceremonies are begun of late.
    pub(crate) ceremonies: Ceremonies,
    /// How often tenants checked our side of late.
    pub(crate) self_checks: SelfCheckPace,
    /// How often messages to webhooks were asked for of late.
    pub(crate) messages: MessagePace,
    pub(crate) resets: ResetDesk,
    /// Which operator's session was recorded in which tenant of late.
    pub(crate) visits: Cache<([u8; 32], TenantId), ()>,
    pub(crate) streams: Arc<Streams>,
    /// Places for those who take a whole directory.
    pub(crate) snapshots: Arc<snapshot::Places>,
    /// Places for lists that look through a directory.
    pub(crate) scans: Arc<Turns>,
    /// Turns of those who compare a mirror with the directory.
    pub(crate) drift_turns: Arc<Turns>,
    pub(crate) started_at: Timestamp,
}

/// Our id of a request.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// The door below `/api`.
pub struct AdminDoor {
    shared: Arc<Shared>,
    service: BoxEndpoint<'static, Response>,
    document: String,
    addresses: Vec<Address>,
}

impl AdminDoor {
    /// A door to `store`; `outgoing` checks addresses that people enter.
    pub fn new(store: Store, key: Arc<ServerKey>, clock: Arc<dyn Clock>, outgoing: Outgoing, settings: Settings) -> Self {
        let started_at = clock.now();
        let streams = Arc::default();
        let (passwords, attempts, audit_key) = (Passwords::default(), Attempts::default(), AuditKey::of(&key));
        let (resets, visits) = (ResetDesk::default(), Cache::builder().max_capacity(VISITS).time_to_live(VISIT).build());
        let (passkeys, ceremonies) = (passkeys::relying_party(&settings.public_url), Ceremonies::default());
        let pace = Pace::new(settings.requests_per_second);
        let shared = Shared {
            store,
            key,
            audit_key,
            clock,
            settings,
            passwords,
            attempts,
            pace,
            outgoing,
            passkeys,
            ceremonies,
            self_checks: SelfCheckPace::default(),
            messages: MessagePace::default(),
            resets,
            visits,
            streams,
            snapshots: Arc::default(),
            scans: Arc::new(Turns::new(directory_filter::SCANS)),
            drift_turns: Arc::new(Turns::new(drift::AT_ONCE)),
            started_at,
        };
        Self {
            shared: Arc::new(shared),
            service: Counting::new(service::endpoint().boxed()).with(CookieJarManager::new()).boxed(),
            document: service::document(),
            addresses: service::addresses(),
        }
    }

    /// Work that goes on beside the calls for as long as the door is there: letters that nobody waits for.
    pub fn beside(&self) -> impl Future<Output = ()> + Send + 'static {
        password_resets::run(Arc::clone(&self.shared))
    }

    /// Who sends webhooks what waits for them; somebody has to call it.
    pub fn courier(&self) -> Courier {
        Courier::new(Arc::clone(&self.shared))
    }

    /// Ends the live streams, so that a stop need not wait for their readers; no new ones begin.
    pub fn end_streams(&self) {
        self.shared.streams.end();
    }

    async fn answer(&self, mut request: Request) -> Result<Response, Failure> {
        let path = request.uri().path();
        if path == "/api/openapi.json" {
            return self.document(request.method());
        }
        let rest = path.strip_prefix(PREFIX).filter(|rest| rest.starts_with('/')).ok_or(Failure::NotFound)?.to_owned();
        // Only one spelling of an address is an address.
        if rest.contains("//") || rest.contains('%') {
            return Err(Failure::NotFound);
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            auth::same_site(&request, &self.shared.settings.public_url)?;
        }
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        *request.uri_mut() = format!("{rest}{query}").parse().map_err(|_| Failure::NotFound)?;
        let most = if rest.ends_with("/drift") { drift::BODY } else { BODY };
        let body = request.take_body().into_bytes_limit(most).await.map_err(|error| match error {
            ReadBodyError::PayloadTooLarge => Failure::TooLarge(most),
            _ => Failure::field("body", "broke off"),
        })?;
        request.set_body(Body::from(body));
        request.extensions_mut().insert(Arc::clone(&self.shared));
        self.service.call(request).await.map_err(|error| self.failure(error, &rest))
    }

    fn document(&self, method: &Method) -> Result<Response, Failure> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(Failure::Method("GET, HEAD".to_owned()));
        }
        Ok(Response::builder().content_type("application/json").body(self.document.clone()))
    }

    /// Our failures as they are; what the framework refuses itself in our words, without any of its own.
    fn failure(&self, error: poem::Error, path: &str) -> Failure {
        let status = error.status();
        if error.is::<Failure>() {
            return error.downcast::<Failure>().unwrap_or(Failure::NotFound);
        }
        if error.is::<AuthorizationError>() {
            return Failure::NotSignedIn;
        }
        if let Some(ParseParamError { name, reason }) = error.downcast_ref() {
            tracing::debug!(name, reason, "a parameter was refused");
            return Failure::field(name, "cannot be read");
        }
        if let Some(ParseRequestPayloadError { reason }) = error.downcast_ref() {
            tracing::debug!(reason, "a body was refused");
            return Failure::field("body", "is no JSON of the form that the document describes");
        }
        if error.is::<ContentTypeError>() {
            return Failure::ContentType;
        }
        if error.is::<MethodNotAllowedError>() || status == StatusCode::METHOD_NOT_ALLOWED {
            return Failure::Method(service::methods_at(&self.addresses, path));
        }
        match status {
            StatusCode::NOT_FOUND => Failure::NotFound,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Failure::ContentType,
            status if status.is_client_error() => Failure::Invalid(Vec::new()),
            _ => Failure::Internal("the framework failed"),
        }
    }
}

impl Endpoint for AdminDoor {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let (id, started) = (Uuid::now_v7().to_string(), Instant::now());
        let note = Note::default();
        request.extensions_mut().insert(RequestId(id.clone()));
        request.extensions_mut().insert(note.clone());
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let guarded = AssertUnwindSafe(tokio::time::timeout(DEADLINE, self.answer(request))).catch_unwind();
        let answered = match guarded.await {
            Ok(Ok(answered)) => answered,
            Ok(Err(_)) => Err(Failure::Unavailable),
            Err(_) => Err(Failure::Internal("the code panicked")),
        };
        let mut response = answered.unwrap_or_else(|failure| failure.response(&id));
        let (status, millis) = (response.status().as_u16(), started.elapsed().as_millis());
        match status {
            0..=399 => tracing::info!(request_id = id, %method, path, status, millis, "api call"),
            400..=499 => tracing::warn!(request_id = id, %method, path, status, millis, "api call refused"),
            _ => tracing::error!(request_id = id, %method, path, status, millis, "api call failed"),
        }
        if let Some(allowance) = note.allowance() {
            allowance.mark(&mut response);
        }
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::from_str(&id) {
            headers.insert("x-request-id", id);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        Ok(response)
    }
}
