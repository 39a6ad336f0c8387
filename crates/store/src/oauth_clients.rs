//! How OAuth clients prove themselves: their secrets and the keys they trust. The client itself is a credential.

use domain::audit::{AuditActor, Deed, picture};
use domain::oauth::{SECRETS, Trust, TrustedKeys};
use domain::token::Digest;
use domain::{Act, Author, ClientSecret, ClientSecretId, Credential, CredentialId, OAuthClient, TenantId, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryFilter, QueryResult, QuerySelect,
    Value,
};
use uuid::Uuid;

use crate::audit::Acted;
use crate::dialect::Engine;
use crate::entity::credential;
use crate::sql::Sql;
use crate::store::{System, TenantStore};
use crate::wall::Rows;
use crate::{StoreError, Unique};

const SECRET: &str = "id, public_id, digest, created_at, created_by, ends_at, revoked_at, revoked_by, last_used_at";

/// The OAuth clients of one tenant.
pub struct OAuthClients<'s> {
    door: &'s TenantStore,
}

impl<'s> OAuthClients<'s> {
    pub(crate) fn new(door: &'s TenantStore) -> Self {
        Self { door }
    }

    /// Keeps a client that was made, with its first secrets. Its tenant is this one, whatever the record says.
    pub async fn insert(&self, credential: &Credential, client: &OAuthClient, author: &Author) -> Result<(), StoreError> {
        let (made, client) = (Credential { tenant: self.door.tenant, ..credential.clone() }, client.clone());
        self.act(author, move |txn| {
            let (made, client) = (made.clone(), client.clone());
            Box::pin(async move { Ok(Acted { output: (), deeds: keep(txn, &made, &client).await? }) })
        })
        .await?;
        self.door.store.inner().credentials.forget(&credential.public_id).await;
        Ok(())
    }

    /// How a client proves itself; nothing for what is no client.
    pub async fn find(&self, id: CredentialId) -> Result<Option<OAuthClient>, StoreError> {
        load(&self.door.rows(), self.door.tenant, id).await
    }

    /// Gives a client another life of its tokens and other trusted keys.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when there is no such client.
    pub async fn set(
        &self,
        id: CredentialId,
        token_seconds: u32,
        trust: Option<Trust>,
        author: &Author,
    ) -> Result<(), StoreError> {
        let tenant = self.door.tenant;
        self.act(author, move |txn| {
            let trust = trust.clone();
            Box::pin(async move {
                let (credential, before) = lock(txn, tenant, id).await?;
                let after = OAuthClient { token_seconds, trust, secrets: Vec::new() };
                let [issuer, subject, audience, url, jwks, set_at] = columns(after.trust.as_ref());
                let mut sql = Sql::new(engine(txn), "UPDATE oauth_clients SET token_seconds = ");
                sql.arg(i64::from(token_seconds)).push(", issuer = ").arg(issuer).push(", subject = ").arg(subject);
                sql.push(", audience = ").arg(audience).push(", jwks_url = ").arg(url).push(", jwks = ").arg(jwks);
                sql.push(", trust_set_at = ").arg(set_at);
                of_client(&mut sql, tenant, id);
                txn.execute_raw(sql.statement()).await?;
                let (before, after) = (picture::oauth_client(&before), picture::oauth_client(&after));
                Ok(Acted::new((), deed(Act::ClientChanged, &credential, Some(before), Some(after))))
            })
        })
        .await
    }

    /// Keeps what was read at the address of a client's trusted keys, unless another address stands there by now.
    pub async fn keep_keys(&self, id: CredentialId, url: &str, set: serde_json::Value) -> Result<(), StoreError> {
        let (tenant, url) = (self.door.tenant, url.to_owned());
        self.change(move |txn| {
            let (url, set) = (url.clone(), set.clone());
            Box::pin(async move {
                let mut sql = Sql::new(engine(txn), "UPDATE oauth_clients SET jwks = ");
                sql.arg(set);
                of_client(&mut sql, tenant, id);
                sql.push(" AND jwks_url = ").arg(url);
                txn.execute_raw(sql.statement()).await?;
                Ok(())
            })
        })
        .await
    }

