//! What people sign in with beside a password.

use domain::audit::Deed;
use domain::factor::{Factors, StoredPasskey};
use domain::{Act, Admin, AdminId, Author, PasskeyId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use crate::StoreError;
use crate::admins::AdminRecord;
use crate::audit::Acted;
use crate::dialect::Engine;
use crate::entity::admin;
use crate::sql::Sql;
use crate::store::System;

const PASSKEY: &str = "admin_id, id, credential_id, name, public_key, created_at, last_used_at";

impl System {
    /// What a person signs in with beside a password.
    pub async fn factors(&self, id: AdminId) -> Result<Factors, StoreError> {
        let inner = self.store.inner();
        let mut sql = Sql::new(inner.engine, "SELECT totp_salt, totp_since, provider_subject, ");
        sql.push("(SELECT count(*) FROM recovery_codes WHERE admin_id = admins.id) AS codes FROM admins WHERE id = ");
        sql.arg(id.as_uuid());
        let Some(row) = self.rows().query_one_raw(sql.statement()).await? else { return Ok(Factors::default()) };
        let mut sql = Sql::new(inner.engine, "SELECT ");
        sql.push(PASSKEY).push(" FROM passkeys WHERE admin_id = ").arg(id.as_uuid()).push(" ORDER BY id");
        let passkeys = self.rows().query_all_raw(sql.statement()).await?.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Factors {
            totp_salt: row.try_get("", "totp_salt")?,
            totp_since: row.try_get::<Option<i64>>("", "totp_since")?.map(Timestamp::from_micros),
            recovery_codes: usize::try_from(row.try_get::<i64>("", "codes")?).unwrap_or_default(),
            passkeys,
            provider: row.try_get::<Option<String>>("", "provider_subject")?.is_some(),
        })
    }

    /// Begins to set an app up with a new secret. `false` when one is set up already.
    pub async fn begin_totp(&self, id: AdminId, salt: [u8; 16]) -> Result<bool, StoreError> {
        let engine = self.store.inner().engine;
        self.store
            .write_small(None, move |txn| {
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "UPDATE admins SET totp_salt = ");
                    sql.arg(salt.to_vec()).push(" WHERE totp_since IS NULL AND id = ").arg(id.as_uuid());
                    Ok(txn.execute_raw(sql.statement()).await?.rows_affected() == 1)
                })
            })
            .await
    }

    /// From now on a code is asked for; the person gets these recovery codes. `false` when nothing was begun with this
    /// salt, or an app is set up already.
    pub async fn confirm_totp(
        &self,
        admin: &Admin,
        salt: Vec<u8>,
        step: i64,
        codes: Vec<[u8; 32]>,
        author: &Author,
    ) -> Result<bool, StoreError> {
        let (admin, now) = (admin.clone(), self.store.inner().clock.now());
        self.store
            .act(None, author, move |txn| {
                let (admin, salt, codes) = (admin.clone(), salt.clone(), codes.clone());
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "UPDATE admins SET totp_since = ");
                    sql.arg(now.as_micros()).push(", totp_step = ").arg(step).push(" WHERE totp_since IS NULL AND id = ");
                    sql.arg(admin.id.as_uuid()).push(" AND totp_salt = ").arg(salt);
                    if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
                        return Ok(Acted::nothing(false));
                    }
                    write_codes(txn, admin.id, &codes).await?;
                    Ok(Acted::new(true, deed(Act::TotpEnabled, &admin, None)))
                })
            })
            .await
    }

    /// Uses a step of time up. `false` when it was used before: a code is good once (RFC 6238 §5.2).
    pub async fn use_totp_step(&self, id: AdminId, step: i64) -> Result<bool, StoreError> {
        let engine = self.store.inner().engine;
        self.store
            .write_small(None, move |txn| {
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "UPDATE admins SET totp_step = ");
                    sql.arg(step).push(" WHERE id = ").arg(id.as_uuid()).push(" AND totp_step < ").arg(step);
                    Ok(txn.execute_raw(sql.statement()).await?.rows_affected() == 1)
                })
            })
            .await
    }

    /// Uses a recovery code up. `false` when it is none of the person's.
    pub async fn use_recovery_code(&self, id: AdminId, digest: [u8; 32]) -> Result<bool, StoreError> {
        let engine = self.store.inner().engine;
        self.store
            .write_small(None, move |txn| {
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "DELETE FROM recovery_codes WHERE admin_id = ");
                    sql.arg(id.as_uuid()).push(" AND digest = ").arg(digest.to_vec());
                    Ok(txn.execute_raw(sql.statement()).await?.rows_affected() == 1)
                })
            })
            .await
    }

    /// Asks for no code any more, and forgets the recovery codes. `false` when none was asked for.
    pub async fn disable_totp(&self, admin: &Admin, author: &Author) -> Result<bool, StoreError> {
        let admin = admin.clone();
        self.store
            .act(None, author, move |txn| {
                let admin = admin.clone();
                Box::pin(async move {
                    let mut sql =
                        Sql::new(engine(txn), "UPDATE admins SET totp_salt = NULL, totp_since = NULL, totp_step = NULL ");
                    sql.push("WHERE totp_since IS NOT NULL AND id = ").arg(admin.id.as_uuid());
                    if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
                        return Ok(Acted::nothing(false));
                    }
                    write_codes(txn, admin.id, &[]).await?;
                    Ok(Acted::new(true, deed(Act::TotpDisabled, &admin, None)))
                })
            })
            .await
    }

    /// Gives a person other recovery codes; those before are void. `false` when no code is asked for.
    pub async fn replace_recovery_codes(&self, admin: &Admin, codes: Vec<[u8; 32]>, author: &Author) -> Result<bool, StoreError> {
        let admin = admin.clone();
        self.store
            .act(None, author, move |txn| {
                let (admin, codes) = (admin.clone(), codes.clone());
                Box::pin(async move {
                    let mut sql =
                        Sql::new(engine(txn), "UPDATE admins SET totp_step = totp_step WHERE totp_since IS NOT NULL AND id = ");
                    sql.arg(admin.id.as_uuid());
                    if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
                        return Ok(Acted::nothing(false));
                    }
                    write_codes(txn, admin.id, &codes).await?;
                    Ok(Acted::new(true, deed(Act::RecoveryCodesIssued, &admin, None)))
                })
            })
            .await
    }

    /// Keeps a passkey.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the authenticator's name for it is known already.
    pub async fn insert_passkey(&self, admin: &Admin, passkey: StoredPasskey, author: &Author) -> Result<(), StoreError> {
        let admin = admin.clone();
        self.store
            .act(None, author, move |txn| {
                let (admin, passkey) = (admin.clone(), passkey.clone());
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "INSERT INTO passkeys (");
                    sql.push(PASSKEY).push(") VALUES ").list::<Value>([
                        passkey.admin.as_uuid().into(),
                        passkey.id.as_uuid().into(),
                        passkey.credential_id.clone().into(),
                        passkey.name.as_str().into(),
                        passkey.public_key.as_str().into(),
                        passkey.created_at.as_micros().into(),
                        None::<i64>.into(),
                    ]);
                    txn.execute_raw(sql.statement()).await?;
                    Ok(Acted::new((), deed(Act::PasskeyAdded, &admin, Some(&passkey.name))))
                })
            })
            .await
    }

    /// Removes a passkey. `false` when it is none of the person's.
    pub async fn remove_passkey(&self, admin: &Admin, id: PasskeyId, author: &Author) -> Result<bool, StoreError> {
        let admin = admin.clone();
        self.store
            .act(None, author, move |txn| {
                let admin = admin.clone();
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "DELETE FROM passkeys WHERE admin_id = ");
                    sql.arg(admin.id.as_uuid()).push(" AND id = ").arg(id.as_uuid()).push(" RETURNING name");
                    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Ok(Acted::nothing(false)) };
                    let name: String = row.try_get("", "name")?;
                    Ok(Acted::new(true, deed(Act::PasskeyRemoved, &admin, Some(&name))))
                })
            })
            .await
    }

    /// The passkey of this name of the authenticator's.
    pub async fn find_passkey(&self, credential_id: &[u8]) -> Result<Option<StoredPasskey>, StoreError> {
        let inner = self.store.inner();
        let mut sql = Sql::new(inner.engine, "SELECT ");
        sql.push(PASSKEY).push(" FROM passkeys WHERE credential_id = ").arg(credential_id.to_vec());
        self.rows().query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
    }

    /// Notes a use of a passkey, with its counter. `false` when another use with the same or a later counter came first.
    pub async fn note_passkey_use(&self, before: &StoredPasskey, public_key: String, at: Timestamp) -> Result<bool, StoreError> {
        let (engine, before) = (self.store.inner().engine, before.clone());
        self.store
            .write_small(None, move |txn| {
                let (before, public_key) = (before.clone(), public_key.clone());
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "UPDATE passkeys SET public_key = ");
                    sql.arg(public_key).push(", last_used_at = ").arg(at.as_micros()).push(" WHERE admin_id = ");
                    sql.arg(before.admin.as_uuid()).push(" AND id = ").arg(before.id.as_uuid());
                    sql.push(" AND public_key = ").arg(before.public_key.as_str());
                    Ok(txn.execute_raw(sql.statement()).await?.rows_affected() == 1)
                })
            })
            .await
    }

    /// The person who signs in as this subject of the installation's OpenID provider.
    pub async fn find_admin_by_provider(&self, subject: &str) -> Result<Option<AdminRecord>, StoreError> {
        let inner = self.store.inner();
        let mut sql = Sql::new(inner.engine, "SELECT id FROM admins WHERE provider_subject = ");
        sql.arg(subject);
        let Some(row) = self.rows().query_one_raw(sql.statement()).await? else { return Ok(None) };
        self.find_admin(row.try_get::<Uuid>("", "id")?.into()).await
    }

    /// From now on a person signs in as this subject too. `false` when they sign in as another one already.
    pub async fn link_provider(&self, admin: &Admin, subject: &str, author: &Author) -> Result<bool, StoreError> {
        let (admin, subject) = (admin.clone(), subject.to_owned());
        self.store
            .act(None, author, move |txn| {
                let (admin, subject) = (admin.clone(), subject.clone());
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "UPDATE admins SET provider_subject = ");
                    sql.arg(subject.as_str()).push(" WHERE provider_subject IS NULL AND id = ").arg(admin.id.as_uuid());
                    if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
                        return Ok(Acted::nothing(false));
                    }
                    Ok(Acted::new(true, deed(Act::ProviderLinked, &admin, Some(&subject))))
                })
            })
            .await
    }

    /// Takes all of a person's second factors and passkeys away, for who has lost them. `false` when there is no such
    /// person.
    pub async fn clear_factors(&self, id: AdminId, author: &Author) -> Result<bool, StoreError> {
        self.store
            .act(None, author, move |txn| {
                Box::pin(async move {
                    let Some(row) = admin::Entity::find_by_id(id.as_uuid()).one(txn).await? else {
                        return Ok(Acted::nothing(false));
                    };
                    let admin = Admin::from(row);
                    let mut deeds = Vec::new();
                    let mut sql =
                        Sql::new(engine(txn), "UPDATE admins SET totp_salt = NULL, totp_since = NULL, totp_step = NULL ");
                    sql.push("WHERE totp_since IS NOT NULL AND id = ").arg(id.as_uuid());
                    if txn.execute_raw(sql.statement()).await?.rows_affected() > 0 {
                        deeds.push(deed(Act::TotpDisabled, &admin, None));
                    }
                    write_codes(txn, id, &[]).await?;
                    let mut sql = Sql::new(engine(txn), "DELETE FROM passkeys WHERE admin_id = ");
                    sql.arg(id.as_uuid()).push(" RETURNING name");
                    for row in txn.query_all_raw(sql.statement()).await? {
                        let name: String = row.try_get("", "name")?;
                        deeds.push(deed(Act::PasskeyRemoved, &admin, Some(&name)));
                    }
                    Ok(Acted { output: true, deeds })
                })
            })
            .await
    }
}

