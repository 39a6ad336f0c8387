//! What was refused stands in the log with whom it was about, also inside a bulk request and where a request names nobody.

use std::time::Duration;

use domain::{Cause, Clock, Outcome, SyncEvent, SyncEventId, SystemClock, UserId};
use serde_json::{Value, json};
use store::{SyncEventFilter, TenantStore, on_both};

use crate::client::{Answer, Client, Service};

/// The event of the answer's request, once it is there.
pub(crate) async fn event_of(store: &TenantStore, answer: &Answer) -> SyncEvent {
    let id: SyncEventId = answer.headers["x-request-id"].to_str().unwrap().parse().unwrap();
    for _ in 0..200 {
        if let Some(event) = store.sync_events().find(id).await.unwrap() {
            return event;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the request never came into the log")
}

/// The requests that were refused and carry a name.
async fn refused(store: &TenantStore, name: &str) -> Vec<SyncEventId> {
    let outcome = Some(Outcome::Rejected);
    let filter = SyncEventFilter { text: Some(name.to_owned()), outcome, limit: 9, ..SyncEventFilter::default() };
    store.sync_events().list(&filter).await.unwrap().iter().map(|event| event.id).collect()
}

async fn bulk(idp: &Client<'_>, operations: &[Value]) -> Answer {
    let answer = idp.send("POST", "/Bulk", Some(json!({ "schemas": [scim::BULK_URN], "Operations": operations }))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

fn create(name: &str) -> Value {
    json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": { "userName": name } })
}

/// A person whose rows show a name that no attribute holds as a whole.
async fn ada(idp: &Client<'_>) -> String {
    let name = json!({ "givenName": "Ada", "familyName": "Lovelace" });
    idp.make("/Users", json!({ "userName": "ada@acme.test", "externalId": "e-1", "name": name })).await
}

on_both! {
    async fn a_bulk_request_of_which_something_was_refused_is_told_as_refused(on) {
        let service = Service::open(on).await;
        let (idp, store) = (service.client("acme").await, service.store("acme").await);
        let (ada, nobody) = (ada(&idp).await, UserId::generate().to_string());
        let title = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "T" }] });
        let answer = bulk(&idp, &[
            create("bob@acme.test"),
            json!({ "method": "POST", "path": "/Users", "bulkId": "b", "data": { "userName": "ADA@acme.test", "externalId": "e-2" } }),
            json!({ "method": "PATCH", "path": format!("/Users/{ada}"), "version": "W/\"9\"", "data": title }),
            json!({ "method": "DELETE", "path": format!("/Users/{nobody}") }),
            json!({ "method": "POST", "path": "/Nowhere", "bulkId": "c", "data": { "userName": "cyd@acme.test" } }),
            json!({ "method": "PUT", "path": format!("/Users/{ada}"), "data": { "userName": "x", "active": "bulkId:c" } }),
        ]).await;
        let event = event_of(&store, &answer).await;
        let cause = Cause::Uniqueness { attribute: "userName".to_owned(), value: "ADA@acme.test".to_owned(), holder: ada.clone() };
        assert_eq!((event.status, event.scim_type.as_deref(), &event.cause), (409, Some("uniqueness"), &Some(cause)));
        let first = format!("Refused ADA@acme.test: userName is already used by the resource {ada}");
        assert_eq!(event.sentence, format!("Bulk of 6 operations, 5 of them refused. {first}"));
        assert!(event.changes.is_some(), "what was not refused was done");
        for name in ["ada@acme.test", "e-1", "ada lovelace", &ada, "e-2", &nobody, "cyd@acme.test", "x", "bob@acme.test"] {
            assert!(event.identifiers.iter().any(|own| own == name), "{name} is not in {:?}", event.identifiers);
            assert_eq!(refused(&store, name).await, [event.id], "{name}");
        }
        let problems = store.sync_events().problems(SystemClock.now().plus_seconds(-60)).await.unwrap();
        let problems: Vec<_> = problems.iter().map(|problem| (problem.outcome, problem.code.as_str(), problem.count)).collect();
        assert_eq!(problems, [(Outcome::Rejected, "uniqueness", 1)]);

        let whole = event_of(&store, &bulk(&idp, &[create("dan@acme.test")]).await).await;
        assert_eq!((whole.status, &whole.cause, whole.sentence.as_str()), (200, &None, "Bulk of 1 operations"));
    }

    async fn everybody_whom_a_bulk_request_was_refused_for_is_found(on) {
        let service = Service::open(on).await;
        let (idp, store) = (service.client("acme").await, service.store("acme").await);
        let known: Vec<_> = (0..200).map(|n| create(&format!("p{n}"))).collect();
        bulk(&idp, &known).await;
        let both: Vec<_> = (0..60).map(|n| create(&format!("n{n}"))).chain(known).collect();
        let event = event_of(&store, &bulk(&idp, &both).await).await;
        assert!(event.sentence.starts_with("Bulk of 260 operations, 200 of them refused. Refused p0: "), "{}", event.sentence);
        let names = &event.identifiers;
        assert!((0..200).all(|n| names.contains(&format!("p{n}"))), "{names:?}");
        assert_eq!(names.len(), 200 + 32, "of those that were made the first: their changes lead to the request too");
    }

    async fn a_change_that_was_refused_names_whom_it_was_for(on) {
        let service = Service::open(on).await;
        let (idp, store) = (service.client("acme").await, service.store("acme").await);
        let (ada, group) = (ada(&idp).await, idp.make("/Groups", json!({ "displayName": "Leads", "externalId": "g-1" })).await);
        idp.make("/Users", json!({ "userName": "bob@acme.test" })).await;
        let (ada, group) = (format!("/Users/{ada}"), format!("/Groups/{group}"));
        let always: &[(&str, &str)] = &[];
        let stale: &[(&str, &str)] = &[("if-match", "W/\"9\"")];
        let patch = |path: &str, value: &str| Some(json!({ "Operations": [{ "op": "replace", "path": path, "value": value }] }));
        for (method, path, headers, body, status) in [
            ("PATCH", &ada, stale, patch("title", "T"), 412),
            ("PATCH", &ada, always, patch("emails[", "T"), 400),
            ("PATCH", &ada, always, Some(json!({})), 400),
            ("PATCH", &ada, always, patch("userName", "bob@acme.test"), 409),
            ("PUT", &ada, stale, Some(json!({ "userName": "eve@acme.test" })), 412),
            ("DELETE", &ada, stale, None, 412),
            ("PATCH", &group, stale, patch("externalId", "g-2"), 412),
            ("PATCH", &group, always, patch("members[", "T"), 400),
            ("PUT", &group, stale, Some(json!({ "displayName": "Others" })), 412),
            ("DELETE", &group, stale, None, 412),
        ] {
            let answer = idp.send_with(method, path, headers, body).await;
            let what = format!("{method} {path}: {} {}", answer.status, answer.body);
            assert_eq!(answer.status, status, "{what}");
            let read = |sql: &&String| sql.contains("FROM \"users\" AS t") || sql.contains("FROM \"groups\" AS t");
            if status != 409 {
                assert_eq!(answer.asked.iter().filter(read).count(), 1, "{what}: it is read once: {:#?}", answer.asked);
            }
            let event = event_of(&store, &answer).await;
            let of_ada = vec!["ada@acme.test", "e-1", "ada lovelace"];
            let (name, names) = if *path == ada { ("Ada Lovelace", of_ada) } else { ("Leads", vec!["leads", "g-1"]) };
            assert_eq!(event.resource_name.as_deref(), Some(name), "{what}");
            assert!(event.sentence.starts_with(&format!("Refused {name}: ")), "{what}: {}", event.sentence);
            for name in names {
                assert!(event.identifiers.iter().any(|own| own == name), "{what}: {name} is not in {:?}", event.identifiers);
            }
        }
        let away = format!("/Users/{}", UserId::generate());
        let answer = idp.send("PATCH", &away, patch("title", "T")).await;
        assert_eq!((answer.status, event_of(&store, &answer).await.identifiers), (404, vec![]), "nobody is there to be named");
    }

    async fn a_request_is_found_by_the_name_that_rows_show(on) {
        let service = Service::open(on).await;
        let (idp, store) = (service.client("acme").await, service.store("acme").await);
        ada(&idp).await;
        let look_up = idp.send("GET", "/Users?filter=externalId%20eq%20%22e-1%22", None).await;
        let max = json!({ "userName": "max@acme.test", "active": "maybe", "name": { "formatted": "Max Ernst" } });
        let max = idp.send("POST", "/Users", Some(max)).await;
        for (answer, status, name) in [(look_up, 200, "ada lovelace"), (max, 400, "max ernst")] {
            assert_eq!(answer.status, status, "{}", answer.body);
            let event = event_of(&store, &answer).await;
            assert!(event.identifiers.iter().any(|own| own == name), "{name} is not in {:?}", event.identifiers);
            let filter = SyncEventFilter { text: Some(name.to_uppercase()), limit: 9, ..SyncEventFilter::default() };
            let found = store.sync_events().list(&filter).await.unwrap();
            assert!(found.iter().any(|found| found.id == event.id), "{name}");
        }
    }
}
