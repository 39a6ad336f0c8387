//! `sync_events`.

use domain::{Cause, Confidence, Idp, Marks, Outcome, ResourceKind, SyncEvent, Timestamp};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::StoreError;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_events")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) at: i64,
    pub(crate) request_id: String,
    pub(crate) connection_id: Option<Uuid>,
    pub(crate) credential_id: Option<Uuid>,
    pub(crate) idp: Option<String>,
    pub(crate) idp_confidence: Option<String>,
    pub(crate) address: String,
    pub(crate) user_agent: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) outcome: String,
    pub(crate) status: i64,
    pub(crate) scim_type: Option<String>,
    pub(crate) duration_micros: i64,
    pub(crate) cause: Option<String>,
    pub(crate) cause_params: Option<Json>,
    pub(crate) sentence: String,
    pub(crate) resource_type: Option<String>,
    pub(crate) resource_id: Option<Uuid>,
    pub(crate) resource_name: Option<String>,
    pub(crate) repairs: Option<Json>,
    pub(crate) first_change: Option<i64>,
    pub(crate) last_change: Option<i64>,
    /// Its place in the order in which the tenant's events reached the log.
    pub(crate) position: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&SyncEvent> for ActiveModel {
    fn from(event: &SyncEvent) -> Self {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let cause = event.cause.as_ref().and_then(|cause| serde_json::to_value(cause).ok());
        Self {
            tenant_id: Set(event.tenant.map_or(Uuid::nil(), domain::TenantId::as_uuid)),
            id: Set(event.id.as_uuid()),
            at: Set(event.at.as_micros()),
            request_id: Set(event.request_id.clone()),
            connection_id: Set(event.connection.map(domain::ConnectionId::as_uuid)),
            credential_id: Set(event.credential.map(domain::CredentialId::as_uuid)),
            idp: Set(event.idp.map(|idp| idp.as_str().to_owned())),
            idp_confidence: Set(event.idp_confidence.map(|confidence| confidence.as_str().to_owned())),
            address: Set(event.address.clone()),
            user_agent: Set(event.user_agent.clone()),
            method: Set(event.method.clone()),
            path: Set(event.path.clone()),
            query: Set(event.query.clone()),
            operation: Set(event.operation.clone()),
            outcome: Set(Outcome::of(event.status).as_str().to_owned()),
            status: Set(event.status.into()),
            scim_type: Set(event.scim_type.clone()),
            duration_micros: Set(number(event.duration_micros)),
            cause: Set(event.cause.as_ref().map(|cause| cause.code().to_owned())),
            cause_params: Set(cause),
            sentence: Set(event.sentence.clone()),
            resource_type: Set(event.resource_kind.map(|kind| kind.as_str().to_owned())),
            resource_id: Set(event.resource_id),
            resource_name: Set(event.resource_name.clone()),
            repairs: Set(if event.repairs.is_empty() { None } else { serde_json::to_value(&event.repairs).ok() }),
            first_change: Set(event.changes.map(|(first, _)| number(first))),
            last_change: Set(event.changes.map(|(_, last)| number(last))),
            position: Set(None),
        }
    }
}

impl Model {
    /// The event of this row, with its identifiers from their own table.
    pub(crate) fn into_event(self, identifiers: Vec<String>) -> Result<SyncEvent, StoreError> {
        let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of sync event {}", self.id));
        let cause: Option<Cause> = self.cause_params.as_ref().map(Cause::read).transpose().map_err(|_| corrupt("cause"))?;
        let repairs = self.repairs.map(serde_json::from_value).transpose().map_err(|_| corrupt("repairs"))?;
        Ok(SyncEvent {
            id: self.id.into(),
            tenant: (!self.tenant_id.is_nil()).then(|| self.tenant_id.into()),
            at: Timestamp::from_micros(self.at),
            request_id: self.request_id,
            connection: self.connection_id.map(Into::into),
            credential: self.credential_id.map(Into::into),
            idp: self.idp.as_deref().and_then(Idp::parse),
            idp_confidence: self.idp_confidence.as_deref().and_then(Confidence::parse),
            address: self.address,
            user_agent: self.user_agent,
            method: self.method,
            path: self.path,
            query: self.query,
            operation: self.operation,
            status: u16::try_from(self.status).unwrap_or_default(),
            scim_type: self.scim_type,
            duration_micros: u64::try_from(self.duration_micros).unwrap_or_default(),
            cause,
            sentence: self.sentence,
            resource_kind: self.resource_type.as_deref().and_then(ResourceKind::parse),
            resource_id: self.resource_id,
            resource_name: self.resource_name,
            identifiers,
            repairs: repairs.unwrap_or_default(),
            changes: self.first_change.zip(self.last_change).map(|(first, last)| (first.unsigned_abs(), last.unsigned_abs())),
            milestones: Vec::new(),
            marks: Marks::default(),
            exchange: None,
        })
    }
}
