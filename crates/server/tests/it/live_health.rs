//! How a tenant is doing arrives as it changes, on any node, and only when it changes.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use store::testing::On;

use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::{Person, Stream};

const STREAM: &str = "/tenants/acme/health/stream";

/// The next message in which so many requests are counted.
fn counted(stream: &Stream, requests: u64) -> (Option<u64>, Value) {
    let began = Instant::now();
    loop {
        let (id, message) = stream.next();
        if message["day"]["requests"] == requests {
            return (id, message);
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{message}");
    }
}

async fn refused(tenant: &Tenant) {
    let answer = tenant.address().send("GET", "/Users?filter=userName%20zz%20%22a%22", &Map::new(), None).await.unwrap();
    assert_eq!(answer.status, 400);
}

on_both! {
    async fn a_state_that_changes_is_told_and_who_comes_back_hears_of_it_once(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let stream = olga.follow(STREAM, None);
        let (begun, message) = stream.next();
        assert_eq!((stream.status, message["health"].as_str()), (200, Some("waiting")));
        assert_eq!(message["connections"][0]["health"], "waiting");
        acme.person("ada").await;
        let (working, message) = counted(&stream, 1);
        assert_eq!((&message["health"], &message["people"]), (&json!("working"), &json!({ "total": 1, "active": 1 })));
        assert_eq!(message["connections"][0]["cycles"][0]["accepted"], 1);
        refused(&acme).await;
        let (failing, message) = counted(&stream, 2);
        assert_eq!((&message["health"], &message["day"]["refused"]), (&json!("failing"), &json!(1)));
        assert!(begun != working && working != failing);
        drop(stream);
        // Who knows it all hears of the next change, who does not hears at once.
        let up_to_date = olga.follow(STREAM, failing);
        let behind = olga.follow(STREAM, working);
        assert_eq!(behind.next().0, failing);
        acme.person("max").await;
        let (id, message) = up_to_date.next();
        assert_eq!((message["day"]["requests"].as_u64(), id == failing), (Some(3), false), "nothing came before: {message}");
        assert_eq!(olga.call("DELETE", "/session", None).await.status, 204);
        assert!(up_to_date.end() < Duration::from_secs(8), "it ends with the session");
        assert_eq!(olga.follow(STREAM, None).status, 401);
    }

    async fn a_problem_goes_by_itself_once_what_was_refused_is_accepted(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let open = async || {
            let page = olga.call("GET", "/tenants/acme/problems", None).await.body.unwrap();
            let open = page["items"].as_array().unwrap().iter().filter(|problem| problem["open"] != 0);
            open.map(|problem| format!("{} {}", problem["cause"].as_str().unwrap(), problem["open"])).collect::<Vec<_>>()
        };
        let until = async |expected: &[&str]| {
            let began = Instant::now();
            while open().await != expected {
                assert!(began.elapsed() < Duration::from_secs(20), "{:?} is not {expected:?}", open().await);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let stranger = Tenant { slug: "acme".to_owned(), token: "nonsense".to_owned(), server: server.address() };
        assert_eq!(stranger.send("GET", "/Users", None).await.status, 401);
        until(&["token_malformed 1"]).await;
        let ada = acme.person("ada").await;
        until(&[]).await;
        // The IdP sends two people whose userName is taken, one of them twice, and a change that cannot be.
        let person = |name: &str, id: &str| Some(json!({ "userName": name, "externalId": id, "displayName": "A" }));
        for (id, times) in [("e-1", 2), ("e-2", 1)] {
            for _ in 0..times {
                assert_eq!(acme.send("POST", "/Users", person("ADA", id)).await.status, 409);
            }
        }
        let bob = acme.person("bob").await;
        let rename = |name: &str| Some(json!({ "Operations": [{ "op": "replace", "path": "userName", "value": name }] }));
        assert_eq!(acme.send("PATCH", &format!("/Users/{bob}"), rename("ada")).await.status, 409);
        until(&["uniqueness 4"]).await;
        let title = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "T" }] });
        assert_eq!(acme.send("PATCH", &format!("/Users/{ada}"), Some(title)).await.status, 200);
        // One gets another userName, for the other one room is made, and the third change is another one.
        assert_eq!(acme.send("POST", "/Users", person("ada.1", "e-1")).await.status, 201);
        until(&["uniqueness 2"]).await;
        assert_eq!(acme.send("PATCH", &format!("/Users/{ada}"), rename("ada.0")).await.status, 200);
        assert_eq!(acme.send("POST", "/Users", person("ada", "e-2")).await.status, 201);
        until(&["uniqueness 1"]).await;
        assert_eq!(acme.send("PATCH", &format!("/Users/{bob}"), rename("bob.1")).await.status, 200);
        until(&[]).await;
        let page = olga.call("GET", "/tenants/acme/problems", None).await.body.unwrap();
        assert_eq!((&page["items"][0]["count"], &page["items"][0]["open"]), (&json!(4), &json!(0)), "what was is told still");
    }

    async fn wrong_tokens_of_strangers_do_not_make_a_tenant_fail(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let stream = olga.follow(STREAM, None);
        acme.person("ada").await;
        acme.person("max").await;
        let (_, message) = counted(&stream, 2);
        let (health, last) = (message["health"].clone(), message["lastRequestAt"].clone());
        assert_eq!(health, "working");
        let stranger = Tenant { slug: "acme".to_owned(), token: "nonsense".to_owned(), server: server.address() };
        for _ in 0..25 {
            assert!(stranger.send("GET", "/Users", None).await.status >= 400);
        }
        let (_, message) = counted(&stream, 27);
        assert_eq!((&message["health"], &message["lastRequestAt"]), (&health, &last));
        assert_eq!((&message["day"]["refused"], &message["connections"][0]["health"]), (&json!(25), &json!("working")));
        let told = olga.call("GET", "/tenants/acme", None).await.body.unwrap();
        assert_eq!(told["health"], "working");
    }

    async fn the_list_of_tenants_follows_what_happens(on) {
        let server = Server::start(on).await;
        let (acme, _quiet) = (server.tenant("acme"), server.tenant("quiet"));
        server.json(&["tenant", "create", "Bare", "--slug", "bare", "--json"]);
        let olga = Person::operator(&server).await;
        let slugs = async |query: &str| {
            let page = olga.call("GET", &format!("/tenants?{query}"), None).await.body.unwrap();
            page["items"].as_array().unwrap().iter().map(|tenant| tenant["slug"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let until = async |query: &str, expected: &[&str]| {
            let began = Instant::now();
            while slugs(query).await != expected {
                assert!(began.elapsed() < Duration::from_secs(20), "{query}: {:?} is not {expected:?}", slugs(query).await);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        acme.person("ada").await;
        until("standing=working", &["acme"]).await;
        until("standing=waiting", &["quiet"]).await;
        until("standing=not_connected", &["bare"]).await;
        until("sort=people&descending=true&limit=1", &["acme"]).await;
        refused(&acme).await;
        until("standing=failing", &["acme"]).await;
        until("sort=standing", &["acme", "bare", "quiet"]).await;
        assert_eq!(olga.call("PATCH", "/tenants/quiet", Some(json!({ "state": "suspended" }))).await.status, 200);
        assert_eq!(slugs("standing=suspended").await, ["quiet"], "what an admin did stands there at once");
        assert_eq!(olga.call("PATCH", "/tenants/quiet", Some(json!({ "state": "active" }))).await.status, 200);
        until("standing=waiting", &["quiet"]).await;
        // Done by another process, which this one does not hear of.
        server.token("bare", &[]);
        until("standing=not_connected", &[]).await;
    }
}

#[tokio::test]
async fn a_node_tells_what_came_to_another_and_knows_what_a_reader_has_from_there() {
    let first = Server::start(On::Postgres).await;
    let mut second = first.beside();
    second.serve().await;
    let here = first.tenant("acme");
    let olga = Person::operator(&first).await;
    let beside = Person { cookie: olga.cookie.clone(), server: second.address() };
    let there = Tenant { slug: "acme".to_owned(), token: here.token.clone(), server: second.address() };
    let stream = olga.follow(STREAM, None);
    stream.next();
    let began = Instant::now();
    there.person("ada").await;
    let (seen, message) = counted(&stream, 1);
    assert_eq!(message["health"], "working");
    assert!(began.elapsed() < Duration::from_secs(5), "word came from the other node");
    let moved = beside.follow(STREAM, seen);
    here.person("max").await;
    let (id, message) = moved.next();
    assert_ne!(id, seen, "what was seen on the other node is not told again: {message}");
    // People are counted when a person is written, the request when its event is.
    let id = if message["day"]["requests"] == 2 { id } else { counted(&moved, 2).0 };
    assert_eq!(counted(&stream, 2).0, id, "both nodes call it the same");
}

#[tokio::test]
async fn what_a_node_that_is_stopped_has_not_read_any_more_is_read_by_another() {
    let first = Server::start(On::Postgres).await;
    let mut second = first.beside();
    second.serve().await;
    let here = first.tenant("acme");
    let olga = Person::operator(&first).await;
    let there = Tenant { slug: "acme".to_owned(), token: here.token.clone(), server: second.address() };
    let counted = async |requests: u64| {
        let began = Instant::now();
        loop {
            let page = olga.call("GET", "/tenants?sort=requests", None).await.body.unwrap();
            if page["items"][0]["day"]["requests"] == requests {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{requests} are not in {page}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    there.person("ada").await;
    counted(1).await;
    // The tenant rests after a reading; the stop comes before its turn.
    there.person("max").await;
    assert!(tokio::task::spawn_blocking(move || second.stop()).await.unwrap(), "it ends by itself");
    counted(2).await;
}
