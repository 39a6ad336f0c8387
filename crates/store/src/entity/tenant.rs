//! `tenants`.

use domain::{AcknowledgementTarget, BodyPolicy, Ceiling, LogSettings, Tenant, TenantState, Timestamp};
use sea_orm::entity::prelude::*;

use crate::StoreError;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenants")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) created_at: i64,
    pub(crate) request_ceiling: Option<i64>,
    pub(crate) log_bodies: String,
    pub(crate) log_days: Option<i64>,
    pub(crate) change_days: Option<i64>,
    pub(crate) acknowledgement_target: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Tenant {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let bodies = BodyPolicy::parse(&row.log_bodies);
        Ok(Self {
            id: row.id.into(),
            slug: row.slug.parse().map_err(|_| StoreError::Corrupt(format!("slug of tenant {}", row.id)))?,
            name: row.name,
            state: TenantState::parse(&row.state).ok_or_else(|| StoreError::Corrupt(format!("state of tenant {}", row.id)))?,
            ceiling: ceiling(row.request_ceiling).ok_or_else(|| StoreError::Corrupt(format!("ceiling of tenant {}", row.id)))?,
            created_at: Timestamp::from_micros(row.created_at),
            log: LogSettings {
                bodies: bodies.ok_or_else(|| StoreError::Corrupt(format!("log settings of tenant {}", row.id)))?,
                days: row.log_days.and_then(|days| u16::try_from(days).ok()),
                change_days: row.change_days.and_then(|days| u16::try_from(days).ok()),
                target: target(row.acknowledgement_target)
                    .ok_or_else(|| StoreError::Corrupt(format!("acknowledgement target of tenant {}", row.id)))?,
            },
        })
    }
}

/// What a ceiling is in a row.
pub(crate) fn kept(ceiling: Ceiling) -> Option<i64> {
    match ceiling {
        Ceiling::General => None,
        Ceiling::Lifted => Some(0),
        Ceiling::Own(limit) => Some(limit.get().into()),
    }
}

fn ceiling(kept: Option<i64>) -> Option<Ceiling> {
    match kept {
        None => Some(Ceiling::General),
        Some(0) => Some(Ceiling::Lifted),
        Some(limit) => Ceiling::own(limit.try_into().ok()?).ok(),
    }
}

/// What the time for acknowledgements is in a row.
pub(crate) fn kept_target(target: AcknowledgementTarget) -> Option<i64> {
    match target {
        AcknowledgementTarget::Usual => None,
        AcknowledgementTarget::Whenever => Some(0),
        AcknowledgementTarget::Own(seconds) => Some(seconds.get().into()),
    }
}

/// Reads [`kept_target`].
pub(crate) fn target(kept: Option<i64>) -> Option<AcknowledgementTarget> {
    match kept {
        None => Some(AcknowledgementTarget::Usual),
        Some(0) => Some(AcknowledgementTarget::Whenever),
        Some(seconds) => AcknowledgementTarget::own(seconds.try_into().ok()?),
    }
}
