//! `audit verify`.

use std::sync::Arc;

use clap::Subcommand;
use domain::audit::Head;
use domain::{AuditKey, SystemClock, TenantId, TenantRef};
use serde::Serialize;
use store::{AuditQuery, Verdict};

use super::{Failure, print};
use crate::app::Ground;
use crate::config::Config;

/// The name of the chain that belongs to no tenant.
const SERVICE: &str = "(service)";

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Walk the audit's chains and name the first entry of each that is not as it was written. Fails when there is one.
    Verify {
        /// Only this tenant's chain, by slug or id; all of them without it.
        #[arg(long)]
        tenant: Option<String>,
        /// Only the service's own chain.
        #[arg(long, conflicts_with = "tenant")]
        service: bool,
        /// An end that an earlier run printed, NUMBER:HASH: the one chain that is walked must still hold it.
        #[arg(long)]
        checkpoint: Option<Checkpoint>,
        /// Print JSON, one object a line.
        #[arg(long)]
        json: bool,
    },
}

/// The end of a chain as it was once.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    seq: u64,
    hash: String,
}

impl std::str::FromStr for Checkpoint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = "a checkpoint is NUMBER:HASH, as `audit verify` prints it";
        let (seq, hash) = text.split_once(':').ok_or(form)?;
        Ok(Self { seq: seq.parse().map_err(|_| form)?, hash: hash.to_owned() })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    chain: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<String>,
    entries: u64,
    checkpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bad_entry: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flaw: Option<String>,
}

impl Audit {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let Self::Verify { tenant, service, checkpoint, json } = self;
        if checkpoint.is_some() && tenant.is_none() && !service {
            return Err("a checkpoint is that of one chain: name it with --tenant or --service".into());
        }
        let ground = Ground::open(config, Arc::new(SystemClock)).await?;
        let bad = verify(&ground, tenant, service, checkpoint, json).await;
        ground.store.close().await;
        match bad? {
            0 => Ok(()),
            1 => Err("a chain of the audit is not as it was written".into()),
            bad => Err(format!("{bad} chains of the audit are not as they were written").into()),
        }
    }
}

/// Says how many chains are bad.
async fn verify(
    ground: &Ground,
    tenant: Option<String>,
    service: bool,
    checkpoint: Option<Checkpoint>,
    json: bool,
) -> Result<usize, Failure> {
    let chains = match tenant {
        Some(text) => vec![Some(named(ground, &text).await?)],
        None if service => vec![None],
        None => ground.store.system().audited().await?,
    };
    let mut bad = 0;
    for chain in chains {
        let shown = shown(ground, chain, checkpoint.as_ref()).await?;
        let Shown { chain, entries, checkpoint, flaw, .. } = &shown;
        let text = match flaw {
            None => format!("{chain}\tsound\t{entries} entries\t{checkpoint}"),
            Some(flaw) => format!("{chain}\tBAD\t{flaw}"),
        };
        bad += usize::from(flaw.is_some());
        print(json, &shown, &text)?;
    }
    Ok(bad)
}

/// A tenant by its slug, or by its id even when it is gone.
async fn named(ground: &Ground, text: &str) -> Result<TenantId, Failure> {
    let unknown = || format!("there is no tenant {text:?}");
    let reference: TenantRef = text.parse().map_err(|_| unknown())?;
    match (ground.store.system().find_tenant(&reference).await?, reference) {
        (Some(tenant), _) => Ok(tenant.id),
        (None, TenantRef::Id(id)) => Ok(id),
        (None, TenantRef::Slug(_)) => Err(unknown().into()),
    }
}

async fn shown(ground: &Ground, chain: Option<TenantId>, checkpoint: Option<&Checkpoint>) -> Result<Shown, Failure> {
    let system = ground.store.system();
    let door = chain.map(|id| ground.store.tenant(id));
    let audit = door.as_ref().map_or_else(|| system.audit(), store::TenantStore::audit);
    let Verdict { sound: Head { seq, hash }, flaw } = audit.verify(&AuditKey::of(&ground.key)).await?;
    let mut bad = flaw.map(|flaw| (flaw.seq(), flaw.to_string()));
    if let (None, Some(Checkpoint { seq, hash })) = (&bad, checkpoint) {
        let query = AuditQuery { before: seq.checked_add(1), limit: 1, ..AuditQuery::default() };
        let kept = audit.list(&query).await?.first().is_some_and(|entry| entry.seq == *seq && entry.hash.to_string() == *hash);
        bad = (!kept).then(|| (*seq, format!("entry {seq} is not the one of the checkpoint")));
    }
    let name = match chain {
        None => SERVICE.to_owned(),
        Some(id) => {
            system.find_tenant(&TenantRef::Id(id)).await?.map_or_else(|| id.to_string(), |tenant| tenant.slug.to_string())
        }
    };
    let (bad_entry, flaw) = bad.unzip();
    let checkpoint = format!("{seq}:{hash}");
    Ok(Shown { chain: name, tenant_id: chain.map(|id| id.to_string()), entries: seq, checkpoint, bad_entry, flaw })
}
