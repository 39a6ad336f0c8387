//! What every live stream has in common: how many there may be, for how long they go on, and when they look again.
//!
//! A stream costs a node nothing while nothing happens, but for a look every few seconds at whether its reader still may
//! read. It ends when the reader may not, when the service stops, and with its connection.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Right, Role, TenantId, TenantRef, TenantState};
use futures_util::future::BoxFuture;
use poem::Request;
use poem_openapi::payload::{EventStream, Response};
use store::Bell;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use crate::auth::{Caller, Who};
use crate::door::Shared;
use crate::failure::Failure;

/// Most streams of one node.
const ON_A_NODE: usize = 512;
/// Most of them that are of one tenant, so that others find room.
const OF_A_TENANT: usize = 128;
/// Most streams of one reader in one tenant: a window each. One more ends the oldest, which may be a window that was
/// closed: that is noticed only when something is sent.
const OF_A_READER: usize = 8;
/// Most calls of one reader in one tenant that wait. None of them ends for another: whoever was answered at once with
/// nothing would ask again at once.
const CALLS_OF_A_READER: usize = 16;
/// How often a stream looks whether its reader still may read.
const LOOK: Duration = Duration::from_secs(3);
/// Every so many looks it reads without having been told: word from another node may be lost.
const UNASKED: u32 = 5;
/// Sent while nothing happens, so that proxies and browsers keep the connection.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(15);

/// The streams of this node.
pub(crate) struct Streams {
    seats: Mutex<HashMap<Reader, VecDeque<Arc<Wanted>>>>,
    ended: watch::Sender<bool>,
}

/// Who reads what of which tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reader {
    /// The person, program or link.
    pub(crate) who: Uuid,
    /// The tenant.
    pub(crate) tenant: TenantId,
    /// Whether it is a call that waits, and not a stream.
    pub(crate) calls: bool,
}

/// Told when the reader wants a place for another stream.
#[derive(Default)]
struct Wanted {
    told: Notify,
    is: AtomicBool,
}

/// A reader's place; it is free again when this is dropped.
struct Seat {
    streams: Arc<Streams>,
    reader: Reader,
    wanted: Arc<Wanted>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { seats: Mutex::default(), ended: watch::Sender::new(false) }
    }
}

impl Streams {
    /// Ends all of them, and those that begin later.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Whether the service is about to stop.
    pub(crate) fn ended(&self) -> bool {
        *self.ended.borrow()
    }

    fn seat(self: &Arc<Self>, reader: Reader) -> Result<Seat, Failure> {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = seats.values().map(VecDeque::len).sum();
        let of_the_tenant: usize = seats.iter().filter(|(of, _)| of.tenant == reader.tenant).map(|(_, own)| own.len()).sum();
        let own = seats.entry(reader).or_default();
        let full = own.len() >= if reader.calls { CALLS_OF_A_READER } else { OF_A_READER };
        if !reader.calls && full {
            if let Some(oldest) = own.pop_front() {
                oldest.is.store(true, Ordering::Relaxed);
                oldest.told.notify_one();
            }
        } else if full || all >= ON_A_NODE || of_the_tenant >= OF_A_TENANT {
            if own.is_empty() {
                seats.remove(&reader);
            }
            return Err(Failure::TooManyStreams);
        }
        let wanted = Arc::<Wanted>::default();
        own.push_back(Arc::clone(&wanted));
        Ok(Seat { streams: Arc::clone(self), reader, wanted })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.streams.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = seats.get_mut(&self.reader) {
            own.retain(|wanted| !Arc::ptr_eq(wanted, &self.wanted));
            if own.is_empty() {
                seats.remove(&self.reader);
            }
        }
    }
}

/// Says whether a reader still may read.
pub(crate) type Pass = Box<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// What a stream waits for.
pub(crate) struct Waiter {
    bell: Bell,
    pass: Pass,
    ended: watch::Receiver<bool>,
    next_look: Instant,
    looks: u32,
    /// Whether it is time to read without having been told.
    unasked: bool,
    seat: Seat,
}

impl Waiter {
    /// A place for a reader who waits for a bell.
    ///
    /// # Errors
    /// [`Failure::TooManyStreams`].
    pub(crate) fn new(streams: &Arc<Streams>, reader: Reader, bell: Bell, pass: Pass) -> Result<Self, Failure> {
        let seat = streams.seat(reader)?;
        let (ended, next_look) = (streams.ended.subscribe(), Instant::now() + LOOK);
        Ok(Self { bell, pass, ended, next_look, looks: 0, unasked: false, seat })
    }

