//! Which refusals still stand: those after which nothing was accepted that shows their cause to be gone.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// `subject` is a sum of what must be accepted for the refusal to be over; it names nobody. `hour`, `what`, `code` and
// `connection_id` are those of the tally in which the refusals are counted.
const UP: &str = r"
CREATE TABLE sync_open_problems (
    tenant_id {uuid} NOT NULL,
    connection_id {uuid} NOT NULL,
    subject {uuid} NOT NULL,
    what {key} NOT NULL,
    code {key} NOT NULL,
    hour bigint NOT NULL,
    counted bigint NOT NULL,
    last_at bigint NOT NULL,
    last_event {uuid} NOT NULL,
    PRIMARY KEY (tenant_id, connection_id, subject, what, code, hour)
) {rowless};
CREATE INDEX sync_open_problems_newest ON sync_open_problems (tenant_id, what, code, last_at);
CREATE INDEX sync_open_problems_hour ON sync_open_problems (tenant_id, hour)
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
