//! Roles of the app: whatever happens, the feed has told what people have, once everything is told.

mod game;
mod nesting;
mod units;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{AppRole, ChangeKind, Clock, GroupId, RoleKey, SystemClock, TenantId, UserId};
use futures_util::future::join_all;
use serde_json::json;
use store::testing::{CreateGroup, CreateUser, On, RemoveUser, Scratch, author, meddle, origin, scratch, scratch_watched};
use store::{
    ChangeOrder, ChangeQuery, Mapped, Piece, Preview, Previewed, Settings, Settled, Store, StoreError, TenantStore, Unique,
};
use uuid::Uuid;

use crate::on_both;
use game::Game;
use units::{Activate, MoveMembers, RemoveGroup};

/// Keys of roles, person by person; who has none is left out.
type Roles = BTreeMap<Uuid, BTreeSet<String>>;

const ROLES: [&str; 3] = ["reader", "writer", "owner"];

fn key(text: &str) -> RoleKey {
    text.parse().unwrap()
}

async fn define_roles(store: &Store) {
    let now = SystemClock.now();
    for text in ROLES {
        let (name, description) = (text.to_owned(), String::new());
        let role = AppRole { key: key(text), name, description, created_at: now, updated_at: now };
        store.system().insert_role(&role, &author()).await.unwrap();
    }
}

/// A tenant of a database with roles.
async fn company(scratch: &Scratch) -> TenantStore {
    define_roles(&scratch.store).await;
    scratch.store.tenant(scratch.tenant("acme").await.id)
}

async fn person(store: &TenantStore, name: &str) -> UserId {
    store.write(origin(store.id()), CreateUser(json!({ "userName": name }))).await.unwrap().output.id
}

async fn group(store: &TenantStore, name: &str, members: &[Uuid]) -> GroupId {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id.to_string() })).collect();
    let body = json!({ "displayName": name, "members": members });
    store.write(origin(store.id()), CreateGroup(body)).await.unwrap().output.id
}

async fn moved(store: &TenantStore, group: GroupId, add: &[Uuid], remove: &[Uuid]) {
    let text = |ids: &[Uuid]| ids.iter().map(Uuid::to_string).collect();
    store.write(origin(store.id()), MoveMembers { group, add: text(add), remove: text(remove) }).await.unwrap();
}

/// Does what is left; how many steps it took.
async fn drain(store: &TenantStore, most: usize) -> usize {
    for step in 1..100_000 {
        match store.settle_roles(most).await.unwrap() {
            Settled::Done => return step,
            Settled::More => {}
            Settled::Elsewhere => tokio::task::yield_now().await,
        }
    }
    panic!("there is no end to it");
}

/// What the feed has told since the beginning; each change must fit what was told before it.
async fn told_by_the_feed(store: &TenantStore) -> Roles {
    let order = ChangeOrder::OldestFirst;
    let query = ChangeQuery { order, beyond: None, resource: None, between: None, limit: 1_000_000 };
    let mut told = Roles::new();
    for change in store.changes(query).await.unwrap() {
        if change.change.kind != ChangeKind::UserRolesChanged {
            continue;
        }
        let details = change.change.details.unwrap();
        let before = told.remove(&change.change.resource_id).unwrap_or_default();
        let set = |keys: &[String]| keys.iter().cloned().collect::<BTreeSet<String>>();
        let (added, removed, after) = (set(&details.roles_added), set(&details.roles_removed), set(&details.roles));
        assert!(removed.is_subset(&before) && added.is_disjoint(&before), "seq {}", change.seq);
        assert!(!added.is_empty() || !removed.is_empty(), "seq {} tells nothing", change.seq);
        let expected: BTreeSet<String> = before.difference(&removed).chain(&added).cloned().collect();
        assert_eq!(expected, after, "seq {}", change.seq);
        if !after.is_empty() {
            told.insert(change.change.resource_id, after);
        }
    }
    told
}

/// What a snapshot says people have.
async fn told_by_a_snapshot(store: &TenantStore) -> Roles {
    let mut snapshot = store.snapshot().await.unwrap();
    let mut told = Roles::new();
    while let Some(piece) = snapshot.next().await.unwrap() {
        let Piece::Users(users) = piece else { break };
        let held = users.into_iter().filter(|(_, roles)| !roles.is_empty());
        told.extend(held.map(|(user, roles)| (user.id.as_uuid(), roles.into_iter().collect())));
    }
    told
}

/// How many people have which role, as the list of roles says.
async fn counted(store: &TenantStore) -> BTreeMap<String, u64> {
    let roles = store.roles().await.unwrap().into_iter().filter(|(_, people)| *people > 0);
    roles.map(|(role, people)| (role.key.to_string(), people)).collect()
}

