//! Receivers of a tenant's changes: who they are, how far each is, and what was sent to them.

mod deliveries;
mod of_changes;
mod row;
mod work;

use std::sync::Arc;

use domain::audit::{Deed, picture};
use domain::webhook::{MOST, WebhookSecret};
use domain::{Act, Author, ChangeKind, ResourceKind, TenantId, Timestamp, Webhook, WebhookId, WebhookState};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;

pub use deliveries::DeliveryQuery;
pub use work::{Hold, WaitingWebhook};

use self::row::{COLUMNS, Kept};
use crate::audit::Acted;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::TenantStore;
use crate::{StoreError, Unique};

/// The webhooks of one tenant.
pub struct Webhooks<'s> {
    door: &'s TenantStore,
}

/// What of a webhook is to be other than it is.
#[derive(Clone, Debug, Default)]
pub struct WebhookChange {
    /// Its name.
    pub name: Option<String>,
    /// Where messages go.
    pub url: Option<String>,
    /// Whether it is sent anything.
    pub state: Option<WebhookState>,
    /// Which kinds of changes it gets; all of them when there are none.
    pub kinds: Option<Vec<ChangeKind>>,
    /// Of which kind of resource.
    pub resource: OfResource,
}

/// Of which kind of resource a webhook is to get changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OfResource {
    /// As it was.
    #[default]
    AsItWas,
    /// Of any.
    Any,
    /// Of this one.
    Only(ResourceKind),
}

impl TenantStore {
    /// The receivers of the tenant's changes.
    pub fn webhooks(&self) -> Webhooks<'_> {
        Webhooks { door: self }
    }
}

