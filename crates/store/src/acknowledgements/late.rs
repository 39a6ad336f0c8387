//! Readers that do not keep up, for whoever runs the service: in how many tenants there are some, and a word when one is.

use domain::{AcknowledgementTarget, FeedReader, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::reader;
use crate::StoreError;
use crate::dialect::Engine;
use crate::entity::tenant::target;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

/// Readers of one look.
const AT_ONCE: usize = 500;

/// A reader whose first change that it has not acknowledged is older than its tenant wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateReader {
    /// The tenant.
    pub tenant: TenantId,
    /// Who.
    pub reader: FeedReader,
    /// When the change was made.
    pub waits_since: Timestamp,
}

/// What was found of a reader.
struct Seen {
    tenant: TenantId,
    reader: FeedReader,
    /// Whether it was told that it is late.
    told: bool,
    late_since: Option<Timestamp>,
}

impl System {
    /// The readers of served tenants that are late now. Looks at each reader of all tenants by a key, so it is work for the
    /// background; of each that is late, and no longer is, one node says so in the log, once.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn late_readers(&self, now: Timestamp) -> Result<Vec<LateReader>, StoreError> {
        let (mut late, mut last) = (Vec::new(), None);
        loop {
            let page = self.readers_after(last, now).await?;
            last = page.last().map(|seen| (seen.tenant, seen.reader.id));
            let whole = page.len() >= AT_ONCE;
            for seen in page {
                if seen.told != seen.late_since.is_some() {
                    self.tell(&seen).await?;
                }
                let Seen { tenant, reader, late_since, .. } = seen;
                late.extend(late_since.map(|waits_since| LateReader { tenant, reader, waits_since }));
            }
            if !whole {
                return Ok(late);
            }
        }
    }

    async fn readers_after(&self, last: Option<(TenantId, Uuid)>, now: Timestamp) -> Result<Vec<Seen>, StoreError> {
        let rows = self.rows();
        let mut sql = Sql::new(
            rows.engine(),
            "SELECT r.tenant_id, r.reader_id, r.kind, r.name, r.late, t.acknowledgement_target, t.state, (SELECT c.at FROM \
             changes AS c WHERE c.tenant_id = r.tenant_id AND c.seq > r.seq ORDER BY c.seq LIMIT 1) AS waits_since \
             FROM acknowledgement_readers AS r JOIN tenants AS t ON t.id = r.tenant_id",
        );
        if let Some((tenant, reader)) = last {
            sql.push(" WHERE (r.tenant_id, r.reader_id) > (").arg(tenant.as_uuid()).push(", ").arg(reader).push(")");
        }
        sql.push(" ORDER BY r.tenant_id, r.reader_id LIMIT ").arg(i64::try_from(AT_ONCE).unwrap_or(i64::MAX));
        let found = rows.query_all_raw(sql.statement()).await?;
        found.iter().map(|row| seen(row, now)).collect()
    }

    async fn tell(&self, seen: &Seen) -> Result<(), StoreError> {
        let (tenant, id, late) = (seen.tenant, seen.reader.id, i64::from(seen.late_since.is_some()));
        let first = self
            .store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, bool> {
                Box::pin(async move {
                    let engine = Engine::of(txn.get_database_backend());
                    let mut sql = Sql::new(engine, "UPDATE acknowledgement_readers SET late = ");
                    let late = sql.bind(late);
                    sql.push(&late).push(" WHERE tenant_id = ").arg(tenant.as_uuid()).push(" AND reader_id = ").arg(id);
                    sql.push(" AND late <> ").push(&late);
                    Ok(txn.execute_raw(sql.statement()).await?.rows_affected() == 1)
                })
            })
            .await?;
        // Names are people's and stand in no log; the id leads to them.
        let kind = seen.reader.kind.as_str();
        match seen.late_since {
            _ if !first => {}
            Some(since) => {
                let since = since.to_rfc3339();
                tracing::warn!(%tenant, reader = %id, kind, since, "a reader of the feed is late: a change waits for longer than its tenant wants");
            }
            None => tracing::info!(%tenant, reader = %id, kind, "a reader of the feed that was late no longer is"),
        }
        Ok(())
    }
}

fn seen(row: &QueryResult, now: Timestamp) -> Result<Seen, StoreError> {
    let (tenant, told): (Uuid, i64) = (row.try_get("", "tenant_id")?, row.try_get("", "late")?);
    let wanted: AcknowledgementTarget = target(row.try_get("", "acknowledgement_target")?)
        .ok_or_else(|| StoreError::Corrupt(format!("acknowledgement target of tenant {tenant}")))?;
    let served = row.try_get::<String>("", "state")? == domain::TenantState::Active.as_str();
    let waits_since = row.try_get::<Option<i64>>("", "waits_since")?.map(Timestamp::from_micros);
    let late_since = waits_since.filter(|since| served && wanted.is_missed(*since, now));
    Ok(Seen { tenant: tenant.into(), reader: reader(row)?, told: told != 0, late_since })
}
