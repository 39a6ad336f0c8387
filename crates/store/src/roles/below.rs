//! Who is below a group: its own members and those of the groups in it, at any depth.

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

/// How far a walk is: the group and the member that were looked at last.
pub(super) type Place = (Option<Uuid>, Option<Uuid>);

/// The step of a recursion from the groups of `from` to those that are members of theirs. That they are groups stands in
/// the text, so that the index of just these rows is used.
pub(super) fn step_down(from: &str, tenant: &str) -> String {
    format!(
        "SELECT m.member_id FROM {from} AS b JOIN memberships AS m ON m.group_id = b.group_id \
         WHERE m.tenant_id = {tenant} AND m.member_kind = 'Group'"
    )
}

/// The group and all groups below it, in the order of their ids. UNION ends at rings.
async fn groups(rows: &Rows<'_>, tenant: TenantId, group: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let mut sql = Sql::new(rows.engine(), "WITH RECURSIVE below(group_id) AS (SELECT g.id FROM (SELECT ");
    sql.arg(group);
    if rows.engine() == Engine::Postgres {
        sql.push("::uuid");
    }
    let tenant = sql.bind(tenant.as_uuid());
    sql.push(" AS id) AS g UNION ").push(&step_down("below", &tenant));
    sql.push(") SELECT group_id FROM below ORDER BY group_id");
    let found = rows.query_all_raw(sql.statement()).await?;
    found.iter().map(|row| Ok(row.try_get("", "group_id")?)).collect()
}

/// The next people below a group after a place, `most` at most, and the place that they end at; no place when these were
/// all. Groups that come below it meanwhile are changes of their own.
pub(super) async fn next(
    tx: &Tx<'_>,
    group: Uuid,
    (at_group, at_member): Place,
    most: usize,
) -> Result<(Vec<Uuid>, Option<Place>), StoreError> {
    let mut found: Vec<Uuid> = Vec::new();
    let groups = groups(&tx.executor(), tx.tenant(), group).await?;
    let left = groups.into_iter().filter(|group| at_group.is_none_or(|at| *group >= at));
    for (looked, group) in left.enumerate() {
        let after = at_member.filter(|_| at_group == Some(group));
        if looked == GROUPS {
            return Ok((found, Some((Some(group), after.or(Some(Uuid::nil()))))));
        }
        let room = most.saturating_sub(found.len());
        let people = people(tx, group, after, room).await?;
        let (count, last) = (people.len(), people.last().copied());
        found.extend(people);
        if count >= room {
            return Ok((found, Some((Some(group), last.or(after).or(Some(Uuid::nil()))))));
        }
    }
    Ok((found, None))
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
