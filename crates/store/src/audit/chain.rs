//! Giving entries their place at the end of their chain.

use domain::audit::{AuditEntry, Head, Link};
use domain::{AuditKey, TenantId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};

use super::{Done, chain_of};
use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::wall::{Door, Passage};
use crate::write::Job;

pub(super) const COLUMNS: &str = "seq, at, actor_kind, actor_id, actor_email, address, request_id, act, subject_kind, subject_id, subject_name, before_json, after_json, previous_hash, hash";

/// Takes what the units of a commit did, in their order.
pub(crate) fn gather(jobs: &mut [Box<dyn Job>]) -> Vec<Done> {
    jobs.iter_mut().flat_map(|job| job.done()).collect()
}

/// Appends what was done to the chains it belongs to.
pub(crate) async fn seal(passage: &mut Passage<'_>, mut all: Vec<Done>) -> Result<(), StoreError> {
    // Chains are held in one order, so that two commits never wait for each other. The sort keeps the order in a chain.
    all.sort_by_key(|done| chain_of(done.deed.tenant));
    for part in all.chunk_by(|one, other| one.deed.tenant == other.deed.tenant) {
        let chain = part.first().and_then(|done| done.deed.tenant);
        append(passage.open(Door::Tenant(chain_of(chain))).await?, part).await?;
    }
    Ok(())
}

async fn append(txn: &DatabaseTransaction, part: &[Done]) -> Result<(), StoreError> {
    let Some(first) = part.first() else { return Ok(()) };
    let (engine, chain) = (Engine::of(txn.get_database_backend()), chain_of(first.deed.tenant));
    let mut head = hold(txn, engine, chain).await?;
    for Done { deed, author, at } in part {
        let entry = AuditEntry::after(chain, &head, *at, author, deed);
        head = Head { seq: entry.seq, hash: entry.hash };
        txn.execute_raw(insert(engine, entry).statement()).await?;
    }
    move_head(txn, engine, chain, head, &first.author.key).await
}

/// Holds the end of a chain against other writers until the transaction ends.
async fn hold(txn: &DatabaseTransaction, engine: Engine, chain: TenantId) -> Result<Head, StoreError> {
    if let Some(head) = held(txn, engine, chain).await? {
        return Ok(head);
    }
    let mut sql = Sql::new(engine, "INSERT INTO audit_heads (tenant_id, seq, hash, seal) VALUES (");
    sql.arg(chain.as_uuid()).push(", 0, ").arg(Link::START.as_bytes().to_vec());
    // No end is ever left with this seal: the transaction that makes it moves it on.
    sql.push(", ").arg(Vec::<u8>::new()).push(") ON CONFLICT (tenant_id) DO NOTHING");
    txn.execute_raw(sql.statement()).await?;
    held(txn, engine, chain).await?.ok_or_else(|| StoreError::Corrupt("a chain of the audit has no end".to_owned()))
}

async fn held(txn: &DatabaseTransaction, engine: Engine, chain: TenantId) -> Result<Option<Head>, StoreError> {
    let mut sql = Sql::new(engine, "SELECT seq, hash FROM audit_heads WHERE tenant_id = ");
    sql.arg(chain.as_uuid()).push(engine.for_update());
    txn.query_one_raw(sql.statement()).await?.as_ref().map(read_head).transpose()
}

async fn move_head(
    txn: &DatabaseTransaction,
    engine: Engine,
    chain: TenantId,
    head: Head,
    key: &AuditKey,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine, "UPDATE audit_heads SET seq = ");
    sql.arg(signed(head.seq)?).push(", hash = ").arg(head.hash.as_bytes().to_vec());
    sql.push(", seal = ").arg(key.seal_head(chain, &head).as_bytes().to_vec());
    sql.push(" WHERE tenant_id = ").arg(chain.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

fn insert(engine: Engine, entry: AuditEntry) -> Sql {
    let mut sql = Sql::new(engine, &format!("INSERT INTO audit_entries (tenant_id, {COLUMNS}) VALUES "));
    let row: [Value; 16] = [
        entry.chain.as_uuid().into(),
        i64::try_from(entry.seq).unwrap_or(i64::MAX).into(),
        entry.at.as_micros().into(),
        entry.actor.kind().into(),
        entry.actor.id().into(),
        entry.actor.label().map(str::to_owned).into(),
        entry.address.into(),
        entry.request_id.into(),
        entry.act.as_str().into(),
        entry.subject.kind.as_str().into(),
        entry.subject.id.into(),
        entry.subject.name.into(),
        entry.before.into(),
        entry.after.into(),
        entry.previous.as_bytes().to_vec().into(),
        entry.hash.as_bytes().to_vec().into(),
    ];
    sql.list(row);
    sql
}

pub(super) fn read_head(row: &QueryResult) -> Result<Head, StoreError> {
    let (seq, hash): (i64, Vec<u8>) = (row.try_get("", "seq")?, row.try_get("", "hash")?);
    Ok(Head { seq: u64::try_from(seq).unwrap_or_default(), hash: Link::from_slice(&hash).unwrap_or(Link::START) })
}

pub(super) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Corrupt("a number of the audit".to_owned()))
}
