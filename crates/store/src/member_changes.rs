//! Changes from the side of those they are about: a person's own, and those of groups that moved the person.

use domain::{Change, TenantId};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::StoreError;
use crate::changes;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::TenantStore;

impl TenantStore {
    /// Changes of a resource and of groups that it came into, went out of or was in when they were deleted, newest first,
    /// `limit` at most and only those before the number `before`. Of a larger group's end a thousand members are told.
    /// Of other members of such a group nothing is told.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn story(&self, resource: Uuid, before: Option<u64>, limit: u64) -> Result<Vec<Change>, StoreError> {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let mut sql = Sql::new(self.store.inner().engine, "SELECT ");
        sql.push(changes::COLUMNS).push(" FROM changes WHERE tenant_id = ");
        let (tenant, subject) = (sql.bind(self.tenant.as_uuid()), sql.bind(resource));
        let (before, limit) = (sql.bind(before.map_or(i64::MAX, signed)), sql.bind(signed(limit)));
        sql.push(&tenant).push(" AND seq IN (");
        for (at, (table, column)) in [("changes", "resource_id"), ("member_changes", "member_id")].into_iter().enumerate() {
            sql.push(if at == 0 { "" } else { " UNION " });
            sql.push(&format!(
                "SELECT seq FROM (SELECT seq FROM {table} WHERE tenant_id = {tenant} AND {column} = {subject} \
                 AND seq < {before} ORDER BY seq DESC LIMIT {limit}) AS of_{table}"
            ));
        }
        sql.push(&format!(") ORDER BY seq DESC LIMIT {limit}"));
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter().map(|row| changes::read(row).map(|change| seen_by(resource, change))).collect()
    }
}

/// Without the other members.
fn seen_by(resource: Uuid, mut change: Change) -> Change {
    if change.change.resource_id != resource
        && let Some(details) = &mut change.change.details
    {
        details.members_added.retain(|member| member.id == resource);
        details.members_removed.retain(|member| member.id == resource);
    }
    change
}

/// Notes members of a group that the change of this number ended, a thousand at most; the change itself names none of them. All
/// that the tenant writes waits for it.
pub(crate) async fn note_left(txn: &DatabaseTransaction, tenant: TenantId, seq: u64, members: &[Uuid]) -> Result<(), StoreError> {
    let mut sql =
        Sql::new(Engine::of(txn.get_database_backend()), "INSERT INTO member_changes (tenant_id, seq, member_id) VALUES ");
    let (tenant, seq) = (sql.bind(tenant.as_uuid()), sql.bind(i64::try_from(seq).unwrap_or(i64::MAX)));
    for (n, member) in members.iter().enumerate() {
        let member = sql.bind(*member);
        sql.push(if n > 0 { ", " } else { "" }).push(&format!("({tenant}, {seq}, {member})"));
    }
    sql.push(" ON CONFLICT DO NOTHING");
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Notes the members that changes moved which have just been written: `count` of them from the number `first` on.
pub(crate) async fn note(txn: &DatabaseTransaction, tenant: TenantId, first: u64, count: u64) -> Result<(), StoreError> {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let engine = Engine::of(txn.get_database_backend());
    let mut sql = Sql::new(engine, "INSERT INTO member_changes (tenant_id, seq, member_id) ");
    let (tenant, from, to) = (sql.bind(tenant.as_uuid()), sql.bind(signed(first)), sql.bind(signed(first + count)));
    let lists = ["membersAdded", "membersRemoved"].map(|list| {
        let (id, each) = match engine {
            Engine::Sqlite => (
                "unhex(replace(json_extract(m.value, '$.id'), '-', ''))",
                format!("changes AS c, json_each(c.details, '$.{list}') AS m"),
            ),
            Engine::Postgres => (
                "CAST(m.value ->> 'id' AS uuid)",
                format!(
                    "changes AS c CROSS JOIN LATERAL jsonb_array_elements(COALESCE(c.details -> '{list}', '[]')) AS m(value)"
                ),
            ),
        };
        format!(
            "SELECT c.tenant_id, c.seq, {id} FROM {each} WHERE c.tenant_id = {tenant} AND c.seq >= {from} AND c.seq < {to} \
             AND c.details IS NOT NULL"
        )
    });
    sql.push(&lists.join(" UNION ALL ")).push(" ON CONFLICT DO NOTHING");
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}
