//! Who is in a group in the end: its own members, and those of the groups in it.

use std::collections::BTreeSet;

use domain::{GroupId, Member, ResourceKind, TenantId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::CHUNK;
use super::read::Members;
use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;

/// Most groups in a group, at whatever depth: of more it is not told who is in it in the end.
const GROUPS: usize = 1_000;
/// Groups of one statement; SQLite takes 500 parts in one at most.
const AT_ONCE: usize = 50;

impl Members<'_> {
    /// People who are in a group or in groups in it, each once, by id, after `last`; at most 1,000. `None` when more groups
    /// than can be looked at are in it.
    ///
    /// Of each of these groups no more members are read than are wanted, so the work is bounded by their number and not by
    /// their size.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn effective(&self, group: GroupId, last: Option<Uuid>, limit: u64) -> Result<Option<Vec<Member>>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(CHUNK).min(CHUNK);
        let Some(groups) = self.groups_below(group).await? else { return Ok(None) };
        let mut people: BTreeSet<Uuid> = BTreeSet::new();
        for groups in groups.chunks(AT_ONCE) {
            people.extend(self.people_of(groups, last, limit).await?);
            while people.len() > limit {
                people.pop_last();
            }
        }
        let people = people.into_iter().map(|id| (id, ResourceKind::User)).collect();
        Ok(Some(self.named(people).await?))
    }

    /// The group and all groups in it, each once.
    async fn groups_below(&self, group: GroupId) -> Result<Option<Vec<Uuid>>, StoreError> {
        let sql = groups_in(self.engine(), self.tenant, group);
        let rows = self.connection.query_all_raw(sql.statement()).await?;
        if rows.len() > GROUPS {
            return Ok(None);
        }
        let mut groups = BTreeSet::from([group.as_uuid()]);
        for row in &rows {
            groups.insert(row.try_get("", "group_id")?);
        }
        Ok(Some(groups.into_iter().collect()))
    }

    /// The first people of some groups, after `last`.
    async fn people_of(&self, groups: &[Uuid], last: Option<Uuid>, limit: usize) -> Result<Vec<Uuid>, StoreError> {
        let mut sql = Sql::new(self.engine(), "");
        let tenant = sql.bind(self.tenant.as_uuid());
        let after = last.map(|last| format!(" AND member_id > {}", sql.bind(last))).unwrap_or_default();
        let limit = sql.bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let mut parts = Vec::with_capacity(groups.len());
        for (place, group) in groups.iter().enumerate() {
            let group = sql.bind(*group);
            parts.push(format!(
                "SELECT member_id FROM (SELECT member_id FROM memberships WHERE tenant_id = {tenant} AND group_id = {group} \
                 AND member_kind = 'User'{after} ORDER BY member_id LIMIT {limit}) AS of_{place}"
            ));
        }
        sql.push(&format!("{} ORDER BY member_id LIMIT {limit}", parts.join(" UNION ")));
        let rows = self.connection.query_all_raw(sql.statement()).await?;
        rows.iter().map(|row| Ok(row.try_get("", "member_id")?)).collect()
    }
}

/// The groups in a group, one more than are looked at.
pub(crate) fn groups_in(engine: Engine, tenant: TenantId, group: GroupId) -> Sql {
    let mut sql = Sql::new(engine, "");
    let (tenant, top) = (sql.bind(tenant.as_uuid()), sql.bind(group.as_uuid()));
    // That a member is a group stands in the text, so that the index of just these rows is used: nobody's people are passed
    // over. SQLite, whose table is an index of all members itself, has to be told.
    let by = match engine {
        Engine::Sqlite => " INDEXED BY memberships_groups",
        Engine::Postgres => "",
    };
    // UNION ends at rings.
    sql.push(&format!(
        "WITH RECURSIVE down(group_id) AS (SELECT m.member_id FROM memberships AS m{by} WHERE m.tenant_id = {tenant} \
         AND m.group_id = {top} AND m.member_kind = 'Group' UNION SELECT m.member_id FROM down AS d CROSS JOIN memberships AS m{by} \
         WHERE m.group_id = d.group_id AND m.tenant_id = {tenant} AND m.member_kind = 'Group') \
         SELECT d.group_id FROM down AS d LIMIT "
    ));
    sql.arg(i64::try_from(GROUPS).unwrap_or(i64::MAX).saturating_add(1));
    sql
}
