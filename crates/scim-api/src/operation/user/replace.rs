//! `PUT /Users/{id}`, RFC 7644 §3.5.1.

use std::sync::Arc;

use domain::{User, UserId};
use scim::{Precondition, Resource, ResourceSchema};
use serde_json::Value;
use store::{StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::{Names, RequestRecord};
use crate::operation::Refused;
use crate::operation::user::Saved;

struct ReplaceUser {
    id: UserId,
    resource: Resource,
    precondition: Precondition,
    schema: Arc<ResourceSchema>,
}

impl Unit for ReplaceUser {
    const NAME: &'static str = "op.user.replace";
    type Output = Saved;
    type Error = Refused;

    async fn run(&self, tx: &Tx<'_>) -> Result<Saved, Refused> {
        let user = super::locked(tx, self.id, &self.precondition).await?;
        let names = Names::of(&user.resource);
        self.replace(tx, user).await.map_err(|failure| Refused::of(names, failure))
    }

    fn store_error(error: &Refused) -> Option<&StoreError> {
        error.store_error()
    }
}

impl ReplaceUser {
    async fn replace(&self, tx: &Tx<'_>, user: User) -> Result<Saved, Failure> {
        let mut resource = self.resource.clone();
        // A client that does not map `active` must not bring leavers back.
        resource.set_active(resource.active().unwrap_or(user.active));
        scim::keep_immutable(&user.resource, &mut resource, &self.schema)?;
        if resource == user.resource {
            return Ok(Saved::unchanged(user));
        }
        let was_active = user.active;
        let saved = tx.users().save(user, resource, &self.schema).await;
        saved.map(|user| Saved::new(was_active, user)).map_err(|error| super::taken(error, &self.resource))
    }
}

pub(crate) async fn replace(
    context: &ScimContext,
    id: UserId,
    body: Value,
    record: &mut RequestRecord,
) -> Result<Written<User>, Failure> {
    record.named_in(&body);
    let mut repairs = context.repairs();
    let read = scim::canonicalize(body, context.users(), &mut repairs);
    record.repairs = repairs.into_list();
    let resource = read?;
    record.about(&resource);
    let (precondition, schema) = (context.precondition.clone(), Arc::clone(context.users()));
    let unit = ReplaceUser { id, resource, precondition, schema };
    let written = context.write(unit).await.map_err(|refused| refused.noted(record))?;
    Ok(Saved::noted(written, record))
}
