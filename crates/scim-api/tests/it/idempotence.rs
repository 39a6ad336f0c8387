//! What is read and put back, or sent a second time, changes nothing: for the body of every create and replace that a
//! fixture holds.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use store::on_both;

use crate::client::{Client, Service};

/// The whole resources of the fixtures, each with its file's name.
fn bodies() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scim/fixtures");
    let idps = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = idps.flat_map(|idp| fs::read_dir(idp).unwrap().map(|entry| entry.unwrap().path()));
    let mut bodies: Vec<(String, Value)> = files
        .filter_map(|file| {
            let fixture: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            let whole = matches!(fixture["method"].as_str(), Some("POST" | "PUT")) && fixture.get("fault").is_none();
            whole.then(|| (file.display().to_string(), fixture))
        })
        .collect();
    bodies.sort_by(|(one, _), (other, _)| one.cmp(other));
    bodies
}

async fn put_twice(idp: &Client<'_>, file: &str, path: &str, body: &Value) -> Value {
    let first = idp.send("PUT", path, Some(body.clone())).await;
    assert_eq!(first.status, 200, "{file}: {}", first.body);
    let again = idp.send("PUT", path, Some(body.clone())).await;
    assert_eq!(again.body, first.body, "{file}");
    first.body
}

on_both! {
    async fn what_is_put_twice_or_put_back_as_it_was_read_changes_nothing(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let bodies = bodies();
        assert!(bodies.len() > 40, "only {} bodies", bodies.len());
        for (file, fixture) in bodies {
            let (collection, mut body) = (format!("/{}s", fixture["resource"].as_str().unwrap()), fixture["body"].clone());
            if fixture.get("extension").is_some() {
                continue;
            }
            let made = idp.send("POST", &collection, Some(body.clone())).await;
            assert_eq!(made.status, 201, "{file}: {}", made.body);
            let path = format!("{collection}/{}", made.body["id"].as_str().unwrap());
            let put = put_twice(&idp, &file, &path, &body).await;
            assert_eq!(put["meta"]["version"], made.body["meta"]["version"], "{file}: as it was made");
            let back = put_twice(&idp, &file, &path, &put).await;
            assert_eq!(back, put, "{file}: as it was read");
            body["externalId"] = json!("another");
            assert_eq!(put_twice(&idp, &file, &path, &body).await["externalId"], "another", "{file}");
            assert_eq!(idp.send("DELETE", &path, None).await.status, 204, "{file}");
        }
    }
}
