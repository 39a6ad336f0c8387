//! The schemas of a tenant's own: registering, finding, and the resource types made of them.
//!
//! A schema is validated and published from the moment it is registered. Every registration moves the tenant's revision,
//! and a unit of work that was resolved with another revision is refused at commit, so that from then on no row is written
//! by older rules. [`prepare`] then brings older rows into the new comparison form; until it has ended, filters on the
//! schema are refused.

mod fit;
mod prepare;

use std::sync::{Arc, LazyLock};

use domain::audit::{Deed, picture};
use domain::extension_schema::MOST;
use domain::{Act, Author, ExtensionSchema, ResourceKind, SchemaId, SchemaState, TenantId, Timestamp};
pub use fit::Fit;
pub use prepare::Preparing;
use scim::{ResourceSchema, Schema, Uniqueness};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use uuid::Uuid;

use crate::audit::Acted;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::TenantStore;
use crate::wall::Rows;
use crate::{StoreError, Unique};

const COLUMNS: &str = "s.id, s.resource_type, s.definition, s.state, s.misfits, s.created_at, s.updated_at";

/// What a tenant's resources are made of: the schemas of the standard with its own.
#[derive(Clone, Debug)]
pub struct TenantSchemas {
    /// Its people.
    pub users: Arc<ResourceSchema>,
    /// Its groups.
    pub groups: Arc<ResourceSchema>,
}

static STANDARD: LazyLock<TenantSchemas> =
    LazyLock::new(|| TenantSchemas { users: Arc::new(ResourceSchema::user()), groups: Arc::new(ResourceSchema::group()) });

impl TenantSchemas {
    /// The resource type of this kind.
    pub fn of(&self, kind: ResourceKind) -> &Arc<ResourceSchema> {
        match kind {
            ResourceKind::User => &self.users,
            ResourceKind::Group => &self.groups,
        }
    }

    fn made_of(extensions: Vec<ExtensionSchema>, revision: u64) -> Self {
        if revision == 0 {
            return STANDARD.clone();
        }
        let (mut users, mut groups) = (ResourceSchema::user(), ResourceSchema::group());
        for ExtensionSchema { kind, schema, state, .. } in extensions {
            let target = match kind {
                ResourceKind::User => &mut users,
                ResourceKind::Group => &mut groups,
            };
            let known = std::mem::replace(target, ResourceSchema::group());
            *target = match state {
                SchemaState::Active => known.with_extension(schema),
                SchemaState::Preparing => known.with_unready_extension(schema),
            };
        }
        Self { users: Arc::new(users.at_revision(revision)), groups: Arc::new(groups.at_revision(revision)) }
    }
}

/// The tenant's schemas as they are now.
pub(crate) async fn load(connection: &Rows<'_>, tenant: TenantId) -> Result<TenantSchemas, StoreError> {
    // One statement, so that schemas and revision belong together.
    let mut sql = Sql::new(engine(connection), &format!("SELECT c.schemas_revision, {COLUMNS} FROM tenant_counters AS c"));
    sql.push(" LEFT JOIN extension_schemas AS s ON s.tenant_id = c.tenant_id WHERE c.tenant_id = ").arg(tenant.as_uuid());
    sql.push(" ORDER BY s.id");
    let rows = connection.query_all_raw(sql.statement()).await?;
    let revision: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "schemas_revision"))?;
    let registered = |row: &&QueryResult| row.try_get::<Option<String>>("", "resource_type").is_ok_and(|kind| kind.is_some());
    let extensions = rows.iter().filter(registered).map(read).collect::<Result<_, _>>()?;
    Ok(TenantSchemas::made_of(extensions, u64::try_from(revision).unwrap_or_default()))
}

/// The schemas of one tenant's own.
pub struct Schemas<'s> {
    door: &'s TenantStore,
}

impl<'s> Schemas<'s> {
    pub(crate) fn new(door: &'s TenantStore) -> Self {
        Self { door }
    }

    /// All of them, oldest first.
    pub async fn list(&self) -> Result<Vec<ExtensionSchema>, StoreError> {
        let mut sql = select(&self.connection(), self.door.tenant);
        sql.push(" ORDER BY s.id");
        self.connection().query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }

    /// One of them.
    pub async fn find(&self, id: SchemaId) -> Result<Option<ExtensionSchema>, StoreError> {
        find(&self.connection(), self.door.tenant, id).await
    }

    /// The resource types made of them, as they are now.
    pub async fn resource_types(&self) -> Result<TenantSchemas, StoreError> {
        load(&self.connection(), self.door.tenant).await
    }

