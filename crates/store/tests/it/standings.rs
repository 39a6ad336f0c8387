//! How tenants stand: rows that follow what happens, and lists that an index sorts.

use std::collections::HashSet;

use domain::{Clock, FixedClock, Standing, SyncEvent, SystemClock, TenantState};
use store::testing::{author, event, scratch, scratch_with_clock};
use store::{StandingOrder, StandingQuery, SyncLogWriter};

use crate::on_both;

fn sorted(order: StandingOrder, descending: bool) -> StandingQuery {
    StandingQuery { order, descending, limit: 100, ..StandingQuery::default() }
}

on_both! {
    async fn each_order_has_its_index_and_pages_miss_and_repeat_nobody(on) {
        let scratch = scratch(on).await;
        scratch.fill_standings(3_000).await;
        scratch.analyze().await;
        let system = scratch.store.system();
        for order in StandingOrder::ALL {
            for descending in [false, true] {
                let query = sorted(order, descending);
                let first = system.list_standings(&query).await.unwrap();
                let last = first.last().unwrap();
                let next = StandingQuery { after: Some((last.place.clone(), last.tenant.id)), ..query.clone() };
                for query in [&query, &next] {
                    let plan = scratch.plan_of_standings(query).await;
                    for bad in ["Sort", "Seq Scan", "USE TEMP B-TREE"] {
                        assert!(!plan.contains(bad), "{order:?} sorts by hand:\n{plan}");
                    }
                }
                let all = scratch.walk_standings(&StandingQuery { limit: 700, ..query }).await;
                assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (3_000, 3_000), "{order:?}");
            }
        }
        let failing = StandingQuery { standing: Some(Standing::Failing), ..sorted(StandingOrder::Requests, true) };
        let found = system.list_standings(&failing).await.unwrap();
        let requests: Vec<_> = found.iter().map(|stands| stands.reading.as_ref().unwrap().requests).collect();
        assert_eq!(found.len(), 15);
        assert!(requests.is_sorted_by(|a, b| a >= b), "{requests:?}");
        let named = StandingQuery { search: Some("FILLED 299".to_owned()), ..sorted(StandingOrder::Name, false) };
        assert_eq!(system.list_standings(&named).await.unwrap().len(), 11);
        let none = StandingQuery { among: Some(Vec::new()), ..sorted(StandingOrder::Name, false) };
        assert!(system.list_standings(&none).await.unwrap().is_empty());
    }

    async fn a_row_follows_requests_acts_and_time(on) {
        let clock = std::sync::Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, system) = (scratch.tenant("acme").await, scratch.store.system());
        let row = async || system.list_standings(&sorted(StandingOrder::Created, false)).await.unwrap().remove(0);
        assert!(row().await.reading.is_none(), "it was just made");
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
        assert_eq!(row().await.reading.unwrap().standing(TenantState::Active), Standing::NotConnected);
        assert_eq!(system.keep_standings(10).await.unwrap(), 0, "nothing happened");
        let (sender, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 64);
        for status in [200, 200, 409] {
            sender.send(SyncEvent { ..event(Some(acme.id), clock.now(), status) }, true).await;
        }
        drop(sender);
        writer.run().await;
        // Who was read a moment ago rests.
        tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
        let reading = row().await.reading.unwrap();
        assert_eq!((reading.requests, reading.refused), (3, 1));
        assert_eq!(reading.last_request_at, Some(clock.now()));
        // A day later they are no requests of that day any more, although nothing happened.
        clock.advance_seconds(25 * 3_600);
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
        assert_eq!(row().await.reading.unwrap().requests, 0);
        system.set_tenant_state(acme.id, TenantState::Suspended, &author()).await.unwrap();
        let suspended = StandingQuery { standing: Some(Standing::Suspended), ..sorted(StandingOrder::Created, false) };
        assert_eq!(system.list_standings(&suspended).await.unwrap().len(), 1);
        assert_eq!(system.keep_standings(10).await.unwrap(), 1, "an act has it read anew");
        assert_eq!(system.list_standings(&suspended).await.unwrap().len(), 1);
        let slug = acme.slug.clone();
        assert!(system.begin_removal(acme.id, &slug, &author()).await.unwrap());
        assert!(system.list_standings(&suspended).await.unwrap().is_empty());
        let own = StandingQuery { among: Some(vec![acme.id]), ..sorted(StandingOrder::Created, false) };
        assert!(system.list_standings(&own).await.unwrap().is_empty(), "its people see it no more");
    }

    async fn a_start_has_all_read_anew(on) {
        let scratch = scratch(on).await;
        scratch.tenant("acme").await;
        let system = scratch.store.system();
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
        assert_eq!(system.keep_standings(10).await.unwrap(), 0);
        system.forget_standings().await.unwrap();
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
    }
}
