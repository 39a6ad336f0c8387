//! Building the wall from what the catalogue says, and checking that it stands and that this role is not above it.

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, QueryResult, Statement};

use super::{DOOR, TENANT, Wall, WallFault};
use crate::StoreError;
use crate::dialect::Engine;

/// Every table of tenants' rows in our schema, with the column that says whose a row is, whether the wall stands on it,
/// and whether this role owns it. `tenants` itself is one: who is a customer is nobody's business.
const TABLES: &str = "
    SELECT quote_ident(c.relname) AS name, quote_ident(a.attname) AS key,
        c.relrowsecurity AND c.relforcerowsecurity AND (
            SELECT count(*) = 2 AND bool_and(p.polname IN ('own_tenant', 'system_door'))
            FROM pg_policy AS p WHERE p.polrelid = c.oid
        ) AS walled,
        pg_has_role(c.relowner, 'MEMBER') AS owned
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
    WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
        AND c.relkind IN ('r', 'p')
        AND (a.attname = 'tenant_id' OR (c.relname = 'tenants' AND a.attname = 'id'))
    ORDER BY 1";

struct Table {
    name: String,
    key: String,
    walled: bool,
    owned: bool,
}

/// Raises the wall wherever it does not stand yet; as the role that owns the tables.
pub(crate) async fn raise(txn: &DatabaseTransaction) -> Result<(), StoreError> {
    for Table { name, key, .. } in tables(txn).await?.iter().filter(|table| !table.walled) {
        // Settings are read once a statement and not once a row, because they stand in a query of their own.
        let script = format!(
            "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;
             ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
             DROP POLICY IF EXISTS own_tenant ON {name};
             CREATE POLICY own_tenant ON {name}
                 USING ({key} = (SELECT NULLIF(current_setting('{TENANT}', true), '')::uuid));
             DROP POLICY IF EXISTS system_door ON {name};
             CREATE POLICY system_door ON {name} USING ((SELECT current_setting('{DOOR}', true)) = 'system');"
        );
        txn.execute_unprepared(&script).await?;
    }
    Ok(())
}

/// Gives the server's role the rows of our tables, and of the histories of migrations a look; as the role that owns them.
pub(crate) async fn grant(txn: &DatabaseTransaction, role: &str) -> Result<(), StoreError> {
    let tables = "
        SELECT quote_ident(relname) AS name, quote_ident(current_schema()) AS schema, quote_ident($1) AS role,
            relname IN ('seaql_migrations', 'sync_log_migrations') AS history
        FROM pg_class
        WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            AND relkind IN ('r', 'p') AND pg_get_userbyid(relowner) = current_user
        ORDER BY 1";
    let asked = Statement::from_sql_and_values(Engine::Postgres.backend(), tables, [role.into()]);
    let tables = txn.query_all_raw(asked).await?;
    for (place, table) in tables.iter().enumerate() {
        let text = |name: &str| table.try_get::<String>("", name);
        let (name, schema, role) = (text("name")?, text("schema")?, text("role")?);
        if place == 0 {
            txn.execute_unprepared(&format!("GRANT USAGE ON SCHEMA {schema} TO {role}")).await?;
        }
        let rights = if table.try_get("", "history")? { "SELECT" } else { "SELECT, INSERT, UPDATE, DELETE" };
        txn.execute_unprepared(&format!("GRANT {rights} ON {schema}.{name} TO {role}")).await?;
    }
    Ok(())
}

/// Refuses a role that passes every policy.
pub(crate) async fn check_role(pool: &DatabaseConnection) -> Result<(), StoreError> {
    let sql = "SELECT rolname::text AS role, rolsuper OR rolbypassrls AS above FROM pg_roles WHERE rolname = current_user";
    let Some(row) = pool.query_one_raw(Statement::from_string(Engine::Postgres.backend(), sql)).await? else { return Ok(()) };
    let (role, above) = (row.try_get("", "role")?, row.try_get("", "above")?);
    if above { Err(WallFault::AboveIt { role }.into()) } else { Ok(()) }
}

/// Checks, as the server's role, that the wall stands on every table, and that this role cannot take it down where
/// another one was named as the owner.
pub(crate) async fn check(pool: &DatabaseConnection, wall: &Wall) -> Result<(), StoreError> {
    let tables = tables(pool).await?;
    if let Some(table) = tables.iter().find(|table| wall.owner.is_some() && table.owned) {
        return Err(WallFault::OwnsTables { table: table.name.clone() }.into());
    }
    let gaps: Vec<String> = tables.into_iter().filter(|table| !table.walled).map(|table| table.name).collect();
    if gaps.is_empty() { Ok(()) } else { Err(WallFault::Gaps { tables: gaps }.into()) }
}

async fn tables(connection: &impl ConnectionTrait) -> Result<Vec<Table>, StoreError> {
    let rows = connection.query_all_raw(Statement::from_string(Engine::Postgres.backend(), TABLES)).await?;
    let read = |row: &QueryResult| {
        let (name, key) = (row.try_get("", "name")?, row.try_get("", "key")?);
        Ok(Table { name, key, walled: row.try_get("", "walled")?, owned: row.try_get("", "owned")? })
    };
    rows.iter().map(read).collect()
}
