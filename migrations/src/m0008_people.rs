//! Invitations, password resets and API keys, how a session was begun, and which notices were sent.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// What belongs to the service and to no tenant has the nil tenant id, as in the audit.
const UP: &str = r"
CREATE TABLE invitations (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    email_key {key} NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    digest {bytes} NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    expires_at bigint NOT NULL,
    mailed_at bigint,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX invitations_email_key ON invitations (tenant_id, email_key);
CREATE UNIQUE INDEX invitations_digest ON invitations (digest);
CREATE INDEX invitations_expires ON invitations (expires_at);

CREATE TABLE password_resets (
    digest {bytes} NOT NULL PRIMARY KEY,
    admin_id {uuid} NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX password_resets_admin ON password_resets (admin_id);
CREATE INDEX password_resets_expires ON password_resets (expires_at);

CREATE TABLE api_keys (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    name text NOT NULL,
    public_id {key} NOT NULL,
    digest {bytes} NOT NULL,
    role text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    ends_at bigint,
    revoked_at bigint,
    revoked_by text,
    last_used_at bigint,
    last_used_address text,
    last_used_agent text,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX api_keys_public_id ON api_keys (public_id);

CREATE TABLE notices (
    tenant_id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    kind {key} NOT NULL,
    sent_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, subject_id, kind)
);

ALTER TABLE sessions ADD COLUMN method text;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
