//! Links by which somebody without an account sets a connection up, and the sessions of those who hold one.

use domain::audit::{Deed, picture};
use domain::{Act, Author, Credential, CredentialId, OAuthClient, SetupLink, SetupLinkId, TenantId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseExecutor, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::audit::Acted;
use crate::entity::credential;
use crate::entity::setup_link::{self, Column as C};
use crate::store::{System, TenantStore};
use crate::{StoreError, credentials, oauth_clients};

/// Most links that a list holds.
const MOST: u64 = 200;

/// The set-up links of one tenant.
pub struct SetupLinks<'s> {
    door: &'s TenantStore,
}

/// What becomes of a link.
#[derive(Clone, Debug)]
enum Fate {
    Opened { at: Timestamp, session: [u8; 32] },
    Finished { at: Timestamp },
    Revoked { at: Timestamp, by: String },
}

impl TenantStore {
    /// The links by which somebody without an account sets a connection up.
    pub fn setup_links(&self) -> SetupLinks<'_> {
        SetupLinks { door: self }
    }
}

impl SetupLinks<'_> {
    fn select(&self) -> Select<setup_link::Entity> {
        setup_link::Entity::find().filter(C::TenantId.eq(self.door.tenant.as_uuid()))
    }

    /// The newest 200, newest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn list(&self) -> Result<Vec<SetupLink>, StoreError> {
        let rows = self.select().order_by_desc(C::Id).limit(MOST).all(&self.door.rows()).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Keeps a new link under its code's digest. Its tenant is this one, whatever the record says.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn insert(&self, link: &SetupLink, digest: [u8; 32], author: &Author) -> Result<(), StoreError> {
        let made = SetupLink { tenant: self.door.tenant, ..link.clone() };
        let row = row(&made, digest);
        self.door
            .store
            .act(Some(made.tenant), author, move |txn| {
                let (txn, row): (DatabaseExecutor<'_>, _) = (txn.into(), row.clone());
                let deed = deed(Act::SetupLinkCreated, None, &made);
                Box::pin(async move {
                    setup_link::Entity::insert(row).exec_without_returning(&txn).await?;
                    Ok(Acted::new((), deed))
                })
            })
            .await
    }

    /// Uses a link's code up and begins its holder's session; `false` when somebody did before, or it has ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn open(&self, id: SetupLinkId, session: [u8; 32], at: Timestamp, author: &Author) -> Result<bool, StoreError> {
        let opened = self.change(id, Fate::Opened { at, session }, author).await?;
        Ok(opened.is_some_and(|(_, changed)| changed))
    }

    /// Notes that its holder is done. A second time changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn finish(&self, id: SetupLinkId, at: Timestamp, author: &Author) -> Result<Option<SetupLink>, StoreError> {
        Ok(self.change(id, Fate::Finished { at }, author).await?.map(|(link, _)| link))
    }

    /// Ends a link and its holder's session. A second time changes nothing. `None` when there is no such link.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke(&self, id: SetupLinkId, at: Timestamp, author: &Author) -> Result<Option<SetupLink>, StoreError> {
        let by = author.actor.name().to_owned();
        Ok(self.change(id, Fate::Revoked { at, by }, author).await?.map(|(link, _)| link))
    }

    /// Keeps a credential that a link's holder issued and revokes the one that they issued before, in one: of one link there
    /// is never more than one that is good, however many are asked for at once. `false`, and nothing is done, when the link
    /// has ended by then or was revoked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn issue(&self, id: SetupLinkId, credential: &Credential, author: &Author) -> Result<bool, StoreError> {
        self.put(id, credential, None, author).await
    }

    /// The same for an OAuth client with its secret. It takes the place of a token as well, and a token its.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn issue_client(
        &self,
        id: SetupLinkId,
        credential: &Credential,
        client: &OAuthClient,
        author: &Author,
    ) -> Result<bool, StoreError> {
        self.put(id, credential, Some(client.clone()), author).await
    }

    async fn put(
        &self,
        id: SetupLinkId,
        credential: &Credential,
        client: Option<OAuthClient>,
        author: &Author,
    ) -> Result<bool, StoreError> {
        let (store, tenant) = (&self.door.store, self.door.tenant);
        let (at, by) = (credential.created_at, author.actor.name().to_owned());
        let made = Credential { tenant, ..credential.clone() };
        let locked = self.select().filter(C::Id.eq(id.as_uuid())).lock_exclusive();
        let issued = store
            .act(Some(tenant), author, move |txn| {
                let rows: DatabaseExecutor<'_> = txn.into();
                let (locked, made, client, by) = (locked.clone(), made.clone(), client.clone(), by.clone());
                Box::pin(async move {
                    let found = locked.one(&rows).await?.map(SetupLink::from);
                    let Some(link) = found.filter(|link| link.is_live(at)) else { return Ok(Acted::nothing(false)) };
                    let mut deeds = if let Some(client) = &client {
                        oauth_clients::keep(txn, &made, client).await?
                    } else {
                        let row = credentials::row(tenant, &made);
                        credential::Entity::insert(row).exec_without_returning(&rows).await?;
                        vec![credentials::deed(Act::CredentialIssued, None, &made)]
                    };
                    let noted = update(tenant, id).col_expr(C::CredentialId, Expr::value(made.id.as_uuid()));
                    noted.exec(&rows).await?;
                    if let Some(before) = link.credential {
                        deeds.extend(revoke(&rows, tenant, before, at, &by).await?);
                    }
                    Ok(Acted { output: true, deeds })
                })
            })
            .await?;
        if issued {
            store.forget_credentials().await;
        }
        Ok(issued)
    }

    /// The link as it is now, and whether this changed it.
    async fn change(&self, id: SetupLinkId, fate: Fate, author: &Author) -> Result<Option<(SetupLink, bool)>, StoreError> {
        let tenant = self.door.tenant;
        let locked = self.select().filter(C::Id.eq(id.as_uuid())).lock_exclusive();
        self.door
            .store
            .act(Some(tenant), author, move |txn| {
                let (txn, locked, fate): (DatabaseExecutor<'_>, _, _) = (txn.into(), locked.clone(), fate.clone());
                Box::pin(async move {
                    let Some(before) = locked.one(&txn).await?.map(SetupLink::from) else { return Ok(Acted::nothing(None)) };
                    let Some((act, after)) = fate.on(&before) else { return Ok(Acted::nothing(Some((before, false)))) };
                    fate.update(tenant, id).exec(&txn).await?;
                    let deed = deed(act, Some(&before), &after);
                    Ok(Acted::new(Some((after, true)), deed))
                })
            })
            .await
    }
}

