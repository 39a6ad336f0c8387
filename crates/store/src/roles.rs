//! Roles of the app: the service's list of them, what tenants map their groups to, and telling who has which.
//!
//! What somebody has follows from the rows as they are ([`reading`]). What was *told* of it stands in `user_roles`, and the
//! feed has a `user.roles_changed` for every step of it. Between the two stands [`settle`], which follows the tenant's own
//! feed: whatever can give or take a role is a change in it, so nothing that is written pays for roles, and nothing can be
//! missed. ADR 17 has the reasons and the proof.

mod below;
mod definitions;
mod head;
mod mappings;
mod nesting;
mod preview;
mod reading;
mod settle;
mod subjects;
mod unsettled;
mod work;

#[cfg(feature = "testing")]
pub(crate) use below::groups_below;
pub use definitions::{RoleChange, RoleDeletion};
pub use mappings::{Mapped, MappedGroup, RoleMappings};
#[cfg(feature = "testing")]
pub(crate) use nesting::groups_above;
pub use preview::{Preview, PreviewPerson, Previewed};
pub(crate) use reading::{held_by, told_between};
pub use settle::Settled;
