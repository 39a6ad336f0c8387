//! Telling people's roles: some people at a time, each time in one transaction with the changes that say so.

use std::collections::{BTreeMap, BTreeSet};

use domain::change::ChangeDetails;
use domain::{ChangeKind, NewChange};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::below;
use super::head::{self, Asked, Head};
use super::reading::{self, Roles};
use super::subjects::{self, Subject, Taken};
use super::work::{self, Scope, Work};
use crate::counters;
use crate::sql::Sql;
use crate::store::TenantStore;
use crate::system_unit::origin;
use crate::tx::{CausedBy, Tx};
use crate::users::{resource, select};
use crate::wall::Door;
use crate::{StoreError, Unit, Users};

/// Rows of one statement.
const ROWS: usize = 2_000;

/// How a tenant's people stand after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Everybody was told what they have.
    Done,
    /// There is more to do.
    More,
    /// Somebody else is at it.
    Elsewhere,
}

impl TenantStore {
    /// Does some of the work of telling people's roles: looks at `most` people at most. Any number of nodes may do so at
    /// once; one that is broken off has done nothing, and the next one does it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn settle_roles(&self, most: usize) -> Result<Settled, StoreError> {
        let unit = Settle { most: most.max(2) };
        Ok(self.store.write(Door::Tenant(self.tenant), origin(&self.store, Some(self.tenant)), unit).await?.output)
    }
}

struct Settle {
    most: usize,
}

/// Who is to be looked at, each with the place of the cause among the causes.
#[derive(Default)]
struct People {
    causes: Vec<CausedBy>,
    of: BTreeMap<Uuid, usize>,
}

