//! Every slug that is taken: current ones, old ones that still open a SCIM door, and those held after they were let go.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// A slug is looked up before its tenant is known, so it alone is the key. The slugs of a tenant that is gone are held by
// nobody.
const UP: &str = r"
CREATE TABLE tenant_slugs (
    slug {key} NOT NULL PRIMARY KEY,
    tenant_id {uuid},
    state text NOT NULL,
    since bigint NOT NULL,
    held_until bigint,
    last_used_at bigint
);
CREATE INDEX tenant_slugs_tenant ON tenant_slugs (tenant_id, since);
CREATE INDEX tenant_slugs_held ON tenant_slugs (held_until);
INSERT INTO tenant_slugs (slug, tenant_id, state, since) SELECT slug, id, 'current', created_at FROM tenants;

ALTER TABLE tenants ADD COLUMN deleting_since bigint;
CREATE INDEX tenants_deleting ON tenants (id) WHERE state = 'deleting';
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
