//! Whom a name means: people and groups that are here, by any of their names.

use std::iter::once;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::StoreError;
use crate::sql::Sql;
use crate::store::TenantStore;

/// Most people with one family name whose whole name is looked at.
const NAMESAKES: u32 = 1_000;
/// Most words of a name each of which may begin the family name.
const WORDS: usize = 8;

impl TenantStore {
    /// The people and groups with this userName, externalId, e-mail address or displayName; `most` at most. People whose
    /// family name is known are found by the whole name too, formatted or as given and family name: of one family name a
    /// thousand are looked at.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn known_as(&self, text: &str, most: u32) -> Result<Vec<Uuid>, StoreError> {
        let engine = self.store.inner().engine;
        let wanted = scim::comparison::key(text);
        let families = families(&wanted);
        let mut sql = Sql::new(engine, "");
        let (tenant, key) = (sql.bind(self.tenant.as_uuid()), sql.bind(wanted));
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
        let [formatted, given] = ["formatted", "givenName"].map(|part| {
            let path = sql.bind(engine.json_path(&["name".to_owned(), part.to_owned()]));
            engine.json_text("comparison", &path)
        });
        sql.push(&parts.join(" UNION "));
        sql.push(" UNION SELECT id FROM (SELECT id, family_name_key, comparison FROM users WHERE tenant_id = ").push(&tenant);
        sql.push(" AND ").texts_among("family_name_key", families);
        sql.push(&format!(" LIMIT {NAMESAKES}) AS namesakes WHERE {formatted} = {key}"));
        sql.push(&format!(" OR COALESCE({given} || ' ', '') || family_name_key = {key} LIMIT {most}"));
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }
}

/// What of a whole name may be the family name: all of it, its end from any word on, or what stands before a comma.
fn families(name: &str) -> Vec<String> {
    let ends = name.rmatch_indices(' ').filter_map(|(at, _)| name.get(at + 1..)).take(WORDS);
    let before_comma = name.split_once(',').map(|(family, _)| family.trim_end());
    once(name).chain(ends).chain(before_comma).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_name_ends_a_name_or_stands_before_a_comma() {
        assert_eq!(families("lovelace"), ["lovelace"]);
        assert_eq!(families("ada king lovelace"), ["ada king lovelace", "lovelace", "king lovelace"]);
        assert_eq!(families("de groot, jan"), ["de groot, jan", "jan", "groot, jan", "de groot"]);
        assert_eq!(families(&"a ".repeat(50)).len(), 1 + WORDS);
    }
}
