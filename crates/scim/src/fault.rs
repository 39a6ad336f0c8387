//! Every way in which a SCIM request can be wrong, with its status and `scimType` (RFC 7644 §3.12).

use std::fmt;

use crate::bound::Bound;
use crate::repair::RepairRule;

/// What is wrong, in the categories of RFC 7644 §3.12 and RFC 9865 §2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// A filter that cannot be read or does not fit the schema.
    InvalidFilter,
    /// More than the service is willing to process.
    TooMany,
    /// Another resource holds the value of a unique attribute.
    Uniqueness,
    /// A readOnly or immutable attribute.
    Mutability,
    /// A required attribute that would vanish.
    Removed,
    /// A body that is no message of the expected shape.
    InvalidSyntax,
    /// A PATCH path that cannot be read.
    InvalidPath,
    /// A PATCH path that selects nothing.
    NoTarget,
    /// A value of the wrong type.
    InvalidValue,
    /// A required value is missing.
    Missing,
    /// A SCIM version this service does not speak.
    InvalidVersion,
    /// A cursor that was never issued (RFC 9865).
    InvalidCursor,
    /// A cursor that is no longer good (RFC 9865).
    ExpiredCursor,
    /// A page size this service does not accept (RFC 9865).
    InvalidCount,
    /// Sensitive data where it would end up in logs.
    Sensitive,
}

impl FaultKind {
    /// The HTTP status that goes with it.
    pub fn status(self) -> u16 {
        match self {
            Self::Uniqueness => 409,
            Self::Sensitive => 403,
            _ => 400,
        }
    }

    /// The `scimType` of the error body.
    pub fn scim_type(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability | Self::Removed => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue | Self::Missing => "invalidValue",
            Self::InvalidVersion => "invalidVers",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
            Self::Sensitive => "sensitive",
        }
    }

    /// The stable code of this cause, for logs.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalid_filter",
            Self::TooMany => "too_many",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::Removed => "required_removed",
            Self::InvalidSyntax => "invalid_syntax",
            Self::InvalidPath => "invalid_path",
            Self::NoTarget => "no_target",
            Self::InvalidValue => "invalid_value",
            Self::Missing => "required_missing",
            Self::InvalidVersion => "invalid_version",
            Self::InvalidCursor => "invalid_cursor",
            Self::ExpiredCursor => "expired_cursor",
            Self::InvalidCount => "invalid_count",
            Self::Sensitive => "sensitive",
        }
    }
}

/// One refusal of a request: its category and a sentence meant for an identity provider's admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    detail: String,
    attribute: Option<String>,
    refused: Option<RepairRule>,
    bound: Option<(Bound, u64)>,
}

impl Fault {
    /// A refusal of this kind; `detail` is shown to the client.
    pub fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), attribute: None, refused: None, bound: None }
    }

    /// A refusal because the request, or what it makes, goes beyond a limit.
    pub fn beyond(bound: Bound, limit: u64, detail: impl Into<String>) -> Self {
        Self { bound: Some((bound, limit)), ..Self::new(FaultKind::TooMany, detail) }
    }

    /// A refusal because the client asked for a repair that its strict connection does not make.
    pub(crate) fn refused(rule: RepairRule, detail: String) -> Self {
        Self { refused: Some(rule), ..Self::new(rule.refusal(), detail) }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.kind.status()
    }

    /// The `scimType` for the error body.
    pub fn scim_type(&self) -> Option<&'static str> {
        Some(self.kind.scim_type())
    }

    /// The sentence for the error body.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The attribute or path it is about, as far as one is.
    pub fn attribute(&self) -> Option<&str> {
        self.attribute.as_deref()
    }

    /// The same refusal, about an attribute or path.
    #[must_use]
    pub fn about(mut self, attribute: impl Into<String>) -> Self {
        self.attribute = Some(attribute.into());
        self
    }

    /// The category.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The repair that a strict connection refused, when that is the reason.
    pub fn refused_repair(&self) -> Option<RepairRule> {
        self.refused
    }

    /// What there was too much of, and how much there may be.
    pub fn bound(&self) -> Option<(Bound, u64)> {
        self.bound
    }

    /// The same refusal with a further sentence.
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.detail.push_str(". ");
        self.detail.push_str(hint);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.scim_type(), self.detail)
    }
}

impl std::error::Error for Fault {}
