//! How a webhook is shown.

use domain::webhook::WebhookFailure;
use domain::{ResourceKind, Timestamp, Webhook, WebhookState};
use poem_openapi::Object;

use crate::auth::Visit;
use crate::failure::Failure;
use crate::value::{Time, Word};

/// How sending goes wrong at present.
#[derive(Debug, Object)]
#[oai(rename = "WebhookFailure", rename_all = "camelCase", skip_serializing_if_is_none)]
struct FailureView {
    /// Since when nothing came through.
    since: Time,
    /// How often the next message was tried.
    attempts: u32,
    /// When it is tried again; never by itself when this is absent.
    next_at: Option<Time>,
    /// What happened last, for people.
    reason: String,
    /// The status of the last answer, when there was one.
    status: Option<u16>,
}

/// A receiver of a tenant's changes; never its secret.
#[derive(Debug, Object)]
#[oai(rename = "Webhook", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct WebhookView {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Where messages go.
    url: String,
    /// Whether it is sent anything. One that failed for three days, or answered 410, is parked.
    state: Word<WebhookState>,
    /// Only changes of these types; of all when there are none.
    types: Vec<String>,
    /// Only changes of this kind of resource.
    resource_type: Option<Word<ResourceKind>>,
    /// When it was made.
    created_at: Time,
    /// The number of the change after which it began, when it was made or last sent back.
    starts_after: u64,
    /// All changes up to this number were delivered, or did not pass its filter.
    delivered_seq: u64,
    /// The number of the tenant's last change.
    last_seq: u64,
    /// How many changes have not been looked at for it.
    waiting: u64,
    /// How sending goes wrong at present.
    failure: Option<FailureView>,
    /// Since when its present secret signs.
    secret_set_at: Time,
    /// Until when the secret before signs too.
    old_secret_until: Option<Time>,
    /// Whether changes that it has not had are no longer kept: it is told so by a message of type `webhook.gap`.
    behind_retention: bool,
}

/// What a webhook is measured by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    first: u64,
    last: u64,
    now: Timestamp,
}

impl Ends {
    /// Those of the feed at this moment.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub(super) async fn of(visit: &Visit) -> Result<Self, Failure> {
        let first = visit.store.feed().first().await?;
        let last = visit.store.counters().await?.seq;
        Ok(Self { first, last, now: visit.shared.clock.now() })
    }
}

pub(super) fn view(webhook: Webhook, ends: Ends) -> WebhookView {
    let old = webhook.secret.old.filter(|old| old.until > ends.now);
    WebhookView {
        id: webhook.id.to_string(),
        name: webhook.name,
        url: webhook.url,
        state: Word(webhook.state),
        types: webhook.kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
        resource_type: webhook.resource.map(Word),
        created_at: Time(webhook.created_at),
        starts_after: webhook.starts_after,
        delivered_seq: webhook.delivered,
        last_seq: ends.last,
        waiting: ends.last.saturating_sub(webhook.delivered),
        failure: webhook.failure.map(failure),
        secret_set_at: Time(webhook.secret.set_at),
        old_secret_until: old.map(|old| Time(old.until)),
        behind_retention: webhook.delivered + 1 < ends.first,
    }
}

fn failure(failure: WebhookFailure) -> FailureView {
    FailureView {
        since: Time(failure.since),
        attempts: failure.attempts,
        next_at: failure.next_at.map(Time),
        reason: failure.reason,
        status: failure.status,
    }
}