    /// Keeps a secret that was issued.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the client has [`SECRETS`] live ones, [`StoreError::Stale`] when there is no such client.
    pub async fn add_secret(&self, id: CredentialId, secret: &ClientSecret, author: &Author) -> Result<(), StoreError> {
        let (tenant, secret) = (self.door.tenant, secret.clone());
        self.act(author, move |txn| {
            let secret = secret.clone();
            Box::pin(async move {
                let (credential, client) = lock(txn, tenant, id).await?;
                if client.secrets.iter().filter(|known| known.check(secret.created_at).is_ok()).count() >= SECRETS {
                    return Err(StoreError::Conflict(Unique::SecretPlace));
                }
                insert_secret(txn, tenant, id, &secret).await?;
                let issued = picture::client_secret(&secret);
                Ok(Acted::new((), deed(Act::ClientSecretIssued, &credential, None, Some(issued))))
            })
        })
        .await
    }

    /// Revokes a secret; access tokens that it got end with it. A second time changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when there is no such client.
    pub async fn revoke_secret(
        &self,
        id: CredentialId,
        secret: ClientSecretId,
        at: Timestamp,
        author: &Author,
    ) -> Result<(), StoreError> {
        let (tenant, by) = (self.door.tenant, author.actor.name().to_owned());
        let act = match author.actor {
            AuditActor::TokenHolder => Act::LeakedTokenRevoked,
            _ => Act::ClientSecretRevoked,
        };
        self.act(author, move |txn| {
            let by = by.clone();
            Box::pin(async move {
                let (credential, client) = lock(txn, tenant, id).await?;
                let live = client.secrets.into_iter().find(|known| known.id == secret && known.revoked_at.is_none());
                let Some(before) = live else { return Ok(Acted::nothing(())) };
                let mut sql = Sql::new(engine(txn), "UPDATE oauth_secrets SET revoked_at = ");
                sql.arg(at.as_micros()).push(", revoked_by = ").arg(by);
                of_client(&mut sql, tenant, id);
                sql.push(" AND id = ").arg(secret.as_uuid());
                txn.execute_raw(sql.statement()).await?;
                let after = ClientSecret { revoked_at: Some(at), ..before.clone() };
                let (before, after) = (picture::client_secret(&before), picture::client_secret(&after));
                Ok(Acted::new((), deed(act, &credential, Some(before), Some(after))))
            })
        })
        .await
    }

    /// The tenant's secrets that are good at `now` and end by themselves, the first to end first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn endings(&self, now: Timestamp) -> Result<Vec<FoundSecret>, StoreError> {
        let (connection, tenant) = (self.door.rows(), self.door.tenant);
        let engine = Engine::of(connection.get_database_backend());
        let mut sql = Sql::new(engine, &format!("SELECT credential_id, {SECRET} FROM oauth_secrets WHERE tenant_id = "));
        sql.arg(tenant.as_uuid()).push(" AND revoked_at IS NULL AND ends_at > ").arg(now.as_micros());
        sql.push(" ORDER BY ends_at, id");
        let found = |row: &QueryResult| {
            let client: Uuid = row.try_get("", "credential_id")?;
            Ok(FoundSecret { tenant, client: client.into(), secret: secret(row)? })
        };
        connection.query_all_raw(sql.statement()).await?.iter().map(found).collect()
    }

    /// Does something on behalf of `author` after which this node believes nothing older.
    async fn act<F>(&self, author: &Author, work: F) -> Result<(), StoreError>
    where
        F: for<'a> Fn(&'a DatabaseTransaction) -> crate::system_unit::Step<'a, Acted<()>> + Send + Sync + 'static,
    {
        self.door.store.act(Some(self.door.tenant), author, work).await?;
        self.door.store.forget_credentials().await;
        Ok(())
    }

    /// Runs a change that is nobody's act, after which this node believes nothing older.
    async fn change<F>(&self, work: F) -> Result<(), StoreError>
    where
        F: for<'a> Fn(&'a DatabaseTransaction) -> crate::system_unit::Step<'a, ()> + Send + Sync + 'static,
    {
        self.door.store.write_small(Some(self.door.tenant), work).await?;
        self.door.store.forget_credentials().await;
        Ok(())
    }
}

fn deed(act: Act, client: &Credential, before: Option<serde_json::Value>, after: Option<serde_json::Value>) -> Deed {
    Deed { tenant: Some(client.tenant), act, subject: client.into(), before, after }
}

