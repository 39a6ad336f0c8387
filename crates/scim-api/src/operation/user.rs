//! What can be done with people.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod patch;
pub(crate) mod replace;

use domain::{User, UserId};
use scim::Version;
use store::Tx;

use super::taken;
use crate::failure::Failure;

/// The person, held until the unit ends, if they are in the version that the client asked for.
async fn locked(tx: &Tx<'_>, id: UserId, precondition: &scim::Precondition) -> Result<User, Failure> {
    let user = tx.users().lock(id).await?.ok_or_else(|| Failure::NotFound(id.to_string()))?;
    precondition.check_write(Version(user.version))?;
    Ok(user)
}
