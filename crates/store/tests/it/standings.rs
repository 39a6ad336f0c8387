//! How tenants stand: rows that follow what happens, and lists that an index sorts.

use std::collections::HashSet;

use domain::connection::ConnectionState;
use domain::health::Health;
use domain::{
    Cause, Clock, Connection, ConnectionId, FixedClock, Idp, Standing, SyncEvent, SystemClock, TenantId, TenantState, Timestamp,
};
use store::testing::{Scratch, author, event, meddle, scratch, scratch_with_clock};
use store::{StandingOrder, StandingQuery, SyncLogWriter};

use crate::on_both;

fn sorted(order: StandingOrder, descending: bool) -> StandingQuery {
    StandingQuery { order, descending, limit: 100, ..StandingQuery::default() }
}

async fn log(scratch: &Scratch, events: impl IntoIterator<Item = SyncEvent>) {
    let (sender, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 64);
    for event in events {
        sender.send(event, true).await;
    }
    drop(sender);
    writer.run().await;
}

/// An open connection of a tenant.
async fn connection(scratch: &Scratch, tenant: TenantId, now: Timestamp) -> ConnectionId {
    let connection = Connection {
        id: ConnectionId::generate(),
        tenant,
        name: "Entra".to_owned(),
        idp: Idp::Entra,
        state: ConnectionState::Open,
        strict: false,
        created_at: now,
    };
    scratch.store.tenant(tenant).connections().insert(connection, &author()).await.unwrap().id
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
                let next = StandingQuery { after: first.next, ..query.clone() };
                assert!(next.after.is_some());
                for query in [&query, &next] {
                    let plan = scratch.plan_of_standings(query).await.unwrap_or_default();
                    for bad in ["Sort", "Seq Scan", "USE TEMP B-TREE"] {
                        assert!(!plan.contains(bad), "{order:?} sorts by hand:\n{plan}");
                    }
                }
                let all = scratch.walk_standings(&StandingQuery { limit: 700, ..query }).await;
                assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (3_000, 3_000), "{order:?}");
            }
        }
        let failing = StandingQuery { standing: Some(Standing::Failing), ..sorted(StandingOrder::Requests, true) };
        let found = system.list_standings(&failing).await.unwrap().tenants;
        let requests: Vec<_> = found.iter().map(|stands| stands.reading.as_ref().unwrap().requests).collect();
        assert_eq!(found.len(), 15);
        assert!(requests.is_sorted_by(|a, b| a >= b), "{requests:?}");
        let named = StandingQuery { search: Some("FILLED 299".to_owned()), ..sorted(StandingOrder::Name, false) };
        assert_eq!(system.list_standings(&named).await.unwrap().tenants.len(), 11);
        let none = StandingQuery { among: Some(Vec::new()), ..sorted(StandingOrder::Name, false) };
        assert!(system.list_standings(&none).await.unwrap().tenants.is_empty());
    }

    async fn a_row_follows_requests_acts_and_time(on) {
        let clock = std::sync::Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, system) = (scratch.tenant("acme").await, scratch.store.system());
        let row = async || system.list_standings(&sorted(StandingOrder::Created, false)).await.unwrap().tenants.remove(0);
        assert!(row().await.reading.is_none(), "it was just made");
        let connection = connection(&scratch, acme.id, clock.now()).await;
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
        assert_eq!(row().await.reading.unwrap().standing(TenantState::Active), Standing::NotConnected);
        assert_eq!(system.keep_standings(10).await.unwrap(), 0, "nothing happened");
        let of = |status| SyncEvent { connection: Some(connection), ..event(Some(acme.id), clock.now(), status) };
        log(&scratch, [of(200), of(200), of(409)]).await;
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
        assert_eq!(system.list_standings(&suspended).await.unwrap().tenants.len(), 1);
        assert_eq!(system.keep_standings(10).await.unwrap(), 1, "an act has it read anew");
        assert_eq!(system.list_standings(&suspended).await.unwrap().tenants.len(), 1);
        let slug = acme.slug.clone();
        assert!(system.begin_removal(acme.id, &slug, &author()).await.unwrap());
        assert!(system.list_standings(&suspended).await.unwrap().tenants.is_empty());
        let own = StandingQuery { among: Some(vec![acme.id]), ..sorted(StandingOrder::Created, false) };
        assert!(system.list_standings(&own).await.unwrap().tenants.is_empty(), "its people see it no more");
    }

    async fn a_connection_that_stays_away_counts_as_silent_until_it_sends_again(on) {
        let clock = std::sync::Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, system) = (scratch.tenant("acme").await, scratch.store.system());
        let connection = connection(&scratch, acme.id, clock.now()).await;
        let sent = |days_ago: i64| {
            let at = clock.now().plus_days(-days_ago);
            SyncEvent { connection: Some(connection), ..event(Some(acme.id), at, 200) }
        };
        log(&scratch, [6, 5, 4, 3, 2, 1].map(sent)).await;
        let silent = async || {
            assert_eq!(system.keep_standings(10).await.unwrap(), 1);
            system.silent_connections().await.unwrap()
        };
        assert_eq!(silent().await, 0, "it comes once a day, and came a day ago");
        clock.advance_seconds(26 * 3_600);
        assert_eq!(silent().await, 1, "nothing for more than two days");
        system.set_tenant_state(acme.id, TenantState::Suspended, &author()).await.unwrap();
        assert_eq!(silent().await, 0, "nobody can send to it");
        system.set_tenant_state(acme.id, TenantState::Active, &author()).await.unwrap();
        assert_eq!(silent().await, 1);
        log(&scratch, [sent(0)]).await;
        // Who was read a moment ago rests.
        tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
        assert_eq!(silent().await, 0, "it sends again");
    }

    async fn strangers_say_nothing_of_how_a_tenant_does_and_its_own_refused_credential_does(on) {
        let clock = std::sync::Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, system) = (scratch.tenant("acme").await, scratch.store.system());
        let connection = connection(&scratch, acme.id, clock.now()).await;
        let own = |status, cause| SyncEvent { connection: Some(connection), cause, ..event(Some(acme.id), clock.now(), status) };
        let reading = async || scratch.store.tenant(acme.id).reading(clock.now()).await.unwrap();
        let stranger = |status| event(Some(acme.id), clock.now().plus_seconds(60), status);
        log(&scratch, [stranger(401), stranger(401)]).await;
        assert_eq!((reading().await.last_request_at, reading().await.health), (None, Health::NotConnected));
        log(&scratch, [own(200, None), own(201, None)]).await;
        let sent = clock.now();
        // Of some nobody knows who sent them, others name an OAuth client, whose id is no secret.
        let wrong = Cause::ClientSecretWrong { client: "dsc_x".to_owned(), starts_with: "dss_y".to_owned() };
        log(&scratch, (0..30).map(|_| stranger(401))).await;
        log(&scratch, (0..10).map(|_| own(401, Some(wrong.clone())))).await;
        let seen = reading().await;
        assert_eq!((seen.health, seen.refused), (Health::Working, 42), "{seen:?}");
        let cycles = scratch.store.tenant(acme.id).sync_events().cycles(connection, 9).await.unwrap();
        assert_eq!(cycles.iter().map(|cycle| (cycle.accepted, cycle.rejected)).collect::<Vec<_>>(), [(2, 0)]);
        let ended = Cause::TokenEnded { starts_with: "dsk_x".to_owned(), at: sent.to_rfc3339() };
        log(&scratch, [401; 3].map(|status| own(status, Some(ended.clone())))).await;
        let seen = reading().await;
        assert_eq!((seen.health, seen.last_request_at), (Health::Failing, Some(sent)), "its own token ended");
        log(&scratch, (0..25).map(|_| own(401, Some(wrong.clone())))).await;
        assert_eq!(reading().await.last_request_at, Some(sent), "nobody hides what it sent behind requests of his own");
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
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

    async fn a_clock_that_is_set_back_stops_nothing(on) {
        let clock = std::sync::Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, system) = (scratch.tenant("acme").await, scratch.store.system());
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
        clock.advance_seconds(-3_600);
        let requests = async || {
            let list = system.list_standings(&sorted(StandingOrder::Created, false)).await.unwrap();
            list.tenants[0].reading.as_ref().unwrap().requests
        };
        for expected in [1, 2] {
            log(&scratch, [event(Some(acme.id), clock.now(), 200)]).await;
            tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
            assert_eq!(system.keep_standings(10).await.unwrap(), 1);
            assert_eq!(requests().await, expected);
        }
    }

    async fn what_nobody_has_read_at_a_stop_is_left_to_the_next_reader(on) {
        let scratch = scratch(on).await;
        let (acme, system) = (scratch.tenant("acme").await, scratch.store.system());
        log(&scratch, [event(Some(acme.id), SystemClock.now(), 200)]).await;
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
        log(&scratch, [event(Some(acme.id), SystemClock.now(), 200)]).await;
        assert_eq!(system.keep_standings(10).await.unwrap(), 0, "it rests");
        system.hand_over_standings().await.unwrap();
        assert_eq!(system.keep_standings(10).await.unwrap(), 1);
        let list = system.list_standings(&sorted(StandingOrder::Created, false)).await.unwrap();
        assert_eq!(list.tenants[0].reading.as_ref().unwrap().requests, 2);
    }

    async fn a_start_reads_what_was_done_first_and_makes_rows_that_are_missing(on) {
        let scratch = scratch(on).await;
        let mut tenants = Vec::new();
        for slug in ["acme", "bravo", "charlie"] {
            tenants.push(scratch.tenant(slug).await);
        }
        let (acme, bravo, charlie) = (&tenants[0], &tenants[1], &tenants[2]);
        let system = scratch.store.system();
        system.set_tenant_state(bravo.id, TenantState::Suspended, &author()).await.unwrap();
        assert_eq!(system.keep_standings(10).await.unwrap(), 3);
        // As a node of an older version makes tenants.
        meddle(&scratch.store, bravo.id, "DELETE FROM tenant_standings WHERE tenant_id = {tenant}").await;
        let listed = async || system.list_standings(&sorted(StandingOrder::Created, false)).await.unwrap().tenants;
        assert_eq!(listed().await.len(), 2);
        system.forget_standings().await.unwrap();
        let suspended = StandingQuery { standing: Some(Standing::Suspended), ..sorted(StandingOrder::Created, false) };
        assert_eq!(system.list_standings(&suspended).await.unwrap().tenants[0].tenant.id, bravo.id);
        assert_eq!(system.keep_standings(10).await.unwrap(), 3);
        assert_eq!(listed().await.len(), 3);
        meddle(&scratch.store, acme.id, "UPDATE tenant_standings SET people = 99").await;
        system.forget_standings().await.unwrap();
        system.set_tenant_state(charlie.id, TenantState::Suspended, &author()).await.unwrap();
        assert_eq!(system.keep_standings(1).await.unwrap(), 1);
        let people: Vec<_> = listed().await.into_iter().map(|stands| stands.reading.unwrap().counters.users).collect();
        assert_eq!(people, [99, 99, 0], "what was done comes before what may have been missed");
        assert_eq!(system.keep_standings(10).await.unwrap(), 2);
    }

    async fn what_an_act_says_of_a_tenant_is_not_overwritten_by_a_reading_that_began_before_it(on) {
        let scratch = scratch(on).await;
        let (acme, bravo) = (scratch.tenant("acme").await, scratch.tenant("bravo").await);
        let system = scratch.store.system();
        assert_eq!(system.keep_standings(10).await.unwrap(), 2);
        // The rows say what the act says, as in the moment in which the reader still has the tenant as it was.
        meddle(&scratch.store, acme.id, "UPDATE tenant_standings SET standing = 6 WHERE tenant_id = {tenant}").await;
        meddle(&scratch.store, bravo.id, "UPDATE tenant_standings SET standing = 2 WHERE tenant_id = {tenant}").await;
        let standing = async |standing| {
            let query = StandingQuery { standing: Some(standing), ..sorted(StandingOrder::Created, false) };
            let list = system.list_standings(&query).await.unwrap().tenants;
            list.into_iter().map(|stands| stands.tenant.id).collect::<Vec<_>>()
        };
        let events = [acme.id, bravo.id].map(|tenant| event(Some(tenant), SystemClock.now(), 200));
        log(&scratch, events).await;
        tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
        assert_eq!(system.keep_standings(10).await.unwrap(), 2);
        assert_eq!(standing(Standing::Deleting).await, [acme.id]);
        assert_eq!(standing(Standing::Suspended).await, [], "what no act said gives way");
    }

    async fn a_list_goes_on_after_a_tenant_that_is_gone_and_reads_no_row_it_cannot_understand(on) {
        let scratch = scratch(on).await;
        // Its row was found, and then it was gone.
        let gone = "INSERT INTO tenant_standings (tenant_id, name_key, slug, standing, idp, people, group_count, requests, \
            refused, last_request_at, credential_ends_at, detail, read_at, due_at) \
            VALUES ({tenant}, 'a', 'a', 5, '', 0, 0, 0, 0, 0, 1, '{}', 0, 9000000000000000)";
        meddle(&scratch.store, TenantId::generate(), gone).await;
        let (acme, bravo) = (scratch.tenant("acme").await, scratch.tenant("bravo").await);
        let system = scratch.store.system();
        assert_eq!(system.keep_standings(10).await.unwrap(), 2);
        let query = StandingQuery { limit: 1, ..sorted(StandingOrder::Created, false) };
        assert_eq!(scratch.walk_standings(&query).await, [acme.id, bravo.id]);
        let other = "UPDATE tenant_standings SET detail = '{\"of\": \"a later version\"}' WHERE tenant_id = {tenant}";
        meddle(&scratch.store, bravo.id, other).await;
        let list = system.list_standings(&sorted(StandingOrder::Created, false)).await.unwrap().tenants;
        assert_eq!(list.iter().map(|stands| stands.reading.is_some()).collect::<Vec<_>>(), [true, false]);
    }
}
