//! What was sent to a webhook, and messages that somebody asks for.

use std::sync::Arc;

use domain::{Delivery, DeliveryId, DeliveryOutcome, Right, Webhook};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{ChangeOrder, ChangeQuery, DeliveryQuery};
use uuid::Uuid;

use super::message::{self, Message};
use super::{courier, found, send};
use crate::auth::{Signed, Visit};
use crate::failure::Failure;
use crate::paging::{self, Page};
use crate::service::Tag;
use crate::value::{Time, Word};

pub(crate) struct Deliveries;

/// One try to send a message.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Delivery", rename_all = "camelCase", skip_serializing_if_is_none)]
struct DeliveryView {
    /// Its id.
    id: String,
    /// The message's `webhook-id`, the same on every try.
    message_id: String,
    /// The number of the change.
    seq: Option<u64>,
    /// The number of the one that the webhook had before it.
    prev_seq: Option<u64>,
    /// The type of the change, `webhook.test` or `webhook.gap`.
    #[oai(rename = "type")]
    kind: String,
    /// The resource that the change is of.
    resource_id: Option<String>,
    /// When it was sent.
    at: Time,
    /// Which try it was.
    attempt: u32,
    /// What came of it.
    outcome: Word<DeliveryOutcome>,
    /// The answer's status.
    status: Option<u16>,
    /// How many milliseconds it took.
    millis: u64,
    /// Why it did not come through, for people.
    reason: Option<String>,
    /// The number up to which the receiver said that it has applied changes (`Directory-Sync-Applied`).
    applied_seq: Option<u64>,
}

/// A header.
#[derive(Debug, Object)]
#[oai(rename = "DeliveryHeader")]
struct HeaderView {
    /// Its name.
    name: String,
    /// Its value.
    value: String,
}

/// One try to send a message, with what was said.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct DeliveryDetail {
    /// The try.
    delivery: DeliveryView,
    /// The headers it was sent with.
    request_headers: Vec<HeaderView>,
    /// Its body. That of a change is made again: names of members and connections are those of today. Absent when the change
    /// is no longer kept.
    request_body: Option<String>,
    /// The answer's headers, but for cookies.
    answer_headers: Vec<HeaderView>,
    /// The first 4 KiB of the answer's body.
    answer_body: Option<String>,
}

#[OpenApi(tag = "Tag::Webhooks")]
impl Deliveries {
    /// What was sent to a webhook
    ///
    /// Newest first; each try is kept for 30 days.
    #[oai(path = "/tenants/:tenant/webhooks/:webhook/deliveries", method = "get", operation_id = "listDeliveries")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list, and the document is made of them")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The webhook's id.
        webhook: Path<String>,
        /// Only those with this outcome.
        outcome: Query<Option<Word<DeliveryOutcome>>>,
        /// Only those about the resource with this id.
        #[oai(name = "resourceId")]
        resource_id: Query<Option<Uuid>>,
        /// `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<DeliveryView>>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        let (limit, last) = (paging::limit(limit.0)?, paging::cursor(after.0.as_deref())?);
        let webhook = found(&visit, &webhook.0).await?;
        let outcome = outcome.0.map(|word| word.0);
        let query = DeliveryQuery { outcome, resource: resource_id.0, last, limit: limit + 1 };
        let deliveries = visit.store.webhooks().deliveries(webhook.id, &query).await?;
        Ok(Json(Page::cut(deliveries.into_iter().map(view).collect(), limit, |row| row.id.clone())))
    }

    /// One try, with what was said
    #[oai(path = "/tenants/:tenant/webhooks/:webhook/deliveries/:delivery", method = "get", operation_id = "getDelivery")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The webhook's id.
        webhook: Path<String>,
        /// The delivery's id.
        delivery: Path<String>,
    ) -> Result<Json<DeliveryDetail>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        let (webhook, delivery) = tried(&visit, &webhook.0, &delivery.0).await?;
        let request_body = again(&visit, &webhook, &delivery).await?.map(|message| message.body);
        let headers = |pairs: &[(String, String)]| {
            pairs.iter().map(|(name, value)| HeaderView { name: name.clone(), value: value.clone() }).collect()
        };
        Ok(Json(DeliveryDetail {
            request_headers: headers(&delivery.request_headers),
            request_body,
            answer_headers: headers(&delivery.answer_headers),
            answer_body: delivery.answer_body.clone(),
            delivery: view(delivery),
        }))
    }

    /// Send a webhook a test
    ///
    /// One message of type `webhook.test`, at once and once, also while the webhook is paused. The answer says what came of
    /// it. A tenant has 30 messages by hand a minute on a node (`too_many_messages`).
    #[oai(path = "/tenants/:tenant/webhooks/:webhook/test", method = "post", operation_id = "testWebhook")]
    async fn test(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The webhook's id.
        webhook: Path<String>,
    ) -> Result<Json<DeliveryView>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        let webhook = found(&visit, &webhook.0).await?;
        let message = message::test(&webhook, visit.shared.clock.now());
        by_hand(&visit, webhook, message, 1).await
    }

    /// Send a message once more
    ///
    /// Under the same `webhook-id`, at once and once; where the webhook stands does not change. 410 and `changes_removed` when
    /// its change is no longer kept. A tenant has 30 messages by hand a minute on a node (`too_many_messages`).
    #[oai(
        path = "/tenants/:tenant/webhooks/:webhook/deliveries/:delivery/resend",
        method = "post",
        operation_id = "resendDelivery"
    )]
    async fn resend(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The webhook's id.
        webhook: Path<String>,
        /// The delivery's id.
        delivery: Path<String>,
    ) -> Result<Json<DeliveryView>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        let (webhook, delivery) = tried(&visit, &webhook.0, &delivery.0).await?;
        let Some(message) = again(&visit, &webhook, &delivery).await? else {
            return Err(Failure::ChangesRemoved { first: visit.store.feed().first().await? });
        };
        by_hand(&visit, webhook, message, delivery.attempt.saturating_add(1)).await
    }
}

