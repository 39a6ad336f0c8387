//! How each tenant stands, kept in one row each, so that a list of thousands is sorted and cut by an index and asks no log.
//!
//! A row is read anew when its tenant sent something to this node ([`Stirred`]), when something was done to it on
//! somebody's behalf, and at the moment from which it
//! may be another without anything happening: at the next hour, when a credential ends, when a silence gets too long.

mod reading;
mod stirred;

use std::collections::HashMap;
use std::sync::Arc;

use domain::health::Health;
use domain::{Standing, Tenant, TenantId, TenantState, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseExecutor, DatabaseTransaction, QueryResult, Statement};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use reading::{ConnectionBrief, NextEnd, Reading, live};
pub(crate) use stirred::Stirred;

use crate::StoreError;
use crate::counters::Counters;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

/// What never ends.
const NEVER: i64 = i64::MAX;
/// For how long another node leaves a row alone that this one is about to read, in seconds.
const CLAIMED: i64 = 60;

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
    /// How it was read to stand; `None` until a node has read it for the first time.
    pub reading: Option<Reading>,
    /// Its place in the order that was asked for.
    pub place: String,
}

#[derive(Serialize, Deserialize)]
struct Detail {
    active_people: u64,
    connections: Vec<ConnectionBrief>,
    live_credentials: u64,
    next_end: Option<NextEnd>,
    health: String,
}

impl System {
    /// Tenants as they were last read to stand.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn list_standings(&self, query: &StandingQuery) -> Result<Vec<Stands>, StoreError> {
        let rows = self.rows().query_all_raw(page(self.store.inner().engine, query)).await?;
        let rows = rows.iter().map(|row| Ok((kept(row)?, place(row, query.order)?))).collect::<Result<Vec<_>, StoreError>>()?;
        let ids = rows.iter().map(|((id, _), _)| *id).collect();
        let mut tenants: HashMap<TenantId, Tenant> = self.find_tenants(ids).await?;
        let stands = |((id, reading), place)| tenants.remove(&id).map(|tenant| Stands { tenant, reading, place });
        Ok(rows.into_iter().filter_map(stands).collect())
    }

    /// Reads anew how tenants stand that sent something to this node, or whose time has come; `most` of each at
    /// most. Says how many it read.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn keep_standings(&self, most: usize) -> Result<usize, StoreError> {
        let now = self.store.inner().clock.now();
        let mut ids = self.store.sync_log().stirred.take(most);
        let result = self.read_standings(&mut ids, most, now).await;
        if result.is_err() {
            self.store.sync_log().stirred.stir(ids);
        }
        result
    }

    async fn read_standings(&self, ids: &mut Vec<TenantId>, most: usize, now: Timestamp) -> Result<usize, StoreError> {
        ids.extend(self.claim_due(most, now).await?);
        ids.sort_unstable();
        ids.dedup();
        let tenants = self.find_tenants(ids.clone()).await?;
        let mut rows = Vec::new();
        for tenant in tenants.into_values() {
            let reading = self.store.tenant(tenant.id).reading(now).await?;
            rows.push((tenant, reading));
        }
        // One order for all nodes, so that two of them cannot lock each other out.
        rows.sort_by_key(|(tenant, _)| tenant.id);
        let engine = self.store.inner().engine;
        let (read, rows) = (rows.len(), Arc::new(rows));
        if read > 0 {
            let written = self.store.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let (txn, rows): (DatabaseExecutor<'_>, _) = (txn.into(), Arc::clone(&rows));
                Box::pin(async move {
                    for (tenant, reading) in rows.iter() {
                        txn.execute_raw(save(engine, tenant, reading, now)).await?;
                    }
                    Ok(())
                })
            });
            written.await?;
        }
        Ok(read)
    }

    /// Has all tenants read anew, as when a node starts that may have ended before it could.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_standings(&self) -> Result<(), StoreError> {
        let engine = self.store.inner().engine;
        let written = self.store.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
            let txn: DatabaseExecutor<'_> = txn.into();
            Box::pin(async move {
                txn.execute_raw(Sql::new(engine, "UPDATE tenant_standings SET due_at = 0 WHERE due_at > 0").statement()).await?;
                Ok(())
            })
        });
        written.await
    }

    /// Tenants whose time has come. Another node does not get them for a while.
    async fn claim_due(&self, most: usize, now: Timestamp) -> Result<Vec<TenantId>, StoreError> {
        let engine = self.store.inner().engine;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut due = Sql::new(engine, "SELECT tenant_id FROM tenant_standings WHERE due_at <= ");
        due.arg(now.as_micros()).push(" ORDER BY due_at, tenant_id LIMIT ").arg(most);
        if self.rows().query_all_raw(due.statement()).await?.is_empty() {
            return Ok(Vec::new());
        }
        let claimed = self.store.write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, Vec<TenantId>> {
            let txn: DatabaseExecutor<'_> = txn.into();
            Box::pin(async move {
                let mut sql = Sql::new(engine, "UPDATE tenant_standings SET due_at = ");
                sql.arg(now.plus_seconds(CLAIMED).as_micros());
                sql.push(" WHERE tenant_id IN (SELECT tenant_id FROM tenant_standings WHERE due_at <= ").arg(now.as_micros());
                sql.push(" ORDER BY due_at, tenant_id LIMIT ").arg(most);
                if engine == Engine::Postgres {
                    sql.push(" FOR UPDATE SKIP LOCKED");
                }
                sql.push(") RETURNING tenant_id");
                let rows = txn.query_all_raw(sql.statement()).await?;
                rows.iter().map(|row| Ok(row.try_get::<Uuid>("", "tenant_id")?.into())).collect()
            })
        });
        claimed.await
    }
}

