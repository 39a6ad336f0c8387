//! A mirror is proven equal, or told where it is not: every kind of difference, range by range, and hostile questions.

use std::collections::BTreeMap;

use domain::{Fingerprint, Role, Tenant};
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::testing::{CreateGroup, CreateUser, RemoveUser, meddle, origin};
use uuid::Uuid;

use crate::desk::{Answer, Desk};
use crate::on_both;

/// What a mirror has: ids with their resources.
type Held = BTreeMap<String, Value>;

async fn user(desk: &Desk, tenant: &Tenant, body: Value) -> String {
    desk.store(tenant).write(origin(tenant.id), CreateUser(body)).await.unwrap().output.id.to_string()
}

async fn group(desk: &Desk, tenant: &Tenant, name: &str, members: &[&String]) -> String {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    let body = json!({ "displayName": name, "members": members });
    desk.store(tenant).write(origin(tenant.id), CreateGroup(body)).await.unwrap().output.id.to_string()
}

/// People, groups and members as a snapshot has them.
async fn mirrored(desk: &Desk, cookie: &str) -> (Held, Held, Vec<String>) {
    let lines = desk.get(cookie, "/tenants/acme/snapshot").await.body;
    let lines = lines.as_array().unwrap();
    let of = |kind: &str| -> Held {
        let lines = lines.iter().filter(|line| line["kind"] == kind);
        lines.map(|line| (line["id"].as_str().unwrap().to_owned(), line["resource"].clone())).collect()
    };
    let members = lines.iter().flat_map(|line| line["members"].as_array().into_iter().flatten());
    (of("user"), of("group"), members.map(|member| member["id"].as_str().unwrap().to_owned()).collect())
}

fn items(held: &Held) -> Vec<Value> {
    held.iter().map(|(id, resource)| json!({ "id": id, "hash": Fingerprint::of(resource).unwrap().to_string() })).collect()
}

async fn ask(desk: &Desk, cookie: &str, question: Value) -> Answer {
    desk.call(Some(cookie), "POST", "/tenants/acme/drift", Some(question)).await
}

/// All that is held against the directory in ranges of so many; what the answers say together.
async fn walk(desk: &Desk, cookie: &str, base: &Value, items: &[Value], range: usize) -> Value {
    let (mut after, mut checked) = (None::<String>, 0);
    let mut all = json!({ "missing": [], "differing": [], "unknown": [] });
    let mut rounds = 0;
    loop {
        rounds += 1;
        assert!(rounds < 1_000, "the walk has no end");
        let left: Vec<&Value> = items.iter().filter(|item| item["id"].as_str() > after.as_deref()).collect();
        let mut question = base.clone();
        question["items"] = left.iter().take(range).copied().cloned().collect();
        question["last"] = (left.len() <= range).into();
        if let Some(after) = &after {
            question["after"] = after.as_str().into();
        }
        let answer = ask(desk, cookie, question).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        checked += answer.body["checked"].as_u64().unwrap();
        for kind in ["missing", "differing", "unknown"] {
            all[kind].as_array_mut().unwrap().extend(answer.body[kind].as_array().unwrap().clone());
        }
        let Some(through) = answer.body["through"].as_str() else {
            assert_eq!(answer.body["more"], false);
            all["checked"] = checked.into();
            all["seq"] = answer.body["seq"].clone();
            return all;
        };
        assert!(after.as_deref() < Some(through), "each range goes on");
        after = Some(through.to_owned());
    }
}

fn nothing(checked: usize, seq: u64) -> Value {
    json!({ "missing": [], "differing": [], "unknown": [], "checked": checked, "seq": seq })
}

