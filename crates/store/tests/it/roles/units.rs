//! What an IdP does to people and groups, as units of work.

use domain::{Group, GroupId, User, UserId};
use scim::{MemberRef, ResourceSchema};
use store::{MemberDiff, StoreError, Tx, Unit};

/// Members come and go in one request.
pub(super) struct MoveMembers {
    pub(super) group: GroupId,
    pub(super) add: Vec<String>,
    pub(super) remove: Vec<String>,
}

impl Unit for MoveMembers {
    const NAME: &'static str = "test.move_members";
    type Output = Group;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<Group, StoreError> {
        let group = tx.groups().lock(self.group).await?.ok_or(StoreError::Stale)?;
        let mut diff = MemberDiff::default();
        let members: Vec<MemberRef> = self.add.iter().map(|id| MemberRef { value: id.clone(), kind: None }).collect();
        tx.groups().add_members(&group, &members, &mut diff).await?;
        tx.groups().remove_members(&group, &self.remove, &mut diff).await?;
        let unchanged = group.resource.clone();
        tx.groups().save(group, unchanged, &diff, &ResourceSchema::group()).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

/// A person becomes active, or is so no longer.
pub(super) struct Activate(pub(super) UserId, pub(super) bool);

impl Unit for Activate {
    const NAME: &'static str = "test.activate";
    type Output = User;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<User, StoreError> {
        let user = tx.users().lock(self.0).await?.ok_or(StoreError::Stale)?;
        let mut resource = user.resource.clone();
        resource.set_active(self.1);
        tx.users().save(user, resource, &ResourceSchema::user()).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

/// A group is deleted.
pub(super) struct RemoveGroup(pub(super) GroupId);

impl Unit for RemoveGroup {
    const NAME: &'static str = "test.remove_group";
    type Output = ();
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let group = tx.groups().lock(self.0).await?.ok_or(StoreError::Stale)?;
        tx.groups().remove(group).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}
