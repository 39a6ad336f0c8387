//! [`Gate`]: a pool whose rows are reached through a door.

use std::sync::Arc;

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
}

impl Gate {
    pub(crate) fn new(pool: DatabaseConnection, walled: bool) -> Self {
        Self { pool, walled, watch: None }
    }

    pub(crate) fn watched(mut self, watch: &Watch) -> Self {
        let told = Arc::clone(watch);
        self.pool.set_metric_callback(move |info| told(info.statement));
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
        let txn = self.pool.begin().await?;
        if self.walled {
            txn.execute_unprepared(&door.opened()).await?;
        }
        Ok(txn)
    }

    /// A transaction before any door; a [`super::Passage`] opens them.
    pub(crate) async fn begin(&self, options: TransactionOptions) -> Result<DatabaseTransaction, DbErr> {
        self.pool.begin_with_options(options).await
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
