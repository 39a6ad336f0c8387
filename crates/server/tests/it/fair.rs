//! One tenant at full speed beside another that is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use directory_sync::conversation::Answer;
use domain::Cause;
use futures_util::future::join_all;
use serde_json::json;
use store::SyncEventFilter;

use crate::on_both;
use crate::server::{Server, Tenant};

/// People of the noisy tenant, so that a filter without an index has something to do.
const PEOPLE: usize = 1_000;
/// Its clients; half of them read, half of them write.
const NOISY: usize = 48;

async fn filled(tenant: &Tenant) {
    let people: Vec<_> = (0..PEOPLE)
        .map(|n| json!({ "method": "POST", "path": "/Users", "bulkId": n.to_string(), "data": { "userName": format!("p{n}"), "title": format!("t{n}") } }))
        .collect();
    let made = tenant.send("POST", "/Bulk", Some(json!({ "schemas": [scim::BULK_URN], "Operations": people }))).await;
    assert_eq!(made.status, 200, "{}", made.text);
}

/// The heaviest that one may ask, again and again, or writes without a pause.
async fn shout(tenant: Arc<Tenant>, n: usize, stop: Arc<AtomicBool>) -> Vec<u16> {
    let mut statuses = Vec::new();
    for round in 0.. {
        let answer = if n.is_multiple_of(2) {
            let filter = "(title co \"zz\" or nickName ew \"qq\") and not (locale eq \"xx\")";
            tenant.send("GET", &format!("/Users?count=1000&sortBy=title&filter={filter}"), None).await
        } else {
            tenant.send("POST", "/Users", Some(json!({ "userName": format!("w{n}-{round}") }))).await
        };
        statuses.push(answer.status);
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    statuses
}

/// A few requests a second of each kind; the longest time of one, and every status.
async fn quietly(tenant: &Tenant, name: &str) -> (Duration, Vec<u16>) {
    let (mut longest, mut statuses) = (Duration::ZERO, Vec::new());
    for n in 0..30 {
        for (method, path, body) in [
            ("POST", "/Users".to_owned(), Some(json!({ "userName": format!("{name}{n}") }))),
            ("GET", format!("/Users?filter=userName eq \"{name}{n}\""), None),
            ("GET", "/ServiceProviderConfig".to_owned(), None),
        ] {
            let began = Instant::now();
            statuses.push(tenant.send(method, &path, body).await.status);
            longest = longest.max(began.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (longest, statuses)
}

fn all_well(statuses: &[u16]) -> bool {
    statuses.iter().all(|status| matches!(status, 200 | 201))
}

on_both! {
    async fn case_41_a_noisy_tenant_costs_a_quiet_one_no_request(on) {
        let server = Server::start(on).await;
        let (noisy, quiet) = (Arc::new(server.tenant("noisy")), server.tenant("quiet"));
        filled(&noisy).await;
        let (alone, statuses) = quietly(&quiet, "a").await;
        assert!(all_well(&statuses), "{statuses:?}");
        let stop = Arc::new(AtomicBool::new(false));
        let flood: Vec<_> = (0..NOISY).map(|n| tokio::spawn(shout(Arc::clone(&noisy), n, Arc::clone(&stop)))).collect();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (beside, statuses) = quietly(&quiet, "b").await;
        stop.store(true, Ordering::Relaxed);
        let loud: Vec<u16> = join_all(flood).await.into_iter().flat_map(Result::unwrap).collect();
        assert!(all_well(&statuses), "{statuses:?}");
        assert!(loud.len() > NOISY * 2, "only {} requests were loud", loud.len());
        assert!(loud.iter().all(|status| matches!(status, 200 | 201 | 429 | 503)), "{loud:?}");
        // What the figure is on an idle machine, the bench says; here only that nobody waits for the flood to end.
        assert!(beside < Duration::from_secs(5), "{alone:?} alone, {beside:?} beside");
    }

    async fn a_tenant_with_too_much_under_way_is_told_to_wait_and_others_are_not(on) {
        let server = Server::start(on).await;
        let (noisy, quiet) = (server.tenant("noisy"), server.tenant("quiet"));
        filled(&noisy).await;
        let burst = join_all((0..700).map(|_| noisy.send("GET", "/Users?count=50&filter=title co \"t\"", None)));
        let (answers, (_, statuses)) = tokio::join!(burst, quietly(&quiet, "q"));
        assert!(all_well(&statuses), "{statuses:?}");
        let waits: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 429).collect();
        assert!(!waits.is_empty(), "all 700 at once were taken");
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 429)));
        let header = |name: &str| waits[0].header(name).unwrap_or_default();
        assert_eq!((header("retry-after"), header("ratelimit-limit"), header("ratelimit-remaining"), header("ratelimit-reset")), ("1", "25", "0", "1"));
        assert_eq!(waits[0].body.as_ref().unwrap()["schemas"], json!([scim::ERROR_URN]));
        assert_eq!(noisy.send("GET", "/Users?count=1", None).await.status, 200, "it goes on after the wait");
        // The tenant sees in its log what was turned away, and whose requests those were.
        let too_fast = SyncEventFilter { cause: Some("too_fast".to_owned()), limit: 1_000, ..SyncEventFilter::default() };
        let told = server.logged("noisy", &too_fast, waits.len()).await;
        assert_eq!(told.len(), waits.len());
        for event in &told {
            let Some(Cause::TooFast { which, limit, .. }) = &event.cause else { panic!("{:?}", event.cause) };
            assert!([("under_way", "250"), ("turn", "10")].contains(&(which.as_str(), limit.as_str())), "{which} {limit}");
            assert_eq!(event.status, 429);
            assert!(event.credential.is_some());
        }
        assert!(server.logged("quiet", &too_fast, 0).await.is_empty());
    }
}
