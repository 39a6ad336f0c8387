//! The log's queue when its writer does not keep up: who waits, what gives way, and what is counted as lost.

use std::time::Duration;

use domain::exchange::{RawBody, RawMessage};
use domain::{BodyPolicy, Clock, RawExchange, SyncEvent, SyncEventId, SystemClock, TenantId};
use store::testing::{event, log_writer, scratch};
use store::{SyncEventFilter, SyncLogSender, SyncLogWriter, TenantSyncLog};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, pause, resume};

use crate::on_both;

/// How long a request waits for room.
const PATIENCE: Duration = Duration::from_secs(2);
/// What somebody said.
const BODY: &[u8] = br#"{"userName":"ada@acme.test","displayName":"Ada Byron"}"#;

/// Sends one, and says how long it took.
async fn sent(sender: &SyncLogSender, event: &SyncEvent, writes: bool) -> Duration {
    let began = Instant::now();
    sender.send(event.clone(), writes).await;
    began.elapsed()
}

/// Sends one from another task, which has begun to wait when this returns.
async fn begun(sender: &SyncLogSender, event: &SyncEvent, writes: bool) -> JoinHandle<()> {
    let (sender, event) = (sender.clone(), event.clone());
    let task = tokio::spawn(async move { sender.send(event, writes).await });
    for _ in 0..10 {
        yield_now().await;
    }
    task
}

/// An event of whom something was said.
fn told(tenant: TenantId) -> SyncEvent {
    let body = RawBody::of(&BODY.into());
    let request = RawMessage { body: Some(body), ..RawMessage::default() };
    let exchange = RawExchange { policy: BodyPolicy::Full, request, answer: RawMessage::default() };
    SyncEvent { exchange: Some(exchange), ..event(Some(tenant), SystemClock.now(), 201) }
}

/// Waits until an event is in the log; says whether what was said is there too.
async fn keeps_bodies(log: &TenantSyncLog<'_>, id: SyncEventId) -> bool {
    for _ in 0..500 {
        if log.find(id).await.unwrap().is_some() {
            return log.exchange(id).await.unwrap().is_some();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the event never came into the log")
}

on_both! {
    async fn with_a_full_queue_reads_wait_before_writes_and_what_waits_too_long_is_counted(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let events: Vec<_> = (0..12).map(|_| event(Some(tenant), SystemClock.now(), 200)).collect();
        let (sender, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 8);
        let watch = sender.watch();
        pause();
        for event in &events[..6] {
            assert_eq!(sent(&sender, event, false).await, Duration::ZERO);
        }
        assert_eq!((watch.waiting(), watch.lost()), (6, 0));
        assert!(sent(&sender, &events[6], false).await >= PATIENCE, "three quarters are taken");
        assert_eq!((watch.waiting(), watch.lost()), (6, 1), "given up, and counted");
        for event in &events[7..9] {
            assert_eq!(sent(&sender, event, true).await, Duration::ZERO, "a write finds room where a read has none");
        }
        assert_eq!((watch.waiting(), watch.lost()), (8, 1));
        assert!(sent(&sender, &events[9], true).await >= PATIENCE, "all is taken");
        assert_eq!((watch.waiting(), watch.lost()), (8, 2));
        resume();

        let waiting = [begun(&sender, &events[10], false).await, begun(&sender, &events[11], true).await];
        assert!(waiting.iter().all(|task| !task.is_finished()));
        let writer = tokio::spawn(writer.run());
        for task in waiting {
            task.await.unwrap();
        }
        drop(sender);
        writer.await.unwrap();
        assert_eq!(watch.lost(), 2, "who still waited got through");
        let store = scratch.store.tenant(tenant);
        let kept = store.sync_events().list(&SyncEventFilter { limit: 100, ..Default::default() }).await.unwrap();
        let kept: Vec<_> = kept.iter().rev().map(|event| event.id).collect();
        let expected: Vec<_> = [0, 1, 2, 3, 4, 5, 7, 8, 10, 11].map(|at: usize| events[at].id).to_vec();
        assert_eq!(kept, expected, "all that was queued is written, once");
    }

    async fn bodies_give_way_before_events_do_and_come_back_when_there_is_room(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let [first, second] = [told(tenant), told(tenant)];
        let size = first.exchange.as_ref().unwrap().size();
        let (sender, writer) = log_writer(scratch.store.sync_log().clone(), 64, size * 3 / 2);
        let mute = event(Some(tenant), SystemClock.now(), 200);
        for event in [&first, &second, &mute] {
            sender.send(event.clone(), false).await;
        }
        assert_eq!((sender.watch().waiting(), sender.watch().lost()), (3, 0), "no event waits for room for its bodies");
        let writer = tokio::spawn(writer.run());
        let store = scratch.store.tenant(tenant);
        let log = store.sync_events();
        let kept = [keeps_bodies(&log, first.id).await, keeps_bodies(&log, second.id).await, keeps_bodies(&log, mute.id).await];
        assert_eq!(kept, [true, false, false]);
        // The room is given back a moment after the row is there.
        let mut again = false;
        for _ in 0..50 {
            let event = told(tenant);
            sender.send(event.clone(), false).await;
            again = keeps_bodies(&log, event.id).await;
            if again {
                break;
            }
        }
        assert!(again, "what was written gives its room back");
        drop(sender);
        writer.await.unwrap();
    }
}
