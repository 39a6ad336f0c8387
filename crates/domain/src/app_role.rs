//! Roles of the app: what its developers define, what a tenant's groups are mapped to, and what a person has by it.

use std::fmt;
use std::str::FromStr;

use crate::{GroupId, Timestamp};

/// Most roles of the service.
pub const MOST: usize = 100;
/// Most mappings of a tenant.
pub const MOST_MAPPINGS: u64 = 1_000;
/// Most characters of a key.
pub const LONGEST_KEY: usize = 64;

/// What the app calls a role: 1 to 64 of a to z, 0 to 9, `_`, `.`, `:` and `-`. It never changes, since apps keep it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleKey(String);

/// The text is no key of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key has 1 to 64 characters: a to z, 0 to 9, _ . : -")]
pub struct NotARoleKey;

impl RoleKey {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RoleKey {
    type Err = NotARoleKey;

    fn from_str(text: &str) -> Result<Self, NotARoleKey> {
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.:-".contains(&byte);
        let sound = (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(known);
        if sound { Ok(Self(text.to_owned())) } else { Err(NotARoleKey) }
    }
}

/// A role of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppRole {
    /// What the app calls it.
    pub key: RoleKey,
    /// Its name, for people.
    pub name: String,
    /// What it allows, for people.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A role that a person has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleOfUser {
    /// What the app calls it.
    pub key: RoleKey,
    /// Its name, for people.
    pub name: String,
    /// The groups that give it to them, in the order of their ids.
    pub through: Vec<GroupId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_what_a_program_can_keep() {
        for text in ["a", "app:reader", "crm.sales-lead_2", &"x".repeat(64)] {
            assert_eq!(text.parse::<RoleKey>().map(|key| key.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "Reader", "a b", "a/b", "é", "a%", &"x".repeat(65)] {
            assert_eq!(text.parse::<RoleKey>(), Err(NotARoleKey), "{text:?}");
        }
    }
}
