//! The way into the log: a bounded queue on the requests' side, one writer that commits what waits together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::{SyncEvent, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{sleep, timeout};

use super::pulse::{LastHour, Pulse};
use super::waits::{Wait, Waits};
use super::{SyncLog, bodies};
use crate::StoreError;

/// Events of one transaction.
const BATCH: usize = 500;
/// Gathers a batch: many events in one transaction cost the disk and the processors far less than each in one of its own.
/// Well below the second of log that a crash may lose.
const PAUSE: Duration = Duration::from_millis(150);
/// When what waited longest has waited for so long, the next batch is begun without a pause: whoever is late does not rest.
const LATE: Duration = Duration::from_millis(400);
/// How long what was committed may wait for the disk, where commits do not: below that second too.
const SYNC: Duration = Duration::from_millis(750);
/// How long a request waits for room before its event is given up.
const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes of bodies that may wait; what comes beyond them is logged without its bodies.
const MOST_BODIES: usize = 64 * 1024 * 1024;
/// How long one try may take; then its connection may be dead without having said so.
const LIMIT: Duration = Duration::from_secs(20);
/// Tries of one batch while the database is away, half a second apart at most.
const TRIES: u32 = 120;

struct Queued {
    event: SyncEvent,
    since: Instant,
    _wait: Wait,
    // Give their places back when the event is on disk.
    _place: OwnedSemaphorePermit,
    _place_of_a_read: Option<OwnedSemaphorePermit>,
    _place_of_its_bodies: Option<OwnedSemaphorePermit>,
}

/// The requests' side: cheap to clone.
#[derive(Clone)]
pub struct SyncLogSender {
    queue: mpsc::Sender<Queued>,
    places: Arc<Semaphore>,
    places_for_reads: Arc<Semaphore>,
    places_for_bodies: Arc<Semaphore>,
    lost: Arc<AtomicU64>,
    pulse: Arc<Pulse>,
    waits: Arc<Waits>,
}

/// The background side: [`SyncLogWriter::run`] must be spawned.
pub struct SyncLogWriter {
    log: SyncLog,
    queue: mpsc::Receiver<Queued>,
    lost: Arc<AtomicU64>,
}

impl SyncLogWriter {
    /// A queue of `capacity` events. Requests that only read may fill three quarters of it.
    pub fn new(log: SyncLog, capacity: usize) -> (SyncLogSender, Self) {
        Self::bounded(log, capacity, MOST_BODIES)
    }

    /// The same with room for so many bytes of bodies.
    pub(crate) fn bounded(log: SyncLog, capacity: usize, bodies: usize) -> (SyncLogSender, Self) {
        let capacity = capacity.max(8);
        let (sender, queue) = mpsc::channel(capacity);
        let lost = Arc::new(AtomicU64::new(0));
        let sender = SyncLogSender {
            queue: sender,
            places: Arc::new(Semaphore::new(capacity)),
            places_for_reads: Arc::new(Semaphore::new(capacity - capacity / 4)),
            places_for_bodies: Arc::new(Semaphore::new(bodies)),
            lost: Arc::clone(&lost),
            pulse: Arc::default(),
            waits: Arc::default(),
        };
        (sender, Self { log, queue, lost })
    }

    /// Writes until every sender is gone and the queue is empty.
    pub async fn run(mut self) {
        let mut batch = Vec::with_capacity(BATCH);
        let mut unsynced: Option<Instant> = None;
        loop {
            let mut late = false;
            let left = unsynced.map_or(Duration::MAX, |since| SYNC.saturating_sub(since.elapsed()));
            match timeout(left, self.queue.recv_many(&mut batch, BATCH)).await {
                Ok(0) => break,
                Ok(_) => {
                    self.flush(&mut batch).await;
                    late = batch.first().is_some_and(|longest| longest.since.elapsed() > LATE);
                    batch.clear();
                    unsynced.get_or_insert_with(Instant::now);
                }
                Err(_) => {}
            }
            if unsynced.is_some_and(|since| since.elapsed() >= SYNC) {
                self.log.sync().await;
                unsynced = None;
            }
            if !late && !self.queue.is_closed() {
                sleep(PAUSE).await;
            }
        }
        self.log.sync().await;
    }

