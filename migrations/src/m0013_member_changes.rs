//! Which changes of groups moved which member, so that a person's story is found from the person's side.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
CREATE TABLE member_changes (
    tenant_id {uuid} NOT NULL,
    seq bigint NOT NULL,
    member_id {uuid} NOT NULL,
    PRIMARY KEY (tenant_id, seq, member_id)
) {rowless};
CREATE INDEX member_changes_member ON member_changes (tenant_id, member_id, seq);
";

const OF_BEFORE: &str = "INSERT INTO member_changes (tenant_id, seq, member_id) SELECT c.tenant_id, c.seq, ";
const ON_SQLITE: &str = "unhex(replace(json_extract(m.value, '$.id'), '-', '')) FROM changes AS c, json_each(c.details, ";
const ON_POSTGRES: &str = "CAST(m.value ->> 'id' AS uuid) FROM changes AS c CROSS JOIN LATERAL jsonb_array_elements(";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await?;
        let rest = "WHERE c.details IS NOT NULL ON CONFLICT DO NOTHING";
        for list in ["membersAdded", "membersRemoved"] {
            let statement = match manager.get_database_backend() {
                DbBackend::Postgres => {
                    format!("{OF_BEFORE}{ON_POSTGRES}COALESCE(c.details -> '{list}', '[]')) AS m(value) {rest}")
                }
                _ => format!("{OF_BEFORE}{ON_SQLITE}'$.{list}') AS m {rest}"),
            };
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}
