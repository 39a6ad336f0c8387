//! A log of millions: what a search and an export cost. `DIRECTORY_SYNC_LOG_EVENTS` says how many events there are.
#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "prints what it measured")]

use std::time::{Duration, Instant};

use domain::Clock;
use futures_util::StreamExt;
use store::testing::{FilledLog, On};

use crate::desk::Desk;

/// What the process holds in memory of its own, in MiB, without the pages of files that are mapped; 0 where the system does not
/// say.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

async fn measure(on: On) {
    let events = std::env::var("DIRECTORY_SYNC_LOG_EVENTS").ok().and_then(|events| events.parse().ok()).unwrap_or(10_000_000);
    let desk = Desk::open(on).await;
    let operator = desk.operator().await;
    let acme = desk.scratch.tenant("acme").await;
    let log = FilledLog { tenant: acme.id, begins: desk.clock.now().plus_days(-1), events, people: events / 50 };
    let began = Instant::now();
    desk.scratch.fill_log(&log).await;
    desk.scratch.analyze_log().await;
    println!("{on:?}: {events} events filled in {:.0} s", began.elapsed().as_secs_f64());
    search(on, &desk, &operator, &log).await;
    export(on, &desk, &operator, events).await;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..20 {
        let began = Instant::now();
        assert_eq!(desk.scratch.store.sync_log().purge(Some(acme.id), desk.clock.now(), 1_000).await.unwrap(), 1_000);
        times.push(began.elapsed());
    }
    times.sort_unstable();
    println!("{on:?}: retention: 1,000 events in {:.1} ms, {:.1} ms at most", millis(times[10]), millis(times[19]));
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

async fn search(on: On, desk: &Desk, operator: &str, log: &FilledLog) {
    let last = format!("after={}", log.event(150));
    for (what, query) in [
        ("by person", "text=person-77%40acme.test"),
        ("by beginning of a name", "text=person-7"),
        ("by beginning of all names", "text=per"),
        ("first page", ""),
        ("last page", last.as_str()),
        ("our own faults", "statusClass=5"),
        ("slow ones", "atLeastMs=1000"),
        ("deletions of one IdP", "method=DELETE&idp=okta"),
        ("refused ones of a person", "outcome=rejected&text=person-77%40acme.test"),
    ] {
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..11 {
            let began = Instant::now();
            let answer = desk.get(operator, &format!("/tenants/acme/sync-events?limit=100&{query}")).await;
            times.push(began.elapsed());
            assert_eq!(answer.status, 200);
        }
        let first = times[0];
        times.sort_unstable();
        println!("{on:?}: {what}: {:.1} ms, the first time {:.1} ms", millis(times[5]), millis(first));
    }
}

async fn export(on: On, desk: &Desk, operator: &str, events: u64) {
    let (before, began, mut most, mut bytes) = (memory(), Instant::now(), 0, 0);
    let response = desk.response(operator, "/tenants/acme/sync-events/export?format=csv").await;
    let mut body = response.into_body().into_bytes_stream();
    while let Some(piece) = body.next().await {
        bytes += piece.unwrap().len();
        most = most.max(memory());
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{on:?}: export: {:.0} events/s, {:.1} MiB/s, memory {before} MiB before and {most} MiB at most",
        events as f64 / seconds,
        bytes as f64 / seconds / 1_048_576.0
    );
}

mod a_log_of_millions_is_searched {
    use super::*;

    #[tokio::test]
    #[ignore = "long: part of ./just soak"]
    async fn sqlite() {
        measure(On::Sqlite).await;
    }

    #[tokio::test]
    #[ignore = "long: part of ./just soak"]
    async fn postgresql() {
        measure(On::Postgres).await;
    }
}
