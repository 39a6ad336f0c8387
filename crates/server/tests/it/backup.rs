//! A backup of a service that goes on writing: it is whole, it serves, and it overwrites nothing.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Map, Value, json};
use store::testing::On;
use store::{ChangeOrder, ChangeQuery, SyncEventFilter};
use tokio::task::JoinHandle;

use crate::server::{Server, Tenant};

const WRITERS: usize = 4;
const FILES: [&str; 2] = ["directory.sqlite", "sync-log.sqlite"];

/// What was acknowledged, in the order of the answers.
type Acknowledged = Arc<Mutex<Vec<String>>>;

/// IdPs that write without a rest until they are told to stop.
fn write(tenant: &Arc<Tenant>, acknowledged: &Acknowledged, stop: &Arc<AtomicBool>) -> Vec<JoinHandle<()>> {
    let one = |writer: usize| {
        let (tenant, acknowledged, stop) = (Arc::clone(tenant), Arc::clone(acknowledged), Arc::clone(stop));
        async move {
            for i in 0.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let name = format!("w{writer}-{i}@acme.test");
                let answer = tenant.address().send("POST", "/Users", &Map::new(), Some(&json!({ "userName": name }))).await;
                assert_eq!(answer.unwrap().status, 201, "a backup holds nobody up");
                acknowledged.lock().unwrap().push(name);
            }
        }
    };
    (0..WRITERS).map(|writer| tokio::spawn(one(writer))).collect()
}

