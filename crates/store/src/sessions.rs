//! Sessions of the console.

use domain::{Session, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::StoreError;
use crate::entity::session;
use crate::store::System;
use crate::system_unit::Step;

impl System {
    /// The session of this digest if it has not ended.
    pub async fn find_session(&self, digest: &[u8; 32], now: Timestamp) -> Result<Option<Session>, StoreError> {
        let find = session::Entity::find().filter(session::Column::Digest.eq(digest.to_vec()));
        let live = find.filter(session::Column::ExpiresAt.gt(now.as_micros()));
        live.one(&self.store.inner().read).await?.map(Session::try_from).transpose()
    }

    /// Keeps a new session.
    pub async fn insert_session(&self, session: &Session) -> Result<(), StoreError> {
        let row = session::ActiveModel {
            digest: Set(session.digest.to_vec()),
            admin_id: Set(session.admin.as_uuid()),
            created_at: Set(session.created_at.as_micros()),
            expires_at: Set(session.expires_at.as_micros()),
            address: Set(session.address.clone()),
            user_agent: Set(session.user_agent.clone()),
        };
        self.store
            .write_small(None, move |txn| {
                let (txn, row): (DatabaseExecutor<'_>, _) = (txn.into(), row.clone());
                Box::pin(async move {
                    session::Entity::insert(row).exec_without_returning(&txn).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Ends a session.
    pub async fn remove_session(&self, digest: [u8; 32]) -> Result<(), StoreError> {
        self.remove_sessions(session::Column::Digest.eq(digest.to_vec())).await
    }

    /// Drops the sessions that ended by themselves.
    pub async fn remove_ended_sessions(&self, now: Timestamp) -> Result<(), StoreError> {
        self.remove_sessions(session::Column::ExpiresAt.lte(now.as_micros())).await
    }

    async fn remove_sessions(&self, which: sea_orm::sea_query::SimpleExpr) -> Result<(), StoreError> {
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let (txn, which): (DatabaseExecutor<'_>, _) = (txn.into(), which.clone());
                Box::pin(async move {
                    session::Entity::delete_many().filter(which).exec(&txn).await?;
                    Ok(())
                })
            })
            .await
    }
}
