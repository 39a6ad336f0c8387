//! A story in pages: each change stands in it once, however requests lie across each other.

use domain::{Clock, Role, SyncEvent, SyncEventId, Timestamp};
use serde_json::{Value, json};
use store::testing::{CreateGroup, CreateUser, RemoveUser, event, meddle, origin};
use store::{Origin, SyncLogWriter};

use crate::desk::Desk;
use crate::on_both;
use crate::webhooks::Scene;

/// Most pages of the story here.
const PAGES: usize = 20;

/// An id as it is made at that moment.
fn made_at(at: Timestamp) -> SyncEventId {
    let millis = u64::try_from(at.as_micros() / 1_000).unwrap();
    uuid::Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid().into()
}

/// Where a change stands with webhooks, as somebody's story tells it.
async fn deliveries(scene: &Scene, cookie: &str, of: &str, seq: u64) -> Option<Value> {
    let story = scene.desk.get(cookie, &format!("/tenants/acme/timeline?of={of}")).await.body;
    let mut changes = story["items"].as_array().unwrap().iter().flat_map(|item| item["changes"].as_array().unwrap());
    changes.find(|change| change["seq"] == seq).unwrap().get("deliveries").cloned()
}

on_both! {
    async fn each_change_is_told_once_where_one_request_lies_across_another(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let (store, now) = (desk.store(&acme), desk.clock.now());
        // A bulk request, two that were refused meanwhile, and one that wrote between its operations.
        let requests = [3, 2, 1, 0].map(|seconds| made_at(now.plus_seconds(seconds)));
        let [bulk, _, _, other] = requests;
        let of = |request: Option<SyncEventId>| {
            Origin { request_id: request.map(|id| id.to_string()), at: now, ..origin(acme.id) }
        };
        let ada = store.write(of(None), CreateUser(json!({ "userName": "ada" }))).await.unwrap().output.id;
        let mut expected = vec![1];
        for (request, name) in [(bulk, "A"), (other, "B"), (bulk, "C")] {
            let group = json!({ "displayName": name, "members": [{ "value": ada.to_string() }] });
            // The last of its changes says that she came into it.
            expected.push(store.write(of(Some(request)), CreateGroup(group)).await.unwrap().changes.unwrap().1);
        }
        let walk = async |limit: usize| {
            let (mut told, mut requests, mut after) = (Vec::new(), Vec::new(), String::new());
            for _ in 0..PAGES {
                let path = format!("/tenants/acme/timeline?of={ada}&limit={limit}{after}");
                let page = desk.get(&operator, &path).await.body;
                let items = page["items"].as_array().unwrap();
                assert!(items.len() <= limit, "{page}");
                for item in items {
                    told.extend(item["changes"].as_array().unwrap().iter().map(|change| change["seq"].as_u64().unwrap()));
                    requests.extend(item["request"]["id"].as_str().map(str::to_owned));
                }
                let Some(next) = page["next"].as_str() else { break };
                after = format!("&after={next}");
            }
            told.sort_unstable();
            (told, requests)
        };
        for limit in [1, 2, 3, 4, 200] {
            assert_eq!(walk(limit).await, (expected.clone(), vec![]), "by {limit}, of a log that keeps nothing");
        }

        let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 8);
        for id in requests {
            let seen = event(Some(acme.id), now, if id == bulk || id == other { 200 } else { 409 });
            let seen = SyncEvent { id, request_id: id.to_string(), resource_id: Some(ada.as_uuid()), ..seen };
            sender.send(seen, false).await;
        }
        drop(sender);
        writer.run().await;
        for limit in [1, 2, 3, 4, 200] {
            let (told, seen) = walk(limit).await;
            assert_eq!(told, expected, "by {limit}");
            assert!(requests.iter().all(|id| seen.contains(&id.to_string())), "by {limit}: {seen:?}");
        }
        assert_eq!(walk(3).await.1, requests.map(|id| id.to_string()), "each request once too");
    }

    async fn a_story_says_where_each_change_stands_with_each_webhook_and_what_was_answered(on) {
        let scene = Scene::open(on).await;
        let ada = scene.user("ada").await;
        let of = ada.id.to_string();
        let told = async |seq: u64| deliveries(&scene, &scene.cookie().await, &of, seq).await.unwrap();
        assert_eq!(told(1).await, json!([]), "there is no webhook");
        let (app, _) = scene.hook(json!({})).await;
        scene.hook(json!({ "name": "Groups", "resourceType": "Group" })).await;
        let remove = RemoveUser(ada.id);
        scene.desk.store(&scene.acme).write(origin(scene.acme.id), remove).await.unwrap();
        assert_eq!(told(1).await, json!([]), "both began after it");
        let waits = json!([{ "webhookId": app, "name": "App", "state": "waiting", "attempts": 0 }]);
        assert_eq!(told(2).await, waits, "and one gets groups alone");

        scene.receiver.answers(503, "", "");
        scene.desk.send_what_is_due().await;
        let failed = told(2).await[0].clone();
        assert_eq!((&failed["state"], &failed["attempts"], &failed["status"]), (&json!("waiting"), &json!(1), &json!(503)));
        assert_eq!(failed["reason"], "it answered with status 503");
        assert!(failed["triedAt"].is_string() && failed["nextAt"].is_string() && failed.get("deliveredAt").is_none(), "{failed}");
        scene.receiver.answers(200, "", "");
        scene.desk.clock.advance_seconds(60);
        scene.desk.send_what_is_due().await;
        let came = told(2).await[0].clone();
        assert_eq!((&came["state"], &came["attempts"], &came["status"]), (&json!("delivered"), &json!(2), &json!(200)));
        assert!(came["deliveredAt"].is_string() && came["millis"].is_u64(), "{came}");
        assert!(came.get("triedAt").is_none() && came.get("nextAt").is_none() && came.get("reason").is_none(), "{came}");

        // Sent once more by hand and refused, it was there all the same.
        scene.receiver.answers(410, "", "");
        let list = scene.call("GET", &format!("/{app}/deliveries?outcome=delivered"), None, 200).await;
        let again = format!("/{app}/deliveries/{}/resend", list["items"][0]["id"].as_str().unwrap());
        assert_eq!(scene.call("POST", &again, None, 200).await["outcome"], "refused");
        assert_eq!(told(2).await[0], came);
        let bob = scene.user("bob").await.id.to_string();
        scene.desk.send_what_is_due().await;
        let parked = deliveries(&scene, &scene.cookie().await, &bob, 3).await.unwrap()[0].clone();
        assert_eq!((&parked["state"], &parked["attempts"], &parked["status"]), (&json!("parked"), &json!(1), &json!(410)));

        meddle(&scene.desk.scratch.store, scene.acme.id, "DELETE FROM webhook_deliveries WHERE tenant_id = {tenant}").await;
        let past = json!([{ "webhookId": app, "name": "App", "state": "past", "attempts": 0 }]);
        assert_eq!(told(2).await, past, "the webhook is past it, and no try is kept");
        let viewer = scene.desk.person("viewer@acme.test", None, &[(&scene.acme, Role::Viewer)]).await;
        let viewer = scene.desk.session(viewer).await;
        assert_eq!(deliveries(&scene, &viewer, &of, 2).await, None, "viewers see no webhooks");
    }
}
