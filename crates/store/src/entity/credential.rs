//! `credentials`.

use domain::credential::{CredentialKind, LastUse, WhenQuiet};
use domain::token::Digest;
use domain::{Credential, CredentialId, Idp, Rights, Timestamp};
use sea_orm::entity::prelude::*;

use crate::StoreError;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "credentials")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) connection_id: Uuid,
    pub(crate) name: String,
    pub(crate) public_id: String,
    pub(crate) digest: Vec<u8>,
    pub(crate) rights: String,
    pub(crate) created_at: i64,
    pub(crate) created_by: Option<String>,
    pub(crate) ends_at: Option<i64>,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) revoked_by: Option<String>,
    pub(crate) last_used_at: Option<i64>,
    pub(crate) last_used_address: Option<String>,
    pub(crate) last_used_agent: Option<String>,
    pub(crate) last_used_idp: Option<String>,
    pub(crate) kind: String,
    pub(crate) replaces: Option<Uuid>,
    pub(crate) quiet_hours: Option<i64>,
    pub(crate) quiet_since: Option<i64>,
    pub(crate) quiet_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Credential {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of credential {}", row.id));
        let when_quiet = match (row.quiet_hours, row.quiet_since) {
            (Some(hours), Some(since)) => Some(WhenQuiet {
                hours: u32::try_from(hours).map_err(|_| corrupt("quiet_hours"))?,
                since: Timestamp::from_micros(since),
                by: row.quiet_by.unwrap_or_default(),
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id.into(),
            tenant: row.tenant_id.into(),
            connection: row.connection_id.into(),
            digest: row.digest.as_slice().try_into().map(Digest::from_bytes).map_err(|_| corrupt("digest"))?,
            rights: Rights::parse(&row.rights).ok_or_else(|| corrupt("rights"))?,
            kind: CredentialKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?,
            name: row.name,
            public_id: row.public_id,
            created_at: Timestamp::from_micros(row.created_at),
            created_by: row.created_by,
            ends_at: row.ends_at.map(Timestamp::from_micros),
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
            revoked_by: row.revoked_by,
            replaces: row.replaces.map(CredentialId::from),
            when_quiet,
            last_used: row.last_used_at.map(|at| LastUse {
                at: Timestamp::from_micros(at),
                address: row.last_used_address.unwrap_or_default(),
                user_agent: row.last_used_agent,
                idp: row.last_used_idp.as_deref().and_then(Idp::parse),
            }),
        })
    }
}
