//! Sending: which webhooks are due, who has each at present, and how far it came.
//!
//! A node takes a webhook up for [`LEASE`] seconds at a time, by a conditional update. What it does then counts only while it
//! still has it and nobody sent the webhook back meanwhile, so that nothing is passed over; what a node sent whose word did
//! not count is sent again under the same name.

use domain::{Delivery, TenantId, Timestamp, Webhook, WebhookId, WebhookState};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::row::{self, COLUMNS, signed};
use super::{Webhooks, deliveries, engine, lock, of_webhook};
use crate::StoreError;
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

/// For how many seconds a node has a webhook without saying so again: longer than any request may take.
const LEASE: i64 = 30;

/// A webhook that this node has.
#[derive(Clone, Debug)]
pub struct Hold {
    /// It, as it was when it was last looked at.
    pub webhook: Webhook,
    lease: Uuid,
}

/// A webhook to which something is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingWebhook {
    /// Whose it is.
    pub tenant: TenantId,
    /// It.
    pub webhook: WebhookId,
    /// Whether it failed last.
    pub failing: bool,
}

impl Webhooks<'_> {
    /// Takes a webhook up for this node. `None` when another has it, it rests, or there is none to be sent to.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take(&self, id: WebhookId) -> Result<Option<Hold>, StoreError> {
        let (tenant, now, lease) = (self.door.tenant, self.now(), Uuid::now_v7());
        let taken = self
            .door
            .store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, Option<Webhook>> {
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "UPDATE webhooks SET lease = ");
                    sql.arg(lease).push(", next_at = ").arg(now.plus_seconds(LEASE).as_micros());
                    of_webhook(&mut sql, tenant, id);
                    sql.push(" AND state = 'active' AND (next_at IS NULL OR next_at <= ").arg(now.as_micros());
                    sql.push(") RETURNING ").push(COLUMNS);
                    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Ok(None) };
                    Ok(Some(row::read(&row, tenant)?.webhook))
                })
            })
            .await?;
        Ok(taken.map(|webhook| Hold { webhook, lease }))
    }

    /// Looks again at a webhook that this node has: whether it still does, and what people made of it meanwhile. `false`
    /// when nothing is to be sent any more.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn look_again(&self, hold: &mut Hold) -> Result<bool, StoreError> {
        let (rows, tenant) = (self.door.rows(), self.door.tenant);
        let mut sql = Sql::new(rows.engine(), "SELECT ");
        sql.push(COLUMNS).push(" FROM webhooks");
        of_webhook(&mut sql, tenant, hold.webhook.id);
        sql.push(" AND state = 'active' AND lease = ").arg(hold.lease).push(" AND course = ").arg(signed(hold.webhook.course));
        sql.push(" AND next_at > ").arg(self.now().as_micros());
        sql.push(" AND EXISTS (SELECT 1 FROM tenants WHERE state = 'active' AND id = ").arg(tenant.as_uuid()).push(")");
        let Some(row) = rows.query_one_raw(sql.statement()).await? else { return Ok(false) };
        hold.webhook = row::read(&row, tenant)?.webhook;
        Ok(true)
    }

    /// Notes what came through, up to which number it has all. Says whether it counts.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn came_through(&self, hold: &mut Hold, seq: u64, delivery: &Delivery) -> Result<bool, StoreError> {
        let (hold_now, delivery, until) = (hold.clone(), delivery.clone(), self.now().plus_seconds(LEASE));
        let tenant = self.door.tenant;
        let counts = self
            .door
            .store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, bool> {
                let (hold, delivery) = (hold_now.clone(), delivery.clone());
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "UPDATE webhooks SET delivered_seq = ");
                    let seq = sql.bind(signed(seq));
                    sql.push(&seq).push(", prev_seq = ").push(&seq).push(", tries = 0, failing_since = NULL, ");
                    sql.push("last_status = NULL, last_reason = NULL, next_at = ").arg(until.as_micros());
                    still(&mut sql, tenant, &hold);
                    let moved = txn.execute_raw(sql.statement()).await?.rows_affected() == 1;
                    deliveries::insert(txn, tenant, hold.webhook.id, &delivery).await?;
                    Ok(moved)
                })
            })
            .await?;
        if counts {
            (hold.webhook.delivered, hold.webhook.previous, hold.webhook.failure) = (seq, seq, None);
        }
        Ok(counts)
    }

    /// Notes that nothing up to a number passed the filter. Says whether it counts: not when the filter is another one by
    /// now, which may let through what this one did not.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn pass_over(&self, hold: &mut Hold, through: u64) -> Result<bool, StoreError> {
        let (asked, until, tenant) = (hold.clone(), self.now().plus_seconds(LEASE), self.door.tenant);
        let counts = self
            .door
            .store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, bool> {
                let hold = asked.clone();
                Box::pin(async move {
                    let kept = lock(txn, tenant, hold.webhook.id).await?;
                    if kept.is_none_or(|kept| kept.webhook.wanted() != hold.webhook.wanted()) {
                        return Ok(false);
                    }
                    let mut sql = Sql::new(engine(txn), "UPDATE webhooks SET delivered_seq = ");
                    sql.arg(signed(through)).push(", next_at = ").arg(until.as_micros());
                    still(&mut sql, tenant, &hold);
                    Ok(txn.execute_raw(sql.statement()).await?.rows_affected() == 1)
                })
            })
            .await?;
        if counts {
            hold.webhook.delivered = through;
        }
        Ok(counts)
    }

    /// Notes a try that failed and lets the webhook rest until `next_at`, or parks it without one. This node has it no more.
    /// What an address did that the webhook has no longer is kept and counts for nothing. Says whether the webhook was parked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn came_to_nothing(&self, hold: Hold, next_at: Option<Timestamp>, delivery: &Delivery) -> Result<bool, StoreError> {
        let (tenant, now, delivery) = (self.door.tenant, self.now(), delivery.clone());
        self.door
            .store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, bool> {
                let (hold, delivery) = (hold.clone(), delivery.clone());
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "UPDATE webhooks SET tries = tries + 1, failing_since = ");
                    sql.push("COALESCE(failing_since, ").arg(now.as_micros()).push("), last_status = ");
                    sql.arg(delivery.status.map(i64::from)).push(", last_reason = ").arg(delivery.reason.clone());
                    if next_at.is_none() {
                        sql.push(", state = CASE WHEN state = 'active' THEN 'parked' ELSE state END");
                    }
                    sql.push(", lease = NULL, next_at = CASE WHEN state = 'active' THEN ");
                    sql.arg(next_at.map(Timestamp::as_micros)).push(" END");
                    still(&mut sql, tenant, &hold);
                    sql.push(" AND url = ").arg(hold.webhook.url.as_str()).push(" RETURNING state");
                    let counts = txn.query_one_raw(sql.statement()).await?;
                    deliveries::insert(txn, tenant, hold.webhook.id, &delivery).await?;
                    let Some(row) = counts else {
                        txn.execute_raw(given_back(txn, tenant, &hold, now).statement()).await?;
                        return Ok(false);
                    };
                    Ok(row.try_get::<String>("", "state")? == WebhookState::Parked.as_str())
                })
            })
            .await
    }

    /// Gives a webhook back: it is due at once when there is more to send, and otherwise with the next change.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn give_back(&self, hold: Hold) -> Result<(), StoreError> {
        let (tenant, now) = (self.door.tenant, self.now());
        self.door
            .store
            .write_small(Some(tenant), move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                let hold = hold.clone();
                Box::pin(async move {
                    txn.execute_raw(given_back(txn, tenant, &hold, now).statement()).await?;
                    Ok(())
                })
            })
            .await?;
        // A change that was committed meanwhile was heard of while the webhook was taken.
        self.door.store.inner().announcer.overheard.note(&[tenant]);
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.door.store.inner().clock.now()
    }
}

