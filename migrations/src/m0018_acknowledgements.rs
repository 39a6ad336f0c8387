//! What readers of the feed say they have applied, how long that took, and within what time it is to be done; and an
//! index of the groups that are in a group.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// Times are in microseconds. A reader's `seq` is -1 only inside the transaction that makes its row. `late` is 1 once it was
// told that the reader is. `hour_at` is an hour's beginning. `acknowledgement_target` is in seconds; NULL: as usual, 0: none.
const UP: &str = r"
CREATE TABLE acknowledgement_readers (
    tenant_id {uuid} NOT NULL,
    reader_id {uuid} NOT NULL,
    kind {key} NOT NULL,
    name text NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    late bigint NOT NULL,
    PRIMARY KEY (tenant_id, reader_id)
) {rowless};
CREATE TABLE acknowledgements (
    tenant_id {uuid} NOT NULL,
    reader_id {uuid} NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (tenant_id, reader_id, seq)
) {rowless};
CREATE INDEX acknowledgements_seq ON acknowledgements (tenant_id, seq, reader_id);
CREATE TABLE acknowledgement_hours (
    tenant_id {uuid} NOT NULL,
    hour_at bigint NOT NULL,
    bucket bigint NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (tenant_id, hour_at, bucket)
) {rowless};
ALTER TABLE tenants ADD COLUMN acknowledgement_target bigint;
CREATE INDEX memberships_groups ON memberships (tenant_id, group_id, member_id) WHERE member_kind = 'Group'
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }
}
