//! When each credential was last used: noted in memory on the request's way, written behind it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::credential::LastUse;
use domain::{CredentialId, TenantId, TenantSlug, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::StoreError;
use crate::entity::credential;
use crate::store::Store;
use crate::system_unit::Step;
use crate::tenant_slugs;
use crate::wall::Door;

/// One use of a credential.
#[derive(Clone, Debug)]
pub struct Use {
    /// Whose credential.
    pub tenant: TenantId,
    /// Which.
    pub credential: CredentialId,
    /// When, from where, by what.
    pub last: LastUse,
}

/// When a request last came by an old slug of a tenant.
type OldSlugUses = HashMap<TenantSlug, (TenantId, Timestamp)>;

/// Uses that wait to be written; at most one a credential, and one an old slug.
#[derive(Default)]
pub(crate) struct UseBook {
    waiting: Mutex<HashMap<CredentialId, Use>>,
    old_slugs: Mutex<OldSlugUses>,
}

impl Store {
    /// Notes a use; costs no database work.
    pub fn note_use(&self, seen: Use) {
        let mut waiting = self.inner().uses.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(seen.credential, seen);
    }

    /// Notes that a request came by an old slug of a tenant; costs no database work.
    pub fn note_old_slug(&self, tenant: TenantId, slug: TenantSlug, at: Timestamp) {
        self.inner().uses.old_slugs.lock().unwrap_or_else(PoisonError::into_inner).insert(slug, (tenant, at));
    }

    /// Writes the uses noted since the last time.
    pub async fn flush_uses(&self) -> Result<(), StoreError> {
        let (uses, slugs) = (self.take_uses(), self.take_old_slugs());
        if uses.is_empty() && slugs.is_empty() {
            return Ok(());
        }
        self.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
            let (txn, uses, slugs): (DatabaseExecutor<'_>, _, _) = (txn.into(), uses.clone(), slugs.clone());
            Box::pin(async move { write(&txn, &uses, &slugs).await })
        })
        .await
    }

    /// The same once the lanes have ended.
    pub(crate) async fn flush_uses_directly(&self) -> Result<(), StoreError> {
        let txn = self.write_gate().enter(Door::System).await?;
        write(&(&txn).into(), &self.take_uses(), &self.take_old_slugs()).await?;
        Ok(txn.commit().await?)
    }

    fn take_uses(&self) -> Vec<Use> {
        let mut waiting = self.inner().uses.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut uses: Vec<Use> = std::mem::take(&mut *waiting).into_values().collect();
        // One order for all nodes, so that two of them cannot lock each other out.
        uses.sort_by_key(|seen| seen.credential);
        uses
    }

    fn take_old_slugs(&self) -> Vec<(TenantSlug, (TenantId, Timestamp))> {
        let mut waiting = self.inner().uses.old_slugs.lock().unwrap_or_else(PoisonError::into_inner);
        let mut slugs: Vec<_> = std::mem::take(&mut *waiting).into_iter().collect();
        slugs.sort();
        slugs
    }
}

async fn write(
    connection: &DatabaseExecutor<'_>,
    uses: &[Use],
    slugs: &[(TenantSlug, (TenantId, Timestamp))],
) -> Result<(), StoreError> {
    for (slug, (tenant, at)) in slugs {
        tenant_slugs::note_use(connection, *tenant, slug, *at).await?;
    }
    for Use { tenant, credential, last } in uses {
        let update = credential::Entity::update_many()
            .col_expr(credential::Column::LastUsedAt, Expr::value(last.at.as_micros()))
            .col_expr(credential::Column::LastUsedAddress, Expr::value(last.address.as_str()))
            .col_expr(credential::Column::LastUsedAgent, Expr::value(last.user_agent.clone()))
            .col_expr(credential::Column::LastUsedIdp, Expr::value(last.idp.map(|idp| idp.as_str().to_owned())));
        let update = update.filter(credential::Column::TenantId.eq(tenant.as_uuid()));
        update.filter(credential::Column::Id.eq(credential.as_uuid())).exec(connection).await?;
    }
    Ok(())
}