on_both! {
    async fn an_equal_mirror_is_proven_equal_in_ranges_of_any_length(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let globex = desk.scratch.tenant("globex").await;
        let ada = desk.person("ada@acme.test", None, &[(&acme, Role::Developer)]).await;
        let hers = desk.session(ada).await;
        assert_eq!(walk(&desk, &hers, &json!({ "resourceType": "User" }), &[], 1).await, nothing(0, 0));
        let mut ids = Vec::new();
        for n in 0..431 {
            let body = json!({ "userName": format!("p{n}@acme.test"), "displayName": "Zoë \u{1f600} \"Z\" \u{2028}\t/", "active": n % 3 == 0 });
            ids.push(user(&desk, &acme, body).await);
        }
        user(&desk, &globex, json!({ "userName": "elsewhere@globex.test" })).await;
        let staff = group(&desk, &acme, "Staff", &ids.iter().take(205).collect::<Vec<_>>()).await;
        group(&desk, &acme, "Nobody", &[]).await;
        let (users, groups, members) = mirrored(&desk, &hers).await;
        let members: Vec<Value> = members.iter().map(|id| json!({ "id": id })).collect();
        let seq = desk.store(&acme).counters().await.unwrap().seq;
        for range in [7, 200, 431, 1_000] {
            assert_eq!(walk(&desk, &hers, &json!({ "resourceType": "User" }), &items(&users), range).await, nothing(431, seq));
            assert_eq!(walk(&desk, &hers, &json!({ "resourceType": "Group" }), &items(&groups), range).await, nothing(2, seq));
            let base = json!({ "resourceType": "Member", "groupId": staff });
            assert_eq!(walk(&desk, &hers, &base, &members, range).await, nothing(205, seq));
        }
    }

    async fn every_difference_is_named_with_the_change_that_was_missed(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let globex = desk.scratch.tenant("globex").await;
        let cookie = desk.operator().await;
        let mut ids = Vec::new();
        for name in ["ada", "bob", "cy", "dan"] {
            ids.push(user(&desk, &acme, json!({ "userName": format!("{name}@acme.test") })).await);
        }
        let elsewhere = user(&desk, &globex, json!({ "userName": "eve@globex.test" })).await;
        let never = Uuid::now_v7().to_string();
        let staff = group(&desk, &acme, "Staff", &[&ids[0], &ids[2], &ids[3]]).await;
        let (mut users, mut groups, _) = mirrored(&desk, &cookie).await;
        desk.store(&acme).write(origin(acme.id), RemoveUser(ids[2].parse().unwrap())).await.unwrap();
        users.remove(&ids[0]);
        users.get_mut(&ids[1]).unwrap()["title"] = "Countess".into();
        users.insert(elsewhere.clone(), json!({}));
        users.insert(never.clone(), json!({}));
        groups.get_mut(&staff).unwrap()["displayName"] = "staff".into();
        for range in [1, 2, 1_000] {
            let told = walk(&desk, &cookie, &json!({ "resourceType": "User" }), &items(&users), range).await;
            assert_eq!(told["missing"], json!([{ "id": ids[0], "seq": 1 }]));
            assert_eq!(told["differing"], json!([{ "id": ids[1], "seq": 2, "version": 1 }]));
            // Another tenant's is what never was.
            assert_eq!(told["unknown"], json!([{ "id": ids[2], "deletedSeq": 7 }, { "id": elsewhere }, { "id": never }]));
            assert_eq!((&told["checked"], &told["seq"]), (&json!(6), &json!(7)));
        }
        let told = walk(&desk, &cookie, &json!({ "resourceType": "Group" }), &items(&groups), 1).await;
        assert_eq!(told["differing"][0]["id"], staff.as_str());
        // Of the group the mirror has who was deleted and who never came, and has not who did.
        let members = [json!({ "id": ids[1] }), json!({ "id": ids[2] }), json!({ "id": ids[3] })];
        let told = walk(&desk, &cookie, &json!({ "resourceType": "Member", "groupId": staff }), &members, 2).await;
        assert_eq!(told["missing"], json!([{ "id": ids[0], "seq": 6 }]));
        assert_eq!(told["unknown"], json!([{ "id": ids[1] }, { "id": ids[2], "deletedSeq": 7 }]));
        assert_eq!(told["differing"], json!([]));
        // What is kept no longer is not named.
        meddle(&desk.scratch.store, acme.id, "DELETE FROM changes WHERE tenant_id = {tenant}").await;
        let told = walk(&desk, &cookie, &json!({ "resourceType": "User" }), &items(&users), 1_000).await;
        assert_eq!(told["missing"], json!([{ "id": ids[0] }]));
        assert_eq!(told["differing"], json!([{ "id": ids[1], "version": 1 }]));
        assert_eq!(told["unknown"][0], json!({ "id": ids[2] }));
    }

    async fn more_differences_than_are_told_at_once_are_told_in_turn(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let cookie = desk.operator().await;
        // They come before everybody's.
        let strangers: Vec<Value> = (0..990).map(|_| json!({ "id": Uuid::now_v7(), "hash": "0".repeat(64) })).collect();
        let mut ids = Vec::new();
        for n in 0..25 {
            ids.push(user(&desk, &acme, json!({ "userName": format!("p{n}@acme.test") })).await);
        }
        let question = json!({ "resourceType": "User", "items": strangers, "last": true });
        let first = ask(&desk, &cookie, question).await.body;
        let count = |kind: &str| first[kind].as_array().unwrap().len();
        assert_eq!((count("unknown"), count("missing"), &first["more"]), (990, 10, &json!(true)));
        assert_eq!(first["through"], ids[9].as_str());
        let question = json!({ "resourceType": "User", "items": [], "after": first["through"], "last": true });
        let rest = ask(&desk, &cookie, question).await.body;
        assert_eq!((rest["missing"].as_array().unwrap().len(), &rest["more"]), (15, &json!(false)));
        assert_eq!((&rest["missing"][0]["id"], rest.get("through")), (&json!(ids[10]), None));
        // There is nothing after the last.
        let question = json!({ "resourceType": "User", "items": [], "after": ids[24], "last": true });
        assert_eq!(ask(&desk, &cookie, question).await.body["checked"], 0);
    }

    async fn a_question_that_is_not_right_is_told_where(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let globex = desk.scratch.tenant("globex").await;
        let cookie = desk.operator().await;
        let ada = user(&desk, &acme, json!({ "userName": "ada@acme.test" })).await;
        let bob = user(&desk, &acme, json!({ "userName": "bob@acme.test" })).await;
        let theirs = group(&desk, &globex, "Theirs", &[]).await;
        let hash = "0".repeat(64);
        let item = |id: &str| json!({ "id": id, "hash": hash });
        let many: Vec<Value> = (0..1_001).map(|_| item(&Uuid::now_v7().to_string())).collect();
        for (question, field) in [
            (json!({ "resourceType": "User", "items": [item(&bob), item(&ada)] }), "items[1].id"),
            (json!({ "resourceType": "User", "items": [item(&ada), item(&ada)] }), "items[1].id"),
            (json!({ "resourceType": "User", "items": [item(&ada)], "after": ada }), "items[0].id"),
            (json!({ "resourceType": "User", "items": [item(&ada)], "after": "x" }), "after"),
            (json!({ "resourceType": "User", "items": [item(&ada.to_uppercase())] }), "items[0].id"),
            (json!({ "resourceType": "User", "items": [item("' OR 1=1")] }), "items[0].id"),
            (json!({ "resourceType": "User", "items": [{ "id": ada }] }), "items[0].hash"),
            (json!({ "resourceType": "User", "items": [{ "id": ada, "hash": "A".repeat(64) }] }), "items[0].hash"),
            (json!({ "resourceType": "User", "items": [{ "id": ada, "hash": "ab" }] }), "items[0].hash"),
            (json!({ "resourceType": "User", "items": [] }), "items"),
            (json!({ "resourceType": "User", "items": many, "last": true }), "items"),
            (json!({ "resourceType": "User", "groupId": theirs, "items": [], "last": true }), "groupId"),
            (json!({ "resourceType": "Member", "items": [], "last": true }), "groupId"),
            (json!({ "resourceType": "Member", "groupId": "x", "items": [], "last": true }), "groupId"),
            (json!({ "resourceType": "Member", "groupId": theirs, "items": [], "last": true }), "groupId"),
            (json!({ "resourceType": "Member", "groupId": theirs, "items": [item(&ada)], "last": true }), "items[0].hash"),
            (json!({ "resourceType": "Tenant", "items": [], "last": true }), "body"),
            (json!({ "resourceType": "User", "items": [], "last": true, "extra": 1 }), "body"),
            (json!({ "resourceType": "User", "items": [{ "id": ada, "hash": hash, "version": 1 }] }), "body"),
            (json!({ "resourceType": "User", "items": "all", "last": true }), "body"),
        ] {
            let refused = ask(&desk, &cookie, question.clone()).await;
            assert_eq!((refused.status, refused.body["errors"][0]["field"].as_str()), (400, Some(field)), "{question}");
        }
        // A whole question fits, and no more than that is read.
        let whole = json!({ "resourceType": "User", "items": &many[1..], "last": true });
        assert_eq!(ask(&desk, &cookie, whole).await.body["more"], true);
        let long = json!({ "resourceType": "User", "items": [], "last": true, "after": "x".repeat(300_000) });
        assert_eq!(ask(&desk, &cookie, long).await.status, 413);
    }

    async fn one_question_of_a_tenant_is_answered_at_a_time_and_a_few_wait(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        user(&desk, &acme, json!({ "userName": "ada@acme.test" })).await;
        let cookie = desk.session(desk.person("viewer@acme.test", None, &[(&acme, Role::Viewer)]).await).await;
        let question = json!({ "resourceType": "User", "items": [], "last": true });
        let answers = join_all((0..40).map(|_| ask(&desk, &cookie, question.clone()))).await;
        let (answered, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert!(answered.len() >= 4, "{} have a place", answered.len());
        assert!(!refused.is_empty(), "the line of a tenant has an end");
        for answer in refused {
            assert_eq!((answer.status, answer.code()), (429, "too_many_at_once"));
            assert!(answer.headers.contains_key("retry-after"));
        }
        assert_eq!(ask(&desk, &cookie, question).await.status, 200, "who comes again has a place");
    }
}
