//! The first line removed: statements without any condition on a tenant, inside a tenant's unit of work and on its pool.

use sea_orm::{ConnectionTrait, Statement};

use super::Scratch;
use crate::store::TenantStore;
use crate::{StoreError, Tx, Unit};

/// Runs statements in a unit of work as they stand; gives how many rows each touched, or the first column of the rows it
/// found. For PostgreSQL.
#[derive(Clone)]
pub struct Unguarded {
    /// What is run, one after the other.
    pub statements: Vec<String>,
    /// How it ends.
    pub ends: Ends,
}

/// How a unit of work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// It is committed.
    Commit,
    /// It is rolled back.
    Refusal,
    /// It panics.
    Panic,
}

impl Unit for Unguarded {
    const NAME: &'static str = "test.unguarded";
    type Output = Vec<String>;
    type Error = StoreError;

    #[expect(clippy::panic, reason = "a unit that panics is one of its ends")]
    async fn run(&self, tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
        tx.touch();
        let mut seen = Vec::new();
        for sql in &self.statements {
            seen.extend(ask(tx.connection(), sql).await?);
        }
        match self.ends {
            Ends::Commit => Ok(seen),
            Ends::Refusal => Err(StoreError::Stale),
            Ends::Panic => panic!("as the test wants it"),
        }
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

impl TenantStore {
    /// The same on the pool that this tenant's handles read from.
    ///
    /// # Errors
    /// What the database says.
    pub async fn unguarded(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        ask(&self.rows(), sql).await
    }
}

impl Scratch {
    /// The same on the pool itself, with no door opened.
    ///
    /// # Errors
    /// What the database says.
    pub async fn unguarded(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        ask(self.store.write_gate().pool(), sql).await
    }
}

async fn ask(connection: &impl ConnectionTrait, sql: &str) -> Result<Vec<String>, StoreError> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    if !sql.starts_with("SELECT") {
        return Ok(vec![connection.execute_raw(statement).await?.rows_affected().to_string()]);
    }
    let rows = connection.query_all_raw(statement).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}