/// Feed, snapshot and numbers say what people have.
async fn assert_told(store: &TenantStore, expected: &Roles, what: &str) {
    assert_eq!(told_by_the_feed(store).await, *expected, "{what}: the feed");
    assert_eq!(told_by_a_snapshot(store).await, *expected, "{what}: a snapshot");
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    for role in expected.values().flatten() {
        *numbers.entry(role.clone()).or_default() += 1;
    }
    assert_eq!(counted(store).await, numbers, "{what}: the numbers");
}

fn having(people: &[UserId], role: &str) -> Roles {
    people.iter().map(|id| (id.as_uuid(), BTreeSet::from([role.to_owned()]))).collect()
}

/// How many sequences are played; `PROPTEST_CASES` asks for more.
fn seeds() -> u64 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200)
}

on_both! {
    async fn whatever_happens_what_was_told_is_what_people_have(on) {
        let scratch = scratch(on).await;
        define_roles(&scratch.store).await;
        for seed in 0..seeds() {
            let store = scratch.store.tenant(scratch.tenant(&format!("seed-{seed}")).await.id);
            let mut game = Game::new(store.clone(), seed);
            for _ in 0..30 {
                game.step().await;
            }
            drain(&store, 2 + usize::try_from(seed % 4).unwrap()).await;
            assert_told(&store, &game.effective(), &format!("seed {seed}: {:#?}", game.story)).await;
        }
    }

    async fn a_mapping_saved_and_dropped_while_sixteen_write_is_told_to_the_end(on) {
        let scratch = scratch(on).await;
        let here = company(&scratch).await;
        // Another node, where there can be one.
        let other = match on {
            On::Sqlite => scratch.store.clone(),
            On::Postgres => Store::open(Settings::new(scratch.database.clone()), Arc::new(SystemClock)).await.unwrap(),
        };
        let there = other.tenant(here.id());
        let inner = group(&here, "Inner", &[]).await;
        let outer = group(&here, "Outer", &[inner.as_uuid()]).await;
        let mut people = Vec::new();
        for n in 0..16 {
            people.push(person(&here, &format!("p{n}")).await);
        }
        let writers = people.iter().enumerate().map(|(n, id)| {
            let (store, id) = (if n % 2 == 0 { &here } else { &there }, id.as_uuid());
            async move {
                for round in 0..12 {
                    let group = if (n + round) % 3 == 0 { outer } else { inner };
                    if round % 2 == 0 { moved(store, group, &[id], &[]).await } else { moved(store, group, &[], &[id]).await }
                }
                moved(store, inner, &[id], &[]).await;
            }
        });
        let mapper = async {
            for round in 0..10 {
                let (store, role) = (if round % 2 == 0 { &here } else { &there }, key("reader"));
                if round % 2 == 0 {
                    assert_eq!(store.role_mappings().map(outer, &role, &author()).await.unwrap(), Mapped::Done);
                } else {
                    assert!(store.role_mappings().unmap(outer, &role, &author()).await.unwrap());
                }
            }
            assert_eq!(here.role_mappings().map(outer, &key("writer"), &author()).await.unwrap(), Mapped::Done);
        };
        let tellers = [&here, &there].map(|store| async move {
            for _ in 0..60 {
                store.settle_roles(6).await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        futures_util::join!(join_all(writers), mapper, join_all(tellers));
        drain(&here, 6).await;
        assert_told(&here, &having(&people, "writer"), "all are in the inner group at the end").await;
        for id in &people {
            let held = there.roles_of(*id).await.unwrap();
            assert_eq!(held.iter().map(|role| role.key.as_str()).collect::<Vec<_>>(), ["writer"]);
        }
        if on == On::Postgres {
            other.close().await;
        }
    }

    async fn a_large_change_is_told_in_parts_and_everybody_once(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let everybody = group(&store, "Everybody", &[]).await;
        store.role_mappings().map(everybody, &key("reader"), &author()).await.unwrap();
        drain(&store, 20).await;
        let made = join_all((0..120).map(|n| {
            let store = &store;
            async move { person(store, &format!("p{n}")).await }
        }));
        let people = made.await;
        let ids: Vec<Uuid> = people.iter().map(|id| id.as_uuid()).collect();
        moved(&store, everybody, &ids, &[]).await;
        assert!(drain(&store, 20).await >= 12, "ten of the feed at a time");
        assert_told(&store, &having(&people, "reader"), "after they came").await;
        store.role_mappings().unmap(everybody, &key("reader"), &author()).await.unwrap();
        assert!(drain(&store, 20).await >= 6, "twenty at a time");
        assert_told(&store, &Roles::new(), "after the mapping went").await;
    }

    async fn a_deleted_group_takes_what_it_gave_and_what_groups_in_it_gave(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let (ada, bob, cyd) = (person(&store, "ada").await, person(&store, "bob").await, person(&store, "cyd").await);
        let deep = group(&store, "Deep", &[cyd.as_uuid()]).await;
        let middle = group(&store, "Middle", &[bob.as_uuid(), deep.as_uuid()]).await;
        let top = group(&store, "Top", &[ada.as_uuid(), middle.as_uuid()]).await;
        store.role_mappings().map(top, &key("reader"), &author()).await.unwrap();
        drain(&store, 500).await;
        assert_told(&store, &having(&[ada, bob, cyd], "reader"), "at first").await;
        // Nobody can be found below the middle any more when the work begins.
        store.write(origin(store.id()), RemoveGroup(middle)).await.unwrap();
        store.write(origin(store.id()), RemoveGroup(deep)).await.unwrap();
        drain(&store, 2).await;
        assert_told(&store, &having(&[ada], "reader"), "without the middle").await;
        store.write(origin(store.id()), RemoveGroup(top)).await.unwrap();
        drain(&store, 2).await;
        assert_told(&store, &Roles::new(), "without the top").await;
        let mapped = store.role_mappings().list().await.unwrap();
        assert_eq!((mapped.len(), mapped[0].group, mapped[0].group_name.as_deref()), (1, top, None), "a mapping waits for the group");
        let system = scratch.store.system();
        assert_eq!(system.purge_role_mappings(store.id()).await.unwrap(), 0);
        while system.purge_tombstones(store.id(), SystemClock.now().plus_days(1), 100).await.unwrap() > 0 {}
        assert_eq!(system.purge_role_mappings(store.id()).await.unwrap(), 1, "until nothing of it is kept");
        drain(&store, 2).await;
        assert!(store.role_mappings().list().await.unwrap().is_empty());
        assert_eq!(system.unsettled_roles(None, 10).await.unwrap(), [], "the feed is followed no longer");
    }

    async fn who_is_inactive_or_gone_has_nothing_and_gets_it_back(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let (ada, bob) = (person(&store, "ada").await, person(&store, "bob").await);
        let ring = group(&store, "Ring", &[ada.as_uuid()]).await;
        let round = group(&store, "Round", &[ring.as_uuid(), bob.as_uuid()]).await;
        moved(&store, ring, &[round.as_uuid()], &[]).await;
        store.role_mappings().map(ring, &key("reader"), &author()).await.unwrap();
        drain(&store, 500).await;
        assert_told(&store, &having(&[ada, bob], "reader"), "a ring has an end").await;
        store.write(origin(store.id()), Activate(ada, false)).await.unwrap();
        assert!(store.roles_of(ada).await.unwrap().is_empty(), "at once");
        drain(&store, 500).await;
        assert_told(&store, &having(&[bob], "reader"), "without ada").await;
        store.write(origin(store.id()), Activate(ada, true)).await.unwrap();
        store.write(origin(store.id()), RemoveUser(bob)).await.unwrap();
        drain(&store, 500).await;
        assert_told(&store, &having(&[ada], "reader"), "with ada again").await;
        moved(&store, ring, &[], &[ada.as_uuid()]).await;
        moved(&store, ring, &[ada.as_uuid()], &[]).await;
        let before = store.counters().await.unwrap().seq;
        drain(&store, 500).await;
        assert_eq!(store.counters().await.unwrap().seq, before, "who went and came back was told nothing");
    }

    async fn changes_that_were_removed_before_they_were_looked_at_are_made_up_for(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let (ada, bob) = (person(&store, "ada").await, person(&store, "bob").await);
        let staff = group(&store, "Staff", &[ada.as_uuid()]).await;
        store.role_mappings().map(staff, &key("reader"), &author()).await.unwrap();
        drain(&store, 500).await;
        moved(&store, staff, &[bob.as_uuid()], &[ada.as_uuid()]).await;
        meddle(&scratch.store, store.id(), "DELETE FROM changes WHERE tenant_id = {tenant}").await;
        drain(&store, 2).await;
        assert_eq!(told_by_a_snapshot(&store).await, having(&[bob], "reader"));
    }

    async fn what_was_missed_is_made_up_for_once_however_much_it_was(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let (ada, bob) = (person(&store, "ada").await, person(&store, "bob").await);
        let staff = group(&store, "Staff", &[ada.as_uuid()]).await;
        store.role_mappings().map(staff, &key("reader"), &author()).await.unwrap();
        drain(&store, 500).await;
        moved(&store, staff, &[bob.as_uuid()], &[ada.as_uuid()]).await;
        meddle(&scratch.store, store.id(), "DELETE FROM changes WHERE tenant_id = {tenant}").await;
        meddle(&scratch.store, store.id(), "UPDATE tenant_counters SET seq = seq + 50000 WHERE tenant_id = {tenant}").await;
        assert_eq!(drain(&store, 500).await, 2, "all people, and all who had something");
        assert_eq!(told_by_a_snapshot(&store).await, having(&[bob], "reader"));
        assert_eq!(drain(&store, 500).await, 1, "nothing is left");
    }

    async fn small_changes_are_taken_together_as_far_as_there_is_room(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let mut people = Vec::new();
        for n in 0..60 {
            people.push(person(&store, &format!("p{n}")).await);
        }
        let ids: Vec<Uuid> = people.iter().map(|id| id.as_uuid()).collect();
        let staff = group(&store, "Staff", &ids).await;
        store.role_mappings().map(staff, &key("reader"), &author()).await.unwrap();
        drain(&store, 500).await;
        for id in &people {
            store.write(origin(store.id()), Activate(*id, false)).await.unwrap();
        }
        assert_eq!(drain(&store, 50).await, 3, "twenty-five at a time");
        assert_told(&store, &Roles::new(), "nobody is active").await;
        for id in &people {
            store.write(origin(store.id()), Activate(*id, true)).await.unwrap();
        }
        assert_eq!(drain(&store, 500).await, 1, "all at once");
        assert_told(&store, &having(&people, "reader"), "all are active").await;
    }

    async fn tenants_with_something_to_tell_are_found_one_after_the_other(on) {
        let scratch = scratch(on).await;
        let acme = company(&scratch).await;
        let globex = scratch.store.tenant(scratch.tenant("globex").await.id);
        for store in [&acme, &globex] {
            let staff = group(store, "Staff", &[]).await;
            store.role_mappings().map(staff, &key("reader"), &author()).await.unwrap();
        }
        let (system, mut ids) = (scratch.store.system(), [acme.id(), globex.id()]);
        ids.sort_unstable();
        assert_eq!(system.unsettled_roles(None, 10).await.unwrap(), ids);
        assert_eq!(system.unsettled_roles(None, 1).await.unwrap(), ids[..1]);
        assert_eq!(system.unsettled_roles(Some(ids[0]), 1).await.unwrap(), ids[1..]);
        assert_eq!(system.unsettled_roles(Some(ids[1]), 1).await.unwrap(), []);
    }

    async fn a_tenant_maps_a_thousand_times_at_most(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let staff = group(&store, "Staff", &[]).await;
        store.role_mappings().map(staff, &key("reader"), &author()).await.unwrap();
        meddle(&scratch.store, store.id(), "UPDATE role_heads SET mappings = 1000 WHERE tenant_id = {tenant}").await;
        let beyond = store.role_mappings().map(staff, &key("writer"), &author()).await;
        assert!(matches!(beyond, Err(StoreError::Conflict(Unique::MappingPlace))), "{beyond:?}");
        assert_eq!(store.role_mappings().list().await.unwrap().len(), 1, "nothing of it stays");
        let elsewhere: TenantId = scratch.tenant("globex").await.id;
        assert_eq!(scratch.store.tenant(elsewhere).role_mappings().map(staff, &key("reader"), &author()).await.unwrap(), Mapped::Unknown);
        assert_eq!(store.role_mappings().map(staff, &key("nothing"), &author()).await.unwrap(), Mapped::Unknown);
    }

    async fn telling_and_a_preview_read_no_whole_table_and_a_tenant_without_mappings_pays_nothing(on) {
        let (scratch, statements) = scratch_watched(on).await;
        let store = company(&scratch).await;
        let mut ids = Vec::new();
        for n in 0..50 {
            ids.push(person(&store, &format!("p{n}")).await.as_uuid());
        }
        let inner = group(&store, "Inner", &ids).await;
        let outer = group(&store, "Outer", &[inner.as_uuid()]).await;
        statements.take();
        moved(&store, inner, &[], &ids[..1]).await;
        let asked = statements.take();
        assert!(asked.iter().all(|statement| !statement.sql.contains("role")), "{asked:#?}");
        scratch.analyze().await;
        store.role_mappings().map(outer, &key("reader"), &author()).await.unwrap();
        statements.take();
        let preview = store.role_mappings().preview(outer, &key("reader"), true).await.unwrap();
        assert!(matches!(preview, Previewed::Known(Preview { people: 49, .. })), "{preview:?}");
        drain(&store, 20).await;
        for statement in statements.take() {
            let plan = scratch.plan_of(&statement).await;
            let tables = ["m", "t", "users", "memberships", "changes", "user_roles", "role_work", "groups"];
            let whole = match on {
                On::Sqlite => plan.lines().filter_map(|line| line.trim().strip_prefix("SCAN ")).any(|of| tables.contains(&of.split(' ').next().unwrap())),
                On::Postgres => tables.iter().filter(|table| table.len() > 1).any(|table| plan.contains(&format!("Seq Scan on {table}"))),
            };
            assert!(!whole, "{}\n{plan}", statement.sql);
        }
    }
}
