//! Connections that fall silent, for whoever runs the service: how many there are, and a word when one does.

use domain::{Standing, Tenant, TenantState};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::Reading;
use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::System;

impl System {
    /// How many open connections of all tenants had been silent for longer than is usual when they were last read.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn silent_connections(&self) -> Result<u64, StoreError> {
        let engine = self.store.inner().engine;
        let number = match engine {
            Engine::Sqlite => "json_array_length(detail, '$.silent')",
            Engine::Postgres => "jsonb_array_length(detail::jsonb -> 'silent')",
        };
        let mut sql = Sql::new(engine, &format!("SELECT COALESCE(SUM({number}), 0) AS silent FROM tenant_standings"));
        sql.push(" WHERE standing <> ").arg(Standing::Deleting.rank());
        let row = self.rows().query_one_raw(sql.statement()).await?;
        let silent = row.map_or(Ok(0), |row| row.try_get::<i64>("", "silent"))?;
        Ok(u64::try_from(silent).unwrap_or_default())
    }
}

/// Says in the log which connections fell silent with this reading, and which no longer are. `before` are those that were
/// at the reading before it.
pub(super) fn tell(tenant: &Tenant, before: &[Uuid], reading: &Reading) {
    for connection in &reading.connections {
        let (id, name) = (connection.id, connection.name.as_str());
        match (before.contains(&id), reading.silent.contains(&id)) {
            (false, true) => {
                tracing::warn!(tenant = %tenant.id, connection = %id, name, "a connection is silent: nothing has come for longer than is usual");
            }
            // Of one that was closed, or whose tenant is not served, nothing is expected any more.
            (true, false) if connection.open && tenant.state == TenantState::Active => {
                tracing::info!(tenant = %tenant.id, connection = %id, name, "a connection that was silent no longer is");
            }
            _ => {}
        }
    }
}
