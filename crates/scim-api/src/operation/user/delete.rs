//! `DELETE /Users/{id}`, RFC 7644 §3.6.

use domain::{Milestone, User, UserId};
use scim::Precondition;
use store::{StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::{Names, RequestRecord};
use crate::operation::Refused;

struct DeleteUser {
    id: UserId,
    precondition: Precondition,
}

impl Unit for DeleteUser {
    const NAME: &'static str = "op.user.delete";
    type Output = User;
    type Error = Refused;

    async fn run(&self, tx: &Tx<'_>) -> Result<User, Refused> {
        let user = super::locked(tx, self.id, &self.precondition).await?;
        match tx.users().remove(user.clone()).await {
            Ok(()) => Ok(user),
            Err(error) => Err(Refused::of(Names::of(&user.resource), error.into())),
        }
    }

    fn store_error(error: &Refused) -> Option<&StoreError> {
        error.store_error()
    }
}

pub(crate) async fn delete(context: &ScimContext, id: UserId, record: &mut RequestRecord) -> Result<Written<User>, Failure> {
    let unit = DeleteUser { id, precondition: context.precondition.clone() };
    let written = context.write(unit).await.map_err(|refused| refused.noted(record))?;
    record.passed(Milestone::Deactivated);
    Ok(written)
}
