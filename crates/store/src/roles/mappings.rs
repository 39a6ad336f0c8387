//! Which of a tenant's groups give which role.

use domain::app_role::MOST_MAPPINGS;
use domain::audit::{AuditActor, Deed, picture};
use domain::{Act, Actor, Author, GroupId, RoleKey, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use uuid::Uuid;

use super::definitions::{self, key_of};
use super::work::{self, Scope};
use super::{Previewed, head, preview};
use crate::audit::Acted;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::{System, TenantStore};
use crate::system_unit::Step;
use crate::tx::CausedBy;
use crate::{Groups, StoreError, Unique};

/// A group that gives a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedGroup {
    /// The group.
    pub group: GroupId,
    /// Its displayName; none once it was deleted. It gives nobody anything then.
    pub group_name: Option<String>,
    /// The role.
    pub role: RoleKey,
    /// When it was mapped.
    pub created_at: Timestamp,
    /// Who did it.
    pub created_by: String,
}

/// What became of a group that was to be mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// It gives the role now.
    Done,
    /// It gave it before.
    Before,
    /// There is no such group, or no such role.
    Unknown,
}

/// The mappings of one tenant.
pub struct RoleMappings<'s> {
    door: &'s TenantStore,
}

impl TenantStore {
    /// Which groups give which role.
    pub fn role_mappings(&self) -> RoleMappings<'_> {
        RoleMappings { door: self }
    }
}

impl RoleMappings<'_> {
    /// All of them, by role and group.
    pub async fn list(&self) -> Result<Vec<MappedGroup>, StoreError> {
        let rows = self.door.rows();
        let mut sql = Sql::new(
            rows.engine(),
            "SELECT r.group_id, r.role, r.created_at, r.created_by, g.resource FROM role_mappings AS r \
             LEFT JOIN \"groups\" AS g ON g.tenant_id = r.tenant_id AND g.id = r.group_id WHERE r.tenant_id = ",
        );
        sql.arg(self.door.tenant.as_uuid()).push(" ORDER BY r.role, r.group_id");
        rows.query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }

    /// Who would get or lose a role if a group were mapped to it, or no longer.
    pub async fn preview(&self, group: GroupId, role: &RoleKey, remove: bool) -> Result<Previewed, StoreError> {
        preview::of(self.door, group, role, remove).await
    }

    /// Lets a group give a role.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the tenant has [`MOST_MAPPINGS`] mappings.
    pub async fn map(&self, group: GroupId, role: &RoleKey, author: &Author) -> Result<Mapped, StoreError> {
        let (tenant, role, cause) = (self.door.tenant, role.clone(), cause(author));
        let (by, at) = (author.actor.name().to_owned(), self.door.store.inner().clock.now());
        let mapped = self.door.store.act(Some(tenant), author, move |txn| {
            let (role, cause, by) = (role.clone(), cause.clone(), by.clone());
            Box::pin(async move {
                let engine = Engine::of(txn.get_database_backend());
                let known = definitions::held(txn, &role, engine.for_key_share()).await?;
                let found = Groups::new(tenant, txn.into()).find_with(group, engine.for_key_share()).await?;
                let (Some(_), Some(found)) = (known, found) else { return Ok(Acted::nothing(Mapped::Unknown)) };
                let before = head::hold(txn, tenant).await?;
                let mut sql =
                    Sql::new(engine, "INSERT INTO role_mappings (tenant_id, group_id, role, created_at, created_by) VALUES ");
                sql.list::<Value>([
                    tenant.as_uuid().into(),
                    group.as_uuid().into(),
                    role.as_str().into(),
                    at.as_micros().into(),
                    by.into(),
                ]);
                sql.push(" ON CONFLICT DO NOTHING");
                if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
                    return Ok(Acted::nothing(Mapped::Before));
                }
                if before >= MOST_MAPPINGS {
                    return Err(StoreError::Conflict(Unique::MappingPlace));
                }
                head::count(txn, tenant, 1).await?;
                work::add(txn, tenant, Scope::Below(group.as_uuid()), &cause).await?;
                let after = picture::role_mapping(group, found.resource.display_name().unwrap_or_default(), &role);
                let act = Act::AppRoleMapped;
                let deed = Deed { tenant: Some(tenant), act, subject: (&role).into(), before: None, after: Some(after) };
                Ok(Acted::new(Mapped::Done, deed))
            })
        });
        let mapped = mapped.await?;
        self.door.store.inner().announcer.stir(&[tenant]);
        Ok(mapped)
    }

    /// Lets a group give a role no longer; `false` when it did not.
    pub async fn unmap(&self, group: GroupId, role: &RoleKey, author: &Author) -> Result<bool, StoreError> {
        let (tenant, role, cause) = (self.door.tenant, role.clone(), cause(author));
        let unmapped = self.door.store.act(Some(tenant), author, move |txn| {
            let (role, cause) = (role.clone(), cause.clone());
            Box::pin(async move {
                head::hold(txn, tenant).await?;
                if !delete(txn, tenant, group.as_uuid(), &role).await? {
                    return Ok(Acted::nothing(false));
                }
                head::count(txn, tenant, -1).await?;
                work::add(txn, tenant, Scope::Below(group.as_uuid()), &cause).await?;
                let found = Groups::new(tenant, txn.into()).find(group).await?;
                let name = found.as_ref().and_then(|found| found.resource.display_name()).unwrap_or_default();
                let before = picture::role_mapping(group, name, &role);
                let act = Act::AppRoleUnmapped;
                let deed = Deed { tenant: Some(tenant), act, subject: (&role).into(), before: Some(before), after: None };
                Ok(Acted::new(true, deed))
            })
        });
        let unmapped = unmapped.await?;
        self.door.store.inner().announcer.stir(&[tenant]);
        Ok(unmapped)
    }
}

