//! Whom a name means: people and groups that are here, by any of their names.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::StoreError;
use crate::sql::Sql;
use crate::store::TenantStore;

impl TenantStore {
    /// The people and groups with this userName, externalId, e-mail address or displayName; `most` at most.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn known_as(&self, text: &str, most: u32) -> Result<Vec<Uuid>, StoreError> {
        let mut sql = Sql::new(self.store.inner().engine, "");
        let (tenant, key) = (sql.bind(self.tenant.as_uuid()), sql.bind(scim::comparison::key(text)));
        let (exact, most) = (sql.bind(text), sql.bind(i64::from(most)));
        let places = [
            ("id", "users", "user_name_key", &key),
            ("id", "users", "external_id", &exact),
            ("id", "users", "display_name_key", &key),
            ("user_id", "user_emails", "value_key", &key),
            ("id", "\"groups\"", "display_name_key", &key),
            ("id", "\"groups\"", "external_id", &exact),
        ];
        let parts = places.map(|(id, table, column, value)| {
            format!(
                "SELECT id FROM (SELECT {id} AS id FROM {table} WHERE tenant_id = {tenant} AND {column} = {value} LIMIT {most}) AS p"
            )
        });
        sql.push(&format!("{} LIMIT {most}", parts.join(" UNION ")));
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }
}
