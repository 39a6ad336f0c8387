//! One request at a tenant's SCIM door, whatever became of it.

use scim::Repair;
use uuid::Uuid;

use crate::{
    Cause, Confidence, ConnectionId, CredentialId, Idp, Marks, Milestone, RawExchange, ResourceKind, SyncEventId, TenantId,
    Timestamp,
};

/// One request at a tenant's SCIM door.
#[derive(Clone, Debug)]
pub struct SyncEvent {
    /// Its id; later events have later ids.
    pub id: SyncEventId,
    /// Whose log it stands in; requests to tenants that do not exist stand in the operator's (`None`).
    pub tenant: Option<TenantId>,
    /// When the request came.
    pub at: Timestamp,
    /// Our id of the request.
    pub request_id: String,
    /// The connection, once the credential was accepted or at least known.
    pub connection: Option<ConnectionId>,
    /// The credential, likewise.
    pub credential: Option<CredentialId>,
    /// Which IdP it looked like.
    pub idp: Option<Idp>,
    /// How sure that is; `None` where the request shows nothing and it is what an admin said of the connection.
    pub idp_confidence: Option<Confidence>,
    /// Where it came from.
    pub address: String,
    /// Its User-Agent.
    pub user_agent: Option<String>,
    /// HTTP method.
    pub method: String,
    /// Path below the tenant's SCIM address.
    pub path: String,
    /// Query string, if there was one.
    pub query: Option<String>,
    /// What was asked for, in a word: `look-up`, `read`, `create`, `replace`, `update`, `delete`, `discover`.
    pub operation: Option<String>,
    /// HTTP status of the answer; of a bulk request of which something was refused that of the first operation that was.
    pub status: u16,
    /// SCIM error type of the answer.
    pub scim_type: Option<String>,
    /// From the first byte we saw to the answer, in microseconds.
    pub duration_micros: u64,
    /// Why it was refused.
    pub cause: Option<Cause>,
    /// What happened, in one English sentence.
    pub sentence: String,
    /// Kind of resource it was about.
    pub resource_kind: Option<ResourceKind>,
    /// The resource's id.
    pub resource_id: Option<Uuid>,
    /// The resource's best human name.
    pub resource_name: Option<String>,
    /// Folded identifiers seen in request or record: userName, externalId, e-mails, displayName. The one comes first by
    /// which its IdP keeps knowing whom it was about, where that was said.
    pub identifiers: Vec<String>,
    /// What we rewrote of what was sent.
    pub repairs: Vec<Repair>,
    /// First and last `seq` of the changes it made.
    pub changes: Option<(u64, u64)>,
    /// What of setting a connection up it shows to have happened. Kept with the connection and not with the event: of an
    /// event that was read it is empty.
    pub milestones: Vec<Milestone>,
    /// What it shows of its sender, likewise.
    pub marks: Marks,
    /// What was said, on its way to the log. It is kept beside the event: of an event that was read it is empty.
    pub exchange: Option<RawExchange>,
}

impl SyncEvent {
    /// Whether the connection that it names sent it: with a credential that was accepted, or that was the connection's own
    /// and ended, was revoked or closed. Whoever knows no more than the public id of an OAuth client may be anybody.
    pub fn is_of_its_connection(&self) -> bool {
        let unproved = matches!(
            self.cause,
            Some(
                Cause::ClientSecretWrong { .. }
                    | Cause::AssertionMismatch { .. }
                    | Cause::AssertionRefused { .. }
                    | Cause::TrustedKeysUnreachable { .. }
                    | Cause::TokenRequest { .. }
            )
        );
        self.connection.is_some() && !unproved
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered below 400.
    Accepted,
    /// Refused with 4xx, or with 501 for what this service does not offer.
    Rejected,
    /// Failed on our side with 5xx.
    Failed,
}

impl Outcome {
    /// The outcome an HTTP status means.
    pub const fn of(status: u16) -> Self {
        match status {
            0..=399 => Self::Accepted,
            400..=499 | 501 => Self::Rejected,
            _ => Self::Failed,
        }
    }

    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Accepted, Self::Rejected, Self::Failed].into_iter().find(|o| o.as_str() == text)
    }
}
