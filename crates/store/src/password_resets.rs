//! Links with which a person chooses another password: good once, until their end.

use domain::audit::Deed;
use domain::{Act, Admin, AdminId, Author, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use crate::StoreError;
use crate::audit::Acted;
use crate::dialect::Engine;
use crate::entity::admin;
use crate::people::{password_deed, write_password};
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

impl System {
    /// Keeps a link; earlier ones of the person are void.
    pub async fn insert_password_reset(
        &self,
        admin: &Admin,
        digest: [u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
        author: &Author,
    ) -> Result<(), StoreError> {
        let admin = admin.clone();
        self.store
            .act(None, author, move |txn| {
                let admin = admin.clone();
                Box::pin(async move {
                    let engine = Engine::of(txn.get_database_backend());
                    let mut sql = Sql::new(engine, "DELETE FROM password_resets WHERE admin_id = ");
                    sql.arg(admin.id.as_uuid());
                    txn.execute_raw(sql.statement()).await?;
                    let mut sql =
                        Sql::new(engine, "INSERT INTO password_resets (digest, admin_id, created_at, expires_at) VALUES (");
                    sql.arg(digest.to_vec()).push(", ").arg(admin.id.as_uuid()).push(", ").arg(now.as_micros());
                    sql.push(", ").arg(expires_at.as_micros()).push(")");
                    txn.execute_raw(sql.statement()).await?;
                    let after = Some(serde_json::json!({ "endsAt": expires_at.to_rfc3339() }));
                    let subject = (&admin).into();
                    Ok(Acted::new((), Deed { tenant: None, act: Act::PasswordResetIssued, subject, before: None, after }))
                })
            })
            .await
    }

    /// Whose link it is, if it can be used now.
    pub async fn find_password_reset(&self, digest: [u8; 32], now: Timestamp) -> Result<Option<AdminId>, StoreError> {
        let inner = self.store.inner();
        let mut sql = Sql::new(inner.engine, "SELECT admin_id FROM password_resets WHERE digest = ");
        sql.arg(digest.to_vec()).push(" AND expires_at > ").arg(now.as_micros());
        let row = self.rows().query_one_raw(sql.statement()).await?;
        Ok(row.map(|row| row.try_get::<Uuid>("", "admin_id")).transpose()?.map(Into::into))
    }

    /// Uses a link up and writes the password, both or neither; all sessions of the person end. `false` when the link is
    /// not good.
    pub async fn use_password_reset(
        &self,
        digest: [u8; 32],
        hash: String,
        now: Timestamp,
        author: &Author,
    ) -> Result<bool, StoreError> {
        self.store
            .act(None, author, move |txn| {
                let hash = hash.clone();
                Box::pin(async move {
                    let mut sql = Sql::new(Engine::of(txn.get_database_backend()), "DELETE FROM password_resets WHERE digest = ");
                    sql.arg(digest.to_vec()).push(" AND expires_at > ").arg(now.as_micros()).push(" RETURNING admin_id");
                    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Ok(Acted::nothing(false)) };
                    let id: Uuid = row.try_get("", "admin_id")?;
                    let Some(admin) = admin::Entity::find_by_id(id).one(txn).await? else { return Ok(Acted::nothing(false)) };
                    write_password(txn, id.into(), &hash, None).await?;
                    Ok(Acted::new(true, password_deed(&admin.into())))
                })
            })
            .await
    }

    /// Drops links that ended unused.
    pub async fn remove_ended_password_resets(&self, now: Timestamp) -> Result<(), StoreError> {
        let engine = self.store.inner().engine;
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "DELETE FROM password_resets WHERE expires_at <= ");
                    sql.arg(now.as_micros());
                    txn.execute_raw(sql.statement()).await?;
                    Ok(())
                })
            })
            .await
    }
}
