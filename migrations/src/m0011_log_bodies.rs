//! What requests and answers said, beside their events.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// A table of its own keeps the rows that are searched small. `content` is JSON, deflated.
const UP: &str = r"
CREATE TABLE sync_event_bodies (
    tenant_id {uuid} NOT NULL,
    event_id {uuid} NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (tenant_id, event_id)
)
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