/// Of a tenant (a placeholder) those whose group is not there and has no tombstone either.
fn forgotten(tenant: &str) -> String {
    format!(
        "FROM role_mappings WHERE tenant_id = {tenant} AND NOT EXISTS (SELECT 1 FROM \"groups\" AS g WHERE g.tenant_id = {tenant} \
         AND g.id = role_mappings.group_id) AND NOT EXISTS (SELECT 1 FROM tombstones AS d WHERE d.tenant_id = {tenant} \
         AND d.id = role_mappings.group_id)"
    )
}

impl System {
    /// Drops a tenant's mappings of groups of which nothing is kept any more; says how many it dropped.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn purge_role_mappings(&self, tenant: TenantId) -> Result<u64, StoreError> {
        let rows = self.store.rows_of(tenant);
        let mut sql = Sql::new(rows.engine(), "SELECT 1 AS forgotten ");
        let of = sql.bind(tenant.as_uuid());
        sql.push(&forgotten(&of)).push(" LIMIT 1");
        if rows.query_one_raw(sql.statement()).await?.is_none() {
            return Ok(0);
        }
        self.store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, u64> {
                Box::pin(async move {
                    head::hold(txn, tenant).await?;
                    let mut sql = Sql::new(Engine::of(txn.get_database_backend()), "DELETE ");
                    let of = sql.bind(tenant.as_uuid());
                    sql.push(&forgotten(&of));
                    let dropped = txn.execute_raw(sql.statement()).await?.rows_affected();
                    head::count(txn, tenant, -i64::try_from(dropped).unwrap_or_default()).await?;
                    Ok(dropped)
                })
            })
            .await
    }
}

async fn delete(txn: &DatabaseTransaction, tenant: TenantId, group: Uuid, role: &RoleKey) -> Result<bool, StoreError> {
    let mut sql = Sql::new(Engine::of(txn.get_database_backend()), "DELETE FROM role_mappings WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND group_id = ").arg(group).push(" AND role = ").arg(role.as_str());
    Ok(txn.execute_raw(sql.statement()).await?.rows_affected() > 0)
}

/// Who changes in the feed are told to come from. A key has no place there but its request.
fn cause(author: &Author) -> CausedBy {
    let actor = match &author.actor {
        AuditActor::Admin { id, .. } => Actor::Admin(*id),
        _ => Actor::System,
    };
    CausedBy { actor, request_id: author.request_id.clone() }
}

fn read(row: &QueryResult) -> Result<MappedGroup, StoreError> {
    let resource: Option<serde_json::Value> = row.try_get("", "resource")?;
    let name = |resource: serde_json::Value| Some(resource.get("displayName")?.as_str()?.to_owned());
    Ok(MappedGroup {
        group: row.try_get::<Uuid>("", "group_id")?.into(),
        group_name: resource.and_then(name),
        role: key_of(row)?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        created_by: row.try_get("", "created_by")?,
    })
}
