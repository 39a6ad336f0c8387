//! The whole application, built from a configuration and a clock.

use std::path::PathBuf;
use std::sync::Arc;

use domain::{Clock, ServerKey};
use http::{StatusCode, header};
use poem::{Endpoint, Request, Response};
use scim_api::{Limits, ScimDoor, Settings};
use store::{Store, StoreError, SyncLogSender, SyncLogWriter};

use crate::config::Config;
use crate::key;

/// Events of the sync log that may wait for the disk.
const LOG_QUEUE: usize = 8_192;

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
    scim: ScimDoor,
    store: Store,
}

impl App {
    /// The application, and the log's writer that must be spawned.
    pub fn new(ground: &Ground, config: &Config) -> (Self, SyncLogWriter) {
        let (sender, writer) = SyncLogWriter::new(ground.store.sync_log().clone(), LOG_QUEUE);
        (Self::with_log(ground, config, sender), writer)
    }

    fn with_log(ground: &Ground, config: &Config, log: SyncLogSender) -> Self {
        let settings = Settings { public_url: config.public_url.clone(), limits: Limits::default() };
        let scim = ScimDoor::new(ground.store.clone(), Arc::clone(&ground.key), Arc::clone(&ground.clock), log, settings);
        Self { scim, store: ground.store.clone() }
    }

    async fn ready(&self) -> Response {
        match self.store.ping().await {
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
        let path = request.uri().path();
        if path == "/scim" || path.starts_with("/scim/") {
            return self.scim.call(request).await;
        }
        Ok(match path {
            "/healthz" => plain(StatusCode::OK, "alive\n"),
            "/readyz" => self.ready().await,
            _ => plain(StatusCode::NOT_FOUND, "there is nothing at this address\n"),
        })
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(text)
}
