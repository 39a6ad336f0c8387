//! What the door does, as functions that know nothing of HTTP.

pub(crate) mod bulk;
pub(crate) mod group;
pub(crate) mod page;
pub(crate) mod user;

use domain::{GroupId, UserId};
use scim::Resource;
use store::{StoreError, Unique};
use uuid::Uuid;

use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::{Names, RequestRecord};
use crate::routes::Action;

/// Why a change was refused, and the names of its record, when it came so far as to read it.
#[derive(Debug)]
pub(crate) struct Refused {
    failure: Failure,
    names: Option<Box<Names>>,
}

impl Refused {
    fn of(names: Names, failure: Failure) -> Self {
        Self { failure, names: Some(Box::new(names)) }
    }

    fn store_error(&self) -> Option<&StoreError> {
        self.failure.store_error()
    }

    /// The failure, when the record knows whom the change was for.
    fn noted(self, record: &mut RequestRecord) -> Failure {
        if let Some(names) = self.names {
            record.called(*names);
        }
        self.failure
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self { failure, names: None }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Failure::from(error).into()
    }
}

/// Notes whom a change was for that was refused before its record was read: a PATCH says nothing of it but the id. What names
/// somebody by itself, or nobody who is here, costs no read.
pub(crate) async fn find_names(context: &ScimContext, action: Action, id: &str, failure: &Failure, record: &mut RequestRecord) {
    if !record.is_nameless() || matches!(failure, Failure::NotFound(_) | Failure::Store(_)) {
        return;
    }
    let found = match (action, id.parse::<Uuid>()) {
        (Action::PatchUser, Ok(id)) => {
            context.store.users().find(UserId::from(id)).await.map(|user| user.map(|user| user.resource))
        }
        (Action::PatchGroup, Ok(id)) => {
            context.store.groups().find(GroupId::from(id)).await.map(|group| group.map(|group| group.resource))
        }
        _ => return,
    };
    // Whoever cannot be read now is refused all the same.
    if let Ok(Some(resource)) = found {
        record.about(&resource);
    }
}

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
