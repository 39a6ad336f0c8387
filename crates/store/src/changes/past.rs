//! The feed as a person looks at it: newest first, from a number down.

use domain::{Change, ChangeKind, TenantId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::feed::{SPAN, first};
use super::{COLUMNS, read, signed};
use crate::StoreError;
use crate::counters;
use crate::sql::Sql;
use crate::wall::Rows;

/// A part of the feed, newest first.
#[derive(Debug)]
pub struct Past {
    /// The changes, newest first.
    pub changes: Vec<Change>,
    /// The number from which it was looked down.
    pub through: u64,
    /// The number down to which all was looked at, where there is something before it; what is there may pass no filter.
    pub next: Option<u64>,
}

/// What precedes a number. Kinds are told apart among so many changes at a time as one look goes through.
pub(super) async fn look(
    rows: &Rows<'_>,
    tenant: TenantId,
    before: Option<u64>,
    kinds: &[ChangeKind],
    resource: Option<Uuid>,
    limit: u64,
) -> Result<Past, StoreError> {
    // All up to this number can be seen, and nothing is looked for beyond it.
    let head = counters::find(rows, tenant).await?.seq;
    let before = before.map_or(head + 1, |before| before.min(head + 1));
    let from = match resource {
        // Everything passes, and an index finds it.
        _ if kinds.is_empty() => None,
        Some(resource) => span_of(rows, tenant, resource, before).await?,
        None => before.checked_sub(SPAN),
    };
    let mut sql = Sql::new(rows.engine(), "SELECT ");
    sql.push(COLUMNS).push(" FROM changes WHERE tenant_id = ").arg(tenant.as_uuid());
    sql.push(" AND seq < ").arg(signed(before));
    if let Some(from) = from {
        sql.push(" AND seq >= ").arg(signed(from));
    }
    if let Some(resource) = resource {
        sql.push(" AND resource_id = ").arg(resource);
    }
    if !kinds.is_empty() {
        sql.push(" AND kind IN ").list(kinds.iter().map(|kind| kind.as_str()));
    }
    // One more than is wanted says that there are more.
    sql.push(" ORDER BY seq DESC LIMIT ").arg(signed(limit.saturating_add(1)));
    let mut changes: Vec<Change> = rows.query_all_raw(sql.statement()).await?.iter().map(read).collect::<Result<_, _>>()?;
    let more = changes.len() as u64 > limit;
    changes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = match from {
        _ if more => changes.last().map(|change| change.seq),
        // Numbers go on below the first change that is kept, and nothing is there.
        Some(from) if resource.is_none() => first(rows, tenant).await?.filter(|first| *first < from).and(Some(from)),
        from => from,
    };
    Ok(Past { changes, through: before.saturating_sub(1), next })
}

/// The number from which on a resource has so many changes before `before` as one look goes through; none where it has no more.
async fn span_of(rows: &Rows<'_>, tenant: TenantId, resource: Uuid, before: u64) -> Result<Option<u64>, StoreError> {
    let mut sql = Sql::new(rows.engine(), "SELECT seq FROM changes WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND resource_id = ").arg(resource).push(" AND seq < ").arg(signed(before));
    sql.push(" ORDER BY seq DESC LIMIT 1 OFFSET ").arg(signed(SPAN));
    let Some(row) = rows.query_one_raw(sql.statement()).await? else { return Ok(None) };
    Ok(u64::try_from(row.try_get::<i64>("", "seq")?).ok().map(|beyond| beyond + 1))
}
