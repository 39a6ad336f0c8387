//! What is wrong gets a SCIM error of the right status and type, and changes nothing.

use serde_json::{Map, Value, json};
use store::SyncEventFilter;

use crate::on_both;
use crate::server::{Server, Tenant};

struct Bad {
    what: &'static str,
    method: &'static str,
    path: String,
    headers: Value,
    body: Option<Value>,
    status: u16,
    scim_type: Option<&'static str>,
}

fn bad(
    what: &'static str,
    method: &'static str,
    path: impl Into<String>,
    body: Option<Value>,
    status: u16,
    scim_type: Option<&'static str>,
) -> Bad {
    Bad { what, method, path: path.into(), headers: json!({}), body, status, scim_type }
}

fn table(ada: &str) -> Vec<Bad> {
    let patch = |operation: Value| Some(json!({ "Operations": [operation] }));
    let user = || format!("/Users/{ada}");
    vec![
        Bad { headers: json!({ "authorization": null }), ..bad("no token", "GET", "/Users", None, 401, None) },
        Bad { headers: json!({ "authorization": "Bearer dsk_wrong" }), ..bad("a wrong token", "GET", "/Users", None, 401, None) },
        bad("an unknown address", "GET", "/Nothing", None, 404, None),
        bad("another method", "DELETE", "/Users", None, 405, None),
        Bad {
            headers: json!({ "content-type": "text/plain" }),
            ..bad("another content type", "POST", "/Users", Some(json!({})), 415, None)
        },
        Bad {
            headers: json!({ "content-encoding": "br" }),
            ..bad("an encoded body", "POST", "/Users", Some(json!({ "userName": "encoded" })), 415, None)
        },
        bad("broken JSON", "POST", "/Users", Some(json!("{\"userName\": ")), 400, Some("invalidSyntax")),
        bad(
            "a key that stands twice",
            "POST",
            "/Users",
            Some(json!("{\"userName\":\"a\",\"userName\":\"b\"}")),
            400,
            Some("invalidSyntax"),
        ),
        bad("no object", "POST", "/Users", Some(json!([1])), 400, Some("invalidSyntax")),
        bad("a body over the limit", "POST", "/Users", Some(json!({ "userName": "x".repeat(9 << 20) })), 413, None),
        bad("no userName", "POST", "/Users", Some(json!({ "title": "x" })), 400, Some("invalidValue")),
        bad("NUL in text", "POST", "/Users", Some(json!({ "userName": "a\u{0}b" })), 400, Some("invalidValue")),
        bad("a broken filter", "GET", "/Users?filter=userName eq", None, 400, Some("invalidFilter")),
        bad("a filter on a column of ours", "GET", "/Users?filter=tenant_id eq \"1\"", None, 400, Some("invalidFilter")),
        bad("a filter on the password", "GET", "/Users?filter=password eq \"1\"", None, 400, Some("invalidFilter")),
        bad("a taken userName", "POST", "/Users", Some(json!({ "userName": "ADA@acme.test" })), 409, Some("uniqueness")),
        bad(
            "a malformed path",
            "PATCH",
            user(),
            patch(json!({ "op": "replace", "path": "emails[", "value": "x" })),
            400,
            Some("invalidPath"),
        ),
        bad(
            "an unknown operation",
            "PATCH",
            user(),
            patch(json!({ "op": "jump", "path": "title", "value": "x" })),
            400,
            Some("invalidSyntax"),
        ),
        bad(
            "a value of the wrong type",
            "PATCH",
            user(),
            patch(json!({ "op": "replace", "path": "active", "value": "maybe" })),
            400,
            Some("invalidValue"),
        ),
        bad(
            "a read-only attribute",
            "PATCH",
            user(),
            patch(json!({ "op": "replace", "path": "id", "value": "1" })),
            400,
            Some("mutability"),
        ),
        Bad {
            headers: json!({ "if-match": "W/\"9\"" }),
            ..bad("a stale version", "PATCH", user(), patch(json!({ "op": "replace", "path": "title", "value": "x" })), 412, None)
        },
        bad("an unknown id", "GET", "/Users/01a20e67-aba0-70f6-990a-78ca3fa1b895", None, 404, None),
        bad("no id of ours", "DELETE", "/Users/1%0d%0aX-A:1", None, 404, None),
        bad("a page that is no number", "GET", "/Users?count=many", None, 400, Some("invalidValue")),
    ]
}