    /// Registers a new one. Values stored before are not in its comparison form yet: [`Self::prepare_some`].
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the URN is registered already, or the tenant has [`MOST`] of them.
    pub async fn insert(&self, extension: &ExtensionSchema, author: &Author) -> Result<(), StoreError> {
        let (tenant, extension) = (self.door.tenant, extension.clone());
        self.change(author, move |txn| {
            let extension = extension.clone();
            Box::pin(async move {
                let engine = engine(&txn.into());
                let mut sql = Sql::new(engine, "SELECT COUNT(*) AS registered FROM extension_schemas WHERE tenant_id = ");
                sql.arg(tenant.as_uuid());
                let row = txn.query_one_raw(sql.statement()).await?;
                let registered: i64 = row.map_or(Ok(0), |row| row.try_get("", "registered"))?;
                if usize::try_from(registered).is_ok_and(|registered| registered >= MOST) {
                    return Err(StoreError::Conflict(Unique::SchemaPlace));
                }
                let mut sql = Sql::new(
                    engine,
                    "INSERT INTO extension_schemas (tenant_id, id, urn_key, resource_type, definition, state, misfits, created_at, updated_at) VALUES ",
                );
                let row: [Value; 9] = [
                    tenant.as_uuid().into(),
                    extension.id.as_uuid().into(),
                    key(&extension.schema.id).into(),
                    extension.kind.as_str().into(),
                    definition(&extension.schema)?.into(),
                    SchemaState::Preparing.as_str().into(),
                    0_i64.into(),
                    extension.created_at.as_micros().into(),
                    extension.updated_at.as_micros().into(),
                ];
                sql.list(row).push(" ON CONFLICT (tenant_id, urn_key) DO NOTHING");
                match txn.execute_raw(sql.statement()).await?.rows_affected() {
                    0 => Err(StoreError::Conflict(Unique::SchemaUrn)),
                    _ => Ok(Some(deed(tenant, Act::SchemaRegistered, &extension, (None, Some(&extension))))),
                }
            })
        })
        .await?;
        Ok(())
    }

    /// Gives a registered one another definition of the same URN; `false` when there is none of this id.
    pub async fn replace(&self, id: SchemaId, schema: &Schema, at: Timestamp, author: &Author) -> Result<bool, StoreError> {
        let (tenant, schema) = (self.door.tenant, schema.clone());
        self.change(author, move |txn| {
            let schema = schema.clone();
            Box::pin(async move {
                let engine = engine(&txn.into());
                let Some(before) = find(&txn.into(), tenant, id).await? else { return Ok(None) };
                let mut sql = Sql::new(engine, "UPDATE extension_schemas SET definition = ");
                sql.arg(definition(&schema)?).push(", state = ").arg(SchemaState::Preparing.as_str());
                sql.push(", prepared_through = NULL, misfits = 0, updated_at = ").arg(at.as_micros());
                sql.push(" WHERE tenant_id = ").arg(tenant.as_uuid()).push(" AND id = ").arg(id.as_uuid());
                sql.push(" AND urn_key = ").arg(key(&schema.id));
                if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
                    return Ok(None);
                }
                let unique = schema.attributes.iter().filter(|attribute| attribute.uniqueness != Uniqueness::None);
                let unique: Vec<String> = unique.map(|attribute| key(&format!("{}:{}", schema.id, attribute.name))).collect();
                forget_unique(txn, tenant, &schema.id, &unique).await?;
                let after = ExtensionSchema { schema, ..before.clone() };
                Ok(Some(deed(tenant, Act::SchemaReplaced, &after, (Some(&before), Some(&after)))))
            })
        })
        .await
    }

    /// Takes one off the register; `false` when there is none of this id. Values stay as they are, as those of a schema
    /// that nobody registered.
    pub async fn remove(&self, id: SchemaId, author: &Author) -> Result<bool, StoreError> {
        let tenant = self.door.tenant;
        self.change(author, move |txn| {
            Box::pin(async move {
                let Some(before) = find(&txn.into(), tenant, id).await? else { return Ok(None) };
                let mut sql = Sql::new(engine(&txn.into()), "DELETE FROM extension_schemas WHERE tenant_id = ");
                sql.arg(tenant.as_uuid()).push(" AND id = ").arg(id.as_uuid());
                if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
                    return Ok(None);
                }
                forget_unique(txn, tenant, &before.schema.id, &[]).await?;
                Ok(Some(deed(tenant, Act::SchemaDropped, &before, (Some(&before), None))))
            })
        })
        .await
    }

    /// Runs a change of the register; where it changed anything, the tenant's revision moves with it and this node
    /// believes nothing older.
    ///
    /// The revision moves first: a writer by older rules has then either committed, and what it wrote is seen here, or is
    /// refused.
    async fn change<F>(&self, author: &Author, work: F) -> Result<bool, StoreError>
    where
        F: for<'a> Fn(&'a DatabaseTransaction) -> crate::system_unit::Step<'a, Option<Deed>> + Send + Sync + 'static,
    {
        let tenant = self.door.tenant;
        let changed = self
            .door
            .store
            .act(Some(tenant), author, move |txn| {
                let step = work(txn);
                Box::pin(async move {
                    move_revision(txn, tenant, 1).await?;
                    if let Some(deed) = step.await? {
                        return Ok(Acted::new(true, deed));
                    }
                    move_revision(txn, tenant, -1).await?;
                    Ok(Acted::nothing(false))
                })
            })
            .await?;
        self.door.store.forget_credentials().await;
        Ok(changed)
    }

    fn connection(&self) -> Rows<'_> {
        self.door.rows()
    }
}

