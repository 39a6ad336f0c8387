//! A group in a tenant's directory. Its members are rows of their own and never part of it.

use scim::Resource;
use uuid::Uuid;

use crate::{GroupId, ResourceKind, Timestamp};

/// A group in a tenant's directory.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Our id.
    pub id: GroupId,
    /// What the IdP sent, in canonical form, without members.
    pub resource: Resource,
    /// How many members it has.
    pub members: u64,
    /// How many references to members it keeps that wait for somebody who is not here.
    pub waiting: u64,
    /// Counts accepted changes, those of members included, from 1.
    pub version: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it or its members last changed.
    pub updated_at: Timestamp,
}

/// One member of a group, with the name to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The member's id.
    pub id: Uuid,
    /// Person or group.
    pub kind: ResourceKind,
    /// Its best human name.
    pub name: String,
    /// A person's userName.
    pub user_name: Option<String>,
    /// Whether a person may use the app.
    pub active: Option<bool>,
}
