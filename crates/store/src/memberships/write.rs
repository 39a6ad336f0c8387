//! Memberships inside a unit of work.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::change::MEMBERS_PER_CHANGE;
use domain::{GroupId, ResourceKind};
use scim::{Condition, MemberKind, MemberRef};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::waiting::{forget, forget_all, forget_others, note_waiting, wait_for};
use super::{CHUNK, MemberDiff, Members};
use crate::StoreError;
use crate::sql::Sql;
use crate::tx::Tx;

/// Adds members; those who are there already change nothing, unknown ones are kept as waiting references.
pub(crate) async fn add(tx: &Tx<'_>, group: GroupId, members: &[MemberRef], diff: &mut MemberDiff) -> Result<(), StoreError> {
    let mut waiting = 0;
    for members in members.chunks(CHUNK) {
        let values: Vec<&str> = members.iter().map(|member| member.value.as_str()).collect();
        let (known, unknown) = resolve(tx, &values).await?;
        insert(tx, group, &known, diff).await?;
        waiting += wait_for(tx, group, &unknown, &kinds(members)).await?;
    }
    note_waiting(tx, group, waiting, diff).await
}

/// Removes members by value; values that are nobody's are forgotten among the waiting ones too.
pub(crate) async fn remove(tx: &Tx<'_>, group: GroupId, values: &[String], diff: &mut MemberDiff) -> Result<(), StoreError> {
    let mut waiting = 0;
    for values in values.chunks(CHUNK) {
        let (mut ids, names): (Vec<Uuid>, Vec<&str>) = (values.iter().filter_map(|v| our_id(v)).collect(), names(values));
        if !names.is_empty() {
            ids.extend(resolve(tx, &names).await?.0.into_keys());
        }
        delete(tx, group, &ids, diff).await?;
        waiting -= forget(tx, group, values.iter().map(|value| scim::comparison::key(value)).collect()).await?;
    }
    note_waiting(tx, group, waiting, diff).await
}

/// Makes the members exactly these.
pub(crate) async fn replace(tx: &Tx<'_>, group: GroupId, members: &[MemberRef], diff: &mut MemberDiff) -> Result<(), StoreError> {
    let mut wanted = HashSet::new();
    let mut unknown = Vec::new();
    let mut known = BTreeMap::new();
    for members in members.chunks(CHUNK) {
        let values: Vec<&str> = members.iter().map(|member| member.value.as_str()).collect();
        let (found, missing) = resolve(tx, &values).await?;
        wanted.extend(found.keys().copied());
        known.extend(found);
        unknown.extend(missing.into_iter().map(str::to_owned));
    }
    let present = ids(tx, group).await?;
    let gone: Vec<Uuid> = present.iter().filter(|id| !wanted.contains(id)).copied().collect();
    for gone in gone.chunks(CHUNK) {
        delete(tx, group, gone, diff).await?;
    }
    let present: HashSet<Uuid> = present.into_iter().collect();
    let new: Vec<_> = known.into_iter().filter(|(id, _)| !present.contains(id)).collect();
    for new in new.chunks(CHUNK) {
        insert(tx, group, &new.iter().copied().collect(), diff).await?;
    }
    let mut waiting = -forget_others(tx, group, &unknown).await?;
    let kinds = kinds(members);
    for unknown in unknown.chunks(CHUNK) {
        let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
        waiting += wait_for(tx, group, &unknown, &kinds).await?;
    }
    note_waiting(tx, group, waiting, diff).await
}

/// Removes the members that match a condition on `value`, `type` and `display`; reads the group in chunks.
pub(crate) async fn remove_where(
    tx: &Tx<'_>,
    group: GroupId,
    condition: &Condition,
    diff: &mut MemberDiff,
) -> Result<(), StoreError> {
    let members = Members::new(tx.tenant(), tx.executor());
    let mut last = None;
    loop {
        let chunk = members.list(group, last, CHUNK as u64).await?;
        let Some(end) = chunk.last().map(|member| member.id) else { return Ok(()) };
        let hit = |member: &&domain::Member| {
            let mut tree = serde_json::Map::new();
            tree.insert("value".into(), member.id.to_string().into());
            tree.insert("type".into(), scim::comparison::key(member.kind.as_str()).into());
            tree.insert("display".into(), scim::comparison::key(&member.name).into());
            condition.matches(&tree)
        };
        let gone: Vec<Uuid> = chunk.iter().filter(hit).map(|member| member.id).collect();
        delete(tx, group, &gone, diff).await?;
        last = Some(end);
    }
}

