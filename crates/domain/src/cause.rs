//! Every reason for a refusal, as an enum with parameters. The console has a sentence and a remedy for each code.

use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $({ $($(#[$about:meta])* $param:ident),+ $(,)? })?),+ $(,)?) => {
        /// Why a request was refused or failed, or what is still missing of what it asked for.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "code", content = "params")]
        pub enum Cause {
            $($(#[$doc])* #[serde(rename = $code)] $name $({ $($(#[$about])* #[serde(default)] $param: String),+ })?),+
        }

        /// Every cause code with the names of its parameters, for documentation and for the console's test.
        pub const CATALOGUE: &[(&str, &[&str])] = &[$(($code, &[$($(stringify!($param)),+)?])),+];

        impl Cause {
            /// The stable code.
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name $({ $($param: _),+ })? => $code),+ }
            }

            /// The parameters by name.
            pub fn params(&self) -> Vec<(&'static str, &str)> {
                match self { $(Self::$name $({ $($param),+ })? => vec![$($((stringify!($param), $param.as_str())),+)?]),+ }
            }
        }
    };
}

causes! {
    /// No Authorization header.
    TokenMissing = "token_missing",
    /// Not in the form of one of our tokens; says what it began with, at most 12 characters of a readable prefix.
    TokenMalformed = "token_malformed" {
        /// How the header began.
        starts_with,
    },
    /// More than one Authorization header, so that nobody can say which counts.
    TwoCredentials = "two_credentials" {
        /// How many.
        count,
    },
    /// In our form, but we never issued it.
    TokenUnknown = "token_unknown" {
        /// The token's visible beginning.
        starts_with,
    },
    /// It ended by itself.
    TokenEnded = "token_ended" {
        /// The token's visible beginning.
        starts_with,
        /// When, RFC 3339.
        at,
    },
    /// An admin revoked it.
    TokenRevoked = "token_revoked" {
        /// The token's visible beginning.
        starts_with,
        /// When, RFC 3339.
        at,
    },
    /// It belongs to another tenant.
    TokenOfAnotherTenant = "token_of_another_tenant" {
        /// The token's visible beginning.
        starts_with,
    },
    /// Its connection was closed.
    ConnectionClosed = "connection_closed",
    /// A token request names no client of this tenant.
    ClientUnknown = "client_unknown" {
        /// The `client_id` that was sent.
        client,
    },
    /// A token request's secret is none that this client has.
    ClientSecretWrong = "client_secret_wrong" {
        /// The client.
        client,
        /// The secret's visible beginning.
        starts_with,
    },
    /// The client's secret ended by itself.
    ClientSecretEnded = "client_secret_ended" {
        /// The secret's visible beginning.
        starts_with,
        /// When, RFC 3339.
        at,
    },
    /// An admin revoked the client's secret.
    ClientSecretRevoked = "client_secret_revoked" {
        /// The secret's visible beginning.
        starts_with,
        /// When, RFC 3339.
        at,
    },
    /// A signed assertion says something else than the admin entered.
    AssertionMismatch = "assertion_mismatch" {
        /// Which claim or header.
        claim,
        /// What it should be.
        expected,
        /// What it is.
        received,
    },
    /// A signed assertion is broken, out of its time, or not signed by a trusted key.
    AssertionRefused = "assertion_refused" {
        /// What is wrong with it.
        reason,
    },
    /// The address of the trusted keys gave none.
    TrustedKeysUnreachable = "trusted_keys_unreachable" {
        /// The address.
        url,
        /// What came instead.
        reason,
    },
    /// A token request that the standard does not know.
    TokenRequest = "token_request" {
        /// What is wrong with it.
        reason,
    },
    /// It may only read.
    ReadOnlyToken = "read_only_token",
    /// The tenant is suspended.
    TenantSuspended = "tenant_suspended",
    /// No such address.
    UnknownRoute = "unknown_route",
    /// The address does not take this method.
    MethodNotAllowed = "method_not_allowed",
    /// A content type other than SCIM's or JSON.
    ContentType = "content_type" {
        /// What was sent.
        sent,
    },
    /// A body that is compressed or otherwise encoded.
    ContentEncoding = "content_encoding" {
        /// What was sent.
        sent,
    },
    /// More bytes than the limit.
    BodyTooLarge = "body_too_large" {
        /// The limit in bytes.
        limit,
    },
    /// The body did not come within its time.
    BodyTooSlow = "body_too_slow" {
        /// The time in seconds.
        limit,
    },
    /// No JSON, or not of the message's shape.
    InvalidSyntax = "invalid_syntax",
    /// A version of SCIM that is not ours.
    InvalidVersion = "invalid_version" {
        /// What the address says in its place.
        sent,
    },
    /// A parameter that is given twice, or beside one that excludes it.
    InvalidParameter = "invalid_parameter" {
        /// The parameter.
        parameter,
    },
    /// A cursor that was not issued for this list (RFC 9865).
    InvalidCursor = "invalid_cursor",
    /// A cursor that is no longer good (RFC 9865).
    ExpiredCursor = "expired_cursor" {
        /// For how many seconds one is good.
        life,
    },
    /// A filter on what the service can do (RFC 7644 §4).
    DiscoveryFiltered = "discovery_filtered" {
        /// The endpoint.
        endpoint,
    },
    /// A filter we cannot read or answer.
    InvalidFilter = "invalid_filter" {
        /// The attribute it cannot be answered for; empty when it cannot be read.
        attribute,
    },
    /// A PATCH path we cannot read or that the schema does not know.
    InvalidPath = "invalid_path" {
        /// The path; empty when it is no text.
        path,
    },
    /// A required value is missing, or was to be removed.
    RequiredMissing = "required_missing" {
        /// The attribute.
        attribute,
    },
    /// A value of the wrong type.
    InvalidValue = "invalid_value" {
        /// The attribute or parameter; empty when it is the value of none.
        attribute,
    },
    /// A readOnly or immutable attribute was to be changed.
    Mutability = "mutability" {
        /// The attribute.
        attribute,
    },
    /// A PATCH path matched nothing.
    NoTarget = "no_target",
    /// Beyond one of the limits of a request or of a group.
    TooMany = "too_many" {
        /// What it has too many of, a code of [`scim::Bound`].
        what,
        /// How many there may be.
        limit,
    },
    /// An operation of a bulk request needs what another one did not make.
    LostReference = "lost_reference" {
        /// The bulkId of the other one.
        name,
    },
    /// What an operation of a bulk request wrote stands, but without its reference to what another one did not make.
    IncompleteRing = "incomplete_ring" {
        /// The bulkId of the other one.
        name,
    },
    /// Accepted, but some members of a group are not here yet; they join when they come.
    MembersWaiting = "members_waiting" {
        /// How many.
        count,
    },
    /// Another holds the value of a unique attribute.
    Uniqueness = "uniqueness" {
        /// The attribute.
        attribute,
        /// The value that was sent.
        value,
        /// The id of who holds it, when known.
        holder,
    },
    /// No resource of this id.
    NotFound = "not_found",
    /// If-Match named another version.
    Stale = "stale",
    /// The client asks for what a strict connection does not repair.
    RepairRefused = "repair_refused",
    /// Part of the standard that this service does not offer.
    NotImplemented = "not_implemented",
    /// Too many requests in a short time.
    TooFast = "too_fast" {
        /// Which limit was reached: `failures` of an address a minute, the tenant's `ceiling` a second, its requests
        /// `under_way` at once, or the seconds that one waits for its `turn`.
        which,
        /// The limit.
        limit,
        /// After how many seconds another request is taken.
        wait,
    },
    /// The database or the write queue could not take the request now.
    Unavailable = "unavailable",
    /// Our fault.
    Internal = "internal",
}

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
    fn each_cause_of_the_catalogue_is_kept_and_read_with_all_that_it_tells() {
        let mut codes: Vec<_> = CATALOGUE.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CATALOGUE.len(), "each code is there once");
        for (code, names) in CATALOGUE {
            let mut kept = serde_json::json!({ "code": code });
            for name in *names {
                kept["params"][*name] = Value::from(format!("a {name}"));
            }
            let cause = Cause::read(&kept).unwrap();
            assert_eq!((cause.code(), serde_json::to_value(&cause).unwrap()), (*code, kept));
            assert!(cause.params().iter().map(|(name, _)| name).eq(*names), "{code}");
            assert!(cause.params().iter().all(|(name, value)| *value == format!("a {name}")), "{code}");
            assert_eq!(Cause::read(&serde_json::json!({ "code": code })).unwrap().code(), *code, "without parameters");
        }
    }
}
