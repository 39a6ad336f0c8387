//! Which roles people have by the rows as they are, and which they were told to have.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AppRole, RoleOfUser, TenantId, UserId};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::definitions::{self, key_of};
use crate::StoreError;
use crate::sql::Sql;
use crate::store::TenantStore;
use crate::wall::Rows;

/// Keys of roles, person by person; who has none is left out.
pub(super) type Roles = BTreeMap<Uuid, BTreeSet<String>>;

impl TenantStore {
    /// The roles that a person has now, by their keys, each with the mapped groups that give it. Nobody has any who is
    /// not active, or not here.
    pub async fn roles_of(&self, user: UserId) -> Result<Vec<RoleOfUser>, StoreError> {
        held_by(&self.rows(), self.tenant, user).await
    }

    /// All roles of the service, by their keys, each with the number of the tenant's people who were told to have it.
    pub async fn roles(&self) -> Result<Vec<(AppRole, u64)>, StoreError> {
        let rows = self.rows();
        let columns = definitions::COLUMNS;
        let mut sql = Sql::new(rows.engine(), &format!("SELECT {columns}, COALESCE(c.people, 0) AS people FROM roles AS o"));
        sql.push(" LEFT JOIN role_counts AS c ON c.role = o.role AND c.tenant_id = ").arg(self.tenant.as_uuid());
        sql.push(" ORDER BY o.role");
        let read = |row: &QueryResult| {
            let people = u64::try_from(row.try_get::<i64>("", "people")?).unwrap_or_default();
            Ok((definitions::read(row)?, people))
        };
        rows.query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }
}

/// The roles that a person has by the rows as `rows` see them.
pub(crate) async fn held_by(rows: &Rows<'_>, tenant: TenantId, user: UserId) -> Result<Vec<RoleOfUser>, StoreError> {
    let (mut sql, tenant) = going_up(rows, tenant, &[user.as_uuid()]);
    sql.push(&format!(
        " SELECT r.role, o.name, r.group_id FROM up AS u JOIN role_mappings AS r ON r.tenant_id = {tenant} \
         AND r.group_id = u.group_id JOIN roles AS o ON o.role = r.role ORDER BY r.role, r.group_id"
    ));
    let mut roles: Vec<RoleOfUser> = Vec::new();
    for row in rows.query_all_raw(sql.statement()).await? {
        let (key, group) = (key_of(&row)?, row.try_get::<Uuid>("", "group_id")?);
        match roles.last_mut() {
            Some(last) if last.key == key => last.through.push(group.into()),
            _ => roles.push(RoleOfUser { key, name: row.try_get("", "name")?, through: vec![group.into()] }),
        }
    }
    Ok(roles)
}

/// A statement's beginning with the groups of each of these people who are active, direct and indirect, as `up(person,
/// group_id)`; gives the placeholder of the tenant too.
fn going_up(rows: &Rows<'_>, tenant: TenantId, ids: &[Uuid]) -> (Sql, String) {
    let mut sql = Sql::new(
        rows.engine(),
        "WITH RECURSIVE up(person, group_id) AS (SELECT m.member_id, m.group_id FROM memberships AS m \
         JOIN users AS t ON t.tenant_id = m.tenant_id AND t.id = m.member_id WHERE m.tenant_id = ",
    );
    let (tenant, active) = (sql.bind(tenant.as_uuid()), sql.bind(true));
    sql.push(&format!("{tenant} AND t.active = {active} AND ")).ids_among("m.member_id", ids);
    // UNION ends at rings.
    sql.push(&format!(
        " UNION SELECT u.person, m.group_id FROM up AS u JOIN memberships AS m ON m.member_id = u.group_id \
         WHERE m.tenant_id = {tenant})"
    ));
    (sql, tenant)
}

/// The roles that these people have now. At most 1,000 ids.
pub(super) async fn effective(rows: &Rows<'_>, tenant: TenantId, ids: &[Uuid]) -> Result<Roles, StoreError> {
    if ids.is_empty() {
        return Ok(Roles::new());
    }
    let (mut sql, tenant) = going_up(rows, tenant, ids);
    sql.push(&format!(
        " SELECT DISTINCT u.person AS user_id, r.role FROM up AS u JOIN role_mappings AS r ON r.tenant_id = {tenant} \
         AND r.group_id = u.group_id"
    ));
    gathered(&rows.query_all_raw(sql.statement()).await?)
}

/// The roles that these people were told to have. At most 1,000 ids.
pub(super) async fn told(rows: &Rows<'_>, tenant: TenantId, ids: &[Uuid]) -> Result<Roles, StoreError> {
    if ids.is_empty() {
        return Ok(Roles::new());
    }
    let mut sql = Sql::new(rows.engine(), "SELECT user_id, role FROM user_roles WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND ").ids_among("user_id", ids);
    gathered(&rows.query_all_raw(sql.statement()).await?)
}

/// The same of all people from one id to another.
pub(crate) async fn told_between(rows: &Rows<'_>, tenant: TenantId, first: Uuid, last: Uuid) -> Result<Roles, StoreError> {
    let mut sql = Sql::new(rows.engine(), "SELECT user_id, role FROM user_roles WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND user_id >= ").arg(first).push(" AND user_id <= ").arg(last);
    gathered(&rows.query_all_raw(sql.statement()).await?)
}

fn gathered(rows: &[QueryResult]) -> Result<Roles, StoreError> {
    let mut roles = Roles::new();
    for row in rows {
        roles.entry(row.try_get("", "user_id")?).or_default().insert(row.try_get("", "role")?);
    }
    Ok(roles)
}
