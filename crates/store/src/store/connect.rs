//! Opening the pools of either engine, and migrating.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use migrations::{Migrator, MigratorTrait, SyncLogMigrator};
use sea_orm::{ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DbErr, Statement, TransactionTrait};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection as _, Executor};
use tokio::time::timeout;

use super::{Database, Settings, priority};
use crate::StoreError;
use crate::wall::{self, Door, Gate, Wall, WallFault};

/// Pools for reading and writing the directory and the log. On PostgreSQL all are clones of one.
pub(super) struct Opened {
    read: DatabaseConnection,
    write: DatabaseConnection,
    log_read: DatabaseConnection,
    log_write: DatabaseConnection,
    walled: bool,
}

/// The same as nothing but gates.
pub(super) struct Gates {
    pub(super) read: Gate,
    pub(super) write: Gate,
    pub(super) log_read: Gate,
    pub(super) log_write: Gate,
}

impl Opened {
    pub(super) fn gates(self) -> Gates {
        let gate = |pool| Gate::new(pool, self.walled);
        let (read, write) = (gate(self.read), gate(self.write).counted());
        Gates { read, write, log_read: gate(self.log_read), log_write: gate(self.log_write) }
    }
}

/// Most requests that read at one time on SQLite.
const READERS: u32 = 5;
/// Connections for what is read beside them: who sends a request and whether the database answers, and what takes long, of
/// which a node does two at a time each: snapshots, comparisons of mirrors and lists that look through a directory.
const BESIDE: u32 = 7;
/// What the server itself ends: whoever waits for a lock that a dead node holds, a statement that never ends, and a
/// transaction whose node has gone without a word.
const LIMITS: &str = "SET lock_timeout = '20s'; SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '90s';";
/// None of this holds for a migration, which waits for others and may take long.
const NO_LIMITS: &str =
    "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";
/// How long a connection that writes may take to answer when it comes back.
const ALIVE: Duration = Duration::from_secs(5);
/// How long a request waits for a connection to PostgreSQL: while it is away each is told so within two seconds.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Any number; the same on all nodes, so that one migrates and the others wait.
const MIGRATION_LOCK: i64 = 0x5343_494d;

/// How many requests can read at one time and find a connection.
pub(super) fn readers(settings: &Settings) -> usize {
    let readers = match settings.database {
        // They run on our own processors, so more of them than there are only take time from each other.
        Database::Sqlite { .. } => {
            let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
            u32::try_from(processors).unwrap_or(u32::MAX).saturating_add(1).min(READERS)
        }
        Database::Postgres { max_connections, .. } => {
            let lanes = u32::try_from(settings.lanes).unwrap_or(u32::MAX);
            max_connections.saturating_sub(lanes).saturating_sub(BESIDE).max(1)
        }
    };
    usize::try_from(readers).unwrap_or(usize::MAX)
}

/// The directory's file and the sync log's.
pub(crate) fn files(directory: &Path) -> [PathBuf; 2] {
    ["directory.sqlite", "sync-log.sqlite"].map(|name| directory.join(name))
}

pub(super) async fn open(database: &Database) -> Result<Opened, StoreError> {
    match database {
        Database::Sqlite { directory } => {
            let [main, log] = files(directory);
            // The writers come first: they create the files that readers then only read.
            let (write, log_write) = (sqlite(&main, true).await?, sqlite_log(&log).await?);
            let (read, log_read) = (sqlite(&main, false).await?, sqlite(&log, false).await?);
            Ok(Opened { read, write, log_read, log_write, walled: false })
        }
        Database::Postgres { url, max_connections, schema, wall } => {
            let pool = postgres(url.expose(), *max_connections, schema.as_deref(), wall.raised).await?;
            let clone = || pool.clone();
            Ok(Opened { read: clone(), write: clone(), log_read: clone(), log_write: clone(), walled: wall.raised })
        }
    }
}

/// Brings the tables up to date, and raises the wall where it is wanted.
pub(super) async fn migrate(database: &Database, opened: &Opened) -> Result<(), StoreError> {
    let Database::Postgres { schema, wall, .. } = database else {
        Migrator::up(&opened.write, None).await?;
        SyncLogMigrator::up(&opened.log_write, None).await?;
        opened.write.execute_unprepared("PRAGMA optimize").await?;
        return Ok(());
    };
    let server = &opened.write;
    if wall.raised {
        wall::check_role(server).await?;
    }
    if let Some(owner) = &wall.owner {
        let owner = postgres(owner.expose(), 1, schema.as_deref(), true).await?;
        let role: String = ask(server, "SELECT current_user::text AS answer").await?.unwrap_or_default();
        migrate_as(&owner, wall, Some(&role)).await?;
        owner.close().await?;
    } else if ask(server, "SELECT has_schema_privilege(current_schema(), 'CREATE') AS answer").await?.unwrap_or(false) {
        migrate_as(server, wall, None).await?;
    } else if !up_to_date(server).await {
        return Err(WallFault::OutOfDate.into());
    }
    if wall.raised { wall::check(server, wall).await } else { Ok(()) }
}

