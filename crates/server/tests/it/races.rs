//! Sixteen clients at once.

use directory_sync::conversation::Answer;
use futures_util::future::join_all;
use serde_json::{Map, Value, json};
use store::{ChangeOrder, ChangeQuery};

use crate::on_both;
use crate::server::{Server, Tenant};

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

fn replace(path: &str, value: &Value) -> Value {
    json!({ "Operations": [{ "op": "replace", "path": path, "value": value }] })
}

/// Changes a title where the person is still in this version.
async fn retitle(tenant: &Tenant, path: &str, version: &str, title: String) -> Answer {
    let headers: Map<String, Value> = json!({ "if-match": version }).as_object().unwrap().clone();
    let body = replace("title", &Value::from(title));
    tenant.address().send("PATCH", path, &headers, Some(&body)).await.unwrap()
}

/// How many changes of a resource the feed has.
async fn changes(server: &Server, id: &str) -> usize {
    let store = server.store().await;
    let tenant = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap().id;
    let resource = Some(id.parse().unwrap());
    let query = ChangeQuery { order: ChangeOrder::OldestFirst, beyond: None, resource, between: None, limit: 100 };
    let found = store.tenant(tenant).changes(query).await.unwrap().len();
    store.close().await;
    found
}

/// One of sixteen people that a client would have in one's place, whole.
fn whole(n: usize) -> Value {
    let (name, mail) = (format!("ada{n}"), format!("ada{n}@acme.test"));
    json!({ "userName": name, "title": format!("t{n}"), "displayName": format!("Ada {n}"), "emails": [{ "value": mail, "type": "work" }] })
}

