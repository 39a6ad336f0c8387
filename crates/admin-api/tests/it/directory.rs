//! People, groups and changes as the console reads them.

use domain::{Actor, Clock, Tenant};
use serde_json::{Value, json};
use store::Origin;
use store::testing::{CreateGroup, CreateUser, origin};

use crate::desk::Desk;
use crate::on_both;
use crate::roles::{drain, with_one_mapped};

async fn user(desk: &Desk, tenant: &Tenant, body: Value) -> String {
    desk.store(tenant).write(origin(tenant.id), CreateUser(body)).await.unwrap().output.id.to_string()
}

async fn group(desk: &Desk, tenant: &Tenant, name: &str, members: &[&str]) -> String {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
    let body = json!({ "displayName": name, "members": members });
    desk.store(tenant).write(origin(tenant.id), CreateGroup(body)).await.unwrap().output.id.to_string()
}

fn texts<'v>(body: &'v Value, field: &str) -> Vec<&'v str> {
    body["items"].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

on_both! {
    async fn people_are_found_by_what_one_knows_of_them(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let ada = json!({
            "userName": "ada@acme.test", "displayName": "Ada Byron", "externalId": "E-1",
            "name": { "givenName": "Ada", "familyName": "Byron" }, "emails": [{ "value": "A.Byron@acme.test", "type": "work" }],
        });
        let ada = user(&desk, &acme, ada).await;
        let max = user(&desk, &acme, json!({ "userName": "max@acme.test", "active": false, "name": { "familyName": "100%" } })).await;
        user(&desk, &desk.scratch.tenant("other").await, json!({ "userName": "ada@acme.test" })).await;
        let find = async |query: &str| desk.get(&operator, &format!("/tenants/acme/users?{query}")).await;
        for search in ["ADA", "ada%20b", "byr", "a.byron@", "E-1", &ada] {
            let found = find(&format!("search={search}")).await;
            assert_eq!(texts(&found.body, "id"), [&ada], "{search}");
            assert!(found.body.get("total").is_none());
        }
        assert_eq!(texts(&find("search=100%25").await.body, "id"), [&max]);
        for search in ["e-1", "yron", "%25", "a_a", "%22%20or%20active%20eq%20true", "\\"] {
            assert_eq!(texts(&find(&format!("search={search}")).await.body, "id"), [""; 0], "{search}");
        }
        let all = find("").await.body;
        assert_eq!((texts(&all, "id"), all["total"].as_u64()), (vec![ada.as_str(), max.as_str()], Some(2)));
        let inactive = find("active=false").await.body;
        assert_eq!((texts(&inactive, "id"), inactive["total"].as_u64()), (vec![max.as_str()], Some(1)));
        assert_eq!(find("search=%00").await.status, 400);
        assert_eq!(find("active=maybe").await.status, 400);
        let shown = &all["items"][0];
        assert_eq!((&shown["name"], &shown["email"]), (&json!("Ada Byron"), &json!("A.Byron@acme.test")));
    }

    async fn lists_are_read_page_by_page_without_gap_or_double(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let mut ids = Vec::new();
        for n in 0..7 {
            ids.push(user(&desk, &acme, json!({ "userName": format!("p{n}@acme.test") })).await);
        }
        let members: Vec<&str> = ids.iter().map(String::as_str).collect();
        let staff = group(&desk, &acme, "Staff", &members).await;
        for list in ["users?".to_owned(), format!("groups/{staff}/members?")] {
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page = desk.get(&operator, &format!("/tenants/acme/{list}limit=3{after}")).await.body;
                seen.extend(texts(&page, "id").into_iter().map(str::to_owned));
                match page["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => break,
                }
            }
            assert_eq!(seen, ids, "{list}");
        }
    }

    async fn one_person_shows_manager_and_groups_direct_and_not(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let boss = user(&desk, &acme, json!({ "userName": "boss", "displayName": "The Boss" })).await;
        let enterprise = |manager: &str| json!({ "manager": { "value": manager } });
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let ada = user(&desk, &acme, json!({ "userName": "ada", urn: enterprise(&boss) })).await;
        let bob = user(&desk, &acme, json!({ "userName": "bob", urn: enterprise("E-77") })).await;
        let team = group(&desk, &acme, "Team", &[&ada]).await;
        let all = group(&desk, &acme, "All", &[&team]).await;
        let shown = desk.get(&operator, &format!("/tenants/acme/users/{ada}")).await.body;
        assert_eq!(shown["manager"], json!({ "id": boss, "value": boss, "displayName": "The Boss" }));
        assert_eq!((&shown["version"], &shown["groups"]), (&json!(1), &json!(1)));
        assert_eq!(shown["resource"]["userName"], "ada");
        let lost = desk.get(&operator, &format!("/tenants/acme/users/{bob}")).await.body;
        assert_eq!(lost["manager"], json!({ "value": "E-77" }));
        let groups = desk.get(&operator, &format!("/tenants/acme/users/{ada}/groups")).await.body;
        assert_eq!(texts(&groups, "id"), [&team, &all]);
        assert_eq!(texts(&groups, "type"), ["direct", "indirect"]);
        for path in ["users/nobody".to_owned(), format!("users/{team}"), format!("groups/{ada}")] {
            assert_eq!(desk.get(&operator, &format!("/tenants/acme/{path}")).await.status, 404, "{path}");
        }
    }

    async fn people_are_listed_by_their_latest_change_and_by_their_lack_of_groups(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (_, credential) = desk.credential(&connection).await;
        let now = desk.clock.now();
        let mut made = Vec::new();
        for (name, hours_ago, active) in [("ada", 30, true), ("bob", 2, true), ("alan", 1, false)] {
            let actor = Actor::Connection { connection: connection.id, credential: credential.id };
            let from = Origin { actor, at: now.plus_seconds(-hours_ago * 3_600), ..origin(acme.id) };
            let body = json!({ "userName": name, "active": active });
            made.push(desk.store(&acme).write(from, CreateUser(body)).await.unwrap().output.id.to_string());
        }
        let staff = group(&desk, &acme, "Staff", &[&made[0], &made[2]]).await;
        // What follows from the group by itself came from no connection, and hides none.
        with_one_mapped(&desk, &desk.store(&acme), staff.parse().unwrap()).await;
        drain(&desk, &acme).await;
        let list = async |query: &str| desk.get(&operator, &format!("/tenants/acme/users?{query}")).await;
        let day = format!("changedSince={}", now.plus_days(-1).to_rfc3339());
        for (query, expected) in [
            (day.clone(), vec!["alan", "bob"]),
            (format!("{day}&active=true"), vec!["bob"]),
            (format!("{day}&inGroup=true"), vec!["alan"]),
            ("inGroup=false".to_owned(), vec!["bob"]),
            ("inGroup=true".to_owned(), vec!["ada", "alan"]),
            ("inGroup=true&active=true".to_owned(), vec!["ada"]),
            (format!("{day}&search=a"), vec!["alan"]),
            ("search=a&inGroup=false".to_owned(), vec![]),
        ] {
            let page = list(&query).await.body;
            assert_eq!(texts(&page, "userName"), expected, "{query}");
            assert_eq!((page.get("total"), page.get("next")), (None, None), "{query}");
        }
        let first = list(&format!("{day}&limit=1")).await.body;
        assert_eq!(texts(&first, "connectionId"), [connection.id.to_string()], "the connection that sent them");
        let second = list(&format!("{day}&limit=1&after={}", first["next"].as_str().unwrap())).await.body;
        assert_eq!((texts(&second, "userName"), second.get("next")), (vec!["bob"], None));
        for query in ["changedSince=yesterday".to_owned(), "inGroup=maybe".to_owned(), format!("{day}&after={}", made[0]), "after=1:2".to_owned()] {
            assert_eq!(list(&query).await.status, 400, "{query}");
        }
        let shown = desk.get(&operator, &format!("/tenants/acme/users/{}", made[0])).await.body;
        assert_eq!(shown["connectionId"], json!(connection.id.to_string()));
    }

    async fn one_group_shows_members_who_are_here_and_counts_those_who_are_not(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let ada = user(&desk, &acme, json!({ "userName": "ada", "active": false })).await;
        let sub = group(&desk, &acme, "Sub", &[]).await;
        let unknown = uuid::Uuid::now_v7().to_string();
        let staff = group(&desk, &acme, "Staff", &[&ada, &sub, &unknown]).await;
        let shown = desk.get(&operator, &format!("/tenants/acme/groups/{staff}")).await.body;
        assert_eq!((&shown["members"], &shown["unresolvedMembers"]), (&json!(2), &json!(1)));
        assert!(shown["resource"].get("members").is_none());
        let members = desk.get(&operator, &format!("/tenants/acme/groups/{staff}/members")).await.body;
        assert_eq!(
            members["items"],
            json!([
                { "id": ada, "type": "User", "name": "ada", "userName": "ada", "active": false },
                { "id": sub, "type": "Group", "name": "Sub" },
            ])
        );
        let found = desk.get(&operator, &format!("/tenants/acme/groups/{staff}/members?search=AD")).await.body;
        assert_eq!(texts(&found, "id"), [&ada]);
        let groups = desk.get(&operator, "/tenants/acme/groups").await.body;
        assert_eq!((texts(&groups, "displayName"), &groups["total"]), (vec!["Sub", "Staff"], &json!(2)));
        assert_eq!(texts(&desk.get(&operator, "/tenants/acme/groups?search=sta").await.body, "id"), [&staff]);
    }

    async fn members_who_are_not_here_yet_are_named_with_what_is_known_of_them(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let (acme, other) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("other").await);
        let ada = user(&desk, &acme, json!({ "userName": "ada" })).await;
        let from = Origin { request_id: Some("request-1".to_owned()), at: desk.clock.now(), ..origin(acme.id) };
        let members = json!([
            { "value": "Zoe@acme.test", "type": "User" }, { "value": "bob@acme.test" }, { "value": "team", "type": "Group" }, { "value": ada },
        ]);
        let made = desk.store(&acme).write(from, CreateGroup(json!({ "displayName": "Staff", "members": members }))).await.unwrap();
        let staff = made.output.id.to_string();
        group(&desk, &acme, "Others", &["somebody-else"]).await;
        group(&desk, &other, "Staff", &["bob@acme.test"]).await;
        let list = async |query: &str| desk.get(&operator, &format!("/tenants/acme/groups/{staff}/unresolved-members?{query}")).await;
        let since = desk.clock.now().to_rfc3339();
        let all = list("").await.body;
        assert_eq!(
            all,
            json!({ "items": [
                { "value": "bob@acme.test", "since": since, "requestId": "request-1" },
                { "value": "team", "type": "Group", "since": since, "requestId": "request-1" },
                { "value": "Zoe@acme.test", "type": "User", "since": since, "requestId": "request-1" },
            ] })
        );
        let (mut walked, mut after) = (Vec::new(), String::new());
        loop {
            let page = list(&format!("limit=1{after}")).await.body;
            walked.extend(texts(&page, "value").into_iter().map(str::to_owned));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(walked, texts(&all, "value"));
        user(&desk, &acme, json!({ "userName": "BOB@acme.test" })).await;
        assert_eq!(texts(&list("").await.body, "value"), ["team", "Zoe@acme.test"], "who comes is waited for no longer");
        assert_eq!(list("after=%00").await.status, 400);
        for group in ["nobody", &ada] {
            let missing = desk.get(&operator, &format!("/tenants/acme/groups/{group}/unresolved-members")).await;
            assert_eq!(missing.status, 404, "{group}");
        }
        let elsewhere = desk.get(&operator, &format!("/tenants/other/groups/{staff}/unresolved-members")).await;
        assert_eq!(elsewhere.status, 404, "another tenant's group is nobody's");
        let counted = async || desk.get(&operator, "/tenants/acme/unresolved-members").await.body;
        let seen = counted().await;
        assert_eq!((&seen["members"], &seen["groups"]), (&json!(3), &json!(2)));
        assert_eq!(seen["most"][0], json!({ "id": staff, "displayName": "Staff", "unresolvedMembers": 2 }));
        assert_eq!(seen["most"][1]["displayName"], "Others");
        for name in ["team", "zoe@acme.test", "somebody-else"] {
            user(&desk, &acme, json!({ "userName": name })).await;
        }
        group(&desk, &acme, "team", &[]).await;
        let after = counted().await;
        assert_eq!((&after["members"], &after["groups"], &after["most"]), (&json!(0), &json!(0), &json!([])));
        assert_eq!(desk.get(&operator, "/tenants/other/unresolved-members").await.body["members"], 1);
    }

    async fn changes_come_in_order_with_names(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let ada = user(&desk, &acme, json!({ "userName": "ada", "displayName": "Ada" })).await;
        group(&desk, &acme, "Staff", &[&ada]).await;
        let list = async |query: &str| desk.get(&operator, &format!("/tenants/acme/changes?{query}")).await.body;
        let all = list("").await;
        let seqs = |body: &Value| body["items"].as_array().unwrap().iter().map(|c| c["seq"].as_u64().unwrap()).collect::<Vec<_>>();
        assert_eq!(texts(&all, "type"), ["user.created", "group.created", "group.members_changed"]);
        assert_eq!(seqs(&all), [1, 2, 3]);
        assert!(all.get("next").is_none());
        assert_eq!(all["items"][0]["after"]["userName"], "ada");
        assert!(all["items"][0].get("before").is_none());
        assert_eq!(all["items"][0]["actor"], json!({ "kind": "system" }));
        assert_eq!(all["items"][2]["membersAdded"], json!([{ "id": ada, "type": "User", "name": "Ada" }]));
        assert_eq!(all["items"][2]["memberCounts"], json!({ "added": 1, "removed": 0 }));
        let first = list("limit=2").await;
        assert_eq!((seqs(&first), &first["next"]), (vec![1, 2], &json!(2)));
        assert_eq!(seqs(&list("after=2").await), [3]);
        assert_eq!(seqs(&list("order=desc&limit=2").await), [3, 2]);
        assert_eq!(seqs(&list("order=desc&after=2").await), [1]);
        assert_eq!(seqs(&list(&format!("resource={ada}")).await), [1]);
        assert_eq!(desk.get(&operator, "/tenants/acme/changes?order=up").await.status, 400);
    }
}
