//! Searching the log: people under every name they had, and an index for each question.

use domain::{Clock, ConnectionId, CredentialId, Idp, Outcome, ResourceKind, SyncEvent, SyncEventId, SystemClock, TenantId};
use store::testing::{FilledLog, On, Scratch, event, scratch};
use store::{SyncEventFilter, SyncLogWriter};

use crate::on_both;

async fn send(scratch: &Scratch, events: &[SyncEvent]) {
    let (sender, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 64);
    let writer = tokio::spawn(writer.run());
    for event in events {
        sender.send(event.clone(), true).await;
    }
    drop(sender);
    writer.await.unwrap();
}

async fn found(scratch: &Scratch, tenant: TenantId, filter: SyncEventFilter) -> Vec<SyncEventId> {
    let events = scratch.store.tenant(tenant).sync_events().list(&filter).await.unwrap();
    events.iter().map(|event| event.id).collect()
}

fn text(text: &str) -> SyncEventFilter {
    SyncEventFilter { text: Some(text.to_owned()), limit: 100, ..SyncEventFilter::default() }
}

/// All pages of a list, one after the other.
async fn walked(scratch: &Scratch, tenant: TenantId, filter: &SyncEventFilter, limit: u64) -> Vec<SyncEventId> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = found(scratch, tenant, SyncEventFilter { after, limit, ..filter.clone() }).await;
        let Some(last) = page.last() else { return all };
        after = Some(*last);
        all.extend(page);
    }
}

async fn filled(on: On, events: u64, people: u64) -> (Scratch, FilledLog) {
    let scratch = scratch(on).await;
    let tenant = scratch.tenant("acme").await.id;
    let begins = SystemClock.now().plus_days(-1);
    let log = FilledLog { tenant, begins, events, people };
    scratch.fill_log(&log).await;
    (scratch, log)
}

