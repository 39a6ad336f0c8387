//! Which changes a mirror must have missed to differ as it does.

use std::collections::HashMap;

use domain::{ChangeKind, GroupId, TenantId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::wall::Rows;

/// How many of a member's last moves into groups and out of them are looked through for those of one group.
const MOVES: u32 = 50;

/// Which change of a resource is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The first that is kept.
    First,
    /// The last.
    Last,
    /// The last, when it is a deletion.
    Deletion,
}

/// One change of each of these resources: one step into the index of each, however long its story.
pub(super) async fn changes(
    rows: &Rows<'_>,
    tenant: TenantId,
    ids: &[Uuid],
    which: Which,
) -> Result<HashMap<Uuid, u64>, StoreError> {
    let order = if which == Which::First { "ASC" } else { "DESC" };
    let mut sql = Sql::new(rows.engine(), "SELECT w.id AS id");
    let tenant = sql.bind(tenant.as_uuid());
    for column in ["seq", "kind"] {
        sql.push(&format!(
            ", (SELECT c.{column} FROM changes AS c WHERE c.tenant_id = {tenant} AND c.resource_id = w.id \
             ORDER BY c.seq {order} LIMIT 1) AS {column}"
        ));
    }
    let deletion = |kind: Option<String>| {
        matches!(kind.as_deref().and_then(ChangeKind::parse), Some(ChangeKind::UserDeleted | ChangeKind::GroupDeleted))
    };
    let mut found = HashMap::new();
    for row in asked(rows, sql, ids).await? {
        let (seq, kind): (Option<i64>, Option<String>) = (row.try_get("", "seq")?, row.try_get("", "kind")?);
        if let (Some(seq), true) = (seq.and_then(|seq| u64::try_from(seq).ok()), which != Which::Deletion || deletion(kind)) {
            found.insert(row.try_get("", "id")?, seq);
        }
    }
    Ok(found)
}

/// The last change by which each of these came into a group or went out of it, when it is among its last moves.
pub(super) async fn moves(
    rows: &Rows<'_>,
    tenant: TenantId,
    group: GroupId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, u64>, StoreError> {
    let mut sql = Sql::new(rows.engine(), "SELECT w.id AS id");
    let (tenant, group) = (sql.bind(tenant.as_uuid()), sql.bind(group.as_uuid()));
    sql.push(&format!(
        ", (SELECT MAX(m.seq) FROM (SELECT seq FROM member_changes WHERE tenant_id = {tenant} AND member_id = w.id \
         ORDER BY seq DESC LIMIT {MOVES}) AS m JOIN changes AS c ON c.tenant_id = {tenant} AND c.seq = m.seq \
         WHERE c.resource_id = {group}) AS seq"
    ));
    let mut found = HashMap::new();
    for row in asked(rows, sql, ids).await? {
        let seq: Option<i64> = row.try_get("", "seq")?;
        if let Some(seq) = seq.and_then(|seq| u64::try_from(seq).ok()) {
            found.insert(row.try_get("", "id")?, seq);
        }
    }
    Ok(found)
}

/// The answers to a statement for each of these ids, which it calls `w.id`.
async fn asked(rows: &Rows<'_>, mut sql: Sql, ids: &[Uuid]) -> Result<Vec<sea_orm::QueryResult>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // All of them are one value, so that the statement is the same for however many.
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let ids = sql.bind(serde_json::Value::from(ids).to_string());
    let wanted = match sql.engine {
        Engine::Sqlite => format!("SELECT unhex(replace(value, '-', '')) AS id FROM json_each({ids})"),
        Engine::Postgres => {
            format!("SELECT CAST(e.id AS uuid) AS id FROM jsonb_array_elements_text(CAST({ids} AS jsonb)) AS e(id)")
        }
    };
    sql.push(&format!(" FROM ({wanted}) AS w"));
    Ok(rows.query_all_raw(sql.statement()).await?)
}
