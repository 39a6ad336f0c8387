//! Keys of OpenAPI clients, of tenants and of the service itself.

use domain::api_key::{ApiKeyUse, MOST};
use domain::audit::{AuditActor, Deed, Subject, picture};
use domain::token::Digest;
use domain::{Act, ApiKey, ApiKeyId, Author, Role, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use uuid::Uuid;

use crate::audit::{Acted, chain_of};
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;
use crate::{StoreError, Unique};

const COLUMNS: &str = "tenant_id, id, name, public_id, digest, role, created_at, created_by, ends_at, revoked_at, revoked_by, last_used_at, last_used_address, last_used_agent";

/// A use is written again after this many microseconds.
const MINUTE: i64 = 60_000_000;

impl System {
    /// Keeps a key that was issued.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there are [`MOST`] live ones.
    pub async fn insert_api_key(&self, key: &ApiKey, author: &Author) -> Result<(), StoreError> {
        let key = key.clone();
        self.store
            .act(key.tenant, author, move |txn| {
                let key = key.clone();
                Box::pin(async move {
                    let known = list(txn, key.tenant, true).await?;
                    if known.iter().filter(|known| known.check(key.created_at).is_ok()).count() >= MOST {
                        return Err(StoreError::Conflict(Unique::ApiKeyPlace));
                    }
                    let mut sql = Sql::new(engine(txn), "INSERT INTO api_keys (");
                    sql.push("tenant_id, id, name, public_id, digest, role, created_at, created_by, ends_at) VALUES ");
                    sql.list::<Value>([
                        chain_of(key.tenant).as_uuid().into(),
                        key.id.as_uuid().into(),
                        key.name.as_str().into(),
                        key.public_id.as_str().into(),
                        key.digest.as_bytes().to_vec().into(),
                        key.role.as_str().into(),
                        key.created_at.as_micros().into(),
                        key.created_by.as_str().into(),
                        key.ends_at.map(Timestamp::as_micros).into(),
                    ]);
                    txn.execute_raw(sql.statement()).await?;
                    Ok(Acted::new((), deed(Act::ApiKeyIssued, None, &key)))
                })
            })
            .await
    }

    /// The keys of a tenant, or of the service, oldest first; those included that ended.
    pub async fn list_api_keys(&self, tenant: Option<TenantId>) -> Result<Vec<ApiKey>, StoreError> {
        list(&self.rows(), tenant, false).await
    }

    /// The key with this public id.
    pub async fn find_api_key(&self, public_id: &str) -> Result<Option<ApiKey>, StoreError> {
        let inner = self.store.inner();
        let mut sql = Sql::new(inner.engine, "SELECT ");
        sql.push(COLUMNS).push(" FROM api_keys WHERE public_id = ").arg(public_id);
        self.rows().query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
    }

    /// Revokes a key, at once on every node. A second time changes nothing; nothing for a key that is not there.
    pub async fn revoke_api_key(
        &self,
        tenant: Option<TenantId>,
        id: ApiKeyId,
        author: &Author,
    ) -> Result<Option<ApiKey>, StoreError> {
        let (by, now) = (author.actor.name().to_owned(), self.store.inner().clock.now());
        let act = match author.actor {
            AuditActor::TokenHolder => Act::LeakedTokenRevoked,
            _ => Act::ApiKeyRevoked,
        };
        self.store
            .act(tenant, author, move |txn| {
                let by = by.clone();
                Box::pin(async move {
                    let Some(before) = list(txn, tenant, true).await?.into_iter().find(|key| key.id == id) else {
                        return Ok(Acted::nothing(None));
                    };
                    if before.revoked_at.is_some() {
                        return Ok(Acted::nothing(Some(before)));
                    }
                    let after = ApiKey { revoked_at: Some(now), revoked_by: Some(by.clone()), ..before.clone() };
                    let mut sql = Sql::new(engine(txn), "UPDATE api_keys SET revoked_at = ");
                    sql.arg(now.as_micros()).push(", revoked_by = ").arg(by).push(" WHERE tenant_id = ");
                    sql.arg(chain_of(tenant).as_uuid()).push(" AND id = ").arg(id.as_uuid());
                    txn.execute_raw(sql.statement()).await?;
                    let deed = deed(act, Some(&before), &after);
                    Ok(Acted::new(Some(after), deed))
                })
            })
            .await
    }

    /// Notes a use of a key, at most once a minute.
    pub async fn note_api_key_use(&self, key: &ApiKey, seen: ApiKeyUse) -> Result<(), StoreError> {
        let minute = seen.at.as_micros() - seen.at.as_micros().rem_euclid(MINUTE);
        if key.last_used.as_ref().is_some_and(|last| last.at.as_micros() >= minute) {
            return Ok(());
        }
        let (engine, tenant, id) = (self.store.inner().engine, key.tenant, key.id);
        self.store
            .write_small(tenant, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let seen = seen.clone();
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "UPDATE api_keys SET last_used_at = ");
                    sql.arg(minute).push(", last_used_address = ").arg(seen.address);
                    sql.push(", last_used_agent = ").arg(seen.user_agent).push(" WHERE tenant_id = ");
                    sql.arg(chain_of(tenant).as_uuid()).push(" AND id = ").arg(id.as_uuid());
                    txn.execute_raw(sql.statement()).await?;
                    Ok(())
                })
            })
            .await
    }
}

