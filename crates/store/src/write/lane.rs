//! Lanes: each takes what waits, runs it in one transaction, commits once, and only then answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::task::JoinHandle;

use super::queue::{Queue, Take};
use super::ticket::{Job, Ran};
use crate::dialect::Engine;
use crate::wall::{Gate, Passage};
use crate::{StoreError, audit, changes};

/// Most units in one commit: SQLite's lane serves everybody, a PostgreSQL lane one tenant.
const SQLITE_BATCH: usize = 128;
const POSTGRES_BATCH: usize = 32;
/// How long the units of one commit may run, so that whoever comes just after its beginning does not wait for a long one.
/// The sync to disk comes on top, and where it is slow it is still shared by many.
const WORK: Duration = Duration::from_millis(8);
/// Fewest units in a commit, however long they take.
const FEWEST: usize = 8;
/// How long a lane steps back for its callers before it begins a commit; no longer than a commit takes on a fast disk.
const PATIENCE: Duration = Duration::from_micros(500);
/// How often a unit is run again after it lost a race between nodes.
const ATTEMPTS: u32 = 8;

/// The running lanes of a store.
pub(crate) struct Lanes {
    handles: tokio::sync::Mutex<Vec<JoinHandle<()>>>,
}

impl Lanes {
    /// Starts the lanes: one on SQLite, `count` on PostgreSQL.
    pub(crate) fn start(gate: &Gate, queue: &Arc<Queue>, count: usize, batch: Option<usize>) -> Self {
        let engine = gate.engine();
        let take = match engine {
            Engine::Sqlite => Take::Mixed(batch.unwrap_or(SQLITE_BATCH)),
            Engine::Postgres => Take::OneTenant(batch.unwrap_or(POSTGRES_BATCH)),
        };
        let lanes = if engine == Engine::Sqlite { 1 } else { count.max(1) };
        let handles = (0..lanes)
            .map(|_| {
                let (gate, queue) = (gate.clone(), Arc::clone(queue));
                let lane = Lane { engine, take, gate, queue, unit: AtomicU64::new(0) };
                tokio::spawn(lane.run())
            })
            .collect();
        Self { handles: tokio::sync::Mutex::new(handles) }
    }

    /// Waits until all lanes have ended; the queue must be closed before.
    pub(crate) async fn join(&self) {
        for handle in self.handles.lock().await.drain(..) {
            let _ = handle.await;
        }
    }
}

struct Lane {
    engine: Engine,
    take: Take,
    gate: Gate,
    queue: Arc<Queue>,
    /// Nanoseconds that a unit took of late.
    unit: AtomicU64,
}

/// Why a batch did not reach the disk as a whole.
enum Failed {
    /// A unit failed in a way that spoils the transaction: run all again, each behind a savepoint.
    Spoilt,
    /// The transaction lost a race, at a unit or at commit.
    Contended,
    /// The database refused to begin or commit.
    Store(StoreError),
}

impl Lane {
    async fn run(self) {
        let mut last = 0;
        loop {
            self.gather(last).await;
            let Some((tenant, jobs)) = self.queue.take(self.affordable()).await else { break };
            last = jobs.len();
            self.commit(jobs).await;
            if let Some(tenant) = tenant {
                self.queue.release(tenant);
            }
        }
        // The next lane may be waiting for work that will never come.
        self.queue.close();
    }

    /// As many units as run in the time that a commit has for them.
    fn affordable(&self) -> Take {
        let unit = Duration::from_nanos(self.unit.load(Ordering::Relaxed)).max(Duration::from_nanos(1));
        let most = usize::try_from(WORK.as_nanos() / unit.as_nanos()).unwrap_or(usize::MAX).max(FEWEST);
        match self.take {
            Take::Mixed(batch) => Take::Mixed(batch.min(most)),
            Take::OneTenant(batch) => Take::OneTenant(batch.min(most)),
        }
    }

