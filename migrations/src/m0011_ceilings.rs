//! How many requests a second one tenant may send.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// NULL: what holds for all tenants. 0: as many as it likes.
const UP: &str = "ALTER TABLE tenants ADD COLUMN request_ceiling bigint";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
