//! Groups of one tenant: reading, listing, and writing inside a unit of work. Members stand in `memberships`.

mod writer;

use domain::{Group, GroupId, ResourceKind, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

pub use writer::GroupWriter;

use crate::StoreError;
use crate::dialect::Engine;
use crate::filter_sql::Scope;
use crate::query::{Listing, Page};
use crate::sql::Sql;
use crate::users::{page, resource, select};
use crate::wall::Rows;

const COLUMNS: &str = "t.id, t.members, t.waiting, t.version, t.created_at, t.updated_at, t.resource";

/// Most groups that wait for somebody which are counted.
const MOST_WAITING: i64 = 10_000;

/// The groups that wait for members who are not here yet.
#[derive(Clone, Debug, Default)]
pub struct WaitingGroups {
    /// For how many members, each once a group.
    pub members: u64,
    /// How many groups, 10,000 at most; no more of them are counted.
    pub groups: u64,
    /// Those that wait for most.
    pub most: Vec<Group>,
}

/// The groups of one tenant.
pub struct Groups<'c> {
    tenant: TenantId,
    connection: Rows<'c>,
}

impl<'c> Groups<'c> {
    pub(crate) fn new(tenant: TenantId, connection: Rows<'c>) -> Self {
        Self { tenant, connection }
    }

    /// The group of this id, without its members.
    pub async fn find(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        self.find_with(id, "").await
    }

    /// The groups of these ids, in no order; unknown ids are left out. At most 1,000 ids.
    pub async fn find_many(&self, ids: &[Uuid]) -> Result<Vec<Group>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.select();
        sql.push(" AND ").ids_among("t.id", ids);
        self.all(sql).await
    }

    /// A part of the list of groups, in order of creation.
    ///
    /// # Errors
    /// [`StoreError::Unanswerable`] when the condition cannot be answered exactly.
    pub async fn list(&self, listing: &Listing) -> Result<Page<Group>, StoreError> {
        let scope = Scope { tenant: self.tenant, kind: ResourceKind::Group };
        page(&self.connection, scope, COLUMNS, listing, read, |group| group.id.as_uuid()).await
    }

    /// The groups that wait for somebody, with the first of those that wait for most.
    pub async fn waiting(&self, most: u32) -> Result<WaitingGroups, StoreError> {
        let mut sql = Sql::new(
            self.engine(),
            "SELECT COUNT(*) AS number, CAST(COALESCE(SUM(w.waiting), 0) AS bigint) AS members FROM \
             (SELECT t.waiting FROM \"groups\" AS t WHERE t.tenant_id = ",
        );
        // The number stands in the text: an index has only such rows.
        sql.arg(self.tenant.as_uuid()).push(" AND t.waiting > 0 LIMIT ").arg(MOST_WAITING).push(") AS w");
        let Some(row) = self.connection.query_one_raw(sql.statement()).await? else { return Ok(WaitingGroups::default()) };
        let number = |name: &str| row.try_get::<i64>("", name).map(|n| u64::try_from(n).unwrap_or_default());
        let (groups, members) = (number("number")?, number("members")?);
        if groups == 0 {
            return Ok(WaitingGroups::default());
        }
        let mut sql = self.select();
        sql.push(" AND t.waiting > 0 ORDER BY t.waiting DESC, t.id DESC LIMIT ").arg(i64::from(most));
        Ok(WaitingGroups { members, groups, most: self.all(sql).await? })
    }

    /// The groups of the ids after `last`, in the order of ids.
    pub(crate) async fn following(&self, last: Option<Uuid>, limit: u32) -> Result<Vec<Group>, StoreError> {
        let mut sql = self.select();
        if let Some(last) = last {
            sql.push(" AND t.id > ").arg(last);
        }
        sql.push(" ORDER BY t.id LIMIT ").arg(i64::from(limit));
        self.all(sql).await
    }

    pub(crate) async fn find_with(&self, id: GroupId, lock: &str) -> Result<Option<Group>, StoreError> {
        let mut sql = self.select();
        sql.push(" AND t.id = ").arg(id.as_uuid()).push(lock);
        self.connection.query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
    }

    fn select(&self) -> Sql {
        select(self.engine(), self.tenant, "groups", COLUMNS)
    }

    async fn all(&self, sql: Sql) -> Result<Vec<Group>, StoreError> {
        self.connection.query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }

    fn engine(&self) -> Engine {
        Engine::of(self.connection.get_database_backend())
    }
}

fn read(row: &QueryResult) -> Result<Group, StoreError> {
    let id: Uuid = row.try_get("", "id")?;
    let number = |name: &str| row.try_get::<i64>("", name).map(|n| u64::try_from(n).unwrap_or_default());
    Ok(Group {
        id: id.into(),
        resource: resource(row)?,
        members: number("members")?,
        waiting: number("waiting")?,
        version: number("version")?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        updated_at: Timestamp::from_micros(row.try_get("", "updated_at")?),
    })
}
