//! When each credential was last used: noted in memory on the request's way, written behind it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::credential::LastUse;
use domain::{CredentialId, TenantId, TenantSlug};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::StoreError;
use crate::entity::credential;
use crate::store::Store;
use crate::system_unit::Step;
use crate::tenant_slugs;

/// One use of a credential.
#[derive(Clone, Debug)]
pub struct Use {
    /// Whose credential.
    pub tenant: TenantId,
    /// Which.
    pub credential: CredentialId,
    /// When, from where, by what.
    pub last: LastUse,
    /// By which old slug of the tenant, when it was by one.
    pub old_slug: Option<TenantSlug>,
}

/// Uses that wait to be written; at most one a credential and old slug.
#[derive(Default)]
pub(crate) struct UseBook {
    waiting: Mutex<HashMap<(CredentialId, Option<TenantSlug>), Use>>,
}

impl Store {
    /// Notes a use; costs no database work.
    pub fn note_use(&self, seen: Use) {
        let mut waiting = self.inner().uses.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert((seen.credential, seen.old_slug.clone()), seen);
    }

    /// Writes the uses noted since the last time.
    pub async fn flush_uses(&self) -> Result<(), StoreError> {
        let uses = self.take_uses();
        if uses.is_empty() {
            return Ok(());
        }
        self.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
            let (txn, uses): (DatabaseExecutor<'_>, _) = (txn.into(), uses.clone());
            Box::pin(async move { write(&txn, &uses).await })
        })
        .await
    }

    /// The same once the lanes have ended.
    pub(crate) async fn flush_uses_directly(&self) -> Result<(), StoreError> {
        write(&self.write_pool().into(), &self.take_uses()).await
    }

    fn take_uses(&self) -> Vec<Use> {
        let mut waiting = self.inner().uses.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut uses: Vec<Use> = std::mem::take(&mut *waiting).into_values().collect();
        // One order for all nodes, so that two of them cannot lock each other out.
        uses.sort_by_key(|seen| (seen.credential, seen.last.at));
        uses
    }
}

async fn write(connection: &DatabaseExecutor<'_>, uses: &[Use]) -> Result<(), StoreError> {
    for Use { tenant, credential, last, old_slug } in uses {
        let update = credential::Entity::update_many()
            .col_expr(credential::Column::LastUsedAt, Expr::value(last.at.as_micros()))
            .col_expr(credential::Column::LastUsedAddress, Expr::value(last.address.as_str()))
            .col_expr(credential::Column::LastUsedAgent, Expr::value(last.user_agent.clone()))
            .col_expr(credential::Column::LastUsedIdp, Expr::value(last.idp.map(|idp| idp.as_str().to_owned())));
        let update = update.filter(credential::Column::TenantId.eq(tenant.as_uuid()));
        update.filter(credential::Column::Id.eq(credential.as_uuid())).exec(connection).await?;
        if let Some(slug) = old_slug {
            tenant_slugs::note_use(connection, *tenant, slug, last.at).await?;
        }
    }
    Ok(())
}
