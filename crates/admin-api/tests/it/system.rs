//! What operators are told of the service itself.

use std::time::Duration;

use domain::{Clock, SyncEvent, SystemClock, Timestamp};
use serde_json::{Value, json};
use store::testing::event;
use store::{Node, RetentionRound};
use uuid::Uuid;

use crate::desk::Desk;
use crate::on_both;

fn node(id: Uuid, name: &str, seen_at: Timestamp) -> Node {
    let (version, address, started_at) = ("1.2.3".to_owned(), "127.0.0.1:8080".to_owned(), seen_at.plus_seconds(-3_600));
    Node { id, name: name.to_owned(), version, address, started_at, seen_at }
}

/// What came of each check, by its name.
fn passed(system: &Value) -> Vec<(&str, bool)> {
    let checks = system["checks"].as_array().unwrap();
    checks.iter().map(|check| (check["name"].as_str().unwrap(), check["passed"].as_bool().unwrap())).collect()
}

/// Brings the desk's clock to where the machine's is by now.
fn catch_up(desk: &Desk) {
    let behind = SystemClock.now().as_micros() - desk.clock.now().as_micros();
    desk.clock.advance_seconds(behind / 1_000_000);
}

on_both! {
    async fn the_system_says_what_it_is(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        desk.scratch.tenant("acme").await;
        let system = desk.get(&operator, "/system").await.body;
        assert_eq!((system["version"].as_str(), system["tenants"].as_u64()), (Some("1.2.3"), Some(1)));
        assert_eq!(system["database"], desk.scratch.store.engine_name());
        assert!(system["databaseBytes"].as_u64().unwrap() > 4_096, "{system}");
        assert_eq!((&system["waitingWrites"], &system["logQueue"]), (&json!(0), &json!({ "waiting": 0, "lost": 0 })));
        let histories: Vec<&str> =
            system["migrations"].as_array().unwrap().iter().map(|made| made["history"].as_str().unwrap()).collect();
        assert_eq!(histories, ["directory", "sync_log"]);
        for made in system["migrations"].as_array().unwrap() {
            assert!(made["made"].as_u64().unwrap() > 5 && made["newest"].as_str().unwrap().starts_with('m'), "{made}");
        }
        // A secret that is set is named and nothing else.
        let configuration = json!([{ "name": "listen", "value": "127.0.0.1:8080" }, { "name": "mail.url" }]);
        assert_eq!(system["configuration"], configuration);
    }

    async fn what_a_node_answered_in_the_last_hour_is_told_and_how_long_its_queues_wait(on) {
        let desk = Desk::open(on).await;
        let operator = desk.person("op@sync.example.com", None, &[]).await;
        let system = async || {
            let session = desk.session(operator).await;
            desk.get(&session, "/system").await.body
        };
        let (acme, globex) = (desk.scratch.tenant("acme").await.id, desk.scratch.tenant("globex").await.id);
        let last_hour = async || system().await["lastHour"].clone();
        assert_eq!(last_hour().await, json!({ "minutes": 1, "requests": 0, "rejected": 0, "failed": 0 }));
        let answered = async |tenant, seconds_ago: i64, status, millis: u64| {
            let at = desk.clock.now().plus_seconds(-seconds_ago);
            desk.log.send(SyncEvent { duration_micros: millis * 1_000, ..event(Some(tenant), at, status) }, true).await;
        };
        desk.clock.advance_seconds(2 * 3_600);
        answered(acme, 3_700, 200, 1).await;
        for (tenant, status, millis) in [(acme, 200, 2), (globex, 200, 2), (acme, 201, 2), (globex, 409, 40), (acme, 500, 900)] {
            answered(tenant, 120, status, millis).await;
        }
        // It took long, and another of a later minute was answered before it.
        answered(acme, 1, 200, 2).await;
        answered(globex, 120, 404, 2).await;
        let told = json!({
            "minutes": 60, "requests": 7, "rejected": 2, "failed": 1, "p50Ms": 2, "p95Ms": 1_000, "p99Ms": 1_000,
        });
        assert_eq!(last_hour().await, told);
        let queue = system().await;
        assert_eq!((&queue["logQueue"]["waiting"], queue.get("longestWriteMillis")), (&json!(8), None));
        assert!(queue["logQueue"]["longestMillis"].is_u64(), "{queue}");
        desk.clock.advance_seconds(3_600);
        assert_eq!(last_hour().await["requests"], json!(0), "what is older than an hour is counted no more");
    }

    async fn nodes_are_told_with_who_is_gone_and_who_answers(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        assert_eq!(desk.get(&operator, "/system").await.body["nodes"], json!([]));
        let (system, now) = (desk.scratch.store.system(), desk.clock.now());
        let (gone, other) = (node(Uuid::now_v7(), "gone", now.plus_seconds(-60)), node(Uuid::now_v7(), "other", now));
        for node in [&gone, &other, &node(desk.node, "this", now.plus_seconds(1))] {
            system.announce_node(node).await.unwrap();
        }
        let told = desk.get(&operator, "/system").await.body["nodes"].clone();
        let told: Vec<(&str, bool, bool)> = told
            .as_array()
            .unwrap()
            .iter()
            .map(|n| (n["name"].as_str().unwrap(), n["present"].as_bool().unwrap(), n["current"].as_bool().unwrap()))
            .collect();
        assert_eq!(told, [("gone", false, false), ("other", true, false), ("this", true, true)]);
    }

    async fn the_last_round_of_retention_is_told_whole_or_cut_short(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let retention = async || desk.get(&operator, "/system").await.body["retention"].clone();
        assert_eq!(retention().await, Value::Null, "there was none");
        let (system, began_at) = (desk.scratch.store.system(), desk.clock.now());
        let next_at = began_at.plus_seconds(3_600);
        let round = RetentionRound { began_at, took: Duration::from_millis(1_500), removed: Some(42), next_at };
        system.note_retention(round).await.unwrap();
        let (began, next) = (began_at.to_rfc3339(), next_at.to_rfc3339());
        assert_eq!(retention().await, json!({ "beganAt": began, "tookMillis": 1_500, "removed": 42, "nextAt": next }));
        system.note_retention(RetentionRound { removed: None, ..round }).await.unwrap();
        assert_eq!(retention().await, json!({ "beganAt": began, "tookMillis": 1_500, "nextAt": next }));
    }

    async fn a_node_finds_what_is_not_as_it_should_be(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        catch_up(&desk);
        let fine = desk.get(&operator, "/system").await.body;
        assert_eq!(passed(&fine), [("database", true), ("writable", true), ("clock", true), ("public_url", true)]);
        assert!(fine["checks"][0]["millis"].is_u64(), "{fine}");
        desk.clock.advance_seconds(600);
        let ahead = desk.get(&operator, "/system").await.body;
        assert_eq!(passed(&ahead)[2], ("clock", false));
        assert!((590_000..=610_000).contains(&ahead["checks"][2]["millis"].as_u64().unwrap()), "{ahead}");
        let exposed = Desk::reached_at(on, "http://sync.example.com").await;
        let operator = exposed.operator().await;
        assert_eq!(passed(&exposed.get(&operator, "/system").await.body)[3], ("public_url", false));
    }
}
