//! Lanes: each takes what waits, runs it in one transaction, commits once, and only then answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::queue::{Queue, Take};
use super::ticket::{Job, Ran};
use crate::announcer::Announcer;
use crate::dialect::Engine;
use crate::wall::{Gate, Passage};
use crate::{Settings, StoreError, audit, changes};

/// Most units in one commit: SQLite's lane serves everybody, a PostgreSQL lane one tenant.
const SQLITE_BATCH: usize = 128;
const POSTGRES_BATCH: usize = 32;
/// How long the units of one commit run, so that whoever comes just after its beginning does not wait for a long one.
/// The sync to disk comes on top.
const WORK: Duration = Duration::from_millis(8);
/// How long where several tenants write: then others wait for its end. It is longer, up to [`WORK`], where the sync to
/// disk takes long: half as long as that.
const SHARED: Duration = Duration::from_millis(2);
/// How many times as long as the commit took a tenant rests that filled it, while others are here who have nothing waiting.
const REST: u32 = 3;
/// Longest rest, also where the disk is slow.
const LONGEST_REST: Duration = Duration::from_millis(40);
/// How long a lane steps back for its callers before it begins a commit; no longer than a commit takes on a fast disk.
const PATIENCE: Duration = Duration::from_micros(500);
/// How often a unit is run again after it lost a race between nodes.
const ATTEMPTS: u32 = 8;

/// The running lanes of a store.
pub(crate) struct Lanes {
    handles: tokio::sync::Mutex<Vec<JoinHandle<()>>>,
    announcing: JoinHandle<()>,
}

impl Lanes {
    /// Starts the lanes: one on SQLite, as many as are set on PostgreSQL.
    pub(crate) fn start(gate: &Gate, queue: &Arc<Queue>, announcer: &Arc<Announcer>, settings: &Settings) -> Self {
        let (engine, limit) = (gate.engine(), settings.commit_limit);
        let take = match engine {
            Engine::Sqlite => Take::Mixed(settings.batch.unwrap_or(SQLITE_BATCH)),
            Engine::Postgres => Take::OneTenant(settings.batch.unwrap_or(POSTGRES_BATCH)),
        };
        let lanes = if engine == Engine::Sqlite { 1 } else { settings.lanes.max(1) };
        let handles = (0..lanes)
            .map(|_| {
                let (gate, queue, announcer) = (gate.clone(), Arc::clone(queue), Arc::clone(announcer));
                let lane = Lane { engine, take, gate, queue, announcer, limit, synced: AtomicU64::new(0) };
                tokio::spawn(lane.run())
            })
            .collect();
        let announcing = tokio::spawn(Arc::clone(announcer).tell_other_nodes(gate.clone()));
        Self { handles: tokio::sync::Mutex::new(handles), announcing }
    }

    /// Waits until all lanes have ended; the queue must be closed before.
    pub(crate) async fn join(&self) {
        for handle in self.handles.lock().await.drain(..) {
            let _ = handle.await;
        }
        self.announcing.abort();
    }
}

struct Lane {
    engine: Engine,
    take: Take,
    gate: Gate,
    queue: Arc<Queue>,
    announcer: Arc<Announcer>,
    /// How long the database may say nothing while a commit is made.
    limit: Duration,
    /// Nanoseconds that the last sync to disk took.
    synced: AtomicU64,
}

/// Why a batch did not reach the disk as a whole.
enum Failed {
    /// A unit failed in a way that spoils the transaction: run all again, each behind a savepoint.
    Spoilt,
    /// The transaction lost a race, at a unit or at commit.
    Contended,
    /// There was no connection to begin on, however long the pool tried.
    Away,
    /// The database refused to begin or commit.
    Store(StoreError),
}

impl Lane {
    async fn run(self) {
        let mut last = 0;
        loop {
            self.gather(last).await;
            let Some((tenant, jobs)) = self.queue.take(self.take).await else { break };
            last = self.commit(jobs).await;
            if let Some(tenant) = tenant {
                self.queue.release(tenant);
            }
        }
        // The next lane may be waiting for work that will never come.
        self.queue.close();
    }

