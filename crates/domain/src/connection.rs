//! One IdP application that syncs into a tenant.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, TenantId, Timestamp};

/// One IdP application of a tenant. All connections of a tenant share its directory; the last writer wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Its name for people.
    pub name: String,
    /// Which IdP the admin said it is.
    pub idp: Idp,
    /// Whether its credentials open the door.
    pub state: ConnectionState,
    /// Strict connections get no repairs: what the standard does not allow is refused.
    pub strict: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whether a connection's credentials open the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// They do.
    Open,
    /// They do not; no person was touched by closing it.
    Closed,
}

impl ConnectionState {
    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Closed].into_iter().find(|s| s.as_str() == text)
    }
}

/// An identity provider as we tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Idp {
    /// Microsoft Entra ID.
    Entra,
    /// Okta.
    Okta,
    /// OneLogin.
    OneLogin,
    /// JumpCloud.
    JumpCloud,
    /// Any other SCIM 2.0 client.
    Other,
}

impl Idp {
    /// All of them, in the order people are offered them.
    pub const ALL: [Self; 5] = [Self::Entra, Self::Okta, Self::OneLogin, Self::JumpCloud, Self::Other];

    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::Okta => "okta",
            Self::OneLogin => "onelogin",
            Self::JumpCloud => "jumpcloud",
            Self::Other => "other",
        }
    }

    /// Its name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Entra => "Microsoft Entra ID",
            Self::Okta => "Okta",
            Self::OneLogin => "OneLogin",
            Self::JumpCloud => "JumpCloud",
            Self::Other => "SCIM client",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.as_str() == text)
    }
}
