//! How fast requests may come, through the real server behind a proxy that it trusts.

use std::time::{Duration, Instant};

use directory_sync::conversation::{Address, Answer};
use domain::Secret;
use serde_json::{Map, Value, json};

use crate::on_both;
use crate::server::{Server, Tenant};

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
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        assert_eq!(busy.send("GET", "/Users?count=0", None).await.status, 200, "it goes on after the wait");
    }
}