impl Webhooks<'_> {
    /// All of them, oldest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn list(&self) -> Result<Vec<Webhook>, StoreError> {
        let rows = self.door.rows();
        let mut sql = Sql::new(rows.engine(), "SELECT ");
        sql.push(COLUMNS).push(" FROM webhooks WHERE tenant_id = ").arg(self.door.tenant.as_uuid()).push(" ORDER BY id");
        let found = rows.query_all_raw(sql.statement()).await?;
        found.iter().map(|row| Ok(row::read(row, self.door.tenant)?.webhook)).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        let rows = self.door.rows();
        let mut sql = Sql::new(rows.engine(), "SELECT ");
        sql.push(COLUMNS).push(" FROM webhooks");
        of_webhook(&mut sql, self.door.tenant, id);
        let Some(row) = rows.query_one_raw(sql.statement()).await? else { return Ok(None) };
        Ok(Some(row::read(&row, self.door.tenant)?.webhook))
    }

    /// Keeps a new one, which begins after the change of this number; after the last one without it. Its tenant is this one,
    /// whatever the record says.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there are [`MOST`] already.
    pub async fn insert(&self, webhook: Webhook, after: Option<u64>, author: &Author) -> Result<Webhook, StoreError> {
        let (tenant, now) = (self.door.tenant, self.door.store.inner().clock.now());
        let made = Webhook { tenant, ..webhook };
        let kept = self
            .door
            .store
            .act(Some(tenant), author, move |txn| {
                let made = made.clone();
                Box::pin(async move {
                    // Two at once count one after the other.
                    let last = lock_counters(txn, tenant).await?;
                    if count(txn, tenant).await? >= MOST {
                        return Err(StoreError::Conflict(Unique::WebhookPlace));
                    }
                    let start = after.unwrap_or(last);
                    let made = Webhook { starts_after: start, delivered: start, previous: start, ..made };
                    let next_at = (made.state == WebhookState::Active).then_some(now);
                    txn.execute_raw(row::insert(engine(txn), &made, next_at).statement()).await?;
                    let deed = deed(Act::WebhookCreated, None, &made);
                    Ok(Acted::new(made, deed))
                })
            })
            .await?;
        self.stir();
        Ok(kept)
    }

    /// Changes what is to be changed. A webhook that gets another address, or goes on after it stood, is tried at once.
    /// `None` when there is no such webhook.
    ///
    /// # Errors
    /// [`Unique::WebhookFilter`] when nothing would pass the filter; when the database cannot be written.
    pub async fn change(&self, id: WebhookId, change: WebhookChange, author: &Author) -> Result<Option<Webhook>, StoreError> {
        self.alter(id, Act::WebhookChanged, author, move |webhook| change.applied_to(webhook)).await
    }

    /// Signs with a new secret from now on; the one before signs beside it for so many hours. `None` when there is no such
    /// webhook.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn rotate(
        &self,
        id: WebhookId,
        next: WebhookSecret,
        keep_hours: u32,
        author: &Author,
    ) -> Result<Option<Webhook>, StoreError> {
        let rotated = move |webhook: &Webhook| {
            let secret = webhook.secret.followed_by(next, keep_hours);
            Webhook { secret, ..webhook.clone() }
        };
        self.alter(id, Act::WebhookSecretRotated, author, rotated).await
    }

    /// Sends a webhook what follows the change of this number, whatever it has had already. `None` when there is no such
    /// webhook.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn replay(&self, id: WebhookId, after: u64, author: &Author) -> Result<Option<Webhook>, StoreError> {
        // Of a time, so that it is none that was there before the database was restored from a backup.
        let now = u64::try_from(self.door.store.inner().clock.now().as_micros()).unwrap_or_default();
        let replayed = move |webhook: &Webhook| Webhook {
            starts_after: after,
            delivered: after,
            previous: after,
            // What is parked stays so, and why it is.
            failure: webhook.failure.clone().filter(|_| webhook.state == WebhookState::Parked),
            course: now.max(webhook.course + 1),
            ..webhook.clone()
        };
        self.alter(id, Act::WebhookReplayed, author, replayed).await
    }

    /// Removes one. What stands in the list of its deliveries goes with its time. `false` when there is no such webhook.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn remove(&self, id: WebhookId, author: &Author) -> Result<bool, StoreError> {
        let tenant = self.door.tenant;
        self.door
            .store
            .act(Some(tenant), author, move |txn| {
                Box::pin(async move {
                    let Some(kept) = lock(txn, tenant, id).await? else { return Ok(Acted::nothing(false)) };
                    let mut sql = Sql::new(engine(txn), "DELETE FROM webhooks");
                    of_webhook(&mut sql, tenant, id);
                    txn.execute_raw(sql.statement()).await?;
                    // A reader that will not come again would be late for good.
                    let mut sql = Sql::new(engine(txn), "DELETE FROM acknowledgement_readers WHERE tenant_id = ");
                    sql.arg(tenant.as_uuid()).push(" AND reader_id = ").arg(id.as_uuid());
                    txn.execute_raw(sql.statement()).await?;
                    let webhook = &kept.webhook;
                    let (act, before) = (Act::WebhookDeleted, Some(picture::webhook(webhook)));
                    let deed = Deed { tenant: Some(tenant), act, subject: webhook.into(), before, after: None };
                    Ok(Acted::new(true, deed))
                })
            })
            .await
    }

    async fn alter<F>(&self, id: WebhookId, act: Act, author: &Author, change: F) -> Result<Option<Webhook>, StoreError>
    where
        F: Fn(&Webhook) -> Webhook + Send + Sync + 'static,
    {
        let (tenant, now) = (self.door.tenant, self.door.store.inner().clock.now());
        let change = Arc::new(change);
        let altered = self
            .door
            .store
            .act(Some(tenant), author, move |txn| {
                let change = Arc::clone(&change);
                Box::pin(async move {
                    let Some(kept) = lock(txn, tenant, id).await? else { return Ok(Acted::nothing(None)) };
                    let before = &kept.webhook;
                    let after = change(before);
                    if after == *before {
                        return Ok(Acted::nothing(Some(after)));
                    }
                    // What somebody else made of the filter meanwhile is known only here.
                    if after.wanted() != before.wanted() && !after.passes_something() {
                        return Err(StoreError::Conflict(Unique::WebhookFilter));
                    }
                    let next_at = next_at(&kept, &after, now);
                    txn.execute_raw(row::update(engine(txn), &after, next_at).statement()).await?;
                    let deed = deed(act, Some(before), &after);
                    Ok(Acted::new(Some(after), deed))
                })
            })
            .await?;
        self.stir();
        Ok(altered)
    }

    /// Lets this node look at once what there is to send.
    fn stir(&self) {
        self.door.store.inner().announcer.overheard.note_loss();
    }
}

