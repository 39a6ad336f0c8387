//! Sends a webhook what waits for it: one change after the other, each until it is there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::secret::random_bytes;
use domain::webhook::{is_given_up, pause_after};
use domain::{DeliveryOutcome, FeedReader, Timestamp, Webhook};
use store::{AcknowledgeError, FeedError, FeedQuery, Hold, TenantStore, WaitingWebhook};

use super::message::{self, Draft};
use super::send::{self, Sent};
use crate::door::Shared;
use crate::failure::Failure;

/// Changes read at once: a document may be long, and a node sends to many webhooks at a time.
const STEP: u64 = 4;
/// How long a webhook is sent to before others are looked for.
const SPELL: Duration = Duration::from_secs(10);
/// The status by which a receiver says that it will never be back (RFC 9110 §15.5.11).
const GONE: u16 = 410;

/// Sends messages to webhooks.
#[derive(Clone)]
pub struct Courier {
    shared: Arc<Shared>,
}

impl Courier {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Sends a webhook what waits for it, if no other node does: until nothing waits, a message fails, it has had its turn, or
    /// `stopping` says so between two messages. `told` hears what came of each.
    pub async fn deliver(
        &self,
        waiting: WaitingWebhook,
        stopping: impl Fn() -> bool + Send + Sync,
        told: impl Fn(DeliveryOutcome) + Send + Sync,
    ) {
        let door = self.shared.store.tenant(waiting.tenant);
        let mut said = None;
        let gone = self.go(&door, waiting, &mut said, &stopping, &told).await;
        // Only now: another node may have the webhook meanwhile, and how long this takes is bounded by nothing.
        if let Some(Said { webhook, applied }) = said {
            acknowledge(&door, &webhook, applied).await;
        }
        if let Err(failure) = gone {
            // The webhook is free again when its lease ends, and stands where it last stood.
            let (tenant, webhook) = (waiting.tenant, waiting.webhook);
            tracing::warn!(%tenant, %webhook, error = &failure as &dyn std::error::Error, "a webhook is sent nothing for a while");
        }
    }

    async fn go(
        &self,
        door: &TenantStore,
        waiting: WaitingWebhook,
        said: &mut Option<Said>,
        stopping: &(impl Fn() -> bool + Send + Sync),
        told: &(impl Fn(DeliveryOutcome) + Send + Sync),
    ) -> Result<(), Failure> {
        let Some(mut hold) = door.webhooks().take(waiting.webhook).await? else { return Ok(()) };
        let began = Instant::now();
        let said = said.insert(Said { webhook: hold.webhook.clone(), applied: None });
        loop {
            let wanted = hold.webhook.wanted();
            let next = self.next(door, &hold.webhook).await?;
            for draft in &next.drafts {
                let enough = stopping() || began.elapsed() >= SPELL;
                // People may have changed it, paused it or sent it back since the last message.
                if enough || !door.webhooks().look_again(&mut hold).await? || hold.webhook.wanted() != wanted {
                    return Ok(door.webhooks().give_back(hold).await?);
                }
                let attempt = hold.webhook.failure.as_ref().map_or(0, |failure| failure.attempts).saturating_add(1);
                let message = draft.message(&hold.webhook, hold.webhook.previous);
                let sent = send::send(&self.shared, &hold.webhook, &message, attempt).await?;
                told(sent.delivery.outcome);
                if sent.delivery.outcome != DeliveryOutcome::Delivered {
                    return self.failed(door, hold, &sent, attempt).await;
                }
                said.applied = highest(said.applied, sent.delivery.applied, next.head);
                if !door.webhooks().came_through(&mut hold, draft.seq, &sent.delivery).await? {
                    return Ok(door.webhooks().give_back(hold).await?);
                }
                said.webhook.clone_from(&hold.webhook);
            }
            let passed = next.through <= hold.webhook.delivered || door.webhooks().pass_over(&mut hold, next.through).await?;
            said.webhook.clone_from(&hold.webhook);
            if !passed || !next.more || stopping() || began.elapsed() >= SPELL {
                return Ok(door.webhooks().give_back(hold).await?);
            }
        }
    }