/// Migrates as a role that owns the tables, and gives their rows to another one.
async fn migrate_as(owner: &DatabaseConnection, wall: &Wall, role: Option<&str>) -> Result<(), StoreError> {
    let txn = owner.begin().await?;
    txn.execute_unprepared(NO_LIMITS).await?;
    txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    // A migration sees every row, also where the wall holds the owner too.
    txn.execute_unprepared(&Door::System.opened()).await?;
    Migrator::up(&txn, None).await?;
    SyncLogMigrator::up(&txn, None).await?;
    if wall.raised {
        wall::raise(&txn).await?;
    }
    if let Some(role) = role {
        wall::grant(&txn, role).await?;
    }
    txn.commit().await?;
    Ok(())
}

/// Whether every migration that we know was made, for a role that may make none.
async fn up_to_date(server: &DatabaseConnection) -> bool {
    let known = |migrations: Vec<Box<dyn migrations::MigrationTrait>>| migrations.iter().map(|m| m.name().to_owned()).collect();
    let histories: [(&str, Vec<String>); 2] =
        [("seaql_migrations", known(Migrator::migrations())), ("sync_log_migrations", known(SyncLogMigrator::migrations()))];
    for (table, known) in histories {
        let made = Statement::from_string(server.get_database_backend(), format!("SELECT version FROM {table}"));
        let Ok(made) = server.query_all_raw(made).await else { return false };
        let made: Vec<String> = made.iter().filter_map(|row| row.try_get("", "version").ok()).collect();
        if !known.iter().all(|name| made.contains(name)) {
            return false;
        }
    }
    true
}

async fn ask<T: sea_orm::TryGetable>(connection: &DatabaseConnection, sql: &str) -> Result<Option<T>, StoreError> {
    let row = connection.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await?;
    Ok(row.map_or(Ok(None), |row| row.try_get("", "answer"))?)
}

/// One connection that writes, or several that only read and never wait for it.
pub(super) async fn sqlite(file: &Path, write: bool) -> Result<DatabaseConnection, DbErr> {
    SeaDatabase::connect(sqlite_options(file, write, |sqlite| sqlite)).await
}

/// The connection that writes the sync log. Its commits do not wait for the disk: the log's writer sees to that before a
/// second is over, so that the directory's commits have the disk to themselves; nor does it take processors from requests.
async fn sqlite_log(file: &Path) -> Result<DatabaseConnection, DbErr> {
    let mut options = sqlite_options(file, true, |sqlite| {
        sqlite.synchronous(SqliteSynchronous::Normal).thread_name(|_| priority::LOG_WRITER.to_owned())
    });
    options.map_sqlx_sqlite_pool_opts(|pool| {
        sound(pool).after_connect(|_, _| {
            Box::pin(async {
                priority::give_way(priority::LOG_WRITER);
                Ok(())
            })
        })
    });
    SeaDatabase::connect(options).await
}

/// Two kinds of connection are replaced. A full disk makes SQLite undo a whole transaction by itself; the driver goes on
/// counting it, so on the same connection it would begin and commit inside of one that is not there, or is never ended. And
/// the driver's thread may have died: a command to it is perhaps never answered.
fn sound(pool: SqlitePoolOptions) -> SqlitePoolOptions {
    let pool = pool.before_acquire(|connection, _| {
        let idle = !connection.is_in_transaction();
        Box::pin(async move { Ok(idle) })
    });
    pool.after_release(|connection, _| {
        Box::pin(async move { timeout(ALIVE, connection.ping()).await.map_err(|_| sqlx::Error::WorkerCrashed)?.map(|()| true) })
    })
}

fn sqlite_options(file: &Path, write: bool, set: fn(SqliteConnectOptions) -> SqliteConnectOptions) -> ConnectOptions {
    let mode = if write { "rwc" } else { "ro" };
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode={mode}", file.display()));
    let connections = if write { 1 } else { READERS + BESIDE };
    options.max_connections(connections).min_connections(1).sqlx_logging(false);
    options.acquire_timeout(Duration::from_secs(10)).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    if write {
        options.map_sqlx_sqlite_pool_opts(sound);
    }
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite.foreign_keys(true).busy_timeout(Duration::from_secs(5)).statement_cache_capacity(200);
        // KiB. What many connections read is mapped once for all of them, so each needs little of its own.
        let cache = if write { "-65536" } else { "-16384" };
        let sqlite = sqlite.pragma("cache_size", cache).pragma("mmap_size", "268435456").pragma("temp_store", "memory");
        if !write {
            return set(sqlite);
        }
        let sqlite = sqlite.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        // Pages. A commit brings them over itself only when the rounds beside it cannot keep up.
        set(sqlite.pragma("journal_size_limit", "67108864").pragma("wal_autocheckpoint", "8192"))
    });
    options
}

/// Where the wall is not used, each session opens the system's door for good, so that it sees its rows also where another
/// node raised it.
async fn postgres(url: &str, max_connections: u32, schema: Option<&str>, walled: bool) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(max_connections).min_connections(1).sqlx_logging(false);
    options.acquire_timeout(PATIENCE);
    let path = schema.map(|schema| format!("SET search_path = \"{}\";", schema.replace('"', "\"\"")));
    let door = (!walled).then(|| Door::System.opened_for_good());
    let first = [path, Some(LIMITS.to_owned()), door].into_iter().flatten().collect::<String>();
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let first = first.clone();
        pool.after_connect(move |connection, _| {
            let first = first.clone();
            Box::pin(async move { connection.execute(AssertSqlSafe(first)).await.map(drop) })
        })
    });
    SeaDatabase::connect(options).await
}
