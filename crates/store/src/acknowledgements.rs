//! What readers of a tenant's feed say they have applied: how far each is, when it came so far, and how long that took.
//!
//! A reader has one row that says how far it is, and one for each time it came further, so that the first of them that
//! reaches a change says when the change was acknowledged. How long it took is added up by the hour when a reader comes
//! further, each change once a reader; no request at the SCIM door has to do with it.

mod late;
mod read;
mod write;

use domain::{FeedReader, ReaderKind};
use sea_orm::QueryResult;

pub use late::LateReader;
pub use read::{AcknowledgedChange, Progress};
pub use write::AcknowledgeError;

use crate::StoreError;
use crate::store::TenantStore;
use crate::wall::Rows;

/// An hour in microseconds.
const HOUR: i64 = 3_600_000_000;

/// The acknowledgements of one tenant.
pub struct Acknowledgements<'s> {
    door: &'s TenantStore,
}

impl TenantStore {
    /// What readers of the feed say they have applied.
    pub fn acknowledgements(&self) -> Acknowledgements<'_> {
        Acknowledgements { door: self }
    }
}

impl Acknowledgements<'_> {
    fn rows(&self) -> Rows<'_> {
        self.door.rows()
    }
}

/// The reader of a row with `reader_id`, `kind` and `name`.
fn reader(row: &QueryResult) -> Result<FeedReader, StoreError> {
    let kind: String = row.try_get("", "kind")?;
    let kind = ReaderKind::parse(&kind).ok_or_else(|| StoreError::Corrupt(format!("reader kind {kind}")))?;
    Ok(FeedReader { kind, id: row.try_get("", "reader_id")?, name: row.try_get("", "name")? })
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