/// Waits until so many writes were acknowledged; gives them.
async fn so_many(acknowledged: &Acknowledged, number: usize) -> Vec<String> {
    for _ in 0..600 {
        let known = acknowledged.lock().unwrap().clone();
        if known.len() >= number {
            return known;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the writers do not write");
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

/// A server that serves what a backup holds, in a data directory where nothing was.
async fn restored(backup: &Path, key: &Path) -> Server {
    let mut server = Server::prepare(On::Sqlite).await;
    for file in FILES {
        std::fs::copy(backup.join(file), server.data().join(file)).unwrap();
    }
    std::fs::copy(key, server.data().join("server.key")).unwrap();
    server.serve().await;
    server
}

/// The newest request of the log, once there is one.
fn newest() -> SyncEventFilter {
    SyncEventFilter { limit: 1, ..SyncEventFilter::default() }
}

/// The numbers of all of a tenant's changes that are kept.
async fn numbers(server: &Server) -> Vec<u64> {
    let store = server.store().await;
    let acme = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap();
    let door = store.tenant(acme.id);
    let (mut numbers, mut beyond) = (Vec::new(), None);
    loop {
        let query = ChangeQuery { order: ChangeOrder::OldestFirst, beyond, resource: None, between: None, limit: 1_000 };
        let page = door.changes(query).await.unwrap();
        let Some(last) = page.last() else { break };
        beyond = Some(last.seq);
        numbers.extend(page.iter().map(|change| change.seq));
    }
    store.close().await;
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_writes_is_whole_and_serves_what_was_acknowledged_before_it_began() {
    let server = Server::start(On::Sqlite).await;
    let tenant = Arc::new(server.tenant("acme"));
    let (acknowledged, stop) = (Acknowledged::default(), Arc::new(AtomicBool::new(false)));
    let writers = write(&tenant, &acknowledged, &stop);
    // The log's writer comes a little later than the answer.
    assert_eq!(server.logged("acme", &newest(), 1).await.len(), 1);
    let folder = tempfile::tempdir().unwrap();
    let mut backups = Vec::new();
    for round in 1..=3 {
        let before = so_many(&acknowledged, round * 40).await;
        let to = folder.path().join(format!("backup-{round}"));
        let manifest = server.json(&["backup", "--to", to.to_str().unwrap(), "--json"]);
        backups.push((to, before, manifest));
    }
    // It goes on meanwhile.
    let written = acknowledged.lock().unwrap().len();
    so_many(&acknowledged, written + WRITERS).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    let key = server.data().join("server.key");
    for (to, before, manifest) in backups {
        let on_disk: Value = serde_json::from_slice(&std::fs::read(to.join("manifest.json")).unwrap()).unwrap();
        assert_eq!(on_disk, manifest, "what is printed stands in the folder");
        let second = restored(&to, &key).await;
        let acme = Tenant { slug: "acme".to_owned(), token: server.token("acme", &[]), server: second.address() };
        // A token of later is not in it; one of before is.
        assert_eq!(acme.send("GET", "/Users?count=0", None).await.status, 401);
        let acme = Tenant { token: second.token("acme", &[]), ..acme };
        // Those that came last before it are the nearest to its beginning.
        for name in before.iter().rev().take(100) {
            let found = acme.send("GET", &format!("/Users?count=0&filter=userName eq \"{name}\""), None).await;
            assert_eq!(found.body.unwrap()["totalResults"], 1, "{name}");
        }
        let last = manifest["tenants"][0]["lastSeq"].as_u64().unwrap();
        let people = acme.send("GET", "/Users?count=0", None).await.body.unwrap()["totalResults"].as_u64().unwrap();
        assert_eq!(Some(people), manifest["counts"]["people"].as_u64());
        assert!(people >= before.len() as u64, "{people} of {}", before.len());
        acme.person("after").await;
        let numbers = numbers(&second).await;
        assert!(numbers.iter().copied().eq(1..=last + 1), "changes up to {last} without a gap, and the next one: {numbers:?}");
        assert!(manifest["counts"]["syncEvents"].as_u64() > Some(0), "the log is in it");
        assert_eq!(second.logged("acme", &newest(), 1).await.len(), 1, "and can be read and written");
        let (sound, printed, complaint) = second.run(&["audit", "verify"]);
        assert!(sound, "{printed}{complaint}");
    }
}

#[tokio::test]
async fn a_backup_is_for_its_owner_alone_overwrites_nothing_and_has_the_key_only_when_asked() {
    let server = Server::start(On::Sqlite).await;
    server.tenant("acme").person("ada").await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("backup");
    let name = to.to_str().unwrap();
    let (made, printed, complaint) = server.run(&["backup", "--to", name]);
    assert!(made, "{complaint}");
    assert!(printed.contains("acme\tlast change 1\n") && printed.contains("the server key is not in it"), "{printed}");
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["directory.sqlite", "manifest.json", "sync-log.sqlite"]);
    assert_eq!(mode(&to), 0o700);
    for file in names() {
        assert_eq!(mode(&to.join(&file)), 0o600, "{file:?}");
    }
    let before = std::fs::read(to.join("manifest.json")).unwrap();
    let refused = server.refused(&["backup", "--to", name, "--with-key"]);
    assert!(refused.contains("is there already"), "{refused}");
    assert_eq!((names().len(), std::fs::read(to.join("manifest.json")).unwrap()), (3, before));

    let keyed = folder.path().join("keyed");
    let (made, printed, complaint) = server.run(&["backup", "--to", keyed.to_str().unwrap(), "--with-key"]);
    assert!(made && printed.contains("the server key is in it"), "{printed}{complaint}");
    let key = keyed.join("server.key");
    assert_eq!((mode(&key), std::fs::read(&key).unwrap()), (0o600, std::fs::read(server.data().join("server.key")).unwrap()));

    // One that fails leaves nothing behind.
    let empty = Server::prepare(On::Sqlite).await;
    let refused = empty.refused(&["backup", "--to", folder.path().join("third").to_str().unwrap()]);
    assert!(refused.contains("there is no database"), "{refused}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn on_postgresql_backup_names_the_command_that_makes_one_and_fails() {
    let server = Server::prepare(On::Postgres).await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("backup");
    let refused = server.refused(&["backup", "--to", to.to_str().unwrap()]);
    assert!(refused.contains("pg_dump --format=custom") && refused.contains("pg_basebackup"), "{refused}");
    assert!(!to.exists());
}
