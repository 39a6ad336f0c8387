//! Whether what a tenant has stored fits a definition that is about to be registered.

use std::collections::HashSet;

use domain::{ResourceKind, TenantId};
use scim::{Resource, ResourceSchema, comparison, misfit};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::{Schemas, key};
use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::users::{resource, select};

/// Resources read in one go.
const CHUNK: i64 = 500;
/// The most misfits that are told one by one.
const EXAMPLES: usize = 10;

/// How stored values fit a definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Resources that hold an object of the schema.
    pub holding: u64,
    /// Those of them whose values do not fit.
    pub misfits: u64,
    /// The first of these, each with what is wrong.
    pub examples: Vec<(Uuid, String)>,
}

/// A resource that holds an object of a schema.
pub(super) struct Holder {
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) resource: Resource,
    /// Of a person; a group counts as active.
    pub(super) active: bool,
}

impl Schemas<'_> {
    /// Tries the values that are stored under this URN on a resource type that has it. Reads all resources of the kind.
    pub async fn fit(&self, kind: ResourceKind, urn: &str, schema: &ResourceSchema) -> Result<Fit, StoreError> {
        let (mut fit, mut last, mut unique) = (Fit::default(), None, HashSet::new());
        loop {
            let holders = self.holders(kind, urn, last, CHUNK).await?;
            let Some(end) = holders.last() else { return Ok(fit) };
            last = Some(end.id);
            for Holder { id, resource, .. } in holders {
                fit.holding += 1;
                let wrong = misfit(&resource, schema).or_else(|| {
                    let tree = comparison::tree(resource.as_map(), schema);
                    let taken = comparison::unique_values(&tree, schema).into_iter().find(|value| !unique.insert(value.clone()));
                    taken.map(|(attribute, _)| format!("{attribute} has a value that another one has too"))
                });
                if let Some(why) = wrong {
                    fit.misfits += 1;
                    if fit.examples.len() < EXAMPLES {
                        fit.examples.push((id, why));
                    }
                }
            }
        }
    }

    /// The resources that hold an object under the URN, spelled in any case, in order of their ids.
    pub(super) async fn holders(
        &self,
        kind: ResourceKind,
        urn: &str,
        last: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Holder>, StoreError> {
        let connection = self.connection();
        let engine = super::engine(&connection);
        let mut sql = select_holders(engine, self.door.tenant, kind);
        sql.push(match engine {
            Engine::Sqlite => " AND EXISTS (SELECT 1 FROM json_each(t.resource) AS held WHERE lower(held.key) = ",
            Engine::Postgres => " AND EXISTS (SELECT 1 FROM jsonb_object_keys(t.resource) AS held(key) WHERE lower(held.key) = ",
        });
        sql.arg(key(urn)).push(")");
        if let Some(last) = last {
            sql.push(" AND t.id > ").arg(last);
        }
        sql.push(" ORDER BY t.id LIMIT ").arg(limit);
        connection.query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }
}

/// One resource as it is now, held until the transaction ends.
pub(super) async fn held(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    kind: ResourceKind,
    id: Uuid,
) -> Result<Option<Holder>, StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut sql = select_holders(engine, tenant, kind);
    sql.push(" AND t.id = ").arg(id).push(engine.for_update());
    txn.query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
}

fn select_holders(engine: Engine, tenant: TenantId, kind: ResourceKind) -> Sql {
    let (table, active) = match kind {
        ResourceKind::User => ("users", "t.active"),
        ResourceKind::Group => ("groups", engine.constant(true)),
    };
    select(engine, tenant, table, &format!("t.id, t.version, t.resource, {active} AS active"))
}

fn read(row: &QueryResult) -> Result<Holder, StoreError> {
    let (id, version, active) = (row.try_get("", "id")?, row.try_get("", "version")?, row.try_get("", "active")?);
    Ok(Holder { id, version, resource: resource(row)?, active })
}
