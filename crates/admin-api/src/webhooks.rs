//! Webhooks of a tenant: receivers that get its changes, each signed and in order.

mod courier;
mod deliveries;
mod described;
mod message;
mod pace;
mod send;
mod told;
mod view;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::webhook::{KEEP_HOURS, MOST_KEEP_HOURS, WebhookSecret};
use domain::{ChangeKind, ResourceKind, Right, Webhook, WebhookId, WebhookState};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use store::{FeedQuery, OfResource, StoreError, Unique, WebhookChange};

pub use self::courier::Courier;
pub(crate) use self::deliveries::Deliveries;
pub(crate) use self::described::describe;
pub(crate) use self::pace::MessagePace;
pub(crate) use self::told::{ChangeDeliveryView, deliveries_of};
use self::view::{Ends, WebhookView, view};
use crate::answer::{Created, Done, created};
use crate::auth::{Signed, Visit};
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::Page;
use crate::service::Tag;
use crate::value::Word;

/// Most characters of a name.
const NAME: usize = 100;
/// Most characters of an address.
const URL: usize = 2_000;

pub(crate) struct Webhooks;

/// A webhook to be made.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct NewWebhook {
    /// Its name.
    name: String,
    /// Where messages go: an https address on the public internet.
    url: String,
    /// Only changes of these types; of all without any.
    types: Option<Vec<String>>,
    /// Only changes of this kind of resource.
    resource_type: Option<Word<ResourceKind>>,
    /// The number of the change after which it begins, such as the `seq` of a snapshot; it begins now without it.
    after: Option<u64>,
}

/// What a person can make of a webhook's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
enum WebhookSwitch {
    /// Changes are sent as they come; those that waited come first.
    Active,
    /// Nothing is sent until it is active again.
    Paused,
}

/// Of which kind of resource a webhook gets changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
enum WebhookResource {
    /// Only of people.
    User,
    /// Only of groups.
    Group,
    /// Of both.
    #[oai(rename = "any")]
    Any,
}

/// What of a webhook is to be other than it is; what is absent stays.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct ChangedWebhook {
    /// Its name.
    name: Option<String>,
    /// Where messages go.
    url: Option<String>,
    /// Only changes of these types; of all when there are none.
    types: Option<Vec<String>>,
    /// Only changes of this kind of resource, or of `any`.
    resource_type: Option<WebhookResource>,
    /// Whether it is sent anything. Active, it is tried at once, also when it was parked.
    state: Option<WebhookSwitch>,
}

/// A secret to be made.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct NewWebhookSecret {
    /// For how many hours the secret before signs too, 0 to 168; 24 without it.
    keep_old_hours: Option<u32>,
}

/// From where a webhook is to go on.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct Replay {
    /// The number of the change after which it goes on.
    after: u64,
}

/// A webhook that was just made.
#[derive(Debug, Object)]
struct CreatedWebhook {
    /// The webhook.
    webhook: WebhookView,
    /// What its messages are signed with. No later answer shows it again.
    secret: String,
}

/// A secret that was just made.
#[derive(Debug, Object)]
#[oai(rename = "WebhookSecret")]
struct MadeSecret {
    /// The webhook.
    webhook: WebhookView,
    /// What its messages are signed with. No later answer shows it again.
    secret: String,
}

