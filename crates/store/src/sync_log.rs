//! The sync log: one row a request, in a store of its own, so that logging never holds up a write to the directory.

mod bodies;
mod cycles;
mod figures;
pub(crate) mod looked_up;
mod milestones;
pub(crate) mod open;
mod pulse;
mod query;
mod rows;
pub(crate) mod search;
mod story;
pub(crate) mod stream;
mod traffic;
mod waits;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use domain::{SyncEvent, SyncEventId, TenantId, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

pub use figures::{Figures, Hour, Problem, RepairCount};
pub use milestones::Passed;
pub use pulse::LastHour;
pub use query::SyncEventFilter;
pub use story::Story;
pub use traffic::{MOST_COUNTED, Traffic};
pub use writer::{SyncLogSender, SyncLogWatch, SyncLogWriter};

use crate::StoreError;
use crate::entity::{sync_event, sync_event_body, sync_event_identifier};
use crate::news::News;
use crate::sql::Sql;
use crate::standings::Stirred;
use crate::wall::{Door, Gate, Rows};

/// The log's own connections: a file of its own on SQLite, the common pool on PostgreSQL.
#[derive(Clone)]
pub struct SyncLog {
    read: Gate,
    write: Gate,
    pub(crate) news: Arc<News>,
    written: Arc<milestones::Written>,
    pub(crate) stirred: Arc<Stirred>,
    /// SQLite's write-ahead log, which commits do not wait for.
    unsynced: Option<PathBuf>,
}

impl SyncLog {
    pub(crate) fn new(read: Gate, write: Gate, file: Option<PathBuf>) -> Self {
        let unsynced = file.map(|file| {
            let mut name = file.into_os_string();
            name.push("-wal");
            PathBuf::from(name)
        });
        Self { read, write, news: Arc::default(), written: Arc::default(), stirred: Arc::default(), unsynced }
    }

    /// The requests to tenants that do not exist, newest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn list_without_tenant(&self, filter: &SyncEventFilter) -> Result<Vec<SyncEvent>, StoreError> {
        self.list(Uuid::nil(), filter).await
    }

    /// Writes a batch whole or not at all, and tells those who follow the log.
    pub(crate) async fn insert(&self, events: &[SyncEvent], said: &[sync_event_body::ActiveModel]) -> Result<(), StoreError> {
        // One batch holds the events of many tenants.
        let txn = self.write.enter(Door::System).await?;
        let heads = stream::advance(&txn, events).await?;
        let rows: Vec<_> = stream::placed(events, &heads).collect();
        for chunk in rows::statements(&rows) {
            sync_event::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(&txn).await?;
        }
        bodies::insert(&txn, said).await?;
        let due = self.written.due(events);
        milestones::save(&txn, &due).await?;
        let identifiers: Vec<_> = events.iter().flat_map(identifiers).collect();
        for chunk in rows::statements(&identifiers) {
            sync_event_identifier::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(&txn).await?;
        }
        figures::add(&txn, events).await?;
        cycles::add(&txn, events).await?;
        stream::tell_other_nodes(&txn, &heads).await?;
        txn.commit().await?;
        self.written.note(&due);
        self.stirred.stir(heads.keys().copied().map(TenantId::from));
        self.news.ring(heads.into_keys().map(TenantId::from));
        Ok(())
    }

    /// Whether a batch stands in the log already.
    pub(crate) async fn has(&self, events: &[SyncEvent]) -> bool {
        let Some(first) = events.first() else { return true };
        let tenant = tenant_of(first);
        let find = sync_event::Entity::find_by_id((tenant, first.id.as_uuid()));
        find.one(&self.write.through(Door::Tenant(tenant.into()))).await.is_ok_and(|row| row.is_some())
    }

    /// Waits until what was committed is on disk, where commits do not.
    pub(crate) async fn sync(&self) {
        let Some(file) = self.unsynced.clone() else { return };
        let synced = tokio::task::spawn_blocking(move || std::fs::File::open(file)?.sync_data()).await;
        if let Ok(Err(error)) = synced {
            tracing::warn!(%error, "the sync log was not brought to the disk");
        }
    }

    /// Drops what is kept beside a tenant's events, when the last of them is gone.
    pub(crate) async fn forget(&self, tenant: TenantId) -> Result<(), StoreError> {
        for table in ["sync_log_heads", "connection_milestones", "sync_tallies", "sync_cycles", "sync_open_problems"] {
            let mut sql = Sql::new(self.write.engine(), &format!("DELETE FROM {table} WHERE tenant_id = "));
            sql.arg(tenant.as_uuid());
            self.write.through(Door::Tenant(tenant)).execute_raw(sql.statement()).await?;
        }
        Ok(())
    }

