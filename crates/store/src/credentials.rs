//! Credentials: issuing, revoking, finding by their public id behind a cache, and the book of their last uses.

mod cache;
mod quiet;
mod uses;

use std::sync::Arc;

use domain::audit::{AuditActor, Deed, picture};
use domain::credential::CredentialKind;
use domain::{Act, Author, Connection, Credential, CredentialId, OAuthClient, OldSlug, Tenant, TenantId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseExecutor, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

pub(crate) use cache::CredentialCache;
pub use quiet::Quiet;
pub use uses::Use;
pub(crate) use uses::UseBook;

use crate::StoreError;
use crate::audit::Acted;
use crate::entity::{connection, credential, tenant};
use crate::oauth_clients;
use crate::schemas::{self, TenantSchemas};
use crate::store::{System, TenantStore};
use crate::tenant_slugs;

/// A credential with what it belongs to.
#[derive(Clone, Debug)]
pub struct KnownCredential {
    /// The credential.
    pub credential: Credential,
    /// Its connection.
    pub connection: Connection,
    /// Its tenant.
    pub tenant: Tenant,
    /// How it proves itself, when it is an OAuth client.
    pub client: Option<OAuthClient>,
    /// The tenant's earlier slugs that still open its door.
    pub old_slugs: Vec<OldSlug>,
    /// What the tenant's resources are made of.
    pub schemas: TenantSchemas,
}

/// The credentials of one tenant.
pub struct Credentials<'s> {
    door: &'s TenantStore,
}

impl<'s> Credentials<'s> {
    pub(crate) fn new(door: &'s TenantStore) -> Self {
        Self { door }
    }

    fn select(&self) -> Select<credential::Entity> {
        credential::Entity::find().filter(credential::Column::TenantId.eq(self.door.tenant.as_uuid()))
    }

    /// All of them, newest first.
    pub async fn list(&self) -> Result<Vec<Credential>, StoreError> {
        let rows = self.select().order_by_desc(credential::Column::Id).all(&self.door.rows()).await?;
        rows.into_iter().map(Credential::try_from).collect()
    }

    /// One of them.
    pub async fn find(&self, id: CredentialId) -> Result<Option<Credential>, StoreError> {
        let find = self.select().filter(credential::Column::Id.eq(id.as_uuid()));
        find.one(&self.door.rows()).await?.map(Credential::try_from).transpose()
    }

