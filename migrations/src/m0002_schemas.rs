//! A tenant's own extension schemas, and the values that must be unique because of them.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
CREATE TABLE extension_schemas (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    urn_key {key} NOT NULL,
    resource_type text NOT NULL,
    definition {json} NOT NULL,
    state text NOT NULL,
    prepared_through {uuid},
    misfits bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX extension_schemas_urn ON extension_schemas (tenant_id, urn_key);
CREATE INDEX extension_schemas_preparing ON extension_schemas (tenant_id, id) WHERE state = 'preparing';

ALTER TABLE tenant_counters ADD COLUMN schemas_revision bigint NOT NULL DEFAULT 0;

CREATE TABLE unique_values (
    tenant_id {uuid} NOT NULL,
    attribute {key} NOT NULL,
    value_key {key} NOT NULL,
    resource_id {uuid} NOT NULL,
    PRIMARY KEY (tenant_id, attribute, value_key)
) {rowless};
CREATE INDEX unique_values_resource ON unique_values (tenant_id, resource_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
