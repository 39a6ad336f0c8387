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
            let refusal = &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(refusal, "#/components/schemas/Problem", "{method} {path}");
            assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{method} {path}");
            for (_, response) in operation["responses"].as_object().unwrap() {
                let kinds = response["content"].as_object().into_iter().flat_map(|content| content.keys());
                assert!(kinds.into_iter().all(|kind| !kind.contains("charset")), "{method} {path}");
            }
        }
    }
    assert!(document["components"]["schemas"]["CauseCode"]["enum"].as_array().unwrap().len() > 20);
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
