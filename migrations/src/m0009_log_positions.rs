//! The order in which events reached the log, and what each connection has done at least once.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// Events of before have no position: they are listed, never streamed. `connection_id` is nil for what cannot be said of
// one connection, such as a request with a token that nobody knows.
const UP: &str = r"
ALTER TABLE sync_events ADD COLUMN position bigint;
CREATE INDEX sync_events_position ON sync_events (tenant_id, position) WHERE position IS NOT NULL;

CREATE TABLE sync_log_heads (
    tenant_id {uuid} NOT NULL PRIMARY KEY,
    position bigint NOT NULL
);

CREATE TABLE connection_milestones (
    tenant_id {uuid} NOT NULL,
    connection_id {uuid} NOT NULL,
    milestone {key} NOT NULL,
    first_at bigint NOT NULL,
    first_event {uuid} NOT NULL,
    last_at bigint NOT NULL,
    last_event {uuid} NOT NULL,
    detail {json},
    PRIMARY KEY (tenant_id, connection_id, milestone)
) {rowless};
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
