//! The work of keeping rows up, which any number of nodes do at once.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{TenantId, TenantState, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseExecutor, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::{row, silence};
use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

/// For how long another node leaves a row alone that this one is about to read, in seconds.
const CLAIMED: i64 = 60;
/// Rows of one statement.
const SOME: usize = 500;

/// Rows as they are before the first reading. Names are folded as far as the database can; a reading folds the rest.
const ROWS: &str = "INSERT INTO tenant_standings (tenant_id, name_key, slug, standing, idp, people, group_count, requests, \
    refused, last_request_at, credential_ends_at, detail, read_at, due_at) \
    SELECT t.id, lower(t.name), t.slug, CASE t.state WHEN 'suspended' THEN 2 WHEN 'deleting' THEN 6 ELSE 3 END, \
    '', 0, 0, 0, 0, 0, 9223372036854775807, '{}', 0, 0";
/// The tenants without one.
const MISSING: &str = "FROM tenants AS t WHERE NOT EXISTS (SELECT 1 FROM tenant_standings AS s WHERE s.tenant_id = t.id)";

/// What a row says of the reading before.
struct Before {
    /// When it was, by the clock of whoever read.
    read_at: i64,
    /// The connections that were silent.
    silent: Vec<Uuid>,
}

impl System {
    /// Reads anew how tenants stand that sent something to this node, or whose time has come; `most` of each at
    /// most. Says how many it read.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn keep_standings(&self, most: usize) -> Result<usize, StoreError> {
        let now = self.store.inner().clock.now();
        let mut ids = self.store.sync_log().stirred.take(most);
        let result = self.read_standings(&mut ids, most, now).await;
        if result.is_err() {
            self.store.sync_log().stirred.stir(ids);
        }
        result
    }

    async fn read_standings(&self, ids: &mut Vec<TenantId>, most: usize, now: Timestamp) -> Result<usize, StoreError> {
        ids.extend(self.claim_due(most, now).await?);
        ids.sort_unstable();
        ids.dedup();
        let mut before = self.last_readings(ids).await?;
        let tenants = self.find_tenants(ids.clone()).await?;
        let mut rows = Vec::new();
        for tenant in tenants.into_values() {
            let Some(before) = before.remove(&tenant.id) else { continue };
            let mut reading = self.store.tenant(tenant.id).reading(now).await?;
            if tenant.state != TenantState::Active {
                // Nobody can send to it.
                reading.silent.clear();
            }
            rows.push((tenant, reading, before));
        }
        // One order for all nodes, so that two of them cannot lock each other out.
        rows.sort_by_key(|(tenant, ..)| tenant.id);
        let engine = self.store.inner().engine;
        let (read, rows) = (rows.len(), Arc::new(rows));
        if read > 0 {
            let told = Arc::clone(&rows);
            let written = self.store.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, Vec<TenantId>> {
                let (txn, rows): (DatabaseExecutor<'_>, _) = (txn.into(), Arc::clone(&rows));
                Box::pin(async move {
                    let mut missed = Vec::new();
                    for (tenant, reading, before) in rows.iter() {
                        let saved = txn.execute_raw(row::save(engine, tenant, reading, now, before.read_at)).await?;
                        if saved.rows_affected() == 0 {
                            missed.push(tenant.id);
                        }
                    }
                    Ok(missed)
                })
            });
            let missed = written.await?;
            for (tenant, reading, before) in told.iter().filter(|(tenant, ..)| !missed.contains(&tenant.id)) {
                silence::tell(tenant, &before.silent, reading);
            }
            // Another node read them meanwhile, and may have begun before what this one saw.
            self.store.sync_log().stirred.stir(missed);
        }
        Ok(read)
    }

    /// What rows say of their last readings: a row is written over only as it was before the reading.
    async fn last_readings(&self, ids: &[TenantId]) -> Result<HashMap<TenantId, Before>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
        let mut sql = Sql::new(self.store.inner().engine, "SELECT tenant_id, read_at, detail FROM tenant_standings WHERE ");
        sql.ids_among("tenant_id", &ids);
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        let before = |row: &QueryResult| -> Result<_, StoreError> {
            Ok((row::whose(row)?, Before { read_at: row.try_get("", "read_at")?, silent: row::silent(row) }))
        };
        rows.iter().map(before).collect()
    }

    /// Leaves what this node has not read to whoever reads next: another node, or the next start.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn hand_over_standings(&self) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = self.store.sync_log().stirred.take_all().into_iter().map(TenantId::as_uuid).collect();
        let engine = self.store.inner().engine;
        for some in ids.chunks(SOME) {
            let some = some.to_vec();
            let written = self.store.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let mut sql = Sql::new(engine, "UPDATE tenant_standings SET due_at = ");
                sql.arg(row::FORGOTTEN).push(" WHERE due_at > ").arg(row::FORGOTTEN).push(" AND ").ids_among("tenant_id", &some);
                run(txn, sql)
            });
            written.await?;
        }
        Ok(())
    }

    /// Has all tenants read anew, as when a node starts that may have ended before it could. What was done meanwhile
    /// comes before them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_standings(&self) -> Result<(), StoreError> {
        self.complete_standings().await?;
        let engine = self.store.inner().engine;
        let written = self.store.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
            let mut sql = Sql::new(engine, "UPDATE tenant_standings SET due_at = ");
            sql.arg(row::FORGOTTEN).push(" WHERE due_at > ").arg(row::FORGOTTEN);
            run(txn, sql)
        });
        written.await
    }

    /// Makes the rows that are missing: of tenants that a node made which did not know of them yet.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn complete_standings(&self) -> Result<(), StoreError> {
        let engine = self.store.inner().engine;
        let missing = Sql::new(engine, &format!("SELECT 1 AS missing {MISSING} LIMIT 1"));
        if self.rows().query_one_raw(missing.statement()).await?.is_none() {
            return Ok(());
        }
        let written = self.store.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
            run(txn, Sql::new(engine, &format!("{ROWS} {MISSING} ON CONFLICT (tenant_id) DO NOTHING")))
        });
        written.await
    }

    /// Tenants whose time has come. Another node does not get them for a while.
    async fn claim_due(&self, most: usize, now: Timestamp) -> Result<Vec<TenantId>, StoreError> {
        let engine = self.store.inner().engine;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut due = Sql::new(engine, "SELECT tenant_id FROM tenant_standings WHERE due_at <= ");
        due.arg(now.as_micros()).push(" ORDER BY due_at, tenant_id LIMIT ").arg(most);
        if self.rows().query_all_raw(due.statement()).await?.is_empty() {
            return Ok(Vec::new());
        }
        let claimed = self.store.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, Vec<TenantId>> {
            let txn: DatabaseExecutor<'_> = txn.into();
            Box::pin(async move {
                let mut sql = Sql::new(engine, "UPDATE tenant_standings SET due_at = ");
                sql.arg(now.plus_seconds(CLAIMED).as_micros());
                sql.push(" WHERE tenant_id IN (SELECT tenant_id FROM tenant_standings WHERE due_at <= ").arg(now.as_micros());
                sql.push(" ORDER BY due_at, tenant_id LIMIT ").arg(most);
                if engine == Engine::Postgres {
                    sql.push(" FOR UPDATE SKIP LOCKED");
                }
                sql.push(") RETURNING tenant_id");
                let rows = txn.query_all_raw(sql.statement()).await?;
                rows.iter().map(row::whose).collect()
            })
        });
        claimed.await
    }
}

fn run<'t>(txn: &'t DatabaseTransaction, sql: Sql) -> Step<'t, ()> {
    let txn: DatabaseExecutor<'t> = txn.into();
    Box::pin(async move {
        txn.execute_raw(sql.statement()).await?;
        Ok(())
    })
}
