//! What a unit of work is given: one tenant's rows inside a transaction, and the changes it is about to append.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::{Actor, NewChange, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::audit::Done;
use crate::counters::Delta;
use crate::dialect::Engine;
use crate::wall::Rows;
use crate::write::Waiting;
use crate::{GroupWriter, UserWriter};

/// On whose behalf and when a unit of work runs.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The tenant whose rows it may touch.
    pub tenant: TenantId,
    /// Who asked for it.
    pub actor: Actor,
    /// The request that asked for it.
    pub request_id: Option<String>,
    /// The time that its rows will carry.
    pub at: Timestamp,
}

/// Who did what a change follows from, where the service itself works out what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CausedBy {
    pub(crate) actor: Actor,
    pub(crate) request_id: Option<String>,
}

/// One tenant's rows inside a transaction.
pub struct Tx<'t> {
    txn: &'t DatabaseTransaction,
    origin: &'t Origin,
    engine: Engine,
    touched: AtomicBool,
    pending: Mutex<Pending>,
}

/// What a unit of work has changed, before it is numbered.
#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) changes: Vec<NewChange>,
    /// Who caused a change, by its place among them, where it was not who asked for the unit.
    pub(crate) causes: HashMap<usize, CausedBy>,
    pub(crate) delta: Delta,
    /// What was done on somebody's behalf.
    pub(crate) done: Vec<Done>,
    /// Which revision of the tenant's extension schemas its resources were read and written by.
    pub(crate) revision: Option<u64>,
    /// Members that were named and are not here yet.
    pub(crate) waiting: Waiting,
    /// The places of changes that ended a group, and who was in it, a thousand at most.
    pub(crate) left: Vec<(usize, Vec<Uuid>)>,
}

impl<'t> Tx<'t> {
    pub(crate) fn new(txn: &'t DatabaseTransaction, origin: &'t Origin) -> Self {
        let engine = Engine::of(txn.get_database_backend());
        Self { txn, origin, engine, touched: AtomicBool::new(false), pending: Mutex::default() }
    }

    /// The tenant's people.
    pub fn users(&self) -> UserWriter<'_> {
        UserWriter::new(self)
    }

    /// The tenant's groups.
    pub fn groups(&self) -> GroupWriter<'_> {
        GroupWriter::new(self)
    }

    /// The time that rows written here carry.
    pub fn now(&self) -> Timestamp {
        self.origin.at
    }

    /// The request on whose behalf it runs.
    pub(crate) fn request_id(&self) -> Option<&'t str> {
        self.origin.request_id.as_deref()
    }

    pub(crate) fn tenant(&self) -> TenantId {
        self.origin.tenant
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    pub(crate) fn connection(&self) -> &'t DatabaseTransaction {
        self.txn
    }

    pub(crate) fn executor(&self) -> Rows<'t> {
        self.txn.into()
    }

    /// Says that the transaction is about to hold something that a refusal must undo.
    pub(crate) fn touch(&self) {
        self.touched.store(true, Ordering::Relaxed);
    }

    pub(crate) fn touched(&self) -> bool {
        self.touched.load(Ordering::Relaxed)
    }

    /// Queues a change; it gets its number when all units of the commit have run.
    pub(crate) fn append(&self, change: NewChange, delta: Delta) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.changes.push(change);
        pending.delta += delta;
    }

    /// Queues a change that follows from what somebody did before.
    pub(crate) fn append_caused(&self, change: NewChange, by: CausedBy) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let place = pending.changes.len();
        pending.causes.insert(place, by);
        pending.changes.push(change);
    }

    /// Queues a change that ended a group, with those who were in it, a thousand at most: it is told in their stories too.
    pub(crate) fn append_end(&self, change: NewChange, delta: Delta, members: Vec<Uuid>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let place = pending.changes.len();
        if !members.is_empty() {
            pending.left.push((place, members));
        }
        pending.changes.push(change);
        pending.delta += delta;
    }

    /// Queues an entry of the audit; it gets its place in its chain when all units of the commit have run.
    pub(crate) fn record(&self, done: Done) {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).done.push(done);
    }

    /// Notes members that were named and are not here yet.
    pub(crate) fn wait_for(&self, names: &[&str]) {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).waiting.add(names);
    }

    /// Holds the unit to the revision of the tenant's extension schemas it works with: when it is no longer the newest
    /// at commit, the unit is refused.
    pub(crate) fn expect_revision(&self, revision: u64) {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).revision = Some(revision);
    }

    /// The queued changes, once the unit has ended.
    pub(crate) fn into_pending(self) -> Pending {
        self.pending.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
