//! The messages that webhooks get, as the OpenAPI document tells generators of receivers.

use domain::ChangeKind;
use domain::webhook::{GAP, TEST};
use serde_json::{Value, json};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};

/// The operation by which somebody asks for messages; they are its callback.
const ASKED_BY: &str = "/paths/~1tenants~1{tenant}~1webhooks/post";

/// What each header of a message holds.
const HEADERS: [(&str, &str); 3] = [
    (HEADER_WEBHOOK_ID, "What the message is called, the same on every try."),
    (HEADER_WEBHOOK_TIMESTAMP, "When this try was made, in seconds since 1970 (UTC)."),
    (
        HEADER_WEBHOOK_SIGNATURE,
        "Signatures as Standard Webhooks says, with a space between them: `v1,` and the HMAC-SHA-256 of `id.timestamp.body` \
         in Base64, by each secret that is good now.",
    ),
];

/// Adds the messages' schemas to the document, and the messages to the operation that asks for them.
pub(crate) fn describe(document: &mut Value) {
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, schema) in schemas_of_messages() {
            schemas.insert(name.to_owned(), schema);
        }
    }
    if let Some(operation) = document.pointer_mut(ASKED_BY).and_then(Value::as_object_mut) {
        let callback = json!({ "{$request.body#/url}": { "post": receiving() } });
        operation.insert("callbacks".to_owned(), json!({ "message": callback }));
    }
}

fn schemas_of_messages() -> [(&'static str, Value); 7] {
    let kinds: Vec<&str> = ChangeKind::ALL.into_iter().map(ChangeKind::as_str).collect();
    let number = |what: &str| json!({ "description": what, "format": "uint64", "type": "integer" });
    let no_number = || json!({ "description": "Always null.", "format": "uint64", "nullable": true, "type": "integer" });
    let seq = number("The number of the change.");
    let previous = number("The number of the message before it; of the first the number it began after.");
    let one_of = ["WebhookChangeMessage", "WebhookTestMessage", "WebhookGapMessage"].map(reference);
    [
        ("WebhookMessage", json!({ "description": "The body of a message to a webhook.", "oneOf": one_of })),
        (
            "WebhookChangeMessage",
            message("A change.", &kinds, seq, previous.clone(), ("Change", "The change, as the feed shows it.")),
        ),
        (
            "WebhookTestMessage",
            message(
                "A message that says nothing but that messages arrive.",
                &[TEST],
                no_number(),
                no_number(),
                ("WebhookTest", "Whom it was sent to."),
            ),
        ),
        (
            "WebhookGapMessage",
            message(
                "Changes were removed before they could be sent: take a snapshot.",
                &[GAP],
                number("The number after which it goes on."),
                previous,
                ("WebhookGap", "Where to begin anew."),
            ),
        ),
        (
            "WebhookTest",
            object(
                "The webhook that a test was sent to.",
                &[
                    ("webhookId", json!({ "description": "Its id.", "type": "string" })),
                    ("name", json!({ "description": "Its name.", "type": "string" })),
                ],
            ),
        ),
        (
            "WebhookGap",
            object(
                "Where a receiver begins anew that has missed changes.",
                &[
                    ("continuesAfter", number("What follows this number comes next.")),
                    ("snapshot", json!({ "description": "The address of the snapshot to take.", "type": "string" })),
                ],
            ),
        ),
        ("WebhookMessageHeaders", headers()),
    ]
}

fn message(what: &str, kinds: &[&str], seq: Value, previous: Value, (data, words): (&str, &str)) -> Value {
    object(
        what,
        &[
            ("type", json!({ "description": "What it tells.", "enum": kinds, "type": "string" })),
            ("timestamp", json!({ "description": "When what it tells happened.", "format": "date-time", "type": "string" })),
            ("tenant", json!({ "description": "The tenant's id.", "type": "string" })),
            ("seq", seq),
            ("prev_seq", previous),
            ("data", json!({ "allOf": [reference(data)], "description": words })),
        ],
    )
}

fn headers() -> Value {
    let text = |(name, what): (&'static str, &str)| (name, json!({ "description": what, "type": "string" }));
    let kind = ("content-type", json!({ "description": "Always `application/json`.", "type": "string" }));
    let all: Vec<(&str, Value)> = std::iter::once(kind).chain(HEADERS.map(text)).collect();
    let mut schema = object("The headers of a message to a webhook; there are others beside them.", &all);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("additionalProperties".to_owned(), json!({ "type": "string" }));
    }
    schema
}

/// An object whose members are all there.
fn object(what: &str, members: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "description": what, "properties": properties, "required": names, "type": "object" })
}

/// What a receiver does, as seen from here.
fn receiving() -> Value {
    let text = json!({ "type": "string" });
    let parameter = |(name, what): (&str, &str)| json!({ "description": what, "in": "header", "name": name, "required": true, "schema": text });
    let applied = "The number up to which the receiver has applied changes.";
    let applied = json!({ "description": applied, "schema": { "format": "uint64", "type": "integer" } });
    json!({
        "summary": "A message",
        "description": "One change a message, in the order of `seq`, each until it is answered with a status of 2xx. Within 20 \
                        seconds; redirects are not followed.",
        "parameters": HEADERS.map(parameter),
        "requestBody": { "required": true, "content": { "application/json": { "schema": reference("WebhookMessage") } } },
        "responses": {
            "2XX": { "description": "The receiver has it.", "headers": { "Directory-Sync-Applied": applied } },
            "410": { "description": "The receiver is gone for good: the webhook is parked." },
        },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
