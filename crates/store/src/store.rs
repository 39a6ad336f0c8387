//! [`Store`]: connecting, migrating, and its two doors.

mod checkpoint;
mod condition;
mod connect;
mod priority;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::{Change, Clock, Secret, TenantId};
use tracing::Instrument;

use self::checkpoint::Checkpoints;
pub use self::condition::Migrated;
pub(crate) use self::connect::files;
use crate::access::{self, FoundAccess, Whom};
use crate::announcer::Announcer;
use crate::changes::{self, ChangeQuery, Feed};
use crate::connections::Connections;
use crate::counters::{self, Counters};
use crate::credentials::{CredentialCache, Credentials, UseBook};
use crate::dialect::Engine;
use crate::memberships::Members;
use crate::oauth_clients::OAuthClients;
use crate::schemas::Schemas;
use crate::snapshot::Snapshot;
use crate::sync_log::{SyncLog, TenantSyncLog};
use crate::tx::Origin;
use crate::wall::{Door, Gate, Rows, Wall, Watch};
use crate::write::{Lanes, Queue, Ticket};
use crate::{Groups, StoreError, Unit, Users, Written};

/// Where the data stands.
#[derive(Clone, Debug)]
pub enum Database {
    /// Embedded: two files in a directory of ours.
    Sqlite {
        /// The directory; it must exist.
        directory: PathBuf,
    },
    /// A PostgreSQL server, shared by any number of nodes.
    Postgres {
        /// Its address with user and password.
        url: Secret,
        /// Most connections of this node.
        max_connections: u32,
        /// The schema our tables stand in; the server's default without it.
        schema: Option<String>,
        /// Whether PostgreSQL itself keeps tenants apart.
        wall: Wall,
    },
}

/// Longer than any request waits for its answer.
const COMMIT_LIMIT: Duration = Duration::from_secs(40);

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the data stands.
    pub database: Database,
    /// Write lanes on PostgreSQL.
    pub lanes: usize,
    /// Most units of work that may wait.
    pub queue: usize,
    /// Most units of one commit; the engine's usual number without it. With 1 each unit has a commit of its own, which a
    /// benchmark compares with.
    pub batch: Option<usize>,
    /// How long a checked credential is believed without asking again: bounds what another process revoked.
    pub credential_cache: Duration,
    /// How long the database may say nothing while a commit is made. Then the commit is given up and undone, so that no
    /// connection that died without a word holds everybody up; one that goes on for long with answers is left alone.
    pub commit_limit: Duration,
}

impl Settings {
    /// The usual settings for `database`.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            lanes: 4,
            queue: 4_096,
            batch: None,
            credential_cache: Duration::from_secs(1),
            commit_limit: COMMIT_LIMIT,
        }
    }
}

/// The directory, everything around it, and the sync log.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) engine: Engine,
    read: Gate,
    readers: usize,
    write: Gate,
    /// On SQLite.
    checkpoints: Option<Checkpoints>,
    /// Where its files stand, on SQLite.
    directory: Option<PathBuf>,
    pub(crate) log: SyncLog,
    queue: Arc<Queue>,
    lanes: Lanes,
    pub(crate) announcer: Arc<Announcer>,
    pub(crate) credentials: CredentialCache,
    pub(crate) uses: UseBook,
    /// The address of a database that other nodes may share.
    pub(crate) shared_at: Option<Secret>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Store {
    /// Opens the database and brings its tables up to date. On PostgreSQL any number of nodes may do so at once.
    ///
    /// # Errors
    /// When the database cannot be reached, locked or migrated.
    pub async fn open(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::open_watched(settings, clock, None).await
    }

    pub(crate) async fn open_watched(
        settings: Settings,
        clock: Arc<dyn Clock>,
        watch: Option<Watch>,
    ) -> Result<Self, StoreError> {
        let opened = connect::open(&settings.database).await?;
        connect::migrate(&settings.database, &opened).await?;
        let mut opened = opened.gates();
        let readers = connect::readers(&settings);
        if let Some(watch) = watch {
            (opened.read, opened.write) = (opened.read.watched(&watch), opened.write.watched(&watch));
        }
        let (checkpoints, log_file, directory) = match &settings.database {
            Database::Sqlite { directory } => {
                let [main, log] = connect::files(directory);
                (Some(Checkpoints::start(&main).await?), Some(log), Some(directory.clone()))
            }
            Database::Postgres { .. } => (None, None, None),
        };
        let (queue, announcer) = (Arc::new(Queue::new(settings.queue)), Arc::<Announcer>::default());
        let lanes = Lanes::start(&opened.write, &queue, &announcer, &settings);
        let inner = Inner {
            engine: opened.read.engine(),
            log: SyncLog::new(opened.log_read, opened.log_write, log_file),
            checkpoints,
            directory,
            read: opened.read,
            readers,
            write: opened.write,
            queue,
            lanes,
            announcer,
            credentials: CredentialCache::new(settings.credential_cache),
            uses: UseBook::default(),
            shared_at: match settings.database {
                Database::Postgres { url, .. } => Some(url),
                Database::Sqlite { .. } => None,
            },
            clock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Brings the tables up to date and nothing else.
    ///
    /// # Errors
    /// When the database cannot be reached, locked or migrated.
    pub async fn migrate(database: &Database) -> Result<(), StoreError> {
        connect::migrate(database, &connect::open(database).await?).await
    }

    /// The door to one tenant.
    pub fn tenant(&self, tenant: TenantId) -> TenantStore {
        TenantStore { store: self.clone(), tenant }
    }

    /// The door for the few questions asked before a tenant is known.
    pub fn system(&self) -> System {
        System { store: self.clone() }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.inner.read.say("SELECT 1").await?)
    }

    /// The engine's name: `sqlite` or `postgresql`.
    pub fn engine_name(&self) -> &'static str {
        match self.inner.engine {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgresql",
        }
    }

    /// How many requests can read at one time without waiting for a connection.
    pub fn readers(&self) -> usize {
        self.inner.readers
    }

    /// How many units of work wait to be committed.
    pub fn waiting_units(&self) -> usize {
        self.inner.queue.length()
    }

    /// How long the unit of work has waited that has waited longest.
    pub fn longest_wait(&self) -> Option<Duration> {
        self.inner.queue.longest_wait()
    }

    /// The sync log, for its writer.
    pub fn sync_log(&self) -> &SyncLog {
        &self.inner.log
    }

    /// Finishes the units of work that wait, then closes the database.
    pub async fn close(self) {
        self.inner.queue.close();
        self.inner.lanes.join().await;
        if let Err(error) = self.flush_uses_directly().await {
            tracing::warn!(%error, "the last uses of credentials were not written");
        }
        if let Some(checkpoints) = &self.inner.checkpoints {
            checkpoints.stop().await;
        }
        self.inner.read.close().await;
        self.inner.write.close().await;
        self.inner.log.close().await;
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// The pool that writes, for what is no unit of work.
    pub(crate) fn write_gate(&self) -> &Gate {
        &self.inner.write
    }

    /// The rows of one tenant, or the operator's own of the nil tenant.
    pub(crate) fn rows_of(&self, tenant: TenantId) -> Rows<'_> {
        self.inner.read.through(Door::Tenant(tenant))
    }

    pub(crate) async fn write<U: Unit>(&self, door: Door, origin: Origin, unit: U) -> Result<Written<U::Output>, U::Error> {
        let tenant = origin.tenant;
        let (ticket, reply) = Ticket::new(unit, origin, door);
        if self.inner.queue.push(tenant, Box::new(ticket)).is_err() {
            return Err(StoreError::Unavailable.into());
        }
        // From the line it waits in until it is on disk.
        let span = tracing::trace_span!(target: "directory_sync::spans", "write", otel.name = U::NAME);
        reply.instrument(span).await.unwrap_or_else(|_| Err(StoreError::Unavailable.into()))
    }
}

