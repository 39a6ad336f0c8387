//! What webhooks really get, held to the schemas of the OpenAPI document.

use std::collections::BTreeSet;

use domain::Timestamp;
use serde_json::{Map, Value, json};
use store::testing::{CreateGroup, RemoveUser, meddle, origin};

use crate::on_both;
use crate::webhooks::Scene;

fn document() -> Value {
    serde_json::from_str(&admin_api::document()).unwrap()
}

fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Why a value is not as a schema says. What the schema does not name is wrong too, so that it leaves nothing out.
fn fits(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let named = document.pointer(reference.trim_start_matches('#')).ok_or_else(|| format!("there is no {reference}"))?;
        return fits(document, named, value);
    }
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return fits(document, only, value);
    }
    if let Some(kinds) = schema["oneOf"].as_array() {
        let tried: Vec<_> = kinds.iter().map(|kind| fits(document, kind, value)).collect();
        let fitting = tried.iter().filter(|tried| tried.is_ok()).count();
        return if fitting == 1 { Ok(()) } else { Err(format!("{fitting} of these fit: {tried:?}")) };
    }
    if value.is_null() && schema["nullable"] == json!(true) {
        return Ok(());
    }
    let known = schema["enum"].as_array();
    let is_time = |text: &str| schema["format"] != json!("date-time") || Timestamp::parse_rfc3339(text).is_some();
    let right = known.is_none_or(|known| known.contains(value))
        && match schema["type"].as_str() {
            Some("string") => value.as_str().is_some_and(is_time),
            Some("integer") => value.is_u64(),
            Some("boolean") => value.is_boolean(),
            Some("array") => {
                for item in value.as_array().into_iter().flatten() {
                    fits(document, &schema["items"], item)?;
                }
                value.is_array()
            }
            Some("object") => return members_fit(document, schema, value),
            _ => false,
        };
    if right { Ok(()) } else { Err(format!("{value} is not as {schema} says")) }
}

fn members_fit(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let members = value.as_object().ok_or_else(|| format!("{value} is no object"))?;
    for name in schema["required"].as_array().into_iter().flatten() {
        members.get(name.as_str().unwrap()).ok_or_else(|| format!("{name} is not there"))?;
    }
    for (name, member) in members {
        match schema["properties"].get(name) {
            Some(property) => fits(document, property, member).map_err(|why| format!("{name}: {why}"))?,
            None if schema["additionalProperties"].is_object() => {}
            None => return Err(format!("{name} is not named")),
        }
    }
    Ok(())
}

#[test]
fn messages_are_what_comes_of_making_a_webhook() {
    let document = document();
    let make = &document["paths"]["/tenants/{tenant}/webhooks"]["post"];
    let message = &make["callbacks"]["message"]["{$request.body#/url}"]["post"];
    assert_eq!(message["requestBody"]["content"]["application/json"]["schema"], named("WebhookMessage"));
    let sent: BTreeSet<_> = message["parameters"].as_array().unwrap().iter().map(|header| header["name"].to_string()).collect();
    let required = document["components"]["schemas"]["WebhookMessageHeaders"]["required"].as_array().unwrap();
    let required: BTreeSet<_> = required.iter().map(ToString::to_string).filter(|name| name != "\"content-type\"").collect();
    assert_eq!(sent, required);
}

on_both! {
    async fn what_a_receiver_gets_is_as_the_document_says(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        let (ada, store) = (scene.user("ada").await, scene.desk.store(&scene.acme));
        let group = json!({ "displayName": "All", "members": [{ "value": ada.id.to_string() }] });
        store.write(origin(scene.acme.id), CreateGroup(group)).await.unwrap();
        store.write(origin(scene.acme.id), RemoveUser(ada.id)).await.unwrap();
        scene.desk.send_what_is_due().await;
        scene.call("POST", &format!("/{id}/test"), None, 200).await;
        let paused = scene.call("PATCH", &format!("/{id}"), Some(json!({ "state": "paused" })), 200).await;
        let had = paused["lastSeq"].as_u64().unwrap();
        scene.user("bob").await;
        scene.user("cyd").await;
        let gone = format!("DELETE FROM changes WHERE tenant_id = {{tenant}} AND seq <= {}", had + 1);
        meddle(&scene.desk.scratch.store, scene.acme.id, &gone).await;
        scene.call("PATCH", &format!("/{id}"), Some(json!({ "state": "active" })), 200).await;
        scene.desk.send_what_is_due().await;

        let (came, document) = (scene.came(), document());
        let kinds: BTreeSet<&str> = came.iter().map(|message| message.body["type"].as_str().unwrap()).collect();
        for kind in ["user.created", "group.created", "user.deleted", "webhook.test", "webhook.gap"] {
            assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
        }
        for message in &came {
            let said = fits(&document, &named("WebhookMessage"), &message.body);
            assert!(said.is_ok(), "{said:?}\n{}", message.text);
            let headers: Map<String, Value> = message.headers.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
            fits(&document, &named("WebhookMessageHeaders"), &Value::Object(headers)).unwrap();
        }
        // What is otherwise does not pass: the schemas say something.
        for (name, other) in [("seq", json!("1")), ("type", json!("user.exploded")), ("strange", json!(1)), ("data", json!({}))] {
            let mut body = came[0].body.clone();
            body[name] = other;
            assert!(fits(&document, &named("WebhookMessage"), &body).is_err(), "{name}");
        }
    }
}
