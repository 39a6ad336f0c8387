//! What the log adds up to, hour by hour and cycle by cycle.

use domain::health::Cycle;
use domain::{Cause, Confidence, ConnectionId, Idp, Outcome, SyncEvent, SyncEventId, Timestamp};
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

    async fn a_refusal_is_over_once_what_was_refused_is_accepted(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let (one, two) = (ConnectionId::generate(), ConnectionId::generate());
        let at = |minutes: i64| morning().plus_seconds(minutes * 60);
        let of = |connection, minutes, status| SyncEvent {
            connection: Some(connection),
            ..testing::event(Some(tenant), at(minutes), status)
        };
        let named = |names: &[&str], event: SyncEvent| SyncEvent {
            identifiers: names.iter().map(|&name| name.to_owned()).collect(),
            ..event
        };
        let taken = |event: SyncEvent| SyncEvent {
            cause: Some(Cause::Uniqueness { attribute: "userName".into(), value: "ada".into(), holder: "x".into() }),
            ..event
        };
        let about = |id: uuid::Uuid, operation: &str, event: SyncEvent| SyncEvent {
            resource_id: Some(id),
            operation: Some(operation.to_owned()),
            ..event
        };
        let bob = uuid::Uuid::now_v7();
        let log = scratch.store.tenant(tenant);
        let open = async || {
            let problems = log.sync_events().problems(at(0)).await.unwrap();
            problems.into_iter().map(|problem| (problem.code, problem.count, problem.open)).collect::<Vec<_>>()
        };
        let counted = |count, open| ("uniqueness".to_owned(), count, open);
        // Ada is refused twice, and once more in the next hour; Bob's change is, and somebody's of another connection.
        let ada = || taken(named(&["e-1", "ada"], of(one, 1, 409)));
        let again = SyncEvent { at: at(70), ..ada() };
        write(&scratch, vec![ada(), ada(), again, taken(about(bob, "update", of(one, 71, 409)))]).await;
        let other = taken(named(&["e-1"], of(two, 72, 409)));
        let (newest, newest_at) = (other.id, other.at);
        write(&scratch, vec![other]).await;
        assert_eq!(open().await, [counted(5, 5)]);
        assert_eq!(log.sync_events().problems(at(0)).await.unwrap()[0].last, (newest_at, newest));
        // Whoever has the userName is changed: that helps nobody. Neither does a look at Bob.
        let holder = about(uuid::Uuid::now_v7(), "update", named(&["ada", "e-9"], of(one, 73, 200)));
        write(&scratch, vec![holder, about(bob, "read", of(one, 74, 200))]).await;
        assert_eq!(open().await, [counted(5, 5)]);
        // Ada comes with another userName.
        write(&scratch, vec![named(&["e-1", "ada2"], of(one, 75, 201))]).await;
        assert_eq!(open().await, [counted(5, 2)]);
        assert_eq!(log.sync_events().problems(at(60)).await.unwrap()[0].open, 2, "each is counted in its own hour");
        write(&scratch, vec![named(&["e-1"], of(two, 76, 201))]).await;
        assert_eq!(open().await, [counted(5, 1)]);
        let left = &log.sync_events().problems(at(0)).await.unwrap()[0];
        assert_eq!(left.last.0, at(71), "the newest that stands is told");
        // Refused again and accepted in one batch.
        let bobs = |minutes, status| about(bob, "replace", of(one, minutes, status));
        write(&scratch, vec![taken(bobs(77, 409)), bobs(78, 200)]).await;
        assert_eq!(open().await, [counted(6, 0)]);
        write(&scratch, vec![taken(bobs(79, 409))]).await;
        assert_eq!(open().await, [counted(7, 1)], "it begins anew");
        scratch.store.sync_log().purge_figures(Some(tenant), at(600)).await.unwrap();
        assert_eq!(open().await, []);
        write(&scratch, vec![bobs(601, 200)]).await;
        assert_eq!(open().await, [], "nothing of it is left to be over");
    }

    async fn what_is_about_a_connection_is_over_once_it_is_let_in_or_asks_again(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let (one, two) = (ConnectionId::generate(), ConnectionId::generate());
        let at = |minutes: i64| morning().plus_seconds(minutes * 60);
        let asked = |connection, minutes, status, cause| SyncEvent {
            connection,
            cause,
            operation: Some("look-up".to_owned()),
            ..testing::event(Some(tenant), at(minutes), status)
        };
        let log = scratch.store.tenant(tenant);
        let open = async || {
            let problems = log.sync_events().problems(at(0)).await.unwrap();
            let standing = problems.into_iter().filter(|problem| problem.open > 0);
            standing.map(|problem| (problem.code, problem.open)).collect::<Vec<_>>()
        };
        let told = |code: &str, count: u64| (code.to_owned(), count);
        let unknown = || Some(Cause::TokenUnknown { starts_with: "dsk_x".into() });
        let ended = Some(Cause::TokenEnded { starts_with: "dsk_y".into(), at: "then".into() });
        let filter = Some(Cause::InvalidFilter { attribute: "x".into() });
        let stranger = SyncEvent { idp: Some(Idp::Okta), idp_confidence: Some(Confidence::Sure), ..asked(None, 2, 401, unknown()) };
        write(&scratch, vec![
            asked(None, 1, 401, unknown()),
            stranger.clone(),
            asked(Some(one), 3, 401, ended),
            asked(Some(two), 4, 400, filter),
            asked(Some(two), 5, 503, Some(Cause::Unavailable)),
        ]).await;
        let all = [told("unavailable", 1), told("invalid_filter", 1), told("token_ended", 1), told("token_unknown", 2)];
        assert_eq!(open().await, all);
        // The other connection gets in: so did its request that failed, and whoever sent a wrong token and looks the same.
        write(&scratch, vec![asked(Some(two), 6, 200, None)]).await;
        assert_eq!(open().await, [told("invalid_filter", 1), told("token_ended", 1), told("token_unknown", 1)]);
        let (id, connection) = (SyncEventId::generate(), Some(one));
        let okta = SyncEvent { id, connection, at: at(7), status: 200, cause: None, ..stranger };
        write(&scratch, vec![okta]).await;
        assert_eq!(open().await, [told("invalid_filter", 1)], "a good token takes the place of the wrong one");
        write(&scratch, vec![asked(Some(one), 20, 200, None)]).await;
        assert_eq!(open().await, [told("invalid_filter", 1)], "another connection's questions are not its own");
        write(&scratch, vec![asked(Some(two), 20, 200, None)]).await;
        assert_eq!(open().await, [], "the next cycle asked for nothing that was refused");
    }

    async fn what_was_refused_hour_after_hour_is_over_at_once(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let (connection, log) = (ConnectionId::generate(), scratch.store.tenant(tenant));
        let sent = |hours: i64, name: &str, status, cause| SyncEvent {
            connection: Some(connection),
            identifiers: vec![name.to_owned()],
            cause,
            ..testing::event(Some(tenant), morning().plus_seconds(hours * HOUR), status)
        };
        let refused = |hours, name| sent(hours, name, 400, Some(Cause::InvalidSyntax));
        let failed = |hours| sent(hours, "ada", 503, Some(Cause::Unavailable));
        write(&scratch, (0..50).flat_map(|hours| [refused(hours, "ada"), refused(hours, "bob"), failed(hours)]).collect()).await;
        let open = async || {
            let problems = log.sync_events().problems(morning()).await.unwrap();
            let mut open: Vec<_> = problems.into_iter().map(|problem| (problem.code, problem.open)).collect();
            open.sort();
            open
        };
        let told = |syntax: u64, unavailable: u64| [("invalid_syntax".to_owned(), syntax), ("unavailable".to_owned(), unavailable)];
        assert_eq!(open().await, told(100, 50));
        // What was accepted between them, and is written after them, ends only what came before it.
        write(&scratch, vec![sent(40, "ada", 201, None)]).await;
        assert_eq!(open().await, told(59, 9));
        write(&scratch, vec![sent(50, "ada", 200, None)]).await;
        assert_eq!(open().await, told(50, 0), "what is the other's stands");
        write(&scratch, vec![sent(51, "bob", 200, None), sent(52, "bob", 200, None)]).await;
        assert_eq!(open().await, told(0, 0));
        let rows = scratch.rows_of(tenant).await;
        assert!(rows.contains(&("sync_open_problems".to_owned(), 0)), "{rows:?}");
    }

    async fn a_refusal_that_is_written_after_what_ended_it_does_not_stand(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let (one, two, log) = (ConnectionId::generate(), ConnectionId::generate(), scratch.store.tenant(tenant));
        let sent = |connection, minutes: i64, name: &str, status| SyncEvent {
            connection: Some(connection),
            identifiers: vec![name.to_owned()],
            ..testing::event(Some(tenant), morning().plus_seconds(minutes * 60), status)
        };
        let open = async || log.sync_events().problems(morning()).await.unwrap().iter().map(|problem| problem.open).sum::<u64>();
        // One node writes what was accepted before another one writes what was refused first.
        write(&scratch, vec![sent(one, 5, "ada", 200), sent(two, 5, "cyd", 200)]).await;
        write(&scratch, vec![sent(one, 4, "ada", 409)]).await;
        assert_eq!(open().await, 0);
        write(&scratch, vec![sent(one, 4, "bob", 409), sent(one, 4, "cyd", 409), sent(one, 6, "ada", 409)]).await;
        assert_eq!(open().await, 3, "others, another connection and what came later end nothing");
    }

    async fn a_write_of_whom_nobody_has_is_over_when_the_next_cycle_does_without_it(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let (connection, log) = (ConnectionId::generate(), scratch.store.tenant(tenant));
        let updated = |minutes: i64, status, cause| SyncEvent {
            connection: Some(connection),
            operation: Some("update".to_owned()),
            resource_id: Some(uuid::Uuid::now_v7()),
            cause,
            ..testing::event(Some(tenant), morning().plus_seconds(minutes * 60), status)
        };
        let gone = |minutes| updated(minutes, 404, Some(Cause::NotFound));
        write(&scratch, vec![gone(1), gone(1), gone(2), updated(3, 200, None)]).await;
        let problem = async || log.sync_events().problems(morning()).await.unwrap().remove(0);
        assert_eq!(problem().await.open, 3, "it is the same cycle");
        let rows = scratch.rows_of(tenant).await;
        assert!(rows.contains(&("sync_open_problems".to_owned(), 1)), "whoever asks for many leaves no row for each: {rows:?}");
        write(&scratch, vec![updated(43, 200, None)]).await;
        assert_eq!((problem().await.count, problem().await.open), (3, 0));
    }

    async fn what_stands_is_forgotten_with_the_requests(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let (connection, log) = (ConnectionId::generate(), scratch.store.tenant(tenant));
        let sent = |hours: i64, status| SyncEvent {
            connection: Some(connection),
            identifiers: vec!["ada".to_owned()],
            ..testing::event(Some(tenant), morning().plus_seconds(hours * HOUR), status)
        };
        write(&scratch, vec![sent(0, 409), sent(0, 409), sent(2, 409)]).await;
        let problem = async || log.sync_events().problems(morning()).await.unwrap().remove(0);
        assert_eq!((problem().await.count, problem().await.open), (3, 3));
        let hour = |hours: i64| morning().plus_seconds(hours * HOUR);
        assert_eq!(scratch.store.sync_log().purge_standing(tenant, hour(1)).await.unwrap(), 2, "a row and its count");
        assert_eq!((problem().await.count, problem().await.open), (3, 1), "figures stay");
        write(&scratch, vec![sent(3, 200)]).await;
        assert_eq!((problem().await.count, problem().await.open), (3, 0));
        write(&scratch, vec![sent(4, 409)]).await;
        assert_eq!(problem().await.open, 1, "nothing was taken twice");
    }

    async fn what_stands_is_found_by_indexes(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        for (plan, index) in scratch.plans_of_open_problems(tenant).await {
            assert!(plan.contains(index), "{index}:\n{plan}");
            for bad in ["Seq Scan", "SCAN sync_open_problems", "TEMP B-TREE", "Sort"] {
                assert!(!plan.contains(bad), "{plan}");
            }
        }
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
