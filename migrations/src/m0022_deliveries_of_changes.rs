//! What was sent of a change is found by the change's number.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// Of all tries to send a change to a webhook one step backwards finds the last that came through, or else the last. Tests and
// words about gaps are of no change.
const UP: &str = "
CREATE INDEX webhook_deliveries_seq ON webhook_deliveries (tenant_id, seq, webhook_id, (outcome = 'delivered'), id)
    WHERE resource_id IS NOT NULL
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
