//! OAuth clients, their secrets, and the names of the keys that access tokens are signed with.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
ALTER TABLE credentials ADD COLUMN kind text NOT NULL DEFAULT 'bearer_token';

CREATE TABLE oauth_clients (
    tenant_id {uuid} NOT NULL,
    credential_id {uuid} NOT NULL,
    token_seconds bigint NOT NULL,
    issuer text,
    subject text,
    audience text,
    jwks_url text,
    jwks {json},
    trust_set_at bigint,
    PRIMARY KEY (tenant_id, credential_id)
);

CREATE TABLE oauth_secrets (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    credential_id {uuid} NOT NULL,
    public_id {key} NOT NULL,
    digest {bytes} NOT NULL,
    created_at bigint NOT NULL,
    created_by text,
    ends_at bigint,
    revoked_at bigint,
    revoked_by text,
    last_used_at bigint,
    PRIMARY KEY (tenant_id, credential_id, id)
);
CREATE UNIQUE INDEX oauth_secrets_public_id ON oauth_secrets (public_id);

CREATE TABLE signing_keys (
    kid {key} NOT NULL PRIMARY KEY,
    created_at bigint NOT NULL,
    retired_at bigint
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