/// Drops all memberships of a group that is being deleted; says whose they were, of the first thousand: more of them are told
/// of no change.
pub(crate) async fn clear(tx: &Tx<'_>, group: GroupId) -> Result<Vec<Uuid>, StoreError> {
    let mut sql = Sql::new(tx.engine(), "SELECT member_id FROM memberships WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND group_id = ").arg(group.as_uuid());
    sql.push(" ORDER BY member_id LIMIT ").arg(i64::try_from(MEMBERS_PER_CHANGE).unwrap_or(i64::MAX));
    let rows = tx.connection().query_all_raw(sql.statement()).await?;
    let members: Vec<Uuid> = rows.iter().map(|row| row.try_get("", "member_id")).collect::<Result<_, _>>()?;
    let mut sql = Sql::new(tx.engine(), "DELETE FROM memberships WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND group_id = ").arg(group.as_uuid());
    tx.connection().execute_raw(sql.statement()).await?;
    forget_all(tx, group).await?;
    Ok(members)
}

/// Takes a person or group that is being deleted out of all groups and moves those groups' versions; says which.
pub(crate) async fn leave_all(tx: &Tx<'_>, member: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let mut sql = Sql::new(tx.engine(), "DELETE FROM memberships WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND member_id = ").arg(member).push(" RETURNING group_id");
    let rows = tx.connection().query_all_raw(sql.statement()).await?;
    let mut groups: Vec<Uuid> = rows.iter().map(|row| row.try_get("", "group_id")).collect::<Result<_, _>>()?;
    groups.sort_unstable();
    for chunk in groups.chunks(CHUNK) {
        let mut sql = Sql::new(tx.engine(), "UPDATE \"groups\" SET members = members - 1, version = version + 1, updated_at = ");
        sql.arg(tx.now().as_micros()).push(" WHERE tenant_id = ").arg(tx.tenant().as_uuid());
        sql.push(" AND ").ids_among("id", chunk);
        tx.connection().execute_raw(sql.statement()).await?;
    }
    Ok(groups)
}

fn our_id(value: &str) -> Option<Uuid> {
    value.parse::<domain::UserId>().ok().map(domain::UserId::as_uuid)
}

fn names(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).filter(|value| our_id(value).is_none()).collect()
}

/// Which values are people or groups of this tenant, and which are nobody's. Our ids count first; other values are
/// taken for a userName or externalId.
async fn resolve<'v>(tx: &Tx<'_>, values: &[&'v str]) -> Result<(BTreeMap<Uuid, ResourceKind>, Vec<&'v str>), StoreError> {
    let ids: Vec<Uuid> = values.iter().filter_map(|value| our_id(value)).collect();
    let mut known = BTreeMap::new();
    if !ids.is_empty() {
        known.extend(existing(tx, "users", ResourceKind::User, &ids).await?);
        let rest: Vec<Uuid> = ids.into_iter().filter(|id| !known.contains_key(id)).collect();
        if !rest.is_empty() {
            known.extend(existing(tx, "groups", ResourceKind::Group, &rest).await?);
        }
    }
    let names: BTreeSet<&str> = values.iter().copied().filter(|value| our_id(value).is_none()).collect();
    let by_name = by_name(tx, &names).await?;
    let mut unknown = Vec::new();
    for value in values {
        match our_id(value) {
            Some(id) if known.contains_key(&id) => {}
            Some(_) => unknown.push(*value),
            None => match by_name.get(value) {
                Some(id) => drop(known.insert(*id, ResourceKind::User)),
                None => unknown.push(*value),
            },
        }
    }
    Ok((known, unknown))
}

async fn existing(tx: &Tx<'_>, table: &str, kind: ResourceKind, ids: &[Uuid]) -> Result<Vec<(Uuid, ResourceKind)>, StoreError> {
    let mut sql = crate::users::select(tx.engine(), tx.tenant(), table, "t.id");
    sql.push(" AND ").ids_among("t.id", ids).push(tx.engine().for_key_share());
    let rows = tx.connection().query_all_raw(sql.statement()).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, kind))).collect()
}

