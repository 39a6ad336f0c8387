//! The requests about somebody, by every name they had, also somebody who was never made.

use domain::{SyncEvent, SyncEventId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::TenantSyncLog;
use crate::StoreError;
use crate::sql::Sql;

/// Newest requests with a name that are asked whom they were about.
const ASKED: i64 = 500;

/// Whose requests are wanted, and which part of them.
#[derive(Clone, Debug)]
pub struct Story<'s> {
    /// The resources.
    pub resources: &'s [Uuid],
    /// Their names in comparison form. Of requests about no resource at all, those that carry one of them belong here; and
    /// those that name them as members who are not here yet.
    pub names: &'s [String],
    /// Whether reads and look-ups that found the resource are wanted too; an IdP sends many.
    pub reads: bool,
    /// Only requests before this one.
    pub before: Option<SyncEventId>,
    /// How many at most.
    pub limit: u64,
}

impl TenantSyncLog<'_> {
    /// The resources that requests with this name, in comparison form, were about; newest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn named(&self, name: &str) -> Result<Vec<Uuid>, StoreError> {
        let mut sql = Sql::new(self.log.read.engine(), "SELECT e.resource_id FROM (SELECT event_id FROM sync_event_identifiers");
        let tenant = sql.bind(self.tenant.as_uuid());
        sql.push(&format!(" WHERE tenant_id = {tenant} AND identifier = ")).arg(name);
        sql.push(" ORDER BY event_id DESC LIMIT ").arg(ASKED);
        sql.push(&format!(") AS i JOIN sync_events AS e ON e.tenant_id = {tenant} AND e.id = i.event_id"));
        // What a stranger's request says of anybody is no word of the tenant's; and who waits to be a member is not the group.
        sql.push(" WHERE e.resource_id IS NOT NULL AND e.credential_id IS NOT NULL");
        sql.push(" AND (e.cause IS NULL OR e.cause <> 'members_waiting') ORDER BY i.event_id DESC");
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        let mut resources: Vec<Uuid> = Vec::new();
        for row in &rows {
            let resource = row.try_get("", "resource_id")?;
            if !resources.contains(&resource) {
                resources.push(resource);
            }
        }
        Ok(resources)
    }

    /// The requests about some resources or with their names, newest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn story(&self, story: &Story<'_>) -> Result<Vec<SyncEvent>, StoreError> {
        let limit = i64::try_from(story.limit).unwrap_or(i64::MAX);
        let before = story.before.map_or(Uuid::max(), SyncEventId::as_uuid);
        let mut sql = Sql::new(self.log.read.engine(), "");
        let (tenant, before, limit) = (sql.bind(self.tenant.as_uuid()), sql.bind(before), sql.bind(limit));
        let mut parts = Vec::new();
        for resource in story.resources {
            let resource = sql.bind(*resource);
            let reads = if story.reads { "" } else { " AND (operation NOT IN ('look-up', 'read') OR outcome <> 'accepted')" };
            parts.push(format!(
                "SELECT id FROM (SELECT id FROM sync_events WHERE tenant_id = {tenant} AND resource_id = {resource} \
                 AND id < {before}{reads} ORDER BY id DESC LIMIT {limit}) AS of_resource"
            ));
        }
        for name in story.names {
            let name = sql.bind(name.as_str());
            parts.push(format!(
                "SELECT id FROM (SELECT i.event_id AS id FROM sync_event_identifiers AS i JOIN sync_events AS e \
                 ON e.tenant_id = {tenant} AND e.id = i.event_id WHERE i.tenant_id = {tenant} AND i.identifier = {name} \
                 AND i.event_id < {before} AND (e.resource_id IS NULL OR e.cause = 'members_waiting') ORDER BY i.event_id DESC LIMIT {limit}) AS of_name"
            ));
        }
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        sql.push(&format!("{} ORDER BY id DESC LIMIT {limit}", parts.join(" UNION ")));
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        let ids: Result<Vec<SyncEventId>, StoreError> =
            rows.iter().map(|row| Ok(SyncEventId::from(row.try_get::<Uuid>("", "id")?))).collect();
        let mut events = self.find_all(&ids?).await?;
        events.sort_by_key(|event| std::cmp::Reverse(event.id));
        Ok(events)
    }
}