async fn refused(tenant: &Tenant, case: &Bad) {
    let headers: Map<String, Value> = case.headers.as_object().unwrap().clone();
    let answer = tenant.address().send(case.method, &case.path, &headers, case.body.as_ref()).await.unwrap();
    assert_eq!(answer.status, case.status, "{}: {}", case.what, answer.text);
    assert_eq!(answer.header("content-type"), Some("application/scim+json"), "{}", case.what);
    let body = answer.body.as_ref().unwrap();
    assert_eq!(body["schemas"], json!([scim::ERROR_URN]), "{}", case.what);
    assert_eq!(body["status"], case.status.to_string(), "{}", case.what);
    assert_eq!(body.get("scimType").and_then(Value::as_str), case.scim_type, "{}", case.what);
    assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{}", case.what);
    assert_eq!(answer.header("www-authenticate").is_some(), case.status == 401, "{}", case.what);
    assert_eq!(answer.header("allow").is_some(), case.status == 405, "{}", case.what);
    let encoded = case.headers.get("content-encoding").is_some();
    assert_eq!(answer.header("accept-encoding"), encoded.then_some("identity"), "{}", case.what);
}

on_both! {
    async fn every_refusal_is_a_scim_error_and_changes_nothing(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let ada = tenant.person("ada@acme.test").await;
        let before = tenant.send("GET", "/Users", None).await.body.unwrap();
        for case in table(&ada) {
            refused(&tenant, &case).await;
        }
        let after = tenant.send("GET", "/Users", None).await.body.unwrap();
        assert_eq!(before, after);
    }

    async fn every_refusal_stands_in_the_tenants_log(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let ada = tenant.person("ada@acme.test").await;
        let cases = table(&ada);
        for case in &cases {
            refused(&tenant, case).await;
        }
        let leaking = format!("/Users?count=0&access_token={}", tenant.token);
        assert_eq!(tenant.send("GET", &leaking, None).await.status, 200);
        let nowhere = Tenant { slug: "nobody".to_owned(), token: tenant.token.clone(), server: tenant.server };
        assert_eq!(nowhere.send("GET", "/Users", None).await.status, 401);

        let store = server.store().await;
        let id = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap().id;
        let all = SyncEventFilter { limit: 100, ..SyncEventFilter::default() };
        let (mut events, mut operators) = (Vec::new(), Vec::new());
        for _ in 0..100 {
            events = store.tenant(id).sync_events().list(&all).await.unwrap();
            // The last request stands in another log, maybe in the next batch.
            operators = store.sync_log().list_without_tenant(&all).await.unwrap();
            if events.len() > cases.len() + 1 && !operators.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        // Newest first; the oldest is the creation.
        let refusals = || events.iter().rev().skip(1).take(cases.len());
        let told: Vec<_> = refusals().map(|event| (event.status, event.scim_type.clone())).collect();
        let sent: Vec<_> = cases.iter().map(|case| (case.status, case.scim_type.map(str::to_owned))).collect();
        assert_eq!(told, sent);
        assert!(refusals().all(|event| event.cause.is_some() && !event.sentence.is_empty()));
        let taken = events.iter().find(|event| event.status == 409).unwrap();
        assert_eq!(taken.cause.as_ref().unwrap().params()[2], ("holder", ada.as_str()));
        let everything = format!("{events:?}");
        assert!(!everything.contains(&tenant.token), "no token stands in the log");

        assert_eq!(operators.iter().map(|event| event.path.as_str()).collect::<Vec<_>>(), ["/scim/nobody/v2/Users"]);
    }

    async fn one_tenants_token_opens_no_other_tenants_door(on) {
        let server = Server::start(on).await;
        let (acme, other) = (server.tenant("acme"), server.tenant("other"));
        let ada = acme.person("ada@acme.test").await;
        let theirs = other.send("GET", &format!("/Users/{ada}"), None).await;
        assert_eq!(theirs.status, 404);
        let at = |slug: &str| Tenant { slug: slug.to_owned(), token: other.token.clone(), server: other.server };
        let foreign = at("acme").send("GET", "/Users", None).await;
        let nowhere = at("nobody").send("GET", "/Users", None).await;
        assert_eq!((foreign.status, &foreign.text), (401, &nowhere.text), "a tenant that is there answers as one that is not");
    }

    async fn a_revoked_token_is_refused_and_a_reading_one_writes_nothing(on) {
        let server = Server::start(on).await;
        let mut tenant = server.tenant("acme");
        tenant.token = server.token("acme", &["--read-only"]);
        assert_eq!(tenant.send("GET", "/Users", None).await.status, 200);
        assert_eq!(tenant.send("POST", "/Users", Some(json!({ "userName": "x" }))).await.status, 403);
        let issued = server.json(&["token", "create", "acme", "--json"]);
        tenant.token = issued["token"].as_str().unwrap().to_owned();
        assert_eq!(tenant.send("GET", "/Users", None).await.status, 200);
        server.json(&["token", "revoke", "acme", issued["credential"]["id"].as_str().unwrap(), "--json"]);
        // Another process revoked it: believed for a second at most.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        assert_eq!(tenant.send("GET", "/Users", None).await.status, 401);
    }
}
