//! Sends webhooks what waits for them. Any node may take any of them; how far each is stands in the database.
//!
//! A node sends to so many at a time. Of one tenant it sends to a quarter of that at most, and to those that failed last to
//! half of it, so that receivers that are slow or away hold up nobody else's.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::sync::Arc;
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
        tasks: JoinSet::new(),
        any: true,
        due_at: Instant::now(),
        unasked_at: Instant::now(),
    };
    spawn(desk.run())
}

struct Desk {
    ground: Arc<Ground>,
    courier: Courier,
    places: usize,
    stop: CancellationToken,
    /// What was found and not begun.
    waiting: BTreeMap<(TenantId, WebhookId), WaitingWebhook>,
    under_way: HashMap<Id, WaitingWebhook>,
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
            measures::failing_webhooks(system.failing_webhooks().await?);
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
            let (courier, stop) = (self.courier.clone(), self.stop.clone());
            let sending = async move { courier.deliver(next, || stop.is_cancelled(), measures::delivered).await };
            let id = self.tasks.spawn(sending).id();
            self.under_way.insert(id, next);
        }
    }

    /// Whose turn it is: of those that wait, the tenant that is sent to least.
    fn next(&self) -> Option<WaitingWebhook> {
        let mut of_tenants: HashMap<TenantId, usize> = HashMap::new();
        for busy in self.under_way.values() {
            *of_tenants.entry(busy.tenant).or_default() += 1;
        }
        let failing = self.under_way.values().filter(|busy| busy.failing).count();
        if self.under_way.len() >= self.places {
            return None;
        }
        let of = |waiting: &WaitingWebhook| of_tenants.get(&waiting.tenant).copied().unwrap_or_default();
        let may = |waiting: &&WaitingWebhook| {
            let begun = self.under_way.values().any(|busy| busy.webhook == waiting.webhook && busy.tenant == waiting.tenant);
            let room = !waiting.failing || failing < (self.places / 2).max(1);
            !begun && room && of(waiting) < (self.places / 4).max(1)
        };
        self.waiting.values().filter(may).min_by_key(|waiting| (of(waiting), waiting.failing)).copied()
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
        self.under_way.remove(&id);
    }
}
