//! Of whom a change may have moved the roles.

use domain::change::{ChangeDetails, MemberDelta};
use domain::{ChangeKind, ResourceKind};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::head::Head;
use super::work::Scope;
use crate::StoreError;
use crate::changes::{read_actor, read_kind};
use crate::sql::Sql;
use crate::tx::{CausedBy, Tx};

/// Numbers that one look goes through.
const SPAN: u64 = 2_000;
/// Changes that are read at once; each may name a thousand members.
const CHANGES: usize = 20;

/// Who is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// One person.
    Person(Uuid),
    /// More than can be named.
    Many(Scope),
}

/// A part of the feed.
#[derive(Debug)]
pub(super) struct Taken {
    /// Who, and by whose doing.
    pub(super) subjects: Vec<(Subject, CausedBy)>,
    /// The change through which all was looked at, and how much of the one after it.
    pub(super) place: (u64, u64),
    /// Whether there is more now.
    pub(super) more: bool,
}

/// The next subjects of the feed after the head: until they are `most`, or a span of numbers is looked through.
pub(super) async fn take(tx: &Tx<'_>, head: &Head, last: u64, most: usize) -> Result<Taken, StoreError> {
    let through = last.min(head.seq.saturating_add(SPAN));
    let mut taken = Taken { subjects: Vec::new(), place: (head.seq, head.part), more: true };
    while taken.place.0 < through && taken.subjects.len() < most {
        // In the midst of a large change nothing beyond it is read in vain.
        let limit = if taken.place.1 > 0 { 1 } else { CHANGES };
        let rows = changes(tx, (taken.place.0, through), limit).await?;
        for row in &rows {
            if !taken.add(row, most)? {
                return Ok(taken);
            }
        }
        if rows.len() < limit {
            taken.place = (through, 0);
        }
    }
    taken.more = taken.place.0 < last;
    Ok(taken)
}

/// The next changes that may move roles, after a number and through another.
async fn changes(tx: &Tx<'_>, (after, through): (u64, u64), limit: usize) -> Result<Vec<QueryResult>, StoreError> {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut sql = Sql::new(
        tx.engine(),
        "SELECT seq, kind, resource_id, request_id, connection_id, credential_id, admin_id, details FROM changes WHERE tenant_id = ",
    );
    sql.arg(tx.tenant().as_uuid()).push(" AND seq > ").arg(signed(after)).push(" AND seq <= ").arg(signed(through));
    sql.push(" AND kind IN ").list(ChangeKind::ALL.into_iter().filter(|kind| kind.may_move_roles()).map(ChangeKind::as_str));
    sql.push(" ORDER BY seq LIMIT ").arg(i64::try_from(limit).unwrap_or(i64::MAX));
    Ok(tx.connection().query_all_raw(sql.statement()).await?)
}

impl Taken {
    /// Takes whom a change names, after those who were taken of it before; `false` when not all have room.
    fn add(&mut self, row: &QueryResult, most: usize) -> Result<bool, StoreError> {
        let seq = u64::try_from(row.try_get::<i64>("", "seq")?).unwrap_or_default();
        let done = if seq == self.place.0 + 1 { self.place.1 } else { 0 };
        let (named, cause) = (read(row)?, CausedBy { actor: read_actor(row)?, request_id: row.try_get("", "request_id")? });
        let left = named.len().saturating_sub(usize::try_from(done).unwrap_or(usize::MAX));
        let fits = left.min(most.saturating_sub(self.subjects.len()));
        let skipped = named.len() - left;
        self.subjects.extend(named.into_iter().skip(skipped).take(fits).map(|subject| (subject, cause.clone())));
        self.place = if fits < left { (seq.saturating_sub(1), (skipped + fits) as u64) } else { (seq, 0) };
        Ok(fits == left)
    }
}

fn read(row: &QueryResult) -> Result<Vec<Subject>, StoreError> {
    let details: Option<serde_json::Value> = row.try_get("", "details")?;
    let details: ChangeDetails = details.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
    Ok(subjects(read_kind(row)?, row.try_get("", "resource_id")?, &details))
}

/// Of whom a change may have moved the roles. Always the same ones in the same order, so that a part of them can be done.
fn subjects(kind: ChangeKind, resource: Uuid, details: &ChangeDetails) -> Vec<Subject> {
    let own = match kind.resource_kind() {
        ResourceKind::User => Some(Subject::Person(resource)),
        // Who was in it is not written anywhere any more. They can only lose, so they were told to have something.
        ResourceKind::Group if kind == ChangeKind::GroupDeleted => Some(Subject::Many(Scope::Holders)),
        // It names whoever it is about.
        ResourceKind::Group => None,
    };
    let member = |member: &MemberDelta| match ResourceKind::parse(&member.kind) {
        Some(ResourceKind::Group) => Subject::Many(Scope::Below(member.id)),
        _ => Subject::Person(member.id),
    };
    own.into_iter().chain(details.members_added.iter().chain(&details.members_removed).map(member)).collect()
}

/// The change through which changes after the head are gone that nobody looked at; nothing when none are.
pub(super) async fn missed(tx: &Tx<'_>, head: &Head, last: u64) -> Result<Option<u64>, StoreError> {
    if head.seq >= last {
        return Ok(None);
    }
    let mut sql = Sql::new(tx.engine(), "SELECT seq FROM changes WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" ORDER BY seq LIMIT 1");
    let Some(row) = tx.connection().query_one_raw(sql.statement()).await? else { return Ok(Some(last)) };
    let first = u64::try_from(row.try_get::<i64>("", "seq")?).unwrap_or_default();
    Ok((first > head.seq + 1).then_some(first.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_a_change_may_move_is_named_by_it() {
        let (ada, staff, it) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let member = |id, kind: ResourceKind| MemberDelta { id, kind: kind.as_str().to_owned() };
        let moved = ChangeDetails {
            members_added: vec![member(ada, ResourceKind::User)],
            members_removed: vec![member(staff, ResourceKind::Group)],
            ..ChangeDetails::default()
        };
        let nothing = ChangeDetails::default();
        let below = |group| Subject::Many(Scope::Below(group));
        for (kind, details, expected) in [
            (ChangeKind::GroupMembersChanged, &moved, vec![Subject::Person(ada), below(staff)]),
            (ChangeKind::GroupDeleted, &nothing, vec![Subject::Many(Scope::Holders)]),
            (ChangeKind::UserDeactivated, &nothing, vec![Subject::Person(it)]),
            (ChangeKind::UserReactivated, &nothing, vec![Subject::Person(it)]),
            (ChangeKind::UserDeleted, &nothing, vec![Subject::Person(it)]),
        ] {
            assert!(kind.may_move_roles(), "{kind:?}");
            assert_eq!(subjects(kind, it, details), expected, "{kind:?}");
        }
    }
}
