//! How much a credential is used, for those who wait until an IdP has moved to another one.

use domain::{CredentialId, Timestamp};
use sea_orm::ConnectionTrait;

use super::TenantSyncLog;
use super::query::floor;
use crate::StoreError;
use crate::sql::Sql;

/// The most requests that are counted: work must not grow with the log.
pub const MOST_COUNTED: u64 = 1_000;

/// Requests with one credential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// How many, [`MOST_COUNTED`] at most.
    pub requests: u64,
    /// When the last one was.
    pub last_at: Option<Timestamp>,
}

impl TenantSyncLog<'_> {
    /// The requests with a credential since a moment.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn traffic(&self, credential: CredentialId, since: Timestamp) -> Result<Traffic, StoreError> {
        let connection = self.rows();
        let mut sql = Sql::new(
            connection.engine(),
            "SELECT COUNT(*) AS requests, MAX(e.at) AS last_at FROM (SELECT at FROM sync_events WHERE tenant_id = ",
        );
        sql.arg(self.tenant.as_uuid()).push(" AND credential_id = ").arg(credential.as_uuid());
        // Ids are in the order of time, and the index ends with them.
        sql.push(" AND id >= ").arg(floor(since)).push(" AND at >= ").arg(since.as_micros());
        sql.push(" ORDER BY id DESC LIMIT ").arg(i64::try_from(MOST_COUNTED).unwrap_or(i64::MAX)).push(") AS e");
        let Some(row) = connection.query_one_raw(sql.statement()).await? else { return Ok(Traffic::default()) };
        let (requests, last_at): (i64, Option<i64>) = (row.try_get("", "requests")?, row.try_get("", "last_at")?);
        Ok(Traffic { requests: u64::try_from(requests).unwrap_or_default(), last_at: last_at.map(Timestamp::from_micros) })
    }
}
