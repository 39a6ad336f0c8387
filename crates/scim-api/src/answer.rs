//! What an operation answers, before it becomes HTTP.

use http::StatusCode;
use scim::Version;
use serde_json::Value;

/// An answer to a request that was accepted.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Option<Value>,
    pub(crate) version: Option<Version>,
    pub(crate) location: Option<String>,
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: StatusCode::OK, body: Some(body), version: None, location: None }
    }

    pub(crate) fn created(body: Value, location: String) -> Self {
        Self { status: StatusCode::CREATED, body: Some(body), version: None, location: Some(location) }
    }

    pub(crate) fn empty() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None, version: None, location: None }
    }

    pub(crate) fn not_modified() -> Self {
        Self { status: StatusCode::NOT_MODIFIED, ..Self::empty() }
    }

    pub(crate) fn with_version(self, version: u64) -> Self {
        Self { version: Some(Version(version)), ..self }
    }
}
