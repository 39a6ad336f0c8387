//! Values of extension attributes that are unique in a tenant. The index decides, not a look before the write.

use std::collections::BTreeSet;

use domain::TenantId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::dialect::Engine;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::{StoreError, Unique};

/// Attributes with their values in comparison form.
pub(crate) type UniqueValues = BTreeSet<(String, String)>;

/// Makes a resource the holder of `new` instead of `old`.
///
/// # Errors
/// [`StoreError::Conflict`] when another resource holds one of them.
pub(crate) async fn replace(tx: &Tx<'_>, id: Uuid, old: &UniqueValues, new: &UniqueValues) -> Result<(), StoreError> {
    for (attribute, value) in old.difference(new) {
        let mut sql = Sql::new(tx.engine(), "DELETE FROM unique_values WHERE tenant_id = ");
        sql.arg(tx.tenant().as_uuid()).push(" AND attribute = ").arg(key(attribute));
        sql.push(" AND value_key = ").arg(held_as(value)).push(" AND resource_id = ").arg(id);
        tx.connection().execute_raw(sql.statement()).await?;
    }
    // All of them, also those that stay: a value stored before its attribute became unique may not be held yet.
    match take(tx.connection(), tx.tenant(), id, new).await? {
        None => Ok(()),
        Some((attribute, holder)) => Err(StoreError::Conflict(Unique::Value { attribute, holder: Some(holder) })),
    }
}

/// Drops all that a resource holds.
pub(crate) async fn clear(tx: &Tx<'_>, id: Uuid) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.engine(), "DELETE FROM unique_values WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND resource_id = ").arg(id);
    tx.connection().execute_raw(sql.statement()).await?;
    Ok(())
}

/// Takes values for a resource; gives the first that another one holds, and who.
pub(crate) async fn take(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: Uuid,
    values: &UniqueValues,
) -> Result<Option<(String, Uuid)>, StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    for (attribute, value) in values {
        let mut sql = Sql::new(engine, "INSERT INTO unique_values (tenant_id, attribute, value_key, resource_id) VALUES ");
        let row: [Value; 4] = [tenant.as_uuid().into(), key(attribute).into(), held_as(value).into(), id.into()];
        sql.list(row).push(" ON CONFLICT (tenant_id, attribute, value_key) DO NOTHING");
        if txn.execute_raw(sql.statement()).await?.rows_affected() > 0 {
            continue;
        }
        let mut sql = Sql::new(engine, "SELECT resource_id FROM unique_values WHERE tenant_id = ");
        sql.arg(tenant.as_uuid()).push(" AND attribute = ").arg(key(attribute));
        sql.push(" AND value_key = ").arg(held_as(value));
        // Gone since: the writer who held it has just let go, so the unit is run again.
        let row = txn.query_one_raw(sql.statement()).await?.ok_or(StoreError::Contended)?;
        let holder: Uuid = row.try_get("", "resource_id")?;
        if holder != id {
            return Ok(Some((attribute.clone(), holder)));
        }
    }
    Ok(None)
}

/// Longer text stands as its digest: no index takes a row of any length.
const LONGEST: usize = 512;

fn held_as(value: &str) -> String {
    if value.len() <= LONGEST {
        return value.to_owned();
    }
    let digest = Sha256::digest(value.as_bytes());
    digest.iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

fn key(attribute: &str) -> String {
    crate::schemas::key(attribute)
}
