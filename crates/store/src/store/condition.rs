//! What the database says of itself, for whoever runs the service.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use domain::Timestamp;
use sea_orm::{DbErr, Statement, TryGetable};
use uuid::Uuid;

use super::{System, connect};
use crate::StoreError;
use crate::dialect::Engine;
use crate::wall::Gate;

/// The migrations that were made of one history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// How many.
    pub made: u64,
    /// The name of the newest.
    pub newest: String,
}

impl System {
    /// How many bytes the data takes: on SQLite both files with what is not yet brought over into them, on PostgreSQL the
    /// whole database.
    ///
    /// # Errors
    /// When the database does not say.
    pub async fn database_size(&self) -> Result<u64, StoreError> {
        let Some(directory) = self.store.inner.directory.clone() else {
            let size: i64 = self.answer(&self.store.inner.read, "SELECT pg_database_size(current_database()) AS answer").await?;
            return Ok(u64::try_from(size).unwrap_or_default());
        };
        let sized = tokio::task::spawn_blocking(move || size_of(&directory)).await;
        let unread = |error: std::io::Error| StoreError::Database(DbErr::Custom(error.to_string()));
        sized.map_err(|_| StoreError::Panicked)?.map_err(unread)
    }

    /// What time it is for the database.
    ///
    /// # Errors
    /// When the database does not say.
    pub async fn database_time(&self) -> Result<Timestamp, StoreError> {
        let sql = match self.store.inner.engine {
            Engine::Sqlite => "SELECT CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER) AS answer",
            Engine::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint) AS answer",
        };
        Ok(Timestamp::from_micros(self.answer(&self.store.inner.read, sql).await?))
    }

    /// Whether data can be written: on SQLite a small file is, on PostgreSQL the server says so.
    pub async fn can_write(&self) -> bool {
        if let Some(directory) = self.store.inner.directory.clone() {
            return matches!(tokio::task::spawn_blocking(move || try_out(&directory)).await, Ok(Ok(())));
        }
        let sql = "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS answer";
        self.answer(&self.store.inner.write, sql).await.unwrap_or(false)
    }

    /// The migrations made of the directory, and of the sync log.
    ///
    /// # Errors
    /// When the database does not say.
    pub async fn migrated(&self) -> Result<[Migrated; 2], StoreError> {
        let inner = &self.store.inner;
        let (directory, log) = (&inner.read, inner.log.reading());
        Ok([self.history(directory, "seaql_migrations").await?, self.history(log, "sync_log_migrations").await?])
    }

    async fn history(&self, gate: &Gate, table: &str) -> Result<Migrated, StoreError> {
        let made: i64 = self.answer(gate, &format!("SELECT COUNT(*) AS answer FROM {table}")).await?;
        let newest = self.answer(gate, &format!("SELECT MAX(version) AS answer FROM {table}")).await?;
        Ok(Migrated { made: u64::try_from(made).unwrap_or_default(), newest })
    }

    /// The only value of the only row.
    async fn answer<T: TryGetable>(&self, gate: &Gate, sql: &str) -> Result<T, StoreError> {
        let row = gate.ask(Statement::from_string(self.store.inner.engine.backend(), sql)).await?;
        let row = row.ok_or_else(|| StoreError::Database(DbErr::RecordNotFound("no answer".to_owned())))?;
        Ok(row.try_get("", "answer")?)
    }
}

/// The size of both files, each with its write-ahead log.
fn size_of(directory: &Path) -> std::io::Result<u64> {
    let mut size = 0;
    for file in connect::files(directory) {
        let mut beside = file.clone().into_os_string();
        beside.push("-wal");
        size += file.metadata()?.len();
        size += match PathBuf::from(beside).metadata() {
            Ok(found) => found.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
    }
    Ok(size)
}

/// Writes a file where the data stands, down to the disk, and removes it.
fn try_out(directory: &Path) -> std::io::Result<()> {
    let path = directory.join(format!(".can-write-{}", Uuid::now_v7()));
    let written = File::create_new(&path).and_then(|mut file| {
        file.write_all(&[0; 4_096])?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&path);
    written.and(removed)
}
