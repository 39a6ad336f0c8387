//! Coming further, and being forgotten.

use domain::acknowledgement::MOST_READERS;
use domain::audit::{Deed, picture};
use domain::{Act, Author, FeedReader, Latencies, ReaderKind, TenantId, Timestamp, Webhook};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use uuid::Uuid;

use super::{Acknowledgements, HOUR, reader, signed};
use crate::StoreError;
use crate::audit::Acted;
use crate::changes;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::system_unit::Step;

/// Most changes that one unit of work goes through: who was away for long comes further in several, each of which holds.
const STEP: i64 = 5_000;
/// Of how old changes it is counted, at a reader's first acknowledgement, how long they took: what is older it did not
/// follow but took over from a snapshot. In microseconds.
const FIRST: i64 = HOUR;
/// That a reader is there is noted again after this many microseconds.
const MINUTE: i64 = 60_000_000;
/// What a reader's row holds before its first acknowledgement is written.
const NEVER: i64 = -1;

/// Why a number cannot be acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum AcknowledgeError {
    /// No change has that number yet.
    #[error("the last change is {head}")]
    Ahead {
        /// The number of the tenant's last change.
        head: u64,
    },
    /// The tenant has as many readers as it may have.
    #[error("a tenant has at most {} readers that acknowledge", MOST_READERS)]
    TooManyReaders,
    /// The reader is a webhook that was deleted.
    #[error("the webhook is no longer there")]
    Gone,
    /// The database cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What one unit of work is to note.
#[derive(Clone)]
struct Wish {
    reader: FeedReader,
    /// The number up to which it has applied all.
    seq: u64,
    /// Not its own word but what follows from it: it holds only of a reader that has said this number, or a higher one.
    since: Option<u64>,
    now: Timestamp,
}

/// How far one unit of work came.
enum Stepped {
    At(u64),
    /// The reader has not said what it would have to.
    Unsaid,
    Ahead(u64),
    Full,
    Gone,
}

impl Acknowledgements<'_> {
    /// Notes that a reader has applied all changes up to a number; says how far it is then. Who is further already stays
    /// there: of several calls at once the highest number is kept.
    ///
    /// # Errors
    /// [`AcknowledgeError`].
    pub async fn acknowledge(&self, reader: &FeedReader, seq: u64) -> Result<u64, AcknowledgeError> {
        let wish = Wish { reader: reader.clone(), seq, since: None, now: self.now() };
        loop {
            match self.step(&wish).await? {
                Stepped::At(kept) if kept >= seq => return Ok(kept),
                Stepped::At(_) | Stepped::Unsaid => {}
                Stepped::Ahead(head) => return Err(AcknowledgeError::Ahead { head }),
                Stepped::Full => return Err(AcknowledgeError::TooManyReaders),
                Stepped::Gone => return Err(AcknowledgeError::Gone),
            }
        }
    }

    /// Notes that nothing waits for a webhook's receiver up to the number that the webhook stands at, where it says that it
    /// has applied all that was sent: what does not pass the filter it never hears of, and would be late with for good.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn passed_over(&self, webhook: &Webhook) -> Result<(), StoreError> {
        let (sent, through) = (webhook.previous, webhook.delivered);
        let wish = Wish { reader: webhook.into(), seq: through, since: Some(sent), now: self.now() };
        let waits = signed(sent)..signed(through);
        // Asked first, so that who never acknowledges costs no write.
        while self.kept(webhook.id.as_uuid()).await?.is_some_and(|kept| waits.contains(&kept)) {
            let Stepped::At(_) = self.step(&wish).await? else { return Ok(()) };
        }
        Ok(())
    }

    /// How far a reader is; `None` when there is none of this id.
    async fn kept(&self, reader: Uuid) -> Result<Option<i64>, StoreError> {
        let rows = self.rows();
        let mut sql = Sql::new(rows.engine(), "SELECT seq FROM acknowledgement_readers WHERE tenant_id = ");
        sql.arg(self.door.tenant.as_uuid()).push(" AND reader_id = ").arg(reader);
        let Some(row) = rows.query_one_raw(sql.statement()).await? else { return Ok(None) };
        Ok(Some(row.try_get("", "seq")?))
    }

    fn now(&self) -> Timestamp {
        self.door.store.inner().clock.now()
    }

    async fn step(&self, wish: &Wish) -> Result<Stepped, StoreError> {
        let (tenant, wish) = (self.door.tenant, wish.clone());
        self.door
            .store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, Stepped> {
                let wish = wish.clone();
                Box::pin(async move { step(txn, tenant, &wish).await })
            })
            .await
    }

    /// Forgets a reader; who acknowledges again begins anew. `false` when there is none of this id.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget(&self, id: Uuid, author: &Author) -> Result<bool, StoreError> {
        let tenant = self.door.tenant;
        self.door
            .store
            .act(Some(tenant), author, move |txn| {
                Box::pin(async move {
                    // When changes were acknowledged goes with the changes.
                    let mut sql = Sql::new(engine(txn), "DELETE FROM acknowledgement_readers WHERE tenant_id = ");
                    sql.arg(tenant.as_uuid()).push(" AND reader_id = ").arg(id);
                    sql.push(" RETURNING reader_id, kind, name, seq");
                    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Ok(Acted::nothing(false)) };
                    let (reader, seq) = (reader(&row)?, row.try_get::<i64>("", "seq")?);
                    let before = picture::reader(&reader, u64::try_from(seq).unwrap_or_default());
                    let act = Act::ReaderForgotten;
                    let deed = Deed { tenant: Some(tenant), act, subject: (&reader).into(), before: Some(before), after: None };
                    Ok(Acted::new(true, deed))
                })
            })
            .await
    }
}

