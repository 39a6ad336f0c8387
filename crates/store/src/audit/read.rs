//! Reading a chain: newest first for people, and from its beginning to verify it.

use domain::audit::{AuditActor, AuditEntry, Flaw, Head, Link, Subject, SubjectKind, Verifier};
use domain::{Act, AuditKey, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::chain::{COLUMNS, read_head, signed};
use super::chain_of;
use crate::StoreError;
use crate::sql::Sql;
use crate::store::{Store, System, TenantStore};
use crate::wall::Rows;

/// Entries read at once while a chain is verified.
const STEP: i64 = 1_000;

/// Which entries are wanted, newest first.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// What was done.
    pub act: Option<Act>,
    /// By which person.
    pub actor: Option<Uuid>,
    /// To what.
    pub subject: Option<Uuid>,
    /// From when on.
    pub since: Option<Timestamp>,
    /// Before when.
    pub until: Option<Timestamp>,
    /// Only those before this number.
    pub before: Option<u64>,
    /// How many at most.
    pub limit: u64,
}

/// What verifying a chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How far the chain is as it was written.
    pub sound: Head,
    /// The first thing that is wrong with it.
    pub flaw: Option<Flaw>,
}

/// One chain.
pub struct Audit<'s> {
    store: &'s Store,
    chain: TenantId,
}

impl TenantStore {
    /// Who did what in the tenant.
    pub fn audit(&self) -> Audit<'_> {
        Audit { store: &self.store, chain: self.tenant }
    }
}

impl System {
    /// Who did what to the service itself.
    pub fn audit(&self) -> Audit<'_> {
        Audit { store: &self.store, chain: chain_of(None) }
    }

    /// The tenants that have a chain, those included that are gone; `None` stands for the operator's own.
    pub async fn audited(&self) -> Result<Vec<Option<TenantId>>, StoreError> {
        let connection = self.rows();
        let sql = "SELECT tenant_id FROM audit_heads UNION SELECT tenant_id FROM audit_entries ORDER BY tenant_id";
        let rows = connection.query_all_raw(Sql::new(connection.engine(), sql).statement()).await?;
        let id = |row: &QueryResult| row.try_get::<Uuid>("", "tenant_id");
        rows.iter().map(|row| Ok(Some(id(row)?).filter(|id| !id.is_nil()).map(TenantId::from))).collect()
    }
}

