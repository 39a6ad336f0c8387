//! The OpenAPI document.

use serde_json::Value;

use crate::desk::Desk;
use crate::on_both;

#[test]
fn the_checked_in_document_is_the_one_that_is_served() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    let kept = std::fs::read_to_string(file).unwrap();
    assert!(kept == admin_api::document(), "openapi.json is stale: run ./just openapi");
}

#[test]
fn an_absent_value_is_never_null_and_every_refusal_is_described() {
    let document: Value = serde_json::from_str(&admin_api::document()).unwrap();
    assert_eq!(document["openapi"].as_str().map(|version| &version[..2]), Some("3."));
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for statuses in ["4XX", "5XX"] {
                let refusal = &operation["responses"][statuses]["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(refusal, "#/components/schemas/Problem", "{method} {path}");
            }
            assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{method} {path}");
            for (_, response) in operation["responses"].as_object().unwrap() {
                let kinds = response["content"].as_object().into_iter().flat_map(|content| content.keys());
                assert!(kinds.into_iter().all(|kind| !kind.contains("charset")), "{method} {path}");
            }
        }
    }
    assert!(document["components"]["schemas"]["CauseCode"]["enum"].as_array().unwrap().len() > 20);
}

/// Everything in the document, part by part.
fn parts<'v>(value: &'v Value, seen: &mut Vec<&'v Value>) {
    seen.push(value);
    match value {
        Value::Object(object) => object.values().for_each(|part| parts(part, seen)),
        Value::Array(all) => all.iter().for_each(|part| parts(part, seen)),
        _ => {}
    }
}

#[test]
fn generators_of_clients_can_read_the_document() {
    let document: Value = serde_json::from_str(&admin_api::document()).unwrap();
    let mut seen = Vec::new();
    parts(&document, &mut seen);
    // One that makes of the parts of `allOf` one type knows no part that is only words.
    let lists: Vec<_> = seen.iter().filter_map(|part| part.get("allOf")?.as_array()).collect();
    assert!(lists.len() > 20 && lists.iter().all(|list| list.len() == 1 && list[0]["$ref"].is_string()));
    let mut streams = 0;
    for operation in document["paths"].as_object().unwrap().values().flat_map(|methods| methods.as_object().unwrap().values()) {
        let responses = operation["responses"].as_object().unwrap();
        // One that gives the same type to all successes knows no status that may be either.
        assert!(!responses.contains_key("default"), "{}", operation["operationId"]);
        assert_eq!(responses.keys().filter(|status| !status.ends_with("XX")).count(), 1, "{}", operation["operationId"]);
        for (kind, media) in responses.values().filter_map(|response| response["content"].as_object()).flatten() {
            if !kind.ends_with("json") || kind.ends_with("ndjson") {
                streams += 1;
                assert_eq!(media["schema"]["type"], "string", "{} {kind}", operation["operationId"]);
            }
        }
    }
    assert!(streams >= 7, "{streams}");
    let stream =
        &document["paths"]["/tenants/{tenant}/changes/stream"]["get"]["responses"]["200"]["content"]["text/event-stream"];
    assert_eq!(stream["schema"]["description"], "The data of each event is a `ChangeNews` as JSON.");
    assert!(
        document["components"]["schemas"]["ChangeNews"].is_object()
            && document["components"]["schemas"]["SnapshotLine"].is_object()
    );
}

on_both! {
    async fn the_document_is_served_to_everybody(on) {
        let desk = Desk::open(on).await;
        let answer = desk.raw("GET", "/api/openapi.json", &[], None).await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (200, "application/json"));
        assert_eq!(answer.body, serde_json::from_str::<Value>(&admin_api::document()).unwrap());
        assert_eq!(desk.raw("POST", "/api/openapi.json", &[], None).await.status, 405);
    }
}
