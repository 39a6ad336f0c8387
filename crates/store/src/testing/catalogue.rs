//! What the database itself says of its tables.

use domain::TenantId;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::Scratch;
use crate::dialect::Engine;
use crate::store::Store;
use crate::wall::{Door, Rows};

impl Scratch {
    /// Every table of the directory and the sync log that has a column `tenant_id`, with the number of the tenant's rows.
    ///
    /// # Panics
    /// When the database does not say.
    #[expect(clippy::panic, reason = "a test without its catalogue must say so and end")]
    pub async fn rows_of(&self, tenant: TenantId) -> Vec<(String, i64)> {
        let directory = rows(&self.store.write_gate().through(Door::System), tenant).await;
        let all = match (directory, self.store.inner().engine) {
            (Ok(directory), Engine::Postgres) => Ok(directory),
            (Ok(directory), Engine::Sqlite) => {
                rows(&self.store.sync_log().gate().through(Door::System), tenant).await.map(|log| [directory, log].concat())
            }
            (Err(error), _) => Err(error),
        };
        all.unwrap_or_else(|error| panic!("no catalogue: {error}"))
    }
}

/// Every row of every table of the directory as text; on SQLite the files say it themselves.
///
/// # Panics
/// When the database does not say.
#[expect(clippy::panic, reason = "a test without its catalogue must say so and end")]
pub async fn everything(store: &Store) -> String {
    let connection = store.write_gate().through(Door::System);
    if Engine::of(connection.get_database_backend()) == Engine::Sqlite {
        return String::new();
    }
    let read = async {
        let tables = "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema()";
        let mut all = String::new();
        for table in connection.query_all_raw(Statement::from_string(Engine::Postgres.backend(), tables)).await? {
            let table: String = table.try_get("", "name")?;
            let rows = format!("SELECT string_agg(t::text, ' ') AS rows FROM \"{table}\" AS t");
            let row = connection.query_one_raw(Statement::from_string(Engine::Postgres.backend(), rows)).await?;
            all.push_str(&row.map_or(Ok(None), |row| row.try_get::<Option<String>>("", "rows"))?.unwrap_or_default());
        }
        Ok::<_, DbErr>(all)
    };
    read.await.unwrap_or_else(|error| panic!("no catalogue: {error}"))
}

async fn rows(connection: &Rows<'_>, tenant: TenantId) -> Result<Vec<(String, i64)>, DbErr> {
    let engine = Engine::of(connection.get_database_backend());
    let (catalogue, place) = match engine {
        Engine::Sqlite => (
            "SELECT m.name AS name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'tenant_id' ORDER BY 1",
            "?1",
        ),
        Engine::Postgres => (
            "SELECT table_name::text AS name FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'tenant_id' ORDER BY 1",
            "$1",
        ),
    };
    let tables = connection.query_all_raw(Statement::from_string(engine.backend(), catalogue)).await?;
    let mut found = Vec::new();
    for table in tables {
        let table: String = table.try_get("", "name")?;
        let count = format!("SELECT COUNT(*) AS count FROM \"{table}\" WHERE tenant_id = {place}");
        let count = Statement::from_sql_and_values(engine.backend(), count, [tenant.as_uuid().into()]);
        let row = connection.query_one_raw(count).await?;
        found.push((table, row.map_or(Ok(0), |row| row.try_get("", "count"))?));
    }
    Ok(found)
}
