//! What is known of members that are not here yet: what the IdP calls them, which request named them first,
//! and how many each group waits for.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r#"
ALTER TABLE unresolved_members ADD COLUMN member_kind text;
ALTER TABLE unresolved_members ADD COLUMN request_id text;
ALTER TABLE "groups" ADD COLUMN waiting bigint NOT NULL DEFAULT 0;
UPDATE "groups" SET waiting = (SELECT COUNT(*) FROM unresolved_members AS w
    WHERE w.tenant_id = "groups".tenant_id AND w.group_id = "groups".id)
    WHERE (tenant_id, id) IN (SELECT w.tenant_id, w.group_id FROM unresolved_members AS w)
"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
