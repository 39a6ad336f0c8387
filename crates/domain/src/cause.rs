//! Every reason for a refusal, as an enum with parameters. The console has a sentence and a remedy for each code.

use serde::{Deserialize, Serialize};

/// Why a request was refused or failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Cause {
    /// No Authorization header.
    TokenMissing,
    /// Not in the form of one of our tokens; says what it began with, at most 12 characters of a readable prefix.
    TokenMalformed {
        /// How the header began.
        starts_with: String,
    },
    /// In our form, but we never issued it.
    TokenUnknown {
        /// The token's visible beginning.
        starts_with: String,
    },
    /// It ended by itself.
    TokenEnded {
        /// The token's visible beginning.
        starts_with: String,
        /// When, RFC 3339.
        at: String,
    },
    /// An admin revoked it.
    TokenRevoked {
        /// The token's visible beginning.
        starts_with: String,
        /// When, RFC 3339.
        at: String,
    },
    /// It belongs to another tenant.
    TokenOfAnotherTenant {
        /// The token's visible beginning.
        starts_with: String,
    },
    /// Its connection was closed.
    ConnectionClosed,
    /// It may only read.
    ReadOnlyToken,
    /// The tenant is suspended.
    TenantSuspended,
    /// No such address.
    UnknownRoute,
    /// The address does not take this method.
    MethodNotAllowed,
    /// A content type other than SCIM's or JSON.
    ContentType {
        /// What was sent.
        sent: String,
    },
    /// More bytes than the limit.
    BodyTooLarge {
        /// The limit in bytes.
        limit: String,
    },
    /// No JSON, or not of the message's shape.
    InvalidSyntax,
    /// A filter we cannot read or answer.
    InvalidFilter,
    /// A PATCH path we cannot read or that the schema does not know.
    InvalidPath,
    /// A value of the wrong type, or a required one missing.
    InvalidValue,
    /// A readOnly or immutable attribute was to be changed.
    Mutability,
    /// A PATCH path matched nothing.
    NoTarget,
    /// Beyond one of the published limits.
    TooMany,
    /// Another holds the value of a unique attribute.
    Uniqueness {
        /// The attribute.
        attribute: String,
        /// The value that was sent.
        value: String,
        /// The id of who holds it, when known.
        holder: String,
    },
    /// No resource of this id.
    NotFound,
    /// If-Match named another version.
    Stale,
    /// The client asks for what a strict connection does not repair.
    RepairRefused,
    /// Part of the standard that this service does not offer.
    NotImplemented,
    /// Too many requests.
    TooFast,
    /// The database or the write queue could not take the request now.
    Unavailable,
    /// Our fault.
    Internal,
}

/// Every cause code with the names of its parameters, for documentation and for the console's test.
pub const CATALOGUE: &[(&str, &[&str])] = &[
    ("token_missing", &[]),
    ("token_malformed", &["starts_with"]),
    ("token_unknown", &["starts_with"]),
    ("token_ended", &["starts_with", "at"]),
    ("token_revoked", &["starts_with", "at"]),
    ("token_of_another_tenant", &["starts_with"]),
    ("connection_closed", &[]),
    ("read_only_token", &[]),
    ("tenant_suspended", &[]),
    ("unknown_route", &[]),
    ("method_not_allowed", &[]),
    ("content_type", &["sent"]),
    ("body_too_large", &["limit"]),
    ("invalid_syntax", &[]),
    ("invalid_filter", &[]),
    ("invalid_path", &[]),
    ("invalid_value", &[]),
    ("mutability", &[]),
    ("no_target", &[]),
    ("too_many", &[]),
    ("uniqueness", &["attribute", "value", "holder"]),
    ("not_found", &[]),
    ("stale", &[]),
    ("repair_refused", &[]),
    ("not_implemented", &[]),
    ("too_fast", &[]),
    ("unavailable", &[]),
    ("internal", &[]),
];

impl Cause {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TokenMissing => "token_missing",
            Self::TokenMalformed { .. } => "token_malformed",
            Self::TokenUnknown { .. } => "token_unknown",
            Self::TokenEnded { .. } => "token_ended",
            Self::TokenRevoked { .. } => "token_revoked",
            Self::TokenOfAnotherTenant { .. } => "token_of_another_tenant",
            Self::ConnectionClosed => "connection_closed",
            Self::ReadOnlyToken => "read_only_token",
            Self::TenantSuspended => "tenant_suspended",
            Self::UnknownRoute => "unknown_route",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::ContentType { .. } => "content_type",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::InvalidSyntax => "invalid_syntax",
            Self::InvalidFilter => "invalid_filter",
            Self::InvalidPath => "invalid_path",
            Self::InvalidValue => "invalid_value",
            Self::Mutability => "mutability",
            Self::NoTarget => "no_target",
            Self::TooMany => "too_many",
            Self::Uniqueness { .. } => "uniqueness",
            Self::NotFound => "not_found",
            Self::Stale => "stale",
            Self::RepairRefused => "repair_refused",
            Self::NotImplemented => "not_implemented",
            Self::TooFast => "too_fast",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// The parameters by name.
    pub fn params(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::TokenMalformed { starts_with }
            | Self::TokenUnknown { starts_with }
            | Self::TokenOfAnotherTenant { starts_with } => {
                vec![("starts_with", starts_with)]
            }
            Self::TokenEnded { starts_with, at } | Self::TokenRevoked { starts_with, at } => {
                vec![("starts_with", starts_with), ("at", at)]
            }
            Self::ContentType { sent } => vec![("sent", sent)],
            Self::BodyTooLarge { limit } => vec![("limit", limit)],
            Self::Uniqueness { attribute, value, holder } => vec![("attribute", attribute), ("value", value), ("holder", holder)],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serialized_code_is_the_code() {
        let cause = Cause::TokenEnded { starts_with: "dsk_ab".into(), at: "2026-01-01T00:00:00Z".into() };
        let json = serde_json::to_value(&cause).unwrap();
        assert_eq!(json["code"], cause.code());
        assert_eq!(serde_json::from_value::<Cause>(json).unwrap(), cause);
    }

    #[test]
    fn the_catalogue_names_each_code_once() {
        let mut codes: Vec<_> = CATALOGUE.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CATALOGUE.len());
        for cause in [
            Cause::TokenMissing,
            Cause::Internal,
            Cause::Uniqueness { attribute: String::new(), value: String::new(), holder: String::new() },
        ] {
            let (_, params) = CATALOGUE.iter().find(|(code, _)| *code == cause.code()).unwrap();
            assert_eq!(cause.params().iter().map(|(name, _)| *name).collect::<Vec<_>>(), params.to_vec());
        }
    }
}
