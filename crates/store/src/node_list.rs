//! Which nodes run on the database: each says every few seconds that it is there.

use domain::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseExecutor, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use crate::StoreError;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

/// For how long a node that is not seen any more is remembered.
const DAYS: i64 = 1;
/// Most nodes of a list.
const MOST: i64 = 1_000;

/// One process that serves requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Made anew at each start.
    pub id: Uuid,
    /// The name of its machine.
    pub name: String,
    /// The version it runs.
    pub version: String,
    /// Where it listens.
    pub address: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When it last said that it is there.
    pub seen_at: Timestamp,
}

impl System {
    /// Notes that a node is there, and drops those that have not been for a day.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn announce_node(&self, node: &Node) -> Result<(), StoreError> {
        let (engine, node) = (self.store.inner().engine, node.clone());
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let mut here = Sql::new(engine, "INSERT INTO nodes (id, name, version, address, started_at, seen_at) VALUES (");
                here.arg(node.id).push(", ").arg(node.name.clone()).push(", ").arg(node.version.clone()).push(", ");
                here.arg(node.address.clone()).push(", ").arg(node.started_at.as_micros()).push(", ");
                here.arg(node.seen_at.as_micros()).push(") ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at");
                let mut gone = Sql::new(engine, "DELETE FROM nodes WHERE seen_at < ");
                gone.arg(node.seen_at.plus_days(-DAYS).as_micros());
                let txn: DatabaseExecutor<'_> = txn.into();
                Box::pin(async move {
                    txn.execute_raw(here.statement()).await?;
                    txn.execute_raw(gone.statement()).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Forgets a node that ends.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_node(&self, id: Uuid) -> Result<(), StoreError> {
        let engine = self.store.inner().engine;
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let mut sql = Sql::new(engine, "DELETE FROM nodes WHERE id = ");
                sql.arg(id);
                let txn: DatabaseExecutor<'_> = txn.into();
                Box::pin(async move {
                    txn.execute_raw(sql.statement()).await?;
                    Ok(())
                })
            })
            .await
    }

    /// The nodes of the last day, the longest running first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn nodes(&self) -> Result<Vec<Node>, StoreError> {
        let columns = "SELECT id, name, version, address, started_at, seen_at FROM nodes ORDER BY started_at, id LIMIT ";
        let mut sql = Sql::new(self.store.inner().engine, columns);
        sql.arg(MOST);
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter().map(node).collect()
    }
}

fn node(row: &QueryResult) -> Result<Node, StoreError> {
    Ok(Node {
        id: row.try_get("", "id")?,
        name: row.try_get("", "name")?,
        version: row.try_get("", "version")?,
        address: row.try_get("", "address")?,
        started_at: Timestamp::from_micros(row.try_get("", "started_at")?),
        seen_at: Timestamp::from_micros(row.try_get("", "seen_at")?),
    })
}