impl Audit<'_> {
    /// Some of its entries, newest first.
    pub async fn list(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>, StoreError> {
        let mut sql = self.select();
        if let Some(act) = query.act {
            sql.push(" AND act = ").arg(act.as_str());
        }
        if let Some(actor) = query.actor {
            sql.push(" AND actor_id = ").arg(actor);
        }
        if let Some(subject) = query.subject {
            sql.push(" AND subject_id = ").arg(subject);
        }
        if let Some(since) = query.since {
            sql.push(" AND at >= ").arg(since.as_micros());
        }
        if let Some(until) = query.until {
            sql.push(" AND at < ").arg(until.as_micros());
        }
        if let Some(before) = query.before {
            sql.push(" AND seq < ").arg(signed(before)?);
        }
        sql.push(" ORDER BY seq DESC LIMIT ").arg(signed(query.limit)?);
        let rows = self.rows().query_all_raw(sql.statement()).await?;
        rows.iter().map(|row| self.entry(row)?.ok_or_else(|| StoreError::Corrupt("an entry of the audit".to_owned()))).collect()
    }

    /// Walks the whole chain and names the first entry that is not as it was written.
    pub async fn verify(&self, key: &AuditKey) -> Result<Verdict, StoreError> {
        let mut walk = Verifier::new(key, self.chain);
        let flaw = self.walk(&mut walk).await?;
        Ok(Verdict { sound: walk.reached(), flaw })
    }

    async fn walk(&self, walk: &mut Verifier<'_>) -> Result<Option<Flaw>, StoreError> {
        loop {
            // The end is read first, and in one statement with the last entry: what comes meanwhile is walked too.
            let (head, first, last) = self.ends().await?;
            if first < 1 {
                return Ok(Some(Flaw::Before));
            }
            while walk.reached().seq < last {
                let mut sql = self.select();
                sql.push(" AND seq > ").arg(signed(walk.reached().seq)?).push(" ORDER BY seq LIMIT ").arg(STEP);
                let rows = self.rows().query_all_raw(sql.statement()).await?;
                if rows.is_empty() {
                    break;
                }
                for row in &rows {
                    let stepped = match self.entry(row) {
                        Ok(Some(entry)) => walk.step(&entry),
                        // What we never write, or not in this form.
                        Ok(None) | Err(_) => Err(Flaw::Changed(number(row)?)),
                    };
                    if let Err(flaw) = stepped {
                        return Ok(Some(flaw));
                    }
                }
            }
            match walk.end(head) {
                // Written since the end was read.
                Err(Flaw::Beyond(_)) if walk.reached().seq > last => {}
                ended => return Ok(ended.err()),
            }
        }
    }

    /// The recorded end of the chain, and the numbers of the first and the last entry that are there.
    async fn ends(&self) -> Result<(Option<(Head, Link)>, i64, u64), StoreError> {
        let inner = self.store.inner();
        let mut sql = Sql::new(
            inner.engine,
            "SELECT e.first, e.last, h.seq, h.hash, h.seal FROM (SELECT MIN(seq) AS first, MAX(seq) AS last",
        );
        let of = sql.bind(self.chain.as_uuid());
        sql.push(&format!(" FROM audit_entries WHERE tenant_id = {of}) AS e LEFT JOIN audit_heads AS h ON h.tenant_id = {of}"));
        let Some(row) = self.rows().query_one_raw(sql.statement()).await? else { return Ok((None, 1, 0)) };
        let (first, last): (Option<i64>, Option<i64>) = (row.try_get("", "first")?, row.try_get("", "last")?);
        let seal: Option<Vec<u8>> = row.try_get("", "seal")?;
        let head = match seal {
            Some(seal) => Some((read_head(&row)?, Link::from_slice(&seal).unwrap_or(Link::START))),
            None => None,
        };
        Ok((head, first.unwrap_or(1), last.and_then(|last| u64::try_from(last).ok()).unwrap_or_default()))
    }

    fn select(&self) -> Sql {
        let mut sql = Sql::new(self.store.inner().engine, &format!("SELECT {COLUMNS} FROM audit_entries WHERE tenant_id = "));
        sql.arg(self.chain.as_uuid());
        sql
    }

    fn rows(&self) -> Rows<'_> {
        self.store.rows_of(self.chain)
    }

    /// `None` when a row holds words that we never write.
    fn entry(&self, row: &QueryResult) -> Result<Option<AuditEntry>, StoreError> {
        let text = |name: &str| row.try_get::<String>("", name);
        let maybe = |name: &str| row.try_get::<Option<String>>("", name);
        let link = |name: &str| row.try_get::<Vec<u8>>("", name).map(|bytes| Link::from_slice(&bytes));
        let actor_id: Option<Uuid> = row.try_get("", "actor_id")?;
        let actor = AuditActor::read(&text("actor_kind")?, actor_id, maybe("actor_email")?);
        let (act, kind) = (Act::parse(&text("act")?), SubjectKind::parse(&text("subject_kind")?));
        let (Some(actor), Some(act), Some(kind)) = (actor, act, kind) else { return Ok(None) };
        let (Some(previous), Some(hash)) = (link("previous_hash")?, link("hash")?) else { return Ok(None) };
        Ok(Some(AuditEntry {
            chain: self.chain,
            seq: number(row)?,
            at: Timestamp::from_micros(row.try_get("", "at")?),
            actor,
            address: maybe("address")?,
            request_id: maybe("request_id")?,
            act,
            subject: Subject { kind, id: row.try_get("", "subject_id")?, name: maybe("subject_name")? },
            before: maybe("before_json")?,
            after: maybe("after_json")?,
            previous,
            hash,
        }))
    }
}

fn number(row: &QueryResult) -> Result<u64, StoreError> {
    Ok(u64::try_from(row.try_get::<i64>("", "seq")?).unwrap_or_default())
}
