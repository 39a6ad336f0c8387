//! What can be done with people.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod patch;
pub(crate) mod replace;

use domain::{Milestone, User, UserId};
use scim::Version;
use store::{Tx, Written};

use super::{Refused, taken};
use crate::failure::Failure;
use crate::observe::{Names, RequestRecord};

/// The person, held until the unit ends, if they are in the version that the client asked for.
async fn locked(tx: &Tx<'_>, id: UserId, precondition: &scim::Precondition) -> Result<User, Refused> {
    let user = tx.users().lock(id).await?.ok_or_else(|| Failure::NotFound(id.to_string()))?;
    match precondition.check_write(Version(user.version)) {
        Ok(()) => Ok(user),
        Err(stale) => Err(Refused::of(Names::of(&user.resource), stale.into())),
    }
}

/// A person as a write left them, and whether it took their being active from them.
pub(super) struct Saved {
    user: User,
    deactivated: bool,
}

impl Saved {
    fn unchanged(user: User) -> Self {
        Self { user, deactivated: false }
    }

    fn new(was_active: bool, user: User) -> Self {
        Self { deactivated: was_active && !user.active, user }
    }

    /// The person, when the record knows what was done to them.
    fn noted(written: Written<Self>, record: &mut RequestRecord) -> Written<User> {
        let Written { output: Self { user, deactivated }, changes, waiting } = written;
        if changes.is_some() {
            record.passed(Milestone::Changed);
        }
        if deactivated {
            record.passed(Milestone::Deactivated);
        }
        Written { output: user, changes, waiting }
    }
}
