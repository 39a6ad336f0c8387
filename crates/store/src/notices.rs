//! Which letters about something have left already, so that of any number of nodes one sends each.

use domain::{TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::TenantStore;
use crate::system_unit::Step;

impl TenantStore {
    /// Takes it upon this node to send a notice of a kind about something. `false` when that was done before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim_notice(&self, subject: Uuid, kind: &str, at: Timestamp) -> Result<bool, StoreError> {
        let (tenant, kind) = (self.tenant, kind.to_owned());
        self.store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, bool> {
                let kind = kind.clone();
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "INSERT INTO notices (tenant_id, subject_id, kind, sent_at) VALUES (");
                    sql.arg(tenant.as_uuid()).push(", ").arg(subject).push(", ").arg(kind).push(", ").arg(at.as_micros());
                    sql.push(") ON CONFLICT (tenant_id, subject_id, kind) DO NOTHING");
                    Ok(txn.execute_raw(sql.statement()).await?.rows_affected() == 1)
                })
            })
            .await
    }

    /// Gives a claim up, because the notice did not leave: another try may be made.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn release_notice(&self, subject: Uuid, kind: &str) -> Result<(), StoreError> {
        let (tenant, kind) = (self.tenant, kind.to_owned());
        self.store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let kind = kind.clone();
                Box::pin(async move {
                    txn.execute_raw(delete(engine(txn), tenant, subject, kind).statement()).await?;
                    Ok(())
                })
            })
            .await
    }
}

fn delete(engine: Engine, tenant: TenantId, subject: Uuid, kind: String) -> Sql {
    let mut sql = Sql::new(engine, "DELETE FROM notices WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND subject_id = ").arg(subject).push(" AND kind = ").arg(kind);
    sql
}

fn engine(txn: &DatabaseTransaction) -> Engine {
    Engine::of(txn.get_database_backend())
}
