//! What was sent to webhooks.

use domain::{Delivery, DeliveryId, DeliveryOutcome, TenantId, Timestamp, WebhookId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::row::signed;
use super::{Webhooks, engine};
use crate::StoreError;
use crate::sql::Sql;
use crate::system_unit::Step;

/// What a list shows of a delivery.
pub(super) const SHORT: &str =
    "id, message_id, kind, seq, prev_seq, resource_id, at, attempt, outcome, status, millis, reason, applied_seq";
/// What was said, which may be long.
const SAID: &str = "request_headers, request_body, answer_headers, answer_body";

/// Which deliveries of a webhook are wanted.
#[derive(Clone, Debug, Default)]
pub struct DeliveryQuery {
    /// Only those with this outcome.
    pub outcome: Option<DeliveryOutcome>,
    /// Only those about this resource.
    pub resource: Option<Uuid>,
    /// Only those older than this one.
    pub last: Option<DeliveryId>,
    /// How many at most.
    pub limit: u64,
}

impl Webhooks<'_> {
    /// Deliveries of a webhook, newest first, without headers and bodies.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn deliveries(&self, webhook: WebhookId, query: &DeliveryQuery) -> Result<Vec<Delivery>, StoreError> {
        let rows = self.door.rows();
        let mut sql = Sql::new(rows.engine(), "SELECT ");
        sql.push(SHORT).push(" FROM webhook_deliveries WHERE tenant_id = ").arg(self.door.tenant.as_uuid());
        sql.push(" AND webhook_id = ").arg(webhook.as_uuid());
        if let Some(outcome) = query.outcome {
            sql.push(" AND outcome = ").arg(outcome.as_str());
        }
        if let Some(resource) = query.resource {
            sql.push(" AND resource_id = ").arg(resource);
        }
        if let Some(last) = query.last {
            sql.push(" AND id < ").arg(last.as_uuid());
        }
        sql.push(" ORDER BY id DESC LIMIT ").arg(signed(query.limit));
        rows.query_all_raw(sql.statement()).await?.iter().map(short).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn delivery(&self, webhook: WebhookId, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let rows = self.door.rows();
        let mut sql = Sql::new(rows.engine(), "SELECT ");
        sql.push(SHORT).push(", ").push(SAID).push(" FROM webhook_deliveries WHERE tenant_id = ").arg(self.door.tenant.as_uuid());
        sql.push(" AND webhook_id = ").arg(webhook.as_uuid()).push(" AND id = ").arg(id.as_uuid());
        rows.query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
    }

    /// Keeps one that somebody asked for, which moves the webhook nowhere.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_delivery(&self, webhook: WebhookId, delivery: &Delivery) -> Result<(), StoreError> {
        let (tenant, delivery) = (self.door.tenant, delivery.clone());
        self.door
            .store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let delivery = delivery.clone();
                Box::pin(async move { insert(txn, tenant, webhook, &delivery).await })
            })
            .await
    }
}

pub(super) async fn insert(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    webhook: WebhookId,
    delivery: &Delivery,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(engine(txn), "INSERT INTO webhook_deliveries (tenant_id, webhook_id, ");
    sql.push(SHORT).push(", ").push(SAID).push(") VALUES ").list::<Value>([
        tenant.as_uuid().into(),
        webhook.as_uuid().into(),
        delivery.id.as_uuid().into(),
        delivery.message_id.clone().into(),
        delivery.kind.clone().into(),
        delivery.seq.map(signed).into(),
        delivery.previous.map(signed).into(),
        delivery.resource.into(),
        delivery.at.as_micros().into(),
        i64::from(delivery.attempt).into(),
        delivery.outcome.as_str().into(),
        delivery.status.map(i64::from).into(),
        signed(delivery.millis).into(),
        delivery.reason.clone().into(),
        delivery.applied.map(signed).into(),
        pairs(&delivery.request_headers).into(),
        delivery.request_body.clone().into(),
        pairs(&delivery.answer_headers).into(),
        delivery.answer_body.clone().into(),
    ]);
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

fn read(row: &QueryResult) -> Result<Delivery, StoreError> {
    let headers = |name: &str| row.try_get::<Json>("", name).map(|pairs| named(&pairs));
    Ok(Delivery {
        request_headers: headers("request_headers")?,
        request_body: row.try_get("", "request_body")?,
        answer_headers: headers("answer_headers")?,
        answer_body: row.try_get("", "answer_body")?,
        ..short(row)?
    })
}

pub(super) fn short(row: &QueryResult) -> Result<Delivery, StoreError> {
    let (id, outcome): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "outcome")?);
    let number = |name: &str| {
        let found = row.try_get::<Option<i64>>("", name);
        found.map(|number| number.and_then(|number| u64::try_from(number).ok()))
    };
    Ok(Delivery {
        id: id.into(),
        message_id: row.try_get("", "message_id")?,
        kind: row.try_get("", "kind")?,
        seq: number("seq")?,
        previous: number("prev_seq")?,
        resource: row.try_get("", "resource_id")?,
        at: Timestamp::from_micros(row.try_get("", "at")?),
        attempt: number("attempt")?.and_then(|attempt| u32::try_from(attempt).ok()).unwrap_or(u32::MAX),
        outcome: DeliveryOutcome::parse(&outcome).ok_or_else(|| StoreError::Corrupt(format!("outcome of delivery {id}")))?,
        status: number("status")?.and_then(|status| u16::try_from(status).ok()),
        millis: number("millis")?.unwrap_or_default(),
        reason: row.try_get("", "reason")?,
        applied: number("applied_seq")?,
        request_headers: Vec::new(),
        request_body: None,
        answer_headers: Vec::new(),
        answer_body: None,
    })
}

/// Headers as a list of pairs: a name may come more than once.
fn pairs(headers: &[(String, String)]) -> Json {
    headers.iter().map(|(name, value)| Json::from(vec![name.as_str(), value.as_str()])).collect()
}

fn named(pairs: &Json) -> Vec<(String, String)> {
    let pair = |pair: &Json| Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned()));
    pairs.as_array().into_iter().flatten().filter_map(pair).collect()
}
