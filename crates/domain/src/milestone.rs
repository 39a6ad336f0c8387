//! What of setting a connection up can be seen to have happened.

/// One thing that a guide waits for, or that it must tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Milestone {
    /// A request reached the tenant's address.
    Reached,
    /// A request came with what was not accepted as a credential.
    Refused,
    /// A request came with a credential that was accepted.
    Accepted,
    /// A request showed by itself which IdP sends it.
    Recognised,
    /// People or groups were looked for or listed.
    LookedUp,
    /// A person was made.
    PersonCreated,
    /// A group was made.
    GroupCreated,
    /// A person or group was changed.
    Changed,
    /// An active person was made inactive, or removed.
    Deactivated,
}

impl Milestone {
    /// All of them, in the order in which a connection is set up.
    pub const ALL: [Self; 9] = [
        Self::Reached,
        Self::Refused,
        Self::Accepted,
        Self::Recognised,
        Self::LookedUp,
        Self::PersonCreated,
        Self::GroupCreated,
        Self::Changed,
        Self::Deactivated,
    ];

    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Recognised => "recognised",
            Self::LookedUp => "looked_up",
            Self::PersonCreated => "person_created",
            Self::GroupCreated => "group_created",
            Self::Changed => "changed",
            Self::Deactivated => "deactivated",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|milestone| milestone.as_str() == text)
    }
}
