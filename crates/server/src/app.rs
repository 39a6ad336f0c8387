//! The whole application, built from a configuration and a clock.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use admin_api::{About, AdminDoor, Provider};
use domain::audit::AuditActor;
use domain::{AuditKey, Author, Clock, ServerKey};
use http::{HeaderValue, Method, StatusCode, header};
use outgoing::{Outgoing, OutgoingError};
use poem::{Endpoint, Request, Response};
use scim_api::{Limits, ScimDoor, TokenDoor};
use store::{Store, StoreError, SyncLogSender, SyncLogWatch, SyncLogWriter};
use tracing::field::Empty;
use tracing::{Instrument, Span};
use uuid::Uuid;

use crate::config::{self, Config};
use crate::proxies::TrustedProxies;
use crate::telemetry::SPANS;
use crate::{background, console, key, measures};

/// Events of the sync log that may wait for the disk.
const LOG_QUEUE: usize = 8_192;
/// How long the database may take to answer a probe: who asks has a deadline of his own, and wants an answer before it.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// For how long a browser that came by TLS comes by nothing else.
const ONE_YEAR: &str = "max-age=31536000";

/// What other services see of ours.
pub(crate) const AGENT: &str = concat!("Directory-Sync/", env!("CARGO_PKG_VERSION"));

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened or migrated.
    #[error("the database cannot be opened")]
    Database(#[from] StoreError),
    /// The key's file cannot be read or written.
    #[error("the server key {} cannot be read or written", .0.display())]
    KeyFile(PathBuf, #[source] std::io::Error),
    /// The key's file holds something else.
    #[error("{} does not hold a server key", .0.display())]
    BrokenKey(PathBuf),
    /// The database was made with another key.
    #[error("the server key is not the one that this database was made with; its credentials could not be checked")]
    ForeignKey,
    /// The client for addresses that admins enter cannot be made.
    #[error("requests to other services cannot be made")]
    Outgoing(#[from] OutgoingError),
    /// The operating system has no randomness.
    #[error("the operating system gives no randomness")]
    NoRandomness,
}

/// The open database with the key that goes with it.
pub struct Ground {
    /// The store.
    pub store: Store,
    /// The server key.
    pub key: Arc<ServerKey>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl Ground {
    /// The author of what a command does.
    pub fn command_line(&self) -> Author {
        Author::at_the_server(AuditActor::CommandLine, AuditKey::of(&self.key))
    }

    /// The author of what the service does by itself.
    pub fn itself(&self) -> Author {
        Author::at_the_server(AuditActor::System, AuditKey::of(&self.key))
    }

    /// Opens the database and checks that the key is its own.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let key = Arc::new(key::load_or_make(&config.data)?);
        let store = Store::open(store::Settings::new(config.database.clone()), Arc::clone(&clock)).await?;
        if !store.system().recognises_key(&key).await? {
            return Err(StartError::ForeignKey);
        }
        Ok(Self { store, key, clock })
    }
}

/// Everything that answers requests. Dropping it ends the sync log's queue.
pub struct App {
    scim: Arc<ScimDoor>,
    tokens: Arc<TokenDoor>,
    admin: AdminDoor,
    store: Store,
    proxies: TrustedProxies,
    /// Whether clients reach the service by TLS.
    secure: bool,
    watch: SyncLogWatch,
    node: Uuid,
}

impl App {
    /// The application, and the log's writer that must be spawned.
    ///
    /// # Errors
    /// [`StartError::Outgoing`].
    pub fn new(ground: &Ground, config: &Config) -> Result<(Self, SyncLogWriter), StartError> {
        let (sender, writer) = SyncLogWriter::new(ground.store.sync_log().clone(), LOG_QUEUE);
        Ok((Self::with_log(ground, config, sender)?, writer))
    }

    /// The application with the way to a log of one's own choice.
    ///
    /// # Errors
    /// [`StartError::Outgoing`].
    pub fn with_log(ground: &Ground, config: &Config, log: SyncLogSender) -> Result<Self, StartError> {
        let outgoing = Outgoing::new(config.private_hosts.clone(), AGENT)?;
        let provider =
            config.provider.clone().map(|settings| Provider::new(settings, &config.private_hosts, AGENT)).transpose()?;
        let (store, key, clock) = (&ground.store, &ground.key, &ground.clock);
        let settings = scim_api::Settings { public_url: config.public_url.clone(), limits: limits(config) };
        let watch = log.watch();
        let (scim_store, checks) = (store.clone(), outgoing.clone());
        let scim = Arc::new(ScimDoor::new(scim_store, Arc::clone(key), Arc::clone(clock), log, outgoing, settings));
        let tokens = Arc::new(scim.token_door());
        let (public_url, mail) = (config.public_url.clone(), config.mail.clone());
        let (tenant_requests_per_second, requests_per_second) =
            (config.tenant_requests_per_second, config.api_requests_per_second);
        let version = env!("CARGO_PKG_VERSION");
        let (node, exposed, configuration) = (Uuid::now_v7(), config::is_exposed(&config.public_url), config.told());
        let about = About { node, log: watch.clone(), configuration, exposed };
        let settings =
            admin_api::Settings { public_url, tenant_requests_per_second, requests_per_second, version, mail, provider, about };
        let admin = AdminDoor::new(store.clone(), Arc::clone(key), Arc::clone(clock), checks, settings);
        Ok(Self {
            scim,
            tokens,
            admin,
            store: store.clone(),
            proxies: config.proxies.clone(),
            secure: config.public_url.starts_with("https://"),
            watch,
            node,
        })
    }

    /// What goes on beside the requests, for as long as it is polled.
    pub fn beside(&self) -> impl Future<Output = ()> + Send + 'static {
        self.admin.beside()
    }

    /// A look at the sync log's queue.
    pub fn watch(&self) -> SyncLogWatch {
        self.watch.clone()
    }

    /// What this node is called among others; another one at each start.
    pub fn node(&self) -> Uuid {
        self.node
    }

    /// Who sends webhooks what waits for them.
    pub fn courier(&self) -> admin_api::Courier {
        self.admin.courier()
    }

    /// Ends the live streams, which would hold up a stop.
    pub fn end_streams(&self) {
        self.admin.end_streams();
    }

    /// A request that has begun ends whole and stands in the log, also when its client hangs up: it runs in a task of
    /// its own.
    async fn scim(&self, request: Request) -> Response {
        let door = Arc::clone(&self.scim);
        let answered = background::spawn(async move { door.get_response(request).await }.in_current_span()).await;
        answered.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "internal error\n"))
    }

    async fn token(&self, request: Request) -> Response {
        let door = Arc::clone(&self.tokens);
        let answered = background::spawn(async move { door.get_response(request).await }.in_current_span()).await;
        answered.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "internal error\n"))
    }

    async fn ready(&self) -> Response {
        match tokio::time::timeout(READY_WITHIN, self.store.ping()).await.unwrap_or(Err(StoreError::Unavailable)) {
            Ok(()) => plain(StatusCode::OK, "ready\n"),
            Err(error) => {
                tracing::warn!(%error, "not ready");
                plain(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
            }
        }
    }
}

