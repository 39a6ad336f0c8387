//! A person in a tenant's directory.

use scim::Resource;

use crate::{Timestamp, UserId};

/// A person in a tenant's directory.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Our id.
    pub id: UserId,
    /// What the IdP sent, in canonical form.
    pub resource: Resource,
    /// Whether they may use the app: as the resource says, or as it said before `active` was removed, or true.
    pub active: bool,
    /// Counts accepted changes, from 1.
    pub version: u64,
    /// When they were created.
    pub created_at: Timestamp,
    /// When they last changed.
    pub updated_at: Timestamp,
}
