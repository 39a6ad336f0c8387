//! Every reason for a refusal, as an enum with parameters. The console has a sentence and a remedy for each code.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Why a request was refused or failed, or what is still missing of what it asked for.
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
    /// A token request names no client of this tenant.
    ClientUnknown {
        /// The `client_id` that was sent.
        client: String,
    },
    /// A token request's secret is none that this client has.
    ClientSecretWrong {
        /// The client.
        client: String,
        /// The secret's visible beginning.
        starts_with: String,
    },
    /// The client's secret ended by itself.
    ClientSecretEnded {
        /// The secret's visible beginning.
        starts_with: String,
        /// When, RFC 3339.
        at: String,
    },
    /// An admin revoked the client's secret.
    ClientSecretRevoked {
        /// The secret's visible beginning.
        starts_with: String,
        /// When, RFC 3339.
        at: String,
    },
    /// A signed assertion says something else than the admin entered.
    AssertionMismatch {
        /// Which claim or header.
        claim: String,
        /// What it should be.
        expected: String,
        /// What it is.
        received: String,
    },
    /// A signed assertion is broken, out of its time, or not signed by a trusted key.
    AssertionRefused {
        /// What is wrong with it.
        reason: String,
    },
    /// The address of the trusted keys gave none.
    TrustedKeysUnreachable {
        /// The address.
        url: String,
        /// What came instead.
        reason: String,
    },
    /// A token request that the standard does not know.
    TokenRequest {
        /// What is wrong with it.
        reason: String,
    },
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
    /// A body that is compressed or otherwise encoded.
    ContentEncoding {
        /// What was sent.
        sent: String,
    },
    /// More bytes than the limit.
    BodyTooLarge {
        /// The limit in bytes.
        limit: String,
    },
    /// The body did not come within its time.
    BodyTooSlow {
        /// The time in seconds.
        limit: String,
    },
    /// No JSON, or not of the message's shape.
    InvalidSyntax,
    /// A filter we cannot read or answer.
    InvalidFilter {
        /// The attribute it cannot be answered for; empty when it cannot be read.
        #[serde(default)]
        attribute: String,
    },
    /// A PATCH path we cannot read or that the schema does not know.
    InvalidPath {
        /// The path; empty when it is no text.
        #[serde(default)]
        path: String,
    },
    /// A required value is missing, or was to be removed.
    RequiredMissing {
        /// The attribute.
        #[serde(default)]
        attribute: String,
    },
    /// A value of the wrong type.
    InvalidValue {
        /// The attribute or parameter; empty when it is the value of none.
        #[serde(default)]
        attribute: String,
    },
    /// A readOnly or immutable attribute was to be changed.
    Mutability {
        /// The attribute.
        #[serde(default)]
        attribute: String,
    },
    /// A PATCH path matched nothing.
    NoTarget,
    /// Beyond one of the published limits.
    TooMany,
    /// Accepted, but some members of a group are not here yet; they join when they come.
    MembersWaiting {
        /// How many.
        count: String,
    },
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
    ("client_unknown", &["client"]),
    ("client_secret_wrong", &["client", "starts_with"]),
    ("client_secret_ended", &["starts_with", "at"]),
    ("client_secret_revoked", &["starts_with", "at"]),
    ("assertion_mismatch", &["claim", "expected", "received"]),
    ("assertion_refused", &["reason"]),
    ("trusted_keys_unreachable", &["url", "reason"]),
    ("token_request", &["reason"]),
    ("read_only_token", &[]),
    ("tenant_suspended", &[]),
    ("unknown_route", &[]),
    ("method_not_allowed", &[]),
    ("content_type", &["sent"]),
    ("content_encoding", &["sent"]),
    ("body_too_large", &["limit"]),
    ("body_too_slow", &["limit"]),
    ("invalid_syntax", &[]),
    ("invalid_filter", &["attribute"]),
    ("invalid_path", &["path"]),
    ("required_missing", &["attribute"]),
    ("invalid_value", &["attribute"]),
    ("mutability", &["attribute"]),
    ("no_target", &[]),
    ("too_many", &[]),
    ("members_waiting", &["count"]),
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
    /// Reads a cause that was kept, also one from before its code had parameters.
    ///
    /// # Errors
    /// When it is none of ours.
    pub fn read(kept: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(kept).or_else(|error| {
            let code = kept.get("code").filter(|_| kept.get("params").is_none()).ok_or(error)?;
            Self::deserialize(serde_json::json!({ "code": code, "params": {} }))
        })
    }

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
            Self::ClientUnknown { .. } => "client_unknown",
            Self::ClientSecretWrong { .. } => "client_secret_wrong",
            Self::ClientSecretEnded { .. } => "client_secret_ended",
            Self::ClientSecretRevoked { .. } => "client_secret_revoked",
            Self::AssertionMismatch { .. } => "assertion_mismatch",
            Self::AssertionRefused { .. } => "assertion_refused",
            Self::TrustedKeysUnreachable { .. } => "trusted_keys_unreachable",
            Self::TokenRequest { .. } => "token_request",
            Self::ReadOnlyToken => "read_only_token",
            Self::TenantSuspended => "tenant_suspended",
            Self::UnknownRoute => "unknown_route",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::ContentType { .. } => "content_type",
            Self::ContentEncoding { .. } => "content_encoding",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::BodyTooSlow { .. } => "body_too_slow",
            Self::InvalidSyntax => "invalid_syntax",
            Self::InvalidFilter { .. } => "invalid_filter",
            Self::InvalidPath { .. } => "invalid_path",
            Self::RequiredMissing { .. } => "required_missing",
            Self::InvalidValue { .. } => "invalid_value",
            Self::Mutability { .. } => "mutability",
            Self::NoTarget => "no_target",
            Self::TooMany => "too_many",
            Self::MembersWaiting { .. } => "members_waiting",
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
            Self::ClientUnknown { client } => vec![("client", client)],
            Self::ClientSecretWrong { client, starts_with } => vec![("client", client), ("starts_with", starts_with)],
            Self::AssertionMismatch { claim, expected, received } => {
                vec![("claim", claim), ("expected", expected), ("received", received)]
            }
            Self::AssertionRefused { reason } | Self::TokenRequest { reason } => vec![("reason", reason)],
            Self::TrustedKeysUnreachable { url, reason } => vec![("url", url), ("reason", reason)],
            Self::TokenEnded { starts_with, at }
            | Self::TokenRevoked { starts_with, at }
            | Self::ClientSecretEnded { starts_with, at }
            | Self::ClientSecretRevoked { starts_with, at } => {
                vec![("starts_with", starts_with), ("at", at)]
            }
            Self::InvalidFilter { attribute }
            | Self::RequiredMissing { attribute }
            | Self::InvalidValue { attribute }
            | Self::Mutability { attribute } => vec![("attribute", attribute)],
            Self::MembersWaiting { count } => vec![("count", count)],
            Self::InvalidPath { path } => vec![("path", path)],
            Self::ContentType { sent } | Self::ContentEncoding { sent } => vec![("sent", sent)],
            Self::BodyTooLarge { limit } | Self::BodyTooSlow { limit } => vec![("limit", limit)],
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
    fn a_cause_from_before_its_code_had_parameters_is_read() {
        let kept = serde_json::json!({ "code": "invalid_value" });
        assert_eq!(Cause::read(&kept).unwrap(), Cause::InvalidValue { attribute: String::new() });
        assert_eq!(Cause::read(&serde_json::json!({ "code": "internal" })).unwrap(), Cause::Internal);
        assert!(Cause::read(&serde_json::json!({ "code": "no_such_code" })).is_err());
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
