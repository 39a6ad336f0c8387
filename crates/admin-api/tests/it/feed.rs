//! The feed's edges: filters, waiting, looking back, numbers that cannot be followed, and snapshots.

use std::time::Duration;

use domain::{Role, Tenant};
use futures_util::StreamExt;
use serde_json::{Value, json};
use store::testing::{CreateGroup, CreateUser, RemoveUser, meddle, origin};

use crate::desk::Desk;
use crate::on_both;

/// Whether a filter lets a kind of change through.
type Passes = fn(&str) -> bool;

async fn user(desk: &Desk, tenant: &Tenant, name: &str) -> domain::User {
    let store = desk.store(tenant);
    store.write(origin(tenant.id), CreateUser(json!({ "userName": name }))).await.unwrap().output
}

/// Types and numbers of a page, and what it says of how far it came.
async fn page(desk: &Desk, cookie: &str, query: &str) -> (Vec<(u64, String)>, Option<u64>, Option<u64>) {
    let answer = desk.call(Some(cookie), "GET", &format!("/tenants/acme/changes?{query}"), None).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let items = answer.body["items"].as_array().unwrap();
    let items = items.iter().map(|item| (item["seq"].as_u64().unwrap(), item["type"].as_str().unwrap().to_owned())).collect();
    (items, answer.body["through"].as_u64(), answer.body["next"].as_u64())
}

fn of(kind: &str, numbers: &[u64]) -> Vec<(u64, String)> {
    numbers.iter().map(|number| (*number, kind.to_owned())).collect()
}

/// All pages newest first, and how many there are.
async fn back(desk: &Desk, cookie: &str, query: &str) -> (Vec<(u64, String)>, usize) {
    let (mut found, mut pages, mut after) = (Vec::new(), 0, None);
    loop {
        let from = after.map(|after| format!("&after={after}")).unwrap_or_default();
        let (items, through, next) = page(desk, cookie, &format!("order=desc&{query}{from}")).await;
        assert!(items.iter().all(|(seq, _)| Some(*seq) <= through && next <= Some(*seq)), "{query}: {items:?}");
        found.extend(items);
        pages += 1;
        match next {
            None => return (found, pages),
            Some(next) => assert!(after.replace(next).is_none_or(|before| next < before), "{query}: no way down"),
        }
    }
}

