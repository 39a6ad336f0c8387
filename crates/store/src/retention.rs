//! What is removed when its time is over. Each call removes a bounded number of rows, so that nobody waits for it.

use domain::{TenantId, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::StoreError;
use crate::entity::one_time_code;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

impl System {
    /// Removes a tenant's changes before `before`, oldest first and at most `most`; says how many it removed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge_changes(&self, tenant: TenantId, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        // Times do not quite rise with numbers: a request's changes carry the time it came. Only a beginning is removed,
        // so that what is kept has no hole.
        let mut sql = Sql::new(self.store.inner().engine, "WITH oldest AS (SELECT seq, at FROM changes WHERE tenant_id = ");
        let of = sql.bind(tenant.as_uuid());
        sql.push(&of).push(" ORDER BY seq LIMIT ").arg(i64::from(most)).push(") DELETE FROM changes WHERE tenant_id = ");
        sql.push(&of).push(" AND seq IN (SELECT seq FROM oldest WHERE seq < COALESCE((SELECT MIN(seq) FROM oldest WHERE at >= ");
        sql.arg(before.as_micros()).push("), 9223372036854775807))");
        self.remove(tenant, sql).await
    }

    /// Removes at most `most` notes of members in changes that are gone; says how many it removed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge_member_changes(&self, tenant: TenantId, most: u32) -> Result<u64, StoreError> {
        let mut sql = Sql::new(self.store.inner().engine, "DELETE FROM member_changes WHERE tenant_id = ");
        let of = sql.bind(tenant.as_uuid());
        sql.push(&of).push(" AND (seq, member_id) IN (SELECT seq, member_id FROM member_changes WHERE tenant_id = ").push(&of);
        sql.push(" AND seq < (SELECT COALESCE(MIN(seq), 9223372036854775807) FROM changes WHERE tenant_id = ").push(&of);
        sql.push(") ORDER BY seq LIMIT ").arg(i64::from(most)).push(")");
        self.remove(tenant, sql).await
    }

    /// Removes at most `most` notes of when changes were acknowledged that are gone; says how many it removed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge_acknowledgements(&self, tenant: TenantId, most: u32) -> Result<u64, StoreError> {
        let mut sql = Sql::new(self.store.inner().engine, "DELETE FROM acknowledgements WHERE tenant_id = ");
        let of = sql.bind(tenant.as_uuid());
        sql.push(&of).push(" AND (seq, reader_id) IN (SELECT seq, reader_id FROM acknowledgements WHERE tenant_id = ").push(&of);
        sql.push(" AND seq < (SELECT COALESCE(MIN(seq), 9223372036854775807) FROM changes WHERE tenant_id = ").push(&of);
        sql.push(") ORDER BY seq LIMIT ").arg(i64::from(most)).push(")");
        self.remove(tenant, sql).await
    }

    /// Removes how long acknowledgements took in hours before `before`, at most `most` rows; says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge_acknowledgement_hours(&self, tenant: TenantId, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        let mut sql = Sql::new(self.store.inner().engine, "DELETE FROM acknowledgement_hours WHERE tenant_id = ");
        let of = sql.bind(tenant.as_uuid());
        sql.push(&of).push(" AND (hour_at, bucket) IN (SELECT hour_at, bucket FROM acknowledgement_hours WHERE tenant_id = ");
        sql.push(&of).push(" AND hour_at < ").arg(before.as_micros()).push(" ORDER BY hour_at LIMIT ");
        sql.arg(i64::from(most)).push(")");
        self.remove(tenant, sql).await
    }

    /// Removes what is kept of a tenant's resources that were deleted before `before`, at most `most`; says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge_tombstones(&self, tenant: TenantId, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        let kept = Kept { table: "tombstones", key: "id", order: "deleted_at", time: "deleted_at" };
        self.purge(tenant, kept, before, most).await
    }

    /// Removes what was sent to a tenant's webhooks before `before`, at most `most`; says how many it removed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge_deliveries(&self, tenant: TenantId, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        let mut sql = Sql::new(self.store.inner().engine, "DELETE FROM webhook_deliveries WHERE tenant_id = ");
        let of = sql.bind(tenant.as_uuid());
        sql.push(&of).push(" AND (webhook_id, id) IN (SELECT webhook_id, id FROM webhook_deliveries WHERE tenant_id = ");
        sql.push(&of).push(" AND at < ").arg(before.as_micros()).push(" ORDER BY at LIMIT ").arg(i64::from(most)).push(")");
        self.remove(tenant, sql).await
    }

    /// Drops one-time codes that ended unused.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn remove_ended_codes(&self, now: Timestamp) -> Result<(), StoreError> {
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let txn: DatabaseExecutor<'_> = txn.into();
                Box::pin(async move {
                    let ended = one_time_code::Column::ExpiresAt.lte(now.as_micros());
                    one_time_code::Entity::delete_many().filter(ended).exec(&txn).await?;
                    Ok(())
                })
            })
            .await
    }

    async fn purge(&self, tenant: TenantId, kept: Kept, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        let Kept { table, key, order, time } = kept;
        let mut sql = Sql::new(self.store.inner().engine, &format!("DELETE FROM {table} WHERE tenant_id = "));
        let of = sql.bind(tenant.as_uuid());
        sql.push(&of).push(&format!(
            " AND {key} IN (SELECT {key} FROM (SELECT {key}, {time} FROM {table} WHERE tenant_id = {of} ORDER BY {order} LIMIT "
        ));
        sql.arg(i64::from(most)).push(&format!(") AS oldest WHERE {time} < ")).arg(before.as_micros()).push(")");
        self.remove(tenant, sql).await
    }

    async fn remove(&self, tenant: TenantId, sql: Sql) -> Result<u64, StoreError> {
        let statement = sql.statement();
        self.store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, u64> {
                let (txn, statement): (DatabaseExecutor<'_>, _) = (txn.into(), statement.clone());
                Box::pin(async move { Ok(txn.execute_raw(statement).await?.rows_affected()) })
            })
            .await
    }
}

/// How a table says how old its rows are.
struct Kept {
    table: &'static str,
    key: &'static str,
    order: &'static str,
    time: &'static str,
}