fn select(connection: &Rows<'_>, tenant: TenantId) -> Sql {
    let mut sql = Sql::new(engine(connection), &format!("SELECT {COLUMNS} FROM extension_schemas AS s WHERE s.tenant_id = "));
    sql.arg(tenant.as_uuid());
    sql
}

async fn find(connection: &Rows<'_>, tenant: TenantId, id: SchemaId) -> Result<Option<ExtensionSchema>, StoreError> {
    let mut sql = select(connection, tenant);
    sql.push(" AND s.id = ").arg(id.as_uuid());
    connection.query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
}

type BeforeAndAfter<'e> = (Option<&'e ExtensionSchema>, Option<&'e ExtensionSchema>);

fn deed(tenant: TenantId, act: Act, subject: &ExtensionSchema, (before, after): BeforeAndAfter<'_>) -> Deed {
    let (before, after) = (before.map(picture::schema), after.map(picture::schema));
    Deed { tenant: Some(tenant), act, subject: subject.into(), before, after }
}

async fn move_revision(txn: &DatabaseTransaction, tenant: TenantId, by: i64) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine(&txn.into()), "UPDATE tenant_counters SET schemas_revision = schemas_revision + ");
    sql.arg(by).push(" WHERE tenant_id = ").arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Drops what is kept of the values of a schema's unique attributes, but for those of `kept`.
async fn forget_unique(txn: &DatabaseTransaction, tenant: TenantId, urn: &str, kept: &[String]) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine(&txn.into()), "DELETE FROM unique_values WHERE tenant_id = ");
    // `;` is what follows `:`, so these begin with the URN; those of another one that begins with it hold a further colon.
    sql.arg(tenant.as_uuid()).push(" AND attribute >= ").arg(key(&format!("{urn}:")));
    sql.push(" AND attribute < ").arg(key(&format!("{urn};")));
    let further = sql.engine.contains(&format!("substr(attribute, {})", urn.len() + 2), "':'");
    sql.push(&format!(" AND NOT ({further})"));
    if !kept.is_empty() {
        sql.push(" AND attribute NOT IN ").list(kept.iter().map(String::as_str));
    }
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// URNs compare without regard to case (RFC 8141 §3.1 for the parts that we look at, RFC 7643 §2.1 for names).
pub(crate) fn key(urn: &str) -> String {
    urn.to_ascii_lowercase()
}

fn engine(connection: &Rows<'_>) -> Engine {
    Engine::of(connection.get_database_backend())
}

fn definition(schema: &Schema) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(schema).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn read(row: &QueryResult) -> Result<ExtensionSchema, StoreError> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of an extension schema"));
    let (kind, state): (String, String) = (row.try_get("", "resource_type")?, row.try_get("", "state")?);
    let (definition, misfits): (serde_json::Value, i64) = (row.try_get("", "definition")?, row.try_get("", "misfits")?);
    let id: Uuid = row.try_get("", "id")?;
    Ok(ExtensionSchema {
        id: id.into(),
        kind: ResourceKind::parse(&kind).ok_or_else(|| corrupt("resource type"))?,
        schema: serde_json::from_value(definition).map_err(|_| corrupt("definition"))?,
        state: SchemaState::parse(&state).ok_or_else(|| corrupt("state"))?,
        misfits: u64::try_from(misfits).unwrap_or_default(),
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        updated_at: Timestamp::from_micros(row.try_get("", "updated_at")?),
    })
}