on_both! {
    async fn somebody_is_found_under_every_name_they_had(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let now = SystemClock.now();
        let about = |names: &[&str], who: Option<uuid::Uuid>| SyncEvent {
            identifiers: names.iter().map(|&name| name.to_owned()).collect(),
            resource_id: who,
            ..event(Some(tenant), now, 200)
        };
        let (ada, bob) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
        let events = [
            about(&["ada.byron@acme.test", "e1"], Some(ada)),
            about(&["bob@acme.test"], Some(bob)),
            about(&["ada.lovelace@acme.test", "e1"], Some(ada)),
            about(&[], Some(ada)),
            about(&["ada.lovelace@acme.test.example"], None),
        ];
        send(&scratch, &events).await;
        let ids = |places: &[usize]| places.iter().map(|place| events[*place].id).collect::<Vec<_>>();
        for (words, places) in [
            ("Ada.Lovelace@acme.test", vec![4, 3, 2, 0]),
            ("ada.byron@acme.test", vec![3, 2, 0]),
            ("ada.", vec![4, 2, 0]),
            ("e1", vec![3, 2, 0]),
            ("bob@acme.test", vec![1]),
            ("nobody", vec![]),
            ("a_a", vec![]),
        ] {
            assert_eq!(found(&scratch, tenant, text(words)).await, ids(&places), "{words}");
        }
        assert_eq!(found(&scratch, tenant, text(&ada.to_string())).await, ids(&[3, 2, 0]));
        assert_eq!(found(&scratch, tenant, text(&events[1].id.to_string())).await, ids(&[1]));
        let other = scratch.tenant("globex").await.id;
        assert_eq!(found(&scratch, other, text("ada.lovelace@acme.test")).await, []);
        assert_eq!(walked(&scratch, tenant, &text("ada.lovelace@acme.test"), 1).await, ids(&[4, 3, 2, 0]));
    }

    async fn a_name_finds_few_and_many_in_the_same_order(on) {
        let (scratch, log) = filled(on, 42_000, 3_000).await;
        scratch.analyze_log().await;
        let person: Vec<_> = (0..log.events).filter(|n| n % log.people == 77).map(|n| log.event(n)).rev().collect();
        assert_eq!(walked(&scratch, log.tenant, &text("person-77@acme.test"), 3).await, person, "also under the old name");
        // One name, some hundred names, and more rows than are gathered.
        for (beginning, fits) in [("person 29", 29_u64), ("person 2", 2), ("person", 0)] {
            let expected = |n: &u64| fits == 0 || (n % log.people).to_string().starts_with(&fits.to_string());
            let expected: Vec<_> = (0..log.events).filter(expected).map(|n| log.event(n)).rev().collect();
            let filter = text(beginning);
            assert_eq!(found(&scratch, log.tenant, SyncEventFilter { limit: 500, ..filter.clone() }).await, expected[..500.min(expected.len())]);
            let filter = SyncEventFilter { after: expected.get(700).copied(), limit: 10, ..filter };
            assert_eq!(found(&scratch, log.tenant, filter).await, expected[701..711], "{beginning}");
        }
        let refused = SyncEventFilter { outcome: Some(Outcome::Rejected), ..text("person 2") };
        let expected = (0..log.events).filter(|n| (n % log.people).to_string().starts_with('2') && n % 100 == 1 && n % 10_000 != 7);
        let expected: Vec<_> = expected.map(|n| log.event(n)).rev().collect();
        assert_eq!(walked(&scratch, log.tenant, &refused, 7).await, expected);
        let (since, until) = (log.begins.plus_seconds(10), log.begins.plus_seconds(12));
        let some = SyncEventFilter { since: Some(since), until: Some(until), ..text("person 29") };
        let expected = (10_000..12_000).filter(|n| (n % log.people).to_string().starts_with("29"));
        let expected: Vec<_> = expected.map(|n| log.event(n)).rev().collect();
        assert_eq!(walked(&scratch, log.tenant, &some, 9).await, expected);
    }

    async fn each_filter_has_its_index(on) {
        let (scratch, log) = filled(on, 60_000, 500).await;
        let plain = SyncEventFilter { limit: 100, ..SyncEventFilter::default() };
        let key = if on == On::Sqlite { "sqlite_autoindex_sync_events_1" } else { "sync_events_pkey" };
        let middle = log.begins.plus_seconds(30);
        let cases = [
            (plain.clone(), key),
            (SyncEventFilter { after: Some(log.event(100)), ..plain.clone() }, key),
            (SyncEventFilter { since: Some(middle), ..plain.clone() }, key),
            (SyncEventFilter { until: Some(middle), ..plain.clone() }, key),
            (SyncEventFilter { outcome: Some(Outcome::Failed), ..plain.clone() }, "sync_events_outcome"),
            (SyncEventFilter { status_class: Some(5), ..plain.clone() }, "sync_events_faults"),
            (SyncEventFilter { status_class: Some(4), ..plain.clone() }, "sync_events_outcome"),
            (SyncEventFilter { method: Some("DELETE".to_owned()), ..plain.clone() }, "sync_events_method"),
            (SyncEventFilter { cause: Some("internal".to_owned()), ..plain.clone() }, "sync_events_cause"),
            (SyncEventFilter { resource_kind: Some(ResourceKind::Group), ..plain.clone() }, "sync_events_type"),
            (SyncEventFilter { resource: Some(log.person(7)), ..plain.clone() }, "sync_events_resource"),
            (SyncEventFilter { connection: Some(ConnectionId::from(log.rare())), ..plain.clone() }, "sync_events_connection"),
            (SyncEventFilter { credential: Some(CredentialId::from(log.rare())), ..plain.clone() }, "sync_events_credential"),
            (SyncEventFilter { idp: Some(Idp::Okta), ..plain.clone() }, "sync_events_idp"),
            (SyncEventFilter { at_least_micros: Some(1_500_000), ..plain.clone() }, "sync_events_slow"),
            (text("person-7@acme.test"), "sync_event_identifiers"),
        ];
        // As after the start of a service that has not counted yet, and later.
        for counted in [false, true] {
            if counted || on == On::Postgres {
                scratch.analyze_log().await;
            }
            for (filter, index) in &cases {
                let plans = scratch.plans_of_log(log.tenant, filter).await;
                assert!(plans.iter().any(|plan| plan.contains(index)), "{filter:?} does not use {index}:\n{}", plans.join("\n\n"));
                for plan in plans {
                    for bad in ["SCAN sync_event", "SCAN e", "Seq Scan"] {
                        assert!(!plan.contains(bad), "{filter:?} reads a whole table:\n{plan}");
                    }
                }
            }
        }
    }

    async fn the_look_ups_before_a_request_are_found_by_whom_it_was_about(on) {
        let (scratch, log) = filled(on, 60_000, 500).await;
        let last = SyncEvent {
            id: log.event(log.events),
            connection: Some(ConnectionId::from(log.rare())),
            resource_id: Some(log.person(7)),
            identifiers: vec!["person-7@acme.test".to_owned(), "person 7".to_owned()],
            ..event(Some(log.tenant), log.begins.plus_seconds(60), 200)
        };
        for counted in [false, true] {
            if counted || on == On::Postgres {
                scratch.analyze_log().await;
            }
            let plans = scratch.plans_of_look_ups(log.tenant, &last).await;
            for index in ["sync_events_resource", "sync_event_identifiers"] {
                assert!(plans.iter().any(|plan| plan.contains(index)), "{index} is not used:\n{}", plans.join("\n\n"));
            }
            for plan in plans {
                for bad in ["SCAN sync_event", "SCAN e", "Seq Scan"] {
                    assert!(!plan.contains(bad), "a whole table is read:\n{plan}");
                }
            }
        }
    }
}
