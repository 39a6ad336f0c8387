//! Finding requests by a name: of whoever bears it, under every name they had.
//!
//! A name few rows have and a name half of all rows have want different ways. Few are gathered by their ids, the newest
//! first and a bounded number at a time; of many the rows are looked at from the newest on.

use domain::{SyncEvent, SyncEventId};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use uuid::Uuid;

use super::query::{Among, SyncEventFilter, beginning, page, within};
use crate::StoreError;
use crate::dialect::Engine;
use crate::entity::sync_event;
use crate::sql::Sql;
use crate::wall::Rows;

/// Most names with one beginning that are looked up one by one.
const NAMES: usize = 50;
/// Most rows of names with one beginning that are gathered.
const GATHERED: i64 = 20_000;
/// The newest requests with a name that say whose it is.
const NEWEST: i64 = 200;
/// Most resources that one name leads to.
const RESOURCES: i64 = 10;
/// Ids gathered at a time, when other filters may leave little of them.
const STEP: u64 = 1_000;

/// What a text stands for.
#[derive(Debug, Default)]
struct Meant {
    key: String,
    /// Names that begin so, when they are few.
    names: Vec<String>,
    /// Whether rows are found by the range of names.
    range: bool,
    /// The resources that bear or bore it, or whose id it is.
    resources: Vec<Uuid>,
    /// The request whose id it may be.
    request: Option<Uuid>,
}

/// The newest requests that pass the filter.
pub(super) async fn list(rows: &Rows<'_>, tenant: Uuid, filter: &SyncEventFilter) -> Result<Vec<SyncEvent>, StoreError> {
    let limit = filter.limit;
    let Some(text) = &filter.text else { return read(rows, page(rows.engine(), tenant, filter, &Among::All, limit)).await };
    let Some(meant) = meant(rows, tenant, text).await? else {
        let key = scim::comparison::key(text);
        return read(rows, page(rows.engine(), tenant, filter, &Among::Named(&key), limit)).await;
    };
    let (mut found, mut after, mut step) = (Vec::new(), filter.after, limit.clamp(1, STEP));
    while (found.len() as u64) < limit {
        let Some(statement) = candidates(rows.engine(), tenant, filter, &meant, after, step) else { break };
        let ids = rows.query_all_raw(statement).await?;
        let ids = ids.iter().map(|row| row.try_get::<Uuid>("", "id")).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = ids.last() else { break };
        after = Some(SyncEventId::from(*last));
        let left = limit - found.len() as u64;
        found.extend(read(rows, page(rows.engine(), tenant, filter, &Among::Ids(&ids), left)).await?);
        if (ids.len() as u64) < step {
            break;
        }
        step = STEP;
    }
    Ok(found)
}

async fn read(rows: &Rows<'_>, statement: Statement) -> Result<Vec<SyncEvent>, StoreError> {
    let found = sync_event::Entity::find().from_raw_sql(statement).all(rows).await?;
    found.into_iter().map(|row| row.into_event(Vec::new())).collect()
}

/// What a text stands for; nothing when it begins so many rows' names that they are not gathered.
async fn meant(rows: &Rows<'_>, tenant: Uuid, text: &str) -> Result<Option<Meant>, StoreError> {
    let (engine, key, id) = (rows.engine(), scim::comparison::key(text), text.trim().parse::<Uuid>().ok());
    let texts = rows.query_all_raw(names(engine, tenant, &key)).await?;
    let mut names = texts.iter().map(|row| row.try_get::<String>("", "name")).collect::<Result<Vec<_>, _>>()?;
    let range = names.len() > NAMES;
    if range {
        let row = rows.query_one_raw(count(engine, tenant, &key)).await?;
        if row.map_or(Ok(0), |row| row.try_get::<i64>("", "found"))? >= GATHERED {
            return Ok(None);
        }
        names.clear();
    }
    let bore = rows.query_all_raw(bearers(engine, tenant, &key)).await?;
    let mut resources = bore.iter().map(|row| row.try_get::<Uuid>("", "resource_id")).collect::<Result<Vec<_>, _>>()?;
    resources.extend(id);
    Ok(Some(Meant { key, names, range, resources, request: id }))
}

