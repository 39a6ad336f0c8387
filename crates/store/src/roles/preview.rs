//! Who would get or lose a role, before a mapping is saved or dropped.

use std::collections::BTreeSet;

use domain::{GroupId, RoleKey, TenantId, UserId};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::{below, nesting};
use crate::StoreError;
use crate::sql::Sql;
use crate::store::TenantStore;
use crate::users::resource;
use crate::wall::Rows;

/// People who are named.
const NAMED: i64 = 50;
/// Groups that are looked at: those that give the role, and all below them. SQLite binds 32,766 values at most.
const GROUPS: usize = 20_000;

/// What came of asking what a mapping would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Previewed {
    /// Who would get or lose the role.
    Known(Preview),
    /// There is no such group, or no such role.
    Unknown,
    /// More than 20,000 groups are in those that give the role.
    TooWide,
}

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

/// A group that was deleted can lose what is mapped to it.
pub(super) async fn of(door: &TenantStore, group: GroupId, role: &RoleKey, remove: bool) -> Result<Previewed, StoreError> {
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
        return Ok(Previewed::Unknown);
    }
    // It gives the role already, or never did.
    if remove != mapped {
        return Ok(Previewed::Known(Preview::default()));
    }
    let Some(giving) = groups(&rows, door.tenant, group.as_uuid(), role).await? else { return Ok(Previewed::TooWide) };
    if giving.own.is_empty() {
        return Ok(Previewed::Known(Preview::default()));
    }
    let found = rows.query_all_raw(moved(door, &giving).statement()).await?;
    let total: i64 = found.first().map_or(Ok(0), |row| row.try_get("", "total"))?;
    let first = found.iter().map(person).collect::<Result<_, _>>()?;
    Ok(Previewed::Known(Preview { people: u64::try_from(total).unwrap_or_default(), first }))
}

/// Groups whose people a role is given.
#[derive(Default)]
struct Giving {
    /// By the group alone.
    own: Vec<Uuid>,
    /// By another one, and maybe by it too.
    elsewhere: Vec<Uuid>,
}

/// The groups whose people are given the role, by the same rule by which people are told; nothing when they are too many.
async fn groups(rows: &Rows<'_>, tenant: TenantId, group: Uuid, role: &RoleKey) -> Result<Option<Giving>, StoreError> {
    let mut sql = Sql::new(rows.engine(), "SELECT group_id FROM role_mappings WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND role = ").arg(role.as_str()).push(" AND group_id <> ").arg(group);
    let others = rows.query_all_raw(sql.statement()).await?;
    let others = others.iter().map(|row| row.try_get("", "group_id")).collect::<Result<BTreeSet<Uuid>, _>>()?;
    let mut mapped = others.clone();
    mapped.insert(group);
    let tops: Vec<Uuid> = mapped.iter().copied().collect();
    let Some(all) = below::groups(rows, tenant, &tops, GROUPS).await? else { return Ok(None) };
    let mut giving = Giving::default();
    for (id, by) in nesting::giving(rows, tenant, &all, &mapped).await? {
        if by.iter().any(|by| others.contains(by)) {
            giving.elsewhere.push(id);
        } else if by.contains(&group) {
            giving.own.push(id);
        }
    }
    Ok(Some(giving))
}

/// People who are active and given the role by the group alone: the first by name, each with how many there are. One
/// statement, so that number and names are of one moment.
fn moved(door: &TenantStore, giving: &Giving) -> Sql {
    let mut sql = Sql::new(door.store.inner().engine, "WITH people(id) AS (");
    let (tenant, active, named) = (sql.bind(door.tenant.as_uuid()), sql.bind(true), sql.bind(NAMED));
    let members =
        format!("SELECT m.member_id FROM memberships AS m WHERE m.tenant_id = {tenant} AND m.member_kind = 'User' AND ");
    sql.push(&members).ids_among("m.group_id", &giving.own);
    // EXCEPT leaves everybody once, so it stands there for nobody's group too.
    let nowhere = [Uuid::nil()];
    let elsewhere: &[Uuid] = if giving.elsewhere.is_empty() { &nowhere } else { &giving.elsewhere };
    sql.push(" EXCEPT ").push(&members).ids_among("m.group_id", elsewhere);
    sql.push(&format!(
        ") SELECT f.id, f.total, t.resource FROM (SELECT t.id AS id, COALESCE(t.display_name_key, t.user_name_key) AS name, \
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
