//! Who is in which group: one row a membership, in both orders, so that neither a group's size nor a person's groups
//! matter to a change.

mod effective;
mod read;
mod waiting;
mod write;

use std::collections::BTreeMap;

use domain::ResourceKind;
use uuid::Uuid;

#[cfg(feature = "testing")]
pub(crate) use effective::groups_in;
pub use read::{Members, UserGroup, WaitingMember};
pub(crate) use waiting::join_waiting;
pub(crate) use write::{add, clear, leave_all, remove, remove_where, replace};

/// Most ids in one statement.
pub(crate) const CHUNK: usize = 1_000;

/// Who came and who went in one unit of work, net: somebody added and removed again is in neither list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberDiff {
    /// Who came.
    pub added: BTreeMap<Uuid, ResourceKind>,
    /// Who went.
    pub removed: BTreeMap<Uuid, ResourceKind>,
    /// How many references more wait for somebody who is not here; fewer where it is negative.
    pub waiting: i64,
}

impl MemberDiff {
    /// Whether nobody came or went; references that wait are nobody yet.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    fn came(&mut self, id: Uuid, kind: ResourceKind) {
        if self.removed.remove(&id).is_none() {
            self.added.insert(id, kind);
        }
    }

    fn went(&mut self, id: Uuid, kind: ResourceKind) {
        if self.added.remove(&id).is_none() {
            self.removed.insert(id, kind);
        }
    }
}
