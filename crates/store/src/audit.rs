//! The audit: whatever is changed on somebody's behalf leaves an entry in the transaction that changes it.
//!
//! A unit of work says what it did ([`Acted`]); the entry gets its place in its chain when all units of the commit have
//! run, so that the chain's end is held as shortly as can be. When the entry cannot be written, nothing is.

mod chain;
mod read;

use std::collections::BTreeSet;

use domain::audit::Deed;
use domain::{Author, TenantId, Timestamp};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

pub(crate) use chain::{gather, seal};
pub use read::{Audit, AuditQuery, Verdict};

use crate::store::{Store, System};
use crate::system_unit::{Step, origin};
use crate::tx::Tx;
use crate::wall::Door;
use crate::{StoreError, Unit, standings};

/// What was done, by whom and when, before it has its place in a chain.
pub(crate) struct Done {
    pub(crate) deed: Deed,
    pub(crate) author: Author,
    pub(crate) at: Timestamp,
}

/// What a step gave, and what it did. A step that changed nothing did nothing.
pub(crate) struct Acted<T> {
    pub(crate) output: T,
    pub(crate) deeds: Vec<Deed>,
}

impl<T> Acted<T> {
    pub(crate) fn new(output: T, deed: Deed) -> Self {
        Self { output, deeds: vec![deed] }
    }

    pub(crate) fn nothing(output: T) -> Self {
        Self { output, deeds: Vec::new() }
    }
}

struct ActUnit<F> {
    author: Author,
    work: F,
}

impl<T, F> Unit for ActUnit<F>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a DatabaseTransaction) -> Step<'a, Acted<T>> + Send + Sync + 'static,
{
    const NAME: &'static str = "act";
    type Output = T;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<T, StoreError> {
        tx.touch();
        let Acted { output, deeds } = (self.work)(tx.connection()).await?;
        let tenants: BTreeSet<TenantId> = deeds.iter().filter_map(|deed| deed.tenant).collect();
        for tenant in tenants {
            standings::outdate(&tx.connection().into(), tenant).await?;
        }
        for deed in deeds {
            tx.record(Done { deed, author: self.author.clone(), at: tx.now() });
        }
        Ok(output)
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

impl Store {
    /// Runs `work` on behalf of `author`, in the line of `tenant` or of the service itself, and records what it did.
    pub(crate) async fn act<T, F>(&self, tenant: Option<TenantId>, author: &Author, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a DatabaseTransaction) -> Step<'a, Acted<T>> + Send + Sync + 'static,
    {
        let unit = ActUnit { author: author.clone(), work };
        Ok(self.write(Door::of(tenant), origin(self, tenant), unit).await?.output)
    }
}

impl System {
    /// The same in the line of a tenant, for what reaches beyond its rows: slugs are everybody's.
    pub(crate) async fn act_beyond<T, F>(&self, line: TenantId, author: &Author, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a DatabaseTransaction) -> Step<'a, Acted<T>> + Send + Sync + 'static,
    {
        let unit = ActUnit { author: author.clone(), work };
        Ok(self.store.write(Door::System, origin(&self.store, Some(line)), unit).await?.output)
    }
}

impl Store {
    /// Records something that was done and changed no row: somebody looked, or was refused.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn record(&self, deed: Deed, author: &Author) -> Result<(), StoreError> {
        let tenant = deed.tenant;
        self.act(tenant, author, move |_| {
            let deed = deed.clone();
            Box::pin(async move { Ok(Acted::new((), deed)) })
        })
        .await
    }
}

/// The chain of a tenant, or of the operator.
pub(crate) fn chain_of(tenant: Option<TenantId>) -> TenantId {
    tenant.unwrap_or_else(|| Uuid::nil().into())
}
