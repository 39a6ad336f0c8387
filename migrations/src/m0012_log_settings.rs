//! What each tenant's sync log keeps, and for how long.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
ALTER TABLE tenants ADD COLUMN log_bodies text NOT NULL DEFAULT 'masked';
ALTER TABLE tenants ADD COLUMN log_days bigint
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
