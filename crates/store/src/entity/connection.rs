//! `connections`.

use domain::{Connection, ConnectionState, Idp, Timestamp};
use sea_orm::entity::prelude::*;

use crate::StoreError;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "connections")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) idp: String,
    pub(crate) state: String,
    pub(crate) strict: bool,
    pub(crate) created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Connection {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            tenant: row.tenant_id.into(),
            name: row.name,
            idp: Idp::parse(&row.idp).ok_or_else(|| StoreError::Corrupt(format!("idp of connection {}", row.id)))?,
            state: ConnectionState::parse(&row.state)
                .ok_or_else(|| StoreError::Corrupt(format!("state of connection {}", row.id)))?,
            strict: row.strict,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}
