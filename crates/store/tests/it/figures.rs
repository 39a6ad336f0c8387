//! What the log adds up to, hour by hour and cycle by cycle.

use domain::health::Cycle;
use domain::{Cause, ConnectionId, Outcome, SyncEvent, Timestamp};
use scim::{Repair, RepairRule};
use store::testing::{self, scratch};
use store::{Hour, SyncLogWriter};

use crate::on_both;

const HOUR: i64 = 3_600;

/// The beginning of an hour.
fn morning() -> Timestamp {
    Timestamp::from_micros(480_000 * HOUR * 1_000_000)
}

async fn write(scratch: &testing::Scratch, events: Vec<SyncEvent>) {
    let (sender, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 64);
    let writer = tokio::spawn(writer.run());
    for event in events {
        sender.send(event, false).await;
    }
    drop(sender);
    writer.await.unwrap();
}

on_both! {
    async fn hours_causes_and_repairs_add_up_over_batches(on) {
        let scratch = scratch(on).await;
        let (tenant, other) = (scratch.tenant("acme").await.id, scratch.tenant("globex").await.id);
        let (one, two) = (ConnectionId::generate(), ConnectionId::generate());
        let at = |minutes: i64| morning().plus_seconds(minutes * 60);
        let of = |connection, minutes, status| SyncEvent { connection, ..testing::event(Some(tenant), at(minutes), status) };
        let syntax = |event: SyncEvent| SyncEvent { cause: Some(Cause::InvalidSyntax), ..event };
        let repair = Repair { rule: RepairRule::BooleanFromText, attribute: "active".into(), sent: "True".into(), read: "true".into() };
        let repaired = SyncEvent { repairs: vec![repair.clone(), repair], duration_micros: 30_000, ..of(Some(one), 3, 200) };
        let last_refused = syntax(of(Some(two), 65, 400));
        let own = SyncEvent { user_agent: Some(domain::credential::SELF_CHECK_AGENT.to_owned()), ..of(Some(one), 4, 200) };
        write(&scratch, vec![of(Some(one), 1, 200), syntax(of(Some(one), 2, 400)), repaired, own]).await;
        write(&scratch, vec![of(Some(one), 59, 500), of(None, 61, 404), last_refused.clone(), of(Some(one), 125, 201)]).await;
        write(&scratch, vec![testing::event(Some(other), at(1), 200)]).await;

        let store = scratch.store.tenant(tenant);
        let log = store.sync_events();
        let figures = log.figures(at(0)).await.unwrap();
        let hour = |hours: i64, accepted, rejected, failed| Hour { at: at(hours * 60), accepted, rejected, failed };
        assert_eq!(figures.hours, [hour(0, 2, 1, 1), hour(1, 0, 2, 0), hour(2, 1, 0, 0)]);
        assert_eq!(figures.times.iter().map(|(_, count)| count).sum::<u64>(), 7);
        assert_eq!(figures.within(1.0), Some(50), "the slowest took 30 ms");
        assert_eq!(log.figures(at(60)).await.unwrap().hours, [hour(1, 0, 2, 0), hour(2, 1, 0, 0)]);
        assert_eq!(log.figures(at(600)).await.unwrap().within(0.95), None);

        let problems = log.problems(at(0)).await.unwrap();
        let seen: Vec<_> = problems.iter().map(|p| (p.outcome, p.code.as_str(), p.count, p.connections.len())).collect();
        let rejected = Outcome::Rejected;
        assert_eq!(seen, [(rejected, "invalid_syntax", 2, 2), (rejected, "404", 1, 0), (Outcome::Failed, "500", 1, 1)]);
        assert_eq!(problems[0].last, (last_refused.at, last_refused.id));

        let repairs = log.repairs(at(0)).await.unwrap();
        assert_eq!(repairs.iter().map(|r| (r.connection, r.rule.as_str(), r.count)).collect::<Vec<_>>(), [(one, "boolean_from_text", 2)]);

        scratch.store.sync_log().purge_figures(Some(tenant), at(120)).await.unwrap();
        assert_eq!(log.figures(at(0)).await.unwrap().hours, [hour(2, 1, 0, 0)]);
        assert_eq!(log.problems(at(0)).await.unwrap(), []);
        let others = scratch.store.tenant(other);
        assert_eq!(others.sync_events().figures(at(0)).await.unwrap().hours.len(), 1, "nobody else's went");
    }

    async fn requests_that_follow_each_other_are_one_cycle(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let connection = ConnectionId::generate();
        let at = |seconds: i64| morning().plus_seconds(seconds);
        let of = |seconds, status, changes| SyncEvent {
            connection: Some(connection),
            changes,
            ..testing::event(Some(tenant), at(seconds), status)
        };
        write(&scratch, vec![of(0, 200, Some((1, 3))), of(100, 400, None)]).await;
        // It goes on in another batch, which also begins the next one; a slow request is written after a later one.
        write(&scratch, vec![of(650, 200, None), of(90, 200, None), of(1_300, 500, None), of(1_301, 200, Some((4, 4)))]).await;

        let store = scratch.store.tenant(tenant);
        let cycles = store.sync_events().cycles(connection, 10).await.unwrap();
        let first = Cycle { accepted: 3, rejected: 1, changes: 3, ..Cycle::between(at(0), at(650)) };
        let second = Cycle { accepted: 1, failed: 1, changes: 1, ..Cycle::between(at(1_300), at(1_301)) };
        assert_eq!(cycles, [second, first]);
        assert_eq!(store.sync_events().cycles(connection, 1).await.unwrap(), [second]);
        assert_eq!(store.sync_events().cycles(ConnectionId::generate(), 10).await.unwrap(), []);
        scratch.store.sync_log().purge_figures(Some(tenant), at(700)).await.unwrap();
        assert_eq!(store.sync_events().cycles(connection, 10).await.unwrap(), [second]);
    }
}
