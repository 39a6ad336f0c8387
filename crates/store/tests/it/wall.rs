//! PostgreSQL's own wall between tenants, with the first line removed: statements without any condition on a tenant.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::{Secret, SystemClock, Tenant};
use serde_json::json;
use store::testing::{CreateGroup, CreateUser, Ends, Scratch, Unguarded, origin, scratch_walled};
use store::{Database, Settings, Store, StoreError, TenantStore, Wall, WallFault};

struct Two {
    scratch: Scratch,
    acme: TenantStore,
    globex: TenantStore,
}

/// Two tenants, each with a person in a group.
async fn two() -> Two {
    let scratch = scratch_walled().await;
    let mut doors = Vec::new();
    for slug in ["acme", "globex"] {
        let Tenant { id, .. } = scratch.tenant(slug).await;
        let door = scratch.store.tenant(id);
        let person = door.write(origin(id), CreateUser(json!({ "userName": format!("ada@{slug}.test") }))).await.unwrap().output;
        let group = json!({ "displayName": format!("{slug} staff"), "members": [{ "value": person.id.to_string() }] });
        door.write(origin(id), CreateGroup(group)).await.unwrap();
        doors.push(door);
    }
    let globex = doors.pop().unwrap();
    Two { scratch, acme: doors.pop().unwrap(), globex }
}

async fn inside(door: &TenantStore, statement: &str) -> Result<Vec<String>, StoreError> {
    ending(door, statement, Ends::Commit).await
}

async fn ending(door: &TenantStore, statement: &str, ends: Ends) -> Result<Vec<String>, StoreError> {
    let unit = Unguarded { statements: vec![statement.to_owned()], ends };
    door.write(origin(door.id()), unit).await.map(|written| written.output)
}

/// Every table with a column `tenant_id`, by the database's own word and not by the wall's.
const TABLES: &str =
    "SELECT table_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'tenant_id'";

/// What a session has left of a tenant.
const LEFT: &str = "SELECT COALESCE(current_setting('directory_sync.tenant', true), '') || COALESCE(current_setting('directory_sync.door', true), '')";

#[tokio::test]
async fn the_wall_stands_on_every_table_with_a_tenant_postgresql() {
    let Two { scratch, acme, .. } = two().await;
    let tables = scratch.unguarded(TABLES).await.unwrap();
    assert!(tables.len() >= 18, "{tables:?}");
    for table in tables.iter().map(String::as_str).chain(["tenants"]) {
        let standing = format!(
            "SELECT (relrowsecurity AND relforcerowsecurity AND pg_get_userbyid(relowner) <> current_user)::text FROM pg_class WHERE oid = '\"{table}\"'::regclass"
        );
        assert_eq!(scratch.unguarded(&standing).await.unwrap(), ["true"], "{table}");
        // Nobody who has opened no door sees a row, and one tenant sees its own only.
        assert_eq!(scratch.unguarded(&format!("SELECT count(*)::text FROM \"{table}\"")).await.unwrap(), ["0"], "{table}");
        let key = if table == "tenants" { "id" } else { "tenant_id" };
        let seen = format!("SELECT DISTINCT {key}::text FROM \"{table}\"");
        let mut seen: BTreeSet<String> = inside(&acme, &seen).await.unwrap().into_iter().collect();
        seen.remove(&acme.id().to_string());
        assert!(seen.is_empty(), "{table}: {seen:?}");
    }
}

#[tokio::test]
async fn statements_that_name_no_tenant_reach_ones_own_rows_only_postgresql() {
    let Two { acme, globex, .. } = two().await;
    for door in [&acme, &globex] {
        let id = door.id().to_string();
        for table in ["users", "groups", "memberships", "changes", "tenant_counters", "tenant_slugs", "audit_entries"] {
            let owners = format!("SELECT DISTINCT tenant_id::text FROM \"{table}\"");
            assert_eq!(inside(door, &owners).await.unwrap(), std::slice::from_ref(&id), "{table}, inside a unit of work");
            assert_eq!(door.unguarded(&owners).await.unwrap(), std::slice::from_ref(&id), "{table}, through the reading pool");
        }
    }
    assert_eq!(inside(&acme, "UPDATE users SET version = version + 100").await.unwrap(), ["1"]);
    assert_eq!(inside(&acme, "DELETE FROM memberships").await.unwrap(), ["1"]);
    let theirs = format!("UPDATE users SET version = 7 WHERE tenant_id = '{}'", globex.id());
    assert_eq!(inside(&acme, &theirs).await.unwrap(), ["0"]);
    let theirs = format!("DELETE FROM \"groups\" WHERE tenant_id = '{}'", globex.id());
    assert_eq!(inside(&acme, &theirs).await.unwrap(), ["0"]);
    assert_eq!(globex.unguarded("SELECT version::text FROM users").await.unwrap(), ["1"]);
    assert_eq!(globex.unguarded("SELECT count(*)::text FROM memberships").await.unwrap(), ["1"]);
}

