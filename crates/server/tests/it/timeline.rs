//! "What happened to Ada?": one story by any name she ever had, through the real doors.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

/// The story told once it has as many items, for the log is written a moment after the answers.
async fn story(olga: &Person, of: &str, items: usize) -> Value {
    let began = Instant::now();
    loop {
        let answer = olga.call("GET", &format!("/tenants/acme/timeline?of={of}"), None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let story = answer.body.unwrap();
        let told = story["items"].as_array().unwrap();
        if told.len() >= items && told.iter().all(|item| !item["request"].is_null()) || began.elapsed() > Duration::from_secs(5) {
            return story;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Each item in short: the answer's status and what was changed.
fn told(story: &Value) -> Vec<String> {
    let item = |item: &Value| {
        let status = item["request"]["status"].to_string();
        let changes: Vec<_> = item["changes"].as_array().unwrap().iter().map(|change| change["type"].as_str().unwrap()).collect();
        format!("{status} {}", changes.join(" ")).trim().to_owned()
    };
    story["items"].as_array().unwrap().iter().map(item).collect()
}

async fn patch(acme: &Tenant, path: &str, operation: Value) {
    let answer = acme.send("PATCH", path, Some(json!({ "Operations": [operation] }))).await;
    assert!(answer.status < 300, "{}", answer.text);
}

on_both! {
    async fn what_happened_to_somebody_is_told_by_any_name_they_ever_had(on) {
        let server = Server::start(on).await;
        let (acme, olga) = (server.tenant("acme"), Person::operator(&server).await);
        acme.send("GET", "/Users?filter=userName eq \"ada@acme.test\"", None).await;
        acme.send("POST", "/Users", Some(json!({ "userName": "ada@acme.test", "active": "maybe" }))).await;
        let ada = acme.person("ada@acme.test").await;
        let bob = acme.person("bob@acme.test").await;
        let members = json!([{ "value": ada }, { "value": bob }]);
        let group = acme.send("POST", "/Groups", Some(json!({ "displayName": "Leads", "members": members }))).await.body.unwrap();
        let group = group["id"].as_str().unwrap().to_owned();
        acme.send("GET", "/Users?filter=userName eq \"ada@acme.test\"", None).await;
        patch(&acme, &format!("/Users/{ada}"), json!({ "op": "replace", "path": "userName", "value": "byron@acme.test" })).await;
        patch(&acme, &format!("/Groups/{group}"), json!({ "op": "remove", "path": format!("members[value eq \"{ada}\"]") })).await;
        acme.send("DELETE", &format!("/Users/{ada}"), None).await;

        let expected = [
            "204 user.deleted",
            "200 group.members_changed",
            "200 user.updated",
            "201 group.members_changed",
            "201 user.created",
            "400",
            "200",
        ];
        for name in ["ada@acme.test", "BYRON@acme.test", ada.as_str()] {
            let story = story(&olga, name, expected.len()).await;
            assert_eq!(told(&story), expected, "{name}");
            assert_eq!((&story["subjects"][0]["id"], &story["subjects"][0]["here"]), (&json!(ada), &json!(false)), "{name}");
            let of_group = &story["items"][1]["changes"][0];
            assert_eq!(of_group["membersRemoved"].as_array().unwrap().len(), 1);
            assert_eq!(story["items"][3]["changes"][0]["membersAdded"].as_array().unwrap().len(), 1, "nobody else is named");
        }
        let refused = &story(&olga, &ada, expected.len()).await["items"][5];
        assert_eq!((&refused["request"]["status"], &refused["repairs"][0]["rule"]), (&json!(400), &json!("missing_schemas")));
        let with_reads = olga.call("GET", &format!("/tenants/acme/timeline?of={ada}&reads=true"), None).await.body.unwrap();
        assert_eq!(with_reads["items"].as_array().unwrap().len(), expected.len() + 1, "the look-up that found her");

        // In pages of two it is the same story.
        let (mut pages, mut after) = (Vec::new(), String::new());
        loop {
            let page = olga.call("GET", &format!("/tenants/acme/timeline?of={ada}&limit=2{after}"), None).await;
            let page = page.body.unwrap();
            pages.extend(told(&page));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(pages, expected);

        // Who was never made has a story as well; who was never heard of has none.
        acme.send("POST", "/Users", Some(json!({ "userName": "max@acme.test", "active": "maybe" }))).await;
        let max = story(&olga, "max@acme.test", 1).await;
        assert_eq!((told(&max), &max["subjects"]), (vec!["400".to_owned()], &json!([])));
        assert_eq!(told(&story(&olga, "nobody@acme.test", 0).await), [""; 0]);
        for wrong in ["", "ada&after=x", "ada&after=1.2.3", "ada&limit=0"] {
            assert_eq!(olga.call("GET", &format!("/tenants/acme/timeline?of={wrong}"), None).await.status, 400, "{wrong}");
        }
        let globex = server.tenant("globex");
        globex.person("g@globex.test").await;
        let foreign = olga.call("GET", &format!("/tenants/globex/timeline?of={ada}"), None).await.body.unwrap();
        assert_eq!((told(&foreign), &foreign["subjects"][0]["here"]), (vec![], &json!(false)));
    }

    async fn somebody_is_found_by_the_name_that_rows_show(on) {
        let server = Server::start(on).await;
        let (acme, olga) = (server.tenant("acme"), Person::operator(&server).await);
        let make = async |user_name: &str, name: Value| {
            let made = acme.send("POST", "/Users", Some(json!({ "userName": user_name, "name": name }))).await;
            made.body.unwrap()["id"].as_str().unwrap().to_owned()
        };
        let ada = make("al@acme.test", json!({ "givenName": "Ada", "familyName": "King Lovelace" })).await;
        let max = make("me@acme.test", json!({ "formatted": "Ernst, Max", "givenName": "Max", "familyName": "Ernst" })).await;
        let zoe = make("zz@acme.test", json!({ "familyName": "Zola" })).await;
        let cyd = make("cc@acme.test", json!({ "givenName": "Cyd" })).await;
        let store = server.store().await;
        let id = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap().id;
        for (name, known, person) in [
            ("ADA king LOVELACE", vec![ada.clone()], &ada),
            ("Ernst, Max", vec![max.clone()], &max),
            ("zola", vec![zoe.clone()], &zoe),
            // Of whom no family name is known the log alone knows it.
            ("Cyd", vec![], &cyd),
        ] {
            let found = store.tenant(id).known_as(name, 6).await.unwrap();
            assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), known, "{name}");
            let told_of = story(&olga, name, 1).await;
            assert_eq!((told(&told_of), &told_of["subjects"][0]["id"]), (vec!["201 user.created".to_owned()], &json!(person)), "{name}");
        }
        for nobody in ["Lovelace", "Max", "King Lovelace, Ada"] {
            assert!(store.tenant(id).known_as(nobody, 6).await.unwrap().is_empty(), "{nobody}");
        }
        store.close().await;
    }

    async fn who_was_refused_in_a_bulk_request_has_it_in_their_story(on) {
        let server = Server::start(on).await;
        let (acme, olga) = (server.tenant("acme"), Person::operator(&server).await);
        let ada = acme.person("ada@acme.test").await;
        let title = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "T" }] });
        let operations = json!([
            { "method": "POST", "path": "/Users", "bulkId": "b", "data": { "userName": "bob@acme.test" } },
            { "method": "POST", "path": "/Users", "bulkId": "e", "data": { "userName": "eve@acme.test", "active": "maybe" } },
            { "method": "PATCH", "path": format!("/Users/{ada}"), "version": "W/\"9\"", "data": title },
        ]);
        assert_eq!(acme.send("POST", "/Bulk", Some(json!({ "Operations": operations }))).await.status, 200);
        // The request is told by what was refused first of it.
        let of_eve = story(&olga, "eve@acme.test", 1).await;
        assert_eq!((told(&of_eve), &of_eve["subjects"]), (vec!["400".to_owned()], &json!([])));
        let request = &of_eve["items"][0]["request"];
        assert_eq!((&request["outcome"], &request["cause"]["code"]), (&json!("rejected"), &json!("invalid_value")));
        assert_eq!(request["resourceName"], "eve@acme.test");
        for of_ada in [ada.as_str(), "ada@acme.test"] {
            assert_eq!(told(&story(&olga, of_ada, 2).await), ["400", "201 user.created"], "{of_ada}");
        }
        assert_eq!(told(&story(&olga, "bob@acme.test", 1).await), ["400 user.created"], "what was done is told too");
    }

    async fn the_end_of_a_group_is_told_to_those_who_were_in_it(on) {
        let server = Server::start(on).await;
        let (acme, olga) = (server.tenant("acme"), Person::operator(&server).await);
        let (ada, bob, max) = (acme.person("ada@acme.test").await, acme.person("bob@acme.test").await, acme.person("max@acme.test").await);
        let members = json!([{ "value": ada }, { "value": bob }]);
        let group = acme.send("POST", "/Groups", Some(json!({ "displayName": "Leads", "members": members }))).await.body.unwrap();
        let group = group["id"].as_str().unwrap().to_owned();
        let path = format!("/Groups/{group}");
        patch(&acme, &path, json!({ "op": "remove", "path": format!("members[value eq \"{bob}\"]") })).await;
        assert_eq!(acme.send("DELETE", &path, None).await.status, 204);

        let of_ada = story(&olga, &ada, 3).await;
        assert_eq!(told(&of_ada), ["204 group.deleted", "201 group.members_changed", "201 user.created"]);
        let end = &of_ada["items"][0]["changes"][0];
        assert_eq!((&end["resourceId"], &end["resourceName"]), (&json!(group), &json!("Leads")));
        assert_eq!((end.get("membersRemoved"), end.get("memberCounts")), (None, None), "of others nothing is told");
        let of_bob = story(&olga, &bob, 3).await;
        assert_eq!(told(&of_bob), ["200 group.members_changed", "201 group.members_changed", "201 user.created"], "bob had left before");
        assert_eq!(told(&story(&olga, &max, 1).await), ["201 user.created"]);
        let of_group = story(&olga, &group, 3).await;
        assert_eq!(told(&of_group)[0], "204 group.deleted");
    }

    async fn what_strangers_ask_is_told_and_changes_nobodys_story(on) {
        let server = Server::start(on).await;
        let (acme, olga) = (server.tenant("acme"), Person::operator(&server).await);
        let (ada, bob) = (acme.person("ada@acme.test").await, acme.person("bob@acme.test").await);
        acme.send("DELETE", &format!("/Users/{ada}"), None).await;
        let stranger = Tenant { slug: "acme".to_owned(), token: "made-up".to_owned(), server: acme.server };
        let made_up: Vec<String> = (0..6).map(|_| uuid::Uuid::now_v7().to_string()).collect();
        for id in made_up.iter().chain([&bob]) {
            let path = format!("/Users/{id}?filter=userName eq \"ada@acme.test\"");
            assert_eq!(stranger.send("GET", &path, None).await.status, 401);
        }
        let secret = "/Users?filter=password eq \"hunter2-hunter2\"";
        assert_eq!(acme.send("GET", secret, None).await.status, 400);
        let story_of_ada = story(&olga, "ada@acme.test", 9).await;
        let subjects = story_of_ada["subjects"].as_array().unwrap();
        assert_eq!(subjects.iter().map(|subject| &subject["id"]).collect::<Vec<_>>(), [&json!(ada)], "nobody else");
        let mut expected = vec!["401"; 7];
        expected.extend(["204 user.deleted", "201 user.created"]);
        assert_eq!(told(&story_of_ada), expected);
        assert_eq!(told(&story(&olga, &bob, 1).await), ["201 user.created"], "a stranger's word is not taken for whom it is about");
        let log = olga.call("GET", "/tenants/acme/sync-events?statusClass=4", None).await.text;
        assert!(log.contains("invalid_filter") && !log.contains("hunter2"), "{log}");
        assert_eq!(olga.call("GET", "/tenants/acme/timeline?of=%00", None).await.status, 400);
    }

    async fn who_waits_to_be_a_member_is_found_and_is_not_the_group(on) {
        let server = Server::start(on).await;
        let (acme, olga) = (server.tenant("acme"), Person::operator(&server).await);
        let group = acme.send("POST", "/Groups", Some(json!({ "displayName": "Leads" }))).await.body.unwrap();
        let path = format!("/Groups/{}", group["id"].as_str().unwrap());
        patch(&acme, &path, json!({ "op": "add", "path": "members", "value": [{ "value": "max@acme.test" }] })).await;
        let max = story(&olga, "max@acme.test", 1).await;
        assert_eq!((told(&max), &max["subjects"]), (vec!["200".to_owned()], &json!([])));
        let cause = &max["items"][0]["request"]["cause"];
        assert_eq!((&cause["code"], &cause["params"]["count"]), (&json!("members_waiting"), &json!("1")));
        let waiting = async || {
            let list = format!("/tenants/acme/groups/{}/unresolved-members", group["id"].as_str().unwrap());
            olga.call("GET", &list, None).await.body.unwrap()["items"].clone()
        };
        let first = waiting().await;
        assert_eq!(first[0]["requestId"], max["items"][0]["request"]["id"], "the request that named them");
        let put = |members: &[&str]| {
            let members: Vec<_> = members.iter().map(|member| json!({ "value": member })).collect();
            acme.send("PUT", &path, Some(json!({ "displayName": "Leads", "members": members })))
        };
        assert_eq!(put(&["max@acme.test", "zoe@acme.test"]).await.status, 200);
        let both = waiting().await;
        assert_eq!((&both[0], &both[1]["value"]), (&first[0], &json!("zoe@acme.test")), "who is named again waits since the first time");
        assert_eq!(put(&["zoe@acme.test"]).await.status, 200);
        assert_eq!(waiting().await[0], both[1], "who is named no more is waited for no more");
        assert_eq!(put(&["max@acme.test"]).await.status, 200);
        let id = acme.person("max@acme.test").await;
        let max = story(&olga, "max@acme.test", 4).await;
        assert_eq!(max["subjects"].as_array().unwrap().len(), 1);
        assert_eq!(max["subjects"][0]["id"], json!(id));
    }
}