/// The different names that begin so, each found by going on after the one before.
fn names(engine: Engine, tenant: Uuid, key: &str) -> Statement {
    let mut sql = Sql::new(engine, "WITH RECURSIVE found(name) AS (SELECT * FROM (SELECT identifier FROM sync_event_identifiers");
    sql.push(" WHERE tenant_id = ").arg(tenant);
    beginning(&mut sql, "identifier", key);
    sql.push(" ORDER BY identifier LIMIT 1) AS first UNION ALL SELECT (SELECT i.identifier FROM sync_event_identifiers AS i");
    sql.push(" WHERE i.tenant_id = ").arg(tenant).push(" AND i.identifier > found.name");
    beginning(&mut sql, "i.identifier", key);
    sql.push(" ORDER BY i.identifier LIMIT 1) FROM found WHERE found.name IS NOT NULL)");
    sql.push(" SELECT name FROM found WHERE name IS NOT NULL LIMIT ").arg(i64::try_from(NAMES + 1).unwrap_or(i64::MAX));
    sql.statement()
}

fn count(engine: Engine, tenant: Uuid, key: &str) -> Statement {
    let mut sql = Sql::new(engine, "SELECT COUNT(*) AS found FROM (SELECT 1 FROM sync_event_identifiers WHERE tenant_id = ");
    sql.arg(tenant);
    beginning(&mut sql, "identifier", key);
    sql.push(" LIMIT ").arg(GATHERED).push(") AS gathered");
    sql.statement()
}

/// The resources that the newest requests with exactly this name were about.
fn bearers(engine: Engine, tenant: Uuid, key: &str) -> Statement {
    let mut sql = Sql::new(engine, "SELECT DISTINCT resource_id FROM sync_events WHERE tenant_id = ");
    sql.arg(tenant)
        .push(" AND resource_id IS NOT NULL AND id IN (SELECT event_id FROM sync_event_identifiers WHERE tenant_id = ");
    sql.arg(tenant).push(" AND identifier = ").arg(key).push(" ORDER BY event_id DESC LIMIT ").arg(NEWEST);
    sql.push(") LIMIT ").arg(RESOURCES);
    sql.statement()
}

/// The newest ids of what is meant, before `after`; nothing when nothing is meant.
fn candidates(
    engine: Engine,
    tenant: Uuid,
    filter: &SyncEventFilter,
    meant: &Meant,
    after: Option<SyncEventId>,
    most: u64,
) -> Option<Statement> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut sql = Sql::new(engine, "SELECT id FROM (");
    let mut parts = 0;
    let mut part = |table: &str, id: &str, more: &dyn Fn(&mut Sql)| {
        let union = if parts == 0 { "" } else { " UNION " };
        parts += 1;
        sql.push(&format!("{union}SELECT * FROM (SELECT DISTINCT {id} AS id FROM {table} WHERE tenant_id = ")).arg(tenant);
        more(&mut sql);
        within(&mut sql, id, filter, after);
        sql.push(&format!(" ORDER BY {id} DESC LIMIT ")).arg(most).push(&format!(") AS part_{parts}"));
    };
    for name in &meant.names {
        part("sync_event_identifiers", "event_id", &|sql| _ = sql.push(" AND identifier = ").arg(name.as_str()));
    }
    if meant.range {
        part("sync_event_identifiers", "event_id", &|sql| beginning(sql, "identifier", &meant.key));
    }
    for resource in &meant.resources {
        part("sync_events", "id", &|sql| _ = sql.push(" AND resource_id = ").arg(*resource));
    }
    if let Some(request) = meant.request {
        part("sync_events", "id", &|sql| _ = sql.push(" AND id = ").arg(request));
    }
    if parts == 0 {
        return None;
    }
    sql.push(") AS all_parts ORDER BY id DESC LIMIT ").arg(most);
    Some(sql.statement())
}

/// Every statement that a search may ask, for tests that look at their plans.
#[cfg(feature = "testing")]
pub(crate) fn statements(engine: Engine, tenant: Uuid, filter: &SyncEventFilter) -> Vec<Statement> {
    let limit = filter.limit;
    let Some(text) = &filter.text else { return vec![page(engine, tenant, filter, &Among::All, limit)] };
    let (key, id) = (scim::comparison::key(text), Uuid::now_v7());
    let (one, many) = (
        Meant { names: vec![key.clone()], resources: vec![id], request: Some(id), ..Meant::default() },
        Meant { key: key.clone(), range: true, ..Meant::default() },
    );
    let gathered = [one, many].into_iter().filter_map(|meant| candidates(engine, tenant, filter, &meant, None, STEP));
    let found = page(engine, tenant, filter, &Among::Ids(&[id]), limit);
    [names(engine, tenant, &key), count(engine, tenant, &key), bearers(engine, tenant, &key), found]
        .into_iter()
        .chain(gathered)
        .collect()
}