#[OpenApi(tag = "Tag::Webhooks")]
impl Webhooks {
    /// The webhooks of a tenant
    ///
    /// Oldest first; there are at most 20.
    #[oai(path = "/tenants/:tenant/webhooks", method = "get", operation_id = "listWebhooks")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<WebhookView>>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        let (webhooks, ends) = (visit.store.webhooks().list().await?, Ends::of(&visit).await?);
        Ok(Json(Page::whole(webhooks.into_iter().map(|webhook| view(webhook, ends)).collect())))
    }

    /// Make a webhook
    ///
    /// From now on, or from the change `after` on, every change of the tenant that passes the filter is sent to it: one request
    /// a change, in the order of `seq`, each until it is answered with a status of 2xx, so at least once. Messages are signed
    /// as Standard Webhooks says. The answer holds the secret, this one time. A tenant has at most 20 (`too_many_webhooks`).
    /// A number that the feed cannot be followed from is refused with 410. Needs a sign-in within the last 15 minutes
    /// (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/webhooks", method = "post", operation_id = "createWebhook")]
    async fn create(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<NewWebhook>,
    ) -> Result<Created<CreatedWebhook>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        caller.0.demand_recent()?;
        let NewWebhook { name, url, types, resource_type, after } = body.0;
        let resource = resource_type.map(|word| word.0);
        let mut form = Form::default();
        let name = form.line("name", &name, NAME);
        let url = address(&visit, &mut form, &url).await;
        let kinds = kinds(&mut form, &types.unwrap_or_default());
        form.finish()?;
        if let Some(after) = after {
            can_follow(&visit, after).await?;
        }
        let now = visit.shared.clock.now();
        let webhook = Webhook {
            id: WebhookId::generate(),
            tenant: visit.tenant.id,
            name,
            url,
            state: WebhookState::Active,
            kinds,
            resource,
            secret: WebhookSecret::new(now).map_err(|_| Failure::Internal("no randomness"))?,
            created_at: now,
            starts_after: 0,
            delivered: 0,
            previous: 0,
            failure: None,
            course: 0,
        };
        if !webhook.passes_something() {
            return Err(StoreError::Conflict(Unique::WebhookFilter).into());
        }
        let made = visit.store.webhooks().insert(webhook, after, &visit.author).await?;
        let (secret, ends) = (secret(&visit, &made)?, Ends::of(&visit).await?);
        Ok(created(CreatedWebhook { webhook: view(made, ends), secret }))
    }

    /// One webhook
    #[oai(path = "/tenants/:tenant/webhooks/:webhook", method = "get", operation_id = "getWebhook")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The webhook's id.
        webhook: Path<String>,
    ) -> Result<Json<WebhookView>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        let webhook = found(&visit, &webhook.0).await?;
        Ok(Json(view(webhook, Ends::of(&visit).await?)))
    }

    /// Change a webhook
    ///
    /// Only what is there is changed, from the next message on. Paused, it is sent nothing, and what comes meanwhile waits for
    /// it as long as changes are kept. Active again it goes on where it stood, also when it was parked. Another `url` needs a
    /// sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/webhooks/:webhook", method = "patch", operation_id = "changeWebhook")]
    async fn change(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The webhook's id.
        webhook: Path<String>,
        body: Json<ChangedWebhook>,
    ) -> Result<Json<WebhookView>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        let ChangedWebhook { name, url, types, resource_type, state } = body.0;
        if url.is_some() {
            caller.0.demand_recent()?;
        }
        let known = found(&visit, &webhook.0).await?;
        let mut form = Form::default();
        let name = name.map(|name| form.line("name", &name, NAME));
        let url = match url {
            Some(url) => Some(address(&visit, &mut form, &url).await),
            None => None,
        };
        let kinds = types.map(|types| kinds(&mut form, &types));
        form.finish()?;
        let resource = match resource_type {
            None => OfResource::AsItWas,
            Some(WebhookResource::Any) => OfResource::Any,
            Some(WebhookResource::User) => OfResource::Only(ResourceKind::User),
            Some(WebhookResource::Group) => OfResource::Only(ResourceKind::Group),
        };
        let state = state.map(|state| match state {
            WebhookSwitch::Active => WebhookState::Active,
            WebhookSwitch::Paused => WebhookState::Paused,
        });
        let change = WebhookChange { name, url, state, kinds, resource };
        let changed = visit.store.webhooks().change(known.id, change, &visit.author).await?.ok_or(Failure::NotFound)?;
        Ok(Json(view(changed, Ends::of(&visit).await?)))
    }

    /// Remove a webhook
    ///
    /// At once and for good; what was sent to it is shown no longer. Needs a sign-in within the last 15 minutes
    /// (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/webhooks/:webhook", method = "delete", operation_id = "deleteWebhook")]
    async fn delete(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The webhook's id.
        webhook: Path<String>,
    ) -> Result<Done, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        caller.0.demand_recent()?;
        let removed = visit.store.webhooks().remove(id(&webhook.0)?, &visit.author).await?;
        if removed { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }

    /// Give a webhook another secret
    ///
    /// Messages are signed with it from the next one on, and for `keepOldHours` with the one before too, so that the receiver
    /// can move over. The answer holds the secret, this one time. Needs a sign-in within the last 15 minutes
    /// (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/webhooks/:webhook/secret", method = "post", operation_id = "rotateWebhookSecret")]
    async fn rotate(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The webhook's id.
        webhook: Path<String>,
        body: Json<NewWebhookSecret>,
    ) -> Result<Json<MadeSecret>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        caller.0.demand_recent()?;
        let keep = body.0.keep_old_hours.unwrap_or(KEEP_HOURS);
        if keep > MOST_KEEP_HOURS {
            return Err(Failure::field("keepOldHours", "is a number from 0 to 168"));
        }
        let next = WebhookSecret::new(visit.shared.clock.now()).map_err(|_| Failure::Internal("no randomness"))?;
        let rotated = visit.store.webhooks().rotate(id(&webhook.0)?, next, keep, &visit.author).await?;
        let rotated = rotated.ok_or(Failure::NotFound)?;
        let (secret, ends) = (secret(&visit, &rotated)?, Ends::of(&visit).await?);
        Ok(Json(MadeSecret { webhook: view(rotated, ends), secret }))
    }

    /// Send a webhook back, or forward
    ///
    /// It goes on after the change of this number, whatever it has had already. Messages that it had have another `webhook-id`
    /// then. A number that the feed cannot be followed from is refused with 410: `changes_removed` when what follows it is no
    /// longer kept, `changes_unknown` when there is no such change yet. It counts as a message by hand (`too_many_messages`).
    #[oai(path = "/tenants/:tenant/webhooks/:webhook/replay", method = "post", operation_id = "replayWebhook")]
    async fn replay(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The webhook's id.
        webhook: Path<String>,
        body: Json<Replay>,
    ) -> Result<Json<WebhookView>, Failure> {
        let visit = caller.0.enter_to(Right::WebhooksManage, &tenant.0).await?;
        let known = found(&visit, &webhook.0).await?;
        can_follow(&visit, body.0.after).await?;
        visit.shared.messages.count(visit.tenant.id)?;
        let replayed = visit.store.webhooks().replay(known.id, body.0.after, &visit.author).await?.ok_or(Failure::NotFound)?;
        Ok(Json(view(replayed, Ends::of(&visit).await?)))
    }
}

