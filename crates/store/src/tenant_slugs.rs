//! Which slug is whose: current ones, old ones that still open a SCIM door, and those held after they were let go. One
//! row a slug, so that the table's key alone decides who has it.

use domain::audit::{Deed, Subject, SubjectKind};
use domain::tenant::{MOST_OLD_SLUGS, OldSlug, SLUG_HELD_DAYS};
use domain::{Act, Author, Tenant, TenantId, TenantRef, TenantSlug, TenantState, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseExecutor, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use crate::audit::Acted;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;
use crate::wall::Rows;
use crate::{StoreError, Unique};

const CURRENT: &str = "current";
const OLD: &str = "old";
const HELD: &str = "held";

impl System {
    /// The old slugs of a tenant that still open its SCIM door, the newest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn old_slugs(&self, tenant: TenantId) -> Result<Vec<OldSlug>, StoreError> {
        list(&self.rows(), tenant).await
    }

    /// The tenant whose SCIM door an address leads to: by its id, its slug or an old slug. None is there of a tenant
    /// that is being deleted.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn tenant_at_door(&self, reference: &TenantRef) -> Result<Option<Tenant>, StoreError> {
        if let Some(tenant) = self.find_tenant(reference).await? {
            return Ok(Some(tenant).filter(|tenant| tenant.state != TenantState::Deleting));
        }
        let TenantRef::Slug(slug) = reference else { return Ok(None) };
        let mut sql = Sql::new(self.store.inner().engine, "SELECT tenant_id FROM tenant_slugs WHERE slug = ");
        sql.arg(slug.as_str()).push(" AND state = ").arg(OLD);
        let row = self.rows().query_one_raw(sql.statement()).await?;
        let tenant: Option<Uuid> = row.map_or(Ok(None), |row| row.try_get("", "tenant_id"))?;
        let Some(tenant) = tenant else { return Ok(None) };
        self.find_tenant(&TenantRef::Id(tenant.into())).await
    }

    /// Ends an old slug: it opens no door any more, and for 90 days nobody but this tenant can have it. `false` when it is
    /// no old slug of the tenant.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn drop_old_slug(&self, tenant: TenantId, slug: &TenantSlug, author: &Author) -> Result<bool, StoreError> {
        let (engine, now, slug) = (self.store.inner().engine, self.store.inner().clock.now(), slug.clone());
        let dropped = self
            .store
            .act(Some(tenant), author, move |txn| {
                let (txn, slug): (DatabaseExecutor<'_>, _) = (txn.into(), slug.clone());
                Box::pin(async move {
                    let mut sql = hold(engine, now);
                    sql.push(" WHERE slug = ").arg(slug.as_str()).push(" AND tenant_id = ").arg(tenant.as_uuid());
                    sql.push(" AND state = ").arg(OLD);
                    if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
                        return Ok(Acted::nothing(false));
                    }
                    let subject = Subject { kind: SubjectKind::Tenant, id: Some(tenant.as_uuid()), name: None };
                    let before = Some(json!({ "slug": slug.as_str() }));
                    Ok(Acted::new(true, Deed { tenant: Some(tenant), act: Act::OldSlugDropped, subject, before, after: None }))
                })
            })
            .await?;
        self.store.forget_credentials().await;
        Ok(dropped)
    }

    /// Lets slugs go that were held long enough; says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn release_held_slugs(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut sql = Sql::new(self.store.inner().engine, "DELETE FROM tenant_slugs WHERE held_until <= ");
        sql.arg(now.as_micros());
        self.execute(sql).await
    }

    async fn execute(&self, sql: Sql) -> Result<u64, StoreError> {
        let statement = sql.statement();
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, u64> {
                let (txn, statement): (DatabaseExecutor<'_>, _) = (txn.into(), statement.clone());
                Box::pin(async move { Ok(txn.execute_raw(statement).await?.rows_affected()) })
            })
            .await
    }
}

pub(crate) async fn list(connection: &Rows<'_>, tenant: TenantId) -> Result<Vec<OldSlug>, StoreError> {
    let engine = Engine::of(connection.get_database_backend());
    let mut sql = Sql::new(engine, "SELECT slug, since, last_used_at FROM tenant_slugs WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND state = ").arg(OLD).push(" ORDER BY since DESC, slug");
    let rows = connection.query_all_raw(sql.statement()).await?;
    let old = |row: &sea_orm::QueryResult| {
        let (slug, last): (String, Option<i64>) = (row.try_get("", "slug")?, row.try_get("", "last_used_at")?);
        Ok(OldSlug {
            slug: slug.parse().map_err(|_| StoreError::Corrupt(format!("an old slug of tenant {tenant}")))?,
            since: Timestamp::from_micros(row.try_get("", "since")?),
            last_used_at: last.map(Timestamp::from_micros),
        })
    };
    rows.iter().map(old).collect()
}

