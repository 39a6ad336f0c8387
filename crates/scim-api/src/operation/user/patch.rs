//! `PATCH /Users/{id}`, RFC 7644 §3.5.2.

use std::sync::Arc;

use domain::{User, UserId};
use scim::{Applied, PatchRequest, Plan, Precondition, ResourceSchema};
use serde_json::Value;
use store::{StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::{Names, RequestRecord};
use crate::operation::Refused;
use crate::operation::user::Saved;

/// One PATCH on one person, ready to run: nothing in it can be a bad request any more.
struct PatchUser {
    id: UserId,
    plan: Plan,
    precondition: Precondition,
    schema: Arc<ResourceSchema>,
}

impl Unit for PatchUser {
    const NAME: &'static str = "op.user.patch";
    type Output = Saved;
    type Error = Refused;

    async fn run(&self, tx: &Tx<'_>) -> Result<Saved, Refused> {
        let user = super::locked(tx, self.id, &self.precondition).await?;
        let names = Names::of(&user.resource);
        self.apply(tx, user).await.map_err(|failure| Refused::of(names, failure))
    }

    fn store_error(error: &Refused) -> Option<&StoreError> {
        error.store_error()
    }
}

impl PatchUser {
    async fn apply(&self, tx: &Tx<'_>, user: User) -> Result<Saved, Failure> {
        let mut resource = user.resource.clone();
        if self.plan.apply(&mut resource)? == Applied::Nothing {
            return Ok(Saved::unchanged(user)); // RFC 7644 §3.5.2.1: nothing changed, so version and modified time stay
        }
        let wanted = resource.clone();
        let was_active = user.active;
        let saved = tx.users().save(user, resource, &self.schema).await;
        saved.map(|user| Saved::new(was_active, user)).map_err(|error| super::taken(error, &wanted))
    }
}

pub(crate) async fn patch(
    context: &ScimContext,
    id: UserId,
    body: Value,
    record: &mut RequestRecord,
) -> Result<Written<User>, Failure> {
    record.patched_by(&body);
    let mut repairs = context.repairs();
    let read = PatchRequest::parse(body).and_then(|request| Plan::resolve(&request, context.users(), &mut repairs));
    record.repairs = repairs.into_list();
    let (plan, precondition) = (read?, context.precondition.clone());
    let schema = Arc::clone(context.users());
    let unit = PatchUser { id, plan, precondition, schema };
    let written = context.write(unit).await.map_err(|refused| refused.noted(record))?;
    Ok(Saved::noted(written, record))
}
