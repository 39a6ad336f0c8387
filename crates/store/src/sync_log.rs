//! The sync log: one row a request, in a store of its own, so that logging never holds up a write to the directory.

mod query;
mod traffic;
mod writer;

use domain::{SyncEvent, SyncEventId, TenantId, Timestamp};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, TransactionTrait,
};
use uuid::Uuid;

pub use query::SyncEventFilter;
pub use traffic::{MOST_COUNTED, Traffic};
pub use writer::{SyncLogSender, SyncLogWatch, SyncLogWriter};

use crate::StoreError;
use crate::entity::{sync_event, sync_event_identifier};

/// Rows of one statement: 26 values each must stay under SQLite's limit of bound values.
const ROWS: usize = 500;

/// The log's own connections: a file of its own on SQLite, the common pool on PostgreSQL.
#[derive(Clone)]
pub struct SyncLog {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

impl SyncLog {
    pub(crate) fn new(read: DatabaseConnection, write: DatabaseConnection) -> Self {
        Self { read, write }
    }

    /// The requests to tenants that do not exist, newest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn list_without_tenant(&self, filter: &SyncEventFilter) -> Result<Vec<SyncEvent>, StoreError> {
        self.list(Uuid::nil(), filter).await
    }

    /// Writes a batch whole or not at all.
    pub(crate) async fn insert(&self, events: &[SyncEvent]) -> Result<(), StoreError> {
        let txn = self.write.begin().await?;
        for chunk in events.chunks(ROWS) {
            sync_event::Entity::insert_many(chunk.iter().map(sync_event::ActiveModel::from)).exec_without_returning(&txn).await?;
        }
        let identifiers: Vec<_> = events.iter().flat_map(identifiers).collect();
        for chunk in identifiers.chunks(ROWS) {
            sync_event_identifier::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(&txn).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// Removes at most `most` of a tenant's events before `before`, or of the operator's; says how many it removed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge(&self, tenant: Option<TenantId>, before: Timestamp, most: u64) -> Result<u64, StoreError> {
        let tenant = tenant.map_or(Uuid::nil(), TenantId::as_uuid);
        let old: Vec<Uuid> = sync_event::Entity::find()
            .select_only()
            .column(sync_event::Column::Id)
            .filter(sync_event::Column::TenantId.eq(tenant))
            .filter(sync_event::Column::At.lt(before.as_micros()))
            .order_by_asc(sync_event::Column::At)
            .limit(most)
            .into_tuple()
            .all(&self.read)
            .await?;
        if old.is_empty() {
            return Ok(0);
        }
        let txn = self.write.begin().await?;
        let identifiers = sync_event_identifier::Entity::delete_many()
            .filter(sync_event_identifier::Column::TenantId.eq(tenant))
            .filter(sync_event_identifier::Column::EventId.is_in(old.iter().copied()));
        identifiers.exec(&txn).await?;
        let events = sync_event::Entity::delete_many()
            .filter(sync_event::Column::TenantId.eq(tenant))
            .filter(sync_event::Column::Id.is_in(old));
        let removed = events.exec(&txn).await?.rows_affected;
        txn.commit().await?;
        Ok(removed)
    }

    #[cfg(feature = "testing")]
    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.write
    }

    pub(crate) async fn close(&self) {
        for pool in [&self.read, &self.write] {
            let _ = pool.close_by_ref().await;
        }
    }

    async fn list(&self, tenant: Uuid, filter: &SyncEventFilter) -> Result<Vec<SyncEvent>, StoreError> {
        let rows =
            query::select(tenant, filter).order_by_desc(sync_event::Column::Id).limit(filter.limit).all(&self.read).await?;
        rows.into_iter().map(|row| row.into_event(Vec::new())).collect()
    }
}

fn identifiers(event: &SyncEvent) -> impl Iterator<Item = sync_event_identifier::ActiveModel> {
    let mut all: Vec<_> = event.identifiers.clone();
    all.sort_unstable();
    all.dedup();
    let (tenant, event) = (event.tenant.map_or(Uuid::nil(), TenantId::as_uuid), event.id.as_uuid());
    all.into_iter().map(move |identifier| {
        sync_event_identifier::Model { tenant_id: tenant, identifier, event_id: event }.into_active_model()
    })
}

/// The log of one tenant.
pub struct TenantSyncLog<'s> {
    tenant: TenantId,
    log: &'s SyncLog,
}

impl<'s> TenantSyncLog<'s> {
    pub(crate) fn new(tenant: TenantId, log: &'s SyncLog) -> Self {
        Self { tenant, log }
    }

    /// The requests that pass `filter`, newest first. Their identifiers are left out; [`Self::find`] has them.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn list(&self, filter: &SyncEventFilter) -> Result<Vec<SyncEvent>, StoreError> {
        self.log.list(self.tenant.as_uuid(), filter).await
    }

    /// One request.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn find(&self, id: SyncEventId) -> Result<Option<SyncEvent>, StoreError> {
        let tenant = self.tenant.as_uuid();
        let Some(row) = sync_event::Entity::find_by_id((tenant, id.as_uuid())).one(&self.log.read).await? else {
            return Ok(None);
        };
        let identifiers = sync_event_identifier::Entity::find()
            .filter(sync_event_identifier::Column::TenantId.eq(tenant))
            .filter(sync_event_identifier::Column::EventId.eq(id.as_uuid()))
            .order_by_asc(sync_event_identifier::Column::Identifier)
            .all(&self.log.read)
            .await?;
        row.into_event(identifiers.into_iter().map(|row| row.identifier).collect()).map(Some)
    }
}
