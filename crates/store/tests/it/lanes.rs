//! What the writers do when the database lets them down.

use std::sync::Arc;
use std::time::Duration;

use domain::SystemClock;
use serde_json::json;
use store::testing::{CreateUser, Ends, On, Scratch, Unguarded, meddle, origin, scratch};
use store::{Settings, Store, StoreError};

use crate::on_both;

/// A second store on the same database that gives a commit up after `limit`.
async fn impatient(scratch: &Scratch, limit: Duration) -> Store {
    let settings = Settings { commit_limit: limit, ..Settings::new(scratch.database.clone()) };
    Store::open(settings, Arc::new(SystemClock)).await.unwrap()
}

on_both! {
    async fn a_commit_that_takes_too_long_is_undone_and_the_next_one_comes_about(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let store = impatient(&scratch, Duration::from_millis(600)).await;
        let door = store.tenant(tenant);
        door.write(origin(tenant), CreateUser(json!({ "userName": "ada@acme.test" }))).await.unwrap();
        let slow = match on {
            On::Sqlite => "SELECT CAST(COUNT(*) AS TEXT) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000000) SELECT n FROM c)",
            On::Postgres => "SELECT pg_sleep(3)::text",
        };
        let unit = Unguarded { statements: vec!["UPDATE users SET active = NOT active".to_owned(), slow.to_owned()], ends: Ends::Commit };
        let given_up = door.write(origin(tenant), unit).await;
        assert!(matches!(given_up, Err(StoreError::Unavailable)), "{given_up:?}");
        let bob = loop {
            // SQLite's one writer is free when the slow statement has ended.
            match door.write(origin(tenant), CreateUser(json!({ "userName": "bob@acme.test" }))).await {
                Ok(written) => break written.output,
                Err(error) => assert!(matches!(error, StoreError::Unavailable), "{error:?}"),
            }
        };
        assert!(door.users().find(bob.id).await.unwrap().is_some());
        let active = "SELECT CAST(COUNT(*) AS TEXT) FROM users WHERE active";
        assert_eq!(door.unguarded(active).await.unwrap(), ["2"], "what was given up left nothing behind");
        store.close().await;
    }
}

/// The driver's thread panics where a table that a kept statement names is gone, and does not always say so to those who
/// wait for it.
#[tokio::test]
async fn a_writer_whose_connection_died_is_replaced_sqlite() {
    let scratch = scratch(On::Sqlite).await;
    let tenant = scratch.tenant("acme").await.id;
    let store = impatient(&scratch, Duration::from_secs(1)).await;
    let door = store.tenant(tenant);
    let create = |name: String| door.write(origin(tenant), CreateUser(json!({ "userName": name })));
    // A machine that is busy may take longer than the limit for a commit that is right.
    let created = async |name: String| {
        while let Err(error) = create(name.clone()).await {
            assert!(matches!(error, StoreError::Unavailable), "{error:?}");
        }
    };
    created("first@acme.test".to_owned()).await;
    for round in 0..30 {
        meddle(&scratch.store, tenant, "ALTER TABLE unresolved_members RENAME TO gone").await;
        assert!(create(format!("lost-{round}@acme.test")).await.is_err(), "{round}");
        meddle(&scratch.store, tenant, "ALTER TABLE gone RENAME TO unresolved_members").await;
        created(format!("kept-{round}@acme.test")).await;
    }
    let names = "SELECT user_name_key FROM users WHERE user_name_key LIKE 'lost%'";
    assert!(door.unguarded(names).await.unwrap().is_empty());
    store.close().await;
}

/// Far more pages than a test writes.
const EMPTY_DISK: &str = "PRAGMA max_page_count = 1000000000";
/// Of the connection that writes; what is there already stays.
const FULL_DISK: &str = "PRAGMA max_page_count = 1";

/// SQLite then undoes a statement or, as it thinks fit, the whole transaction, of which its driver hears nothing.
#[tokio::test]
async fn a_full_disk_refuses_whole_writes_and_when_there_is_room_again_they_reach_it_sqlite() {
    let scratch = scratch(On::Sqlite).await;
    let (store, tenant) = (&scratch.store, scratch.tenant("acme").await.id);
    let door = store.tenant(tenant);
    let create = |name: String| door.write(origin(tenant), CreateUser(json!({ "userName": name })));
    // Through the connections that read: they see what is committed, and go on whatever becomes of the writer.
    let active = async || door.unguarded("SELECT CAST(COUNT(*) AS TEXT) FROM users WHERE active").await.unwrap();
    create("first@acme.test".to_owned()).await.unwrap();
    meddle(store, tenant, "CREATE TABLE filler (bytes BLOB NOT NULL)").await;
    let mut kept = 1_u64;
    // A single row takes the transaction with it, a select only its statement.
    for filler in ["VALUES (zeroblob(4000000))", "SELECT zeroblob(4000000)"].into_iter().cycle().take(6) {
        meddle(store, tenant, FULL_DISK).await;
        let statements = vec!["UPDATE users SET active = NOT active".to_owned(), format!("INSERT INTO filler {filler}")];
        let refused = door.write(origin(tenant), Unguarded { statements, ends: Ends::Commit }).await;
        assert!(matches!(refused, Err(StoreError::Unavailable)), "{filler}: {refused:?}");
        assert_eq!(active().await, [kept.to_string()], "{filler}: no half of it is left");
        meddle(store, tenant, EMPTY_DISK).await;
        create(format!("kept-{kept}@acme.test")).await.unwrap();
        kept += 1;
        assert_eq!(active().await, [kept.to_string()], "{filler}: what was acknowledged is there for all");
    }
    // As it comes about: people, until no page is left.
    meddle(store, tenant, FULL_DISK).await;
    loop {
        match create(format!("more-{kept}@acme.test")).await {
            Ok(_) => kept += 1,
            Err(error) => {
                assert!(matches!(error, StoreError::Unavailable), "{error:?}");
                break;
            }
        }
        assert!(kept < 5_000, "the disk does not get full");
    }
    assert_eq!(active().await, [kept.to_string()]);
    meddle(store, tenant, EMPTY_DISK).await;
    create("last@acme.test".to_owned()).await.unwrap();
    kept += 1;
    assert_eq!(active().await, [kept.to_string()]);
    assert_eq!(door.counters().await.unwrap().seq, kept, "no change was counted without its write");
    assert_eq!(door.unguarded("SELECT CAST(COUNT(*) AS TEXT) FROM changes").await.unwrap(), [kept.to_string()]);
    store.clone().close().await;
}
