//! What was sent to a webhook, and what came of it.

use uuid::Uuid;

use crate::{DeliveryId, Timestamp};

/// Most bytes that are kept of an answer's body.
pub const ANSWER: usize = 4 * 1_024;

/// What came of one try.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The receiver said that it has it: a status of 2xx.
    #[default]
    Delivered,
    /// The receiver answered with another status.
    Refused,
    /// No answer came.
    Failed,
    /// The address is not one to call, so nothing was sent.
    Blocked,
}

impl DeliveryOutcome {
    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Delivered, Self::Refused, Self::Failed, Self::Blocked].into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// One try to send a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// What the message is called; the same on every try.
    pub message_id: String,
    /// What the message is about: the type of a change, or one of ours.
    pub kind: String,
    /// The number of the change; of a gap the number it goes on after.
    pub seq: Option<u64>,
    /// The number of the one that the receiver had before it.
    pub previous: Option<u64>,
    /// The resource that the change is of.
    pub resource: Option<Uuid>,
    /// When it was sent.
    pub at: Timestamp,
    /// Which try it was, from 1.
    pub attempt: u32,
    /// What came of it.
    pub outcome: DeliveryOutcome,
    /// The answer's status.
    pub status: Option<u16>,
    /// How long it took until the answer was read, in milliseconds.
    pub millis: u64,
    /// Why it did not come through, in words.
    pub reason: Option<String>,
    /// The number up to which the receiver says that it has applied changes.
    pub applied: Option<u64>,
    /// The headers it was sent with.
    pub request_headers: Vec<(String, String)>,
    /// The body, where it cannot be made again of a change.
    pub request_body: Option<String>,
    /// The answer's headers, but for cookies.
    pub answer_headers: Vec<(String, String)>,
    /// The beginning of the answer's body.
    pub answer_body: Option<String>,
}