    async fn flush(&self, batch: &mut [Queued]) {
        let said: Vec<_> = batch.iter_mut().map(|queued| queued.event.exchange.take()).collect();
        let mut events: Vec<_> = batch.iter().map(|queued| queued.event.clone()).collect();
        events.iter_mut().zip(said).for_each(|(event, said)| event.exchange = said);
        let said = bodies::rows(&mut events).await;
        for attempt in 1..=TRIES {
            let written = timeout(LIMIT, self.log.insert(&events, &said)).await;
            match written.unwrap_or(Err(StoreError::Unavailable)) {
                Ok(()) => return,
                // The commit before may have come about without a word.
                Err(_) if attempt > 1 && timeout(LIMIT, self.log.has(&events)).await == Ok(true) => return,
                Err(error) if attempt == 1 => tracing::warn!(%error, "the sync log cannot be written; trying again"),
                Err(_) => {}
            }
            sleep(Duration::from_millis(u64::from(attempt.min(10)) * 50)).await;
        }
        self.lost.fetch_add(events.len() as u64, Ordering::Relaxed);
        tracing::error!(events = events.len(), "sync events were lost: the log could not be written");
    }
}

/// A look at the queue, for those who watch the service.
#[derive(Clone, Debug)]
pub struct SyncLogWatch {
    queue: mpsc::WeakSender<Queued>,
    lost: Arc<AtomicU64>,
    pulse: Arc<Pulse>,
    waits: Arc<Waits>,
}

impl SyncLogWatch {
    /// Events that never reached the disk since the start.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Events that wait.
    pub fn waiting(&self) -> usize {
        self.queue.upgrade().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    /// How long the event has waited that has waited longest.
    pub fn longest_wait(&self) -> Option<Duration> {
        self.waits.longest()
    }

    /// What this node answered within the hour before `now`.
    pub fn last_hour(&self, now: Timestamp) -> LastHour {
        self.pulse.last_hour(now)
    }
}

impl SyncLogSender {
    /// One that leads nowhere, for those who measure what the log costs.
    pub fn off() -> Self {
        let (queue, _) = mpsc::channel(1);
        let places = || Arc::new(Semaphore::new(0));
        let (lost, pulse, waits) = (Arc::default(), Arc::default(), Arc::default());
        Self { queue, places: places(), places_for_reads: places(), places_for_bodies: places(), lost, pulse, waits }
    }

    /// Whether nobody takes what is sent.
    pub fn is_off(&self) -> bool {
        self.queue.is_closed()
    }

    /// Lines an event up. `writes` says that the request changed the directory: such a request finds room when one
    /// that only read has to wait.
    pub async fn send(&self, event: SyncEvent, writes: bool) {
        self.pulse.beat(&event);
        if timeout(PATIENCE, self.queue_up(event, writes)).await != Ok(true) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A look at the queue that does not keep it open.
    pub fn watch(&self) -> SyncLogWatch {
        let (lost, pulse, waits) = (Arc::clone(&self.lost), Arc::clone(&self.pulse), Arc::clone(&self.waits));
        SyncLogWatch { queue: self.queue.downgrade(), lost, pulse, waits }
    }

    async fn queue_up(&self, mut event: SyncEvent, writes: bool) -> bool {
        // Bodies give way before events do.
        let size = event.exchange.as_ref().map_or(0, domain::RawExchange::size);
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        let of_its_bodies = Arc::clone(&self.places_for_bodies).try_acquire_many_owned(size).ok();
        if of_its_bodies.is_none() {
            event.exchange = None;
        }
        let reads = Arc::clone(&self.places_for_reads);
        let of_a_read = if writes { None } else { reads.acquire_owned().await.ok() };
        let since = Instant::now();
        let wait = self.waits.begin(since);
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return false };
        let queued =
            Queued { event, since, _wait: wait, _place: place, _place_of_a_read: of_a_read, _place_of_its_bodies: of_its_bodies };
        self.queue.send(queued).await.is_ok()
    }
}
