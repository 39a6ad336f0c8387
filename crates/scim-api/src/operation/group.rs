//! What can be done with groups. Steps on members never load the group's members.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod patch;
pub(crate) mod replace;

use domain::{Group, GroupId};
use scim::{Bound, Fault, Version};
use store::{MemberDiff, Tx};

use super::{Refused, taken};
use crate::door::Limits;
use crate::failure::Failure;
use crate::observe::Names;

/// The group, held until the unit ends, if it is in the version that the client asked for.
async fn locked(tx: &Tx<'_>, id: GroupId, precondition: &scim::Precondition) -> Result<Group, Refused> {
    let group = tx.groups().lock(id).await?.ok_or_else(|| Failure::NotFound(id.to_string()))?;
    match precondition.check_write(Version(group.version)) {
        Ok(()) => Ok(group),
        Err(stale) => Err(Refused::of(Names::of(&group.resource), stale.into())),
    }
}

/// Bounds what one request may name.
fn bounded(members: usize, limits: Limits) -> Result<(), Failure> {
    if members <= limits.members_per_request {
        return Ok(());
    }
    let detail = format!("one request may name {} members at most", limits.members_per_request);
    Err(Fault::beyond(Bound::RequestMembers, limits.members_per_request as u64, detail).into())
}

/// Bounds what a group may hold: its members, and the references that wait for one.
fn fits(group: &Group, diff: &MemberDiff, limits: Limits) -> Result<(), Failure> {
    let members = group.members.saturating_add(diff.added.len() as u64).saturating_sub(diff.removed.len() as u64);
    let after = members.saturating_add(group.waiting.saturating_add_signed(diff.waiting));
    if diff.added.is_empty() && diff.waiting <= 0 { Ok(()) } else { within(after, limits) }
}

/// The same for how many they are.
fn within(members: u64, limits: Limits) -> Result<(), Failure> {
    if members <= limits.members_per_group {
        return Ok(());
    }
    let detail = format!("a group may have {} members at most, with those that it waits for", limits.members_per_group);
    Err(Fault::beyond(Bound::GroupMembers, limits.members_per_group, detail).into())
}
