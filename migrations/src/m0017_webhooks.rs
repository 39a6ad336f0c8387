//! Webhooks of tenants, and what was sent to them.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// The changes themselves are the queue: a webhook says how far it is. `next_at` is when a node may take it up: never (NULL)
// while nothing waits, later than now while it rests or a node has it (`lease`), so that a node that died holds it no longer
// than that. `tries` counts those of the message that is next. Salts are no secrets: what signs follows from them and the
// server key. A message's body is kept only where it cannot be made again of a change.
const UP: &str = r"
CREATE TABLE webhooks (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    state text NOT NULL,
    kinds {json} NOT NULL,
    resource_type text,
    salt {bytes} NOT NULL,
    salt_set_at bigint NOT NULL,
    old_salt {bytes},
    old_until bigint,
    created_at bigint NOT NULL,
    starts_after bigint NOT NULL,
    delivered_seq bigint NOT NULL,
    prev_seq bigint NOT NULL,
    course bigint NOT NULL,
    next_at bigint,
    lease {uuid},
    tries bigint NOT NULL,
    failing_since bigint,
    last_status bigint,
    last_reason text,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX webhooks_due ON webhooks (next_at, tenant_id, id) WHERE failing_since IS NULL AND next_at IS NOT NULL;
CREATE INDEX webhooks_due_again ON webhooks (next_at, tenant_id, id) WHERE failing_since IS NOT NULL AND next_at IS NOT NULL;
CREATE INDEX webhooks_idle ON webhooks (tenant_id, id) WHERE state = 'active' AND next_at IS NULL;
CREATE INDEX webhooks_failing ON webhooks (tenant_id, id) WHERE failing_since IS NOT NULL;

CREATE TABLE webhook_deliveries (
    tenant_id {uuid} NOT NULL,
    webhook_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    message_id {key} NOT NULL,
    kind text NOT NULL,
    seq bigint,
    prev_seq bigint,
    resource_id {uuid},
    at bigint NOT NULL,
    attempt bigint NOT NULL,
    outcome text NOT NULL,
    status bigint,
    millis bigint NOT NULL,
    reason text,
    applied_seq bigint,
    request_headers {json} NOT NULL,
    request_body text,
    answer_headers {json} NOT NULL,
    answer_body text,
    PRIMARY KEY (tenant_id, webhook_id, id)
);
CREATE INDEX webhook_deliveries_outcome ON webhook_deliveries (tenant_id, webhook_id, outcome, id);
CREATE INDEX webhook_deliveries_resource ON webhook_deliveries (tenant_id, resource_id, id);
CREATE INDEX webhook_deliveries_at ON webhook_deliveries (tenant_id, at);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
