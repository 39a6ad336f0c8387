//! Sends webhooks what waits for them. Any node may take any of them; how far each is stands in the database.
//!
//! A node sends to so many at a time. Of one tenant it sends to a quarter of that at most, so that its receivers hold up
//! nobody else's; and receivers that failed last, were slow last or are slow now have places of their own, half as many,
//! beside those of the others.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use admin_api::Courier;
use domain::{TenantId, WebhookId};
use store::{Heard, StoreError, WaitingWebhook};
use tokio::task::{Id, JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;
use crate::measures;

/// Between two looks at which of them have rested long enough.
const PAUSE: Duration = Duration::from_secs(1);
/// How long word of changes is gathered, so that a node that is written to all the time looks twenty times a second at most.
const GATHER: Duration = Duration::from_millis(50);
/// Between two looks at all that are idle: word of a change may have been lost.
const UNASKED: Duration = Duration::from_secs(10);
/// Webhooks found in one look; the others are found in the next.
const MOST: u32 = 500;
/// Whoever takes longer for one message is slow.
const SLOW: Duration = Duration::from_secs(1);
/// How long somebody is remembered as slow who is not sent to.
const REMEMBERED: Duration = Duration::from_mins(10);
/// How long a stop waits for the messages under way. Those that are cut off are sent again by whoever goes on.
const LAST: Duration = Duration::from_secs(5);

/// Sends to `places` webhooks at a time until `stop`.
pub fn deliver_webhooks(ground: Arc<Ground>, courier: Courier, places: NonZeroUsize, stop: CancellationToken) -> JoinHandle<()> {
    let desk = Desk {
        ground,
        courier,
        places: places.get(),
        stop,
        waiting: BTreeMap::new(),
        under_way: HashMap::new(),
        slow: HashMap::new(),
        tasks: JoinSet::new(),
        any: true,
        due_at: Instant::now(),
        unasked_at: Instant::now(),
    };
    spawn(desk.run())
}

/// A webhook that is being sent to.
struct Sending {
    webhook: WaitingWebhook,
    /// Whether it has one of the places of the slow from the beginning.
    is_slow: bool,
    pace: Arc<Pace>,
}

impl Sending {
    /// Whoever becomes slow frees a place of the quick: nobody waits for them to end.
    fn has_slow_place(&self) -> bool {
        self.is_slow || self.pace.is_slow()
    }
}

/// How quickly a receiver takes one message after the other.
#[derive(Debug)]
struct Pace {
    last: Mutex<(Instant, Duration)>,
}

impl Pace {
    fn begins() -> Arc<Self> {
        Arc::new(Self { last: Mutex::new((Instant::now(), Duration::ZERO)) })
    }

    /// Says that a message was answered, or came to nothing.
    fn told(&self) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (Instant::now(), last.1.max(last.0.elapsed()));
    }

    /// Whether one message took, or takes, too long.
    fn is_slow(&self) -> bool {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.1.max(last.0.elapsed()) > SLOW
    }
}

struct Desk {
    ground: Arc<Ground>,
    courier: Courier,
    places: usize,
    stop: CancellationToken,
    /// What was found and not begun.
    waiting: BTreeMap<(TenantId, WebhookId), WaitingWebhook>,
    under_way: HashMap<Id, Sending>,
    /// Who was slow last, and when.
    slow: HashMap<(TenantId, WebhookId), Instant>,
    tasks: JoinSet<()>,
    /// Whether there are webhooks at all; where there are none, changes are nobody's business here.
    any: bool,
    due_at: Instant,
    unasked_at: Instant,
}

impl Desk {
    async fn run(mut self) {
        let system = self.ground.store.system();
        let mut heard = Heard::default();
        while !self.stop.is_cancelled() {
            if let Err(error) = self.look(&heard).await {
                tracing::warn!(%error, "webhooks were not looked for; it is tried again");
                self.unasked_at = Instant::now() + PAUSE;
            }
            heard = Heard::default();
            self.begin();
            let stop = self.stop.clone();
            tokio::select! {
                () = stop.cancelled() => {}
                ended = self.tasks.join_next_with_id(), if !self.tasks.is_empty() => self.ended(ended),
                word = system.overhear() => {
                    heard = word;
                    sleep(GATHER).await;
                }
                () = sleep(PAUSE) => {}
            }
        }
        let rest = async {
            while let Some(ended) = self.tasks.join_next().await {
                if let Err(error) = ended {
                    tracing::error!(%error, "sending to a webhook ended badly");
                }
            }
        };
        if timeout(LAST, rest).await.is_err() {
            tracing::warn!("some messages to webhooks were cut off by the stop; they are sent again");
        }
        self.tasks.abort_all();
    }

