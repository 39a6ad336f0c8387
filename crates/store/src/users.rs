//! People of one tenant: reading, listing, and writing inside a unit of work.

mod walk;
mod writer;

use domain::{ResourceKind, TenantId, Timestamp, User, UserId};
use scim::{Resource, SortValue};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

pub use walk::{Place, Walk};
pub use writer::{NewUser, UserWriter};
pub(crate) use writer::{bury, extended};

use crate::StoreError;
use crate::counters;
use crate::dialect::Engine;
use crate::filter_sql::{self, Scope};
use crate::query::{Listing, Mark, Page, Window};
use crate::sql::Sql;
use crate::wall::Rows;

const COLUMNS: &str = "t.id, t.active, t.version, t.created_at, t.updated_at, t.resource";

/// The people of one tenant.
pub struct Users<'c> {
    tenant: TenantId,
    connection: Rows<'c>,
}

impl<'c> Users<'c> {
    pub(crate) fn new(tenant: TenantId, connection: Rows<'c>) -> Self {
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
        sql.push(" AND ").ids_among("t.id", ids);
        self.all(sql).await
    }

    /// A part of the list of people, in order of creation.
    ///
    /// # Errors
    /// [`StoreError::Unanswerable`] when the condition cannot be answered exactly.
    pub async fn list(&self, listing: &Listing) -> Result<Page<User>, StoreError> {
        let scope = Scope { tenant: self.tenant, kind: ResourceKind::User };
        page(&self.connection, scope, COLUMNS, listing, read, |user| user.id.as_uuid()).await
    }

    /// The people of the ids after `last`, in the order of ids.
    pub(crate) async fn following(&self, last: Option<Uuid>, limit: u32) -> Result<Vec<User>, StoreError> {
        let mut sql = self.select(COLUMNS);
        if let Some(last) = last {
            sql.push(" AND t.id > ").arg(last);
        }
        sql.push(" ORDER BY t.id LIMIT ").arg(i64::from(limit));
        self.all(sql).await
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
        active: row.try_get("", "active")?,
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

/// A part of a list of people or groups.
pub(crate) async fn page<T>(
    connection: &Rows<'_>,
    scope: Scope,
    columns: &str,
    listing: &Listing,
    read: impl Fn(&QueryResult) -> Result<T, StoreError>,
    id: impl Fn(&T) -> Uuid,
) -> Result<Page<T>, StoreError> {
    let engine = Engine::of(connection.get_database_backend());
    let mut rows = match page_statement(engine, scope, columns, listing)? {
        Some(sql) => connection.query_all_raw(sql.statement()).await?,
        None => Vec::new(),
    };
    let more = match listing.window {
        Window::After { count, .. } => rows.len() as u64 > count,
        Window::Index { .. } => false,
    };
    if more {
        rows.pop();
    }
    let items: Vec<T> = rows.iter().map(read).collect::<Result<_, _>>()?;
    let next = match (items.last(), rows.last()) {
        (Some(item), Some(row)) if more => Some(Mark { value: sort_value(row, listing)?, id: id(item) }),
        _ => None,
    };
    let total = total(connection, scope, listing, items.len()).await?;
    Ok(Page { items, total, next })
}

fn sort_value(row: &QueryResult, listing: &Listing) -> Result<Option<SortValue>, StoreError> {
    if listing.sort.is_none() {
        return Ok(None);
    }
    let (text, number): (Option<String>, Option<f64>) = (row.try_get("", "sort_text")?, row.try_get("", "sort_number")?);
    Ok(text.map(SortValue::Text).or(number.map(SortValue::Number)))
}

fn table(scope: Scope) -> &'static str {
    match scope.kind {
        ResourceKind::User => "users",
        ResourceKind::Group => "groups",
    }
}

/// The statement for a page, or `None` for a page of nothing. An index page finds its keys first, so that the rows
/// passed over are not read.
pub(crate) fn page_statement(engine: Engine, scope: Scope, columns: &str, listing: &Listing) -> Result<Option<Sql>, StoreError> {
    let (last, offset, count) = match &listing.window {
        Window::Index { offset, count } => (None, *offset, *count),
        Window::After { last, count } => (last.as_ref(), 0, *count),
    };
    if count == 0 {
        return Ok(None);
    }
    // A row too many says that another page follows.
    let count = if matches!(listing.window, Window::After { .. }) { count.saturating_add(1) } else { count };
    let table = table(scope);
    // Placeholders are numbered, so the order's own values may be bound before the text that uses them.
    let mut sql = Sql::new(engine, "");
    let order = listing.sort.as_ref().map(|sort| filter_sql::order::compile(&mut sql, scope, sort)).transpose();
    let order = order.map_err(StoreError::Unanswerable)?;
    let by = order.as_ref().map_or_else(|| "t.id".to_owned(), filter_sql::order::Order::clause);
    let sorted = match &order {
        None => String::new(),
        Some(order) if order.number => {
            format!(", CAST(NULL AS text) AS sort_text, CAST({} AS double precision) AS sort_number", order.expression)
        }
        Some(order) => format!(", {} AS sort_text, CAST(NULL AS double precision) AS sort_number", order.expression),
    };
    let of = sql.bind(scope.tenant.as_uuid());
    sql.push(&format!("SELECT {columns}{sorted} FROM \"{table}\" AS t WHERE t.tenant_id = {of}"));
    let keys_first = offset > 0;
    if keys_first {
        sql.push(&format!(" AND t.id IN (SELECT t.id FROM \"{table}\" AS t WHERE t.tenant_id = {of}"));
    }
    if let Some(condition) = &listing.condition {
        let condition = filter_sql::compile(&mut sql, scope, condition).map_err(StoreError::Unanswerable)?;
        sql.push(" AND ").push(&condition);
    }
    if let Some(last) = last {
        let after = match &order {
            Some(order) => order.after(&mut sql, last).map_err(StoreError::Unanswerable)?,
            None => format!("t.id > {}", sql.bind(last.id)),
        };
        sql.push(" AND ").push(&after);
    }
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    sql.push(&format!(" ORDER BY {by} LIMIT ")).arg(count);
    if keys_first {
        sql.push(" OFFSET ").arg(i64::try_from(offset).unwrap_or(i64::MAX)).push(&format!(") ORDER BY {by}"));
    }
    Ok(Some(sql))
}

/// The exact number of matches: from the counters without a filter, from the page itself when it shows the end.
async fn total(connection: &Rows<'_>, scope: Scope, listing: &Listing, found: usize) -> Result<Option<u64>, StoreError> {
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
    if let Window::Index { offset, count } = listing.window.clone() {
        let shows_the_end = (found as u64) < count && (found > 0 || offset == 0);
        if shows_the_end {
            return Ok(Some(offset + found as u64));
        }
    }
    let mut sql = select(Engine::of(connection.get_database_backend()), scope.tenant, table(scope), "COUNT(*) AS total");
    let condition = filter_sql::compile(&mut sql, scope, condition).map_err(StoreError::Unanswerable)?;
    sql.push(" AND ").push(&condition);
    let row = connection.query_one_raw(sql.statement()).await?;
    let total: i64 = row.map_or(Ok(0), |row| row.try_get("", "total"))?;
    Ok(Some(u64::try_from(total).unwrap_or_default()))
}
