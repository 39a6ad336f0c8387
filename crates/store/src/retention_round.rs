//! How the last round of retention went, whichever node made it.

use std::time::Duration;

use domain::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseExecutor, DatabaseTransaction};

use crate::StoreError;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

/// One round over all tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionRound {
    /// When it began.
    pub began_at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// How many rows it removed; nothing when it was cut short.
    pub removed: Option<u64>,
    /// When the node that made it makes another.
    pub next_at: Timestamp,
}

impl System {
    /// Keeps a round in place of the one before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_retention(&self, round: RetentionRound) -> Result<(), StoreError> {
        let engine = self.store.inner().engine;
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let mut sql =
                    Sql::new(engine, "INSERT INTO retention_rounds (place, began_at, took_micros, removed, next_at) VALUES (1, ");
                let removed = round.removed.map(|removed| i64::try_from(removed).unwrap_or(i64::MAX));
                sql.arg(round.began_at.as_micros()).push(", ");
                sql.arg(i64::try_from(round.took.as_micros()).unwrap_or(i64::MAX)).push(", ");
                sql.arg(removed).push(", ").arg(round.next_at.as_micros());
                sql.push(") ON CONFLICT (place) DO UPDATE SET began_at = excluded.began_at, ");
                sql.push("took_micros = excluded.took_micros, removed = excluded.removed, next_at = excluded.next_at");
                let txn: DatabaseExecutor<'_> = txn.into();
                Box::pin(async move {
                    txn.execute_raw(sql.statement()).await?;
                    Ok(())
                })
            })
            .await
    }

    /// The last round; none before the first one.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn last_retention(&self) -> Result<Option<RetentionRound>, StoreError> {
        let columns = "SELECT began_at, took_micros, removed, next_at FROM retention_rounds WHERE place = 1";
        let Some(row) = self.rows().query_one_raw(Sql::new(self.store.inner().engine, columns).statement()).await? else {
            return Ok(None);
        };
        let took: i64 = row.try_get("", "took_micros")?;
        let removed: Option<i64> = row.try_get("", "removed")?;
        Ok(Some(RetentionRound {
            began_at: Timestamp::from_micros(row.try_get("", "began_at")?),
            took: Duration::from_micros(u64::try_from(took).unwrap_or_default()),
            removed: removed.map(|removed| u64::try_from(removed).unwrap_or_default()),
            next_at: Timestamp::from_micros(row.try_get("", "next_at")?),
        }))
    }
}
