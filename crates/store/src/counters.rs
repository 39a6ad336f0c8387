//! What a tenant has, counted as it changes, so that no list has to count it.

use std::ops::AddAssign;

use domain::TenantId;
use sea_orm::ConnectionTrait;

use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::wall::Rows;

/// What a tenant has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Number of the last change.
    pub seq: u64,
    /// People.
    pub users: u64,
    /// People who are active.
    pub active_users: u64,
    /// Groups.
    pub groups: u64,
}

/// By how much a write moves the counters.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Delta {
    pub(crate) users: i64,
    pub(crate) active_users: i64,
    pub(crate) groups: i64,
}

impl AddAssign for Delta {
    fn add_assign(&mut self, other: Self) {
        self.users += other.users;
        self.active_users += other.active_users;
        self.groups += other.groups;
    }
}

pub(crate) async fn find(connection: &Rows<'_>, tenant: TenantId) -> Result<Counters, StoreError> {
    let engine = Engine::of(connection.get_database_backend());
    let mut sql = Sql::new(engine, "SELECT seq, users, active_users, groups FROM tenant_counters WHERE tenant_id = ");
    sql.arg(tenant.as_uuid());
    let Some(row) = connection.query_one_raw(sql.statement()).await? else { return Ok(Counters::default()) };
    let number = |name: &str| row.try_get::<i64>("", name).map(|n| u64::try_from(n).unwrap_or_default());
    Ok(Counters {
        seq: number("seq")?,
        users: number("users")?,
        active_users: number("active_users")?,
        groups: number("groups")?,
    })
}
