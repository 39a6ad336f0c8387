//! `setup_links`.

use domain::{SetupLink, Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "setup_links")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) connection_id: Uuid,
    pub(crate) name: String,
    pub(crate) digest: Vec<u8>,
    pub(crate) created_at: i64,
    pub(crate) created_by: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) opened_at: Option<i64>,
    pub(crate) session_digest: Option<Vec<u8>>,
    pub(crate) finished_at: Option<i64>,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) revoked_by: Option<String>,
    pub(crate) credential_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for SetupLink {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.into(),
            tenant: row.tenant_id.into(),
            connection: row.connection_id.into(),
            name: row.name,
            created_at: Timestamp::from_micros(row.created_at),
            created_by: row.created_by,
            expires_at: Timestamp::from_micros(row.expires_at),
            opened_at: row.opened_at.map(Timestamp::from_micros),
            finished_at: row.finished_at.map(Timestamp::from_micros),
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
            revoked_by: row.revoked_by,
            credential: row.credential_id.map(Into::into),
        }
    }
}