/// Gives a slug to a tenant: one that nobody has, that the tenant itself let go, or that was held long enough.
///
/// # Errors
/// [`StoreError::Conflict`] when it is another tenant's, or held.
pub(crate) async fn claim(
    txn: &DatabaseExecutor<'_>,
    tenant: TenantId,
    slug: &TenantSlug,
    now: Timestamp,
) -> Result<(), StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut sql = insert(engine, tenant, slug, CURRENT, now);
    sql.push(" WHERE tenant_slugs.held_until <= ").arg(now.as_micros()).push(" OR tenant_slugs.tenant_id = excluded.tenant_id");
    if txn.execute_raw(sql.statement()).await?.rows_affected() > 0 {
        return Ok(());
    }
    let mut sql = Sql::new(engine, "SELECT held_until FROM tenant_slugs WHERE slug = ");
    sql.arg(slug.as_str());
    let row = txn.query_one_raw(sql.statement()).await?;
    let until: Option<i64> = row.map_or(Ok(None), |row| row.try_get("", "held_until"))?;
    Err(StoreError::Conflict(match until {
        Some(until) => Unique::HeldSlug { until: Timestamp::from_micros(until) },
        None => Unique::Slug,
    }))
}

/// Moves a tenant to another slug; the one it had goes on opening its SCIM door. `false` when there is no such tenant.
///
/// # Errors
/// Those of [`claim`], and [`StoreError::Conflict`] when the tenant has had too many slugs of late.
pub(crate) async fn rename(
    txn: &DatabaseExecutor<'_>,
    tenant: TenantId,
    slug: &TenantSlug,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut held = Sql::new(engine, "SELECT slug FROM tenants WHERE id = ");
    held.arg(tenant.as_uuid()).push(" AND state <> ").arg(TenantState::Deleting.as_str()).push(engine.for_update());
    let Some(row) = txn.query_one_raw(held.statement()).await? else { return Ok(false) };
    let before: String = row.try_get("", "slug")?;
    if before == slug.as_str() {
        return Ok(true);
    }
    let mut others = Sql::new(engine, "SELECT COUNT(*) AS others FROM tenant_slugs WHERE tenant_id = ");
    others.arg(tenant.as_uuid()).push(" AND state <> ").arg(CURRENT).push(" AND slug <> ").arg(slug.as_str());
    others.push(" AND (held_until IS NULL OR held_until > ").arg(now.as_micros()).push(")");
    let row = txn.query_one_raw(others.statement()).await?;
    let others: i64 = row.map_or(Ok(0), |row| row.try_get("", "others"))?;
    if others >= i64::from(MOST_OLD_SLUGS) {
        return Err(StoreError::Conflict(Unique::SlugPlace));
    }
    claim(txn, tenant, slug, now).await?;
    let before = before.parse().map_err(|_| StoreError::Corrupt(format!("slug of tenant {tenant}")))?;
    txn.execute_raw(insert(engine, tenant, &before, OLD, now).statement()).await?;
    let mut sql = Sql::new(engine, "UPDATE tenants SET slug = ");
    sql.arg(slug.as_str()).push(" WHERE id = ").arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(true)
}

/// Holds all slugs of a tenant that is going, so that nobody inherits its addresses.
pub(crate) async fn hold_all(txn: &DatabaseExecutor<'_>, tenant: TenantId, now: Timestamp) -> Result<(), StoreError> {
    let mut sql = hold(Engine::of(txn.get_database_backend()), now);
    sql.push(" WHERE tenant_id = ").arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Parts the slugs of a tenant that is gone from it; they stay held.
pub(crate) async fn disown(txn: &DatabaseExecutor<'_>, tenant: TenantId) -> Result<(), StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut sql = Sql::new(engine, "UPDATE tenant_slugs SET tenant_id = NULL WHERE tenant_id = ");
    sql.arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Notes that a request came by an old slug.
pub(crate) async fn note_use(
    connection: &DatabaseExecutor<'_>,
    tenant: TenantId,
    slug: &TenantSlug,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(Engine::of(connection.get_database_backend()), "UPDATE tenant_slugs SET last_used_at = ");
    sql.arg(at.as_micros()).push(" WHERE slug = ").arg(slug.as_str());
    sql.push(" AND tenant_id = ").arg(tenant.as_uuid()).push(" AND state = ").arg(OLD);
    sql.push(" AND (last_used_at IS NULL OR last_used_at < ").arg(at.as_micros()).push(")");
    connection.execute_raw(sql.statement()).await?;
    Ok(())
}

/// An upsert that takes the row over whole; a condition for that may follow.
fn insert(engine: Engine, tenant: TenantId, slug: &TenantSlug, state: &str, now: Timestamp) -> Sql {
    let mut sql = Sql::new(engine, "INSERT INTO tenant_slugs (slug, tenant_id, state, since) VALUES (");
    sql.arg(slug.as_str()).push(", ").arg(tenant.as_uuid()).push(", ").arg(state).push(", ").arg(now.as_micros());
    sql.push(") ON CONFLICT (slug) DO UPDATE SET tenant_id = excluded.tenant_id, state = excluded.state, ");
    sql.push("since = excluded.since, held_until = NULL, last_used_at = NULL");
    sql
}

/// Lets slugs go into the time in which nobody else gets them; which ones, follows.
fn hold(engine: Engine, now: Timestamp) -> Sql {
    let mut sql = Sql::new(engine, "UPDATE tenant_slugs SET state = ");
    sql.arg(HELD).push(", since = ").arg(now.as_micros());
    sql.push(", held_until = ").arg(now.plus_days(SLUG_HELD_DAYS).as_micros());
    sql
}
