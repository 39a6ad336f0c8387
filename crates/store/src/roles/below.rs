//! Who is below a group: its own members and those of the groups in it, at any depth.

use std::collections::BTreeSet;

use domain::TenantId;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::wall::Rows;

/// Groups of one step at most, so that many empty ones do not make it long.
const GROUPS: usize = 200;
/// Groups below one that are looked at one by one.
const MOST: usize = 1_000;

/// How far a walk is: the group and the member that were looked at last.
pub(super) type Place = (Option<Uuid>, Option<Uuid>);

/// Some groups and all groups below them, `most` at most. UNION ends at rings.
pub(crate) fn groups_below(engine: Engine, tenant: TenantId, tops: &[Uuid], most: usize) -> Sql {
    let mut sql = Sql::new(engine, "WITH RECURSIVE below(group_id) AS (SELECT g.id FROM \"groups\" AS g WHERE g.tenant_id = ");
    let tenant = sql.bind(tenant.as_uuid());
    sql.push(&tenant).push(" AND ").ids_among("g.id", tops);
    // That members are groups stands in the text, so that the index of just these rows is used: nobody's people are passed
    // over. SQLite, whose table is an index of all members itself, has to be told.
    let by = match engine {
        Engine::Sqlite => " INDEXED BY memberships_groups",
        Engine::Postgres => "",
    };
    sql.push(&format!(
        " UNION SELECT m.member_id FROM below AS b CROSS JOIN memberships AS m{by} WHERE m.group_id = b.group_id \
         AND m.tenant_id = {tenant} AND m.member_kind = 'Group') SELECT b.group_id FROM below AS b LIMIT "
    ));
    sql.arg(i64::try_from(most).unwrap_or(i64::MAX));
    sql
}

/// Some groups and all groups below them, in the order of their ids; nothing when these are more than `most`.
pub(super) async fn groups(
    rows: &Rows<'_>,
    tenant: TenantId,
    tops: &[Uuid],
    most: usize,
) -> Result<Option<BTreeSet<Uuid>>, StoreError> {
    let sql = groups_below(rows.engine(), tenant, tops, most.saturating_add(1));
    let found = rows.query_all_raw(sql.statement()).await?;
    if found.len() > most {
        return Ok(None);
    }
    Ok(Some(found.iter().map(|row| row.try_get("", "group_id")).collect::<Result<_, _>>()?))
}

/// The next people below a group after a place, `most` at most, and the place that they end at; no place when these were
/// all. Groups that come below it meanwhile are changes of their own. Nothing when more groups are below it than are looked
/// at one by one.
pub(super) async fn next(
    tx: &Tx<'_>,
    group: Uuid,
    (at_group, at_member): Place,
    most: usize,
) -> Result<Option<(Vec<Uuid>, Option<Place>)>, StoreError> {
    let mut found: Vec<Uuid> = Vec::new();
    let Some(groups) = groups(&tx.executor(), tx.tenant(), &[group], MOST).await? else { return Ok(None) };
    let left = groups.into_iter().filter(|group| at_group.is_none_or(|at| *group >= at));
    for (looked, group) in left.enumerate() {
        let after = at_member.filter(|_| at_group == Some(group));
        if looked == GROUPS {
            return Ok(Some((found, Some((Some(group), after.or(Some(Uuid::nil())))))));
        }
        let room = most.saturating_sub(found.len());
        let people = people(tx, group, after, room).await?;
        let (count, last) = (people.len(), people.last().copied());
        found.extend(people);
        if count >= room {
            return Ok(Some((found, Some((Some(group), last.or(after).or(Some(Uuid::nil())))))));
        }
    }
    Ok(Some((found, None)))
}

/// The people among a group's own members, in the order of their ids.
async fn people(tx: &Tx<'_>, group: Uuid, after: Option<Uuid>, most: usize) -> Result<Vec<Uuid>, StoreError> {
    let mut sql = Sql::new(tx.engine(), "SELECT member_id FROM memberships WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND group_id = ").arg(group).push(" AND member_kind = 'User'");
    if let Some(after) = after {
        sql.push(" AND member_id > ").arg(after);
    }
    sql.push(" ORDER BY member_id LIMIT ").arg(i64::try_from(most).unwrap_or(i64::MAX));
    let found = tx.connection().query_all_raw(sql.statement()).await?;
    found.iter().map(|row| Ok(row.try_get("", "member_id")?)).collect()
}
