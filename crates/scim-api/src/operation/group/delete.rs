//! `DELETE /Groups/{id}`, RFC 7644 §3.6.

use domain::{Group, GroupId};
use scim::Precondition;
use store::{StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::{Names, RequestRecord};
use crate::operation::Refused;

struct DeleteGroup {
    id: GroupId,
    precondition: Precondition,
}

impl Unit for DeleteGroup {
    const NAME: &'static str = "op.group.delete";
    type Output = Group;
    type Error = Refused;

    async fn run(&self, tx: &Tx<'_>) -> Result<Group, Refused> {
        let group = super::locked(tx, self.id, &self.precondition).await?;
        match tx.groups().remove(group.clone()).await {
            Ok(()) => Ok(group),
            Err(error) => Err(Refused::of(Names::of(&group.resource), error.into())),
        }
    }

    fn store_error(error: &Refused) -> Option<&StoreError> {
        error.store_error()
    }
}

pub(crate) async fn delete(context: &ScimContext, id: GroupId, record: &mut RequestRecord) -> Result<Written<Group>, Failure> {
    let unit = DeleteGroup { id, precondition: context.precondition.clone() };
    context.write(unit).await.map_err(|refused| refused.noted(record))
}
