//! What clients have time for.

use std::time::Duration;

use serde::Deserialize;

use super::ConfigError;

/// How long each part of a conversation may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// A kept connection between two requests. Longer than proxies keep theirs (a minute, mostly), so that it is they who
    /// close, and no request meets a closed connection.
    pub idle: Duration,
    /// A request's head, from its first byte, or from the connection's beginning.
    pub head: Duration,
    /// A request's body at the SCIM door and the token endpoint.
    pub body: Duration,
    /// For how long a client may take nothing of its answer.
    pub answer: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { idle: seconds(75), head: seconds(15), body: seconds(30), answer: seconds(30) }
    }
}

/// The same in the file, in seconds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    idle: Option<u64>,
    head: Option<u64>,
    body: Option<u64>,
    answer: Option<u64>,
}

impl Section {
    /// What is not set is as ever.
    pub(super) fn checked(&self) -> Result<Deadlines, ConfigError> {
        let usual = Deadlines::default();
        Ok(Deadlines {
            idle: seconds("idle", self.idle, usual.idle)?,
            head: seconds("head", self.head, usual.head)?,
            body: seconds("body", self.body, usual.body)?,
            answer: seconds("answer", self.answer, usual.answer)?,
        })
    }
}

fn seconds(name: &'static str, set: Option<u64>, usual: Duration) -> Result<Duration, ConfigError> {
    match set {
        None => Ok(usual),
        Some(seconds @ 1..=3_600) => Ok(Duration::from_secs(seconds)),
        Some(_) => Err(ConfigError::Deadline(name)),
    }
}