impl Unit for Settle {
    const NAME: &'static str = "roles.settle";
    type Output = Settled;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<Settled, StoreError> {
        let held = match head::take(tx).await? {
            Asked::Held(held) => held,
            Asked::Elsewhere => return Ok(Settled::Elsewhere),
            Asked::Absent => return Ok(Settled::Done),
        };
        tx.touch();
        let mut people = People::default();
        let fed = self.follow(tx, &held, &mut people).await?;
        self.work(tx, &mut people).await?;
        tell(tx, &held, &people).await?;
        finish(tx, &held, &fed).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

impl Settle {
    /// Takes people from the feed, at most half of all, so that what is large goes on however much comes.
    async fn follow(&self, tx: &Tx<'_>, held: &Head, people: &mut People) -> Result<Taken, StoreError> {
        let last = counters::find(&tx.executor(), tx.tenant()).await?.seq;
        let mut taken = subjects::take(tx, held, last, self.most / 2).await?;
        // Asked after what was read: what was removed meanwhile is not taken for nothing.
        if let Some(through) = subjects::missed(tx, held, last).await? {
            // All are looked at, and it is not found again that they are to be.
            if taken.place.0 < through {
                taken.place = (through, 0);
                taken.more = through < last;
            }
            let nobody = CausedBy { actor: domain::Actor::System, request_id: None };
            for scope in [Scope::People, Scope::Holders] {
                work::add(tx.connection(), tx.tenant(), scope, &nobody).await?;
            }
        }
        for (subject, cause) in std::mem::take(&mut taken.subjects) {
            match subject {
                Subject::Many(scope) => work::add(tx.connection(), tx.tenant(), scope, &cause).await?,
                Subject::Person(person) => people.last(person, cause),
            }
        }
        Ok(taken)
    }

    /// Takes people from the work that comes next.
    async fn work(&self, tx: &Tx<'_>, people: &mut People) -> Result<(), StoreError> {
        let Some(Work { number, scope, at, cause }) = work::first(tx).await? else { return Ok(()) };
        let most = self.most.saturating_sub(people.of.len());
        let (found, place) = match scope {
            Scope::Below(group) => {
                let Some(found) = below::next(tx, group, at, most).await? else {
                    // More groups than are gone through each time: to look at everybody once has an end.
                    work::add(tx.connection(), tx.tenant(), Scope::People, &cause).await?;
                    return work::end(tx, number).await;
                };
                found
            }
            Scope::Holders => walk(tx, "SELECT DISTINCT user_id AS id FROM user_roles", "user_id", at.1, most).await?,
            Scope::People => walk(tx, "SELECT id FROM users", "id", at.1, most).await?,
        };
        for person in found {
            people.first(person, &cause);
        }
        match place {
            Some(place) => work::advance(tx, number, place).await,
            None => work::end(tx, number).await,
        }
    }
}

impl People {
    /// Whoever was named before is there by the later doing.
    fn last(&mut self, person: Uuid, cause: CausedBy) {
        let place = self.place(cause);
        self.of.insert(person, place);
    }

    /// Whoever was named before stays as they are.
    fn first(&mut self, person: Uuid, cause: &CausedBy) {
        let place = self.place(cause.clone());
        self.of.entry(person).or_insert(place);
    }

    fn place(&mut self, cause: CausedBy) -> usize {
        if self.causes.last() != Some(&cause) {
            self.causes.push(cause);
        }
        self.causes.len().saturating_sub(1)
    }
}

/// The next people of a table in the order of their ids, and the place that they end at.
async fn walk(
    tx: &Tx<'_>,
    select: &str,
    column: &str,
    after: Option<Uuid>,
    most: usize,
) -> Result<(Vec<Uuid>, Option<below::Place>), StoreError> {
    let mut sql = Sql::new(tx.engine(), select);
    sql.push(" WHERE tenant_id = ").arg(tx.tenant().as_uuid());
    if let Some(after) = after {
        sql.push(&format!(" AND {column} > ")).arg(after);
    }
    sql.push(&format!(" ORDER BY {column} LIMIT ")).arg(i64::try_from(most).unwrap_or(i64::MAX));
    let rows = tx.connection().query_all_raw(sql.statement()).await?;
    let found: Vec<Uuid> = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
    let place = if found.len() < most { None } else { found.last().map(|last| (None, Some(*last))) };
    Ok((found, place))
}

/// Compares what these people have with what they were told, writes down what is other, and appends the changes.
async fn tell(tx: &Tx<'_>, held: &Head, people: &People) -> Result<(), StoreError> {
    let (rows, ids): (_, Vec<Uuid>) = (tx.executor(), people.of.keys().copied().collect());
    let before = reading::told(&rows, tx.tenant(), &ids).await?;
    // Without mappings nobody has any.
    let now = if held.mappings > 0 { reading::effective(&rows, tx.tenant(), &ids).await? } else { Roles::new() };
    let moved: Vec<Uuid> = ids.into_iter().filter(|id| before.get(id) != now.get(id)).collect();
    if moved.is_empty() {
        return Ok(());
    }
    write(tx, &moved, &now).await?;
    let names = names(tx, &moved).await?;
    let (nothing, mut counts) = (BTreeSet::new(), BTreeMap::<&str, i64>::new());
    for id in &moved {
        let (old, new) = (before.get(id).unwrap_or(&nothing), now.get(id).unwrap_or(&nothing));
        for (roles, others, by) in [(old, new, -1), (new, old, 1)] {
            roles.difference(others).for_each(|role| *counts.entry(role.as_str()).or_default() += by);
        }
        let (resource_name, version) = names.get(id).cloned().unwrap_or_default();
        let details = ChangeDetails {
            roles_added: new.difference(old).cloned().collect(),
            roles_removed: old.difference(new).cloned().collect(),
            roles: new.iter().cloned().collect(),
            ..ChangeDetails::default()
        };
        let change = NewChange {
            kind: ChangeKind::UserRolesChanged,
            resource_id: *id,
            resource_name,
            version,
            before: None,
            after: None,
            details: Some(details),
        };
        let cause = people.of.get(id).and_then(|place| people.causes.get(*place));
        let cause = cause.ok_or_else(|| StoreError::Corrupt("roles moved without a cause".to_owned()))?;
        tx.append_caused(change, cause.clone());
    }
    count(tx, &counts).await
}

/// Writes down what these people are told to have from here on.
async fn write(tx: &Tx<'_>, moved: &[Uuid], now: &Roles) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.engine(), "DELETE FROM user_roles WHERE tenant_id = ");
    sql.arg(tx.tenant().as_uuid()).push(" AND ").ids_among("user_id", moved);
    tx.connection().execute_raw(sql.statement()).await?;
    let of = |id: &Uuid| now.get(id).into_iter().flatten().map(|role| (*id, role.clone())).collect::<Vec<_>>();
    let rows: Vec<(Uuid, String)> = moved.iter().flat_map(of).collect();
    for rows in rows.chunks(ROWS) {
        let mut sql = Sql::new(tx.engine(), "INSERT INTO user_roles (tenant_id, user_id, role) VALUES ");
        let tenant = sql.bind(tx.tenant().as_uuid());
        for (place, (id, role)) in rows.iter().enumerate() {
            let (id, role) = (sql.bind(*id), sql.bind(role.as_str()));
            sql.push(if place > 0 { ", " } else { "" }).push(&format!("({tenant}, {id}, {role})"));
        }
        tx.connection().execute_raw(sql.statement()).await?;
    }
    Ok(())
}

/// Counts who has which role.
async fn count(tx: &Tx<'_>, counts: &BTreeMap<&str, i64>) -> Result<(), StoreError> {
    let moved: Vec<(&str, i64)> = counts.iter().filter(|(_, by)| **by != 0).map(|(role, by)| (*role, *by)).collect();
    if moved.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(tx.engine(), "INSERT INTO role_counts (tenant_id, role, people) VALUES ");
    let tenant = sql.bind(tx.tenant().as_uuid());
    for (place, (role, by)) in moved.iter().enumerate() {
        let (role, by) = (sql.bind(*role), sql.bind(*by));
        sql.push(if place > 0 { ", " } else { "" }).push(&format!("({tenant}, {role}, {by})"));
    }
    sql.push(" ON CONFLICT (tenant_id, role) DO UPDATE SET people = role_counts.people + excluded.people");
    tx.connection().execute_raw(sql.statement()).await?;
    if moved.iter().any(|(_, by)| *by < 0) {
        let mut sql = Sql::new(tx.engine(), "DELETE FROM role_counts WHERE people = 0 AND tenant_id = ");
        sql.arg(tx.tenant().as_uuid());
        tx.connection().execute_raw(sql.statement()).await?;
    }
    Ok(())
}

/// Names and versions of people, of those too who were deleted.
async fn names(tx: &Tx<'_>, ids: &[Uuid]) -> Result<BTreeMap<Uuid, (Option<String>, u64)>, StoreError> {
    let users = Users::new(tx.tenant(), tx.executor()).find_many(ids).await?;
    let here = users.into_iter().map(|user| (user.id.as_uuid(), (user.resource.best_name(), user.version)));
    let mut names: BTreeMap<_, _> = here.collect();
    let gone: Vec<Uuid> = ids.iter().filter(|id| !names.contains_key(*id)).copied().collect();
    if gone.is_empty() {
        return Ok(names);
    }
    let mut sql = select(tx.engine(), tx.tenant(), "tombstones", "t.id, t.version, t.resource");
    sql.push(" AND ").ids_among("t.id", &gone);
    for row in tx.connection().query_all_raw(sql.statement()).await? {
        // Its version is that before it was deleted, which is a version of its own.
        let version = u64::try_from(row.try_get::<i64>("", "version")?).unwrap_or_default() + 1;
        names.insert(row.try_get("", "id")?, (resource(&row)?.best_name(), version));
    }
    Ok(names)
}

/// Says how far all is. Where there are no mappings any more and nobody has a role, the feed is followed no longer.
async fn finish(tx: &Tx<'_>, held: &Head, fed: &Taken) -> Result<Settled, StoreError> {
    let mut more = fed.more || work::waits(tx).await?;
    if held.mappings == 0 && !more {
        let mut sql = Sql::new(tx.engine(), "SELECT 1 AS held FROM user_roles WHERE tenant_id = ");
        sql.arg(tx.tenant().as_uuid()).push(" LIMIT 1");
        if tx.connection().query_one_raw(sql.statement()).await?.is_none() {
            head::end(tx).await?;
            return Ok(Settled::Done);
        }
        let nobody = CausedBy { actor: domain::Actor::System, request_id: None };
        work::add(tx.connection(), tx.tenant(), Scope::Holders, &nobody).await?;
        more = true;
    }
    let (seq, part) = fed.place;
    if (seq, part) != (held.seq, held.part) {
        head::advance(tx, seq, part).await?;
    }
    Ok(if more { Settled::More } else { Settled::Done })
}
