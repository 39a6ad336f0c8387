//! People and groups of a tenant, as they stand in the store.

pub mod group;
pub mod user;

pub use group::{Group, Member};
pub use user::User;

/// Which of the two resource types of RFC 7643 §4 something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    /// `User`.
    User,
    /// `Group`.
    Group,
}

impl ResourceKind {
    /// The resource type's name in SCIM.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::User, Self::Group].into_iter().find(|k| k.as_str() == text)
    }
}