impl WebhookChange {
    /// What becomes of a webhook.
    fn applied_to(&self, webhook: &Webhook) -> Webhook {
        let mut after = webhook.clone();
        if let Some(name) = &self.name {
            after.name.clone_from(name);
        }
        if let Some(kinds) = &self.kinds {
            after.kinds.clone_from(kinds);
        }
        after.resource = match self.resource {
            OfResource::AsItWas => webhook.resource,
            OfResource::Any => None,
            OfResource::Only(kind) => Some(kind),
        };
        after.state = self.state.unwrap_or(webhook.state);
        if let Some(url) = &self.url {
            after.url.clone_from(url);
        }
        let goes_on = after.state == WebhookState::Active && webhook.state != WebhookState::Active;
        // One that is parked says why until it is sent to again.
        let moved = after.url != webhook.url && after.state != WebhookState::Parked;
        if goes_on || moved {
            after.failure = None;
        }
        after
    }
}

/// When a webhook that was altered is looked at next. Whoever is sending to it goes on by what it has become.
fn next_at(kept: &Kept, after: &Webhook, now: Timestamp) -> Option<Timestamp> {
    if kept.leased {
        return kept.next_at;
    }
    match after.state {
        WebhookState::Active if after.failure.is_some() => kept.next_at,
        WebhookState::Active => Some(now),
        WebhookState::Paused | WebhookState::Parked => None,
    }
}

fn deed(act: Act, before: Option<&Webhook>, after: &Webhook) -> Deed {
    let (before, shown) = match act {
        // What it is stays; where it is was never anybody's choice before.
        Act::WebhookReplayed => (None, json!({ "after": after.starts_after })),
        _ => (before.map(picture::webhook), picture::webhook(after)),
    };
    Deed { tenant: Some(after.tenant), act, subject: after.into(), before, after: Some(shown) }
}

/// A webhook as it is now, held until the transaction ends.
async fn lock(txn: &DatabaseTransaction, tenant: TenantId, id: WebhookId) -> Result<Option<Kept>, StoreError> {
    let engine = engine(txn);
    let mut sql = Sql::new(engine, "SELECT ");
    sql.push(COLUMNS).push(" FROM webhooks");
    of_webhook(&mut sql, tenant, id);
    sql.push(engine.for_update());
    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Ok(None) };
    row::read(&row, tenant).map(Some)
}

/// The number of the tenant's last change, held until the transaction ends.
async fn lock_counters(txn: &DatabaseTransaction, tenant: TenantId) -> Result<u64, StoreError> {
    let engine = engine(txn);
    let mut sql = Sql::new(engine, "SELECT seq FROM tenant_counters WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(engine.for_update());
    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Err(StoreError::Stale) };
    Ok(u64::try_from(row.try_get::<i64>("", "seq")?).unwrap_or_default())
}

async fn count(txn: &DatabaseTransaction, tenant: TenantId) -> Result<usize, StoreError> {
    let mut sql = Sql::new(engine(txn), "SELECT COUNT(*) AS number FROM webhooks WHERE tenant_id = ");
    sql.arg(tenant.as_uuid());
    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Ok(0) };
    Ok(usize::try_from(row.try_get::<i64>("", "number")?).unwrap_or_default())
}

fn of_webhook(sql: &mut Sql, tenant: TenantId, id: WebhookId) {
    sql.push(" WHERE tenant_id = ").arg(tenant.as_uuid()).push(" AND id = ").arg(id.as_uuid());
}

fn engine(txn: &DatabaseTransaction) -> Engine {
    Engine::of(txn.get_database_backend())
}
