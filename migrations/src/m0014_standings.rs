//! How each tenant stands, in one row each, so that a list of thousands is sorted by an index and reads no log.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// `standing` is its rank, the worst first. Times are in microseconds; what never came is 0, what never ends the largest
// number, so that each column is a key of its own. `read_at` is 0 until a node has read the tenant for the first time.
const UP: &str = r"
CREATE TABLE tenant_standings (
    tenant_id {uuid} NOT NULL PRIMARY KEY,
    name_key {key} NOT NULL,
    slug {key} NOT NULL,
    standing bigint NOT NULL,
    idp {key} NOT NULL,
    people bigint NOT NULL,
    group_count bigint NOT NULL,
    requests bigint NOT NULL,
    refused bigint NOT NULL,
    last_request_at bigint NOT NULL,
    credential_ends_at bigint NOT NULL,
    detail {json} NOT NULL,
    read_at bigint NOT NULL,
    due_at bigint NOT NULL
) {rowless};
CREATE INDEX tenant_standings_name ON tenant_standings (name_key, tenant_id);
CREATE INDEX tenant_standings_slug ON tenant_standings (slug, tenant_id);
CREATE INDEX tenant_standings_standing ON tenant_standings (standing, tenant_id);
CREATE INDEX tenant_standings_idp ON tenant_standings (idp, tenant_id);
CREATE INDEX tenant_standings_people ON tenant_standings (people, tenant_id);
CREATE INDEX tenant_standings_groups ON tenant_standings (group_count, tenant_id);
CREATE INDEX tenant_standings_requests ON tenant_standings (requests, tenant_id);
CREATE INDEX tenant_standings_refused ON tenant_standings (refused, tenant_id);
CREATE INDEX tenant_standings_last ON tenant_standings (last_request_at, tenant_id);
CREATE INDEX tenant_standings_end ON tenant_standings (credential_ends_at, tenant_id);
CREATE INDEX tenant_standings_due ON tenant_standings (due_at, tenant_id);
INSERT INTO tenant_standings (tenant_id, name_key, slug, standing, idp, people, group_count, requests, refused,
    last_request_at, credential_ends_at, detail, read_at, due_at)
SELECT t.id, lower(t.name), t.slug,
    CASE t.state WHEN 'suspended' THEN 2 WHEN 'deleting' THEN 6 ELSE 3 END,
    '', COALESCE(c.users, 0), COALESCE(c.groups, 0), 0, 0, 0, 9223372036854775807, '{}', 0, 0
FROM tenants AS t LEFT JOIN tenant_counters AS c ON c.tenant_id = t.id
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
