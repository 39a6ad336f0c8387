//! Roles of the app, the groups that tenants mapped to them, and what was told of the roles that people have.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// A tenant has a row in `role_heads` while it has mappings, or something is left to be told: `seq` is the change through
// which all was looked at, `part` how much of the one after it. `role_work` has a row for what is no single person: all
// who are below a group, all who have roles, all people; `at_group` and `at_member` say how far it is. `user_roles` is
// what the feed has said, and `role_counts` counts it. The index of mappings by role is for all tenants at once, since a role
// that any of them uses is not deleted.
const UP: &str = r"
CREATE TABLE roles (
    role {key} NOT NULL PRIMARY KEY,
    name text NOT NULL,
    description text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
) {rowless};

CREATE TABLE role_mappings (
    tenant_id {uuid} NOT NULL,
    group_id {uuid} NOT NULL,
    role {key} NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (tenant_id, group_id, role)
) {rowless};
CREATE INDEX role_mappings_role ON role_mappings (role, tenant_id, group_id);

CREATE TABLE role_heads (
    tenant_id {uuid} NOT NULL PRIMARY KEY,
    seq bigint NOT NULL,
    part bigint NOT NULL,
    mappings bigint NOT NULL
) {rowless};

CREATE TABLE role_work (
    tenant_id {uuid} NOT NULL,
    number bigint NOT NULL,
    scope text NOT NULL,
    group_id {uuid} NOT NULL,
    at_group {uuid},
    at_member {uuid},
    connection_id {uuid},
    credential_id {uuid},
    admin_id {uuid},
    request_id text,
    PRIMARY KEY (tenant_id, number)
) {rowless};
CREATE INDEX role_work_scope ON role_work (tenant_id, scope, group_id);

CREATE TABLE user_roles (
    tenant_id {uuid} NOT NULL,
    user_id {uuid} NOT NULL,
    role {key} NOT NULL,
    PRIMARY KEY (tenant_id, user_id, role)
) {rowless};

CREATE TABLE role_counts (
    tenant_id {uuid} NOT NULL,
    role {key} NOT NULL,
    people bigint NOT NULL,
    PRIMARY KEY (tenant_id, role)
) {rowless};
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
