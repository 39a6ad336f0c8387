//! Which nodes there are, and how the last round of retention went.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// Times are in microseconds. There is one round at most, in place 1; `removed` is NULL when it was cut short.
const UP: &str = r"
CREATE TABLE nodes (
    id {uuid} NOT NULL PRIMARY KEY,
    name {key} NOT NULL,
    version {key} NOT NULL,
    address {key} NOT NULL,
    started_at bigint NOT NULL,
    seen_at bigint NOT NULL
) {rowless};
CREATE TABLE retention_rounds (
    place bigint NOT NULL PRIMARY KEY,
    began_at bigint NOT NULL,
    took_micros bigint NOT NULL,
    removed bigint,
    next_at bigint NOT NULL
) {rowless}
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
