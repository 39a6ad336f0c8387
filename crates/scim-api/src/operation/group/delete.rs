//! `DELETE /Groups/{id}`, RFC 7644 §3.6.

use domain::{Group, GroupId};
use scim::Precondition;
use store::{StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::failure::Failure;

struct DeleteGroup {
    id: GroupId,
    precondition: Precondition,
}

impl Unit for DeleteGroup {
    const NAME: &'static str = "op.group.delete";
    type Output = Group;
    type Error = Failure;

    async fn run(&self, tx: &Tx<'_>) -> Result<Group, Failure> {
        let group = super::locked(tx, self.id, &self.precondition).await?;
        tx.groups().remove(group.clone()).await?;
        Ok(group)
    }

    fn store_error(error: &Failure) -> Option<&StoreError> {
        error.store_error()
    }
}

pub(crate) async fn delete(context: &ScimContext, id: GroupId) -> Result<Written<Group>, Failure> {
    context.write(DeleteGroup { id, precondition: context.precondition.clone() }).await
}
