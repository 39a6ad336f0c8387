//! A panic behind either door is a fault of ours: it is answered and logged as one, and stops nothing.

use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use domain::{Cause, Rights, SyncEvent, SyncEventId};
use futures_util::stream;
use poem::{Body, Endpoint, Request, Response};
use serde_json::{Value, json};
use store::{TenantStore, on_both};

use crate::client::Service;
use crate::tokens::{by_secret, client};

/// More than there are places to work for one tenant, so that one kept by each panic would be missed.
const OFTEN: usize = 40;

/// A body on which whoever reads it panics.
fn poisoned() -> Body {
    Body::from_bytes_stream(stream::poll_fn(|_| -> Poll<Option<Result<Bytes, std::io::Error>>> {
        panic!("the test has this body panic")
    }))
}

/// An answer's status, kind, request and body.
async fn told(response: Response) -> (u16, String, String, Value) {
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    let (status, kind, request) = (response.status().as_u16(), header("content-type"), header("x-request-id"));
    (status, kind, request, serde_json::from_str(&response.into_body().into_string().await.unwrap()).unwrap())
}

/// The request in its tenant's log, once it is there.
async fn logged(store: &TenantStore, request: &str) -> SyncEvent {
    let id: SyncEventId = request.parse().unwrap();
    for _ in 0..500 {
        if let Some(event) = store.sync_events().find(id).await.unwrap() {
            return event;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the request never came into the log")
}

/// What is said of a fault of ours: nothing but that, and how to report it.
async fn is_our_fault(store: &TenantStore, (status, kind, request, body): (u16, String, String, Value)) -> SyncEvent {
    assert_eq!((status, kind.as_str()), (500, "application/scim+json"), "{body}");
    let detail = format!("internal error; please name the request id {request} when you report it");
    assert_eq!(body, json!({ "schemas": [scim::ERROR_URN], "status": "500", "detail": detail }));
    let event = logged(store, &request).await;
    assert_eq!((event.status, &event.cause, event.scim_type.as_deref()), (500, &Some(Cause::Internal), None));
    assert!(event.sentence.starts_with("Failed"), "{}", event.sentence);
    event
}

on_both! {
    async fn a_panic_at_the_scim_door_is_answered_as_our_fault_logged_and_stops_nothing(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let store = service.store("acme").await;
        let ada = idp.make("/Users", json!({ "userName": "ada" })).await;
        let read = || idp.request("GET", &format!("/Users/{ada}"));

        // While it is worked on, with a place and a connection to the database in hand.
        service.panic_at(Some("FROM \"users\""));
        for _ in 1..OFTEN {
            assert_eq!(service.call(read()).await.status(), 500);
        }
        let event = is_our_fault(&store, told(service.call(read()).await).await).await;
        assert_eq!((event.operation.as_deref(), event.credential.is_some()), (Some("read"), true));
        service.panic_at(None);
        assert_eq!(service.call(read()).await.status(), 200, "nothing is lost but that request");

        // Before it is worked on.
        let mut broken = idp.request("POST", "/Users");
        broken.set_body(poisoned());
        let event = is_our_fault(&store, told(service.call(broken).await).await).await;
        assert_eq!((event.operation.as_deref(), event.changes), (Some("create"), None));
        idp.make("/Users", json!({ "userName": "bob" })).await;
    }

    async fn a_panic_in_the_midst_of_a_write_leaves_nothing_of_it_and_others_go_on(on) {
        let service = Service::open(on).await;
        let (idp, other) = (service.client("acme").await, service.client("other").await);
        let store = service.store("acme").await;
        let cyd = json!({ "userName": "cyd", "emails": [{ "value": "cyd@acme.test" }] });
        service.panic_at(Some("INSERT INTO users"));
        let refused = idp.send("POST", "/Users", Some(cyd.clone())).await;
        let header = |name: &str| refused.headers[name].to_str().unwrap().to_owned();
        let answer = (refused.status, header("content-type"), header("x-request-id"), refused.body.clone());
        let event = is_our_fault(&store, answer).await;
        assert_eq!((event.operation.as_deref(), event.changes, event.resource_name.as_deref()), (Some("create"), None, Some("cyd")));
        service.panic_at(None);
        for filter in ["userName%20eq%20%22cyd%22", "emails.value%20eq%20%22cyd@acme.test%22"] {
            let found = idp.send("GET", &format!("/Users?filter={filter}"), None).await;
            assert_eq!((found.status, &found.body["totalResults"]), (200, &json!(0)), "{filter}");
        }
        other.make("/Users", cyd.clone()).await;
        idp.make("/Users", cyd).await;
    }

    async fn a_panic_at_the_token_endpoint_is_answered_as_our_fault_logged_and_stops_nothing(on) {
        let service = Service::open(on).await;
        let connection = service.connection("acme").await;
        let made = client(&service, &connection, Rights::Write, None).await;
        let store = service.store("acme").await;
        let mut request = Request::builder()
            .method(http::Method::POST)
            .uri("/oauth/acme/token".parse().unwrap())
            .header("content-type", "application/x-www-form-urlencoded")
            .finish();
        request.set_body(poisoned());
        let (status, kind, id, body) = told(service.tokens.call(request).await.unwrap()).await;
        assert_eq!((status, kind.as_str()), (500, "application/json"), "{body}");
        let description = format!("internal error; please name the request id {id} when you report it");
        assert_eq!(body, json!({ "error": "server_error", "error_description": description }));
        let event = logged(&store, &id).await;
        assert_eq!((event.status, &event.cause, event.operation.as_deref()), (500, &Some(Cause::Internal), Some("token")));
        assert!(event.sentence.starts_with("Failed"), "{}", event.sentence);

        let token = by_secret(&service, "acme", &made.id, &made.secret, &[]).await;
        assert_eq!(token.0, 200, "{}", token.1);
        let idp = service.with_token("acme", token.1["access_token"].as_str().unwrap());
        idp.make("/Users", json!({ "userName": "ada" })).await;
    }
}