/// The condition that a node still has a webhook, on the course that it took up.
fn still(sql: &mut Sql, tenant: TenantId, hold: &Hold) {
    of_webhook(sql, tenant, hold.webhook.id);
    sql.push(" AND lease = ").arg(hold.lease).push(" AND course = ").arg(signed(hold.webhook.course));
}

fn given_back(txn: &DatabaseTransaction, tenant: TenantId, hold: &Hold, now: Timestamp) -> Sql {
    let mut sql = Sql::new(engine(txn), "UPDATE webhooks SET lease = NULL, next_at = CASE WHEN state = 'active' AND ");
    sql.push("delivered_seq < (SELECT seq FROM tenant_counters WHERE tenant_id = ").arg(tenant.as_uuid());
    sql.push(") THEN ").arg(now.as_micros()).push(" END");
    of_webhook(&mut sql, tenant, hold.webhook.id);
    sql.push(" AND lease = ").arg(hold.lease);
    sql
}

impl System {
    /// Webhooks of tenants that are served whose time has come, those that wait longest first: so many that failed last at
    /// most, and as many others, so that however many fail, they hide no other.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn due_webhooks(&self, now: Timestamp, most: u32) -> Result<Vec<WaitingWebhook>, StoreError> {
        let mut found = Vec::new();
        // Each has an index of just its rows.
        for which in ["w.failing_since IS NULL", "w.failing_since IS NOT NULL"] {
            let mut sql = Sql::new(self.store.inner().engine, "SELECT w.tenant_id, w.id, w.failing_since FROM webhooks AS w ");
            sql.push("JOIN tenants AS t ON t.id = w.tenant_id AND t.state = 'active' WHERE ").push(which);
            sql.push(" AND w.next_at IS NOT NULL AND w.state = 'active' AND w.next_at <= ").arg(now.as_micros());
            sql.push(" ORDER BY w.next_at LIMIT ").arg(i64::from(most));
            for row in self.rows().query_all_raw(sql.statement()).await? {
                found.push(waiting(&row)?);
            }
        }
        Ok(found)
    }

    /// Webhooks of these tenants, or of all that are served, that were idle and have something to send.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn stirred_webhooks(&self, among: Option<&[TenantId]>, most: u32) -> Result<Vec<WaitingWebhook>, StoreError> {
        let mut sql = Sql::new(self.store.inner().engine, "SELECT w.tenant_id, w.id, w.failing_since FROM webhooks AS w ");
        sql.push("JOIN tenants AS t ON t.id = w.tenant_id AND t.state = 'active' ");
        sql.push("JOIN tenant_counters AS c ON c.tenant_id = w.tenant_id AND c.seq > w.delivered_seq ");
        // The states stand in the text, so that the index of just these rows is used.
        sql.push("WHERE w.state = 'active' AND w.next_at IS NULL");
        if let Some(among) = among {
            let ids: Vec<Uuid> = among.iter().map(|tenant| tenant.as_uuid()).collect();
            sql.push(" AND ").ids_among("w.tenant_id", &ids);
        }
        sql.push(" LIMIT ").arg(i64::from(most));
        self.rows().query_all_raw(sql.statement()).await?.iter().map(waiting).collect()
    }

    /// Whether any tenant has a webhook that is sent anything.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn has_webhooks(&self) -> Result<bool, StoreError> {
        let sql = Sql::new(self.store.inner().engine, "SELECT id FROM webhooks WHERE state = 'active' LIMIT 1");
        Ok(self.rows().query_one_raw(sql.statement()).await?.is_some())
    }

    /// How many webhooks of all tenants fail at present, those that are parked included.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn failing_webhooks(&self) -> Result<u64, StoreError> {
        self.count_of_failing("state <> 'paused'").await
    }

    /// How many webhooks of all tenants are parked: nothing is sent to them until somebody looks.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn parked_webhooks(&self) -> Result<u64, StoreError> {
        self.count_of_failing("state = 'parked'").await
    }

    async fn count_of_failing(&self, which: &str) -> Result<u64, StoreError> {
        let mut sql = Sql::new(self.store.inner().engine, "SELECT COUNT(*) AS number FROM webhooks WHERE ");
        // That one is parked says that it failed; the words lead to the index of just those that did.
        sql.push("failing_since IS NOT NULL AND ").push(which);
        let row = self.rows().query_one_raw(sql.statement()).await?;
        let number: i64 = row.map_or(Ok(0), |row| row.try_get("", "number"))?;
        Ok(u64::try_from(number).unwrap_or_default())
    }
}

fn waiting(row: &QueryResult) -> Result<WaitingWebhook, StoreError> {
    let (tenant, webhook): (Uuid, Uuid) = (row.try_get("", "tenant_id")?, row.try_get("", "id")?);
    let failing = row.try_get::<Option<i64>>("", "failing_since")?.is_some();
    Ok(WaitingWebhook { tenant: tenant.into(), webhook: webhook.into(), failing })
}
