//! Credentials that will end by themselves before long.

use domain::{CredentialId, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use crate::StoreError;
use crate::sql::Sql;
use crate::store::System;

/// A credential, or a secret of an OAuth client, that opens the door now and ends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Whose it is.
    pub tenant: TenantId,
    /// The credential; of a secret its client.
    pub credential: CredentialId,
    /// The credential's name.
    pub name: String,
    /// When it ends.
    pub ends_at: Timestamp,
}

impl System {
    /// What ends after `now` and before `until`, of open connections and tenants that are served; the first to end first.
    /// Reads the credentials of all tenants, so it is for now and then.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn endings(&self, now: Timestamp, until: Timestamp) -> Result<Vec<Ending>, StoreError> {
        let connection = self.rows();
        let mut sql = Sql::new(self.store.inner().engine, "SELECT c.tenant_id, c.id, c.name, e.ends_at FROM (");
        sql.push("SELECT tenant_id, id, ends_at FROM credentials WHERE revoked_at IS NULL UNION ALL ");
        sql.push("SELECT tenant_id, credential_id, ends_at FROM oauth_secrets WHERE revoked_at IS NULL) AS e ");
        sql.push("JOIN credentials AS c ON c.tenant_id = e.tenant_id AND c.id = e.id AND c.revoked_at IS NULL ");
        sql.push("JOIN connections AS o ON o.tenant_id = c.tenant_id AND o.id = c.connection_id AND o.state = 'open' ");
        sql.push("JOIN tenants AS t ON t.id = c.tenant_id AND t.state = 'active' WHERE e.ends_at > ").arg(now.as_micros());
        sql.push(" AND e.ends_at < ").arg(until.as_micros()).push(" ORDER BY e.ends_at, c.id");
        let read = |row: &QueryResult| {
            let (tenant, credential): (Uuid, Uuid) = (row.try_get("", "tenant_id")?, row.try_get("", "id")?);
            let ends_at = Timestamp::from_micros(row.try_get("", "ends_at")?);
            Ok(Ending { tenant: tenant.into(), credential: credential.into(), name: row.try_get("", "name")?, ends_at })
        };
        connection.query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }
}
