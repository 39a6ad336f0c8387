//! Reading memberships: a group's members in chunks, and the groups of people, direct and indirect.

use std::collections::HashMap;

use domain::{GroupId, Member, ResourceKind, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::CHUNK;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::wall::Rows;
use crate::{Groups, StoreError, Users};

/// The memberships of one tenant.
pub struct Members<'c> {
    pub(super) tenant: TenantId,
    pub(super) connection: Rows<'c>,
}

/// A group somebody is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserGroup {
    /// The group.
    pub id: GroupId,
    /// Its displayName.
    pub display_name: String,
    /// The IdP's id of it.
    pub external_id: Option<String>,
    /// Whether they are a member themselves, and not only through another group.
    pub direct: bool,
}

/// Somebody whom the IdP named as a member of a group, and who is not here yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingMember {
    /// The reference, as sent.
    pub value: String,
    /// What the IdP calls it, when it said so.
    pub kind: Option<ResourceKind>,
    /// Since when it waits.
    pub since: Timestamp,
    /// The request that named it first, where it is known.
    pub request_id: Option<String>,
}

impl<'c> Members<'c> {
    pub(crate) fn new(tenant: TenantId, connection: Rows<'c>) -> Self {
        Self { tenant, connection }
    }

    /// Members of a group without their names, by id, after `last`; at most 1,000.
    pub async fn list_ids(
        &self,
        group: GroupId,
        last: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<(Uuid, ResourceKind)>, StoreError> {
        let mut sql = Sql::new(self.engine(), "SELECT member_id, member_kind FROM memberships WHERE tenant_id = ");
        sql.arg(self.tenant.as_uuid()).push(" AND group_id = ").arg(group.as_uuid());
        if let Some(last) = last {
            sql.push(" AND member_id > ").arg(last);
        }
        let limit = limit.min(CHUNK as u64);
        sql.push(" ORDER BY member_id LIMIT ").arg(i64::try_from(limit).unwrap_or(i64::MAX));
        self.connection.query_all_raw(sql.statement()).await?.iter().map(member).collect()
    }

    /// Members of a group with their names, by id, after `last`; at most 1,000.
    pub async fn list(&self, group: GroupId, last: Option<Uuid>, limit: u64) -> Result<Vec<Member>, StoreError> {
        let rows = self.list_ids(group, last, limit).await?;
        self.named(rows).await
    }

    /// The people among a group's members whose userName, displayName or family name starts with `prefix`; at most
    /// 1,000, by id, after `last`.
    pub async fn search(&self, group: GroupId, prefix: &str, last: Option<Uuid>, limit: u64) -> Result<Vec<Member>, StoreError> {
        let key = scim::comparison::key(prefix);
        let mut sql = Sql::new(
            self.engine(),
            "SELECT m.member_id, m.member_kind FROM memberships AS m JOIN users AS t ON t.tenant_id = m.tenant_id AND t.id = m.member_id WHERE m.tenant_id = ",
        );
        sql.arg(self.tenant.as_uuid()).push(" AND m.group_id = ").arg(group.as_uuid());
        let engine = self.engine();
        let wanted = sql.bind(key);
        let tests =
            ["t.user_name_key", "t.display_name_key", "t.family_name_key"].map(|column| engine.starts_with(column, &wanted));
        sql.push(&format!(" AND ({})", tests.join(" OR ")));
        if let Some(last) = last {
            sql.push(" AND m.member_id > ").arg(last);
        }
        sql.push(" ORDER BY m.member_id LIMIT ").arg(i64::try_from(limit.min(CHUNK as u64)).unwrap_or(i64::MAX));
        let rows = self.connection.query_all_raw(sql.statement()).await?;
        let rows: Vec<(Uuid, ResourceKind)> = rows.iter().map(member).collect::<Result<_, _>>()?;
        self.named(rows).await
    }

    /// The groups of each of these people or groups, direct and indirect, by name. At most 1,000 ids.
    pub async fn groups_of(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<UserGroup>>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        // Walks up from each person; UNION ends at rings, and where no group is in a group each step finds nothing.
        let mut sql = Sql::new(
            self.engine(),
            "WITH RECURSIVE up(person, group_id, direct) AS (SELECT m.member_id, m.group_id, 1 FROM memberships AS m WHERE m.tenant_id = ",
        );
        let tenant = sql.bind(self.tenant.as_uuid());
        sql.push(&tenant).push(" AND ").ids_among("m.member_id", ids);
        sql.push(&format!(
            " UNION SELECT u.person, m.group_id, 0 FROM up AS u JOIN memberships AS m ON m.member_id = u.group_id WHERE m.tenant_id = {tenant}) \
             SELECT u.person, u.group_id, MAX(u.direct) AS direct FROM up AS u GROUP BY u.person, u.group_id"
        ));
        let rows = self.connection.query_all_raw(sql.statement()).await?;
        let found: Vec<(Uuid, Uuid, i64)> = rows.iter().map(step).collect::<Result<_, _>>()?;
        self.with_names(found).await
    }

    /// How many groups each of these people is a direct member of. At most 1,000 ids.
    pub async fn count_direct(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, u64>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::new(self.engine(), "SELECT member_id, COUNT(*) AS count FROM memberships WHERE tenant_id = ");
        sql.arg(self.tenant.as_uuid()).push(" AND ").ids_among("member_id", ids).push(" GROUP BY member_id");
        let rows = self.connection.query_all_raw(sql.statement()).await?;
        rows.iter()
            .map(|row| Ok((row.try_get("", "member_id")?, u64::try_from(row.try_get::<i64>("", "count")?).unwrap_or_default())))
            .collect()
    }

    /// How many references of this group wait for somebody who is not here, counted one by one; the group's row has the number.
    pub async fn count_waiting(&self, group: GroupId) -> Result<u64, StoreError> {
        let mut sql = Sql::new(self.engine(), "SELECT COUNT(*) AS count FROM unresolved_members WHERE tenant_id = ");
        sql.arg(self.tenant.as_uuid()).push(" AND group_id = ").arg(group.as_uuid());
        let row = self.connection.query_one_raw(sql.statement()).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The references of this group that wait for somebody who is not here, in the order of their comparison form; those
    /// after the reference `last`, at most 1,000.
    pub async fn list_waiting(&self, group: GroupId, last: Option<&str>, limit: u64) -> Result<Vec<WaitingMember>, StoreError> {
        let mut sql = Sql::new(
            self.engine(),
            "SELECT value, member_kind, created_at, request_id FROM unresolved_members WHERE tenant_id = ",
        );
        sql.arg(self.tenant.as_uuid()).push(" AND group_id = ").arg(group.as_uuid());
        if let Some(last) = last {
            sql.push(" AND value_key > ").arg(scim::comparison::key(last));
        }
        let limit = limit.min(CHUNK as u64);
        sql.push(" ORDER BY value_key LIMIT ").arg(i64::try_from(limit).unwrap_or(i64::MAX));
        self.connection.query_all_raw(sql.statement()).await?.iter().map(waiting).collect()
    }

    async fn with_names(&self, found: Vec<(Uuid, Uuid, i64)>) -> Result<HashMap<Uuid, Vec<UserGroup>>, StoreError> {
        let mut groups: Vec<Uuid> = found.iter().map(|(_, group, _)| *group).collect();
        groups.sort_unstable();
        groups.dedup();
        let mut names = HashMap::new();
        for chunk in groups.chunks(CHUNK) {
            let found = Groups::new(self.tenant, self.executor()).find_many(chunk).await?;
            names.extend(found.into_iter().map(|group| {
                let name = group.resource.display_name().unwrap_or_default().to_owned();
                (group.id.as_uuid(), (name, group.resource.external_id().map(str::to_owned)))
            }));
        }
        let mut of: HashMap<Uuid, Vec<UserGroup>> = HashMap::new();
        for (person, group, direct) in found {
            // In a ring of groups a group would be a member of itself through the others.
            if let (Some((name, external_id)), true) = (names.get(&group), person != group) {
                of.entry(person).or_default().push(UserGroup {
                    id: group.into(),
                    display_name: name.clone(),
                    external_id: external_id.clone(),
                    direct: direct > 0,
                });
            }
        }
        for groups in of.values_mut() {
            groups.sort_by(|a, b| (!a.direct, &a.display_name, a.id).cmp(&(!b.direct, &b.display_name, b.id)));
        }
        Ok(of)
    }

    pub(super) async fn named(&self, rows: Vec<(Uuid, ResourceKind)>) -> Result<Vec<Member>, StoreError> {
        let of = |kind| rows.iter().filter(|(_, k)| *k == kind).map(|(id, _)| *id).collect::<Vec<_>>();
        let mut members: HashMap<Uuid, Member> = HashMap::with_capacity(rows.len());
        for user in Users::new(self.tenant, self.executor()).find_many(&of(ResourceKind::User)).await? {
            let (id, kind) = (user.id.as_uuid(), ResourceKind::User);
            let name = user.resource.best_name().unwrap_or_default();
            let user_name = user.resource.user_name().map(str::to_owned);
            members.insert(id, Member { id, kind, name, user_name, active: Some(user.active) });
        }
        for group in Groups::new(self.tenant, self.executor()).find_many(&of(ResourceKind::Group)).await? {
            let (id, kind) = (group.id.as_uuid(), ResourceKind::Group);
            let name = group.resource.best_name().unwrap_or_default();
            members.insert(id, Member { id, kind, name, user_name: None, active: None });
        }
        let nameless = |id, kind| Member { id, kind, name: String::new(), user_name: None, active: None };
        Ok(rows.into_iter().map(|(id, kind)| members.remove(&id).unwrap_or_else(|| nameless(id, kind))).collect())
    }

    fn executor(&self) -> Rows<'_> {
        match &self.connection {
            Rows::Within(txn) => Rows::Within(txn),
            Rows::Through(gate, door) => Rows::Through(gate, *door),
        }
    }

    pub(super) fn engine(&self) -> Engine {
        Engine::of(self.connection.get_database_backend())
    }
}

fn member(row: &QueryResult) -> Result<(Uuid, ResourceKind), StoreError> {
    let kind: String = row.try_get("", "member_kind")?;
    let kind = ResourceKind::parse(&kind).ok_or_else(|| StoreError::Corrupt(format!("member kind {kind}")))?;
    Ok((row.try_get("", "member_id")?, kind))
}

fn waiting(row: &QueryResult) -> Result<WaitingMember, StoreError> {
    let kind: Option<String> = row.try_get("", "member_kind")?;
    Ok(WaitingMember {
        value: row.try_get("", "value")?,
        kind: kind.as_deref().and_then(ResourceKind::parse),
        since: Timestamp::from_micros(row.try_get("", "created_at")?),
        request_id: row.try_get("", "request_id")?,
    })
}

fn step(row: &QueryResult) -> Result<(Uuid, Uuid, i64), StoreError> {
    let direct: i32 =
        row.try_get("", "direct").or_else(|_| row.try_get::<i64>("", "direct").map(|n| i32::try_from(n).unwrap_or(1)))?;
    Ok((row.try_get("", "person")?, row.try_get("", "group_id")?, i64::from(direct)))
}
