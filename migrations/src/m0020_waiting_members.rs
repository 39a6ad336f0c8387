//! What is known of members that are not here yet: what the IdP calls them, and which request named them first.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
ALTER TABLE unresolved_members ADD COLUMN member_kind text;
ALTER TABLE unresolved_members ADD COLUMN request_id text
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