    /// Notes a message that failed. That a webhook is given up is told to whoever runs the service, without its address: a
    /// receiver's secret may stand in it.
    async fn failed(&self, door: &TenantStore, hold: Hold, sent: &Sent, attempts: u32) -> Result<(), Failure> {
        let (tenant, webhook, status) = (hold.webhook.tenant, hold.webhook.id, sent.delivery.status);
        let since = hold.webhook.failure.as_ref().map_or(sent.delivery.at, |failure| failure.since).to_rfc3339();
        let next_at = self.next_at(&hold.webhook, sent, attempts);
        if door.webhooks().came_to_nothing(hold, next_at, &sent.delivery).await? {
            tracing::warn!(%tenant, %webhook, status, attempts, %since, "a webhook is parked: nothing is sent to it any more");
        }
        Ok(())
    }

    /// What follows the last that a webhook has.
    async fn next(&self, door: &TenantStore, webhook: &Webhook) -> Result<Next, Failure> {
        let kinds = match webhook.wanted() {
            // Nothing passes such a filter, and the feed takes no kinds for all of them.
            Some(kinds) if kinds.is_empty() => {
                let head = door.counters().await?.seq;
                return Ok(Next { drafts: Vec::new(), through: head, more: false, head });
            }
            kinds => kinds.unwrap_or_default(),
        };
        let query = FeedQuery { after: webhook.delivered, kinds, resource: None, limit: STEP };
        let gap = |seq: u64| {
            let draft = Draft::gap(&self.shared.settings.public_url, webhook, seq, self.shared.clock.now());
            Next { drafts: vec![draft], through: seq, more: true, head: seq }
        };
        match door.feed().page(&query).await {
            Ok(page) => {
                let (through, more) = (page.through, page.through < page.head);
                Ok(Next { drafts: message::drafts(door, page.changes).await?, through, more, head: page.head })
            }
            // Never silent: the receiver learns that it has to take a snapshot.
            Err(FeedError::Behind { first }) => Ok(gap(first.saturating_sub(1))),
            Err(FeedError::Ahead { head }) => Ok(gap(head)),
            Err(FeedError::Store(error)) => Err(error.into()),
        }
    }

    /// When a message that failed is tried again; never when the webhook is given up.
    fn next_at(&self, webhook: &Webhook, sent: &Sent, attempt: u32) -> Option<Timestamp> {
        let now = self.shared.clock.now();
        let since = webhook.failure.as_ref().map_or(now, |failure| failure.since);
        if sent.delivery.status == Some(GONE) || is_given_up(since, now) {
            return None;
        }
        let roll = random_bytes::<8>().map(u64::from_le_bytes).unwrap_or_default();
        Some(now.plus_seconds(pause_after(attempt, roll).max(sent.wait.unwrap_or_default())))
    }
}

/// What a receiver said of itself, and where its webhook stood when that last counted.
struct Said {
    webhook: Webhook,
    applied: Option<u64>,
}

/// The highest number that answers say is applied. One that no change has yet is nobody's word, and hides none that is good.
fn highest(before: Option<u64>, applied: Option<u64>, head: u64) -> Option<u64> {
    before.max(applied.filter(|seq| *seq <= head))
}

/// Takes a receiver's word for what it has applied, and that nothing waits for it which its webhook passed over. What cannot
/// be noted holds no message up: the next answer says it again.
pub(super) async fn acknowledge(door: &TenantStore, webhook: &Webhook, applied: Option<u64>) {
    let acknowledgements = door.acknowledgements();
    let word = match applied {
        None => Ok(()),
        Some(seq) => match acknowledgements.acknowledge(&FeedReader::from(webhook), seq).await {
            Ok(_) | Err(AcknowledgeError::Ahead { .. } | AcknowledgeError::TooManyReaders | AcknowledgeError::Gone) => Ok(()),
            Err(AcknowledgeError::Store(error)) => Err(error),
        },
    };
    let passed = acknowledgements.passed_over(webhook).await;
    if let Err(error) = word.and(passed) {
        tracing::warn!(webhook = %webhook.id, %error, "what a receiver applied could not be noted");
    }
}

/// What is to be sent next.
struct Next {
    drafts: Vec<Draft>,
    /// The number up to which nothing else passes the filter.
    through: u64,
    /// Whether there is more behind it.
    more: bool,
    /// The number of the last change when it was read, as far as that is known.
    head: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_a_receiver_says_the_highest_number_that_there_is_holds() {
        let said = [Some(3), Some(999), None, Some(2)];
        assert_eq!(said.into_iter().fold(None, |before, applied| highest(before, applied, 5)), Some(3));
        assert_eq!(highest(None, Some(6), 5), None);
    }
}
