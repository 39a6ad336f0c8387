//! People by what no condition of SCIM asks: who changed lately, the newest first, and who is in no group.

use domain::{Timestamp, User};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{COLUMNS, Users, select};
use crate::StoreError;
use crate::sql::Sql;

/// A place in such a list: that of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// When they last changed; of no meaning in the order of creation.
    pub changed: Timestamp,
    /// The person.
    pub id: Uuid,
}

impl Place {
    fn of(user: &User) -> Self {
        Self { changed: user.updated_at, id: user.id.as_uuid() }
    }
}

/// Which people are wanted.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Only people who are active, or only those who are not.
    pub active: Option<bool>,
    /// Only people who changed since then. They come newest change first, all others in the order of creation.
    pub changed_since: Option<Timestamp>,
    /// Only people who are a member of a group themselves, or only those who are of none.
    pub in_group: Option<bool>,
    /// What comes after this place.
    pub after: Option<Place>,
    /// How many at most.
    pub limit: u64,
    /// How many people are looked at, at most, where no index leads to those who are wanted.
    pub looked_at: u64,
}

impl Walk {
    /// Whether no index leads to all that is asked for.
    fn looks(&self) -> bool {
        self.in_group.is_some() || (self.changed_since.is_some() && self.active.is_some())
    }

    fn order(&self) -> &'static str {
        if self.changed_since.is_some() { " ORDER BY t.updated_at DESC, t.id DESC LIMIT " } else { " ORDER BY t.id LIMIT " }
    }
}

impl Users<'_> {
    /// The people who are wanted, and the place to go on from when more may follow. Few of many are looked for a bounded
    /// part at a time: there may be fewer people than asked for, or none, and more behind them.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn walk(&self, walk: &Walk) -> Result<(Vec<User>, Option<Place>), StoreError> {
        let bound = if walk.looks() { self.bound(walk).await? } else { None };
        let mut found = self.all(self.wanted(walk, bound)).await?;
        if found.len() as u64 <= walk.limit {
            return Ok((found, bound));
        }
        found.truncate(usize::try_from(walk.limit).unwrap_or(usize::MAX));
        let next = found.last().map(Place::of);
        Ok((found, next))
    }

    /// The last of the people who are looked at; nobody when these are all.
    async fn bound(&self, walk: &Walk) -> Result<Option<Place>, StoreError> {
        let row = self.connection.query_one_raw(self.reached(walk).statement()).await?;
        let place = |row: &sea_orm::QueryResult| {
            let (changed, id) = (row.try_get("", "updated_at")?, row.try_get("", "id")?);
            Ok(Place { changed: Timestamp::from_micros(changed), id })
        };
        row.as_ref().map(place).transpose()
    }

    fn reached(&self, walk: &Walk) -> Sql {
        // Nothing but what the index holds that is followed.
        let changed = if walk.changed_since.is_some() { "t.updated_at" } else { "CAST(0 AS bigint)" };
        let mut sql = self.begin(walk, &format!("t.id, {changed} AS updated_at"), None);
        let last = i64::try_from(walk.looked_at.saturating_sub(1)).unwrap_or(i64::MAX);
        sql.push(walk.order()).push("1 OFFSET ").arg(last);
        sql
    }

    fn wanted(&self, walk: &Walk, bound: Option<Place>) -> Sql {
        let mut sql = self.begin(walk, COLUMNS, bound);
        if let (Some(_), Some(active)) = (walk.changed_since, walk.active) {
            // In a form that no index has: theirs is not the order of changes.
            sql.push(" AND (CASE WHEN t.active THEN 1 ELSE 0 END) = ").push(if active { "1" } else { "0" });
        }
        if let Some(in_group) = walk.in_group {
            // Person by person: PostgreSQL would read all memberships for a join.
            sql.push(" AND (SELECT m.group_id FROM memberships AS m WHERE m.tenant_id = ").arg(self.tenant.as_uuid());
            sql.push(" AND m.member_id = t.id LIMIT 1) IS ").push(if in_group { "NOT NULL" } else { "NULL" });
        }
        // One too many says that more follow.
        let limit = i64::try_from(walk.limit.saturating_add(1)).unwrap_or(i64::MAX);
        sql.push(walk.order()).arg(limit);
        sql
    }

    /// The people from a place on, as far as an index leads, up to and with `bound`.
    fn begin(&self, walk: &Walk, columns: &str, bound: Option<Place>) -> Sql {
        let mut sql = select(self.engine(), self.tenant, "users", columns);
        let Some(since) = walk.changed_since else {
            if let Some(active) = walk.active {
                sql.push(" AND t.active = ").arg(active);
            }
            if let Some(after) = walk.after {
                sql.push(" AND t.id > ").arg(after.id);
            }
            if let Some(bound) = bound {
                sql.push(" AND t.id <= ").arg(bound.id);
            }
            return sql;
        };
        if let Some(after) = walk.after {
            sql.push(" AND (t.updated_at, t.id) < (").arg(after.changed.as_micros()).push(", ").arg(after.id).push(")");
        }
        // Whoever is up to the bound has changed since then.
        if let Some(bound) = bound {
            sql.push(" AND (t.updated_at, t.id) >= (").arg(bound.changed.as_micros()).push(", ").arg(bound.id).push(")");
        } else {
            sql.push(" AND t.updated_at >= ").arg(since.as_micros());
        }
        sql
    }

    /// Every statement that such a list may ask, for tests that look at their plans.
    #[cfg(feature = "testing")]
    pub(crate) fn statements(&self, walk: &Walk) -> Vec<sea_orm::Statement> {
        let bound = walk.looks().then(|| walk.after.unwrap_or(Place { changed: Timestamp::from_micros(0), id: Uuid::nil() }));
        let reached = walk.looks().then(|| self.reached(walk));
        reached.into_iter().chain([self.wanted(walk, bound)]).map(Sql::statement).collect()
    }
}
