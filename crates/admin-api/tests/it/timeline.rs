//! A story in pages: each change stands in it once, however requests lie across each other.

use domain::{Clock, SyncEvent, SyncEventId, Timestamp};
use serde_json::json;
use store::testing::{CreateGroup, CreateUser, event, origin};
use store::{Origin, SyncLogWriter};

use crate::desk::Desk;
use crate::on_both;

/// Most pages of the story here.
const PAGES: usize = 20;

/// An id as it is made at that moment.
fn made_at(at: Timestamp) -> SyncEventId {
    let millis = u64::try_from(at.as_micros() / 1_000).unwrap();
    uuid::Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid().into()
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
}