/// The text that names are sorted and searched by.
fn name_key(name: &str) -> String {
    name.to_lowercase()
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
    if let Some(search) = query.search.as_deref().map(name_key).filter(|search| !search.is_empty()) {
        let like = format!("%{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let like = sql.bind(like);
        sql.push(&format!(" AND (name_key LIKE {like} ESCAPE '\\' OR slug LIKE {like} ESCAPE '\\')"));
    }
    let way = if query.descending { " DESC" } else { "" };
    sql.push(" ORDER BY ");
    if let Some(column) = column {
        sql.push(column).push(way).push(", ");
    }
    sql.push("tenant_id").push(way).push(" LIMIT ").arg(i64::try_from(query.limit).unwrap_or(i64::MAX));
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

/// Whose row it is, and what it says.
fn kept(row: &QueryResult) -> Result<(TenantId, Option<Reading>), StoreError> {
    let id: Uuid = row.try_get("", "tenant_id")?;
    let number = |name: &str| row.try_get::<i64>("", name);
    let count = |name: &str| number(name).map(|count| u64::try_from(count).unwrap_or_default());
    if number("read_at")? == 0 {
        return Ok((id.into(), None));
    }
    let detail: Detail = serde_json::from_value(row.try_get("", "detail")?)
        .map_err(|_| StoreError::Corrupt(format!("detail of the standing of tenant {id}")))?;
    let last = number("last_request_at")?;
    let reading = Reading {
        counters: Counters { seq: 0, users: count("people")?, active_users: detail.active_people, groups: count("group_count")? },
        connections: detail.connections,
        live_credentials: detail.live_credentials,
        next_end: detail.next_end,
        last_request_at: (last > 0).then(|| Timestamp::from_micros(last)),
        requests: count("requests")?,
        refused: count("refused")?,
        health: Health::parse(&detail.health).unwrap_or(Health::Waiting),
        due_at: Timestamp::from_micros(number("due_at")?),
    };
    Ok((id.into(), Some(reading)))
}

fn save(engine: Engine, tenant: &Tenant, reading: &Reading, now: Timestamp) -> Statement {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let detail = Detail {
        active_people: reading.counters.active_users,
        connections: reading.connections.clone(),
        live_credentials: reading.live_credentials,
        next_end: reading.next_end.clone(),
        health: reading.health.as_str().to_owned(),
    };
    let mut sql = Sql::new(engine, "UPDATE tenant_standings SET name_key = ");
    sql.arg(name_key(&tenant.name)).push(", slug = ").arg(tenant.slug.as_str());
    sql.push(", standing = ").arg(reading.standing(tenant.state).rank()).push(", idp = ").arg(reading.idp());
    sql.push(", people = ").arg(number(reading.counters.users)).push(", group_count = ").arg(number(reading.counters.groups));
    sql.push(", requests = ").arg(number(reading.requests)).push(", refused = ").arg(number(reading.refused));
    sql.push(", last_request_at = ").arg(reading.last_request_at.map_or(0, Timestamp::as_micros));
    sql.push(", credential_ends_at = ").arg(reading.next_end.as_ref().map_or(NEVER, |end| end.ends_at));
    sql.push(", detail = ").arg(serde_json::to_value(detail).unwrap_or_default());
    // What was done since the reading began has the row read again.
    sql.push(", due_at = CASE due_at WHEN 0 THEN 0 ELSE ").arg(reading.due_at.as_micros()).push(" END");
    sql.push(", read_at = ").arg(now.as_micros());
    // Of two nodes that read a tenant at one time, the later one is right.
    sql.push(" WHERE tenant_id = ").arg(tenant.id.as_uuid()).push(" AND read_at <= ").arg(now.as_micros());
    sql.statement()
}

/// The row of a tenant that is being made.
pub(crate) async fn begin(txn: &DatabaseExecutor<'_>, engine: Engine, tenant: &Tenant) -> Result<(), StoreError> {
    let mut sql = Sql::new(
        engine,
        "INSERT INTO tenant_standings (tenant_id, name_key, slug, standing, idp, people, group_count, requests, refused, \
         last_request_at, credential_ends_at, detail, read_at, due_at) VALUES (",
    );
    sql.arg(tenant.id.as_uuid()).push(", ").arg(name_key(&tenant.name)).push(", ").arg(tenant.slug.as_str());
    sql.push(", ").arg(Standing::of(tenant.state, Health::NotConnected).rank()).push(", '', 0, 0, 0, 0, 0, ").arg(NEVER);
    sql.push(", ").arg(serde_json::Value::Object(serde_json::Map::new())).push(", 0, 0)");
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// What an admin changed stands in the row at once; a tenant that is served again is read before that is said of it.
pub(crate) async fn rename(txn: &DatabaseExecutor<'_>, engine: Engine, tenant: &Tenant) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine, "UPDATE tenant_standings SET name_key = ");
    sql.arg(name_key(&tenant.name)).push(", slug = ").arg(tenant.slug.as_str());
    if tenant.state == TenantState::Suspended {
        sql.push(", standing = ").arg(Standing::Suspended.rank());
    }
    sql.push(" WHERE tenant_id = ").arg(tenant.id.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Something was done on somebody's behalf: any node is to read the row anew.
pub(crate) async fn outdate(txn: &DatabaseExecutor<'_>, tenant: TenantId) -> Result<(), StoreError> {
    let engine = Engine::of(txn.get_database_backend());
    let mut sql = Sql::new(engine, "UPDATE tenant_standings SET due_at = 0 WHERE tenant_id = ");
    sql.arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// The tenant is on its way out.
pub(crate) async fn end(txn: &DatabaseExecutor<'_>, engine: Engine, tenant: TenantId) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine, "UPDATE tenant_standings SET standing = ");
    sql.arg(Standing::Deleting.rank()).push(" WHERE tenant_id = ").arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// The tenant is gone.
pub(crate) async fn remove(txn: &DatabaseExecutor<'_>, engine: Engine, tenant: TenantId) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine, "DELETE FROM tenant_standings WHERE tenant_id = ");
    sql.arg(tenant.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}
