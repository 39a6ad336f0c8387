//! The sync log: one row a request at a tenant's SCIM door.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// The operator's log (requests to tenants that do not exist) has the nil UUID as tenant.
const UP: &str = r"
CREATE TABLE sync_events (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    at bigint NOT NULL,
    request_id text NOT NULL,
    connection_id {uuid},
    credential_id {uuid},
    idp text,
    address text NOT NULL,
    user_agent text,
    method text NOT NULL,
    path text NOT NULL,
    query text,
    operation text,
    outcome text NOT NULL,
    status bigint NOT NULL,
    scim_type text,
    duration_micros bigint NOT NULL,
    cause text,
    cause_params {json},
    sentence text NOT NULL,
    resource_type text,
    resource_id {uuid},
    resource_name text,
    repairs {json},
    first_change bigint,
    last_change bigint,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sync_events_outcome ON sync_events (tenant_id, outcome, id);
CREATE INDEX sync_events_resource ON sync_events (tenant_id, resource_id, id);
CREATE INDEX sync_events_credential ON sync_events (tenant_id, credential_id, id);
CREATE INDEX sync_events_at ON sync_events (tenant_id, at);

CREATE TABLE sync_event_identifiers (
    tenant_id {uuid} NOT NULL,
    identifier {key} NOT NULL,
    event_id {uuid} NOT NULL,
    PRIMARY KEY (tenant_id, identifier, event_id)
) {rowless};
CREATE INDEX sync_event_identifiers_event ON sync_event_identifiers (tenant_id, event_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
