//! What is sent: a change as the feed shows it, a test, or the word that changes are gone.

use domain::webhook::{GAP, TEST};
use domain::{Change, DeliveryId, Timestamp, Webhook};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};
use store::TenantStore;
use uuid::Uuid;

use crate::changes;
use crate::failure::Failure;

/// Something to be sent, before it is known what the receiver had before it.
pub(super) struct Draft {
    kind: String,
    /// The number up to which the receiver has all when it has this.
    pub(super) seq: u64,
    resource: Option<Uuid>,
    at: Timestamp,
    data: Value,
}

/// A message as it leaves, whichever try it is.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) seq: Option<u64>,
    pub(super) previous: Option<u64>,
    pub(super) resource: Option<Uuid>,
    pub(super) body: String,
    /// Whether the body can be made again of a change, so that it need not be kept.
    pub(super) of_change: bool,
}

impl Draft {
    /// The word that what follows the last message up to a number is gone.
    pub(super) fn gap(public_url: &str, webhook: &Webhook, seq: u64, at: Timestamp) -> Self {
        let snapshot = format!("{public_url}/api/v1/tenants/{}/snapshot", webhook.tenant);
        Self { kind: GAP.to_owned(), seq, resource: None, at, data: json!({ "continuesAfter": seq, "snapshot": snapshot }) }
    }

    /// The message to a receiver that had `previous` before it.
    pub(super) fn message(&self, webhook: &Webhook, previous: u64) -> Message {
        let of_change = self.kind != GAP;
        let id = if of_change { webhook.message_id(self.seq) } else { format!("{}_gap", webhook.message_id(self.seq)) };
        let body = json!({
            "type": self.kind,
            "timestamp": self.at.to_rfc3339(),
            "tenant": webhook.tenant.to_string(),
            "seq": self.seq,
            "prev_seq": previous,
            "data": self.data,
        });
        Message {
            id,
            kind: self.kind.clone(),
            seq: Some(self.seq),
            previous: Some(previous),
            resource: self.resource,
            body: body.to_string(),
            of_change,
        }
    }
}

/// Changes as the feed shows them.
///
/// # Errors
/// When the database cannot answer.
pub(super) async fn drafts(store: &TenantStore, changes: Vec<Change>) -> Result<Vec<Draft>, Failure> {
    let known: Vec<_> = changes
        .iter()
        .map(|change| (change.change.kind.as_str().to_owned(), change.seq, change.change.resource_id, change.at))
        .collect();
    let views = changes::views(store, changes).await?;
    let draft = |((kind, seq, resource, at), view): ((String, u64, Uuid, Timestamp), changes::ChangeView)| Draft {
        kind,
        seq,
        resource: Some(resource),
        at,
        data: view.to_json().unwrap_or_default(),
    };
    Ok(known.into_iter().zip(views).map(draft).collect())
}

/// A message that says nothing but that messages arrive.
pub(super) fn test(webhook: &Webhook, at: Timestamp) -> Message {
    let body = json!({
        "type": TEST,
        "timestamp": at.to_rfc3339(),
        "tenant": webhook.tenant.to_string(),
        "seq": null,
        "prev_seq": null,
        "data": { "webhookId": webhook.id.to_string(), "name": webhook.name },
    });
    Message {
        id: format!("msg_test_{}", DeliveryId::generate().as_uuid().simple()),
        kind: TEST.to_owned(),
        seq: None,
        previous: None,
        resource: None,
        body: body.to_string(),
        of_change: false,
    }
}
