//! Who would get or lose a role, before a mapping is saved or dropped.

use domain::{GroupId, RoleKey, UserId};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::below::step_down;
use crate::StoreError;
use crate::sql::Sql;
use crate::store::TenantStore;
use crate::users::resource;

/// People who are named.
const NAMED: i64 = 50;

/// What a mapping would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// How many people get the role, or lose it.
    pub people: u64,
    /// The first of them by name; 50 at most.
    pub first: Vec<PreviewPerson>,
}

/// Somebody whom a mapping would give or take a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewPerson {
    /// Who.
    pub id: UserId,
    /// Their userName.
    pub user_name: String,
    /// Their best human name.
    pub name: String,
}

/// Nothing when there is no such role, or no such group; a group that was deleted can lose what is mapped to it.
pub(super) async fn of(door: &TenantStore, group: GroupId, role: &RoleKey, remove: bool) -> Result<Option<Preview>, StoreError> {
    let rows = door.rows();
    let mut sql = Sql::new(rows.engine(), "SELECT (SELECT COUNT(*) FROM roles WHERE role = ");
    let (key, tenant, own) = (sql.bind(role.as_str()), sql.bind(door.tenant.as_uuid()), sql.bind(group.as_uuid()));
    sql.push(&format!(
        "{key}) AS known, (SELECT COUNT(*) FROM \"groups\" WHERE tenant_id = {tenant} AND id = {own}) AS here, \
         (SELECT COUNT(*) FROM role_mappings WHERE tenant_id = {tenant} AND group_id = {own} AND role = {key}) AS mapped"
    ));
    let row = rows.query_one_raw(sql.statement()).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("a count gave no row".to_owned()))?;
    let is = |name: &str| row.try_get::<i64>("", name).map(|count| count > 0);
    let (known, here, mapped) = (is("known")?, is("here")?, is("mapped")?);
    let there = known && (here || remove && mapped);
    if !there {
        return Ok(None);
    }
    // It gives the role already, or never did.
    if remove != mapped {
        return Ok(Some(Preview::default()));
    }
    let found = rows.query_all_raw(moved(door, group, role).statement()).await?;
    let total: i64 = found.first().map_or(Ok(0), |row| row.try_get("", "total"))?;
    let first = found.iter().map(person).collect::<Result<_, _>>()?;
    Ok(Some(Preview { people: u64::try_from(total).unwrap_or_default(), first }))
}

/// People who are active and below the group, and below no other group that gives the role: the first by name, each with
/// how many there are. One statement, so that number and names are of one moment.
fn moved(door: &TenantStore, group: GroupId, role: &RoleKey) -> Sql {
    let mut sql = Sql::new(door.store.inner().engine, "WITH RECURSIVE own(group_id) AS (SELECT g.id FROM \"groups\" AS g WHERE ");
    let (tenant, own) = (sql.bind(door.tenant.as_uuid()), sql.bind(group.as_uuid()));
    let (key, active, named) = (sql.bind(role.as_str()), sql.bind(true), sql.bind(NAMED));
    let members = |of: &str| {
        format!(
            "SELECT m.member_id FROM {of} AS b JOIN memberships AS m ON m.group_id = b.group_id \
             WHERE m.tenant_id = {tenant} AND m.member_kind = 'User'"
        )
    };
    sql.push(&format!("g.tenant_id = {tenant} AND g.id = {own} UNION {}), ", step_down("own", &tenant)));
    sql.push(&format!(
        "elsewhere(group_id) AS (SELECT r.group_id FROM role_mappings AS r WHERE r.tenant_id = {tenant} AND r.role = {key} \
         AND r.group_id <> {own} UNION {}), ",
        step_down("elsewhere", &tenant)
    ));
    sql.push(&format!("people(id) AS ({} EXCEPT {}) ", members("own"), members("elsewhere")));
    sql.push(&format!(
        "SELECT f.id, f.total, t.resource FROM (SELECT t.id AS id, COALESCE(t.display_name_key, t.user_name_key) AS name, \
         COUNT(*) OVER () AS total FROM people AS p JOIN users AS t ON t.tenant_id = {tenant} AND t.id = p.id \
         WHERE t.active = {active} ORDER BY name, id LIMIT {named}) AS f \
         JOIN users AS t ON t.tenant_id = {tenant} AND t.id = f.id ORDER BY f.name, f.id"
    ));
    sql
}

fn person(row: &QueryResult) -> Result<PreviewPerson, StoreError> {
    let (id, resource): (Uuid, _) = (row.try_get("", "id")?, resource(row)?);
    let user_name = resource.user_name().unwrap_or_default().to_owned();
    let name = resource.best_name().unwrap_or_else(|| user_name.clone());
    Ok(PreviewPerson { id: id.into(), user_name, name })
}
