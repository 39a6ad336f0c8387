//! How each tenant stands, kept in one row each, so that a list of thousands is sorted and cut by an index and asks no log.
//!
//! A row is read anew when its tenant sent something to this node ([`Stirred`]), when something was done to it on
//! somebody's behalf, and at the moment from which it
//! may be another without anything happening: at the next hour, when a credential ends, when a silence gets too long.

mod keeping;
mod reading;
mod row;
mod silence;
mod stirred;

use std::collections::HashMap;

use domain::{Standing, Tenant, TenantId};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

pub use reading::{ConnectionBrief, NextEnd, Reading, live};
pub(crate) use row::{begin, end, outdate, remove, rename};
pub(crate) use stirred::Stirred;

use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::System;

/// What a list of tenants is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StandingOrder {
    /// When they were made.
    #[default]
    Created,
    /// Their names, without regard to case.
    Name,
    /// Their slugs.
    Slug,
    /// How they stand, the worst first.
    Standing,
    /// The IdP of their first open connection.
    Idp,
    /// How many people they have.
    People,
    /// How many groups.
    Groups,
    /// How many requests came in 24 hours.
    Requests,
    /// How many of them were refused or failed.
    Refused,
    /// When their last request came.
    LastRequest,
    /// When their next credential ends.
    CredentialEnd,
}

impl StandingOrder {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Created,
        Self::Name,
        Self::Slug,
        Self::Standing,
        Self::Idp,
        Self::People,
        Self::Groups,
        Self::Requests,
        Self::Refused,
        Self::LastRequest,
        Self::CredentialEnd,
    ];

    /// `None` where the id itself is the order.
    const fn column(self) -> Option<&'static str> {
        Some(match self {
            Self::Created => return None,
            Self::Name => "name_key",
            Self::Slug => "slug",
            Self::Standing => "standing",
            Self::Idp => "idp",
            Self::People => "people",
            Self::Groups => "group_count",
            Self::Requests => "requests",
            Self::Refused => "refused",
            Self::LastRequest => "last_request_at",
            Self::CredentialEnd => "credential_ends_at",
        })
    }

    const fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Slug | Self::Idp)
    }
}

/// Which tenants are wanted, in which order.
#[derive(Clone, Debug, Default)]
pub struct StandingQuery {
    /// Part of a name or slug.
    pub search: Option<String>,
    /// Only those among these, and then none that is being deleted.
    pub among: Option<Vec<TenantId>>,
    /// Only those that stand like this.
    pub standing: Option<Standing>,
    /// What they are sorted by.
    pub order: StandingOrder,
    /// Whether the greatest come first.
    pub descending: bool,
    /// The last one of the page before: its place in the order, and its id.
    pub after: Option<(String, TenantId)>,
    /// How many at most.
    pub limit: u64,
}

/// A tenant in a list.
#[derive(Clone, Debug)]
pub struct Stands {
    /// The tenant.
    pub tenant: Tenant,
    /// How it was read to stand; `None` until a node has read it for the first time, and where this one cannot read
    /// what another wrote.
    pub reading: Option<Reading>,
}

/// A page of a list of tenants.
#[derive(Clone, Debug)]
pub struct StandingPage {
    /// The tenants.
    pub tenants: Vec<Stands>,
    /// What the page that follows comes after; absent at the end. It is counted before tenants are left out that went
    /// away meanwhile.
    pub next: Option<(String, TenantId)>,
}

impl System {
    /// Tenants as they were last read to stand.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn list_standings(&self, query: &StandingQuery) -> Result<StandingPage, StoreError> {
        let mut rows = self.rows().query_all_raw(page(self.store.inner().engine, query)).await?;
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = match rows.last() {
            Some(last) if more => Some((place(last, query.order)?, row::whose(last)?)),
            _ => None,
        };
        let rows = rows.iter().map(|row| Ok((row::whose(row)?, row::kept(row)?))).collect::<Result<Vec<_>, StoreError>>()?;
        let ids = rows.iter().map(|(id, _)| *id).collect();
        let mut tenants: HashMap<TenantId, Tenant> = self.find_tenants(ids).await?;
        let stands = |(id, reading)| tenants.remove(&id).map(|tenant| Stands { tenant, reading });
        Ok(StandingPage { tenants: rows.into_iter().filter_map(stands).collect(), next })
    }
}

pub(crate) fn page(engine: Engine, query: &StandingQuery) -> Statement {
    let mut sql = Sql::new(engine, "SELECT * FROM tenant_standings WHERE ");
    let column = query.order.column();
    match (&query.after, column) {
        (Some((_, id)), None) => {
            sql.push("tenant_id").push(beyond(query.descending)).arg(id.as_uuid());
        }
        (Some((place, id)), Some(column)) => {
            sql.push(&format!("({column}, tenant_id)")).push(beyond(query.descending)).push("(");
            if query.order.is_text() {
                sql.arg(place.as_str());
            } else {
                sql.arg(place.parse::<i64>().unwrap_or_default());
            }
            sql.push(", ").arg(id.as_uuid()).push(")");
        }
        (None, _) => _ = sql.push("1 = 1"),
    }
    if let Some(standing) = query.standing {
        sql.push(" AND standing = ").arg(standing.rank());
    }
    if let Some(among) = &query.among {
        let among: Vec<Uuid> = among.iter().map(|id| id.as_uuid()).collect();
        sql.push(" AND standing <> ").arg(Standing::Deleting.rank()).push(" AND ").ids_among("tenant_id", &among);
    }
    if let Some(search) = query.search.as_deref().map(row::name_key).filter(|search| !search.is_empty()) {
        let like = format!("%{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let like = sql.bind(like);
        sql.push(&format!(" AND (name_key LIKE {like} ESCAPE '\\' OR slug LIKE {like} ESCAPE '\\')"));
    }
    let way = if query.descending { " DESC" } else { "" };
    sql.push(" ORDER BY ");
    if let Some(column) = column {
        sql.push(column).push(way).push(", ");
    }
    sql.push("tenant_id").push(way).push(" LIMIT ");
    // One more than are wanted says whether there are more.
    sql.arg(i64::try_from(query.limit).unwrap_or(i64::MAX).saturating_add(1));
    sql.statement()
}

const fn beyond(descending: bool) -> &'static str {
    if descending { " < " } else { " > " }
}

/// The place of a row in an order.
fn place(row: &QueryResult, order: StandingOrder) -> Result<String, StoreError> {
    Ok(match order.column() {
        None => String::new(),
        Some(column) if order.is_text() => row.try_get("", column)?,
        Some(column) => row.try_get::<i64>("", column)?.to_string(),
    })
}
