//! Audit: a chain of entries per tenant, and where each chain ends. The operator's own chain has the nil tenant id.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// `before` and `after` are text and no JSON column: an engine that stores JSON its own way would change what was sealed.
const UP: &str = r"
CREATE TABLE audit_entries (
    tenant_id {uuid} NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    actor_kind text NOT NULL,
    actor_id {uuid},
    actor_email text,
    address text,
    request_id text,
    act text NOT NULL,
    subject_kind text NOT NULL,
    subject_id {uuid},
    subject_name text,
    before_json text,
    after_json text,
    previous_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_entries_act ON audit_entries (tenant_id, act, seq);
CREATE INDEX audit_entries_actor ON audit_entries (tenant_id, actor_id, seq);
CREATE INDEX audit_entries_subject ON audit_entries (tenant_id, subject_id, seq);
CREATE INDEX audit_entries_at ON audit_entries (tenant_id, at);

CREATE TABLE audit_heads (
    tenant_id {uuid} NOT NULL PRIMARY KEY,
    seq bigint NOT NULL,
    hash {bytes} NOT NULL,
    seal {bytes} NOT NULL
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
