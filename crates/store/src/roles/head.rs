//! How far a tenant's feed was looked at for what it does to roles, and who looks.
//!
//! The row of a tenant is held by whoever maps a group or works, one after the other and never by who writes people or
//! groups. It is there while the tenant has mappings or something is left to be told.

use domain::TenantId;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::tx::Tx;

/// A tenant's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The change through which all was looked at.
    pub(super) seq: u64,
    /// How many of those whom the change after it names were looked at too.
    pub(super) part: u64,
    /// How many mappings the tenant has.
    pub(super) mappings: u64,
}

/// What came of asking for it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    /// It is held until the transaction ends.
    Held(Head),
    /// Somebody else holds it.
    Elsewhere,
    /// There is nothing to do in this tenant.
    Absent,
}

/// Holds the row unless somebody else does.
pub(super) async fn take(tx: &Tx<'_>) -> Result<Asked, StoreError> {
    let of = tx.tenant().as_uuid();
    let mut sql = Sql::new(tx.engine(), "SELECT seq, part, mappings FROM role_heads WHERE tenant_id = ");
    sql.arg(of);
    if tx.engine() == Engine::Postgres {
        sql.push(" FOR UPDATE SKIP LOCKED");
    }
    if let Some(row) = tx.connection().query_one_raw(sql.statement()).await? {
        let number = |name: &str| row.try_get::<i64>("", name).map(|n| u64::try_from(n).unwrap_or_default());
        return Ok(Asked::Held(Head { seq: number("seq")?, part: number("part")?, mappings: number("mappings")? }));
    }
    let mut sql = Sql::new(tx.engine(), "SELECT 1 AS known FROM role_heads WHERE tenant_id = ");
    sql.arg(of);
    let known = tx.connection().query_one_raw(sql.statement()).await?.is_some();
    Ok(if known { Asked::Elsewhere } else { Asked::Absent })
}

/// Holds the row and makes it where there is none; gives how many mappings the tenant has. A new row begins at the feed's
/// end: what was committed until now is seen by whoever looks at people, and what comes later has a higher number.
pub(super) async fn hold(txn: &DatabaseTransaction, tenant: TenantId) -> Result<u64, StoreError> {
    let mut sql = Sql::new(
        Engine::of(txn.get_database_backend()),
        "INSERT INTO role_heads (tenant_id, seq, part, mappings) SELECT c.tenant_id, c.seq, 0, 0 FROM tenant_counters AS c \
         WHERE c.tenant_id = ",
    );
    sql.arg(tenant.as_uuid());
    sql.push(" ON CONFLICT (tenant_id) DO UPDATE SET mappings = role_heads.mappings RETURNING mappings");
    let row = txn.query_one_raw(sql.statement()).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("the tenant has no counters".to_owned()))?;
    Ok(u64::try_from(row.try_get::<i64>("", "mappings")?).unwrap_or_default())
}

/// Counts a mapping more or less.
pub(super) async fn count(txn: &DatabaseTransaction, tenant: TenantId, by: i64) -> Result<(), StoreError> {
    let mut sql = Sql::new(Engine::of(txn.get_database_backend()), "UPDATE role_heads SET mappings = mappings + ");
    sql.arg(by).push(" WHERE tenant_id = ").arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Says how far the feed was looked at.
pub(super) async fn advance(tx: &Tx<'_>, seq: u64, part: u64) -> Result<(), StoreError> {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut sql = Sql::new(tx.engine(), "UPDATE role_heads SET seq = ");
    sql.arg(signed(seq)).push(", part = ").arg(signed(part));
    sql.push(" WHERE tenant_id = ").arg(tx.tenant().as_uuid());
    tx.connection().execute_raw(sql.statement()).await?;
    Ok(())
}

/// Ends the work in a tenant without mappings.
pub(super) async fn end(tx: &Tx<'_>) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.engine(), "DELETE FROM role_heads WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid());
    tx.connection().execute_raw(sql.statement()).await?;
    Ok(())
}