impl Endpoint for App {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let span = span(&request);
        let answered = self.answer(request).instrument(span.clone()).await;
        if let Ok(response) = &answered {
            let status = response.status();
            span.record("http.response.status_code", status.as_u16());
            if status.is_server_error() {
                span.record("otel.status_code", "ERROR");
            }
        }
        answered
    }
}

impl App {
    async fn answer(&self, mut request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        if let Some(peer) = request.remote_addr().as_socket_addr() {
            let client = self.proxies.client(peer.ip(), request.headers());
            request.extensions_mut().insert(client);
        }
        let door = Door::of(request.uri().path());
        let mut response = match door {
            Door::Scim => self.scim(request).await,
            Door::Token => self.token(request).await,
            Door::Api => self.admin.call(request).await?,
            Door::Alive => plain(StatusCode::OK, "alive\n"),
            Door::Ready => self.ready().await,
            Door::Nothing => plain(StatusCode::NOT_FOUND, "there is nothing at this address\n"),
            Door::Console => console::answer(&request),
        };
        if self.secure {
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONE_YEAR));
        }
        measures::answered(door.name(), response.status(), started.elapsed());
        Ok(response)
    }
}

/// What a collector is told of a request. Addresses, queries and names of people stay here; the doors add ids.
fn span(request: &Request) -> Span {
    let (method, door) = (method(request.method()), Door::of(request.uri().path()).name());
    let verb = method.unwrap_or("HTTP");
    tracing::trace_span!(
        target: SPANS,
        "request",
        otel.name = format!("{verb} {door}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method.unwrap_or("_OTHER"),
        http.response.status_code = Empty,
        door,
        request_id = Empty,
        tenant = Empty,
        credential = Empty,
        operation = Empty,
        cause = Empty,
    )
}

/// A method that RFC 9110 or RFC 5789 names. Others are a stranger's own words, and as many as they like.
fn method(method: &Method) -> Option<&'static str> {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    known.into_iter().find(|known| method == known)
}

fn limits(config: &Config) -> Limits {
    Limits {
        tenant_requests_per_second: config.tenant_requests_per_second,
        body_time: config.deadlines.body,
        ..Limits::default()
    }
}

/// Who answers at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Scim,
    Token,
    Api,
    Alive,
    Ready,
    /// Kept for machines; a person's page must not stand there.
    Nothing,
    Console,
}

impl Door {
    fn of(path: &str) -> Self {
        match path.split('/').nth(1).unwrap_or_default() {
            "scim" => Self::Scim,
            "api" => Self::Api,
            "oauth" => Self::Token,
            ".well-known" if path.starts_with("/.well-known/oauth-authorization-server/") => Self::Token,
            ".well-known" | "metrics" => Self::Nothing,
            "healthz" => Self::Alive,
            "readyz" => Self::Ready,
            _ => Self::Console,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Scim => "scim",
            Self::Token => "oauth",
            Self::Api => "api",
            Self::Alive | Self::Ready => "health",
            Self::Nothing => "nothing",
            Self::Console => "console",
        }
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(text)
}
