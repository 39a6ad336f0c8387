//! The names of the keys that access tokens are signed with.

use domain::audit::{Deed, Subject, SubjectKind};
use domain::{Act, Author, SigningKey, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;

use crate::StoreError;
use crate::audit::Acted;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::System;

impl System {
    /// All of them, youngest first.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        let connection = self.rows();
        let engine = Engine::of(connection.get_database_backend());
        let sql = Sql::new(engine, "SELECT kid, created_at, retired_at FROM signing_keys ORDER BY created_at DESC, kid");
        let rows = connection.query_all_raw(sql.statement()).await?;
        let read = |row: &QueryResult| {
            Ok(SigningKey {
                kid: row.try_get("", "kid")?,
                created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
                retired_at: row.try_get::<Option<i64>>("", "retired_at")?.map(Timestamp::from_micros),
            })
        };
        rows.iter().map(read).collect()
    }

    /// Keeps a new one, which signs from now on. With `at_once` nothing that an older one signed is good any more.
    pub async fn add_signing_key(&self, key: &SigningKey, at_once: bool, author: &Author) -> Result<(), StoreError> {
        let key = key.clone();
        self.store
            .act(None, author, move |txn| {
                let key = key.clone();
                Box::pin(async move {
                    let engine = Engine::of(txn.get_database_backend());
                    if at_once {
                        let mut sql = Sql::new(engine, "UPDATE signing_keys SET retired_at = ");
                        sql.arg(key.created_at.as_micros()).push(" WHERE retired_at IS NULL");
                        txn.execute_raw(sql.statement()).await?;
                    }
                    let after = json!({ "kid": key.kid, "endsOlderTokens": at_once });
                    let mut sql = Sql::new(engine, "INSERT INTO signing_keys (kid, created_at) VALUES (");
                    sql.arg(key.kid).push(", ").arg(key.created_at.as_micros()).push(")");
                    txn.execute_raw(sql.statement()).await?;
                    let subject = Subject { kind: SubjectKind::Service, id: None, name: None };
                    let act = Act::SigningKeyRotated;
                    Ok(Acted::new((), Deed { tenant: None, act, subject, before: None, after: Some(after) }))
                })
            })
            .await
    }

    /// Forgets keys made before this moment.
    pub async fn forget_signing_keys(&self, before: Timestamp) -> Result<(), StoreError> {
        self.store
            .write_small(None, move |txn| {
                Box::pin(async move {
                    let mut sql =
                        Sql::new(Engine::of(txn.get_database_backend()), "DELETE FROM signing_keys WHERE created_at < ");
                    sql.arg(before.as_micros());
                    txn.execute_raw(sql.statement()).await?;
                    Ok(())
                })
            })
            .await
    }
}
