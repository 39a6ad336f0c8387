//! What requests and answers said stands in the log as the tenant wants it, and no secret ever does.

use std::time::Duration;

use domain::exchange::MOST_OF_A_BODY;
use domain::{BodyPolicy, Exchange, SyncEventId};
use poem::{Endpoint, Request};
use serde_json::{Value, json};
use store::testing::author;
use store::{LogChange, SyncEventFilter, TenantChange, TenantStore, on_both};

use crate::client::Service;

async fn keep(service: &Service, store: &TenantStore, bodies: BodyPolicy) {
    let log = LogChange { bodies: Some(bodies), ..LogChange::default() };
    let change = TenantChange { log, ..TenantChange::default() };
    assert!(service.system().change_tenant(store.id(), change, &author()).await.unwrap());
}

/// What the log has of the answer's request, once it is there.
async fn logged(store: &TenantStore, request_id: &str) -> Option<Exchange> {
    let id: SyncEventId = request_id.parse().unwrap();
    for _ in 0..200 {
        if store.sync_events().find(id).await.unwrap().is_some() {
            return store.sync_events().exchange(id).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the request never came into the log")
}

fn request_id(headers: &http::HeaderMap) -> &str {
    headers["x-request-id"].to_str().unwrap()
}

fn header<'e>(headers: &'e [(String, String)], name: &str) -> &'e str {
    headers.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
}

fn said(message: &domain::exchange::Message) -> &Value {
    message.body.as_ref().and_then(|body| body.json.as_ref()).unwrap()
}

on_both! {
    async fn bodies_stand_in_the_log_as_the_tenant_wants_them(on) {
        let service = Service::open(on).await;
        let client = service.client("acme").await;
        let store = service.store("acme").await;
        let person = |name: &str| json!({ "userName": name, "password": "t0p-secret", "active": true });
        let masked = client.send("POST", "/Users", Some(person("ada@acme.test"))).await;
        let masked = logged(&store, request_id(&masked.headers)).await.unwrap();
        assert_eq!(said(&masked.request), &json!({ "userName": "<text 13>", "password": "<removed>", "active": true }));
        let answer = said(&masked.answer);
        assert_eq!((&answer["userName"], &answer["active"]), (&json!("<text 13>"), &json!(true)));
        assert!(answer["id"].as_str().unwrap().len() == 36 && answer["meta"]["resourceType"] == "User");
        assert_eq!(header(&masked.request.headers, "authorization"), "Bearer <removed>");
        assert_eq!(header(&masked.answer.headers, "content-type"), "application/scim+json");
        assert!(header(&masked.answer.headers, "location").contains("/Users/"));

        keep(&service, &store, BodyPolicy::Full).await;
        let full = client.send("POST", "/Users", Some(person("bob@acme.test"))).await;
        let full = logged(&store, request_id(&full.headers)).await.unwrap();
        assert_eq!(said(&full.request), &json!({ "userName": "bob@acme.test", "password": "<removed>", "active": true }));
        assert_eq!(said(&full.answer)["userName"], "bob@acme.test");
        assert_eq!(said(&full.clone().masked().request)["userName"], "<text 13>");

        keep(&service, &store, BodyPolicy::Off).await;
        let off = client.send("POST", "/Users", Some(person("cyd@acme.test"))).await;
        assert_eq!((off.status, logged(&store, request_id(&off.headers)).await), (201, None));
    }

    async fn what_was_refused_stands_there_too(on) {
        let service = Service::open(on).await;
        let client = service.client("acme").await;
        let store = service.store("acme").await;
        let taken = json!({ "userName": "ada@acme.test" });
        client.make("/Users", taken.clone()).await;
        let refused = client.send("POST", "/Users", Some(taken)).await;
        let refused = logged(&store, request_id(&refused.headers)).await.unwrap();
        assert_eq!((&said(&refused.answer)["status"], &said(&refused.answer)["scimType"]), (&json!("409"), &json!("uniqueness")));

        let long = json!({ "userName": "bob", "title": "x".repeat(2 * MOST_OF_A_BODY) });
        let long_length = long.to_string().len();
        let long = client.send("POST", "/Users", Some(long)).await;
        let long = logged(&store, request_id(&long.headers)).await.unwrap().request.body.unwrap();
        assert_eq!((long.length, long.cut), (long_length, true));

        let stranger = service.with_token("acme", "dsk_nobody").send("GET", "/Users", None).await;
        assert_eq!(stranger.status, 401);
        let stranger = logged(&store, request_id(&stranger.headers)).await.unwrap();
        assert_eq!((said(&stranger.answer)["status"].as_str(), stranger.request.body), (Some("401"), None));

        let broken = "{\"userName\": \"eve\", \"password\": \"t0p\",,}";
        for (policy, text) in [(BodyPolicy::Masked, None), (BodyPolicy::Full, Some("{\"userName\": \"eve\", \"<removed>"))] {
            keep(&service, &store, policy).await;
            let request = client.request("POST", "/Users");
            let mut request = Request::builder().method(http::Method::POST).uri(request.uri().clone())
                .header("authorization", request.headers()["authorization"].to_str().unwrap()).finish();
            request.set_body(broken);
            let response = service.call(request).await;
            assert_eq!(response.status(), 400);
            let body = logged(&store, request_id(response.headers())).await.unwrap().request.body.unwrap();
            assert_eq!((body.length, body.text.as_deref(), body.json), (broken.len(), text, None));
            assert_eq!(body.fault.map(|fault| (fault.line, fault.column)), Some((1, broken.len() - 1)));
        }
    }

    async fn a_token_request_leaves_no_secret(on) {
        let service = Service::open(on).await;
        service.client("acme").await;
        let store = service.store("acme").await;
        keep(&service, &store, BodyPolicy::Full).await;
        let form = "grant_type=client_credentials&client_id=dsc_abcdefghijkl&client_secret=dss_abcdefghijkl_0123456789";
        let request = Request::builder().method(http::Method::POST).uri("/oauth/acme/token".parse().unwrap());
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        let response = service.tokens.call(request).await.unwrap();
        assert_eq!(response.status(), 401);
        let kept = logged(&store, request_id(response.headers())).await.unwrap();
        let expected = json!({ "grant_type": "client_credentials", "client_id": "dsc_abcdefghijkl", "client_secret": "<removed>" });
        assert_eq!(said(&kept.request), &expected);
        assert_eq!(said(&kept.answer)["error"], "invalid_client");
        assert!(store.sync_events().list(&SyncEventFilter { limit: 1, ..Default::default() }).await.unwrap()[0].exchange.is_none());
    }
}
