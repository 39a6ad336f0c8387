//! `PUT /Users/{id}`, RFC 7644 §3.5.1.

use std::sync::Arc;

use domain::{User, UserId};
use scim::{Precondition, Resource, ResourceSchema};
use serde_json::Value;
use store::{StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::RequestRecord;
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
    type Error = Failure;

    async fn run(&self, tx: &Tx<'_>) -> Result<Saved, Failure> {
        let user = super::locked(tx, self.id, &self.precondition).await?;
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

    fn store_error(error: &Failure) -> Option<&StoreError> {
        error.store_error()
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
    let written = context.write(ReplaceUser { id, resource, precondition, schema }).await?;
    Ok(Saved::noted(written, record))
}
