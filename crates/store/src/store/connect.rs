//! Opening the pools of either engine, and migrating.

use std::path::Path;
use std::time::Duration;

use migrations::{Migrator, MigratorTrait, SyncLogMigrator};
use sea_orm::{ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DbErr, TransactionTrait};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use super::Database;
use crate::StoreError;
use crate::dialect::Engine;

/// Pools for reading and writing the directory and the log. On PostgreSQL all are clones of one.
pub(super) struct Opened {
    pub(super) read: DatabaseConnection,
    pub(super) write: DatabaseConnection,
    pub(super) log_read: DatabaseConnection,
    pub(super) log_write: DatabaseConnection,
}

const READERS: u32 = 4;
/// Any number; the same on all nodes, so that one migrates and the others wait.
const MIGRATION_LOCK: i64 = 0x5343_494d;

pub(super) async fn open(database: &Database) -> Result<Opened, StoreError> {
    match database {
        Database::Sqlite { directory } => {
            let (main, log) = (directory.join("directory.sqlite"), directory.join("sync-log.sqlite"));
            // The writers come first: they create the files that readers then only read.
            let (write, log_write) = (sqlite(&main, true).await?, sqlite(&log, true).await?);
            Ok(Opened { write, log_write, read: sqlite(&main, false).await?, log_read: sqlite(&log, false).await? })
        }
        Database::Postgres { url, max_connections, schema } => {
            let pool = postgres(url.expose(), *max_connections, schema.as_deref()).await?;
            Ok(Opened { read: pool.clone(), write: pool.clone(), log_read: pool.clone(), log_write: pool })
        }
    }
}

pub(super) async fn migrate(opened: &Opened) -> Result<(), StoreError> {
    if Engine::of(opened.write.get_database_backend()) == Engine::Sqlite {
        Migrator::up(&opened.write, None).await?;
        SyncLogMigrator::up(&opened.log_write, None).await?;
        opened.write.execute_unprepared("PRAGMA optimize").await?;
        return Ok(());
    }
    let txn = opened.write.begin().await?;
    txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    Migrator::up(&txn, None).await?;
    SyncLogMigrator::up(&txn, None).await?;
    txn.commit().await?;
    Ok(())
}

/// One connection that writes, or several that only read and never wait for it.
async fn sqlite(file: &Path, write: bool) -> Result<DatabaseConnection, DbErr> {
    let mode = if write { "rwc" } else { "ro" };
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode={mode}", file.display()));
    let connections = if write { 1 } else { READERS };
    options.max_connections(connections).min_connections(1).sqlx_logging(false);
    options.acquire_timeout(Duration::from_secs(10)).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite.foreign_keys(true).busy_timeout(Duration::from_secs(5)).statement_cache_capacity(200);
        let sqlite = sqlite.pragma("cache_size", "-65536").pragma("mmap_size", "268435456").pragma("temp_store", "memory");
        if !write {
            return sqlite;
        }
        let sqlite = sqlite.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        sqlite.pragma("journal_size_limit", "67108864")
    });
    SeaDatabase::connect(options).await
}

async fn postgres(url: &str, max_connections: u32, schema: Option<&str>) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(max_connections).min_connections(1).sqlx_logging(false);
    options.acquire_timeout(Duration::from_secs(2)).connect_timeout(Duration::from_secs(5));
    if let Some(schema) = schema {
        options.set_schema_search_path(schema);
    }
    SeaDatabase::connect(options).await
}
