//! What the log adds up to, hour by hour and cycle by cycle, so that no overview ever counts its rows.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// `hour` is in hours since 1970, all other times in microseconds. `connection_id` is nil for what can be said of no
// connection. `what` is the kind of tally and `code` what of that kind is counted: the cause of what was refused, the rule
// of a repair, the milliseconds that a request took at most.
const UP: &str = r"
CREATE TABLE sync_tallies (
    tenant_id {uuid} NOT NULL,
    hour bigint NOT NULL,
    what {key} NOT NULL,
    code {key} NOT NULL,
    connection_id {uuid} NOT NULL,
    counted bigint NOT NULL,
    last_at bigint NOT NULL,
    last_event {uuid} NOT NULL,
    PRIMARY KEY (tenant_id, what, hour, code, connection_id)
) {rowless};

CREATE TABLE sync_cycles (
    tenant_id {uuid} NOT NULL,
    connection_id {uuid} NOT NULL,
    started_at bigint NOT NULL,
    ended_at bigint NOT NULL,
    accepted bigint NOT NULL,
    rejected bigint NOT NULL,
    failed bigint NOT NULL,
    changes bigint NOT NULL,
    PRIMARY KEY (tenant_id, connection_id, started_at)
) {rowless};
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
