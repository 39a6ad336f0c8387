//! What requests and answers said, in a table of its own: made ready by threads that nothing waits for, deflated.

use std::io::{Read, Write};

use domain::{Exchange, RawExchange, SyncEvent, SyncEventId};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use super::rows::statements;
use super::{TenantSyncLog, tenant_of};
use crate::StoreError;
use crate::entity::sync_event_body;

/// Most bytes of one row when it is inflated: far more than is ever kept.
const MOST: u64 = 1024 * 1024;

impl TenantSyncLog<'_> {
    /// What a request and its answer said, as the tenant wanted it to be kept then.
    ///
    /// # Errors
    /// When the database cannot answer, or what it holds cannot be read.
    pub async fn exchange(&self, id: SyncEventId) -> Result<Option<Exchange>, StoreError> {
        let key = (self.tenant.as_uuid(), id.as_uuid());
        let row = sync_event_body::Entity::find_by_id(key).one(&self.rows()).await?;
        let corrupt = || StoreError::Corrupt(format!("bodies of sync event {id}"));
        row.map(|row| inflate(&row.content).ok_or_else(corrupt)).transpose()
    }
}

/// Takes what was said out of the events and makes rows of it.
pub(super) async fn rows(events: &mut [SyncEvent]) -> Vec<sync_event_body::ActiveModel> {
    let taken: Vec<_> =
        events.iter_mut().filter_map(|event| Some((tenant_of(event), event.id.as_uuid(), event.exchange.take()?))).collect();
    if taken.is_empty() {
        return Vec::new();
    }
    let made = tokio::task::spawn_blocking(move || taken.into_iter().filter_map(row).collect()).await;
    made.unwrap_or_else(|error| {
        tracing::error!(%error, "bodies of a batch were not kept");
        Vec::new()
    })
}

pub(super) async fn insert(txn: &DatabaseTransaction, rows: &[sync_event_body::ActiveModel]) -> Result<(), StoreError> {
    for some in statements(rows) {
        let insert = sync_event_body::Entity::insert_many(some.iter().cloned());
        insert.exec_without_returning(txn).await?;
    }
    Ok(())
}

fn row((tenant, event, exchange): (Uuid, Uuid, RawExchange)) -> Option<sync_event_body::ActiveModel> {
    let content = deflate(&exchange.keep()?)?;
    Some(sync_event_body::ActiveModel { tenant_id: Set(tenant), event_id: Set(event), content: Set(content) })
}

fn deflate(exchange: &Exchange) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&serde_json::to_vec(exchange).ok()?).ok()?;
    encoder.finish().ok()
}

fn inflate(content: &[u8]) -> Option<Exchange> {
    let mut json = Vec::new();
    ZlibDecoder::new(content).take(MOST).read_to_end(&mut json).ok()?;
    serde_json::from_slice(&json).ok()
}
