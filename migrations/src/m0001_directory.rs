//! Tenants, credentials, people of the console, the directory and its changes.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r#"
CREATE TABLE tenants (
    id {uuid} NOT NULL PRIMARY KEY,
    slug {key} NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    created_at bigint NOT NULL
);
CREATE UNIQUE INDEX tenants_slug ON tenants (slug);

CREATE TABLE tenant_counters (
    tenant_id {uuid} NOT NULL PRIMARY KEY,
    seq bigint NOT NULL,
    users bigint NOT NULL,
    active_users bigint NOT NULL,
    groups bigint NOT NULL
);

CREATE TABLE connections (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    name text NOT NULL,
    idp text NOT NULL,
    state text NOT NULL,
    strict boolean NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE credentials (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    connection_id {uuid} NOT NULL,
    name text NOT NULL,
    public_id {key} NOT NULL,
    digest {bytes} NOT NULL,
    rights text NOT NULL,
    created_at bigint NOT NULL,
    created_by text,
    ends_at bigint,
    revoked_at bigint,
    last_used_at bigint,
    last_used_address text,
    last_used_agent text,
    last_used_idp text,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX credentials_public_id ON credentials (public_id);

CREATE TABLE admins (
    id {uuid} NOT NULL PRIMARY KEY,
    email_key {key} NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text,
    operator boolean NOT NULL,
    created_at bigint NOT NULL
);
CREATE UNIQUE INDEX admins_email_key ON admins (email_key);

CREATE TABLE admin_roles (
    admin_id {uuid} NOT NULL,
    tenant_id {uuid} NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (admin_id, tenant_id)
) {rowless};
CREATE INDEX admin_roles_tenant ON admin_roles (tenant_id, admin_id);

CREATE TABLE sessions (
    digest {bytes} NOT NULL PRIMARY KEY,
    admin_id {uuid} NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    address text NOT NULL,
    user_agent text
);
CREATE INDEX sessions_admin ON sessions (admin_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE one_time_codes (
    digest {bytes} NOT NULL PRIMARY KEY,
    purpose text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);

CREATE TABLE server_keys (
    name {key} NOT NULL PRIMARY KEY,
    fingerprint {bytes} NOT NULL
);

CREATE TABLE users (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    user_name_key {key} NOT NULL,
    external_id {key},
    display_name_key {key},
    family_name_key {key},
    active boolean NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    resource {json} NOT NULL,
    comparison {json} NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX users_user_name ON users (tenant_id, user_name_key);
CREATE INDEX users_external_id ON users (tenant_id, external_id, id);
CREATE INDEX users_display_name ON users (tenant_id, display_name_key, id);
CREATE INDEX users_family_name ON users (tenant_id, family_name_key, id);
CREATE INDEX users_updated ON users (tenant_id, updated_at, id);
CREATE INDEX users_active ON users (tenant_id, active, id);

CREATE TABLE user_emails (
    tenant_id {uuid} NOT NULL,
    value_key {key} NOT NULL,
    user_id {uuid} NOT NULL,
    PRIMARY KEY (tenant_id, value_key, user_id)
) {rowless};
CREATE INDEX user_emails_user ON user_emails (tenant_id, user_id, value_key);

CREATE TABLE "groups" (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    display_name_key {key} NOT NULL,
    external_id {key},
    members bigint NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    resource {json} NOT NULL,
    comparison {json} NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX groups_display_name ON "groups" (tenant_id, display_name_key);
CREATE INDEX groups_external_id ON "groups" (tenant_id, external_id, id);
CREATE INDEX groups_updated ON "groups" (tenant_id, updated_at, id);

CREATE TABLE memberships (
    tenant_id {uuid} NOT NULL,
    group_id {uuid} NOT NULL,
    member_id {uuid} NOT NULL,
    member_kind text NOT NULL,
    PRIMARY KEY (tenant_id, group_id, member_id)
) {rowless};
CREATE INDEX memberships_member ON memberships (tenant_id, member_id, group_id);

CREATE TABLE unresolved_members (
    tenant_id {uuid} NOT NULL,
    value_key {key} NOT NULL,
    group_id {uuid} NOT NULL,
    value text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, value_key, group_id)
) {rowless};
CREATE INDEX unresolved_members_group ON unresolved_members (tenant_id, group_id, value_key);

CREATE TABLE tombstones (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    resource_type text NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint NOT NULL,
    resource {json} NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX tombstones_deleted ON tombstones (tenant_id, deleted_at);

CREATE TABLE changes (
    tenant_id {uuid} NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    resource_id {uuid} NOT NULL,
    resource_name text,
    version bigint NOT NULL,
    at bigint NOT NULL,
    request_id text,
    connection_id {uuid},
    credential_id {uuid},
    admin_id {uuid},
    before {json},
    after {json},
    details {json},
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX changes_resource ON changes (tenant_id, resource_id, seq);
"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
