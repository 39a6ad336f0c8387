//! Links by which somebody without an account sets one connection up.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
CREATE TABLE setup_links (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    connection_id {uuid} NOT NULL,
    name text NOT NULL,
    digest {bytes} NOT NULL,
    created_at bigint NOT NULL,
    created_by text,
    expires_at bigint NOT NULL,
    opened_at bigint,
    session_digest {bytes},
    finished_at bigint,
    revoked_at bigint,
    revoked_by text,
    credential_id {uuid},
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX setup_links_digest ON setup_links (digest);
CREATE UNIQUE INDEX setup_links_session ON setup_links (session_digest);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