/// Keeps a client that was made, with its first secrets; gives what that did.
pub(crate) async fn keep(txn: &DatabaseTransaction, made: &Credential, client: &OAuthClient) -> Result<Vec<Deed>, StoreError> {
    let row = crate::credentials::row(made.tenant, made);
    credential::Entity::insert(row).exec_without_returning(&DatabaseExecutor::from(txn)).await?;
    let mut sql = Sql::new(
        engine(txn),
        "INSERT INTO oauth_clients (tenant_id, credential_id, token_seconds, issuer, subject, audience, jwks_url, jwks, trust_set_at) VALUES ",
    );
    let [issuer, subject, audience, url, jwks, set_at] = columns(client.trust.as_ref());
    let (tenant_id, id_value) = (made.tenant.as_uuid().into(), made.id.as_uuid().into());
    let seconds: Value = i64::from(client.token_seconds).into();
    sql.list::<Value>([tenant_id, id_value, seconds, issuer, subject, audience, url, jwks, set_at]);
    txn.execute_raw(sql.statement()).await?;
    let mut deeds = vec![crate::credentials::deed(Act::CredentialIssued, None, made)];
    if client.trust.is_some() {
        deeds.push(deed(Act::ClientChanged, made, None, Some(picture::oauth_client(client))));
    }
    for secret in &client.secrets {
        insert_secret(txn, made.tenant, made.id, secret).await?;
        deeds.push(deed(Act::ClientSecretIssued, made, None, Some(picture::client_secret(secret))));
    }
    Ok(deeds)
}

/// A client as it is now, held until the transaction ends.
async fn lock(txn: &DatabaseTransaction, tenant: TenantId, id: CredentialId) -> Result<(Credential, OAuthClient), StoreError> {
    let executor = Rows::from(txn);
    let find = credential::Entity::find().filter(credential::Column::TenantId.eq(tenant.as_uuid()));
    let find = find.filter(credential::Column::Id.eq(id.as_uuid())).lock_exclusive();
    let credential: Credential = find.one(&executor).await?.ok_or(StoreError::Stale)?.try_into()?;
    Ok((credential, load(&executor, tenant, id).await?.ok_or(StoreError::Stale)?))
}

/// A secret with the client that has it.
#[derive(Clone, Debug)]
pub struct FoundSecret {
    /// Whose client it is.
    pub tenant: TenantId,
    /// The client.
    pub client: CredentialId,
    /// The secret.
    pub secret: ClientSecret,
}

impl System {
    /// The secret of this public id, in any tenant.
    pub async fn find_client_secret(&self, public_id: &str) -> Result<Option<FoundSecret>, StoreError> {
        let connection = self.rows();
        let engine = Engine::of(connection.get_database_backend());
        let mut sql =
            Sql::new(engine, &format!("SELECT tenant_id, credential_id, {SECRET} FROM oauth_secrets WHERE public_id = "));
        sql.arg(public_id);
        let Some(row) = connection.query_one_raw(sql.statement()).await? else { return Ok(None) };
        let (tenant, client): (Uuid, Uuid) = (row.try_get("", "tenant_id")?, row.try_get("", "credential_id")?);
        Ok(Some(FoundSecret { tenant: tenant.into(), client: client.into(), secret: secret(&row)? }))
    }
}

/// How a client proves itself; nothing for what is no client.
pub(crate) async fn load(connection: &Rows<'_>, tenant: TenantId, id: CredentialId) -> Result<Option<OAuthClient>, StoreError> {
    let engine = Engine::of(connection.get_database_backend());
    let mut sql =
        Sql::new(engine, "SELECT token_seconds, issuer, subject, audience, jwks_url, jwks, trust_set_at FROM oauth_clients");
    of_client(&mut sql, tenant, id);
    let Some(row) = connection.query_one_raw(sql.statement()).await? else { return Ok(None) };
    let mut sql = Sql::new(engine, &format!("SELECT {SECRET} FROM oauth_secrets"));
    of_client(&mut sql, tenant, id);
    sql.push(" ORDER BY id");
    let secrets = connection.query_all_raw(sql.statement()).await?;
    let seconds: i64 = row.try_get("", "token_seconds")?;
    Ok(Some(OAuthClient {
        token_seconds: u32::try_from(seconds).map_err(|_| StoreError::Corrupt("life of an access token".to_owned()))?,
        trust: trust(&row)?,
        secrets: secrets.iter().map(secret).collect::<Result<_, _>>()?,
    }))
}

fn of_client(sql: &mut Sql, tenant: TenantId, id: CredentialId) {
    sql.push(" WHERE tenant_id = ").arg(tenant.as_uuid()).push(" AND credential_id = ").arg(id.as_uuid());
}

