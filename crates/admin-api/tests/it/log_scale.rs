//! A log of millions: what a search and an export cost, and what they must not cost. `DIRECTORY_SYNC_LOG_EVENTS` says how
//! many events there are.
#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "prints what it measured")]

use std::time::{Duration, Instant};

use domain::Clock;
use futures_util::StreamExt;
use store::testing::{FilledLog, On};

use crate::desk::Desk;

/// The median of finding somebody's requests by name, on any number of events.
const FOUND_WITHIN: Duration = Duration::from_millis(50);
/// Below it the last page counts as fast as the first, whatever the first took: so short times are noise.
const FLOOR: Duration = Duration::from_millis(15);
/// Most MiB that an export adds to what the process holds, however long it is.
const MOST_OF_EXPORT: u64 = 64;
/// For how long an export is read; what it holds by then it would hold to the end.
const EXPORT: Duration = Duration::from_mins(8);
/// When all of it is over, come what may; half of it and more goes by while a slow disk takes the events.
const WHOLE: Duration = Duration::from_mins(50);

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
    let mut medians: Vec<Duration> = Vec::new();
    for (what, query, there) in [
        ("by person", "text=person-77%40acme.test", true),
        ("by beginning of a name", "text=person-7", true),
        ("by beginning of all names", "text=per", true),
        ("first page", "", true),
        ("last page", last.as_str(), true),
        ("our own faults", "statusClass=5", true),
        ("slow ones", "atLeastMs=1000", true),
        ("deletions of one IdP", "method=DELETE&idp=okta", false),
        ("refused ones of a person", "outcome=rejected&text=person-77%40acme.test", false),
    ] {
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..11 {
            let began = Instant::now();
            let answer = desk.get(operator, &format!("/tenants/acme/sync-events?limit=100&{query}")).await;
            times.push(began.elapsed());
            assert_eq!(answer.status, 200);
            assert_eq!(!answer.body["items"].as_array().unwrap().is_empty(), there, "{what}");
        }
        let first = times[0];
        times.sort_unstable();
        medians.push(times[5]);
        println!("{on:?}: {what}: {:.1} ms, the first time {:.1} ms", millis(times[5]), millis(first));
    }
    let (by_person, first_page, last_page) = (medians[0], medians[3], medians[4]);
    assert!(by_person < FOUND_WITHIN, "{on:?}: somebody was found within {:.1} ms", millis(by_person));
    assert!(
        last_page <= (first_page * 2).max(FLOOR),
        "{on:?}: the last page took {:.1} ms, the first {:.1} ms",
        millis(last_page),
        millis(first_page)
    );
}

async fn export(on: On, desk: &Desk, operator: &str, events: u64) {
    let (before, began, mut most, mut bytes, mut lines) = (memory(), Instant::now(), 0, 0, 0_u64);
    let response = desk.response(operator, "/tenants/acme/sync-events/export?format=csv").await;
    let mut body = response.into_body().into_bytes_stream();
    let mut ended = false;
    while began.elapsed() < EXPORT {
        let Some(piece) = body.next().await else {
            ended = true;
            break;
        };
        let piece = piece.unwrap();
        bytes += piece.len();
        lines += piece.split(|byte| *byte == b'\n').count() as u64 - 1;
        most = most.max(memory());
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{on:?}: export: {lines} lines{}, {:.0} events/s, {:.1} MiB/s, memory {before} MiB before and {most} MiB at most",
        if ended { "" } else { ", not to the end" },
        lines as f64 / seconds,
        bytes as f64 / seconds / 1_048_576.0
    );
    assert!(most <= before + MOST_OF_EXPORT, "{on:?}: an export made the process grow from {before} MiB to {most} MiB");
    assert!(lines > 10_000.min(events), "{on:?}: {lines} lines in {seconds:.0} s");
    if ended {
        assert_eq!(lines, events + 1, "{on:?}: a row of names, and every event");
    }
}

mod a_log_of_millions_is_searched {
    use super::*;

    #[tokio::test]
    #[ignore = "long: part of ./just soak"]
    async fn sqlite() {
        tokio::time::timeout(WHOLE, measure(On::Sqlite)).await.unwrap();
    }

    #[tokio::test]
    #[ignore = "long: part of ./just soak"]
    async fn postgresql() {
        tokio::time::timeout(WHOLE, measure(On::Postgres)).await.unwrap();
    }
}
