//! What a connection looked up just before a request: how it came to send it.

use domain::SyncEvent;
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use uuid::Uuid;

use super::TenantSyncLog;
use super::query::floor;
use crate::StoreError;
use crate::dialect::Engine;
use crate::entity::sync_event;
use crate::sql::Sql;

/// How long before a request a look-up belongs to it, in seconds.
const BEFORE: i64 = 15 * 60;
/// Most look-ups of one request.
const MOST: i64 = 10;
/// Newest requests about a resource or with a name that are looked at, whatever they asked for.
const LOOKED_AT: i64 = 100;
/// Most names of a request that are looked for.
const NAMES: usize = 8;

impl TenantSyncLog<'_> {
    /// The look-ups and reads of whom a request was about, by the same connection in the quarter of an hour before it;
    /// newest first, ten at most. A request whose connection is not known has none.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn looked_up_before(&self, event: &SyncEvent) -> Result<Vec<SyncEvent>, StoreError> {
        let (engine, tenant, rows) = (self.log.read.engine(), self.tenant.as_uuid(), self.rows());
        let Some(connection) = event.connection else { return Ok(Vec::new()) };
        let Some(near) = near(engine, tenant, event) else { return Ok(Vec::new()) };
        let ids = rows.query_all_raw(near).await?;
        let ids = ids.iter().map(|row| row.try_get::<Uuid>("", "id")).collect::<Result<Vec<_>, _>>()?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = sync_event::Entity::find().from_raw_sql(look_ups(engine, tenant, connection.as_uuid(), &ids));
        found.all(&rows).await?.into_iter().map(|row| row.into_event(Vec::new())).collect()
    }
}

/// The ids of the requests just before one that are about the same resource or carry one of its names.
fn near(engine: Engine, tenant: Uuid, event: &SyncEvent) -> Option<Statement> {
    let mut sql = Sql::new(engine, "");
    let (tenant, end) = (sql.bind(tenant), sql.bind(event.id.as_uuid()));
    let (begin, most) = (sql.bind(floor(event.at.plus_seconds(-BEFORE))), sql.bind(LOOKED_AT));
    let mut parts = Vec::new();
    let mut part = |table: &str, id: &str, column: &str, value: &str| {
        let place = parts.len();
        parts.push(format!(
            "SELECT * FROM (SELECT {id} AS id FROM {table} WHERE tenant_id = {tenant} AND {column} = {value} AND {id} >= {begin} \
             AND {id} < {end} ORDER BY {id} DESC LIMIT {most}) AS part_{place}"
        ));
    };
    if let Some(resource) = event.resource_id {
        part("sync_events", "id", "resource_id", &sql.bind(resource));
    }
    for name in event.identifiers.iter().take(NAMES) {
        part("sync_event_identifiers", "event_id", "identifier", &sql.bind(name.as_str()));
    }
    if parts.is_empty() {
        return None;
    }
    sql.push(&parts.join(" UNION "));
    Some(sql.statement())
}

/// Those of some requests that a connection looked somebody up by, newest first.
fn look_ups(engine: Engine, tenant: Uuid, connection: Uuid, ids: &[Uuid]) -> Statement {
    let mut sql = Sql::new(engine, "SELECT e.* FROM sync_events AS e WHERE e.tenant_id = ");
    sql.arg(tenant).push(" AND ").ids_among("e.id", ids).push(" AND e.connection_id = ").arg(connection);
    sql.push(" AND e.operation IN ('look-up', 'read') ORDER BY e.id DESC LIMIT ").arg(MOST);
    sql.statement()
}

/// Every statement that the look-ups before a request ask, for tests that look at their plans.
#[cfg(feature = "testing")]
pub(crate) fn statements(engine: Engine, tenant: Uuid, event: &SyncEvent) -> Vec<Statement> {
    let connection = event.connection.map_or(Uuid::nil(), domain::ConnectionId::as_uuid);
    near(engine, tenant, event).into_iter().chain([look_ups(engine, tenant, connection, &[event.id.as_uuid()])]).collect()
}
