//! What whoever runs the service is told of its nodes and its database.

use std::time::Duration;

use domain::{Clock, SystemClock, Timestamp};
use store::testing::{On, scratch};
use store::{Node, RetentionRound};
use uuid::Uuid;

use crate::on_both;

/// As far as two looks at one clock may be apart on a machine that has other things to do, in microseconds.
const APART: u64 = 60_000_000;

fn node(name: &str, started_at: Timestamp) -> Node {
    let (version, address) = ("1.2.3".to_owned(), "127.0.0.1:8080".to_owned());
    Node { id: Uuid::now_v7(), name: name.to_owned(), version, address, started_at, seen_at: started_at }
}

on_both! {
    async fn nodes_are_listed_by_their_age_with_when_they_were_last_seen(on) {
        let scratch = scratch(on).await;
        let (system, now) = (scratch.store.system(), SystemClock.now());
        assert!(system.nodes().await.unwrap().is_empty());
        let (young, old) = (node("young", now), node("old", now.plus_seconds(-60)));
        system.announce_node(&young).await.unwrap();
        system.announce_node(&old).await.unwrap();
        assert_eq!(system.nodes().await.unwrap(), [old.clone(), young.clone()]);
        let young = Node { seen_at: now.plus_seconds(10), ..young };
        system.announce_node(&young).await.unwrap();
        assert_eq!(system.nodes().await.unwrap(), [old.clone(), young.clone()], "one row for each");
        system.forget_node(old.id).await.unwrap();
        assert_eq!(system.nodes().await.unwrap(), [young]);
    }

    async fn a_node_that_is_not_seen_for_a_day_is_forgotten(on) {
        let scratch = scratch(on).await;
        let (system, now) = (scratch.store.system(), SystemClock.now());
        let (lost, late, here) =
            (node("lost", now.plus_seconds(-86_401)), node("late", now.plus_seconds(-86_399)), node("here", now));
        for node in [&lost, &late, &here] {
            system.announce_node(node).await.unwrap();
        }
        assert_eq!(system.nodes().await.unwrap(), [late, here]);
    }

    async fn the_last_round_of_retention_is_kept_whole_or_cut_short(on) {
        let scratch = scratch(on).await;
        let (system, began_at) = (scratch.store.system(), SystemClock.now());
        assert_eq!(system.last_retention().await.unwrap(), None);
        let took = Duration::from_micros(1_234_567);
        let whole = RetentionRound { began_at, took, removed: Some(42), next_at: began_at.plus_seconds(3_601) };
        system.note_retention(whole).await.unwrap();
        assert_eq!(system.last_retention().await.unwrap(), Some(whole));
        let next_at = began_at.plus_seconds(7_200);
        let short = RetentionRound { began_at: began_at.plus_seconds(3_600), took: Duration::ZERO, removed: None, next_at };
        system.note_retention(short).await.unwrap();
        assert_eq!(system.last_retention().await.unwrap(), Some(short));
    }

    async fn the_database_says_how_large_it_is_what_it_can_and_what_was_done_to_it(on) {
        let scratch = scratch(on).await;
        let system = scratch.store.system();
        assert!(system.database_size().await.unwrap() > 4_096);
        assert!(system.can_write().await);
        let apart = system.database_time().await.unwrap().as_micros().abs_diff(SystemClock.now().as_micros());
        assert!(apart < APART, "{apart}");
        let [directory, log] = system.migrated().await.unwrap();
        assert!(directory.made >= 16 && log.made >= 6, "{directory:?} {log:?}");
        assert!(directory.newest.as_str() >= "m0016_nodes" && log.newest.as_str() >= "m0014_recognition", "{directory:?} {log:?}");
    }
}

#[tokio::test]
async fn the_size_of_sqlite_is_that_of_both_files_and_trying_to_write_leaves_nothing_behind() {
    let scratch = scratch(On::Sqlite).await;
    let system = scratch.store.system();
    let store::Database::Sqlite { directory } = &scratch.database else { panic!("not on SQLite") };
    let names = ["directory.sqlite", "directory.sqlite-wal", "sync-log.sqlite", "sync-log.sqlite-wal"];
    let sum = || names.map(|name| directory.join(name).metadata().unwrap().len()).iter().sum::<u64>();
    // What is brought over from the write-ahead log meanwhile makes a file grow.
    let mut seen = (0, 0, 1);
    for _ in 0..100 {
        seen = (sum(), system.database_size().await.unwrap(), sum());
        if seen.0 == seen.2 {
            break;
        }
    }
    assert!(seen.0 == seen.1 && seen.1 == seen.2, "{seen:?}");
    let files = || std::fs::read_dir(directory).unwrap().count();
    let before = files();
    assert!(system.can_write().await);
    assert_eq!(files(), before);
    std::fs::remove_dir_all(directory).unwrap();
    assert!(!system.can_write().await, "there is no place to write to any more");
}