async fn step(txn: &DatabaseTransaction, tenant: TenantId, wish: &Wish) -> Result<Stepped, StoreError> {
    let (reader, now, wanted) = (&wish.reader, wish.now, signed(wish.seq));
    // Held until the end, so that one that is deleted at this moment does not come back as a reader.
    if reader.kind == ReaderKind::Webhook && !is_webhook(txn, tenant, reader.id).await? {
        return Ok(Stepped::Gone);
    }
    let last = changes::head(txn, tenant).await?.seq;
    if wish.seq > last {
        return Ok(Stepped::Ahead(last));
    }
    let mut before = held(txn, tenant, reader.id).await?;
    if wish.since.is_some_and(|since| before.is_none_or(|(kept, _)| kept < signed(since))) {
        return Ok(Stepped::Unsaid);
    }
    if before.is_none() {
        if full(txn, tenant).await? {
            return Ok(Stepped::Full);
        }
        begin(txn, tenant, reader, now).await?;
        // Another node may have been faster.
        before = held(txn, tenant, reader.id).await?;
    }
    let (kept, heard) = before.ok_or(StoreError::Contended)?;
    if kept >= wanted {
        if heard < now.as_micros().saturating_sub(MINUTE) {
            come_to(txn, tenant, reader, kept, now).await?;
        }
        return Ok(Stepped::At(u64::try_from(kept).unwrap_or_default()));
    }
    let (to, from, since) = if kept == NEVER {
        (wanted, wanted.saturating_sub(STEP).max(0), Some(now.plus_micros(-FIRST)))
    } else {
        (wanted.min(kept.saturating_add(STEP)), kept, None)
    };
    // What follows from its word is not heard of it.
    let at = if wish.since.is_some() { Timestamp::from_micros(heard) } else { now };
    come_to(txn, tenant, reader, to, at).await?;
    if to > from {
        let mut sql = Sql::new(engine(txn), "INSERT INTO acknowledgements (tenant_id, reader_id, seq, at) VALUES ");
        sql.list::<Value>([tenant.as_uuid().into(), reader.id.into(), to.into(), now.as_micros().into()]);
        sql.push(" ON CONFLICT DO NOTHING");
        txn.execute_raw(sql.statement()).await?;
        txn.execute_raw(tally(engine(txn), tenant, (from, to), since, now).statement()).await?;
    }
    Ok(Stepped::At(u64::try_from(to).unwrap_or_default()))
}

