//! References to members who are not here yet take the room of members in their group.

use serde_json::{Value, json};
use store::on_both;

use crate::client::{Client, Service};

/// One change of a group's members; the status, and the detail of a refusal.
async fn patch(idp: &Client<'_>, group: &str, operation: Value) -> (u16, Value) {
    let answer = idp.send("PATCH", &format!("/Groups/{group}"), Some(json!({ "Operations": [operation] }))).await;
    (answer.status, answer.body["detail"].clone())
}

async fn add(idp: &Client<'_>, group: &str, member: &str) -> u16 {
    patch(idp, group, json!({ "op": "add", "path": "members", "value": [{ "value": member }] })).await.0
}

/// How many members a group has and how many it waits for, as its row says.
async fn held(service: &Service, group: &str) -> (u64, u64) {
    let (store, id) = (service.store("acme").await, group.parse::<domain::GroupId>().unwrap());
    let row = store.groups().find(id).await.unwrap().unwrap();
    let kept =
        (store.members().list(id, None, 100).await.unwrap().len() as u64, store.members().count_waiting(id).await.unwrap());
    assert_eq!((row.members, row.waiting), kept, "the row counts what there is");
    kept
}

on_both! {
    async fn members_that_a_group_waits_for_count_against_its_limit(on) {
        let limits = scim_api::Limits { members_per_group: 3, ..scim_api::Limits::default() };
        let service = Service::open_with(on, limits).await;
        let idp = service.client("acme").await;
        let ada = idp.make("/Users", json!({ "userName": "ada" })).await;
        let bob = idp.make("/Users", json!({ "userName": "bob" })).await;
        let members = |names: &[&str]| names.iter().map(|name| json!({ "value": name })).collect::<Vec<_>>();
        let body = json!({ "displayName": "Leads", "members": members(&[ada.as_str(), "x1"]) });
        let group = idp.make("/Groups", body).await;
        assert_eq!(held(&service, &group).await, (1, 1));
        assert_eq!((add(&idp, &group, "x2").await, held(&service, &group).await), (200, (1, 2)));

        let one_more = json!({ "op": "add", "path": "members", "value": [{ "value": "x3" }] });
        let (status, detail) = patch(&idp, &group, one_more).await;
        assert!(status == 400 && detail.as_str().unwrap().contains("3 members at most"), "{status} {detail}");
        assert_eq!(add(&idp, &group, &bob).await, 400, "neither is there room for somebody who is here");
        assert_eq!(add(&idp, &group, "x2").await, 200, "it waits already");
        assert_eq!(held(&service, &group).await, (1, 2), "what is refused leaves nothing");
        let fewer = json!({ "op": "remove", "path": "members", "value": [{ "value": "x2" }] });
        assert_eq!(patch(&idp, &group, fewer).await.0, 200);
        assert_eq!(held(&service, &group).await, (1, 1));
        assert_eq!((add(&idp, &group, &bob).await, held(&service, &group).await), (200, (2, 1)));
        idp.make("/Users", json!({ "userName": "x1" })).await;
        assert_eq!((held(&service, &group).await, add(&idp, &group, "x4").await), ((3, 0), 400));

        let path = format!("/Groups/{group}");
        for (names, status, then) in [("y1 y2", 200, (1, 2)), ("y2 y3 y4", 400, (1, 2)), ("y3", 200, (1, 1))] {
            let whole: Vec<&str> = names.split(' ').chain([ada.as_str()]).collect();
            let body = json!({ "displayName": "Leads", "members": members(&whole) });
            assert_eq!((idp.send("PUT", &path, Some(body)).await.status, held(&service, &group).await), (status, then), "{names}");
        }
        let body = json!({ "displayName": "More", "members": members(&["z1", "z2", "z3", "z4"]) });
        assert_eq!(idp.send("POST", "/Groups", Some(body)).await.status, 400);
    }

    async fn somebody_whom_a_group_waits_for_by_two_names_joins_it_once(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let members = json!([{ "value": "eve@acme.test" }, { "value": "e-7" }, { "value": "e-8" }]);
        let group = idp.make("/Groups", json!({ "displayName": "Leads", "members": members })).await;
        assert_eq!(held(&service, &group).await, (0, 3));
        idp.make("/Users", json!({ "userName": "eve@acme.test", "externalId": "e-7" })).await;
        assert_eq!(held(&service, &group).await, (1, 1));
        let read = idp.send("GET", &format!("/Groups/{group}"), None).await;
        assert_eq!(read.body["meta"]["version"], json!("W/\"2\""), "one change");
    }
}
