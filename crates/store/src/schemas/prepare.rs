//! Bringing values that were stored before a schema was registered into its comparison form, some at a time. Any node may
//! do it, more than one at once, and go on where another one ended.

use std::sync::Arc;

use domain::{ResourceKind, SchemaId, SchemaState, TenantId};
use scim::{ResourceSchema, comparison, misfit};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::fit::{Holder, held};
use super::{Schemas, engine};
use crate::StoreError;
use crate::sql::Sql;
use crate::store::System;
use crate::unique_values;

/// Resources of one step: few enough that others of the tenant hardly wait.
const STEP: i64 = 200;

/// How far the values of a schema are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preparing {
    /// There may be more.
    Goes,
    /// All are in comparison form, or the schema is not registered any more.
    Done,
}

/// A few resources in their new form, to be written together.
struct Step {
    id: SchemaId,
    schema: Arc<ResourceSchema>,
    kind: ResourceKind,
    /// The resource that the step before ended with.
    after: Option<Uuid>,
    holders: Vec<Holder>,
}

impl Schemas<'_> {
    /// Does some of the work for this schema.
    pub async fn prepare_some(&self, id: SchemaId) -> Result<Preparing, StoreError> {
        let Some(found) = self.find(id).await?.filter(|found| found.state == SchemaState::Preparing) else {
            return Ok(Preparing::Done);
        };
        let schema = Arc::clone(self.resource_types().await?.of(found.kind));
        let after = self.prepared_through(id).await?;
        let holders = self.holders(found.kind, &found.schema.id, after, STEP).await?;
        let done = holders.is_empty();
        let (tenant, step) = (self.door.tenant, Arc::new(Step { id, schema, kind: found.kind, after, holders }));
        let written = self.door.store.write_small(Some(tenant), move |txn| {
            let step = Arc::clone(&step);
            Box::pin(async move { step.write(txn, tenant).await })
        });
        match written.await {
            Ok(()) if done => {}
            // The register has moved on since: the next step works by what it says now.
            Ok(()) | Err(StoreError::Outdated) => return Ok(Preparing::Goes),
            Err(error) => return Err(error),
        }
        self.door.store.forget_credentials().await;
        Ok(Preparing::Done)
    }

    async fn prepared_through(&self, id: SchemaId) -> Result<Option<Uuid>, StoreError> {
        let connection = self.connection();
        let mut sql = Sql::new(engine(&connection), "SELECT prepared_through FROM extension_schemas WHERE tenant_id = ");
        sql.arg(self.door.tenant.as_uuid()).push(" AND id = ").arg(id.as_uuid());
        let row = connection.query_one_raw(sql.statement()).await?;
        Ok(row.map_or(Ok(None), |row| row.try_get("", "prepared_through"))?)
    }
}

impl Step {
    /// # Errors
    /// [`StoreError::Outdated`] when the register has moved on since, or the step was done already; nothing is written
    /// then.
    async fn write(&self, txn: &DatabaseTransaction, tenant: TenantId) -> Result<(), StoreError> {
        let engine = engine(&txn.into());
        let mut misfits = 0_i64;
        for holder in &self.holders {
            misfits += i64::from(!self.rewrite(txn, tenant, holder).await?);
        }
        // The counter row comes after the resources, as every commit takes it, and before the register, as changes of it do.
        let mut current = Sql::new(engine, "UPDATE tenant_counters SET schemas_revision = schemas_revision WHERE tenant_id = ");
        let revision = i64::try_from(self.schema.revision()).unwrap_or(i64::MAX);
        current.arg(tenant.as_uuid()).push(" AND schemas_revision = ").arg(revision);
        if txn.execute_raw(current.statement()).await?.rows_affected() == 0 {
            return Err(StoreError::Outdated);
        }
        let mut sql = Sql::new(engine, "UPDATE extension_schemas SET ");
        match self.holders.last() {
            Some(last) => sql.push("prepared_through = ").arg(last.id),
            None => sql.push("state = ").arg(SchemaState::Active.as_str()),
        };
        sql.push(", misfits = misfits + ").arg(misfits);
        sql.push(" WHERE tenant_id = ").arg(tenant.as_uuid()).push(" AND id = ").arg(self.id.as_uuid());
        // Another node may have done the same step meanwhile.
        match self.after {
            Some(after) => sql.push(" AND prepared_through = ").arg(after),
            None => sql.push(" AND prepared_through IS NULL"),
        };
        match txn.execute_raw(sql.statement()).await?.rows_affected() {
            0 => Err(StoreError::Outdated),
            _ => Ok(()),
        }
    }

    /// Says whether the values of the row fit. One whose version moved meanwhile may have moved for its members' sake
    /// alone, so it is read again, and held.
    async fn rewrite(&self, txn: &DatabaseTransaction, tenant: TenantId, holder: &Holder) -> Result<bool, StoreError> {
        if let Some(fits) = self.try_rewrite(txn, tenant, holder).await? {
            return Ok(fits);
        }
        match held(txn, tenant, self.kind, holder.id).await? {
            Some(holder) => Ok(self.try_rewrite(txn, tenant, &holder).await?.unwrap_or(true)),
            None => Ok(true),
        }
    }

    /// Nothing when the row is in another version.
    async fn try_rewrite(
        &self,
        txn: &DatabaseTransaction,
        tenant: TenantId,
        holder: &Holder,
    ) -> Result<Option<bool>, StoreError> {
        let mut tree = comparison::tree(holder.resource.as_map(), &self.schema);
        let unique = comparison::unique_values(&tree, &self.schema);
        if self.kind == ResourceKind::User {
            tree.insert("active".to_owned(), holder.active.into());
        }
        let update = match self.kind {
            ResourceKind::User => "UPDATE users SET comparison = ",
            ResourceKind::Group => "UPDATE \"groups\" SET comparison = ",
        };
        let mut sql = Sql::new(engine(&txn.into()), update);
        sql.arg(serde_json::Value::Object(tree)).push(" WHERE tenant_id = ").arg(tenant.as_uuid());
        sql.push(" AND id = ").arg(holder.id).push(" AND version = ").arg(holder.version);
        if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let taken = unique_values::hold(txn, tenant, holder.id, &unique).await?;
        Ok(Some(taken.is_empty() && misfit(&holder.resource, &self.schema).is_none()))
    }
}

impl System {
    /// The schemas of all tenants that are not ready, each with its tenant.
    pub async fn preparing_schemas(&self, limit: u64) -> Result<Vec<(TenantId, SchemaId)>, StoreError> {
        let connection = self.rows();
        let mut sql = Sql::new(engine(&connection), "SELECT tenant_id, id FROM extension_schemas WHERE state = 'preparing'");
        sql.push(" ORDER BY tenant_id, id LIMIT ").arg(i64::try_from(limit).unwrap_or(i64::MAX));
        let rows = connection.query_all_raw(sql.statement()).await?;
        let read = |row: &QueryResult| Ok((row.try_get::<Uuid>("", "tenant_id")?.into(), row.try_get::<Uuid>("", "id")?.into()));
        rows.iter().map(read).collect()
    }
}
