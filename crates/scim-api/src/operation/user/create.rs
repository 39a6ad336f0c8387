//! `POST /Users`, RFC 7644 §3.3.

use domain::{Milestone, User};
use serde_json::Value;
use store::{NewUser, StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::RequestRecord;

struct CreateUser(NewUser);

impl Unit for CreateUser {
    const NAME: &'static str = "op.user.create";
    type Output = User;
    type Error = Failure;

    async fn run(&self, tx: &Tx<'_>) -> Result<User, Failure> {
        tx.users().insert(&self.0).await.map_err(|error| super::taken(error, self.0.resource()))
    }

    fn store_error(error: &Failure) -> Option<&StoreError> {
        error.store_error()
    }
}

pub(crate) async fn create(context: &ScimContext, body: Value, record: &mut RequestRecord) -> Result<Written<User>, Failure> {
    record.named_in(&body);
    let mut repairs = context.repairs();
    let read = scim::canonicalize(body, context.users(), &mut repairs);
    record.repairs = repairs.into_list();
    let mut resource = read?;
    record.about(&resource);
    // Whoever says nothing means an active person.
    resource.set_active(resource.active().unwrap_or(true));
    let unit = CreateUser(NewUser::of(resource, context.users()));
    let written = context.write(unit).await?;
    record.passed(Milestone::PersonCreated);
    Ok(written)
}