/// Whether there is a webhook of this id; it stays until the transaction ends.
async fn is_webhook(txn: &DatabaseTransaction, tenant: TenantId, id: Uuid) -> Result<bool, StoreError> {
    let engine = engine(txn);
    let mut sql = Sql::new(engine, "SELECT id FROM webhooks WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND id = ").arg(id).push(engine.for_key_share());
    Ok(txn.query_one_raw(sql.statement()).await?.is_some())
}

/// How far a reader is and when it was last heard of; held against other writers.
async fn held(txn: &DatabaseTransaction, tenant: TenantId, reader: Uuid) -> Result<Option<(i64, i64)>, StoreError> {
    let engine = engine(txn);
    let mut sql = Sql::new(engine, "SELECT seq, at FROM acknowledgement_readers WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(" AND reader_id = ").arg(reader);
    if engine == Engine::Postgres {
        sql.push(" FOR UPDATE");
    }
    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Ok(None) };
    Ok(Some((row.try_get("", "seq")?, row.try_get("", "at")?)))
}

async fn full(txn: &DatabaseTransaction, tenant: TenantId) -> Result<bool, StoreError> {
    let mut sql = Sql::new(engine(txn), "SELECT COUNT(*) AS number FROM acknowledgement_readers WHERE tenant_id = ");
    sql.arg(tenant.as_uuid());
    let row = txn.query_one_raw(sql.statement()).await?;
    let number: i64 = row.map_or(Ok(0), |row| row.try_get("", "number"))?;
    Ok(usize::try_from(number).is_ok_and(|number| number >= MOST_READERS))
}

async fn begin(txn: &DatabaseTransaction, tenant: TenantId, reader: &FeedReader, now: Timestamp) -> Result<(), StoreError> {
    let mut sql =
        Sql::new(engine(txn), "INSERT INTO acknowledgement_readers (tenant_id, reader_id, kind, name, seq, at, late) VALUES ");
    sql.list::<Value>([
        tenant.as_uuid().into(),
        reader.id.into(),
        reader.kind.as_str().into(),
        reader.name.as_str().into(),
        NEVER.into(),
        now.as_micros().into(),
        0_i64.into(),
    ]);
    sql.push(" ON CONFLICT DO NOTHING");
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Never back.
async fn come_to(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    reader: &FeedReader,
    to: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine(txn), "UPDATE acknowledgement_readers SET seq = ");
    let to = sql.bind(to);
    sql.push(&to).push(", at = ").arg(now.as_micros()).push(", name = ").arg(reader.name.as_str());
    sql.push(" WHERE tenant_id = ").arg(tenant.as_uuid()).push(" AND reader_id = ").arg(reader.id);
    sql.push(" AND seq <= ").push(&to);
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

/// Adds the changes after `from` and up to `to` to the present hour, by how long ago they were made.
fn tally(engine: Engine, tenant: TenantId, (from, to): (i64, i64), since: Option<Timestamp>, now: Timestamp) -> Sql {
    let mut sql =
        Sql::new(engine, "INSERT INTO acknowledgement_hours (tenant_id, hour_at, bucket, number) SELECT c.tenant_id, CAST(");
    sql.arg(now.as_micros() - now.as_micros().rem_euclid(HOUR)).push(" AS bigint), CASE");
    for (class, end) in Latencies::ENDS.into_iter().enumerate() {
        sql.push(" WHEN c.at >= ").arg(now.plus_seconds(-i64::from(end)).as_micros()).push(&format!(" THEN {class}"));
    }
    sql.push(&format!(" ELSE {} END, COUNT(*) FROM changes AS c WHERE c.tenant_id = ", Latencies::ENDS.len()));
    sql.arg(tenant.as_uuid()).push(" AND c.seq > ").arg(from).push(" AND c.seq <= ").arg(to);
    if let Some(since) = since {
        sql.push(" AND c.at >= ").arg(since.as_micros());
    }
    sql.push(" GROUP BY c.tenant_id, 3 ON CONFLICT (tenant_id, hour_at, bucket) DO UPDATE SET number = acknowledgement_hours.number + excluded.number");
    sql
}

fn engine(txn: &DatabaseTransaction) -> Engine {
    Engine::of(txn.get_database_backend())
}
