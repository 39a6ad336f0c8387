//! How fast requests may come, through the real server behind a proxy that it trusts.

use std::time::{Duration, Instant};

use directory_sync::conversation::{Address, Answer};
use domain::{Cause, Secret};
use serde_json::{Map, Value, json};
use store::SyncEventFilter;
use store::testing::On;

use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

async fn send(tenant: &Tenant, token: &str, from: &str) -> Answer {
    let headers: Map<String, Value> = Map::from_iter([("X-Forwarded-For".to_owned(), json!(from))]);
    let address = Address { token: Secret::new(token), ..tenant.address() };
    address.send("GET", "/Users?count=1", &headers, None).await.unwrap()
}

on_both! {
    async fn guessing_is_slowed_by_address_and_good_tokens_are_not(on) {
        let mut server = Server::prepare(on).await;
        server.flags(&["--trusted-proxies", "127.0.0.0/8"]);
        server.serve().await;
        let (tenant, other) = (server.tenant("acme"), server.tenant("other"));
        let guessed = format!("dsk_{}", "x".repeat(52));
        let mut statuses = Vec::new();
        let began = Instant::now();
        for n in 0..80 {
            // Malformed, unknown and another tenant's: all are guesses.
            let token = match n % 3 { 0 => "x", 1 => &guessed, _ => &other.token };
            statuses.push(send(&tenant, token, "198.51.100.7").await.status);
        }
        let (refused, slowed) = (statuses.iter().filter(|status| **status == 401).count(), statuses.iter().filter(|status| **status == 429).count());
        assert_eq!(refused + slowed, 80, "{statuses:?}");
        // One a second comes back while they run.
        let regained = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
        assert!((60..=60 + regained).contains(&refused), "{refused} in {:?}", began.elapsed());
        let wait = send(&tenant, "x", "198.51.100.7").await;
        if wait.status == 429 {
            let header = |name: &str| wait.header(name).unwrap().to_owned();
            assert_eq!((header("retry-after"), header("ratelimit-limit"), header("ratelimit-remaining")), ("1".into(), "60".into(), "0".into()));
            assert_eq!(wait.body.unwrap()["schemas"], json!([scim::ERROR_URN]));
        }
        for from in ["198.51.100.7", "198.51.100.8"] {
            assert_eq!(send(&tenant, &tenant.token, from).await.status, 200, "a good token from {from}");
        }
        assert_eq!(send(&tenant, "x", "198.51.100.8").await.status, 401, "another address");
        // Whose address was guessed at sees it in the log, and nobody else does.
        let waits = slowed + usize::from(wait.status == 429);
        assert!(waits > 0, "80 guesses at once and nobody was slowed");
        let too_fast = SyncEventFilter { cause: Some("too_fast".to_owned()), limit: 100, ..SyncEventFilter::default() };
        let told = server.logged("acme", &too_fast, waits).await;
        assert_eq!(told.len(), waits);
        for event in &told {
            let (which, limit, wait) = ("failures".to_owned(), "60".to_owned(), "1".to_owned());
            assert_eq!((event.status, &event.cause), (429, &Some(Cause::TooFast { which, limit, wait })));
            assert_eq!((event.address.as_str(), event.credential), ("198.51.100.7", None));
        }
        assert!(server.logged("other", &too_fast, 0).await.is_empty());
    }

    async fn a_tenant_beyond_its_ceiling_waits_and_others_do_not(on) {
        let mut server = Server::prepare(on).await;
        server.flags(&["--tenant-requests-per-second", "5"]);
        server.serve().await;
        let (busy, quiet) = (server.tenant("busy"), server.tenant("quiet"));
        let answers = futures_util::future::join_all((0..40).map(|_| busy.send("GET", "/Users?count=0", None))).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
        assert!(statuses.iter().all(|status| [200, 429].contains(status)), "{statuses:?}");
        let left = quiet.send("GET", "/Users?count=0", None).await;
        let header = |name: &str| left.header(name).map(str::to_owned);
        assert_eq!((left.status, header("ratelimit-limit").as_deref(), header("ratelimit-remaining").as_deref()), (200, Some("5"), Some("4")));
        assert_eq!(header("ratelimit-reset").as_deref(), Some("1"));
        let too_fast = SyncEventFilter { cause: Some("too_fast".to_owned()), limit: 100, ..SyncEventFilter::default() };
        let (which, limit, wait) = ("ceiling".to_owned(), "5".to_owned(), "1".to_owned());
        let told = server.logged("busy", &too_fast, 1).await;
        assert_eq!(told[0].cause, Some(Cause::TooFast { which, limit, wait }), "its ceiling is named");
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        assert_eq!(busy.send("GET", "/Users?count=0", None).await.status, 200, "it goes on after the wait");
    }

    async fn an_operator_gives_one_tenant_a_ceiling_of_its_own_and_takes_it_away(on) {
        let mut server = Server::prepare(on).await;
        server.flags(&["--tenant-requests-per-second", "7"]);
        server.serve().await;
        let (acme, other) = (server.tenant("acme"), server.tenant("other"));
        let olga = Person::operator(&server).await;
        let limits = async || (limit(&acme).await, limit(&other).await);
        assert_eq!(limits().await, (Some("7".to_owned()), Some("7".to_owned())));
        let set = async |ceiling: Value| {
            let answer = olga.call("PATCH", "/tenants/acme", Some(json!({ "ceiling": ceiling }))).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        };
        // At once where it was set.
        set(json!({ "rule": "own", "requestsPerSecond": 3 })).await;
        assert_eq!(limits().await, (Some("3".to_owned()), Some("7".to_owned())));
        let answers = futures_util::future::join_all((0..20).map(|_| acme.send("GET", "/Users?count=0", None))).await;
        let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
        let header = |name: &str| refused.header(name).map(str::to_owned);
        assert_eq!((header("retry-after").as_deref(), header("ratelimit-limit").as_deref()), (Some("1"), Some("3")));
        assert_eq!(refused.body.as_ref().unwrap()["schemas"], json!([scim::ERROR_URN]));
        set(json!({ "rule": "none" })).await;
        assert_eq!(limits().await, (None, Some("7".to_owned())));
        let answers = futures_util::future::join_all((0..40).map(|_| acme.send("GET", "/Users?count=0", None))).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "none counts them");
        set(json!({ "rule": "general" })).await;
        assert_eq!(limits().await.0.as_deref(), Some("7"));
        // From another process within a second.
        for (word, shown) in [("9", Some("9")), ("none", None), ("general", Some("7"))] {
            assert_eq!(server.json(&["tenant", "ceiling", "acme", word, "--json"])["requestCeiling"], word);
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            assert_eq!(limits().await, (shown.map(str::to_owned), Some("7".to_owned())), "{word}");
        }
        for wrong in ["0", "fast", "100001"] {
            assert!(server.refused(&["tenant", "ceiling", "acme", wrong]).contains("is no ceiling"), "{wrong}");
        }
    }
}

/// The ceiling that an answer to a tenant names.
async fn limit(tenant: &Tenant) -> Option<String> {
    let answer = tenant.send("GET", "/Users?count=0", None).await;
    assert_eq!(answer.status, 200);
    answer.header("ratelimit-limit").map(str::to_owned)
}

#[tokio::test]
async fn a_ceiling_that_is_set_on_one_node_holds_on_the_other_within_a_second() {
    let first = Server::start(On::Postgres).await;
    let mut second = first.beside();
    second.serve().await;
    let here = first.tenant("acme");
    let there = Tenant { slug: "acme".to_owned(), token: here.token.clone(), server: second.address() };
    let olga = Person::operator(&first).await;
    for (ceiling, shown) in [(json!({ "rule": "own", "requestsPerSecond": 11 }), Some("11")), (json!({ "rule": "none" }), None)] {
        limit(&there).await;
        assert_eq!(olga.call("PATCH", "/tenants/acme", Some(json!({ "ceiling": ceiling }))).await.status, 200);
        let set = Instant::now();
        assert_eq!(limit(&here).await.as_deref(), shown);
        while limit(&there).await.as_deref() != shown {
            assert!(set.elapsed() < Duration::from_millis(1_500), "{ceiling}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
