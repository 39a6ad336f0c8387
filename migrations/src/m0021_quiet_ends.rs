//! Which credentials are to be revoked by themselves once nobody uses them any more.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// All three stand together or not at all. `quiet_since` is in microseconds.
const UP: &str = "
ALTER TABLE credentials ADD COLUMN quiet_hours bigint;
ALTER TABLE credentials ADD COLUMN quiet_since bigint;
ALTER TABLE credentials ADD COLUMN quiet_by text;
CREATE INDEX credentials_quiet ON credentials (tenant_id, id) WHERE quiet_hours IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX credentials_replaces ON credentials (tenant_id, replaces) WHERE replaces IS NOT NULL
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
