//! Brings what was committed from SQLite's write-ahead log into its file beside the commits, so that none of them does it on
//! the way and is late for it.

use std::path::Path;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use tokio::task::JoinHandle;

use super::connect;

/// Between two rounds; one that finds nothing new costs no more than a look at shared memory.
const PAUSE: Duration = Duration::from_millis(200);

/// The rounds of one file, on a connection of their own.
pub(super) struct Checkpoints {
    connection: DatabaseConnection,
    rounds: JoinHandle<()>,
}

impl Checkpoints {
    /// Begins the rounds.
    pub(super) async fn start(file: &Path) -> Result<Self, DbErr> {
        let connection = connect::sqlite(file, true).await?;
        let used = connection.clone();
        let rounds = tokio::spawn(async move {
            loop {
                tokio::time::sleep(PAUSE).await;
                // It neither waits for readers and writers nor holds them up; what it cannot bring over waits.
                if let Err(error) = used.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await {
                    tracing::warn!(%error, "the write-ahead log was not brought into the database's file");
                }
            }
        });
        Ok(Self { connection, rounds })
    }

    /// Ends the rounds.
    pub(super) async fn stop(&self) {
        self.rounds.abort();
        if let Err(error) = self.connection.clone().close().await {
            tracing::warn!(%error, "a connection was not closed");
        }
    }
}