#[tokio::test]
async fn a_row_for_another_tenant_is_refused_and_so_is_giving_one_away_postgresql() {
    let Two { acme, globex, .. } = two().await;
    let (ours, theirs) = (acme.id(), globex.id());
    for statement in [
        format!("INSERT INTO user_emails (tenant_id, value_key, user_id) VALUES ('{theirs}', 'x', '{ours}')"),
        format!("UPDATE users SET tenant_id = '{theirs}'"),
        format!("INSERT INTO tenants (id, slug, name, state, created_at) VALUES ('{theirs}', 'x', 'x', 'active', 0)"),
        format!(
            "INSERT INTO tenant_slugs (slug, tenant_id, state, since) VALUES ('globex', '{ours}', 'current', 0) ON CONFLICT (slug) DO UPDATE SET tenant_id = '{ours}'"
        ),
    ] {
        let refused = inside(&acme, &statement).await.unwrap_err();
        let StoreError::Database(cause) = &refused else { panic!("{statement}: {refused:?}") };
        assert!(cause.to_string().contains("row-level security"), "{statement}: {cause}");
    }
    let own = format!("INSERT INTO user_emails (tenant_id, value_key, user_id) VALUES ('{ours}', 'x', '{ours}')");
    assert_eq!(inside(&acme, &own).await.unwrap(), ["1"]);
    // What is read is read in a transaction that cannot write.
    assert!(acme.unguarded("SELECT id::text FROM users FOR UPDATE").await.is_err());
}

#[tokio::test]
async fn no_session_keeps_a_tenant_after_commit_refusal_or_panic_postgresql() {
    let Two { scratch, acme, globex } = two().await;
    for ends in [Ends::Commit, Ends::Refusal, Ends::Panic] {
        let seen = ending(&acme, LEFT, ends).await;
        match ends {
            Ends::Commit => assert_eq!(seen.unwrap(), [format!("{}tenant", acme.id())]),
            Ends::Refusal => assert!(matches!(seen, Err(StoreError::Stale))),
            Ends::Panic => assert!(matches!(seen, Err(StoreError::Panicked))),
        }
        acme.unguarded("SELECT 'read'").await.unwrap();
        assert!(acme.unguarded("SELECT broken").await.is_err());
        // As many at once as the pool has sessions, so that each is asked.
        let asked = (0..12).map(|_| scratch.unguarded("SELECT pg_sleep(0.2)::text || pg_backend_pid() || '=' || COALESCE(current_setting('directory_sync.tenant', true), '') || COALESCE(current_setting('directory_sync.door', true), '')"));
        for left in futures_util::future::join_all(asked).await {
            assert!(left.unwrap()[0].ends_with('='), "{ends:?}");
        }
        assert_eq!(scratch.unguarded("SELECT count(*)::text FROM users").await.unwrap(), ["0"], "{ends:?}");
        assert_eq!(globex.unguarded("SELECT count(*)::text FROM users").await.unwrap(), ["1"], "{ends:?}");
    }
}

#[tokio::test]
async fn a_read_that_is_given_up_leaves_nothing_to_the_next_postgresql() {
    let Two { acme, globex, .. } = two().await;
    for micros in (0..3_000).step_by(20) {
        drop(tokio::time::timeout(Duration::from_micros(micros), acme.unguarded("SELECT pg_sleep(0.001)::text")).await);
        let seen = globex.unguarded("SELECT tenant_id::text FROM users").await.unwrap();
        assert_eq!(seen, [globex.id().to_string()]);
    }
    assert_eq!(inside(&globex, "SELECT tenant_id::text FROM users").await.unwrap(), [globex.id().to_string()]);
}

