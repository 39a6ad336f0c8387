//! All of a tenant's directory as it is at one moment, piece by piece.

mod drift;
mod missed;

use domain::{Group, ResourceKind, TenantId, User};
use sea_orm::{AccessMode, ConnectionTrait, DatabaseTransaction, IsolationLevel, TransactionOptions};
use uuid::Uuid;

use crate::changes;
use crate::counters::Counters;
use crate::dialect::Engine;
use crate::roles::told_between;
use crate::sql::Sql;
use crate::wall::{Door, Gate, Rows};
use crate::{Groups, StoreError, Users};

pub use drift::{Claim, Compared, Differing, Drift, Mirrored, Missing, Unknown};

/// Resources of one piece.
const RESOURCES: u32 = 200;
/// Memberships of one piece.
const MEMBERSHIPS: u32 = 1_000;

/// A tenant's people, groups and memberships at the moment of one change. It holds a connection that reads, and what it
/// sees, until it is dropped.
pub struct Snapshot {
    txn: DatabaseTransaction,
    tenant: TenantId,
    counters: Counters,
    stage: Stage,
}

/// Where the reading is.
#[derive(Clone, Copy, Debug)]
enum Stage {
    Users(Option<Uuid>),
    Groups(Option<Uuid>),
    Memberships(Option<(Uuid, Uuid)>),
    Done,
}

/// A part of a snapshot.
#[derive(Debug)]
pub enum Piece {
    /// People, in the order of their ids, each with the keys of the roles that changes up to this moment say they have.
    Users(Vec<(User, Vec<String>)>),
    /// Groups, in the order of their ids.
    Groups(Vec<Group>),
    /// Who is in which group: group, member and its kind, in the order of groups and members.
    Memberships(Vec<(Uuid, Uuid, ResourceKind)>),
}

impl Snapshot {
    pub(crate) async fn take(gate: &Gate, tenant: TenantId) -> Result<Self, StoreError> {
        let txn = moment(gate, tenant).await?;
        let counters = changes::head(&txn, tenant).await?;
        Ok(Self { txn, tenant, counters, stage: Stage::Users(None) })
    }

    /// What the tenant has at that moment. The feed goes on after its `seq`.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// The next part; `None` when all was given.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn next(&mut self) -> Result<Option<Piece>, StoreError> {
        loop {
            match self.stage {
                Stage::Users(last) => {
                    let users = Users::new(self.tenant, (&self.txn).into()).following(last, RESOURCES).await?;
                    self.stage = users.last().map_or(Stage::Groups(None), |user| Stage::Users(Some(user.id.as_uuid())));
                    if !users.is_empty() {
                        return Ok(Some(Piece::Users(self.with_roles(users).await?)));
                    }
                }
                Stage::Groups(last) => {
                    let groups = Groups::new(self.tenant, (&self.txn).into()).following(last, RESOURCES).await?;
                    self.stage = groups.last().map_or(Stage::Memberships(None), |group| Stage::Groups(Some(group.id.as_uuid())));
                    if !groups.is_empty() {
                        return Ok(Some(Piece::Groups(groups)));
                    }
                }
                Stage::Memberships(last) => {
                    let found = memberships(&(&self.txn).into(), self.tenant, last).await?;
                    self.stage =
                        found.last().map_or(Stage::Done, |(group, member, _)| Stage::Memberships(Some((*group, *member))));
                    if !found.is_empty() {
                        return Ok(Some(Piece::Memberships(found)));
                    }
                }
                Stage::Done => return Ok(None),
            }
        }
    }

    async fn with_roles(&self, users: Vec<User>) -> Result<Vec<(User, Vec<String>)>, StoreError> {
        let (Some(first), Some(last)) = (users.first(), users.last()) else { return Ok(Vec::new()) };
        let (first, last) = (first.id.as_uuid(), last.id.as_uuid());
        let mut roles = told_between(&(&self.txn).into(), self.tenant, first, last).await?;
        let of = |user: User| {
            let held = roles.remove(&user.id.as_uuid()).unwrap_or_default();
            (user, held.into_iter().collect())
        };
        Ok(users.into_iter().map(of).collect())
    }
}

/// A transaction that reads a tenant's rows as they are at one moment, that of its first statement.
pub(crate) async fn moment(gate: &Gate, tenant: TenantId) -> Result<DatabaseTransaction, StoreError> {
    // SQLite's transactions see one moment as they are.
    let options = match gate.engine() {
        Engine::Sqlite => TransactionOptions::default(),
        Engine::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
    };
    let txn = gate.begin(options).await?;
    if gate.walled() {
        txn.execute_unprepared(&Door::Tenant(tenant).opened()).await?;
    }
    Ok(txn)
}

async fn memberships(
    rows: &Rows<'_>,
    tenant: TenantId,
    last: Option<(Uuid, Uuid)>,
) -> Result<Vec<(Uuid, Uuid, ResourceKind)>, StoreError> {
    let mut sql = Sql::new(rows.engine(), "SELECT group_id, member_id, member_kind FROM memberships WHERE tenant_id = ");
    sql.arg(tenant.as_uuid());
    if let Some((group, member)) = last {
        sql.push(" AND (group_id, member_id) > (").arg(group).push(", ").arg(member).push(")");
    }
    sql.push(" ORDER BY group_id, member_id LIMIT ").arg(i64::from(MEMBERSHIPS));
    let found = rows.query_all_raw(sql.statement()).await?;
    let row = |row: &sea_orm::QueryResult| {
        let kind: String = row.try_get("", "member_kind")?;
        let kind = ResourceKind::parse(&kind).ok_or_else(|| StoreError::Corrupt(format!("member kind {kind}")))?;
        Ok((row.try_get("", "group_id")?, row.try_get("", "member_id")?, kind))
    };
    found.iter().map(row).collect()
}
