//! [`back_up`]: a copy of SQLite's files, taken while a service reads and writes them.
//!
//! `VACUUM INTO` reads in one transaction, so each copy is the file as it was at one moment, and keeps no writer waiting. The
//! log is copied first: what is restored is then as after a crash, a log that ends before its directory.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::TenantId;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use uuid::Uuid;

use crate::store::{Migrated, files};

/// What was copied, as the copy itself says.
#[derive(Clone, Debug)]
pub struct BackedUp {
    /// Both files: name and length in bytes.
    pub files: Vec<(String, u64)>,
    /// The migrations made of the directory, and of the sync log.
    pub migrated: [Migrated; 2],
    /// What stands in it.
    pub counts: BackedUpCounts,
    /// Each tenant, by its slug.
    pub tenants: Vec<BackedUpTenant>,
}

/// What stands in a copy, of all tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackedUpCounts {
    /// People.
    pub people: u64,
    /// Groups.
    pub groups: u64,
    /// Changes that are kept.
    pub changes: u64,
    /// Entries of the audit.
    pub audit_entries: u64,
    /// Requests in the log.
    pub sync_events: u64,
}

/// How far a tenant is in a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUpTenant {
    /// Its id.
    pub id: TenantId,
    /// Its slug.
    pub slug: String,
    /// Number of its last change.
    pub last_seq: u64,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing to copy.
    #[error("there is no database {}", .0.display())]
    NoDatabase(PathBuf),
    /// SQLite is told names as text.
    #[error("{} is no name that SQLite can be told", .0.display())]
    Name(PathBuf),
    /// A file cannot be made, or not be brought to the disk.
    #[error("{} cannot be written", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// The database refused.
    #[error("{} cannot be copied or read", .0.display())]
    Database(PathBuf, #[source] sqlx::Error),
    /// The copy is not sound.
    #[error("the copy {} is damaged: {}", .0.display(), .1)]
    Damaged(PathBuf, String),
}

/// Copies the files of `directory` to the folder `to`, which must be there and hold neither, brings the copies to the disk and
/// looks through them. When it fails, what it made is left in `to`.
///
/// # Errors
/// [`BackupError`].
pub async fn back_up(directory: &Path, to: &Path) -> Result<BackedUp, BackupError> {
    let [from, log_from] = files(directory);
    let [main, log] = files(to);
    for file in [&from, &log_from] {
        if !file.is_file() {
            return Err(BackupError::NoDatabase(file.clone()));
        }
    }
    copy(&log_from, &log).await?;
    copy(&from, &main).await?;
    let sizes = vec![size_of(&main)?, size_of(&log)?];
    let refused = |file: &PathBuf| {
        let file = file.clone();
        move |error| BackupError::Database(file, error)
    };
    let mut read = sound(&main).await?;
    let (directory_migrated, tenants, [people, groups, changes, audit_entries]) =
        directory_of(&mut read).await.map_err(refused(&main))?;
    let mut read_log = sound(&log).await?;
    let (log_migrated, sync_events) = log_of(&mut read_log).await.map_err(refused(&log))?;
    for (connection, file) in [(read, &main), (read_log, &log)] {
        connection.close().await.map_err(refused(file))?;
    }
    let counts = BackedUpCounts { people, groups, changes, audit_entries, sync_events };
    Ok(BackedUp { files: sizes, migrated: [directory_migrated, log_migrated], counts, tenants })
}

/// One file. It is made before SQLite writes it, so that nobody else may read it at any moment.
async fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let unwritten = |error| BackupError::File(to.to_owned(), error);
    let refused = |error| BackupError::Database(from.to_owned(), error);
    let name = to.to_str().ok_or_else(|| BackupError::Name(to.to_owned()))?.to_owned();
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(unwritten)?;
    let mut connection = open(from, false).await.map_err(refused)?;
    sqlx::query::<Sqlite>("VACUUM INTO ?1").bind(name).execute(&mut connection).await.map_err(refused)?;
    connection.close().await.map_err(refused)?;
    // SQLite leaves this to its caller.
    made.sync_all().map_err(unwritten)
}

