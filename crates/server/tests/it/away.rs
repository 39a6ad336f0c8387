//! PostgreSQL is away for a while: each request is told so in time, nothing acknowledged is lost, and the service finds
//! back by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use directory_sync::conversation::{Address, Answer};
use domain::Secret;
use serde_json::{Map, json};
use store::testing::On;
use tokio::time::{sleep, timeout};

use crate::proxy::Proxy;
use crate::server::{Server, Tenant};

/// Two seconds are promised; a busy machine gets another one.
const TOLD_WITHIN: Duration = Duration::from_secs(3);
/// How long the service may take to find back.
const HEALED_WITHIN: Duration = Duration::from_secs(5);
/// The doors' own deadline, and a busy machine's second.
const GIVEN_UP_WITHIN: Duration = Duration::from_secs(31);
const CLIENTS: usize = 6;

/// What became of one request.
struct Seen {
    /// The person it was to make.
    name: Option<String>,
    took: Duration,
    answer: Answer,
}

/// Makes people or looks for them until told to stop.
async fn work(tenant: Arc<Tenant>, client: usize, stop: Arc<AtomicBool>) -> Vec<Seen> {
    let mut seen = Vec::new();
    for n in 0.. {
        let name = client.is_multiple_of(2).then(|| format!("c{client}-{n}"));
        let began = Instant::now();
        let answer = match &name {
            Some(name) => tenant.send("POST", "/Users", Some(json!({ "userName": name }))).await,
            None => tenant.send("GET", "/Users?count=1&filter=userName eq \"c0-0\"", None).await,
        };
        seen.push(Seen { name, took: began.elapsed(), answer });
        if stop.load(Ordering::Relaxed) {
            break;
        }
        sleep(Duration::from_millis(10)).await;
    }
    seen
}

/// What `/readyz` says, which it does in time, however mute the database is.
async fn readiness(server: &Server) -> Option<u16> {
    let probe = Address { server: server.address(), path: String::new(), token: Secret::new("-") };
    let asked = timeout(TOLD_WITHIN, probe.send("GET", "/readyz", &Map::new(), None)).await;
    assert!(asked.is_ok(), "a probe is answered");
    asked.ok()?.ok().map(|answer| answer.status)
}

/// A refusal in the words of SCIM that says when to come again.
fn is_told(answer: &Answer) -> bool {
    let body = answer.body.as_ref();
    let is_error = body.is_some_and(|body| body["schemas"] == json!([scim::ERROR_URN]) && body["status"] == "503");
    let again = answer.header("retry-after").is_some_and(|wait| wait.parse::<u32>().is_ok());
    let kind = answer.header("content-type").is_some_and(|kind| kind.starts_with("application/scim+json"));
    answer.status == 503 && is_error && again && kind
}

/// Takes PostgreSQL `away` under load for so long; each request must end within `limit`.
async fn survives(away: fn(&Proxy), length: Duration, limit: Duration) {
    let mut server = Server::prepare(On::Postgres).await;
    let proxy = Proxy::to(server.database_url());
    server.reach_database_at(proxy.url());
    server.serve().await;
    let tenant = Arc::new(server.tenant("acme"));
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS).map(|n| tokio::spawn(work(Arc::clone(&tenant), n, Arc::clone(&stop)))).collect();
    sleep(Duration::from_millis(700)).await;

    away(&proxy);
    let since = Instant::now();
    while readiness(&server).await != Some(503) {
        assert!(since.elapsed() < HEALED_WITHIN, "it says that it is ready");
    }
    sleep(length.saturating_sub(since.elapsed())).await;
    proxy.open();
    let back = Instant::now();
    loop {
        let made = tenant.send("POST", "/Users", Some(json!({ "userName": format!("healed-{:?}", back.elapsed()) }))).await;
        if made.status == 201 && readiness(&server).await == Some(200) {
            break;
        }
        assert!(back.elapsed() < HEALED_WITHIN, "still {} after {:?}", made.status, back.elapsed());
        sleep(Duration::from_millis(20)).await;
    }
    assert!(back.elapsed() < HEALED_WITHIN, "healed after {:?}", back.elapsed());
    sleep(Duration::from_millis(700)).await;
    stop.store(true, Ordering::Relaxed);

    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for client in clients {
        let seen = client.await.unwrap();
        assert!(seen.last().is_some_and(|last| matches!(last.answer.status, 200 | 201)), "nobody is left behind");
        for Seen { name, took, answer } in seen {
            assert!(took < limit, "{} after {took:?}", answer.status);
            match (answer.status, name) {
                (201, Some(name)) => acknowledged.push(name),
                (200, None) => {}
                (_, name) => {
                    assert!(is_told(&answer), "{name:?}: {} {}", answer.status, answer.text);
                    refused += 1;
                }
            }
        }
    }
    assert!(refused >= CLIENTS, "only {refused} requests met the database away");
    assert!(acknowledged.len() > CLIENTS, "only {acknowledged:?} were acknowledged");
    for name in &acknowledged {
        let found = tenant.send("GET", &format!("/Users?count=0&filter=userName eq \"{name}\""), None).await;
        assert_eq!(found.body.unwrap()["totalResults"], 1, "{name} was acknowledged");
    }
    let total = async |filter: &str| {
        tenant.send("GET", &format!("/Users?count=0{filter}"), None).await.body.unwrap()["totalResults"].clone()
    };
    assert_eq!(total("").await, total("&filter=userName pr").await, "what was cut off is whole or not there");
    assert!(server.stop(), "it ends by itself");
}

#[tokio::test]
async fn while_postgresql_refuses_each_request_is_told_within_two_seconds_and_it_heals_within_five() {
    survives(Proxy::refuse, Duration::from_secs(6), TOLD_WITHIN).await;
}

#[tokio::test]
async fn while_postgresql_is_silent_no_request_outlives_it_and_it_heals_within_five_seconds() {
    let length = Duration::from_secs(6);
    survives(Proxy::fall_silent, length, length + TOLD_WITHIN).await;
}

#[tokio::test]
#[ignore = "long: part of ./just soak"]
async fn while_postgresql_is_silent_for_long_each_request_is_given_up_in_time() {
    survives(Proxy::fall_silent, Duration::from_secs(50), GIVEN_UP_WITHIN).await;
}
