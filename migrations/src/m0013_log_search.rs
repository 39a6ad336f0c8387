//! What the sync log is searched by.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// Each ends with the id, so that the newest of what is wanted are read and no more. New rows come to the end of each value's
// run, which keeps writing cheap. What is rare, refusals, our own faults and slow requests, has indexes of its own alone.
const UP: &str = r"
CREATE INDEX sync_events_connection ON sync_events (tenant_id, connection_id, id);
CREATE INDEX sync_events_idp ON sync_events (tenant_id, idp, id);
CREATE INDEX sync_events_method ON sync_events (tenant_id, method, id);
CREATE INDEX sync_events_type ON sync_events (tenant_id, resource_type, id);
CREATE INDEX sync_events_cause ON sync_events (tenant_id, cause, id) WHERE cause IS NOT NULL;
CREATE INDEX sync_events_faults ON sync_events (tenant_id, id) WHERE status >= 500;
CREATE INDEX sync_events_slow ON sync_events (tenant_id, id) WHERE duration_micros >= 1000000
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
