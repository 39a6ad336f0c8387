//! What a request and its answer said: taken on the request's way as it came, kept in the sync log as the tenant wants it.
//!
//! Secrets are removed whatever the tenant wants. What says who somebody is, is masked unless the tenant wants it all.

mod expression;
mod headers;
mod mask;
mod read;
mod secrets;

use bytes::Bytes;
pub use headers::header_to_keep;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most bytes that are kept of a body.
pub const MOST_OF_A_BODY: usize = 16 * 1024;
/// Most headers that are kept of a message.
pub const MOST_HEADERS: usize = 64;

/// How a tenant wants bodies to be kept in its sync log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyPolicy {
    /// Not at all, and no headers either.
    Off,
    /// With values that say who somebody is masked.
    #[default]
    Masked,
    /// As they came, but for secrets.
    Full,
}

impl BodyPolicy {
    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Masked => "masked",
            Self::Full => "full",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Off, Self::Masked, Self::Full].into_iter().find(|policy| policy.as_str() == text)
    }
}

/// Whose words a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// A stranger's: every word of it is what they chose.
    Request,
    /// Ours.
    Answer,
}

/// The beginning of a body, as it came.
#[derive(Clone, Debug)]
pub struct RawBody {
    bytes: Bytes,
    length: usize,
}

impl RawBody {
    /// Keeps what of a body the log may want; a long one is let go.
    pub fn of(body: &Bytes) -> Self {
        let (length, long) = (body.len(), body.get(..MOST_OF_A_BODY).filter(|kept| kept.len() < body.len()));
        Self { bytes: long.map_or_else(|| body.clone(), Bytes::copy_from_slice), length }
    }

    /// What is kept of it, as it came.
    pub fn beginning(&self) -> &[u8] {
        &self.bytes
    }
}

/// A request or an answer, as it came: its headers are without secrets already.
#[derive(Clone, Debug, Default)]
pub struct RawMessage {
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// Its body, if it had one that was read.
    pub body: Option<RawBody>,
}

/// A request and its answer, on their way to the log.
#[derive(Clone, Debug)]
pub struct RawExchange {
    /// How the tenant wants bodies to be kept.
    pub policy: BodyPolicy,
    /// What was asked.
    pub request: RawMessage,
    /// What was answered.
    pub answer: RawMessage,
}

impl RawExchange {
    /// Bytes that it holds in memory, about.
    pub fn size(&self) -> usize {
        let of = |message: &RawMessage| {
            let headers: usize = message.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
            headers + message.body.as_ref().map_or(0, |body| body.bytes.len())
        };
        of(&self.request) + of(&self.answer)
    }

    /// What the log keeps of it; nothing when the tenant wants nothing. It takes time in proportion to the bodies.
    pub fn keep(self) -> Option<Exchange> {
        let policy = self.policy;
        (policy != BodyPolicy::Off).then(|| Exchange {
            policy,
            request: Message::of(self.request, policy, Side::Request),
            answer: Message::of(self.answer, policy, Side::Answer),
        })
    }
}

/// A request and its answer, as they are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// How the tenant wanted bodies to be kept at the time.
    pub policy: BodyPolicy,
    /// What was asked.
    pub request: Message,
    /// What was answered.
    pub answer: Message,
}

impl Exchange {
    /// The same with all values masked that say who somebody is.
    #[must_use]
    pub fn masked(self) -> Self {
        if self.policy == BodyPolicy::Masked {
            return self;
        }
        let (request, answer) = (self.request.masked(Side::Request), self.answer.masked(Side::Answer));
        Self { policy: BodyPolicy::Masked, request, answer }
    }
}

/// A request or an answer, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// Its body, if it had one that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
}

/// A body, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// How long it was, in bytes.
    pub length: usize,
    /// Whether only its beginning is kept.
    #[serde(default)]
    pub cut: bool,
    /// What it says, where it could be read. A form is an object of its fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// What stood there, where it could not be read and may be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where reading it stopped, where it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Position>,
}

/// A place in a text, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column in it, in bytes.
    pub column: usize,
}

impl Message {
    fn of(raw: RawMessage, policy: BodyPolicy, side: Side) -> Self {
        let form = raw.headers.iter().any(|(name, value)| name == "content-type" && value.contains("x-www-form-urlencoded"));
        let body = raw.body.filter(|body| body.length > 0).map(|body| Body::of(&body, form));
        let message = Self { headers: raw.headers, body };
        if policy == BodyPolicy::Masked { message.masked(side) } else { message }
    }

    fn masked(self, side: Side) -> Self {
        let headers = self.headers.into_iter().map(|(name, value)| {
            let value = headers::masked(&name, value);
            (name, value)
        });
        let body = self.body.map(|body| Body { json: body.json.map(|value| mask::masked(value, side)), text: None, ..body });
        Self { headers: headers.collect(), body }
    }
}

impl Body {
    /// Without its secrets.
    fn of(raw: &RawBody, form: bool) -> Self {
        let cut = raw.bytes.len() < raw.length;
        let body = Self { length: raw.length, cut, ..Self::default() };
        let read = if form { Ok(read::form(&raw.bytes)) } else { read::json(&raw.bytes, cut) };
        match read {
            Ok(value) => Self { json: Some(secrets::removed(value)), ..body },
            Err(fault) => {
                let text = secrets::removed_from_text(&String::from_utf8_lossy(&raw.bytes));
                Self { text: Some(text), fault: Some(fault), ..body }
            }
        }
    }
}

#[cfg(test)]
mod tests;
