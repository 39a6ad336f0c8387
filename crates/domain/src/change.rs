//! One accepted write to one resource, numbered per tenant without gaps.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{AdminId, ConnectionId, CredentialId, ResourceKind, Timestamp};

/// A change before the store gave it its number and time.
#[derive(Clone, Debug)]
pub struct NewChange {
    /// What happened.
    pub kind: ChangeKind,
    /// To which resource.
    pub resource_id: Uuid,
    /// Its best human name at that time.
    pub resource_name: Option<String>,
    /// Its version after the change.
    pub version: u64,
    /// Its canonical JSON before; absent for creations.
    pub before: Option<Value>,
    /// Its canonical JSON after; absent for deletions.
    pub after: Option<Value>,
    /// What the documents do not show: members, groups left.
    pub details: Option<ChangeDetails>,
}

/// A change as it stands in the feed.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its number in the tenant: gap-free, in commit order, from 1.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub actor: Actor,
    /// The request that caused it.
    pub request_id: Option<String>,
    /// What happened.
    pub change: NewChange,
}

/// What the documents before and after do not show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChangeDetails {
    /// Members that came; at most 1,000 in one change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members_added: Vec<MemberDelta>,
    /// Members that went; at most 1,000 in one change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members_removed: Vec<MemberDelta>,
    /// Groups that a deleted person or group left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups_left: Vec<Uuid>,
    /// Keys of the roles that a person got.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles_added: Vec<String>,
    /// Keys of the roles that a person lost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles_removed: Vec<String>,
    /// Keys of all roles that a person has after a change of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

impl ChangeDetails {
    /// Whether members came or went.
    pub fn moves_members(&self) -> bool {
        !self.members_added.is_empty() || !self.members_removed.is_empty()
    }
}

/// One member that came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDelta {
    /// The member's id.
    pub id: Uuid,
    /// `User` or `Group`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// Most members that one change names; more become consecutive changes.
pub const MEMBERS_PER_CHANGE: usize = 1_000;

/// What happened to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A person was created.
    UserCreated,
    /// A person's attributes changed.
    UserUpdated,
    /// A person became inactive.
    UserDeactivated,
    /// A person became active again.
    UserReactivated,
    /// A person was deleted.
    UserDeleted,
    /// A person has other roles of the app.
    UserRolesChanged,
    /// A group was created.
    GroupCreated,
    /// A group's attributes changed.
    GroupUpdated,
    /// Members came or went.
    GroupMembersChanged,
    /// A group was deleted.
    GroupDeleted,
}

impl ChangeKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::UserCreated,
        Self::UserUpdated,
        Self::UserDeactivated,
        Self::UserReactivated,
        Self::UserDeleted,
        Self::UserRolesChanged,
        Self::GroupCreated,
        Self::GroupUpdated,
        Self::GroupMembersChanged,
        Self::GroupDeleted,
    ];

    /// The type's name in rows, the feed and webhooks.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserCreated => "user.created",
            Self::UserUpdated => "user.updated",
            Self::UserDeactivated => "user.deactivated",
            Self::UserReactivated => "user.reactivated",
            Self::UserDeleted => "user.deleted",
            Self::UserRolesChanged => "user.roles_changed",
            Self::GroupCreated => "group.created",
            Self::GroupUpdated => "group.updated",
            Self::GroupMembersChanged => "group.members_changed",
            Self::GroupDeleted => "group.deleted",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }

    /// Whether such a change may give or take roles of the app. What makes or changes a resource moves nobody: members
    /// have changes of their own, and so has becoming active.
    pub const fn may_move_roles(self) -> bool {
        !matches!(self, Self::UserCreated | Self::UserUpdated | Self::UserRolesChanged | Self::GroupCreated | Self::GroupUpdated)
    }

    /// The kind of resource it happened to.
    pub const fn resource_kind(self) -> ResourceKind {
        match self {
            Self::UserCreated
            | Self::UserUpdated
            | Self::UserDeactivated
            | Self::UserReactivated
            | Self::UserDeleted
            | Self::UserRolesChanged => ResourceKind::User,
            Self::GroupCreated | Self::GroupUpdated | Self::GroupMembersChanged | Self::GroupDeleted => ResourceKind::Group,
        }
    }
}

/// Who wrote a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An IdP, through a connection's credential.
    Connection {
        /// The connection.
        connection: ConnectionId,
        /// The credential it used.
        credential: CredentialId,
    },
    /// A person in the console or on the command line.
    Admin(AdminId),
    /// The service itself.
    System,
}
