//! [`Gate`]: a pool whose rows are reached through a door.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, QueryResult, Statement, TransactionOptions, TransactionTrait,
};

use super::{Door, Rows};
use crate::dialect::Engine;

/// Sees every statement on the directory; for tests of what a request costs.
pub(crate) type Watch = Arc<dyn Fn(&Statement) + Send + Sync>;

/// A pool whose rows are reached through a door. Without a wall every door stands open and costs nothing.
#[derive(Clone)]
pub(crate) struct Gate {
    pool: DatabaseConnection,
    walled: bool,
    watch: Option<Watch>,
    answers: Arc<AtomicU64>,
}

/// Ends also when its caller does not wait for it. A transaction whose beginning is broken off may go back to the pool
/// open: the driver counts it only when the database has answered.
pub(super) async fn whole<T: Send + 'static>(
    beginning: impl Future<Output = Result<T, DbErr>> + Send + 'static,
) -> Result<T, DbErr> {
    let begun = tokio::spawn(beginning).await;
    begun.unwrap_or_else(|_| Err(DbErr::Custom("a transaction was not begun".to_owned())))
}

impl Gate {
    pub(crate) fn new(pool: DatabaseConnection, walled: bool) -> Self {
        Self { pool, walled, watch: None, answers: Arc::default() }
    }

    /// Counts the database's answers; see [`Self::answers`].
    pub(crate) fn counted(mut self) -> Self {
        let answers = Arc::clone(&self.answers);
        self.pool.set_metric_callback(move |_| _ = answers.fetch_add(1, Ordering::Relaxed));
        self
    }

    /// How many statements were answered since the start, where they are counted.
    pub(crate) fn answers(&self) -> u64 {
        self.answers.load(Ordering::Relaxed)
    }

    pub(crate) fn watched(mut self, watch: &Watch) -> Self {
        let told = Arc::clone(watch);
        let answers = Arc::clone(&self.answers);
        self.pool.set_metric_callback(move |info| {
            answers.fetch_add(1, Ordering::Relaxed);
            told(info.statement);
        });
        self.watch = Some(Arc::clone(watch));
        self
    }

    pub(crate) fn engine(&self) -> Engine {
        Engine::of(self.pool.get_database_backend())
    }

    pub(crate) fn walled(&self) -> bool {
        self.walled
    }

    /// The rows behind a door, each statement in a transaction of its own.
    pub(crate) fn through(&self, door: Door) -> Rows<'_> {
        Rows::Through(self, door)
    }

    /// A transaction behind a door.
    pub(crate) async fn enter(&self, door: Door) -> Result<DatabaseTransaction, DbErr> {
        let txn = self.begin(TransactionOptions::default()).await?;
        if self.walled {
            txn.execute_unprepared(&door.opened()).await?;
        }
        Ok(txn)
    }

    /// A transaction before any door; a [`super::Passage`] opens them.
    pub(crate) async fn begin(&self, options: TransactionOptions) -> Result<DatabaseTransaction, DbErr> {
        let pool = self.pool.clone();
        whole(async move { pool.begin_with_options(options).await }).await
    }

    /// Runs what reaches no row: no door is open.
    pub(crate) async fn say(&self, sql: &str) -> Result<(), DbErr> {
        self.pool.execute_unprepared(sql).await.map(drop)
    }

    /// Asks what reaches no row.
    pub(crate) async fn ask(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.pool.query_one_raw(statement).await
    }

    pub(crate) async fn close(&self) {
        let _ = self.pool.close_by_ref().await;
    }

    /// The pool before any door, for the wall itself and for tests that go around this crate.
    pub(crate) fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    pub(super) fn tell(&self, statement: &Statement) {
        if let Some(watch) = &self.watch {
            watch(statement);
        }
    }
}