async fn tried(visit: &Visit, webhook: &str, delivery: &str) -> Result<(Webhook, Delivery), Failure> {
    let webhook = found(visit, webhook).await?;
    let id: DeliveryId = delivery.parse().map_err(|_| Failure::NotFound)?;
    let delivery = visit.store.webhooks().delivery(webhook.id, id).await?.ok_or(Failure::NotFound)?;
    Ok((webhook, delivery))
}

/// Sends a message because somebody asked for it, and keeps what came of it.
async fn by_hand(visit: &Visit, webhook: Webhook, message: Message, attempt: u32) -> Result<Json<DeliveryView>, Failure> {
    visit.shared.messages.count(visit.tenant.id)?;
    let (shared, store) = (Arc::clone(&visit.shared), visit.store.clone());
    let sending = async move {
        let sent = send::send(&shared, &webhook, &message, attempt).await?;
        store.webhooks().keep_delivery(webhook.id, &sent.delivery).await?;
        courier::acknowledge(&store, &webhook, sent.delivery.applied).await;
        Ok::<_, Failure>(Json(view(sent.delivery)))
    };
    // Whoever asked may hang up; what was sent is kept all the same.
    tokio::spawn(sending).await.map_err(|_| Failure::Internal("sending a message panicked"))?
}

/// A message as it was sent; nothing when its change is no longer kept.
async fn again(visit: &Visit, webhook: &Webhook, delivery: &Delivery) -> Result<Option<Message>, Failure> {
    let sent = Message {
        id: delivery.message_id.clone(),
        kind: delivery.kind.clone(),
        seq: delivery.seq,
        previous: delivery.previous,
        resource: delivery.resource,
        body: String::new(),
        of_change: delivery.request_body.is_none(),
    };
    if let Some(body) = &delivery.request_body {
        return Ok(Some(Message { body: body.clone(), ..sent }));
    }
    let Some(seq) = delivery.seq else { return Ok(None) };
    let order = ChangeOrder::OldestFirst;
    let query = ChangeQuery { order, beyond: None, resource: None, between: Some((seq, seq)), limit: 1 };
    let drafts = message::drafts(&visit.store, visit.store.changes(query).await?).await?;
    let body = drafts.first().map(|draft| draft.message(webhook, delivery.previous.unwrap_or_default()).body);
    Ok(body.map(|body| Message { body, ..sent }))
}

fn view(delivery: Delivery) -> DeliveryView {
    DeliveryView {
        id: delivery.id.to_string(),
        message_id: delivery.message_id,
        seq: delivery.seq,
        prev_seq: delivery.previous,
        kind: delivery.kind,
        resource_id: delivery.resource.map(|id| id.to_string()),
        at: Time(delivery.at),
        attempt: delivery.attempt,
        outcome: Word(delivery.outcome),
        status: delivery.status,
        millis: delivery.millis,
        reason: delivery.reason,
        applied_seq: delivery.applied,
    }
}
