//! A unit on its way: the unit, what it gave, and who waits for the answer.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Instant;

use domain::TenantId;
use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;
use tokio::sync::oneshot;

use super::{Unit, Waiting, Written};
use crate::StoreError;
use crate::audit::Done;
use crate::tx::{Origin, Pending, Tx};
use crate::wall::Door;

/// How one run of a unit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// It succeeded.
    Done,
    /// It was refused before it wrote anything.
    Refused,
    /// It was refused or failed after it may have written; what it wrote must be undone.
    Undo,
    /// Another writer was faster: run it again.
    Again,
    /// The database is away: nothing of this transaction can be saved.
    Lost,
}

/// A waiting unit, whatever its type.
pub(crate) trait Job: Send {
    /// On whose behalf it writes.
    fn tenant(&self) -> TenantId;
    /// Since when it waits.
    fn since(&self) -> Instant;
    /// Whose rows it may see.
    fn door(&self) -> Door;
    /// Runs the unit inside a transaction and keeps what it gave until [`Job::answer`].
    fn run<'a>(&'a mut self, txn: &'a DatabaseTransaction) -> Pin<Box<dyn Future<Output = Ran> + Send + 'a>>;
    /// What the last run did on somebody's behalf; taken before [`Job::changed`].
    fn done(&mut self) -> Vec<Done>;
    /// What the last run changed, to be numbered with the changes of the other units.
    fn changed(&mut self) -> Option<(&Origin, Pending)>;
    /// Tells it the first and last number of its changes.
    fn numbered(&mut self, numbers: (u64, u64));
    /// Refuses it for good, because it worked with schemas that are not the newest.
    fn outdated(&mut self);
    /// Tells the caller what the unit gave; only after the commit.
    fn answer(self: Box<Self>);
    /// Tells the caller that the store failed.
    fn fail(self: Box<Self>, error: StoreError);
}

/// The caller's end of a unit.
pub(crate) type Reply<U> = oneshot::Receiver<Result<Written<<U as Unit>::Output>, <U as Unit>::Error>>;

/// A unit with its origin and the caller's end.
pub(crate) struct Ticket<U: Unit> {
    unit: U,
    origin: Origin,
    since: Instant,
    door: Door,
    pending: Pending,
    outcome: Option<Result<Written<U::Output>, U::Error>>,
    outdated: bool,
    caller: oneshot::Sender<Result<Written<U::Output>, U::Error>>,
}

impl<U: Unit> Ticket<U> {
    pub(crate) fn new(unit: U, origin: Origin, door: Door) -> (Self, Reply<U>) {
        let (caller, reply) = oneshot::channel();
        let since = Instant::now();
        (Self { unit, origin, since, door, pending: Pending::default(), outcome: None, outdated: false, caller }, reply)
    }

    async fn attempt(
        unit: &U,
        origin: &Origin,
        txn: &DatabaseTransaction,
    ) -> (Ran, Pending, Result<Written<U::Output>, U::Error>) {
        let tx = Tx::new(txn, origin);
        let (ran, outcome) = match AssertUnwindSafe(unit.run(&tx)).catch_unwind().await {
            Ok(Ok(output)) => (Ran::Done, Ok(Written { output, changes: None, waiting: Waiting::default() })),
            Ok(Err(error)) => {
                let ran = match U::store_error(&error) {
                    Some(StoreError::Contended) => Ran::Again,
                    Some(StoreError::Unavailable) => Ran::Lost,
                    // An error from the database itself spoils a PostgreSQL transaction, whose COMMIT would then roll
                    // back without a word.
                    Some(error) if !error.is_ours() => Ran::Undo,
                    _ if tx.touched() => Ran::Undo,
                    _ => Ran::Refused,
                };
                (ran, Err(error))
            }
            Err(_) => {
                tracing::error!(unit = U::NAME, "a unit of work panicked");
                (Ran::Undo, Err(StoreError::Panicked.into()))
            }
        };
        let mut pending = if ran == Ran::Done { tx.into_pending() } else { Pending::default() };
        let waiting = std::mem::take(&mut pending.waiting);
        (ran, pending, outcome.map(|written| Written { waiting, ..written }))
    }
}

impl<U: Unit> Job for Ticket<U> {
    fn tenant(&self) -> TenantId {
        self.origin.tenant
    }

    fn since(&self) -> Instant {
        self.since
    }

    fn door(&self) -> Door {
        self.door
    }

    fn run<'a>(&'a mut self, txn: &'a DatabaseTransaction) -> Pin<Box<dyn Future<Output = Ran> + Send + 'a>> {
        Box::pin(async move {
            if self.outdated {
                self.outcome = Some(Err(StoreError::Outdated.into()));
                return Ran::Refused;
            }
            let (ran, pending, outcome) = Self::attempt(&self.unit, &self.origin, txn).await;
            (self.pending, self.outcome) = (pending, Some(outcome));
            ran
        })
    }

    fn done(&mut self) -> Vec<Done> {
        std::mem::take(&mut self.pending.done)
    }

    fn changed(&mut self) -> Option<(&Origin, Pending)> {
        let pending = std::mem::take(&mut self.pending);
        (!pending.changes.is_empty()).then_some((&self.origin, pending))
    }

    fn numbered(&mut self, numbers: (u64, u64)) {
        if let Some(Ok(written)) = &mut self.outcome {
            written.changes = Some(numbers);
        }
    }

    fn outdated(&mut self) {
        self.outdated = true;
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(StoreError::Unavailable.into()));
        // The caller may have hung up; the unit stands all the same.
        let _ = self.caller.send(outcome);
    }

    fn fail(self: Box<Self>, error: StoreError) {
        let _ = self.caller.send(Err(error.into()));
    }
}