async fn insert_secret(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    client: CredentialId,
    secret: &ClientSecret,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine(txn), &format!("INSERT INTO oauth_secrets (tenant_id, credential_id, {SECRET}) VALUES "));
    let micros = |at: Option<Timestamp>| Value::from(at.map(Timestamp::as_micros));
    let row: [Value; 11] = [
        tenant.as_uuid().into(),
        client.as_uuid().into(),
        secret.id.as_uuid().into(),
        secret.public_id.clone().into(),
        secret.digest.as_bytes().to_vec().into(),
        secret.created_at.as_micros().into(),
        secret.created_by.clone().into(),
        micros(secret.ends_at),
        micros(secret.revoked_at),
        secret.revoked_by.clone().into(),
        micros(secret.last_used_at),
    ];
    sql.list(row);
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Issuer, subject, audience, address, key set and since when.
fn columns(trust: Option<&Trust>) -> [Value; 6] {
    let text = |of: fn(&Trust) -> &String| Value::from(trust.map(|trust| of(trust).clone()));
    let (url, set) = match trust.map(|trust| &trust.keys) {
        Some(TrustedKeys::Address { url, kept }) => (Some(url.clone()), kept.clone()),
        Some(TrustedKeys::Given(set)) => (None, Some(set.clone())),
        None => (None, None),
    };
    let set_at = trust.map(|trust| trust.set_at.as_micros());
    [
        text(|trust| &trust.issuer),
        text(|trust| &trust.subject),
        text(|trust| &trust.audience),
        url.into(),
        set.into(),
        set_at.into(),
    ]
}

fn trust(row: &QueryResult) -> Result<Option<Trust>, StoreError> {
    let Some(set_at) = row.try_get::<Option<i64>>("", "trust_set_at")? else { return Ok(None) };
    let text = |name: &str| Ok::<String, StoreError>(row.try_get::<Option<String>>("", name)?.unwrap_or_default());
    let (url, set): (Option<String>, Option<serde_json::Value>) = (row.try_get("", "jwks_url")?, row.try_get("", "jwks")?);
    let keys = match url {
        Some(url) => TrustedKeys::Address { url, kept: set },
        None => TrustedKeys::Given(set.ok_or_else(|| StoreError::Corrupt("trusted keys of a client".to_owned()))?),
    };
    let set_at = Timestamp::from_micros(set_at);
    Ok(Some(Trust { issuer: text("issuer")?, subject: text("subject")?, audience: text("audience")?, keys, set_at }))
}

fn secret(row: &QueryResult) -> Result<ClientSecret, StoreError> {
    let at = |name: &str| Ok::<_, StoreError>(row.try_get::<Option<i64>>("", name)?.map(Timestamp::from_micros));
    let (id, digest): (Uuid, Vec<u8>) = (row.try_get("", "id")?, row.try_get("", "digest")?);
    let corrupt = |id| StoreError::Corrupt(format!("digest of client secret {id}"));
    Ok(ClientSecret {
        id: id.into(),
        public_id: row.try_get("", "public_id")?,
        digest: digest.try_into().map(Digest::from_bytes).map_err(|_| corrupt(id))?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        created_by: row.try_get("", "created_by")?,
        ends_at: at("ends_at")?,
        revoked_at: at("revoked_at")?,
        revoked_by: row.try_get("", "revoked_by")?,
        last_used_at: at("last_used_at")?,
    })
}

/// Notes that a secret got an access token, to the minute.
pub(crate) async fn note_use(
    connection: &DatabaseExecutor<'_>,
    (tenant, client, secret): (TenantId, CredentialId, ClientSecretId),
    at: Timestamp,
) -> Result<(), StoreError> {
    let minute = at.as_micros() - at.as_micros().rem_euclid(60_000_000);
    let mut sql = Sql::new(Engine::of(connection.get_database_backend()), "UPDATE oauth_secrets SET last_used_at = ");
    sql.arg(minute);
    of_client(&mut sql, tenant, client);
    sql.push(" AND id = ").arg(secret.as_uuid());
    sql.push(" AND (last_used_at IS NULL OR last_used_at < ").arg(minute).push(")");
    connection.execute_raw(sql.statement()).await?;
    Ok(())
}

fn engine(txn: &DatabaseTransaction) -> Engine {
    Engine::of(txn.get_database_backend())
}
