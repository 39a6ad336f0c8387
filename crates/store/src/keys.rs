//! Fingerprints of server keys, so that a node with another key than the one digests were made with refuses to start.

use domain::ServerKey;
use sea_orm::{ActiveValue::Set, DatabaseExecutor, EntityTrait};

use crate::StoreError;
use crate::entity::server_key;
use crate::store::System;
use crate::wall::Door;

const NAME: &str = "credentials";

impl System {
    /// Whether `key` is the one this database's digests were made with; the first key to come is it.
    pub async fn recognises_key(&self, key: &ServerKey) -> Result<bool, StoreError> {
        let fingerprint = key.digest("fingerprint", "").to_vec();
        let row = server_key::ActiveModel { name: Set(NAME.to_owned()), fingerprint: Set(fingerprint.clone()) };
        self.store
            .write_small(None, move |txn| {
                let (txn, row): (DatabaseExecutor<'_>, _) = (txn.into(), row.clone());
                Box::pin(async move {
                    let unless_there = sea_orm::sea_query::OnConflict::column(server_key::Column::Name).do_nothing().to_owned();
                    server_key::Entity::insert(row).on_conflict(unless_there).exec_without_returning(&txn).await?;
                    Ok(())
                })
            })
            .await?;
        let kept = server_key::Entity::find_by_id(NAME).one(&self.store.write_gate().through(Door::System)).await?;
        Ok(kept.is_some_and(|kept| kept.fingerprint == fingerprint))
    }
}
