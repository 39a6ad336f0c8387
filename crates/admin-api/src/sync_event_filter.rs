//! What callers ask of the sync log, the same for the list and the export.

use domain::{ConnectionId, CredentialId, Idp, Outcome, ResourceKind};
use poem_openapi::param::Query;
use store::SyncEventFilter;
use uuid::Uuid;

use crate::failure::Failure;
use crate::users::search_text;
use crate::value::{CauseCode, Time, Word};

/// The filters of a call as they came.
pub(crate) struct Asked {
    pub(crate) outcome: Query<Option<Word<Outcome>>>,
    pub(crate) cause: Query<Option<CauseCode>>,
    pub(crate) method: Query<Option<String>>,
    pub(crate) resource_type: Query<Option<Word<ResourceKind>>>,
    pub(crate) status_class: Query<Option<u8>>,
    pub(crate) connection: Query<Option<Uuid>>,
    pub(crate) credential: Query<Option<Uuid>>,
    pub(crate) idp: Query<Option<Word<Idp>>>,
    pub(crate) at_least_ms: Query<Option<u32>>,
    pub(crate) resource: Query<Option<Uuid>>,
    pub(crate) text: Query<Option<String>>,
    pub(crate) since: Query<Option<Time>>,
    pub(crate) until: Query<Option<Time>>,
}

impl Asked {
    /// The store's filter, from the newest request on and without a limit.
    ///
    /// # Errors
    /// For a class of status that there is not, or too long a text.
    pub(crate) fn filter(self) -> Result<SyncEventFilter, Failure> {
        Ok(SyncEventFilter {
            outcome: self.outcome.0.map(|outcome| outcome.0),
            status_class: status_class(self.status_class.0)?,
            method: self.method.0.map(|method| method.chars().take(16).collect()),
            cause: self.cause.0.map(|cause| cause.0.to_owned()),
            resource_kind: self.resource_type.0.map(|kind| kind.0),
            resource: self.resource.0,
            connection: self.connection.0.map(ConnectionId::from),
            credential: self.credential.0.map(CredentialId::from),
            idp: self.idp.0.map(|idp| idp.0),
            at_least_micros: self.at_least_ms.0.map(|ms| u64::from(ms) * 1_000),
            text: search_text(self.text.0)?,
            since: self.since.0.map(|at| at.0),
            until: self.until.0.map(|at| at.0),
            after: None,
            limit: 0,
        })
    }
}

/// The first digit of a status.
///
/// # Errors
/// For a class of status that there is not.
pub(crate) fn status_class(asked: Option<u8>) -> Result<Option<u8>, Failure> {
    match asked {
        Some(class) if !(1..=5).contains(&class) => Err(Failure::field("statusClass", "is a number from 1 to 5")),
        class => Ok(class),
    }
}