    /// Whether the stream is to go on: looked up when that was last done a few seconds ago or more. Who has much to send
    /// asks before each message, for such a stream may never wait.
    pub(crate) async fn may_go_on(&mut self) -> bool {
        if *self.ended.borrow() || self.seat.wanted.is.load(Ordering::Relaxed) {
            return false;
        }
        if self.next_look > Instant::now() {
            return true;
        }
        let may = (self.pass)().await;
        self.next_look = Instant::now() + LOOK;
        self.looks += 1;
        self.unasked |= self.looks.is_multiple_of(UNASKED);
        may
    }

    /// Waits until there may be something to read; `false` when the stream is to end.
    pub(crate) async fn wait(&mut self) -> bool {
        loop {
            // Asked before anything is read, however often the bell rings.
            if !self.may_go_on().await {
                return false;
            }
            if std::mem::take(&mut self.unasked) {
                return true;
            }
            tokio::select! {
                () = self.seat.wanted.told.notified() => return false,
                () = self.bell.wait() => return true,
                _ = self.ended.changed() => {}
                () = sleep_until(self.next_look) => {}
            }
        }
    }
}

/// What a stream began with, looked up anew whenever it looks whether it may go on.
#[derive(Clone)]
enum Proof {
    Session([u8; 32]),
    /// The public id of an API key.
    Key(String),
}

/// Says whether a caller still has a right in a tenant.
pub(crate) fn pass_of(caller: &Caller, tenant: TenantId, right: Right) -> Pass {
    let shared = Arc::clone(&caller.shared);
    let proof = match &caller.who {
        Who::Person(session, _) => Proof::Session(session.digest),
        Who::Key(key) => Proof::Key(key.public_id.clone()),
    };
    Box::new(move || {
        let (shared, proof) = (Arc::clone(&shared), proof.clone());
        Box::pin(async move { still_may(&shared, proof, tenant, right).await.unwrap_or(false) })
    })
}

async fn still_may(shared: &Shared, proof: Proof, tenant: TenantId, right: Right) -> Result<bool, Failure> {
    let (system, now) = (shared.store.system(), shared.clock.now());
    let Some(tenant) = system.find_tenant(&TenantRef::Id(tenant)).await? else { return Ok(false) };
    let role: Option<Role> = match proof {
        Proof::Session(digest) => {
            let Some(session) = system.find_session(&digest, now).await? else { return Ok(false) };
            system.find_admin(session.admin).await?.and_then(|record| record.role_in(tenant.id))
        }
        Proof::Key(public_id) => {
            let key = system.find_api_key(&public_id).await?.filter(|key| key.check(now).is_ok());
            key.and_then(|key| key.role_in(tenant.id))
        }
    };
    Ok(tenant.state != TenantState::Deleting && role.is_some_and(|role| role.may(right)))
}

/// The id of the last message that a reader has, when it comes back.
///
/// # Errors
/// Text that is no such id.
pub(crate) fn last_event_id(request: &Request) -> Result<Option<u64>, Failure> {
    let Some(sent) = request.headers().get("last-event-id") else { return Ok(None) };
    let position = sent.to_str().ok().and_then(|text| text.parse().ok());
    position.map(Some).ok_or_else(|| Failure::field("Last-Event-ID", "is no id of a message of this stream"))
}

/// Whose stream it is, and of which tenant.
pub(crate) fn reader(caller: &Caller, tenant: TenantId) -> Reader {
    Reader { who: caller.author.actor.id().unwrap_or_default(), tenant, calls: false }
}

/// Whose call waits, and in which tenant.
pub(crate) fn who_waits(caller: &Caller, tenant: TenantId) -> Reader {
    Reader { calls: true, ..reader(caller, tenant) }
}

/// A stream as an answer that no proxy gathers.
pub(crate) fn answer<S: futures_util::Stream + Send + 'static>(stream: EventStream<S>) -> Response<EventStream<S>>
where
    EventStream<S>: poem_openapi::payload::Payload,
{
    Response::new(stream.keep_alive(HEARTBEAT)).header("X-Accel-Buffering", "no")
}