/// The keys of one owner; held against other writers where they are to change.
async fn list(connection: &impl ConnectionTrait, tenant: Option<TenantId>, hold: bool) -> Result<Vec<ApiKey>, StoreError> {
    let engine = Engine::of(connection.get_database_backend());
    let mut sql = Sql::new(engine, "SELECT ");
    sql.push(COLUMNS).push(" FROM api_keys WHERE tenant_id = ").arg(chain_of(tenant).as_uuid()).push(" ORDER BY id");
    if hold && engine == Engine::Postgres {
        sql.push(" FOR UPDATE");
    }
    connection.query_all_raw(sql.statement()).await?.iter().map(read).collect()
}

fn deed(act: Act, before: Option<&ApiKey>, after: &ApiKey) -> Deed {
    let (subject, before) = (Subject::from(after), before.map(picture::api_key));
    Deed { tenant: after.tenant, act, subject, before, after: Some(picture::api_key(after)) }
}

fn read(row: &QueryResult) -> Result<ApiKey, StoreError> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of an API key"));
    let time = |name: &str| Ok::<_, StoreError>(row.try_get::<Option<i64>>("", name)?.map(Timestamp::from_micros));
    let tenant: Uuid = row.try_get("", "tenant_id")?;
    let (digest, role): (Vec<u8>, String) = (row.try_get("", "digest")?, row.try_get("", "role")?);
    let (address, user_agent) = (row.try_get("", "last_used_address")?, row.try_get("", "last_used_agent")?);
    Ok(ApiKey {
        id: row.try_get::<Uuid>("", "id")?.into(),
        tenant: (!tenant.is_nil()).then(|| tenant.into()),
        name: row.try_get("", "name")?,
        public_id: row.try_get("", "public_id")?,
        digest: digest.as_slice().try_into().map(Digest::from_bytes).map_err(|_| corrupt("digest"))?,
        role: Role::parse(&role).ok_or_else(|| corrupt("role"))?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        created_by: row.try_get("", "created_by")?,
        ends_at: time("ends_at")?,
        revoked_at: time("revoked_at")?,
        revoked_by: row.try_get("", "revoked_by")?,
        last_used: time("last_used_at")?.map(|at| ApiKeyUse { at, address, user_agent }),
    })
}

fn engine(txn: &DatabaseTransaction) -> Engine {
    Engine::of(txn.get_database_backend())
}
