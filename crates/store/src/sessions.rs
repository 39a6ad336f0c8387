//! Sessions of the console.

use domain::audit::{Deed, Subject, SubjectKind, picture};
use domain::{Act, AdminId, Author, Session, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::StoreError;
use crate::audit::Acted;
use crate::entity::{admin, session};
use crate::store::System;
use crate::system_unit::Step;

impl System {
    /// The session of this digest if it has not ended.
    pub async fn find_session(&self, digest: &[u8; 32], now: Timestamp) -> Result<Option<Session>, StoreError> {
        let find = session::Entity::find().filter(session::Column::Digest.eq(digest.to_vec()));
        let live = find.filter(session::Column::ExpiresAt.gt(now.as_micros()));
        live.one(&self.rows()).await?.map(Session::try_from).transpose()
    }

    /// Keeps a new session.
    pub async fn insert_session(&self, session: &Session, author: &Author) -> Result<(), StoreError> {
        let row = session::ActiveModel {
            digest: Set(session.digest.to_vec()),
            admin_id: Set(session.admin.as_uuid()),
            created_at: Set(session.created_at.as_micros()),
            expires_at: Set(session.expires_at.as_micros()),
            address: Set(session.address.clone()),
            user_agent: Set(session.user_agent.clone()),
            method: Set(session.method.map(|method| method.as_str().to_owned())),
            authenticated_at: Set(session.authenticated_at.map(Timestamp::as_micros)),
        };
        let session = session.clone();
        self.store
            .act(None, author, move |txn| {
                let (txn, row, session): (DatabaseExecutor<'_>, _, _) = (txn.into(), row.clone(), session.clone());
                Box::pin(async move {
                    session::Entity::insert(row).exec_without_returning(&txn).await?;
                    let subject = owner(&txn, session.admin).await?;
                    let after = Some(picture::session(&session));
                    Ok(Acted::new((), Deed { tenant: None, act: Act::SessionStarted, subject, before: None, after }))
                })
            })
            .await
    }

    /// The sessions of a person that have not ended, newest first.
    pub async fn list_sessions(&self, admin: AdminId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let find = session::Entity::find().filter(session::Column::AdminId.eq(admin.as_uuid()));
        let live = find.filter(session::Column::ExpiresAt.gt(now.as_micros())).order_by_desc(session::Column::CreatedAt);
        live.all(&self.rows()).await?.into_iter().map(Session::try_from).collect()
    }

    /// Ends the sessions of a person but the one that is kept; says how many.
    pub async fn remove_sessions_of(&self, admin: AdminId, keep: Option<[u8; 32]>, author: &Author) -> Result<u64, StoreError> {
        self.store
            .act(None, author, move |txn| {
                let txn: DatabaseExecutor<'_> = txn.into();
                Box::pin(async move {
                    let mut which = session::Entity::find().filter(session::Column::AdminId.eq(admin.as_uuid()));
                    if let Some(keep) = keep {
                        which = which.filter(session::Column::Digest.ne(keep.to_vec()));
                    }
                    let ended = which.order_by_asc(session::Column::Digest).lock_exclusive().all(&txn).await?;
                    let subject = owner(&txn, admin).await?;
                    let mut deeds = Vec::new();
                    for row in ended {
                        session::Entity::delete_by_id(row.digest.clone()).exec(&txn).await?;
                        let before = Some(picture::session(&Session::try_from(row)?));
                        let subject = subject.clone();
                        deeds.push(Deed { tenant: None, act: Act::SessionEnded, subject, before, after: None });
                    }
                    Ok(Acted { output: deeds.len() as u64, deeds })
                })
            })
            .await
    }

    /// Ends a session.
    pub async fn remove_session(&self, digest: [u8; 32], author: &Author) -> Result<(), StoreError> {
        self.store
            .act(None, author, move |txn| {
                let txn: DatabaseExecutor<'_> = txn.into();
                Box::pin(async move {
                    let which = session::Column::Digest.eq(digest.to_vec());
                    let locked = session::Entity::find().filter(which.clone()).lock_exclusive();
                    let Some(ended) = locked.one(&txn).await? else { return Ok(Acted::nothing(())) };
                    let ended = Session::try_from(ended)?;
                    session::Entity::delete_many().filter(which).exec(&txn).await?;
                    let subject = owner(&txn, ended.admin).await?;
                    let before = Some(picture::session(&ended));
                    Ok(Acted::new((), Deed { tenant: None, act: Act::SessionEnded, subject, before, after: None }))
                })
            })
            .await
    }

    /// Drops the sessions that ended by themselves.
    pub async fn remove_ended_sessions(&self, now: Timestamp) -> Result<(), StoreError> {
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let txn: DatabaseExecutor<'_> = txn.into();
                Box::pin(async move {
                    let ended = session::Column::ExpiresAt.lte(now.as_micros());
                    session::Entity::delete_many().filter(ended).exec(&txn).await?;
                    Ok(())
                })
            })
            .await
    }
}

/// Whose session it is.
async fn owner(txn: &DatabaseExecutor<'_>, id: AdminId) -> Result<Subject, StoreError> {
    let row = admin::Entity::find_by_id(id.as_uuid()).one(txn).await?;
    Ok(Subject { kind: SubjectKind::Admin, id: Some(id.as_uuid()), name: row.map(|row| row.email) })
}
