//! `sessions`.

use domain::{Session, SignInMethod, Timestamp};
use sea_orm::entity::prelude::*;

use crate::StoreError;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) digest: Vec<u8>,
    pub(crate) admin_id: Uuid,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) address: String,
    pub(crate) user_agent: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) authenticated_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Session {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            digest: row.digest.as_slice().try_into().map_err(|_| StoreError::Corrupt("digest of a session".to_owned()))?,
            admin: row.admin_id.into(),
            created_at: Timestamp::from_micros(row.created_at),
            authenticated_at: row.authenticated_at.map(Timestamp::from_micros),
            expires_at: Timestamp::from_micros(row.expires_at),
            address: row.address,
            user_agent: row.user_agent,
            method: row.method.as_deref().and_then(SignInMethod::parse),
        })
    }
}
