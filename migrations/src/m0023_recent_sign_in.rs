//! When the person of a session last proved who they are.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// In microseconds; null where nobody said. Until now every session counted from its beginning.
const UP: &str = "
ALTER TABLE sessions ADD COLUMN authenticated_at bigint;
UPDATE sessions SET authenticated_at = created_at
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
