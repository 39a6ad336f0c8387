//! The log as those follow it who must miss nothing, and what the writer keeps of it beside the events.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::{
    Cause, Clock, Confidence, ConnectionId, Idp, Mark, Marks, Milestone, Recognition, SyncEvent, SystemClock, TenantId,
};
use futures_util::future::join_all;
use store::testing::{self, On, scratch};
use store::{Settings, Store, SyncLogWriter};

use crate::on_both;

fn event(tenant: TenantId) -> SyncEvent {
    testing::event(Some(tenant), SystemClock.now(), 200)
}

async fn write(store: &Store, events: Vec<SyncEvent>) {
    let (sender, writer) = SyncLogWriter::new(store.sync_log().clone(), 4_000);
    for event in events {
        sender.send(event, true).await;
    }
    drop(sender);
    writer.run().await;
}

on_both! {
    async fn who_follows_the_log_gets_every_event_once_and_in_the_order_of_its_writing(on) {
        let scratch = scratch(on).await;
        let (acme, other) = (scratch.tenant("acme").await.id, scratch.tenant("other").await.id);
        let log = scratch.store.tenant(acme);
        assert_eq!(log.sync_events().position().await.unwrap(), 0);
        // A slow request came before a quick one and is written after it.
        let (slow, quick) = (event(acme), event(acme));
        write(&scratch.store, vec![quick.clone(), event(other)]).await;
        let position = log.sync_events().position().await.unwrap();
        write(&scratch.store, vec![slow.clone()]).await;
        let rest = log.sync_events().following(position, 10).await.unwrap();
        assert_eq!(rest.iter().map(|(at, event)| (*at, event.id)).collect::<Vec<_>>(), [(2, slow.id)]);
        let all = log.sync_events().following(0, 10).await.unwrap();
        assert_eq!(all.iter().map(|(at, event)| (*at, event.id)).collect::<Vec<_>>(), [(1, quick.id), (2, slow.id)]);
        assert_eq!(log.sync_events().following(0, 1).await.unwrap().len(), 1);
        assert_eq!(scratch.store.tenant(other).sync_events().position().await.unwrap(), 1);
    }

    async fn two_writers_give_each_event_a_place_of_its_own(on) {
        let scratch = scratch(on).await;
        let tenants = [scratch.tenant("acme").await.id, scratch.tenant("other").await.id];
        // On SQLite a second process never writes the log; there the two share the store.
        let second = match on {
            On::Sqlite => scratch.store.clone(),
            On::Postgres => Store::open(Settings::new(scratch.database.clone()), Arc::new(SystemClock)).await.unwrap(),
        };
        let follower = scratch.store.tenant(tenants[0]);
        let following = tokio::spawn(async move {
            let (mut seen, mut bell) = (Vec::new(), follower.sync_events().bell());
            while seen.len() < 600 {
                let from = seen.last().map_or(0, |(at, _)| *at);
                let more = follower.sync_events().following(from, 50).await.unwrap();
                if more.is_empty() {
                    // The other store's word is not listened to here, so it looks again by itself.
                    drop(tokio::time::timeout(Duration::from_millis(20), bell.wait()).await);
                }
                seen.extend(more.into_iter().map(|(at, event)| (at, event.id)));
            }
            seen
        });
        let batches = (0..20).map(|round| {
            let store = if round % 2 == 0 { &scratch.store } else { &second };
            write(store, (0..60).map(|n| event(tenants[n % 2])).collect())
        });
        join_all(batches).await;
        let seen = following.await.unwrap();
        assert_eq!(seen.iter().map(|(at, _)| *at).collect::<Vec<_>>(), (1..=600).collect::<Vec<_>>());
        assert_eq!(seen.iter().map(|(_, id)| *id).collect::<BTreeSet<_>>().len(), 600);
    }

    async fn a_bell_rings_when_the_tenants_log_has_grown(on) {
        let scratch = scratch(on).await;
        let (acme, other) = (scratch.tenant("acme").await.id, scratch.tenant("other").await.id);
        let door = scratch.store.tenant(acme);
        let mut bell = door.sync_events().bell();
        write(&scratch.store, vec![event(other)]).await;
        assert!(tokio::time::timeout(Duration::from_millis(50), bell.wait()).await.is_err());
        write(&scratch.store, vec![event(acme)]).await;
        tokio::time::timeout(Duration::from_secs(5), bell.wait()).await.unwrap();
        assert_eq!(door.sync_events().following(0, 10).await.unwrap().len(), 1);
    }

    async fn a_connections_milestones_keep_their_first_and_last_time(on) {
        let scratch = scratch(on).await;
        let (acme, other) = (scratch.tenant("acme").await.id, scratch.tenant("other").await.id);
        let (connection, elsewhere) = (ConnectionId::generate(), ConnectionId::generate());
        let start = SystemClock.now();
        let passing = |seconds: i64, connection: Option<ConnectionId>, milestones: &[Milestone]| SyncEvent {
            connection,
            marks: Marks::named(Idp::Okta),
            milestones: milestones.to_vec(),
            ..testing::event(Some(acme), start.plus_seconds(seconds), 200)
        };
        let cause = Cause::TokenUnknown { starts_with: "dsk_b9aa".to_owned() };
        let refused = SyncEvent { cause: Some(cause.clone()), ..passing(1, None, &[Milestone::Reached, Milestone::Refused]) };
        let first = passing(2, Some(connection), &[Milestone::Accepted, Milestone::Recognised]);
        let again = passing(4, Some(connection), &[Milestone::Accepted]);
        let last = passing(60, Some(connection), &[Milestone::Accepted]);
        write(&scratch.store, vec![refused.clone(), first.clone()]).await;
        write(&scratch.store, vec![again]).await;
        write(&scratch.store, vec![last.clone(), passing(61, Some(elsewhere), &[Milestone::Changed])]).await;
        let mut passed = scratch.store.tenant(acme).sync_events().milestones(connection).await.unwrap();
        passed.sort_by_key(|passed| passed.milestone);
        let told: Vec<_> = passed.iter().map(|passed| (passed.milestone, passed.of_connection, passed.first.1, passed.last.1)).collect();
        assert_eq!(told, [
            (Milestone::Reached, false, refused.id, refused.id),
            (Milestone::Refused, false, refused.id, refused.id),
            (Milestone::Accepted, true, first.id, last.id),
            (Milestone::Recognised, true, first.id, first.id),
        ]);
        assert_eq!((passed[1].cause.clone(), passed[3].recognition.map(|found| found.idp)), (Some(cause), Some(Idp::Okta)));
        assert_eq!(scratch.store.tenant(other).sync_events().milestones(connection).await.unwrap(), []);
        // Where little happens each time is told at once; only a flood lags behind.
        let at_once = passing(62, Some(connection), &[Milestone::Accepted]);
        write(&scratch.store, vec![at_once.clone()]).await;
        let last_of = async || {
            let passed = scratch.store.tenant(acme).sync_events().milestones(connection).await.unwrap();
            passed.into_iter().find(|passed| passed.milestone == Milestone::Accepted).unwrap().last.1
        };
        assert_eq!(last_of().await, at_once.id);
        for _ in 0..40 {
            write(&scratch.store, vec![passing(63, Some(connection), &[Milestone::Accepted])]).await;
        }
        let late = passing(64, Some(connection), &[Milestone::Accepted]);
        write(&scratch.store, vec![late.clone()]).await;
        assert_ne!(last_of().await, late.id);
        let later = passing(70, Some(connection), &[Milestone::Accepted]);
        write(&scratch.store, vec![later.clone()]).await;
        assert_eq!(last_of().await, later.id);
    }

    async fn what_a_slow_request_showed_of_its_sender_is_kept_although_a_quick_one_was_written_before_it(on) {
        let scratch = scratch(on).await;
        let acme = scratch.tenant("acme").await.id;
        let connection = ConnectionId::generate();
        let start = SystemClock.now();
        let showing = |seconds: i64, marks: &[Mark]| SyncEvent {
            connection: Some(connection),
            marks: marks.iter().copied().collect(),
            milestones: vec![Milestone::Recognised],
            ..testing::event(Some(acme), start.plus_seconds(seconds), 200)
        };
        let quick = showing(5, &[Mark::OktaPage]);
        write(&scratch.store, vec![quick.clone()]).await;
        write(&scratch.store, vec![showing(1, &[Mark::OktaPatch])]).await;
        let passed = scratch.store.tenant(acme).sync_events().milestones(connection).await.unwrap().remove(0);
        let recognition = Recognition { idp: Idp::Okta, confidence: Confidence::Likely };
        assert_eq!((passed.recognition, passed.last), (Some(recognition), (quick.at, quick.id)));
        // Who named itself later is who it is, in whatever order that is written.
        write(&scratch.store, vec![showing(9, &[Mark::EntraNamed])]).await;
        write(&scratch.store, vec![showing(8, &[Mark::OktaNamed])]).await;
        let found = scratch.store.tenant(acme).sync_events().recognitions().await.unwrap();
        assert_eq!(found[&connection], Recognition { idp: Idp::Entra, confidence: Confidence::Sure });
    }
}
