//! What is remembered between the two halves of a passkey's or a provider's ceremony, so that any node can end what
//! another one began. Good once, for a few minutes.

use domain::{AdminId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use uuid::Uuid;

use crate::StoreError;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

/// What kind of ceremony it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CeremonyKind {
    /// A person adds a passkey.
    PasskeyRegistration,
    /// Somebody signs in with a passkey.
    PasskeySignIn,
    /// Somebody signs in at the installation's OpenID provider.
    Provider,
}

impl CeremonyKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::PasskeyRegistration => "passkey_registration",
            Self::PasskeySignIn => "passkey_sign_in",
            Self::Provider => "provider",
        }
    }
}

/// A ceremony that has begun.
#[derive(Clone, Debug)]
pub struct Ceremony {
    /// Digest of what the browser keeps of it.
    pub digest: [u8; 32],
    /// What kind it is.
    pub kind: CeremonyKind,
    /// Whose it is, when that is known.
    pub admin: Option<AdminId>,
    /// What the second half needs.
    pub state: String,
    /// Until when it can be ended.
    pub expires_at: Timestamp,
}

impl System {
    /// Remembers a ceremony.
    pub async fn insert_ceremony(&self, ceremony: Ceremony) -> Result<(), StoreError> {
        let engine = self.store.inner().engine;
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let ceremony = ceremony.clone();
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "INSERT INTO ceremonies (digest, kind, admin_id, state, expires_at) VALUES ");
                    sql.list::<Value>([
                        ceremony.digest.to_vec().into(),
                        ceremony.kind.as_str().into(),
                        ceremony.admin.map(AdminId::as_uuid).into(),
                        ceremony.state.into(),
                        ceremony.expires_at.as_micros().into(),
                    ]);
                    txn.execute_raw(sql.statement()).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Takes a ceremony out: whatever becomes of it, it is good once.
    pub async fn take_ceremony(
        &self,
        digest: [u8; 32],
        kind: CeremonyKind,
        now: Timestamp,
    ) -> Result<Option<Ceremony>, StoreError> {
        let engine = self.store.inner().engine;
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, Option<Ceremony>> {
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "DELETE FROM ceremonies WHERE digest = ");
                    sql.arg(digest.to_vec()).push(" AND kind = ").arg(kind.as_str()).push(" AND expires_at > ");
                    sql.arg(now.as_micros()).push(" RETURNING admin_id, state, expires_at");
                    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Ok(None) };
                    Ok(Some(Ceremony {
                        digest,
                        kind,
                        admin: row.try_get::<Option<Uuid>>("", "admin_id")?.map(Into::into),
                        state: row.try_get("", "state")?,
                        expires_at: Timestamp::from_micros(row.try_get("", "expires_at")?),
                    }))
                })
            })
            .await
    }

    /// Forgets ceremonies that were never ended.
    pub async fn remove_ended_ceremonies(&self, now: Timestamp) -> Result<(), StoreError> {
        let engine = self.store.inner().engine;
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "DELETE FROM ceremonies WHERE expires_at <= ");
                    sql.arg(now.as_micros());
                    txn.execute_raw(sql.statement()).await?;
                    Ok(())
                })
            })
            .await
    }
}