/// Ids of a group's members in order.
fn members(group: &Value) -> Vec<String> {
    let mut ids: Vec<String> =
        group["members"].as_array().unwrap().iter().map(|member| member["value"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    ids
}

on_both! {
    async fn sixteen_creates_of_one_name_have_one_winner(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let body = json!({ "userName": "ada@acme.test" });
        let answers = join_all((0..16).map(|_| tenant.send("POST", "/Users", Some(body.clone())))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(201), count(409)), (1, 15));
        let loser = answers.iter().find(|answer| answer.status == 409).unwrap().body.clone().unwrap();
        assert_eq!(loser["scimType"], "uniqueness");
        let winner = answers.iter().find(|answer| answer.status == 201).unwrap().body.clone().unwrap();
        assert!(loser["detail"].as_str().unwrap().contains(winner["id"].as_str().unwrap()));
    }

    async fn sixteen_clients_add_different_members_and_none_is_lost(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let group = tenant.send("POST", "/Groups", Some(json!({ "displayName": "Engineers" }))).await.body.unwrap();
        let path = format!("/Groups/{}", group["id"].as_str().unwrap());
        let people = join_all((0..16).map(|i| { let tenant = &tenant; async move { tenant.person(&format!("p{i}")).await } })).await;
        let adds = people.iter().map(|id| {
            let body = json!({ "Operations": [{ "op": "add", "path": "members", "value": [{ "value": id }] }] });
            tenant.send("PATCH", &path, Some(body))
        });
        assert!(join_all(adds).await.iter().all(|answer| answer.status == 200));
        let after = tenant.send("GET", &path, None).await;
        assert_eq!(after.header("etag"), Some("W/\"17\""));
        let members = after.body.unwrap()["members"].as_array().unwrap().len();
        assert_eq!(members, 16);
    }

    async fn sixteen_patches_of_one_version_have_one_winner(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let id = tenant.person("ada").await;
        let path = format!("/Users/{id}");
        let answers = join_all((0..16).map(|n| retitle(&tenant, &path, "W/\"1\"", format!("t{n}")))).await;
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 15));
        let winner = answers.iter().find(|answer| answer.status == 200).unwrap();
        let after = tenant.send("GET", &path, None).await;
        assert_eq!((after.header("etag"), &after.body), (Some("W/\"2\""), &winner.body));
        assert_eq!(changes(&server, &id).await, 2);
    }

    async fn of_sixteen_replaced_whole_one_stands_whole_and_each_was_a_change(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let id = tenant.person("ada").await;
        let path = format!("/Users/{id}");
        let answers = join_all((0..16).map(|n| tenant.send("PUT", &path, Some(whole(n))))).await;
        assert_eq!(count(&answers, 200), 16, "{:?}", answers.iter().map(|answer| &answer.text).collect::<Vec<_>>());
        let mut versions: Vec<&str> = answers.iter().map(|answer| answer.header("etag").unwrap()).collect();
        let mut expected: Vec<String> = (2..18).map(|version| format!("W/\"{version}\"")).collect();
        versions.sort_unstable();
        expected.sort_unstable();
        assert_eq!(versions, expected, "each has a version of its own");
        let same = |shown: &Value, n: usize| {
            let sent = whole(n);
            ["userName", "title", "displayName"].iter().all(|name| shown[name] == sent[name])
                && shown["emails"].as_array().unwrap().len() == 1
                && shown["emails"][0]["value"] == sent["emails"][0]["value"]
        };
        for (n, answer) in answers.iter().enumerate() {
            assert!(same(answer.body.as_ref().unwrap(), n), "its own answer: {}", answer.text);
        }
        let after = tenant.send("GET", &path, None).await;
        let last = answers.iter().find(|answer| answer.header("etag") == Some("W/\"17\"")).unwrap();
        assert_eq!((after.header("etag"), &after.body), (Some("W/\"17\""), &last.body));
        assert_eq!((0..16).filter(|n| same(after.body.as_ref().unwrap(), *n)).count(), 1);
        assert_eq!(changes(&server, &id).await, 17, "as many as versions");
        // The names and addresses of the fifteen others are free again.
        let taken = format!("/Users?count=0&filter={}", "userName sw \"ada\" or emails.value sw \"ada\"");
        assert_eq!(tenant.send("GET", &taken, None).await.body.unwrap()["totalResults"], 1);
        for n in 0..16 {
            let found = tenant.send("GET", &format!("/Users?count=0&filter=userName eq \"ada{n}\""), None).await.body.unwrap();
            let there = after.body.as_ref().unwrap()["userName"] == format!("ada{n}");
            assert_eq!(found["totalResults"], u64::from(there), "ada{n}");
        }
    }

    async fn sixteen_people_renamed_to_one_name_have_one_winner(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let mut people = Vec::new();
        for n in 0..16 {
            people.push(tenant.person(&format!("p{n}")).await);
        }
        let paths: Vec<String> = people.iter().map(|id| format!("/Users/{id}")).collect();
        let name = json!("ada");
        let answers = join_all(paths.iter().map(|path| tenant.send("PATCH", path, Some(replace("userName", &name))))).await;
        assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 15));
        let winner = answers.iter().position(|answer| answer.status == 200).unwrap();
        for answer in answers.iter().filter(|answer| answer.status == 409) {
            let told = answer.body.as_ref().unwrap();
            assert_eq!(told["scimType"], "uniqueness");
            assert!(told["detail"].as_str().unwrap().contains(&people[winner]), "{told}");
        }
        for (n, path) in paths.iter().enumerate() {
            let shown = tenant.send("GET", path, None).await;
            let (name, version) = if n == winner { ("ada".to_owned(), "W/\"2\"") } else { (format!("p{n}"), "W/\"1\"") };
            assert_eq!((&shown.body.as_ref().unwrap()["userName"], shown.header("etag")), (&json!(name), Some(version)));
        }
    }

    async fn of_sixteen_lists_of_members_one_stands_whole(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let mut people = Vec::new();
        for n in 0..16 {
            people.push(tenant.person(&format!("p{n}")).await);
        }
        let group = tenant.send("POST", "/Groups", Some(json!({ "displayName": "Engineers" }))).await.body.unwrap();
        let path = format!("/Groups/{}", group["id"].as_str().unwrap());
        // Each shares a part with its neighbours, so that a mixture would be none of them.
        let lists: Vec<Vec<&String>> = (0..16).map(|n| (n..n + 5).map(|at| &people[at % 16]).collect()).collect();
        let replaces = lists.iter().enumerate().map(|(n, list)| {
            let list: Vec<Value> = list.iter().map(|id| json!({ "value": id })).collect();
            let (method, body) = match n % 2 {
                0 => ("PUT", json!({ "displayName": "Engineers", "members": list })),
                _ => ("PATCH", replace("members", &json!(list))),
            };
            tenant.send(method, &path, Some(body))
        });
        let answers = join_all(replaces).await;
        assert_eq!(count(&answers, 200), 16);
        let after = tenant.send("GET", &path, None).await;
        assert_eq!(after.header("etag"), Some("W/\"17\""), "no list was the one before it");
        let standing = members(after.body.as_ref().unwrap());
        let is = |list: &&Vec<&String>| {
            let mut list: Vec<&String> = (*list).clone();
            list.sort_unstable();
            list.into_iter().eq(&standing)
        };
        assert_eq!(lists.iter().filter(is).count(), 1, "{standing:?}");
        let found = tenant.send("GET", "/Users?count=1000", None).await.body.unwrap();
        let inside = found["Resources"].as_array().unwrap().iter().filter(|user| user["groups"].is_array()).count();
        assert_eq!(inside, 5, "people say the same of themselves");
    }
}
