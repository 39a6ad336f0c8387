//! When each credential was last used: noted in memory on the request's way, written behind it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use domain::credential::LastUse;
use domain::{ClientSecretId, CredentialId, TenantId, TenantSlug, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::StoreError;
use crate::entity::credential;
use crate::store::Store;
use crate::system_unit::Step;
use crate::wall::Door;
use crate::{oauth_clients, tenant_slugs};

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

/// When a secret of an OAuth client last got an access token.
type SecretUses = HashMap<(TenantId, CredentialId, ClientSecretId), Timestamp>;

/// Uses that wait to be written; at most one a credential, one a secret, and one an old slug.
#[derive(Default)]
pub(crate) struct UseBook {
    waiting: Mutex<HashMap<CredentialId, Use>>,
    secrets: Mutex<SecretUses>,
    old_slugs: Mutex<OldSlugUses>,
}

/// What is taken out of the book, in one order for all nodes, so that two of them cannot lock each other out.
#[derive(Clone)]
struct Page {
    uses: Vec<Use>,
    secrets: Vec<((TenantId, CredentialId, ClientSecretId), Timestamp)>,
    old_slugs: Vec<(TenantSlug, (TenantId, Timestamp))>,
}

impl UseBook {
    fn take(&self) -> Page {
        let mut uses: Vec<Use> = taken(&self.waiting).into_values().collect();
        uses.sort_by_key(|seen| seen.credential);
        let mut secrets: Vec<_> = taken(&self.secrets).into_iter().collect();
        secrets.sort();
        let mut old_slugs: Vec<_> = taken(&self.old_slugs).into_iter().collect();
        old_slugs.sort();
        Page { uses, secrets, old_slugs }
    }

    /// Puts back what could not be written; what came meanwhile is newer and stays.
    fn put_back(&self, page: Page) {
        let Page { uses, secrets, old_slugs } = page;
        put_back(&self.waiting, uses.into_iter().map(|seen| (seen.credential, seen)));
        put_back(&self.secrets, secrets);
        put_back(&self.old_slugs, old_slugs);
    }
}

fn put_back<K: Eq + Hash, V>(book: &Mutex<HashMap<K, V>>, entries: impl IntoIterator<Item = (K, V)>) {
    let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
    for (key, value) in entries {
        book.entry(key).or_insert(value);
    }
}

fn taken<T: Default>(book: &Mutex<T>) -> T {
    std::mem::take(&mut *book.lock().unwrap_or_else(PoisonError::into_inner))
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

    /// Notes that a secret of an OAuth client got an access token; costs no database work.
    pub fn note_secret_use(&self, tenant: TenantId, client: CredentialId, secret: ClientSecretId, at: Timestamp) {
        let mut secrets = self.inner().uses.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert((tenant, client, secret), at);
    }

    /// Writes the uses noted since the last time.
    ///
    /// # Errors
    /// When the database cannot be written; the uses wait for the next time then.
    pub async fn flush_uses(&self) -> Result<(), StoreError> {
        let page = self.inner().uses.take();
        if page.uses.is_empty() && page.secrets.is_empty() && page.old_slugs.is_empty() {
            return Ok(());
        }
        let writing = page.clone();
        let written = self
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let (txn, page): (DatabaseExecutor<'_>, _) = (txn.into(), writing.clone());
                Box::pin(async move { write(&txn, &page).await })
            })
            .await;
        if written.is_err() {
            self.inner().uses.put_back(page);
        }
        written
    }

    /// The same once the lanes have ended.
    pub(crate) async fn flush_uses_directly(&self) -> Result<(), StoreError> {
        let txn = self.write_gate().enter(Door::System).await?;
        write(&(&txn).into(), &self.inner().uses.take()).await?;
        Ok(txn.commit().await?)
    }
}

async fn write(connection: &DatabaseExecutor<'_>, page: &Page) -> Result<(), StoreError> {
    for (slug, (tenant, at)) in &page.old_slugs {
        tenant_slugs::note_use(connection, *tenant, slug, *at).await?;
    }
    for Use { tenant, credential, last } in &page.uses {
        // Another node may have written a later use already.
        let used = credential::Column::LastUsedAt;
        let older = Condition::any().add(used.is_null()).add(used.lte(last.at.as_micros()));
        let update = credential::Entity::update_many()
            .col_expr(credential::Column::LastUsedAt, Expr::value(last.at.as_micros()))
            .col_expr(credential::Column::LastUsedAddress, Expr::value(last.address.as_str()))
            .col_expr(credential::Column::LastUsedAgent, Expr::value(last.user_agent.clone()))
            .col_expr(credential::Column::LastUsedIdp, Expr::value(last.idp.map(|idp| idp.as_str().to_owned())));
        let update = update.filter(credential::Column::TenantId.eq(tenant.as_uuid()));
        update.filter(credential::Column::Id.eq(credential.as_uuid())).filter(older).exec(connection).await?;
    }
    // After their clients, as everybody else locks them.
    for (secret, at) in &page.secrets {
        oauth_clients::note_use(connection, *secret, *at).await?;
    }
    Ok(())
}