fn id(text: &str) -> Result<WebhookId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

async fn found(visit: &Visit, text: &str) -> Result<Webhook, Failure> {
    visit.store.webhooks().find(id(text)?).await?.ok_or(Failure::NotFound)
}

/// An address that may be called.
async fn address(visit: &Visit, form: &mut Form, url: &str) -> String {
    let url = form.line("url", url, URL);
    if let Err(refused) = visit.shared.outgoing.check(&url).await {
        form.wrong("url", refused.to_string());
    }
    url
}

/// Types of changes by their names, each once.
fn kinds(form: &mut Form, names: &[String]) -> Vec<ChangeKind> {
    let mut kinds: Vec<ChangeKind> = Vec::new();
    for name in names {
        match ChangeKind::parse(name) {
            Some(kind) if !kinds.contains(&kind) => kinds.push(kind),
            Some(_) => {}
            None => form.wrong("types", format!("{name:?} is no type of change")),
        }
    }
    kinds
}

/// Refuses a number that the feed cannot be followed from.
async fn can_follow(visit: &Visit, after: u64) -> Result<(), Failure> {
    visit.store.feed().page(&FeedQuery { after, limit: 1, ..FeedQuery::default() }).await?;
    Ok(())
}

/// What a webhook's messages are signed with, as receivers enter it.
fn secret(visit: &Visit, webhook: &Webhook) -> Result<String, Failure> {
    let secrets = webhook.secrets(&visit.shared.key, visit.shared.clock.now());
    let newest = secrets.first().ok_or(Failure::Internal("a webhook without a secret"))?;
    Ok(format!("whsec_{}", STANDARD.encode(newest)))
}