/// Everything of one tenant, and nothing of any other.
#[derive(Clone)]
pub struct TenantStore {
    pub(crate) store: Store,
    pub(crate) tenant: TenantId,
}

impl TenantStore {
    /// Its rows.
    pub(crate) fn rows(&self) -> Rows<'_> {
        self.store.rows_of(self.tenant)
    }

    /// Whose door this is.
    pub fn id(&self) -> TenantId {
        self.tenant
    }

    /// People.
    pub fn users(&self) -> Users<'_> {
        Users::new(self.tenant, self.rows())
    }

    /// Groups.
    pub fn groups(&self) -> Groups<'_> {
        Groups::new(self.tenant, self.rows())
    }

    /// Who is in which group.
    pub fn members(&self) -> Members<'_> {
        Members::new(self.tenant, self.rows())
    }

    /// The IdP applications that sync into the tenant.
    pub fn connections(&self) -> Connections<'_> {
        Connections::new(self)
    }

    /// What they prove themselves with.
    pub fn credentials(&self) -> Credentials<'_> {
        Credentials::new(self)
    }

    /// How the OAuth clients among them prove themselves.
    pub fn oauth_clients(&self) -> OAuthClients<'_> {
        OAuthClients::new(self)
    }

    /// The schemas of its own that extend its people and groups.
    pub fn schemas(&self) -> Schemas<'_> {
        Schemas::new(self)
    }

    /// The requests at the tenant's SCIM door.
    pub fn sync_events(&self) -> TenantSyncLog<'_> {
        TenantSyncLog::new(self.tenant, &self.store.inner.log)
    }

    /// What the tenant has.
    pub async fn counters(&self) -> Result<Counters, StoreError> {
        counters::find(&self.rows(), self.tenant).await
    }

    /// A part of the tenant's feed.
    pub async fn changes(&self, query: ChangeQuery) -> Result<Vec<Change>, StoreError> {
        changes::list(&self.rows(), self.tenant, query).await
    }

    /// The feed as a consumer follows it.
    pub fn feed(&self) -> Feed {
        Feed::new(self.clone())
    }

    /// All of the tenant's directory as it is at one moment.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Snapshot::take(&self.store.inner.read, self.tenant).await
    }

    /// What somebody is in, at one moment.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn access(&self, whom: &Whom) -> Result<FoundAccess, StoreError> {
        access::read(&self.store.inner.read, self.tenant, whom).await
    }

    /// Lines a unit of work up and waits until it is committed or refused. The unit ends whole even when the caller
    /// stops waiting.
    ///
    /// # Errors
    /// The unit's own, or the store's when the queue is full or the database away.
    pub async fn write<U: Unit>(&self, origin: Origin, unit: U) -> Result<Written<U::Output>, U::Error> {
        let origin = Origin { tenant: self.tenant, ..origin };
        let written = self.store.write(Door::Tenant(self.tenant), origin, unit).await;
        if let Err(error) = &written
            && matches!(U::store_error(error), Some(StoreError::Outdated))
        {
            self.store.inner.credentials.forget_all();
        }
        written
    }
}

/// What may be asked before a tenant is known.
#[derive(Clone)]
pub struct System {
    pub(crate) store: Store,
}

impl System {
    /// Everybody's rows.
    pub(crate) fn rows(&self) -> Rows<'_> {
        self.store.inner.read.through(Door::System)
    }
}
