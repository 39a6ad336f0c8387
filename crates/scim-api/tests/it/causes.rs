//! A refusal's cause says what was refused, with all that its sentence needs.

use std::sync::Arc;

use domain::{Cause, Clock, FixedClock, Rights, SystemClock};
use scim_api::Limits;
use serde_json::{Value, json};
use store::{SyncEventFilter, on_both};

use crate::client::{Answer, Service};
use crate::refusals::event_of;
use crate::tokens::{by_secret, client};

fn too_many(what: &str, limit: &str) -> Cause {
    Cause::TooMany { what: what.to_owned(), limit: limit.to_owned() }
}

fn members(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({ "value": name })).collect()
}

on_both! {
    async fn a_limit_is_told_with_what_there_was_too_much_of(on) {
        let limits = Limits { members_per_request: 3, members_per_group: 4, bulk_operations: 2, ..Limits::default() };
        let service = Service::open_with(on, limits).await;
        let (idp, store) = (service.client("acme").await, service.store("acme").await);
        let group = idp.make("/Groups", json!({ "displayName": "Leads", "members": members(&["a", "b", "c"]) })).await;
        let group = format!("/Groups/{group}");
        let create = |n: usize| json!({ "method": "POST", "path": "/Users", "bulkId": format!("b{n}"), "data": { "userName": format!("p{n}") } });
        let add = json!({ "op": "add", "path": "members", "value": members(&["d", "e"]) });
        let title = json!({ "op": "add", "path": "displayName", "value": "Leads" });
        for (method, path, body, status, cause) in [
            ("POST", "/Bulk", json!({ "schemas": [scim::BULK_URN], "Operations": (0..3).map(create).collect::<Vec<_>>() }), 413, too_many("bulk_operations", "2")),
            ("POST", "/Groups", json!({ "displayName": "Others", "members": members(&["a", "b", "c", "d"]) }), 400, too_many("request_members", "3")),
            ("PATCH", group.as_str(), json!({ "Operations": [add] }), 400, too_many("group_members", "4")),
            ("PATCH", group.as_str(), json!({ "Operations": vec![title; 10_001] }), 400, too_many("patch_operations", "10000")),
        ] {
            let answer = idp.send(method, path, Some(body)).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
            assert_eq!(event_of(&store, &answer).await.cause, Some(cause), "{method} {path}");
        }
    }

    async fn what_is_no_broken_body_is_not_told_as_one(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let service = Service::open_by(on, clock.clone()).await;
        let (idp, store) = (service.client("acme").await, service.store("acme").await);
        for name in ["ada", "bob"] {
            idp.make("/Users", json!({ "userName": name })).await;
        }
        let told = async |answer: Answer, status: u16| {
            assert_eq!(answer.status, status, "{}", answer.body);
            event_of(&store, &answer).await.cause.unwrap()
        };
        let two = idp.send_with("GET", "/Users", &[("authorization", "Bearer another")], None).await;
        assert_eq!(told(two, 400).await, Cause::TwoCredentials { count: "2".to_owned() });
        let older = idp.at("/scim/acme/v1").send("GET", "/Users", None).await;
        assert_eq!(told(older, 400).await, Cause::InvalidVersion { sent: "v1".to_owned() });
        let schema = format!("/Schemas/{}", scim::USER_URN);
        for (path, endpoint) in [("/Schemas", "/Schemas"), (schema.as_str(), "/Schemas"), ("/ResourceTypes", "/ResourceTypes")] {
            let filtered = idp.send("GET", &format!("{path}?filter=id%20pr"), None).await;
            assert_eq!(told(filtered, 403).await, Cause::DiscoveryFiltered { endpoint: endpoint.to_owned() });
        }
        for (query, parameter) in [("count=1&count=2", "count"), ("attributes=id&excludedAttributes=title", "excludedAttributes")] {
            let answer = idp.send("GET", &format!("/Users?{query}"), None).await;
            assert_eq!(told(answer, 400).await, Cause::InvalidParameter { parameter: parameter.to_owned() });
        }
        let none = idp.send("GET", "/Users?cursor&count=0", None).await;
        assert_eq!(told(none, 400).await, Cause::InvalidValue { attribute: "count".to_owned() });
        let first = idp.send("GET", "/Users?cursor&count=1", None).await;
        let cursor = first.body["nextCursor"].as_str().unwrap();
        let elsewhere = idp.send("GET", &format!("/Groups?count=1&cursor={cursor}"), None).await;
        assert_eq!(told(elsewhere, 400).await, Cause::InvalidCursor);
        clock.advance_seconds(3_600);
        let late = idp.send("GET", &format!("/Users?count=1&cursor={cursor}"), None).await;
        assert_eq!(told(late, 400).await, Cause::ExpiredCursor { life: "3600".to_owned() });
    }

    async fn an_operation_that_needs_what_nobody_made_says_which(on) {
        let service = Service::open(on).await;
        let (idp, store) = (service.client("acme").await, service.store("acme").await);
        let data = json!({ "displayName": "Leads", "members": [{ "value": "bulkId:ghost" }] });
        let operations = json!([{ "method": "POST", "path": "/Groups", "bulkId": "g", "data": data }]);
        let answer = idp.send("POST", "/Bulk", Some(json!({ "schemas": [scim::BULK_URN], "Operations": operations }))).await;
        let event = event_of(&store, &answer).await;
        let cause = Cause::LostReference { name: "ghost".to_owned() };
        assert_eq!((event.status, event.cause, event.resource_name.as_deref()), (409, Some(cause), Some("Leads")));
    }

    async fn a_client_that_was_refused_is_found_by_its_id(on) {
        let service = Service::open(on).await;
        let connection = service.connection("acme").await;
        let (made, other) = (client(&service, &connection, Rights::Write, None).await, client(&service, &connection, Rights::Write, None).await);
        let (status, answer) = by_secret(&service, "acme", &made.id, &other.secret, &[]).await;
        assert_eq!(status, 401, "{answer}");
        let filter = SyncEventFilter { text: Some(made.id.clone()), limit: 9, ..SyncEventFilter::default() };
        let mut found = Vec::new();
        for _ in 0..200 {
            found = made.store.sync_events().list(&filter).await.unwrap();
            if !found.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let causes: Vec<_> = found.into_iter().map(|event| event.cause).collect();
        assert!(matches!(causes.as_slice(), [Some(Cause::ClientSecretWrong { client, .. })] if *client == made.id), "{causes:?}");
    }
}