on_both! {
    async fn a_filter_says_how_far_it_came_and_names_what_it_does_not_know(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let cookie = desk.operator().await;
        let ada = user(&desk, &acme, "ada@acme.test").await;
        for name in ["bob@acme.test", "cy@acme.test"] {
            user(&desk, &acme, name).await;
        }
        desk.store(&acme).write(origin(acme.id), RemoveUser(ada.id)).await.unwrap();
        assert_eq!(page(&desk, &cookie, "").await.1, Some(4));
        assert_eq!(page(&desk, &cookie, "type=user.deleted").await, (of("user.deleted", &[4]), Some(4), None));
        assert_eq!(page(&desk, &cookie, "type=user.deleted,user.created&limit=2").await, (of("user.created", &[1, 2]), Some(2), Some(2)));
        assert_eq!(page(&desk, &cookie, "resourceType=Group").await, (vec![], Some(4), None));
        let hers = page(&desk, &cookie, &format!("resource={}", ada.id)).await.0;
        assert_eq!(hers, [(1, "user.created".to_owned()), (4, "user.deleted".to_owned())]);
        for (query, field) in [
            ("type=user.exploded", "type"),
            ("type=user.created&resourceType=Group", "type"),
            ("wait=26", "wait"),
            ("wait=1&order=desc", "order"),
            ("wait=1&order=desc&type=user.created", "order"),
            ("order=desc&type=user.exploded", "type"),
            ("order=desc&type=user.created&resourceType=Group", "type"),
        ] {
            let refused = desk.call(Some(&cookie), "GET", &format!("/tenants/acme/changes?{query}"), None).await;
            assert_eq!((refused.status, refused.body["errors"][0]["field"].as_str()), (400, Some(field)), "{query}");
        }
    }

    async fn newest_first_pages_of_a_filter_are_all_that_pass_it(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let globex = desk.scratch.tenant("globex").await;
        let cookie = desk.operator().await;
        let store = desk.store(&acme);
        for round in 0..3 {
            let ada = user(&desk, &acme, &format!("ada{round}@acme.test")).await;
            let bob = user(&desk, &acme, &format!("bob{round}@acme.test")).await;
            let members = json!([{ "value": ada.id.to_string() }, { "value": bob.id.to_string() }]);
            let staff = json!({ "displayName": format!("Staff {round}"), "members": members });
            store.write(origin(acme.id), CreateGroup(staff)).await.unwrap();
            store.write(origin(acme.id), RemoveUser(ada.id)).await.unwrap();
            user(&desk, &globex, &format!("eve{round}@globex.test")).await;
        }
        let (all, pages) = back(&desk, &cookie, "limit=200").await;
        assert_eq!((pages, all.len()), (1, 15));
        assert!(all.is_sorted_by(|(a, _), (b, _)| a > b), "{all:?}");
        let filters: [(&str, Passes); 6] = [
            ("", |_| true),
            ("type=user.created", |kind| kind == "user.created"),
            ("type=user.deleted,group.created", |kind| kind == "user.deleted" || kind == "group.created"),
            ("resourceType=Group", |kind| kind.starts_with("group.")),
            ("resourceType=User&type=user.deleted,group.created", |kind| kind == "user.deleted"),
            ("type=user.roles_changed", |_| false),
        ];
        for (filter, passes) in filters {
            let wanted: Vec<_> = all.iter().filter(|(_, kind)| passes(kind)).cloned().collect();
            for limit in [1, 2, 4, 200] {
                let (found, pages) = back(&desk, &cookie, &format!("{filter}&limit={limit}")).await;
                assert_eq!(found, wanted, "{filter}, {limit} at a time");
                assert_eq!(pages, wanted.len().div_ceil(limit).max(1), "{filter}, {limit} at a time");
            }
        }
    }

    async fn newest_first_a_filter_is_asked_on_down_to_the_first_change_that_is_kept(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let cookie = desk.operator().await;
        let ada = user(&desk, &acme, "ada@acme.test").await;
        user(&desk, &acme, "bob@acme.test").await;
        desk.store(&acme).write(origin(acme.id), RemoveUser(ada.id)).await.unwrap();
        user(&desk, &acme, "cy@acme.test").await;
        // As if much of another type had come between.
        for moved in [
            "UPDATE changes SET seq = seq + 20000 WHERE tenant_id = {tenant} AND seq > 2",
            "UPDATE tenant_counters SET seq = 20004 WHERE tenant_id = {tenant}",
        ] {
            meddle(&desk.scratch.store, acme.id, moved).await;
        }
        let created = "order=desc&type=user.created";
        assert_eq!(page(&desk, &cookie, created).await, (of("user.created", &[20_004]), Some(20_004), Some(15_005)));
        assert_eq!(page(&desk, &cookie, &format!("{created}&after=15005")).await, (vec![], Some(15_004), Some(10_005)));
        assert_eq!(back(&desk, &cookie, "type=user.created").await, (of("user.created", &[20_004, 2, 1]), 5));
        assert_eq!(back(&desk, &cookie, "type=user.deleted").await, (of("user.deleted", &[20_003]), 5));
        // Of one resource its own changes count, and without types nothing has to be looked through.
        assert_eq!(back(&desk, &cookie, &format!("type=user.created&resource={}", ada.id)).await, (of("user.created", &[1]), 1));
        let hers = back(&desk, &cookie, &format!("resource={}", ada.id)).await;
        assert_eq!(hers, (vec![(20_003, "user.deleted".to_owned()), (1, "user.created".to_owned())], 1));
        assert_eq!(back(&desk, &cookie, "limit=1").await.1, 4);
        // A number that is yet to come is no reason to look for long.
        let ahead = page(&desk, &cookie, &format!("{created}&after=9000000000000")).await;
        assert_eq!(ahead, (of("user.created", &[20_004]), Some(20_004), Some(15_005)));
        meddle(&desk.scratch.store, acme.id, "DELETE FROM changes WHERE tenant_id = {tenant} AND seq <= 2").await;
        assert_eq!(back(&desk, &cookie, "type=user.created").await, (of("user.created", &[20_004]), 1));
        assert_eq!(page(&desk, &cookie, &format!("{created}&after=9000")).await, (vec![], Some(8_999), None));
        meddle(&desk.scratch.store, acme.id, "DELETE FROM changes WHERE tenant_id = {tenant}").await;
        for query in ["type=user.created", "resourceType=Group", ""] {
            assert_eq!(back(&desk, &cookie, query).await, (vec![], 1), "{query}");
        }
    }

    async fn who_waits_is_answered_by_the_change_and_not_before(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let globex = desk.scratch.tenant("globex").await;
        let cookie = desk.operator().await;
        user(&desk, &acme, "ada@acme.test").await;
        assert_eq!(page(&desk, &cookie, "after=1&wait=1").await, (vec![], Some(1), None));
        let waiting = page(&desk, &cookie, "after=1&wait=20&type=user.deleted");
        let ada = user(&desk, &acme, "bob@acme.test").await;
        let writing = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            user(&desk, &globex, "eve@globex.test").await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            let began = std::time::Instant::now();
            desk.store(&acme).write(origin(acme.id), RemoveUser(ada.id)).await.unwrap();
            began
        };
        let (answer, began) = tokio::join!(waiting, writing);
        assert_eq!(answer, (of("user.deleted", &[3]), Some(3), None));
        assert!(began.elapsed() < Duration::from_secs(10), "word came long before the time was up");
    }

    async fn a_number_that_cannot_be_followed_is_refused_and_a_snapshot_can(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let cookie = desk.operator().await;
        for n in 0..5 {
            user(&desk, &acme, &format!("p{n}@acme.test")).await;
        }
        meddle(&desk.scratch.store, acme.id, "DELETE FROM changes WHERE tenant_id = {tenant} AND seq <= 3").await;
        for path in ["changes?after=2", "changes?after=2&type=user.deleted", "changes?", "changes/stream?after=2", "changes/stream?after=0&type=user.deleted"] {
            let refused = desk.call(Some(&cookie), "GET", &format!("/tenants/acme/{path}"), None).await;
            assert_eq!((refused.status, refused.code()), (410, "changes_removed"), "{path}: {}", refused.body);
        }
        assert_eq!(page(&desk, &cookie, "after=3").await.0, of("user.created", &[4, 5]));
        for path in ["changes?after=6", "changes?after=6&wait=5", "changes/stream?after=6"] {
            let refused = desk.call(Some(&cookie), "GET", &format!("/tenants/acme/{path}"), None).await;
            assert_eq!((refused.status, refused.code()), (410, "changes_unknown"), "{path}");
        }
        // All of them may be gone, and who has them all goes on.
        meddle(&desk.scratch.store, acme.id, "DELETE FROM changes WHERE tenant_id = {tenant}").await;
        assert_eq!(page(&desk, &cookie, "after=5").await, (vec![], Some(5), None));
        let refused = desk.call(Some(&cookie), "GET", "/tenants/acme/changes?after=4", None).await;
        assert_eq!((refused.status, refused.code()), (410, "changes_removed"));
        let snapshot = desk.call(Some(&cookie), "GET", "/tenants/acme/snapshot", None).await.body;
        assert_eq!((&snapshot[0]["kind"], &snapshot[0]["seq"]), (&json!("snapshot"), &json!(5)));
    }

    async fn a_snapshot_is_of_one_moment_and_whole(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        desk.scratch.tenant("globex").await;
        let cookie = desk.operator().await;
        let mut ids = Vec::new();
        for n in 0..1_203 {
            ids.push(user(&desk, &acme, &format!("p{n}@acme.test")).await.id.to_string());
        }
        let members: Vec<Value> = ids.iter().map(|id| json!({ "value": id })).collect();
        let store = desk.store(&acme);
        let staff = store.write(origin(acme.id), CreateGroup(json!({ "displayName": "Staff", "members": members }))).await.unwrap();
        let seq = store.counters().await.unwrap().seq;
        // What is written while it is read is not in it.
        let mut snapshot = store.snapshot().await.unwrap();
        user(&desk, &acme, "late@acme.test").await;
        let (mut people, mut belonging) = (0, 0);
        while let Some(piece) = snapshot.next().await.unwrap() {
            match piece {
                store::Piece::Users(users) => people += users.len(),
                store::Piece::Groups(groups) => assert_eq!(groups[0].id, staff.output.id),
                store::Piece::Memberships(found) => belonging += found.len(),
            }
        }
        assert_eq!((snapshot.counters().seq, people, belonging), (seq, 1_203, 1_203));
        drop(snapshot);
        let lines = desk.call(Some(&cookie), "GET", "/tenants/acme/snapshot", None).await.body;
        let lines = lines.as_array().unwrap();
        let kinds = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).count();
        assert_eq!((kinds("user"), kinds("group"), kinds("end")), (1_204, 1, 1));
        assert!(kinds("members") >= 2, "a large group has several lines");
        let end = lines.last().unwrap();
        assert_eq!((&end["kind"], &end["users"], &end["memberships"]), (&json!("end"), &json!(1_204), &json!(1_203)));
        let globex = desk.call(Some(&cookie), "GET", "/tenants/globex/snapshot", None).await.body;
        assert_eq!(globex.as_array().unwrap().len(), 2, "nobody else's");
    }

    async fn only_so_many_snapshots_are_read_at_once_and_a_stream_ends_with_the_right(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let (operator, ada) = (desk.operator().await, desk.person("ada@acme.test", None, &[(&acme, Role::Developer)]).await);
        let hers = desk.session(ada).await;
        user(&desk, &acme, "p@acme.test").await;
        let held = [desk.response(&operator, "/tenants/acme/snapshot").await, desk.response(&operator, "/tenants/acme/snapshot").await];
        let refused = desk.call(Some(&operator), "GET", "/tenants/acme/snapshot", None).await;
        assert_eq!((refused.status, refused.code()), (429, "too_many_streams"));
        drop(held);
        assert_eq!(desk.call(Some(&operator), "GET", "/tenants/acme/snapshot", None).await.status, 200);
        let mut stream = Box::pin(desk.follow(&hers, "/tenants/acme/changes/stream", 0).await);
        assert!(stream.next().await.unwrap().contains("\"kind\":\"change\""));
        let path = format!("/tenants/acme/people/{ada}");
        assert_eq!(desk.call(Some(&operator), "DELETE", &path, None).await.status, 204);
        tokio::time::sleep(Duration::from_millis(3_500)).await;
        user(&desk, &acme, "late@acme.test").await;
        let ended = tokio::time::timeout(Duration::from_secs(20), stream.next()).await.unwrap();
        assert!(ended.is_none_or(|text| !text.contains("late@acme.test")), "nothing for somebody without a role");
    }
}
