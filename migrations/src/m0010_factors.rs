//! What else people sign in with: codes of an authenticator app, recovery codes, passkeys, an OpenID provider.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// Of an app's secret only the salt is kept: the secret follows from it and the server key.
const UP: &str = r"
ALTER TABLE admins ADD COLUMN totp_salt {bytes};
ALTER TABLE admins ADD COLUMN totp_since bigint;
ALTER TABLE admins ADD COLUMN totp_step bigint;
ALTER TABLE admins ADD COLUMN provider_subject {key};
CREATE UNIQUE INDEX admins_provider_subject ON admins (provider_subject);

CREATE INDEX invitations_address ON invitations (email_key);

CREATE TABLE recovery_codes (
    admin_id {uuid} NOT NULL,
    digest {bytes} NOT NULL,
    PRIMARY KEY (admin_id, digest)
);

CREATE TABLE passkeys (
    admin_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    credential_id {bytes} NOT NULL,
    name text NOT NULL,
    public_key text NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint,
    PRIMARY KEY (admin_id, id)
);
CREATE UNIQUE INDEX passkeys_credential_id ON passkeys (credential_id);

CREATE TABLE ceremonies (
    digest {bytes} NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    admin_id {uuid},
    state text NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX ceremonies_expires ON ceremonies (expires_at);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