impl Fate {
    /// What the link becomes; `None` when it stays as it is.
    fn on(&self, link: &SetupLink) -> Option<(Act, SetupLink)> {
        let link = link.clone();
        match self {
            Self::Opened { at, .. } if link.is_live(*at) && link.opened_at.is_none() => {
                Some((Act::SetupLinkOpened, SetupLink { opened_at: Some(*at), ..link }))
            }
            Self::Finished { at } if link.is_live(*at) && link.finished_at.is_none() => {
                Some((Act::SetupLinkFinished, SetupLink { finished_at: Some(*at), ..link }))
            }
            Self::Revoked { at, by } if link.revoked_at.is_none() => {
                Some((Act::SetupLinkRevoked, SetupLink { revoked_at: Some(*at), revoked_by: Some(by.clone()), ..link }))
            }
            _ => None,
        }
    }

    fn update(&self, tenant: TenantId, id: SetupLinkId) -> sea_orm::UpdateMany<setup_link::Entity> {
        let update = update(tenant, id);
        match self {
            Self::Opened { at, session } => update
                .col_expr(C::OpenedAt, Expr::value(at.as_micros()))
                .col_expr(C::SessionDigest, Expr::value(session.to_vec())),
            Self::Finished { at } => update.col_expr(C::FinishedAt, Expr::value(at.as_micros())),
            Self::Revoked { at, by } => {
                update.col_expr(C::RevokedAt, Expr::value(at.as_micros())).col_expr(C::RevokedBy, Expr::value(by.clone()))
            }
        }
    }
}

impl System {
    /// The link of a code, whatever became of it.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn find_setup_link(&self, digest: &[u8; 32]) -> Result<Option<SetupLink>, StoreError> {
        let find = setup_link::Entity::find().filter(C::Digest.eq(digest.to_vec()));
        Ok(find.one(&self.rows()).await?.map(Into::into))
    }

    /// The link of a holder's session, if it has not ended.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn find_setup_session(&self, digest: &[u8; 32], now: Timestamp) -> Result<Option<SetupLink>, StoreError> {
        let find = setup_link::Entity::find().filter(C::SessionDigest.eq(digest.to_vec()));
        let found = find.one(&self.rows()).await?.map(SetupLink::from);
        Ok(found.filter(|link| link.is_live(now)))
    }
}

/// Revokes a credential that its link's holder puts another one in the place of; nothing when somebody did before.
async fn revoke(
    txn: &DatabaseExecutor<'_>,
    tenant: TenantId,
    id: CredentialId,
    at: Timestamp,
    by: &str,
) -> Result<Option<Deed>, StoreError> {
    let locked = credential::Entity::find()
        .filter(credential::Column::TenantId.eq(tenant.as_uuid()))
        .filter(credential::Column::Id.eq(id.as_uuid()))
        .lock_exclusive();
    let found = locked.one(txn).await?.map(Credential::try_from).transpose()?;
    let Some(before) = found.filter(|found| found.revoked_at.is_none()) else { return Ok(None) };
    let (_, deed) = credentials::end(txn, Act::CredentialRevoked, &before, at, by).await?;
    Ok(Some(deed))
}

fn update(tenant: TenantId, id: SetupLinkId) -> sea_orm::UpdateMany<setup_link::Entity> {
    setup_link::Entity::update_many().filter(C::TenantId.eq(tenant.as_uuid())).filter(C::Id.eq(id.as_uuid()))
}

fn deed(act: Act, before: Option<&SetupLink>, after: &SetupLink) -> Deed {
    Deed {
        tenant: Some(after.tenant),
        act,
        subject: after.into(),
        before: before.map(picture::setup_link),
        after: Some(picture::setup_link(after)),
    }
}

fn row(link: &SetupLink, digest: [u8; 32]) -> setup_link::ActiveModel {
    setup_link::ActiveModel {
        tenant_id: Set(link.tenant.as_uuid()),
        id: Set(link.id.as_uuid()),
        connection_id: Set(link.connection.as_uuid()),
        name: Set(link.name.clone()),
        digest: Set(digest.to_vec()),
        created_at: Set(link.created_at.as_micros()),
        created_by: Set(link.created_by.clone()),
        expires_at: Set(link.expires_at.as_micros()),
        opened_at: Set(None),
        session_digest: Set(None),
        finished_at: Set(None),
        revoked_at: Set(None),
        revoked_by: Set(None),
        credential_id: Set(None),
    }
}