    /// Remembers what units take: mostly what they took before.
    fn note(&self, took: Duration, units: usize) {
        let before = self.unit.load(Ordering::Relaxed);
        let now = took.as_nanos() / (units.max(1) as u128);
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        self.unit.store(if before == 0 { now } else { before - before / 4 + now / 4 }, Ordering::Relaxed);
    }

    /// Lets the callers that were just answered come again before the next commit is begun: otherwise the first of them
    /// gets a commit for itself, and all the others wait for it.
    async fn gather(&self, last: usize) {
        let began = Instant::now();
        while self.queue.length() < last.min(self.affordable().most()) && began.elapsed() < PATIENCE {
            tokio::task::yield_now().await;
        }
    }

    async fn commit(&self, mut jobs: Vec<Box<dyn Job>>) {
        // A savepoint costs two trips to the database, so it is used only after a unit had to be undone.
        let failed = match self.attempt(&mut jobs, false).await {
            Ok(()) => return jobs.into_iter().for_each(Job::answer),
            Err(Failed::Spoilt) => self.attempt(&mut jobs, true).await,
            Err(other) => Err(other),
        };
        match failed {
            Ok(()) => jobs.into_iter().for_each(Job::answer),
            Err(Failed::Store(StoreError::Unavailable)) => jobs.into_iter().for_each(|job| job.fail(StoreError::Unavailable)),
            Err(_) => {
                for job in jobs {
                    self.commit_alone(job).await;
                }
            }
        }
    }

    async fn commit_alone(&self, job: Box<dyn Job>) {
        let mut jobs = vec![job];
        for attempt in 0..ATTEMPTS {
            match self.attempt(&mut jobs, true).await {
                Ok(()) => return jobs.into_iter().for_each(Job::answer),
                Err(Failed::Contended | Failed::Spoilt) => tokio::time::sleep(Duration::from_millis(1 << attempt)).await,
                Err(Failed::Store(error)) => {
                    tracing::error!(error = %error, cause = ?std::error::Error::source(&error), "a commit failed");
                    return for job in jobs {
                        job.fail(StoreError::Unavailable);
                    };
                }
            }
        }
        for job in jobs {
            job.fail(StoreError::Unavailable);
        }
    }

    async fn attempt(&self, jobs: &mut [Box<dyn Job>], savepoints: bool) -> Result<(), Failed> {
        let txn = self.begin().await?;
        let mut passage = Passage::new(&txn, self.gate.walled());
        let began = Instant::now();
        for job in jobs.iter_mut() {
            passage.open(job.door()).await.map_err(failed)?;
            let ran = if savepoints { behind_savepoint(job.as_mut(), &txn).await? } else { job.run(&txn).await };
            match ran {
                Ran::Done | Ran::Refused => {}
                Ran::Undo if savepoints => {}
                Ran::Undo => return Err(Failed::Spoilt),
                Ran::Again => return Err(Failed::Contended),
                Ran::Lost => return Err(Failed::Store(StoreError::Unavailable)),
            }
        }
        self.note(began.elapsed(), jobs.len());
        // Numbers come last, so that a tenant's counter row and the end of its audit are held as shortly as can be.
        let done = audit::gather(jobs);
        changes::number(&mut passage, jobs).await.map_err(refused)?;
        audit::seal(&mut passage, done).await.map_err(refused)?;
        txn.commit().await.map_err(failed)
    }

    async fn begin(&self) -> Result<DatabaseTransaction, Failed> {
        let mode = (self.engine == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        self.gate.begin(options).await.map_err(failed)
    }
}

async fn behind_savepoint(job: &mut dyn Job, txn: &DatabaseTransaction) -> Result<Ran, Failed> {
    let savepoint = txn.begin().await.map_err(failed)?;
    let ran = job.run(&savepoint).await;
    let ended = if ran == Ran::Done { savepoint.commit().await } else { savepoint.rollback().await };
    ended.map_err(failed)?;
    Ok(ran)
}

fn failed(error: sea_orm::DbErr) -> Failed {
    refused(error.into())
}

fn refused(error: StoreError) -> Failed {
    match error {
        StoreError::Contended => Failed::Contended,
        error => Failed::Store(error),
    }
}