#[tokio::test]
async fn who_is_above_the_wall_or_owns_it_does_not_start_with_it_postgresql() {
    let scratch = scratch_walled().await;
    let Database::Postgres { url, max_connections, schema, wall } = scratch.database.clone() else { panic!() };
    let open = |url: Secret, wall: Wall| {
        let database = Database::Postgres { url, max_connections, schema: schema.clone(), wall };
        async move {
            match Store::open(Settings::new(database), Arc::new(SystemClock)).await {
                Ok(store) => {
                    store.close().await;
                    None
                }
                Err(error) => Some(error),
            }
        }
    };
    let superuser = Secret::new(std::env::var("TEST_DATABASE_URL").unwrap());
    let refused = open(superuser, Wall { raised: true, owner: None }).await;
    assert!(matches!(&refused, Some(StoreError::Wall(WallFault::AboveIt { .. }))), "{refused:?}");
    assert!(refused.unwrap().to_string().contains("superuser or has BYPASSRLS"));
    let owner = wall.owner.clone().unwrap();
    let refused = open(owner.clone(), wall.clone()).await;
    assert!(matches!(refused, Some(StoreError::Wall(WallFault::OwnsTables { .. }))), "{refused:?}");
    // One role for both has the wall too, because it is FORCEd; and what is migrated needs no owner at start.
    assert!(open(owner, Wall { raised: true, owner: None }).await.is_none());
    assert!(open(url.clone(), Wall { raised: true, owner: None }).await.is_none());
    scratch
        .as_owner("ALTER TABLE users NO FORCE ROW LEVEL SECURITY; CREATE POLICY all_rows ON credentials USING (true)")
        .await
        .unwrap();
    let refused = open(url.clone(), Wall { raised: true, owner: None }).await;
    let gaps = WallFault::Gaps { tables: vec!["credentials".to_owned(), "users".to_owned()] };
    assert!(matches!(&refused, Some(StoreError::Wall(fault)) if *fault == gaps), "{refused:?}");
    scratch.as_owner("DROP POLICY all_rows ON credentials").await.unwrap();
    assert!(open(url.clone(), wall).await.is_none(), "raised again where it was missing");
    scratch.as_owner("DELETE FROM seaql_migrations WHERE version LIKE '%rotation'").await.unwrap();
    let refused = open(url, Wall { raised: true, owner: None }).await;
    assert!(matches!(refused, Some(StoreError::Wall(WallFault::OutOfDate))), "{refused:?}");
}

#[tokio::test]
async fn a_table_that_comes_later_is_behind_the_wall_from_the_next_start_postgresql() {
    let Two { scratch, acme, .. } = two().await;
    let made =
        "CREATE TABLE later (tenant_id uuid, word text); INSERT INTO later VALUES ('00000000-0000-7000-8000-000000000000', 'x')";
    scratch.as_owner(made).await.unwrap();
    Store::migrate(&scratch.database).await.unwrap();
    assert_eq!(acme.unguarded("SELECT word FROM later").await.unwrap(), Vec::<String>::new());
    let own = format!("INSERT INTO later VALUES ('{}', 'own')", acme.id());
    assert_eq!(inside(&acme, &own).await.unwrap(), ["1"]);
    assert_eq!(acme.unguarded("SELECT word FROM later").await.unwrap(), ["own"]);
}

#[tokio::test]
async fn a_node_without_the_wall_works_where_it_stands_postgresql() {
    let Two { scratch, acme, .. } = two().await;
    let Database::Postgres { url, max_connections, schema, wall } = scratch.database.clone() else { panic!() };
    let wall = Wall { raised: false, ..wall };
    let database = Database::Postgres { url, max_connections, schema, wall };
    let other = Store::open(Settings::new(database), Arc::new(SystemClock)).await.unwrap();
    let door = other.tenant(acme.id());
    door.write(origin(door.id()), CreateUser(json!({ "userName": "eve@acme.test" }))).await.unwrap();
    assert_eq!(door.counters().await.unwrap().users, 2);
    assert_eq!(acme.counters().await.unwrap().users, 2);
    other.close().await;
}
