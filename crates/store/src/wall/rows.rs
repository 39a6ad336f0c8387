//! [`Rows`]: what a handle asks, a transaction or the rows behind a door of a pool.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::Postgres;
use sqlx::{AssertSqlSafe, Transaction};

use super::gate::whole;
use super::{Door, Gate};
use crate::dialect::Engine;

/// What a handle asks.
pub(crate) enum Rows<'c> {
    /// A transaction whose door is open.
    Within(&'c DatabaseTransaction),
    /// A pool, each statement in a transaction of its own behind the door.
    Through(&'c Gate, Door),
}

impl<'c> From<&'c DatabaseTransaction> for Rows<'c> {
    fn from(txn: &'c DatabaseTransaction) -> Self {
        Self::Within(txn)
    }
}

impl Rows<'_> {
    pub(crate) fn engine(&self) -> Engine {
        Engine::of(self.get_database_backend())
    }
}

/// `$walled` where the pool stands behind a wall, the plain call elsewhere.
macro_rules! ask {
    ($rows:expr, $method:ident($argument:expr), $gate:ident, $door:ident => $walled:expr) => {
        match $rows {
            Rows::Within(txn) => txn.$method($argument).await,
            Rows::Through($gate, $door) if $gate.walled() => $walled,
            Rows::Through(gate, _) => gate.pool().$method($argument).await,
        }
    };
}

#[sea_orm::prelude::async_trait::async_trait]
impl ConnectionTrait for Rows<'_> {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Within(txn) => txn.get_database_backend(),
            Self::Through(gate, _) => gate.pool().get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        ask!(self, execute_raw(statement), gate, door => {
            let mut txn = enter(gate, *door, "BEGIN").await?;
            gate.tell(&statement);
            let done = query(&statement).execute(&mut *txn).await.map_err(executing)?;
            txn.commit().await.map_err(executing)?;
            Ok(done.into())
        })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        ask!(self, execute_unprepared(sql), gate, door => {
            let mut txn = enter(gate, *door, "BEGIN").await?;
            let done = sqlx::Executor::execute(&mut *txn, AssertSqlSafe(sql.to_owned())).await.map_err(executing)?;
            txn.commit().await.map_err(executing)?;
            Ok(done.into())
        })
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        ask!(self, query_one_raw(statement), gate, door => {
            let mut txn = enter(gate, *door, READING).await?;
            gate.tell(&statement);
            let row = query(&statement).fetch_optional(&mut *txn).await.map_err(querying)?;
            Ok(row.map(QueryResult::from))
        })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        ask!(self, query_all_raw(statement), gate, door => {
            let mut txn = enter(gate, *door, READING).await?;
            gate.tell(&statement);
            let rows = query(&statement).fetch_all(&mut *txn).await.map_err(querying)?;
            Ok(rows.into_iter().map(QueryResult::from).collect())
        })
    }
}

/// How a transaction begins that is never committed: nobody waits for the end of one that only read. It is rolled back
/// when the connection goes back to the pool; that it may not write keeps a write from being lost in it.
const READING: &str = "BEGIN READ ONLY";

/// Begins and opens the door in one trip to the database, where the layer above would take two.
async fn enter(gate: &Gate, door: Door, begin: &str) -> Result<Transaction<'static, Postgres>, DbErr> {
    let sql = AssertSqlSafe(format!("{begin}; {}", door.opened()));
    let pool = gate.pool().get_postgres_connection_pool().clone();
    whole(async move { pool.begin_with(sql).await.map_err(|error| DbErr::Conn(broken(error))) }).await
}

fn query(statement: &Statement) -> sqlx::query::Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or_else(|| sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

fn executing(error: sqlx::Error) -> DbErr {
    DbErr::Exec(broken(error))
}

fn querying(error: sqlx::Error) -> DbErr {
    DbErr::Query(broken(error))
}

fn broken(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(Arc::new(error))
}