    /// How long the units of this commit may run.
    fn work(&self, jobs: &[Box<dyn Job>]) -> Duration {
        let mut tenants = jobs.iter().map(|job| job.tenant());
        let alone = tenants.next().is_some_and(|first| tenants.all(|tenant| tenant == first) && !self.queue.others_wait(first));
        if alone { WORK } else { Duration::from_nanos(self.synced.load(Ordering::Relaxed) / 2).clamp(SHARED, WORK) }
    }

    /// Lets the callers that were just answered come again before the next commit is begun: otherwise the first of them
    /// gets a commit for itself, and all the others wait for it.
    async fn gather(&self, last: usize) {
        let began = Instant::now();
        while self.queue.length() < last.min(self.take.most()) && began.elapsed() < PATIENCE {
            tokio::task::yield_now().await;
        }
    }

    /// Commits as many of them as run in time, the others stand in the queue again; says how many.
    async fn commit(&self, mut jobs: Vec<Box<dyn Job>>) -> usize {
        // A savepoint costs two trips to the database, so it is used only after a unit had to be undone.
        let began = Instant::now();
        let failed = match self.attempt(&mut jobs, false).await {
            Err(Failed::Spoilt) => self.attempt(&mut jobs, true).await,
            other => other,
        };
        let count = jobs.len();
        self.queue.rest(&jobs, (REST * began.elapsed()).min(LONGEST_REST));
        match failed {
            Ok(()) => jobs.into_iter().for_each(Job::answer),
            // Who came meanwhile would wait as long once more, and again.
            Err(Failed::Away) => {
                jobs.into_iter().chain(self.queue.take_all()).for_each(|job| job.fail(StoreError::Unavailable));
            }
            Err(Failed::Store(StoreError::Unavailable)) => jobs.into_iter().for_each(|job| job.fail(StoreError::Unavailable)),
            Err(_) => {
                for job in jobs {
                    self.commit_alone(job).await;
                }
            }
        }
        count
    }

    async fn commit_alone(&self, job: Box<dyn Job>) {
        let mut jobs = vec![job];
        for attempt in 0..ATTEMPTS {
            match self.attempt(&mut jobs, true).await {
                Ok(()) => return jobs.into_iter().for_each(Job::answer),
                Err(Failed::Contended | Failed::Spoilt) => tokio::time::sleep(Duration::from_millis(1 << attempt)).await,
                Err(Failed::Away) => break,
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

    async fn attempt(&self, jobs: &mut Vec<Box<dyn Job>>, savepoints: bool) -> Result<(), Failed> {
        let mut run = std::pin::pin!(self.run_and_commit(jobs, savepoints));
        let mut answers = self.gate.answers();
        loop {
            if let Ok(ended) = timeout(self.limit, &mut run).await {
                return ended;
            }
            let now = self.gate.answers();
            if now == answers {
                // The transaction is dropped with what it waits for, and its connection is tried and replaced.
                tracing::error!(seconds = self.limit.as_secs(), "a commit was given up: the database says nothing any more");
                return Err(Failed::Store(StoreError::Unavailable));
            }
            answers = now;
        }
    }

    async fn run_and_commit(&self, jobs: &mut Vec<Box<dyn Job>>, savepoints: bool) -> Result<(), Failed> {
        let txn = self.begin().await?;
        let mut passage = Passage::new(&txn, self.gate.walled());
        let began = Instant::now();
        for at in 0..jobs.len() {
            if at > 0 && began.elapsed() >= self.work(jobs) {
                self.queue.give_back(jobs.split_off(at));
                break;
            }
            let Some(job) = jobs.get_mut(at) else { break };
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
        // Numbers come last, so that a tenant's counter row and the end of its audit are held as shortly as can be.
        let done = audit::gather(jobs);
        let changed = changes::number(&mut passage, jobs).await.map_err(refused)?;
        audit::seal(&mut passage, done).await.map_err(refused)?;
        let began = Instant::now();
        let committed = txn.commit().await;
        // Whatever became of it: a commit may come about without saying so, and word of nothing does no harm.
        self.announcer.tell(&changed);
        committed.map_err(failed)?;
        self.synced.store(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(())
    }

    async fn begin(&self) -> Result<DatabaseTransaction, Failed> {
        let mode = (self.engine == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        self.gate.begin(options).await.map_err(|error| match failed(error) {
            Failed::Store(StoreError::Unavailable) => Failed::Away,
            other => other,
        })
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
