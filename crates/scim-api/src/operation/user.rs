//! What can be done with people.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod patch;
pub(crate) mod replace;

use domain::{User, UserId};
use scim::{Resource, Version};
use store::{StoreError, Tx, Unique};

use crate::failure::Failure;

/// The person, held until the unit ends, if they are in the version that the client asked for.
async fn locked(tx: &Tx<'_>, id: UserId, precondition: &scim::Precondition) -> Result<User, Failure> {
    let user = tx.users().lock(id).await?.ok_or_else(|| Failure::NotFound(id.to_string()))?;
    precondition.check_write(Version(user.version))?;
    Ok(user)
}

/// A conflict in words: which attribute, which value, who holds it.
fn taken(error: StoreError, resource: &Resource) -> Failure {
    match error {
        StoreError::Conflict(Unique::UserName { holder }) if holder.is_some() => Failure::Taken {
            attribute: "userName",
            value: resource.user_name().unwrap_or_default().to_owned(),
            holder: holder.map(|id| id.to_string()),
        },
        other => other.into(),
    }
}