    /// Keeps a credential that was issued. Its tenant is this one, whatever the record says.
    pub async fn insert(&self, credential: &Credential, author: &Author) -> Result<(), StoreError> {
        let row = row(self.door.tenant, credential);
        let made = Credential { tenant: self.door.tenant, ..credential.clone() };
        self.door
            .store
            .act(Some(made.tenant), author, move |txn| {
                let (txn, row): (DatabaseExecutor<'_>, _) = (txn.into(), row.clone());
                let deed = deed(Act::CredentialIssued, None, &made);
                Box::pin(async move {
                    credential::Entity::insert(row).exec_without_returning(&txn).await?;
                    Ok(Acted::new((), deed))
                })
            })
            .await?;
        self.door.store.inner().credentials.forget(&credential.public_id).await;
        Ok(())
    }

    /// Revokes one: when this returns, this node accepts it no more. A second time changes nothing. `None` when there
    /// is no such credential.
    pub async fn revoke(&self, id: CredentialId, at: Timestamp, author: &Author) -> Result<Option<Credential>, StoreError> {
        let locked = self.select().filter(credential::Column::Id.eq(id.as_uuid()));
        let found = self.revoke_where(id, at, author, locked, |_, _| true).await?;
        Ok(found.map(|(credential, _)| credential))
    }

    /// The same for one that the condition holds for when the rows of `locked`, of which it is one, are; the others are shown
    /// to the condition beside it. One that it does not hold for stays as it is. Says beside it whether this revoked it.
    async fn revoke_where<F>(
        &self,
        id: CredentialId,
        at: Timestamp,
        author: &Author,
        locked: Select<credential::Entity>,
        condition: F,
    ) -> Result<Option<(Credential, bool)>, StoreError>
    where
        F: Fn(&Credential, &[Credential]) -> bool + Clone + Send + Sync + 'static,
    {
        use credential::Column as C;
        let by = author.actor.name().to_owned();
        let act = match author.actor {
            AuditActor::TokenHolder => Act::LeakedTokenRevoked,
            _ => Act::CredentialRevoked,
        };
        // In one order, which is that of the book of uses too, so that two writers cannot lock each other out.
        let locked = locked.order_by_asc(C::Id).lock_exclusive();
        let revoked = self
            .door
            .store
            .act(Some(self.door.tenant), author, move |txn| {
                let (txn, locked, by): (DatabaseExecutor<'_>, _, _) = (txn.into(), locked.clone(), by.clone());
                let condition = condition.clone();
                Box::pin(async move {
                    let rows = locked.all(&txn).await?.into_iter().map(Credential::try_from);
                    let mut others = rows.collect::<Result<Vec<_>, StoreError>>()?;
                    let place = others.iter().position(|credential| credential.id == id);
                    let Some(before) = place.map(|place| others.swap_remove(place)) else { return Ok(Acted::nothing(None)) };
                    if before.revoked_at.is_some() || !condition(&before, &others) {
                        return Ok(Acted::nothing(Some((before, false))));
                    }
                    let (after, deed) = end(&txn, act, &before, at, &by).await?;
                    Ok(Acted::new(Some((after, true)), deed))
                })
            })
            .await?;
        self.door.store.forget_credentials().await;
        Ok(revoked)
    }
}

/// Writes that one is revoked, whose row is held: what it is from here on, and the entry of it.
pub(crate) async fn end(
    txn: &DatabaseExecutor<'_>,
    act: Act,
    before: &Credential,
    at: Timestamp,
    by: &str,
) -> Result<(Credential, Deed), StoreError> {
    use credential::Column as C;
    let update = credential::Entity::update_many()
        .filter(C::TenantId.eq(before.tenant.as_uuid()))
        .filter(C::Id.eq(before.id.as_uuid()))
        .col_expr(C::RevokedAt, Expr::value(at.as_micros()))
        .col_expr(C::RevokedBy, Expr::value(by));
    update.exec(txn).await?;
    let after = Credential { revoked_at: Some(at), revoked_by: Some(by.to_owned()), ..before.clone() };
    let deed = deed(act, Some(before), &after);
    Ok((after, deed))
}

pub(crate) fn deed(act: Act, before: Option<&Credential>, after: &Credential) -> Deed {
    Deed {
        tenant: Some(after.tenant),
        act,
        subject: after.into(),
        before: before.map(picture::credential),
        after: Some(picture::credential(after)),
    }
}

impl System {
    /// The credential of this public id with its connection and tenant; believed from the cache for a short while.
    pub async fn find_credential(&self, public_id: &str) -> Result<Option<Arc<KnownCredential>>, StoreError> {
        let cache = &self.store.inner().credentials;
        cache.get_or_load(public_id, || self.load_credential(public_id)).await
    }

    async fn load_credential(&self, public_id: &str) -> Result<Option<KnownCredential>, StoreError> {
        let row = credential::Entity::find().filter(credential::Column::PublicId.eq(public_id)).one(&self.rows()).await?;
        let Some(credential) = row.map(Credential::try_from).transpose()? else { return Ok(None) };
        // From here on its tenant is known.
        let rows = &self.store.rows_of(credential.tenant);
        let of_tenant = connection::Column::TenantId.eq(credential.tenant.as_uuid());
        let found =
            connection::Entity::find().filter(of_tenant).filter(connection::Column::Id.eq(credential.connection.as_uuid()));
        let owner = tenant::Entity::find().filter(tenant::Column::Id.eq(credential.tenant.as_uuid()));
        let (Some(connection), Some(tenant)) = (found.one(rows).await?, owner.one(rows).await?) else { return Ok(None) };
        let old_slugs = tenant_slugs::list(rows, credential.tenant).await?;
        let schemas = schemas::load(rows, credential.tenant).await?;
        let client = match credential.kind {
            CredentialKind::BearerToken => None,
            CredentialKind::OAuthClient => oauth_clients::load(rows, credential.tenant, credential.id).await?,
        };
        let (connection, tenant) = (connection.try_into()?, tenant.try_into()?);
        Ok(Some(KnownCredential { credential, connection, tenant, client, old_slugs, schemas }))
    }
}

pub(crate) fn row(tenant: TenantId, credential: &Credential) -> credential::ActiveModel {
    credential::ActiveModel {
        tenant_id: Set(tenant.as_uuid()),
        id: Set(credential.id.as_uuid()),
        connection_id: Set(credential.connection.as_uuid()),
        name: Set(credential.name.clone()),
        public_id: Set(credential.public_id.clone()),
        digest: Set(credential.digest.as_bytes().to_vec()),
        rights: Set(credential.rights.as_str().to_owned()),
        created_at: Set(credential.created_at.as_micros()),
        created_by: Set(credential.created_by.clone()),
        ends_at: Set(credential.ends_at.map(Timestamp::as_micros)),
        revoked_at: Set(None),
        revoked_by: Set(None),
        last_used_at: Set(None),
        last_used_address: Set(None),
        last_used_agent: Set(None),
        last_used_idp: Set(None),
        kind: Set(credential.kind.as_str().to_owned()),
        replaces: Set(credential.replaces.map(CredentialId::as_uuid)),
        quiet_hours: Set(None),
        quiet_since: Set(None),
        quiet_by: Set(None),
    }
}