    /// Finds what is to be sent to whom.
    async fn look(&mut self, heard: &Heard) -> Result<(), StoreError> {
        let (system, now) = (self.ground.store.system(), Instant::now());
        let all = heard.others || self.unasked_at <= now;
        if all {
            self.any = system.has_webhooks().await?;
            measures::failing_webhooks(system.failing_webhooks().await?, system.parked_webhooks().await?);
            self.unasked_at = now + UNASKED;
        }
        if !self.any {
            return Ok(());
        }
        let mut found = Vec::new();
        // Whoever had its turn and has more is due at once, and heard of.
        if all || self.due_at <= now || !heard.tenants.is_empty() {
            self.due_at = now + PAUSE;
            found.extend(system.due_webhooks(self.ground.clock.now(), MOST).await?);
        }
        if all {
            found.extend(system.stirred_webhooks(None, MOST).await?);
        } else if !heard.tenants.is_empty() {
            let tenants: Vec<TenantId> = heard.tenants.iter().copied().collect();
            found.extend(system.stirred_webhooks(Some(&tenants), MOST).await?);
        }
        self.waiting.extend(found.into_iter().map(|found| ((found.tenant, found.webhook), found)));
        Ok(())
    }

    /// Begins as many as there are places for, tenant by tenant in turn.
    fn begin(&mut self) {
        while let Some(next) = self.next() {
            self.waiting.remove(&(next.tenant, next.webhook));
            let (courier, stop, pace) = (self.courier.clone(), self.stop.clone(), Pace::begins());
            let sending = Sending { webhook: next, is_slow: self.is_slow(&next), pace: Arc::clone(&pace) };
            let told = move |outcome| {
                pace.told();
                measures::delivered(outcome);
            };
            let id = self.tasks.spawn(async move { courier.deliver(next, || stop.is_cancelled(), told).await }).id();
            self.under_way.insert(id, sending);
        }
    }

    fn is_slow(&self, waiting: &WaitingWebhook) -> bool {
        waiting.failing || self.slow.contains_key(&(waiting.tenant, waiting.webhook))
    }

    /// Whose turn it is: of those that wait, the tenant that is sent to least.
    fn next(&self) -> Option<WaitingWebhook> {
        let (mut of_tenants, mut begun): (HashMap<TenantId, usize>, HashSet<_>) = Default::default();
        for Sending { webhook, .. } in self.under_way.values() {
            *of_tenants.entry(webhook.tenant).or_default() += 1;
            begun.insert((webhook.tenant, webhook.webhook));
        }
        let slow = self.under_way.values().filter(|sending| sending.has_slow_place()).count();
        let room_for_quick = self.under_way.len() - slow < self.places && self.under_way.len() < 2 * self.places;
        let room_for_slow = slow < (self.places / 2).max(1);
        let of = |waiting: &WaitingWebhook| of_tenants.get(&waiting.tenant).copied().unwrap_or_default();
        let may = |waiting: &&WaitingWebhook| {
            let room = if self.is_slow(waiting) { room_for_slow } else { room_for_quick };
            room && !begun.contains(&(waiting.tenant, waiting.webhook)) && of(waiting) < (self.places / 4).max(1)
        };
        self.waiting.values().filter(may).min_by_key(|waiting| (of(waiting), self.is_slow(waiting))).copied()
    }

    fn ended(&mut self, ended: Option<Result<(Id, ()), tokio::task::JoinError>>) {
        let id = match ended {
            None => return,
            Some(Ok((id, ()))) => id,
            Some(Err(error)) => {
                tracing::error!(%error, "sending to a webhook ended badly");
                error.id()
            }
        };
        let Some(Sending { webhook, pace, .. }) = self.under_way.remove(&id) else { return };
        let (key, now) = ((webhook.tenant, webhook.webhook), Instant::now());
        self.slow.remove(&key);
        if pace.is_slow() {
            self.slow.retain(|_, at| now.duration_since(*at) < REMEMBERED);
            self.slow.insert(key, now);
        }
    }
}
