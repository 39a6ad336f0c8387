//! How a tenant stands, for whoever looks after many: one word, made of whether it is served and how its directory arrives.

use crate::health::Health;
use crate::{Outcome, TenantState};

/// How a tenant stands. In the order of how much it needs somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Half or more of its newest requests were refused or failed.
    Failing,
    /// Nothing has come for longer than is usual.
    Silent,
    /// It is not served.
    Suspended,
    /// There is no credential that an IdP could use.
    NotConnected,
    /// There is one; no request came yet.
    Waiting,
    /// Requests come and most are accepted.
    Working,
    /// It is on its way out.
    Deleting,
}

impl Standing {
    /// All of them, in their order.
    pub const ALL: [Self; 7] =
        [Self::Failing, Self::Silent, Self::Suspended, Self::NotConnected, Self::Waiting, Self::Working, Self::Deleting];

    /// How a tenant in this state and of this health stands.
    pub const fn of(state: TenantState, health: Health) -> Self {
        match (state, health) {
            (TenantState::Suspended, _) => Self::Suspended,
            (TenantState::Deleting, _) => Self::Deleting,
            (TenantState::Active, Health::NotConnected) => Self::NotConnected,
            (TenantState::Active, Health::Waiting) => Self::Waiting,
            (TenantState::Active, Health::Working) => Self::Working,
            (TenantState::Active, Health::Failing) => Self::Failing,
            (TenantState::Active, Health::Silent) => Self::Silent,
        }
    }

    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Silent => "silent",
            Self::Suspended => "suspended",
            Self::NotConnected => "not_connected",
            Self::Waiting => "waiting",
            Self::Working => "working",
            Self::Deleting => "deleting",
        }
    }

    /// Its place in [`Self::ALL`], which rows are sorted by.
    pub const fn rank(self) -> i64 {
        self as i64
    }
}

/// How a tenant's directory arrives: whether it has a credential, what became of the newest requests of its connections, and
/// how each of them is doing that ever sent something. Where no request is left, the connections alone tell.
pub fn health(has_credential: bool, newest: &[Outcome], connections: &[Health]) -> Health {
    let refused = newest.iter().filter(|outcome| **outcome != Outcome::Accepted).count();
    let all = |of: Health| !connections.is_empty() && connections.iter().all(|health| *health == of);
    let failing = if newest.is_empty() { all(Health::Failing) } else { refused * 2 >= newest.len() };
    if !has_credential && refused == newest.len() {
        Health::NotConnected
    } else if newest.is_empty() && connections.is_empty() {
        Health::Waiting
    } else if all(Health::Silent) {
        Health::Silent
    } else if failing {
        Health::Failing
    } else {
        Health::Working
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_places_and_what_is_not_served_says_so_first() {
        for (place, standing) in Standing::ALL.into_iter().enumerate() {
            assert_eq!(usize::try_from(standing.rank()), Ok(place));
        }
        assert_eq!(Standing::of(TenantState::Suspended, Health::Failing), Standing::Suspended);
        assert_eq!(Standing::of(TenantState::Active, Health::Failing), Standing::Failing);
    }

    #[test]
    fn a_tenant_is_as_well_as_its_newest_requests_unless_all_of_it_is_silent() {
        let (ok, no) = (Outcome::Accepted, Outcome::Rejected);
        assert_eq!(health(false, &[], &[]), Health::NotConnected);
        assert_eq!(health(false, &[no], &[]), Health::NotConnected);
        assert_eq!(health(false, &[ok, no, ok], &[]), Health::Working);
        assert_eq!(health(true, &[], &[]), Health::Waiting);
        assert_eq!(health(true, &[ok, no], &[Health::Failing]), Health::Failing);
        assert_eq!(health(true, &[], &[Health::Failing]), Health::Failing);
        assert_eq!(health(true, &[], &[Health::Failing, Health::Working]), Health::Working);
        assert_eq!(health(false, &[], &[Health::Working]), Health::NotConnected);
        assert_eq!(health(true, &[ok, ok], &[Health::Silent]), Health::Silent);
        assert_eq!(health(true, &[ok, ok], &[Health::Silent, Health::Working]), Health::Working);
    }
}
