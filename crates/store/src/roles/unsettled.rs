//! In which tenants people are to be told of roles.

use domain::TenantId;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::StoreError;
use crate::sql::Sql;
use crate::store::System;

/// Tenants of one question.
const ASKED: usize = 1_000;

impl System {
    /// Waits until this node wrote something from which roles may follow.
    pub async fn roles_stirring(&self) {
        self.store.inner().announcer.stirring().await;
    }

    /// Of the tenants that this node wrote something of since the last time, those in which people are to be told of
    /// roles.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn stirred_roles(&self) -> Result<Vec<TenantId>, StoreError> {
        let stirred: Vec<Uuid> = self.store.inner().announcer.take_stirred().into_iter().map(TenantId::as_uuid).collect();
        let mut found = Vec::new();
        for some in stirred.chunks(ASKED) {
            let mut sql = self.unsettled();
            sql.push(" AND ").ids_among("h.tenant_id", some);
            found.extend(self.tenants(sql).await?);
        }
        Ok(found)
    }

    /// The same of all tenants after one, in the order of their ids, `most` at most: of what other nodes wrote, or this one
    /// before it was started.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn unsettled_roles(&self, after: Option<TenantId>, most: u32) -> Result<Vec<TenantId>, StoreError> {
        let mut sql = self.unsettled();
        if let Some(after) = after {
            sql.push(" AND h.tenant_id > ").arg(after.as_uuid());
        }
        sql.push(" ORDER BY h.tenant_id LIMIT ").arg(i64::from(most));
        self.tenants(sql).await
    }

    fn unsettled(&self) -> Sql {
        Sql::new(
            self.store.inner().engine,
            "SELECT h.tenant_id FROM role_heads AS h JOIN tenant_counters AS c ON c.tenant_id = h.tenant_id \
             JOIN tenants AS t ON t.id = h.tenant_id WHERE t.state <> 'deleting' AND (c.seq > h.seq OR h.mappings = 0 \
             OR EXISTS (SELECT 1 FROM role_work AS w WHERE w.tenant_id = h.tenant_id))",
        )
    }

    async fn tenants(&self, sql: Sql) -> Result<Vec<TenantId>, StoreError> {
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter().map(|row| Ok(row.try_get::<Uuid>("", "tenant_id")?.into())).collect()
    }
}
