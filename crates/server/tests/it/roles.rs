//! A server that is killed in the midst of telling roles goes on where it was: nobody is forgotten and nobody told twice.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::{AppRole, ChangeKind, Clock, SystemClock, TenantRef};
use futures_util::future::join_all;
use serde_json::json;
use store::testing::{CreateGroup, CreateUser, author, origin};
use store::{ChangeOrder, ChangeQuery, Mapped, Store, TenantStore};

use crate::on_both;
use crate::server::Server;

const PEOPLE: usize = 6_000;
/// Longer than telling them takes on a busy machine.
const DEADLINE: Duration = Duration::from_mins(2);

/// A group of everybody, and a role that nobody was told of yet.
async fn company(store: &Store) -> TenantStore {
    let acme = store.system().find_tenant(&TenantRef::Slug("acme".parse().unwrap())).await.unwrap().unwrap();
    let door = store.tenant(acme.id);
    let mut members = Vec::new();
    for some in (0..PEOPLE).collect::<Vec<_>>().chunks(1_000) {
        let made = some.iter().map(|n| door.write(origin(acme.id), CreateUser(json!({ "userName": format!("p{n}") }))));
        members.extend(join_all(made).await.into_iter().map(|made| json!({ "value": made.unwrap().output.id.to_string() })));
    }
    let everybody = json!({ "displayName": "Everybody", "members": members });
    let everybody = door.write(origin(acme.id), CreateGroup(everybody)).await.unwrap().output.id;
    let (key, now) = ("reader".parse().unwrap(), SystemClock.now());
    let role = AppRole { key, name: "Reader".to_owned(), description: String::new(), created_at: now, updated_at: now };
    store.system().insert_role(&role, &author()).await.unwrap();
    assert_eq!(door.role_mappings().map(everybody, &role.key, &author()).await.unwrap(), Mapped::Done);
    door
}

/// How many were told since a number.
async fn told(door: &TenantStore, since: u64) -> u64 {
    door.counters().await.unwrap().seq - since
}

on_both! {
    async fn a_server_killed_in_the_midst_of_a_large_mapping_tells_everybody_once(on) {
        let mut server = Server::start(on).await;
        server.tenant("acme");
        server.kill();
        let store = server.store().await;
        let door = company(&store).await;
        let since = door.counters().await.unwrap().seq;
        let mut before = 0;
        for round in 0..3 {
            let (mut child, began) = (server.spawn(), Instant::now());
            while told(&door, since).await == before && began.elapsed() < DEADLINE {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            let now = told(&door, since).await;
            assert!(now > before, "round {round}: {now} of {PEOPLE}");
            assert!(round > 0 || now < PEOPLE as u64, "it was killed too late: {now}");
            before = now;
            if now == PEOPLE as u64 {
                break;
            }
        }
        server.serve().await;
        let began = Instant::now();
        while !store.system().unsettled_roles(None, 10).await.unwrap().is_empty() {
            assert!(began.elapsed() < DEADLINE, "{} of {PEOPLE}", told(&door, since).await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let limit = 2 * PEOPLE as u64;
        let query = ChangeQuery { order: ChangeOrder::OldestFirst, beyond: Some(since), resource: None, between: None, limit };
        let changes = door.changes(query).await.unwrap();
        assert!(changes.iter().all(|change| change.change.kind == ChangeKind::UserRolesChanged));
        let people: BTreeSet<_> = changes.iter().map(|change| change.change.resource_id).collect();
        assert_eq!((changes.len(), people.len()), (PEOPLE, PEOPLE));
        let roles = door.roles().await.unwrap();
        assert_eq!(roles[0].1, PEOPLE as u64);
        store.close().await;
    }
}
