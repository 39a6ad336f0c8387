//! The feed as a consumer follows it: from a number on, for as long as it likes, with nothing missed and nothing twice.

use domain::{Change, ChangeKind, TenantId};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use super::past::{self, Past};
use super::{COLUMNS, read, signed};
use crate::StoreError;
use crate::counters;
use crate::news::Bell;
use crate::sql::Sql;
use crate::store::TenantStore;
use crate::wall::Rows;

/// Most numbers that one look goes through. A filter that lets few through then costs a look no more than this, and the
/// consumer learns how far it came.
pub(super) const SPAN: u64 = 5_000;

/// What a consumer wants of the feed.
#[derive(Clone, Debug, Default)]
pub struct FeedQuery {
    /// The number up to which it has everything; 0 at the very beginning.
    pub after: u64,
    /// Only changes of these kinds; of all without any.
    pub kinds: Vec<ChangeKind>,
    /// Only changes of this resource.
    pub resource: Option<Uuid>,
    /// How many changes at most.
    pub limit: u64,
}

/// A part of the feed.
#[derive(Debug)]
pub struct FeedPage {
    /// The changes, oldest first.
    pub changes: Vec<Change>,
    /// The number up to which all was looked at: what comes next is after it, whether anything was found or not.
    pub through: u64,
    /// The number of the tenant's last change.
    pub head: u64,
}

/// Why the feed cannot be followed from a number.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// What follows it is no longer kept.
    #[error("changes before {first} are no longer kept")]
    Behind {
        /// The first change that is kept.
        first: u64,
    },
    /// No change has that number yet: it comes from elsewhere, or from before the database was restored.
    #[error("the last change is {head}")]
    Ahead {
        /// The number of the tenant's last change.
        head: u64,
    },
    /// The database cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The feed of one tenant.
#[derive(Clone)]
pub struct Feed {
    store: TenantStore,
}

impl Feed {
    pub(crate) fn new(store: TenantStore) -> Self {
        Self { store }
    }

    /// What follows a number, as far as it is there.
    ///
    /// # Errors
    /// [`FeedError`].
    pub async fn page(&self, query: &FeedQuery) -> Result<FeedPage, FeedError> {
        page(&self.store.rows(), self.store.tenant, query).await
    }

    /// What precedes a number, newest first, and without one the last changes: at most `limit`, of these kinds, or of all
    /// without any, and of this resource. Under kinds there may be more although few were found, or none; then `next` says
    /// where to go on.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn past(
        &self,
        before: Option<u64>,
        kinds: &[ChangeKind],
        resource: Option<Uuid>,
        limit: u64,
    ) -> Result<Past, StoreError> {
        past::look(&self.store.rows(), self.store.tenant, before, kinds, resource, limit).await
    }

    /// The number of the first change that is kept; that of the next one when none is.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn first(&self) -> Result<u64, StoreError> {
        let (rows, tenant) = (self.store.rows(), self.store.tenant);
        match first(&rows, tenant).await? {
            Some(first) => Ok(first),
            None => Ok(counters::find(&rows, tenant).await?.seq + 1),
        }
    }

    /// Rings when the tenant has new changes, also by another node.
    pub fn bell(&self) -> Bell {
        self.store.store.inner().announcer.bell(self.store.tenant)
    }
}

async fn page(rows: &Rows<'_>, tenant: TenantId, query: &FeedQuery) -> Result<FeedPage, FeedError> {
    // Numbers are given and committed one tenant's after the other, so all up to this one can be seen.
    let head = counters::find(rows, tenant).await?.seq;
    let after = query.after;
    if after > head {
        return Err(FeedError::Ahead { head });
    }
    let mut through = head.min(after.saturating_add(SPAN));
    let changes = if through > after { list(rows, tenant, query, through).await? } else { Vec::new() };
    if let Some(last) = changes.last()
        && changes.len() as u64 >= query.limit
    {
        through = last.seq;
    }
    let all = query.kinds.is_empty() && query.resource.is_none();
    let follows = through == after || all && changes.len() as u64 == through - after;
    if !follows {
        // Asked after the list: what was removed meanwhile is not taken for nothing.
        let first = first(rows, tenant).await?.unwrap_or(head + 1);
        if after + 1 < first {
            return Err(FeedError::Behind { first });
        }
    }
    Ok(FeedPage { changes, through, head })
}

async fn list(rows: &Rows<'_>, tenant: TenantId, query: &FeedQuery, through: u64) -> Result<Vec<Change>, StoreError> {
    let mut sql = Sql::new(rows.engine(), "SELECT ");
    sql.push(COLUMNS).push(" FROM changes WHERE tenant_id = ").arg(tenant.as_uuid());
    sql.push(" AND seq > ").arg(signed(query.after)).push(" AND seq <= ").arg(signed(through));
    if let Some(resource) = query.resource {
        sql.push(" AND resource_id = ").arg(resource);
    }
    if !query.kinds.is_empty() {
        sql.push(" AND kind IN ").list(query.kinds.iter().map(|kind| kind.as_str()));
    }
    sql.push(" ORDER BY seq LIMIT ").arg(signed(query.limit));
    rows.query_all_raw(sql.statement()).await?.iter().map(read).collect()
}

/// The number of the first change that is kept.
pub(super) async fn first(rows: &Rows<'_>, tenant: TenantId) -> Result<Option<u64>, StoreError> {
    let mut sql = Sql::new(rows.engine(), "SELECT seq FROM changes WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" ORDER BY seq LIMIT 1");
    let Some(row) = rows.query_one_raw(sql.statement()).await? else { return Ok(None) };
    Ok(u64::try_from(row.try_get::<i64>("", "seq")?).ok())
}

/// The number of a tenant's last change inside a transaction that sees one moment.
pub(crate) async fn head(txn: &DatabaseTransaction, tenant: TenantId) -> Result<counters::Counters, StoreError> {
    counters::find(&txn.into(), tenant).await
}
