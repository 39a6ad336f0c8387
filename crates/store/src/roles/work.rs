//! What is to be looked at and is no single person: one row, however many people it is about, with how far it is.

use domain::TenantId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use uuid::Uuid;

use crate::StoreError;
use crate::changes::{actor_columns, read_actor};
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::tx::{CausedBy, Tx};

/// Who is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All who are in a group, directly or through groups in it.
    Below(Uuid),
    /// All who were told to have a role.
    Holders,
    /// All people of the tenant.
    People,
}

impl Scope {
    const fn word(self) -> &'static str {
        match self {
            Self::Below(_) => "group",
            Self::Holders => "holders",
            Self::People => "people",
        }
    }

    const fn group(self) -> Uuid {
        match self {
            Self::Below(group) => group,
            Self::Holders | Self::People => Uuid::nil(),
        }
    }
}

/// A piece of work, and how far it is.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) number: i64,
    pub(super) scope: Scope,
    /// The group and the member that were looked at last; no group where people are walked over by themselves.
    pub(super) at: (Option<Uuid>, Option<Uuid>),
    pub(super) cause: CausedBy,
}

/// Lines work up, unless the same waits and was not begun. The head must be held.
pub(super) async fn add(txn: &DatabaseTransaction, tenant: TenantId, scope: Scope, cause: &CausedBy) -> Result<(), StoreError> {
    let (engine, of) = (Engine::of(txn.get_database_backend()), tenant.as_uuid());
    let mut sql = Sql::new(engine, "SELECT 1 AS waits FROM role_work WHERE tenant_id = ");
    sql.arg(of).push(" AND scope = ").arg(scope.word()).push(" AND group_id = ").arg(scope.group());
    sql.push(" AND at_group IS NULL AND at_member IS NULL LIMIT 1");
    if txn.query_one_raw(sql.statement()).await?.is_some() {
        return Ok(());
    }
    let mut sql = Sql::new(engine, "SELECT number FROM role_work WHERE tenant_id = ");
    sql.arg(of).push(" ORDER BY number DESC LIMIT 1");
    let row = txn.query_one_raw(sql.statement()).await?;
    let last: i64 = row.map_or(Ok(0), |row| row.try_get("", "number"))?;
    let (connection, credential, admin) = actor_columns(cause.actor);
    let mut sql = Sql::new(
        engine,
        "INSERT INTO role_work (tenant_id, number, scope, group_id, connection_id, credential_id, admin_id, request_id) VALUES ",
    );
    sql.list::<Value>([
        of.into(),
        (last + 1).into(),
        scope.word().into(),
        scope.group().into(),
        connection.into(),
        credential.into(),
        admin.into(),
        cause.request_id.clone().into(),
    ]);
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// The work that comes next.
pub(super) async fn first(tx: &Tx<'_>) -> Result<Option<Work>, StoreError> {
    let mut sql = Sql::new(
        tx.engine(),
        "SELECT number, scope, group_id, at_group, at_member, connection_id, credential_id, admin_id, request_id FROM role_work \
         WHERE tenant_id = ",
    );
    sql.arg(tx.tenant().as_uuid()).push(" ORDER BY number LIMIT 1");
    tx.connection().query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
}

/// Whether any waits.
pub(super) async fn waits(tx: &Tx<'_>) -> Result<bool, StoreError> {
    let mut sql = Sql::new(tx.engine(), "SELECT 1 AS waits FROM role_work WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" LIMIT 1");
    Ok(tx.connection().query_one_raw(sql.statement()).await?.is_some())
}

/// Says how far it is.
pub(super) async fn advance(tx: &Tx<'_>, number: i64, (group, member): (Option<Uuid>, Option<Uuid>)) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.engine(), "UPDATE role_work SET at_group = ");
    sql.arg(group).push(", at_member = ").arg(member);
    sql.push(" WHERE tenant_id = ").arg(tx.tenant().as_uuid()).push(" AND number = ").arg(number);
    tx.connection().execute_raw(sql.statement()).await?;
    Ok(())
}

/// It is done.
pub(super) async fn end(tx: &Tx<'_>, number: i64) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.engine(), "DELETE FROM role_work WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND number = ").arg(number);
    tx.connection().execute_raw(sql.statement()).await?;
    Ok(())
}

fn read(row: &QueryResult) -> Result<Work, StoreError> {
    let (word, group): (String, Uuid) = (row.try_get("", "scope")?, row.try_get("", "group_id")?);
    let known = [Scope::Below(group), Scope::Holders, Scope::People];
    let scope = known.into_iter().find(|scope| scope.word() == word);
    Ok(Work {
        number: row.try_get("", "number")?,
        scope: scope.ok_or_else(|| StoreError::Corrupt(format!("scope {word} of role work")))?,
        at: (row.try_get("", "at_group")?, row.try_get("", "at_member")?),
        cause: CausedBy { actor: read_actor(row)?, request_id: row.try_get("", "request_id")? },
    })
}
