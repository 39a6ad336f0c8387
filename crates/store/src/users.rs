//! People of one tenant: reading, listing, and writing inside a unit of work.

mod writer;

use domain::{ResourceKind, TenantId, Timestamp, User, UserId};
use scim::Resource;
use sea_orm::{ConnectionTrait, DatabaseExecutor, QueryResult};
use uuid::Uuid;

pub(crate) use writer::bury;
pub use writer::{NewUser, UserWriter};

use crate::StoreError;
use crate::counters;
use crate::dialect::Engine;
use crate::filter_sql::{self, Scope};
use crate::query::{Listing, Page, Window};
use crate::sql::Sql;

const COLUMNS: &str = "t.id, t.version, t.created_at, t.updated_at, t.resource";

/// The people of one tenant.
pub struct Users<'c> {
    tenant: TenantId,
    connection: DatabaseExecutor<'c>,
}

impl<'c> Users<'c> {
    pub(crate) fn new(tenant: TenantId, connection: DatabaseExecutor<'c>) -> Self {
        Self { tenant, connection }
    }

    /// The person of this id.
    pub async fn find(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.find_with(id, "").await
    }

    /// The people of these ids, in no order; unknown ids are left out. At most 1,000 ids.
    pub async fn find_many(&self, ids: &[Uuid]) -> Result<Vec<User>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.select(COLUMNS);
        sql.push(" AND t.id IN ").list(ids.iter().copied());
        self.all(sql).await
    }

    /// A part of the list of people, in order of creation.
    ///
    /// # Errors
    /// [`StoreError::Unanswerable`] when the condition cannot be answered exactly.
    pub async fn list(&self, listing: &Listing) -> Result<Page<User>, StoreError> {
        let scope = Scope { tenant: self.tenant, kind: ResourceKind::User };
        let page = page_statement(self.engine(), scope, "users", COLUMNS, listing)?;
        let items = match page {
            Some(sql) => self.all(sql).await?,
            None => Vec::new(),
        };
        let total = total(&self.connection, scope, "users", listing, items.len()).await?;
        Ok(Page { items, total })
    }

    pub(crate) async fn find_with(&self, id: UserId, lock: &str) -> Result<Option<User>, StoreError> {
        let mut sql = self.select(COLUMNS);
        sql.push(" AND t.id = ").arg(id.as_uuid()).push(lock);
        self.connection.query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
    }

    fn select(&self, columns: &str) -> Sql {
        select(self.engine(), self.tenant, "users", columns)
    }

    async fn all(&self, sql: Sql) -> Result<Vec<User>, StoreError> {
        self.connection.query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }

    fn engine(&self) -> Engine {
        Engine::of(self.connection.get_database_backend())
    }
}

fn read(row: &QueryResult) -> Result<User, StoreError> {
    let (id, version): (Uuid, i64) = (row.try_get("", "id")?, row.try_get("", "version")?);
    Ok(User {
        id: id.into(),
        resource: resource(row)?,
        version: u64::try_from(version).unwrap_or_default(),
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        updated_at: Timestamp::from_micros(row.try_get("", "updated_at")?),
    })
}

/// The canonical document of a row.
pub(crate) fn resource(row: &QueryResult) -> Result<Resource, StoreError> {
    let document: serde_json::Value = row.try_get("", "resource")?;
    Resource::from_value(document).ok_or_else(|| StoreError::Corrupt("a stored resource is no object".to_owned()))
}

/// Every statement on a resource table starts here, with the tenant.
pub(crate) fn select(engine: Engine, tenant: TenantId, table: &str, columns: &str) -> Sql {
    let mut sql = Sql::new(engine, &format!("SELECT {columns} FROM \"{table}\" AS t WHERE t.tenant_id = "));
    sql.arg(tenant.as_uuid());
    sql
}

/// The statement for a page, or `None` for a page of nothing. An index page finds its keys first, so that the rows
/// passed over are not read.
pub(crate) fn page_statement(
    engine: Engine,
    scope: Scope,
    table: &str,
    columns: &str,
    listing: &Listing,
) -> Result<Option<Sql>, StoreError> {
    let (last, offset, count) = match listing.window {
        Window::Index { offset, count } => (None, offset, count),
        Window::After { last, count } => (last, 0, count),
    };
    if count == 0 {
        return Ok(None);
    }
    let mut sql = select(engine, scope.tenant, table, columns);
    let keys_first = offset > 0;
    if keys_first {
        sql.push(&format!(" AND t.id IN (SELECT t.id FROM \"{table}\" AS t WHERE t.tenant_id = ")).arg(scope.tenant.as_uuid());
    }
    if let Some(condition) = &listing.condition {
        let condition = filter_sql::compile(&mut sql, scope, condition).map_err(StoreError::Unanswerable)?;
        sql.push(" AND ").push(&condition);
    }
    if let Some(last) = last {
        sql.push(" AND t.id > ").arg(last);
    }
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    sql.push(" ORDER BY t.id LIMIT ").arg(count);
    if keys_first {
        sql.push(" OFFSET ").arg(i64::try_from(offset).unwrap_or(i64::MAX)).push(") ORDER BY t.id");
    }
    Ok(Some(sql))
}

/// The exact number of matches: from the counters without a filter, from the page itself when it shows the end.
pub(crate) async fn total(
    connection: &DatabaseExecutor<'_>,
    scope: Scope,
    table: &str,
    listing: &Listing,
    found: usize,
) -> Result<Option<u64>, StoreError> {
    if !listing.total {
        return Ok(None);
    }
    let Some(condition) = &listing.condition else {
        let counters = counters::find(connection, scope.tenant).await?;
        return Ok(Some(match scope.kind {
            ResourceKind::User => counters.users,
            ResourceKind::Group => counters.groups,
        }));
    };
    if let Window::Index { offset, count } = listing.window {
        let shows_the_end = (found as u64) < count && (found > 0 || offset == 0);
        if shows_the_end {
            return Ok(Some(offset + found as u64));
        }
    }
    let mut sql = select(Engine::of(connection.get_database_backend()), scope.tenant, table, "COUNT(*) AS total");
    let condition = filter_sql::compile(&mut sql, scope, condition).map_err(StoreError::Unanswerable)?;
    sql.push(" AND ").push(&condition);
    let row = connection.query_one_raw(sql.statement()).await?;
    let total: i64 = row.map_or(Ok(0), |row| row.try_get("", "total"))?;
    Ok(Some(u64::try_from(total).unwrap_or_default()))
}
