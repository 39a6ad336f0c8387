//! How far readers are, and when changes were acknowledged.

use std::collections::HashMap;

use domain::{FeedReader, Latencies, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};

use super::{Acknowledgements, HOUR, reader, signed};
use crate::StoreError;
use crate::sql::Sql;

/// Hours of a day.
const DAY: i64 = 24;
/// Changes of one statement.
const AT_ONCE: usize = 200;
/// Most readers that are told of a change: those that were heard of last.
const TOLD: i64 = 10;

/// How far a reader is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Who.
    pub reader: FeedReader,
    /// The number up to which it has applied all.
    pub seq: u64,
    /// When it was last heard of, to the minute.
    pub at: Timestamp,
    /// When the first change was made that it has not acknowledged and that is still kept.
    pub waits_since: Option<Timestamp>,
}

/// When a reader acknowledged a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcknowledgedChange {
    /// Who.
    pub reader: FeedReader,
    /// When.
    pub at: Timestamp,
}

impl Acknowledgements<'_> {
    /// How far each reader is, in the order in which they were made.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn progress(&self) -> Result<Vec<Progress>, StoreError> {
        let rows = self.rows();
        let mut sql = Sql::new(
            rows.engine(),
            "SELECT r.reader_id, r.kind, r.name, r.seq, r.at, (SELECT c.at FROM changes AS c WHERE c.tenant_id = r.tenant_id \
             AND c.seq > r.seq ORDER BY c.seq LIMIT 1) AS waits_since FROM acknowledgement_readers AS r WHERE r.tenant_id = ",
        );
        sql.arg(self.door.tenant.as_uuid()).push(" ORDER BY r.reader_id");
        let found = rows.query_all_raw(sql.statement()).await?;
        found.iter().map(progress).collect()
    }

    /// How long what was acknowledged within 24 hours took, by the hour.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn latencies(&self, now: Timestamp) -> Result<Latencies, StoreError> {
        let rows = self.rows();
        let mut sql = Sql::new(
            rows.engine(),
            "SELECT bucket, CAST(SUM(number) AS bigint) AS number FROM acknowledgement_hours WHERE tenant_id = ",
        );
        sql.arg(self.door.tenant.as_uuid()).push(" AND hour_at > ").arg(now.as_micros().saturating_sub(DAY * HOUR));
        sql.push(" GROUP BY bucket");
        let mut latencies = Latencies::default();
        for row in rows.query_all_raw(sql.statement()).await? {
            let (class, number): (i64, i64) = (row.try_get("", "bucket")?, row.try_get("", "number")?);
            latencies.add(usize::try_from(class).unwrap_or(usize::MAX), u64::try_from(number).unwrap_or_default());
        }
        Ok(latencies)
    }

    /// How many readers were late when they were last looked at.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn found_late(&self) -> Result<u64, StoreError> {
        let rows = self.rows();
        let mut sql =
            Sql::new(rows.engine(), "SELECT COUNT(*) AS number FROM acknowledgement_readers WHERE late = 1 AND tenant_id = ");
        sql.arg(self.door.tenant.as_uuid());
        let row = rows.query_one_raw(sql.statement()).await?;
        let number: i64 = row.map_or(Ok(0), |row| row.try_get("", "number"))?;
        Ok(u64::try_from(number).unwrap_or_default())
    }

    /// Who acknowledged each of these changes, and when: ten readers at most, those that were heard of last.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn of_changes(&self, numbers: &[u64]) -> Result<HashMap<u64, Vec<AcknowledgedChange>>, StoreError> {
        let mut found: HashMap<u64, Vec<AcknowledgedChange>> = HashMap::new();
        for numbers in numbers.chunks(AT_ONCE) {
            let rows = self.rows();
            let mut sql = Sql::new(rows.engine(), "");
            let (tenant, told) = (sql.bind(self.door.tenant.as_uuid()), sql.bind(TOLD));
            sql.push(&format!(
                "SELECT c.seq, r.reader_id, r.kind, r.name, (SELECT a.at FROM acknowledgements AS a WHERE a.tenant_id = {tenant} \
                 AND a.reader_id = r.reader_id AND a.seq >= c.seq ORDER BY a.seq LIMIT 1) AS acknowledged_at \
                 FROM changes AS c JOIN (SELECT reader_id, kind, name, seq FROM acknowledgement_readers WHERE tenant_id = {tenant} \
                 ORDER BY at DESC, reader_id LIMIT {told}) AS r ON r.seq >= c.seq WHERE c.tenant_id = {tenant} AND c.seq IN "
            ));
            sql.list(numbers.iter().map(|number| signed(*number))).push(" ORDER BY c.seq, r.reader_id");
            for row in rows.query_all_raw(sql.statement()).await? {
                let Some(at) = row.try_get::<Option<i64>>("", "acknowledged_at")? else { continue };
                let seq = u64::try_from(row.try_get::<i64>("", "seq")?).unwrap_or_default();
                let told = AcknowledgedChange { reader: reader(&row)?, at: Timestamp::from_micros(at) };
                found.entry(seq).or_default().push(told);
            }
        }
        Ok(found)
    }
}

fn progress(row: &QueryResult) -> Result<Progress, StoreError> {
    Ok(Progress {
        reader: reader(row)?,
        seq: u64::try_from(row.try_get::<i64>("", "seq")?).unwrap_or_default(),
        at: Timestamp::from_micros(row.try_get("", "at")?),
        waits_since: row.try_get::<Option<i64>>("", "waits_since")?.map(Timestamp::from_micros),
    })
}
