//! References to members who are not here yet, inside a unit of work. A group's row counts its own, so that a bound on them
//! costs no look at them.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::change::{ChangeDetails, MemberDelta};
use domain::{ChangeKind, GroupId, NewChange, ResourceKind};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use super::{CHUNK, MemberDiff};
use crate::StoreError;
use crate::counters::Delta;
use crate::sql::Sql;
use crate::tx::Tx;

/// Puts a new person or group into the groups whose references waited for it, each named as often as it had references to it.
pub(crate) async fn join_waiting(tx: &Tx<'_>, member: Uuid, kind: ResourceKind, groups: &[Uuid]) -> Result<(), StoreError> {
    let (mut waited, mut each): (HashMap<Uuid, i64>, Vec<Uuid>) = (HashMap::new(), Vec::new());
    for group in groups {
        let references = waited.entry(*group).or_default();
        *references += 1;
        if *references == 1 {
            each.push(*group);
        }
    }
    for groups in each.chunks(CHUNK) {
        let joined = join(tx, member, kind, groups).await?;
        for version in groups.iter().filter_map(|group| Some((*group, *joined.get(group)?))) {
            tx.append(joined_by(version, member, kind), Delta::default());
        }
        let mut rest: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
        for group in groups {
            let references = waited.get(group).copied().unwrap_or_default() - i64::from(joined.contains_key(group));
            if references > 0 {
                rest.entry(references).or_default().push(*group);
            }
        }
        for (references, groups) in rest {
            count_waiting(tx, &groups, -references).await?;
        }
    }
    Ok(())
}

/// Makes somebody a member of groups, in place of one reference to them each. The new versions of those they were not in.
async fn join(tx: &Tx<'_>, member: Uuid, kind: ResourceKind, groups: &[Uuid]) -> Result<HashMap<Uuid, i64>, StoreError> {
    let mut sql =
        Sql::new(tx.engine(), "INSERT INTO memberships (tenant_id, group_id, member_id, member_kind) SELECT g.tenant_id, g.id, ");
    sql.arg(member).push(", ").arg(kind.as_str()).push(" FROM \"groups\" AS g WHERE g.tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND ").ids_among("g.id", groups);
    sql.push(" ON CONFLICT DO NOTHING RETURNING group_id");
    let rows = tx.connection().query_all_raw(sql.statement()).await?;
    let joined: Vec<Uuid> = rows.iter().map(|row| row.try_get("", "group_id")).collect::<Result<_, _>>()?;
    if joined.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new(
        tx.engine(),
        "UPDATE \"groups\" SET members = members + 1, waiting = waiting - 1, version = version + 1, updated_at = ",
    );
    sql.arg(tx.now().as_micros()).push(" WHERE tenant_id = ").arg(tx.tenant().as_uuid());
    sql.push(" AND ").ids_among("id", &joined).push(" RETURNING id, version");
    let rows = tx.connection().query_all_raw(sql.statement()).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "version")?))).collect()
}

/// The change of a group, now of this version, that somebody has come into.
fn joined_by((group, version): (Uuid, i64), member: Uuid, kind: ResourceKind) -> NewChange {
    let details = ChangeDetails {
        members_added: vec![MemberDelta { id: member, kind: kind.as_str().to_owned() }],
        ..ChangeDetails::default()
    };
    NewChange {
        kind: ChangeKind::GroupMembersChanged,
        resource_id: group,
        resource_name: None,
        version: u64::try_from(version).unwrap_or_default(),
        before: None,
        after: None,
        details: Some(details),
    }
}

/// Counts references of groups that began to wait, as many of each; fewer than none where they have ceased to.
async fn count_waiting(tx: &Tx<'_>, groups: &[Uuid], more: i64) -> Result<(), StoreError> {
    if more == 0 {
        return Ok(());
    }
    tx.touch();
    let mut sql = Sql::new(tx.engine(), "UPDATE \"groups\" SET waiting = waiting + ");
    sql.arg(more).push(" WHERE tenant_id = ").arg(tx.tenant().as_uuid()).push(" AND ").ids_among("id", groups);
    tx.connection().execute_raw(sql.statement()).await?;
    Ok(())
}

/// Counts references of a group that began to wait, or, below nothing, ceased to.
pub(super) async fn note_waiting(tx: &Tx<'_>, group: GroupId, more: i64, diff: &mut MemberDiff) -> Result<(), StoreError> {
    diff.waiting += more;
    count_waiting(tx, &[group.as_uuid()], more).await
}

/// Keeps references that wait; how many of them did not wait before.
pub(super) async fn wait_for(
    tx: &Tx<'_>,
    group: GroupId,
    values: &[&str],
    kinds: &HashMap<&str, ResourceKind>,
) -> Result<i64, StoreError> {
    if values.is_empty() {
        return Ok(0);
    }
    tx.wait_for(values);
    let mut sql = Sql::new(
        tx.engine(),
        "INSERT INTO unresolved_members (tenant_id, value_key, group_id, value, created_at, member_kind, request_id) VALUES ",
    );
    for (n, value) in values.iter().enumerate() {
        let row: [Value; 7] = [
            tx.tenant().as_uuid().into(),
            scim::comparison::key(value).into(),
            group.as_uuid().into(),
            (*value).into(),
            tx.now().as_micros().into(),
            kinds.get(value).map(|kind| kind.as_str().to_owned()).into(),
            tx.request_id().map(str::to_owned).into(),
        ];
        sql.push(if n > 0 { ", " } else { "" }).list(row);
    }
    sql.push(" ON CONFLICT DO NOTHING");
    written(tx, sql).await
}

/// Writes rows; how many.
async fn written(tx: &Tx<'_>, sql: Sql) -> Result<i64, StoreError> {
    let rows = tx.connection().execute_raw(sql.statement()).await?.rows_affected();
    if rows > 0 {
        tx.touch();
    }
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Drops what waits for others than these, who keep waiting since they were named first; how many.
pub(super) async fn forget_others(tx: &Tx<'_>, group: GroupId, wanted: &[String]) -> Result<i64, StoreError> {
    let wanted: HashSet<String> = wanted.iter().map(|value| scim::comparison::key(value)).collect();
    let mut sql = Sql::new(tx.engine(), "SELECT value_key FROM unresolved_members WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND group_id = ").arg(group.as_uuid());
    let rows = tx.connection().query_all_raw(sql.statement()).await?;
    let mut gone: Vec<String> = rows.iter().map(|row| row.try_get("", "value_key")).collect::<Result<_, _>>()?;
    gone.retain(|key| !wanted.contains(key));
    let mut dropped = 0;
    for gone in gone.chunks(CHUNK) {
        dropped += forget(tx, group, gone.to_vec()).await?;
    }
    Ok(dropped)
}

/// Drops what waits for these, by the form they are compared in; how many.
pub(super) async fn forget(tx: &Tx<'_>, group: GroupId, keys: Vec<String>) -> Result<i64, StoreError> {
    let mut sql = Sql::new(tx.engine(), "DELETE FROM unresolved_members WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND group_id = ").arg(group.as_uuid()).push(" AND ");
    sql.texts_among("value_key", keys);
    written(tx, sql).await
}

/// Drops all that waits, of a group that is being deleted.
pub(super) async fn forget_all(tx: &Tx<'_>, group: GroupId) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.engine(), "DELETE FROM unresolved_members WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND group_id = ").arg(group.as_uuid());
    written(tx, sql).await?;
    Ok(())
}