async fn write_codes(txn: &DatabaseTransaction, id: AdminId, codes: &[[u8; 32]]) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine(txn), "DELETE FROM recovery_codes WHERE admin_id = ");
    sql.arg(id.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    for digest in codes {
        let mut sql = Sql::new(engine(txn), "INSERT INTO recovery_codes (admin_id, digest) VALUES (");
        sql.arg(id.as_uuid()).push(", ").arg(digest.to_vec()).push(")");
        txn.execute_raw(sql.statement()).await?;
    }
    Ok(())
}

fn deed(act: Act, admin: &Admin, name: Option<&str>) -> Deed {
    let picture = name.map(|name| json!({ "name": name }));
    let (before, after) = if act == Act::PasskeyRemoved { (picture, None) } else { (None, picture) };
    Deed { tenant: None, act, subject: admin.into(), before, after }
}

fn read(row: &QueryResult) -> Result<StoredPasskey, StoreError> {
    Ok(StoredPasskey {
        id: row.try_get::<Uuid>("", "id")?.into(),
        admin: row.try_get::<Uuid>("", "admin_id")?.into(),
        credential_id: row.try_get("", "credential_id")?,
        name: row.try_get("", "name")?,
        public_key: row.try_get("", "public_key")?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        last_used_at: row.try_get::<Option<i64>>("", "last_used_at")?.map(Timestamp::from_micros),
    })
}

fn engine(txn: &DatabaseTransaction) -> Engine {
    Engine::of(txn.get_database_backend())
}
