//! Values of extension attributes that are unique in a tenant. The index decides, not a look before the write.

use std::collections::{BTreeMap, BTreeSet};

use domain::TenantId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::dialect::Engine;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::{StoreError, Unique};

/// Attributes with their values in comparison form.
pub(crate) type UniqueValues = BTreeSet<(String, String)>;

/// Makes a resource that held `old` the holder of `new`.
///
/// # Errors
/// [`StoreError::Conflict`] when another resource holds one of them. A value that the resource had before, when nobody
/// held it to be unique, may stay as it is.
pub(crate) async fn replace(tx: &Tx<'_>, id: Uuid, old: &UniqueValues, new: &UniqueValues) -> Result<(), StoreError> {
    if old.is_empty() && new.is_empty() {
        return Ok(());
    }
    let refused = hold(tx.connection(), tx.tenant(), id, new).await?;
    match refused.into_iter().find(|taken| !old.contains(&taken.0)) {
        None => Ok(()),
        Some(((attribute, _), holder)) => Err(StoreError::Conflict(Unique::Value { attribute, holder: Some(holder) })),
    }
}

/// Drops all that a resource holds.
pub(crate) async fn clear(tx: &Tx<'_>, id: Uuid) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.engine(), "DELETE FROM unique_values WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND resource_id = ").arg(id);
    tx.connection().execute_raw(sql.statement()).await?;
    Ok(())
}

/// A value, and the other resource that holds it.
pub(crate) type Taken = ((String, String), Uuid);

/// Makes a resource the holder of these values and of no others, as far as nobody else holds them; gives those that
/// others hold. Statements are of a fixed number for each [`CHUNK`] of values.
pub(crate) async fn hold(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: Uuid,
    values: &UniqueValues,
) -> Result<Vec<Taken>, StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut sql = Sql::new(engine, "SELECT attribute, value_key FROM unique_values WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND resource_id = ").arg(id);
    let rows = txn.query_all_raw(sql.statement()).await?;
    let held: BTreeSet<Key> = rows.iter().map(read_key).collect::<Result<_, _>>()?;
    let wanted: BTreeMap<Key, &(String, String)> = values.iter().map(|value| (key(value), value)).collect();
    let gone: Vec<&Key> = held.iter().filter(|held| !wanted.contains_key(*held)).collect();
    for gone in gone.chunks(CHUNK) {
        let mut sql = Sql::new(engine, "DELETE FROM unique_values WHERE tenant_id = ");
        sql.arg(tenant.as_uuid()).push(" AND resource_id = ").arg(id).push(" AND ");
        among(&mut sql, gone);
        txn.execute_raw(sql.statement()).await?;
    }
    let new: Vec<&Key> = wanted.keys().filter(|wanted| !held.contains(*wanted)).collect();
    let mut taken = Vec::new();
    for new in new.chunks(CHUNK) {
        for (key, holder) in take(txn, tenant, id, new).await? {
            taken.extend(wanted.get(&key).map(|value| ((*value).clone(), holder)));
        }
    }
    Ok(taken)
}

/// Takes values for a resource; gives those that another one holds, and who.
async fn take(txn: &DatabaseTransaction, tenant: TenantId, id: Uuid, new: &[&Key]) -> Result<Vec<(Key, Uuid)>, StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut sql = Sql::new(engine, "INSERT INTO unique_values (tenant_id, attribute, value_key, resource_id) VALUES ");
    for (n, (attribute, value)) in new.iter().enumerate() {
        let row: [Value; 4] = [tenant.as_uuid().into(), attribute.as_str().into(), value.as_str().into(), id.into()];
        sql.push(if n > 0 { ", " } else { "" }).list(row);
    }
    sql.push(" ON CONFLICT (tenant_id, attribute, value_key) DO NOTHING");
    if txn.execute_raw(sql.statement()).await?.rows_affected() == new.len() as u64 {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(engine, "SELECT attribute, value_key, resource_id FROM unique_values WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND ");
    among(&mut sql, new);
    let rows = txn.query_all_raw(sql.statement()).await?;
    if rows.len() < new.len() {
        // Gone since: the writer who held it has just let go, so the unit is run again.
        return Err(StoreError::Contended);
    }
    let holders: Vec<(Key, Uuid)> =
        rows.iter().map(|row| Ok((read_key(row)?, row.try_get("", "resource_id")?))).collect::<Result<_, DbErr>>()?;
    Ok(holders.into_iter().filter(|(_, holder)| *holder != id).collect())
}

/// Values of one statement.
const CHUNK: usize = 500;

/// An attribute and a value as they stand in the index.
type Key = (String, String);

fn among(sql: &mut Sql, keys: &[&Key]) {
    sql.push("(attribute, value_key) IN (VALUES ");
    for (n, (attribute, value)) in keys.iter().enumerate() {
        sql.push(if n > 0 { ", " } else { "" }).list([attribute.as_str(), value.as_str()]);
    }
    sql.push(")");
}

fn read_key(row: &QueryResult) -> Result<Key, DbErr> {
    Ok((row.try_get("", "attribute")?, row.try_get("", "value_key")?))
}

fn key((attribute, value): &(String, String)) -> Key {
    (crate::schemas::key(attribute), held_as(value))
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