    /// Removes at most `most` of a tenant's events before `before`, or of the operator's; says how many it removed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge(&self, tenant: Option<TenantId>, before: Timestamp, most: u64) -> Result<u64, StoreError> {
        let tenant = tenant.map_or(Uuid::nil(), TenantId::as_uuid);
        let door = Door::Tenant(tenant.into());
        let old: Vec<Uuid> = sync_event::Entity::find()
            .select_only()
            .column(sync_event::Column::Id)
            .filter(sync_event::Column::TenantId.eq(tenant))
            .filter(sync_event::Column::At.lt(before.as_micros()))
            .order_by_asc(sync_event::Column::At)
            .limit(most)
            .into_tuple()
            .all(&self.read.through(door))
            .await?;
        if old.is_empty() {
            return Ok(0);
        }
        let txn = self.write.enter(door).await?;
        let identifiers = sync_event_identifier::Entity::delete_many()
            .filter(sync_event_identifier::Column::TenantId.eq(tenant))
            .filter(sync_event_identifier::Column::EventId.is_in(old.iter().copied()));
        identifiers.exec(&txn).await?;
        let bodies = sync_event_body::Entity::delete_many()
            .filter(sync_event_body::Column::TenantId.eq(tenant))
            .filter(sync_event_body::Column::EventId.is_in(old.iter().copied()));
        bodies.exec(&txn).await?;
        let events = sync_event::Entity::delete_many()
            .filter(sync_event::Column::TenantId.eq(tenant))
            .filter(sync_event::Column::Id.is_in(old));
        let removed = events.exec(&txn).await?.rows_affected;
        txn.commit().await?;
        Ok(removed)
    }

    /// Removes what a tenant's events, or the operator's, added up to before `before`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge_figures(&self, tenant: Option<TenantId>, before: Timestamp) -> Result<u64, StoreError> {
        let tenant = tenant.map_or(Uuid::nil(), TenantId::as_uuid);
        let rows = self.write.through(Door::Tenant(tenant.into()));
        let mut removed = 0;
        let (engine, hour) = (self.write.engine(), figures::hour_of(before));
        let tallies = [figures::purge(engine, tenant, before), open::purge(engine, tenant, hour)];
        for sql in tallies.into_iter().chain([cycles::purge(engine, tenant, before)]) {
            removed += rows.execute_raw(sql.statement()).await?.rows_affected();
        }
        Ok(removed)
    }

    /// Removes what of a tenant's refusals before `before` stands, with how many they are: whom it waits for is a sum of a
    /// name, and goes with the requests that had the name.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn purge_standing(&self, tenant: TenantId, before: Timestamp) -> Result<u64, StoreError> {
        let (engine, door, id, mut removed) = (self.write.engine(), Door::Tenant(tenant), tenant.as_uuid(), 0);
        loop {
            let row = self.read.through(door).query_one_raw(open::first_hour(engine, id).statement()).await?;
            let first = row.map_or(Ok(None), |row| row.try_get::<Option<i64>>("", "hour"))?;
            let Some(first) = first.filter(|first| *first < figures::hour_of(before)) else { return Ok(removed) };
            // The log's writer waits: what it ends meanwhile would be taken from a count that is gone. One hour is not long.
            let txn = self.write.enter(door).await?;
            let mut head = Sql::new(engine, "UPDATE sync_log_heads SET position = position WHERE tenant_id = ");
            head.arg(id);
            txn.execute_raw(head.statement()).await?;
            for sql in [open::purge(engine, id, first + 1), figures::purge_open(engine, id, first + 1)] {
                removed += txn.execute_raw(sql.statement()).await?.rows_affected();
            }
            txn.commit().await?;
        }
    }

    /// What reads it, for questions that reach no row of anybody.
    pub(crate) fn reading(&self) -> &Gate {
        &self.read
    }

    #[cfg(feature = "testing")]
    pub(crate) fn gate(&self) -> &Gate {
        &self.write
    }

    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    async fn list(&self, tenant: Uuid, filter: &SyncEventFilter) -> Result<Vec<SyncEvent>, StoreError> {
        search::list(&self.read.through(Door::Tenant(tenant.into())), tenant, filter).await
    }
}

/// Whether it says something of an IdP, and is not the service's own look at how it is reached.
fn is_foreign(event: &SyncEvent) -> bool {
    !event.user_agent.as_deref().is_some_and(|agent| agent.starts_with(domain::credential::SELF_CHECK_AGENT))
}

/// Whose log it stands in, as rows say it.
fn tenant_of(event: &SyncEvent) -> Uuid {
    event.tenant.map_or(Uuid::nil(), TenantId::as_uuid)
}

fn identifiers(event: &SyncEvent) -> impl Iterator<Item = sync_event_identifier::ActiveModel> {
    let mut all: Vec<_> = event.identifiers.clone();
    all.sort_unstable();
    all.dedup();
    let (tenant, event) = (tenant_of(event), event.id.as_uuid());
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

    fn rows(&self) -> Rows<'_> {
        self.log.read.through(Door::Tenant(self.tenant))
    }

    /// The requests that pass `filter`, newest first. Their identifiers are left out; [`Self::find`] has them.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn list(&self, filter: &SyncEventFilter) -> Result<Vec<SyncEvent>, StoreError> {
        self.log.list(self.tenant.as_uuid(), filter).await
    }

    /// Those of some requests that are kept, without their identifiers.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn find_all(&self, ids: &[SyncEventId]) -> Result<Vec<SyncEvent>, StoreError> {
        let find = sync_event::Entity::find()
            .filter(sync_event::Column::TenantId.eq(self.tenant.as_uuid()))
            .filter(sync_event::Column::Id.is_in(ids.iter().map(|id| id.as_uuid())));
        let rows = find.all(&self.rows()).await?;
        rows.into_iter().map(|row| row.into_event(Vec::new())).collect()
    }

    /// One request.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn find(&self, id: SyncEventId) -> Result<Option<SyncEvent>, StoreError> {
        let (tenant, rows) = (self.tenant.as_uuid(), self.rows());
        let Some(row) = sync_event::Entity::find_by_id((tenant, id.as_uuid())).one(&rows).await? else {
            return Ok(None);
        };
        let identifiers = sync_event_identifier::Entity::find()
            .filter(sync_event_identifier::Column::TenantId.eq(tenant))
            .filter(sync_event_identifier::Column::EventId.eq(id.as_uuid()))
            .order_by_asc(sync_event_identifier::Column::Identifier)
            .all(&rows)
            .await?;
        row.into_event(identifiers.into_iter().map(|row| row.identifier).collect()).map(Some)
    }
}
