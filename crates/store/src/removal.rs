//! Deleting a tenant: it is closed in one commit, then its rows go a bounded number at a time, and its own row last. What
//! is left says how far it is, so any node goes on where another one ended.

use domain::audit::Deed;
use domain::{Act, Author, Tenant, TenantId, TenantSlug, TenantState, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::StoreError;
use crate::audit::Acted;
use crate::dialect::Engine;
use crate::entity::tenant;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;
use crate::{standings, tenant_slugs, tenants};

/// For how long after its closing a tenant's row stays, in seconds: until the last request that began before it has
/// ended and its event is on disk, on every node.
const GRACE: i64 = 120;

/// Every table of a tenant's rows with what tells them apart; the counters and its standing go with the tenant's own row.
const TABLES: [(&str, &str); 31] = [
    ("oauth_secrets", "credential_id, id"),
    ("oauth_clients", "credential_id"),
    ("credentials", "id"),
    ("setup_links", "id"),
    ("connections", "id"),
    ("extension_schemas", "id"),
    ("unresolved_members", "value_key, group_id"),
    ("memberships", "group_id, member_id"),
    ("user_emails", "value_key, user_id"),
    ("unique_values", "attribute, value_key"),
    ("users", "id"),
    ("\"groups\"", "id"),
    ("tombstones", "id"),
    ("acknowledgement_readers", "reader_id"),
    ("acknowledgements", "reader_id, seq"),
    ("acknowledgement_hours", "hour_at, bucket"),
    ("role_mappings", "group_id, role"),
    ("role_work", "number"),
    ("role_heads", "tenant_id"),
    ("user_roles", "user_id, role"),
    ("role_counts", "role"),
    ("member_changes", "seq, member_id"),
    ("changes", "seq"),
    ("admin_roles", "admin_id"),
    ("invitations", "id"),
    ("api_keys", "id"),
    ("notices", "subject_id, kind"),
    ("webhooks", "id"),
    ("webhook_deliveries", "webhook_id, id"),
    ("audit_entries", "seq"),
    ("audit_heads", "tenant_id"),
];

/// One walk over the tables of a tenant that is being deleted.
#[derive(Debug)]
pub struct Removal {
    tenant: TenantId,
    table: usize,
    removed: u64,
    /// Whether the walk began when nothing could be added any more.
    ripe: bool,
}

impl Removal {
    /// How many rows it removed so far.
    pub fn removed(&self) -> u64 {
        self.removed
    }
}

impl System {
    /// Closes a tenant for good if it still has this slug: from here on its doors are shut and its slugs held. `false` when
    /// there is no such tenant, or it is being deleted already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_removal(&self, tenant: TenantId, slug: &TenantSlug, author: &Author) -> Result<bool, StoreError> {
        use tenant::Column as C;
        let (engine, now, slug) = (self.store.inner().engine, self.store.inner().clock.now(), slug.clone());
        let closed = self
            .store
            .act(None, author, move |txn| {
                let (txn, slug): (DatabaseExecutor<'_>, _) = (txn.into(), slug.clone());
                Box::pin(async move {
                    let locked = tenant::Entity::find_by_id(tenant.as_uuid()).lock_exclusive();
                    let locked = locked.filter(C::Slug.eq(slug.as_str())).filter(C::State.ne(TenantState::Deleting.as_str()));
                    let Some(before) = locked.one(&txn).await? else { return Ok(Acted::nothing(false)) };
                    let before = Tenant::try_from(before)?;
                    let mut sql = Sql::new(engine, "UPDATE tenants SET state = ");
                    sql.arg(TenantState::Deleting.as_str()).push(", deleting_since = ").arg(now.as_micros());
                    sql.push(" WHERE id = ").arg(tenant.as_uuid());
                    txn.execute_raw(sql.statement()).await?;
                    tenant_slugs::hold_all(&txn, tenant, now).await?;
                    standings::end(&txn, engine, tenant).await?;
                    txn.execute_raw(end_sessions(engine, tenant).statement()).await?;
                    // In the service's own chain: the tenant's goes with it.
                    let after = Tenant { state: TenantState::Deleting, ..before.clone() };
                    let deed = Deed { tenant: None, ..tenants::deed(Act::TenantDeleted, Some(&before), &after) };
                    Ok(Acted::new(true, deed))
                })
            })
            .await?;
        self.store.forget_credentials().await;
        Ok(closed)
    }

    /// Tenants that are being deleted, oldest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn closed_tenants(&self, most: u32) -> Result<Vec<TenantId>, StoreError> {
        // The state stands in the text, so that the index of just these rows is used.
        let mut sql = Sql::new(self.store.inner().engine, "SELECT id FROM tenants WHERE state = 'deleting' ORDER BY id LIMIT ");
        sql.arg(i64::from(most));
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter().map(|row| Ok(row.try_get::<Uuid>("", "id")?.into())).collect()
    }

    /// Begins a walk over the tables of a tenant that is being deleted; `None` when it is not.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn removal(&self, tenant: TenantId, now: Timestamp) -> Result<Option<Removal>, StoreError> {
        let mut sql =
            Sql::new(self.store.inner().engine, "SELECT deleting_since FROM tenants WHERE state = 'deleting' AND id = ");
        sql.arg(tenant.as_uuid());
        let Some(row) = self.rows().query_one_raw(sql.statement()).await? else { return Ok(None) };
        let since = Timestamp::from_micros(row.try_get::<Option<i64>>("", "deleting_since")?.unwrap_or_default());
        Ok(Some(Removal { tenant, table: 0, removed: 0, ripe: since.plus_seconds(GRACE) <= now }))
    }

    /// Removes at most `most` rows; `false` when the walk is at its end.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn remove_some(&self, removal: &mut Removal, most: u32) -> Result<bool, StoreError> {
        let some = match TABLES.get(removal.table) {
            Some((table, key)) => self.remove_rows(removal.tenant, table, key, most).await?,
            None => self.remove_events(removal.tenant, most).await?,
        };
        removal.removed += some;
        if some < u64::from(most) {
            removal.table += 1;
        }
        Ok(removal.table <= TABLES.len())
    }

    /// Ends the deletion when the walk found nothing, and nothing can have been added since. Says whether it did.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn finish_removal(&self, removal: &Removal) -> Result<bool, StoreError> {
        let (engine, tenant) = (self.store.inner().engine, removal.tenant);
        if !removal.ripe || removal.removed > 0 || removal.table <= TABLES.len() {
            return Ok(false);
        }
        self.write_beyond(tenant, move |txn: &DatabaseTransaction| -> Step<'_, bool> {
            let txn: DatabaseExecutor<'_> = txn.into();
            Box::pin(async move {
                let mut gone = Sql::new(engine, "DELETE FROM tenants WHERE state = 'deleting' AND id = ");
                gone.arg(tenant.as_uuid());
                if txn.execute_raw(gone.statement()).await?.rows_affected() == 0 {
                    return Ok(false);
                }
                let mut counters = Sql::new(engine, "DELETE FROM tenant_counters WHERE tenant_id = ");
                counters.arg(tenant.as_uuid());
                txn.execute_raw(counters.statement()).await?;
                standings::remove(&txn, engine, tenant).await?;
                tenant_slugs::disown(&txn, tenant).await?;
                Ok(true)
            })
        })
        .await
    }

    async fn remove_rows(&self, tenant: TenantId, table: &str, key: &str, most: u32) -> Result<u64, StoreError> {
        let mut sql = Sql::new(self.store.inner().engine, &format!("DELETE FROM {table} WHERE tenant_id = "));
        let of = sql.bind(tenant.as_uuid());
        sql.push(&of).push(&format!(" AND ({key}) IN (SELECT {key} FROM {table} WHERE tenant_id = {of} LIMIT "));
        sql.arg(i64::from(most)).push(")");
        let statement = sql.statement();
        self.store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, u64> {
                let (txn, statement): (DatabaseExecutor<'_>, _) = (txn.into(), statement.clone());
                Box::pin(async move { Ok(txn.execute_raw(statement).await?.rows_affected()) })
            })
            .await
    }

    async fn remove_events(&self, tenant: TenantId, most: u32) -> Result<u64, StoreError> {
        let log = self.store.sync_log();
        let removed = log.purge(Some(tenant), Timestamp::from_micros(i64::MAX), u64::from(most)).await?;
        if removed < u64::from(most) {
            log.forget(tenant).await?;
        }
        Ok(removed)
    }
}

/// Ends the sessions of people who have no business here but in this tenant.
fn end_sessions(engine: Engine, tenant: TenantId) -> Sql {
    let mut sql = Sql::new(engine, "DELETE FROM sessions WHERE admin_id IN (SELECT admin_id FROM admin_roles WHERE tenant_id = ");
    let of = sql.bind(tenant.as_uuid());
    sql.push(&of).push(") AND admin_id NOT IN (SELECT admin_id FROM admin_roles WHERE tenant_id <> ").push(&of);
    sql.push(") AND admin_id NOT IN (SELECT id FROM admins WHERE operator = ").arg(true).push(")");
    sql
}
