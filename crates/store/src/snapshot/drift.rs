//! An app's mirror held against the directory: one range of ids, walked on both sides at once.

use std::collections::VecDeque;

use domain::{Fingerprint, GroupId};
use scim::Resource;
use serde_json::Value;
use uuid::Uuid;

use super::missed::{self, Which};
use super::{RESOURCES, Snapshot};
use crate::wall::Rows;
use crate::{Groups, Members, StoreError, Users};

/// Most differences of one answer.
const MOST: usize = 1_000;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The tenant's people.
    Users,
    /// The tenant's groups, without their members.
    Groups,
    /// The members of one group.
    Members(GroupId),
}

/// Something that a mirror has.
#[derive(Clone, Copy, Debug)]
pub struct Mirrored {
    /// Its id.
    pub id: Uuid,
    /// The fingerprint of what the mirror has of it; members have none.
    pub fingerprint: Option<Fingerprint>,
}

/// What a mirror has of one range of ids.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What is compared.
    pub of: Compared,
    /// The range begins after this id; at the first without it.
    pub after: Option<Uuid>,
    /// All that the mirror has in the range, in the order of ids.
    pub items: Vec<Mirrored>,
    /// Whether the range goes to the end, and not only to the last of the items.
    pub last: bool,
}

/// How a mirror differs from the directory in a range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// How many ids were looked at, those of both sides once.
    pub checked: u64,
    /// After which id to go on; none when the end was reached.
    pub through: Option<Uuid>,
    /// What the directory has and the mirror has not.
    pub missing: Vec<Missing>,
    /// What both have and not alike.
    pub differing: Vec<Differing>,
    /// What the mirror has and the directory has not.
    pub unknown: Vec<Unknown>,
    /// Whether there are so many differences that the range was not walked to its end.
    pub more: bool,
}

/// Something that a mirror has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its id.
    pub id: Uuid,
    /// The change it came by: of a resource the first that is kept.
    pub seq: Option<u64>,
}

/// Something that a mirror has otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differing {
    /// Its id.
    pub id: Uuid,
    /// The last change of it.
    pub seq: Option<u64>,
    /// Its version in the directory.
    pub version: u64,
}

/// Something that only the mirror has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Its id.
    pub id: Uuid,
    /// The change by which it went, when that is kept.
    pub gone: Option<u64>,
}

/// Something that the directory has.
struct Row {
    id: Uuid,
    version: u64,
    /// What members have not.
    resource: Option<Value>,
}

impl Row {
    fn of(id: Uuid, version: u64, resource: Resource) -> Self {
        Self { id, version, resource: Some(resource.into_value()) }
    }

    /// Whether the mirror has it otherwise.
    fn differs(&self, mirrored: &Mirrored) -> Result<bool, StoreError> {
        let Some(resource) = &self.resource else { return Ok(false) };
        let own = Fingerprint::of(resource).map_err(|error| StoreError::Corrupt(format!("a stored resource: {error}")))?;
        Ok(mirrored.fingerprint != Some(own))
    }
}

impl Drift {
    fn differences(&self) -> usize {
        self.missing.len() + self.differing.len() + self.unknown.len()
    }
}

impl Snapshot {
    /// Whether the tenant has this group at that moment.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn has_group(&self, group: GroupId) -> Result<bool, StoreError> {
        Ok(Groups::new(self.tenant, (&self.txn).into()).find(group).await?.is_some())
    }

    /// Holds what a mirror has of a range of ids against the directory. It reads what is in the range and no more than a
    /// piece beyond, and of that no more than the items and so many differences as are told.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn compare(&self, claim: &Claim) -> Result<Drift, StoreError> {
        let mut drift = self.walk(claim).await?;
        let missing: Vec<Uuid> = drift.missing.iter().map(|missing| missing.id).collect();
        let differing: Vec<Uuid> = drift.differing.iter().map(|differing| differing.id).collect();
        let unknown: Vec<Uuid> = drift.unknown.iter().map(|unknown| unknown.id).collect();
        let (rows, tenant): (Rows<'_>, _) = ((&self.txn).into(), self.tenant);
        let came = match claim.of {
            Compared::Members(group) => missed::moves(&rows, tenant, group, &missing).await?,
            Compared::Users | Compared::Groups => missed::changes(&rows, tenant, &missing, Which::First).await?,
        };
        let last = missed::changes(&rows, tenant, &differing, Which::Last).await?;
        let mut gone = missed::changes(&rows, tenant, &unknown, Which::Deletion).await?;
        if let Compared::Members(group) = claim.of {
            for (id, seq) in missed::moves(&rows, tenant, group, &unknown).await? {
                let known = gone.entry(id).or_insert(seq);
                *known = seq.max(*known);
            }
        }
        for missing in &mut drift.missing {
            missing.seq = came.get(&missing.id).copied();
        }
        for differing in &mut drift.differing {
            differing.seq = last.get(&differing.id).copied();
        }
        for unknown in &mut drift.unknown {
            unknown.gone = gone.get(&unknown.id).copied();
        }
        Ok(drift)
    }

    /// The differences, without the changes they come of.
    async fn walk(&self, claim: &Claim) -> Result<Drift, StoreError> {
        let end = claim.items.last().map(|item| item.id).filter(|_| !claim.last);
        let mut items = claim.items.iter().peekable();
        let (mut rows, mut read, mut follow) = (VecDeque::new(), claim.after, true);
        let mut drift = Drift::default();
        loop {
            if rows.is_empty() && follow {
                rows = self.piece(claim.of, read).await?;
                follow = !rows.is_empty();
                read = rows.back().map(|row: &Row| row.id).or(read);
            }
            let here = rows.front().map(|row| row.id).filter(|id| end.is_none_or(|end| *id <= end));
            let there = items.peek().map(|item| item.id);
            let Some(id) = here.into_iter().chain(there).min() else { break };
            if drift.differences() >= MOST {
                drift.more = true;
                return Ok(drift);
            }
            (drift.checked, drift.through) = (drift.checked + 1, Some(id));
            let row = if here == Some(id) { rows.pop_front() } else { None };
            let item = if there == Some(id) { items.next() } else { None };
            match (row, item) {
                (Some(row), Some(item)) => {
                    if row.differs(item)? {
                        drift.differing.push(Differing { id, seq: None, version: row.version });
                    }
                }
                (Some(_), None) => drift.missing.push(Missing { id, seq: None }),
                (None, _) => drift.unknown.push(Unknown { id, gone: None }),
            }
        }
        drift.through = end;
        Ok(drift)
    }

    /// What the directory has after an id.
    async fn piece(&self, of: Compared, last: Option<Uuid>) -> Result<VecDeque<Row>, StoreError> {
        let rows: Rows<'_> = (&self.txn).into();
        Ok(match of {
            Compared::Users => {
                let users = Users::new(self.tenant, rows).following(last, RESOURCES).await?;
                users.into_iter().map(|user| Row::of(user.id.as_uuid(), user.version, user.resource)).collect()
            }
            Compared::Groups => {
                let groups = Groups::new(self.tenant, rows).following(last, RESOURCES).await?;
                groups.into_iter().map(|group| Row::of(group.id.as_uuid(), group.version, group.resource)).collect()
            }
            Compared::Members(group) => {
                let members = Members::new(self.tenant, rows).list_ids(group, last, u64::from(RESOURCES)).await?;
                members.into_iter().map(|(id, _)| Row { id, version: 0, resource: None }).collect()
            }
        })
    }
}