/// A copy that SQLite has looked through from end to end, opened for reading.
async fn sound(file: &Path) -> Result<SqliteConnection, BackupError> {
    let refused = |error| BackupError::Database(file.to_owned(), error);
    let mut connection = open(file, true).await.map_err(refused)?;
    let found = sqlx::query_scalar::<Sqlite, String>("PRAGMA integrity_check").fetch_all(&mut connection).await;
    let found = found.map_err(refused)?;
    if found.iter().any(|line| line != "ok") || found.is_empty() {
        return Err(BackupError::Damaged(file.to_owned(), found.join("; ")));
    }
    Ok(connection)
}

/// Never writes a row. A file that nobody else has open is read without any file beside it.
async fn open(file: &Path, alone: bool) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnectOptions::new().filename(file).read_only(true).immutable(alone).disable_statement_logging().connect().await
}

fn size_of(file: &Path) -> Result<(String, u64), BackupError> {
    let unread = |error| BackupError::File(file.to_owned(), error);
    let name = file.file_name().and_then(|name| name.to_str()).ok_or_else(|| unread(ErrorKind::InvalidInput.into()))?;
    Ok((name.to_owned(), file.metadata().map_err(unread)?.len()))
}

/// Migrations, tenants, and how many people, groups, changes and entries of the audit there are.
async fn directory_of(connection: &mut SqliteConnection) -> Result<(Migrated, Vec<BackedUpTenant>, [u64; 4]), sqlx::Error> {
    let migrated = migrated(connection, "SELECT COUNT(*), MAX(version) FROM seaql_migrations").await?;
    let rows = sqlx::query_as::<Sqlite, (Uuid, String, Option<i64>)>(
        "SELECT t.id, t.slug, c.seq FROM tenants t LEFT JOIN tenant_counters c ON c.tenant_id = t.id ORDER BY t.slug",
    );
    let rows = rows.fetch_all(&mut *connection).await?;
    let tenant =
        |(id, slug, seq): (Uuid, String, Option<i64>)| BackedUpTenant { id: TenantId::from(id), slug, last_seq: number(seq) };
    let people = count(connection, "SELECT CAST(SUM(users) AS INTEGER) FROM tenant_counters").await?;
    let groups = count(connection, "SELECT CAST(SUM(groups) AS INTEGER) FROM tenant_counters").await?;
    let changes = count(connection, "SELECT COUNT(*) FROM changes").await?;
    let entries = count(connection, "SELECT COUNT(*) FROM audit_entries").await?;
    Ok((migrated, rows.into_iter().map(tenant).collect(), [people, groups, changes, entries]))
}

/// Migrations, and how many requests there are.
async fn log_of(connection: &mut SqliteConnection) -> Result<(Migrated, u64), sqlx::Error> {
    let migrated = migrated(connection, "SELECT COUNT(*), MAX(version) FROM sync_log_migrations").await?;
    Ok((migrated, count(connection, "SELECT COUNT(*) FROM sync_events").await?))
}

async fn migrated(connection: &mut SqliteConnection, sql: &'static str) -> Result<Migrated, sqlx::Error> {
    let (made, newest) = sqlx::query_as::<Sqlite, (i64, Option<String>)>(sql).fetch_one(connection).await?;
    Ok(Migrated { made: number(Some(made)), newest: newest.unwrap_or_default() })
}

async fn count(connection: &mut SqliteConnection, sql: &'static str) -> Result<u64, sqlx::Error> {
    Ok(number(sqlx::query_scalar::<Sqlite, Option<i64>>(sql).fetch_one(connection).await?))
}

fn number(found: Option<i64>) -> u64 {
    found.and_then(|found| u64::try_from(found).ok()).unwrap_or_default()
}
