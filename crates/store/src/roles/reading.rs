//! Which roles people have by the rows as they are, and which they were told to have.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AppRole, RoleOfUser, TenantId, UserId};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::definitions::{self, key_of};
use super::nesting;
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
    let mut sql = Sql::new(
        rows.engine(),
        "SELECT r.role, o.name, r.group_id FROM role_mappings AS r JOIN roles AS o ON o.role = r.role WHERE r.tenant_id = ",
    );
    sql.arg(tenant.as_uuid()).push(" ORDER BY r.role, r.group_id");
    let mappings = rows.query_all_raw(sql.statement()).await?;
    if mappings.is_empty() {
        return Ok(Vec::new());
    }
    let mapped = mappings.iter().map(|row| row.try_get("", "group_id")).collect::<Result<BTreeSet<Uuid>, _>>()?;
    let given = given(rows, tenant, &[user.as_uuid()], &mapped).await?;
    let given = given.get(&user.as_uuid());
    let mut roles: Vec<RoleOfUser> = Vec::new();
    for row in &mappings {
        let (key, group) = (key_of(row)?, row.try_get::<Uuid>("", "group_id")?);
        if given.is_none_or(|given| !given.contains(&group)) {
            continue;
        }
        match roles.last_mut() {
            Some(last) if last.key == key => last.through.push(group.into()),
            _ => roles.push(RoleOfUser { key, name: row.try_get("", "name")?, through: vec![group.into()] }),
        }
    }
    Ok(roles)
}

/// Of each of these people who is active and in a group, those of `mapped` that they are in, directly or through groups.
async fn given(
    rows: &Rows<'_>,
    tenant: TenantId,
    ids: &[Uuid],
    mapped: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>, StoreError> {
    let mut sql = Sql::new(
        rows.engine(),
        "SELECT m.member_id, m.group_id FROM memberships AS m JOIN users AS t ON t.tenant_id = m.tenant_id AND t.id = m.member_id \
         WHERE m.tenant_id = ",
    );
    sql.arg(tenant.as_uuid()).push(" AND t.active = ").arg(true).push(" AND ").ids_among("m.member_id", ids);
    let mut direct: Vec<(Uuid, Uuid)> = Vec::new();
    for row in rows.query_all_raw(sql.statement()).await? {
        direct.push((row.try_get("", "member_id")?, row.try_get("", "group_id")?));
    }
    let giving = nesting::giving(rows, tenant, &direct.iter().map(|(_, group)| *group).collect(), mapped).await?;
    let mut given: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for (person, group) in direct {
        given.entry(person).or_default().extend(giving.get(&group).into_iter().flatten());
    }
    Ok(given)
}

/// The roles that these people have now. At most 1,000 ids.
pub(super) async fn effective(rows: &Rows<'_>, tenant: TenantId, ids: &[Uuid]) -> Result<Roles, StoreError> {
    if ids.is_empty() {
        return Ok(Roles::new());
    }
    let mut sql = Sql::new(rows.engine(), "SELECT group_id, role FROM role_mappings WHERE tenant_id = ");
    sql.arg(tenant.as_uuid());
    let mut mappings: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for row in rows.query_all_raw(sql.statement()).await? {
        mappings.entry(row.try_get("", "group_id")?).or_default().push(row.try_get("", "role")?);
    }
    let mut roles = Roles::new();
    for (person, groups) in given(rows, tenant, ids, &mappings.keys().copied().collect()).await? {
        let held: BTreeSet<String> = groups.iter().filter_map(|group| mappings.get(group)).flatten().cloned().collect();
        // Who has none is left out.
        if !held.is_empty() {
            roles.insert(person, held);
        }
    }
    Ok(roles)
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
