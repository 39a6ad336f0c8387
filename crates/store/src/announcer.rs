//! Says that tenants have new changes: to those on this node who wait for them at once, to other nodes a moment later.
//!
//! PostgreSQL commits transactions that notify one after the other, so no write does: what was changed is gathered and said
//! beside the writes. Word that gets lost is made up for by readers who look unasked.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::TenantId;
use tokio::sync::Notify;

use crate::StoreError;
use crate::dialect::Engine;
use crate::news::{Bell, News};
use crate::overheard::Overheard;
use crate::sql::Sql;
use crate::wall::Gate;

/// What nodes call the news of changes.
pub(crate) const CHANNEL: &str = "directory_sync_changes";
/// How long word is gathered before it is sent.
const GATHER: Duration = Duration::from_millis(10);
/// Tenants of one word: it must stay under PostgreSQL's 8,000 bytes.
const NAMED: usize = 200;

/// Who waits for changes here, and what is to be said elsewhere.
#[derive(Default)]
pub(crate) struct Announcer {
    news: News,
    /// What those hear who follow all tenants.
    pub(crate) overheard: Overheard,
    unsaid: Mutex<BTreeSet<TenantId>>,
    due: Notify,
    /// Tenants of which something was written here, for who works out what follows from it; there are no more of them
    /// than tenants.
    stirred: Mutex<BTreeSet<TenantId>>,
    stir: Notify,
}

impl Announcer {
    /// Rings when a tenant has new changes.
    pub(crate) fn bell(&self, tenant: TenantId) -> Bell {
        self.news.bell(tenant)
    }

    /// Tells those on this node who wait for these tenants, or for all.
    pub(crate) fn ring(&self, tenants: impl IntoIterator<Item = TenantId>) {
        let tenants: Vec<TenantId> = tenants.into_iter().collect();
        self.overheard.note(&tenants);
        self.news.ring(tenants);
    }

    /// Tells everybody on this node: word of some tenants may have been lost.
    pub(crate) fn ring_all(&self) {
        self.overheard.note_loss();
        self.news.ring_all();
    }

    /// Says that these tenants have new changes, which are committed.
    pub(crate) fn tell(&self, tenants: &[TenantId]) {
        if tenants.is_empty() {
            return;
        }
        self.ring(tenants.iter().copied());
        self.unsaid.lock().unwrap_or_else(PoisonError::into_inner).extend(tenants);
        self.due.notify_one();
        self.stir(tenants);
    }

    /// Says that something of these tenants was written from which something may follow.
    pub(crate) fn stir(&self, tenants: &[TenantId]) {
        self.stirred.lock().unwrap_or_else(PoisonError::into_inner).extend(tenants);
        self.stir.notify_one();
    }

    /// Waits until something was written of a tenant since [`Self::take_stirred`].
    pub(crate) async fn stirring(&self) {
        self.stir.notified().await;
    }

    /// The tenants of which something was written since the last time.
    pub(crate) fn take_stirred(&self) -> BTreeSet<TenantId> {
        std::mem::take(&mut *self.stirred.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells other nodes until it is dropped; on SQLite there are none.
    pub(crate) async fn tell_other_nodes(self: Arc<Self>, gate: Gate) {
        loop {
            self.due.notified().await;
            let unsaid = || std::mem::take(&mut *self.unsaid.lock().unwrap_or_else(PoisonError::into_inner));
            if gate.engine() == Engine::Sqlite {
                drop(unsaid());
                continue;
            }
            tokio::time::sleep(GATHER).await;
            let tenants: Vec<String> = unsaid().iter().map(TenantId::to_string).collect();
            for some in tenants.chunks(NAMED) {
                if let Err(error) = say(&gate, &some.join(" ")).await {
                    tracing::debug!(%error, "other nodes learn of changes by looking");
                }
            }
        }
    }
}

async fn say(gate: &Gate, word: &str) -> Result<(), StoreError> {
    let mut sql = Sql::new(gate.engine(), "SELECT pg_notify(");
    sql.arg(CHANNEL).push(", ").arg(word).push(")");
    gate.ask(sql.statement()).await?;
    Ok(())
}

/// The tenants that another node's word names.
pub(crate) fn named(word: &str) -> impl Iterator<Item = TenantId> {
    word.split(' ').filter_map(|id| id.parse().ok())
}
