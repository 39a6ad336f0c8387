//! What the door does, as functions that know nothing of HTTP.

pub(crate) mod bulk;
pub(crate) mod group;
pub(crate) mod page;
pub(crate) mod user;

use scim::Resource;
use store::{StoreError, Unique};
use uuid::Uuid;

use crate::failure::Failure;

/// A conflict in words: which attribute, which value, who holds it.
fn taken(error: StoreError, resource: &Resource) -> Failure {
    let of = |attribute: &str, value: Option<&str>, holder: Option<Uuid>| Failure::Taken {
        attribute: attribute.to_owned(),
        value: value.unwrap_or_default().to_owned(),
        holder: holder.map(|id| id.to_string()),
    };
    match error {
        StoreError::Conflict(Unique::UserName { holder }) if holder.is_some() => of("userName", resource.user_name(), holder),
        StoreError::Conflict(Unique::GroupName { holder }) if holder.is_some() => {
            of("displayName", resource.display_name(), holder)
        }
        StoreError::Conflict(Unique::Value { attribute, holder }) => {
            let sent = attribute.rsplit_once(':').and_then(|(urn, name)| resource.as_map().get(urn)?.get(name)?.as_str());
            of(&attribute, sent, holder)
        }
        other => other.into(),
    }
}