/// The people whom these values name: by userName, or else by externalId.
async fn by_name<'v>(tx: &Tx<'_>, values: &BTreeSet<&'v str>) -> Result<HashMap<&'v str, Uuid>, StoreError> {
    let mut found: HashMap<&str, Uuid> = HashMap::new();
    for column in ["user_name_key", "external_id"] {
        let wanted = |value: &str| if column == "external_id" { value.to_owned() } else { scim::comparison::key(value) };
        let left: Vec<&str> = values.iter().copied().filter(|value| !found.contains_key(value)).collect();
        if left.is_empty() {
            break;
        }
        let mut sql = crate::users::select(tx.engine(), tx.tenant(), "users", &format!("t.id, t.{column} AS name"));
        sql.push(" AND ").texts_among(&format!("t.{column}"), left.iter().map(|value| wanted(value)).collect());
        sql.push(" ORDER BY t.id").push(tx.engine().for_key_share());
        let mut holders: HashMap<String, Uuid> = HashMap::new();
        for row in tx.connection().query_all_raw(sql.statement()).await? {
            // An externalId may be several people's; the eldest is meant.
            holders.entry(row.try_get("", "name")?).or_insert(row.try_get("", "id")?);
        }
        found.extend(left.iter().filter_map(|value| Some((*value, *holders.get(&wanted(value))?))));
    }
    Ok(found)
}

async fn insert(
    tx: &Tx<'_>,
    group: GroupId,
    members: &BTreeMap<Uuid, ResourceKind>,
    diff: &mut MemberDiff,
) -> Result<(), StoreError> {
    if members.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(tx.engine(), "INSERT INTO memberships (tenant_id, group_id, member_id, member_kind) VALUES ");
    let (tenant, group) = (sql.bind(tx.tenant().as_uuid()), sql.bind(group.as_uuid()));
    for (n, (id, kind)) in members.iter().enumerate() {
        let (id, kind) = (sql.bind(*id), sql.bind(kind.as_str()));
        sql.push(if n > 0 { ", " } else { "" }).push(&format!("({tenant}, {group}, {id}, {kind})"));
    }
    sql.push(" ON CONFLICT DO NOTHING RETURNING member_id, member_kind");
    for (id, kind) in returned(tx, sql).await? {
        diff.came(id, kind);
    }
    Ok(())
}

async fn delete(tx: &Tx<'_>, group: GroupId, ids: &[Uuid], diff: &mut MemberDiff) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(tx.engine(), "DELETE FROM memberships WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND group_id = ").arg(group.as_uuid());
    sql.push(" AND ").ids_among("member_id", ids).push(" RETURNING member_id, member_kind");
    for (id, kind) in returned(tx, sql).await? {
        diff.went(id, kind);
    }
    Ok(())
}

async fn returned(tx: &Tx<'_>, sql: Sql) -> Result<Vec<(Uuid, ResourceKind)>, StoreError> {
    let rows = tx.connection().query_all_raw(sql.statement()).await?;
    if !rows.is_empty() {
        tx.touch();
    }
    rows.iter().map(member).collect()
}

fn member(row: &QueryResult) -> Result<(Uuid, ResourceKind), StoreError> {
    let kind: String = row.try_get("", "member_kind")?;
    let kind = ResourceKind::parse(&kind).ok_or_else(|| StoreError::Corrupt(format!("member kind {kind}")))?;
    Ok((row.try_get("", "member_id")?, kind))
}

async fn ids(tx: &Tx<'_>, group: GroupId) -> Result<Vec<Uuid>, StoreError> {
    let mut sql = Sql::new(tx.engine(), "SELECT member_id FROM memberships WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND group_id = ").arg(group.as_uuid());
    let rows = tx.connection().query_all_raw(sql.statement()).await?;
    rows.iter().map(|row| Ok(row.try_get("", "member_id")?)).collect()
}

/// What a client says its members are.
fn kinds(members: &[MemberRef]) -> HashMap<&str, ResourceKind> {
    let kind = |kind| match kind {
        MemberKind::User => ResourceKind::User,
        MemberKind::Group => ResourceKind::Group,
    };
    members.iter().filter_map(|member| Some((member.value.as_str(), kind(member.kind?)))).collect()
}
