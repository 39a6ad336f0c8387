//! Where changes stand with a tenant's webhooks, as stories tell it.

use std::collections::HashMap;

use domain::{ChangeKind, Delivery, DeliveryOutcome, Webhook, WebhookState};
use poem_openapi::{Enum, Object};
use store::TenantStore;

use crate::failure::Failure;
use crate::value::Time;

/// Where a change stands with a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
enum ChangeDeliveryState {
    /// The receiver has it.
    Delivered,
    /// It is sent, or sent again, when its turn comes.
    Waiting,
    /// It is sent once somebody resumes the webhook.
    Paused,
    /// The webhook failed for too long, or is gone: it is sent once somebody makes the webhook active again.
    Parked,
    /// The webhook is past it: it was sent so long ago that no try is kept, or the filter of that time held it back.
    Past,
}

/// Where a change stands with a webhook, and what its receiver said.
#[derive(Debug, Object)]
#[oai(rename = "ChangeDelivery", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ChangeDeliveryView {
    /// The webhook.
    webhook_id: String,
    /// Its name.
    name: String,
    /// Where the change stands with it.
    state: ChangeDeliveryState,
    /// Which try brought it there, or how often it was tried in vain; 0 when no try is kept.
    attempts: u32,
    /// The status of the answer to that try.
    status: Option<u16>,
    /// How many milliseconds that try took.
    millis: Option<u64>,
    /// Why it did not come through, for people.
    reason: Option<String>,
    /// When the try was made that brought it there.
    delivered_at: Option<Time>,
    /// When the last try was made that was in vain.
    tried_at: Option<Time>,
    /// When it is tried again.
    next_at: Option<Time>,
}

/// Where each of these changes stands with the tenant's webhooks, by its number: with those whose filter lets it through and
/// that did not begin after it, and with those that it was sent to, the oldest webhook first.
///
/// # Errors
/// When the database cannot answer.
pub(crate) async fn deliveries_of(
    store: &TenantStore,
    changes: &[(u64, ChangeKind)],
) -> Result<HashMap<u64, Vec<ChangeDeliveryView>>, Failure> {
    let mut told: HashMap<u64, Vec<ChangeDeliveryView>> = HashMap::new();
    if changes.is_empty() {
        return Ok(told);
    }
    let webhooks = store.webhooks().list().await?;
    if webhooks.is_empty() {
        return Ok(told);
    }
    // After the webhooks: what came through meanwhile is told as that.
    let numbers: Vec<u64> = changes.iter().map(|(seq, _)| *seq).collect();
    let kept = store.webhooks().tries_of_changes(&numbers).await?;
    for webhook in &webhooks {
        let wanted = webhook.wanted();
        for (seq, kind) in changes {
            let passes = wanted.as_ref().is_none_or(|kinds| kinds.contains(kind));
            let tried = kept.get(&(*seq, webhook.id));
            if let Some(state) = state(webhook, passes, *seq, tried) {
                told.entry(*seq).or_default().push(view(webhook, state, tried));
            }
        }
    }
    Ok(told)
}

/// Where a change stands; `None` when it never was the webhook's.
fn state(webhook: &Webhook, passes: bool, seq: u64, tried: Option<&Delivery>) -> Option<ChangeDeliveryState> {
    if tried.is_some_and(|tried| tried.outcome == DeliveryOutcome::Delivered) {
        return Some(ChangeDeliveryState::Delivered);
    }
    if passes && webhook.delivered < seq {
        return Some(match webhook.state {
            WebhookState::Active => ChangeDeliveryState::Waiting,
            WebhookState::Paused => ChangeDeliveryState::Paused,
            WebhookState::Parked => ChangeDeliveryState::Parked,
        });
    }
    let was_its_own = tried.is_some() || passes && webhook.starts_after < seq;
    was_its_own.then_some(ChangeDeliveryState::Past)
}

fn view(webhook: &Webhook, state: ChangeDeliveryState, tried: Option<&Delivery>) -> ChangeDeliveryView {
    let at = tried.map(|tried| Time(tried.at));
    let came = state == ChangeDeliveryState::Delivered;
    let next_at = webhook.failure.as_ref().and_then(|failure| failure.next_at);
    let waits = state == ChangeDeliveryState::Waiting && tried.is_some();
    ChangeDeliveryView {
        webhook_id: webhook.id.to_string(),
        name: webhook.name.clone(),
        state,
        attempts: tried.map_or(0, |tried| tried.attempt),
        status: tried.and_then(|tried| tried.status),
        millis: tried.map(|tried| tried.millis),
        reason: tried.and_then(|tried| tried.reason.clone()),
        delivered_at: at.filter(|_| came),
        tried_at: at.filter(|_| !came),
        next_at: next_at.filter(|_| waits).map(Time),
    }
}
