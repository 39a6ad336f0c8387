//! A tenant gets another slug and is deleted, from the command line, while the service runs and while it does not.

use std::sync::Arc;
use std::time::Duration;

use domain::audit::AuditActor;
use domain::{Act, Clock, FixedClock, SystemClock};
use serde_json::{Value, json};
use store::testing::On;
use store::{AuditQuery, ChangeQuery};

use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

/// Another process learns what was changed within a second.
async fn believed() {
    tokio::time::sleep(Duration::from_millis(1_100)).await;
}

/// What the audit of a tenant has of this act: who did it, and what it became.
async fn recorded(server: &Server, slug: &str, act: Act) -> Vec<(AuditActor, Value)> {
    let store = server.store().await;
    let tenant = store.system().find_tenant(&slug.parse().unwrap()).await.unwrap().unwrap();
    let query = AuditQuery { limit: 100, ..AuditQuery::default() };
    let entries = store.tenant(tenant.id).audit().list(&query).await.unwrap();
    store.close().await;
    let after = |text: Option<&str>| text.map_or(Value::Null, |text| serde_json::from_str(text).unwrap());
    let of_it = entries.into_iter().filter(|entry| entry.act == act);
    of_it.map(|entry| (entry.actor, after(entry.after.as_deref()))).collect()
}

on_both! {
    async fn a_tenants_settings_are_set_as_the_api_sets_them(on) {
        let server = Server::start(on).await;
        let olga = Person::operator(&server).await;
        for slug in ["acme", "globex"] {
            server.json(&["tenant", "create", slug, "--slug", slug, "--json"]);
        }
        let fields = ["name", "logBodies", "logDays", "changeDays", "acknowledgementTargetSeconds"];
        let wanted =
            json!({ "name": "Big AG", "logBodies": "full", "logDays": 7, "changeDays": 730, "acknowledgementTargetSeconds": 60 });
        let flags = ["--name", " Big AG ", "--log-bodies", "full", "--log-days", "7", "--change-days", "730", "--acknowledgement-target", "60"];
        let set = server.json(&[&["tenant", "set", "acme", "--json"], &flags[..]].concat());
        let by_call = olga.call("PATCH", "/tenants/globex", Some(wanted.clone())).await.body.unwrap();
        let read = olga.call("GET", "/tenants/acme", None).await.body.unwrap();
        for field in fields {
            assert_eq!([&set[field], &by_call[field], &read[field]], [&wanted[field]; 3], "{field}");
        }
        for act in [Act::TenantRenamed, Act::TenantLogChanged] {
            let (by_command, by_call) = (recorded(&server, "acme", act).await, recorded(&server, "globex", act).await);
            assert_eq!((by_command.len(), by_call.len()), (1, 1), "{act:?}");
            assert_eq!(by_command[0].0, AuditActor::CommandLine);
            assert!(fields.iter().all(|field| by_command[0].1[field] == by_call[0].1[field]), "{act:?}");
        }

        // What is not named stays, and what stays as it was is no act.
        let lifted = server.json(&["tenant", "set", "acme", "--acknowledgement-target", "none", "--json"]);
        assert_eq!((&lifted["acknowledgementTargetSeconds"], &lifted["logDays"]), (&Value::Null, &json!(7)));
        server.json(&["tenant", "set", "acme", "--name", "Big AG", "--json"]);
        assert_eq!(recorded(&server, "acme", Act::TenantRenamed).await.len(), 1);
        assert_eq!(recorded(&server, "acme", Act::TenantLogChanged).await.len(), 2);

        let long = "x".repeat(201);
        for (flag, text, field, value) in [
            ("--name", " ", "name", json!(" ")),
            ("--name", long.as_str(), "name", json!(long)),
            ("--name", "a\nb", "name", json!("a\nb")),
            ("--log-bodies", "some", "logBodies", json!("some")),
            ("--log-days", "0", "logDays", json!(0)),
            ("--log-days", "91", "logDays", json!(91)),
            ("--change-days", "731", "changeDays", json!(731)),
            ("--acknowledgement-target", "0", "acknowledgementTargetSeconds", json!(0)),
            ("--acknowledgement-target", "2592001", "acknowledgementTargetSeconds", json!(2_592_001)),
        ] {
            assert!(server.refused(&["tenant", "set", "acme", flag, text]).contains(flag), "{flag} {text}");
            assert_eq!(olga.call("PATCH", "/tenants/acme", Some(json!({ field: value }))).await.status, 400, "{field} {text}");
        }
        assert!(server.refused(&["tenant", "create", &long]).contains("has at most 200 characters"));
        server.refused(&["tenant", "set", "acme"]);
        assert!(server.refused(&["tenant", "set", "nobody", "--log-days", "7"]).contains("there is no tenant"));
    }

    async fn an_old_slug_is_listed_and_dropped(on) {
        let server = Server::start(on).await;
        let olga = Person::operator(&server).await;
        let tenant = server.tenant("acme");
        assert_eq!(server.run(&["tenant", "old-slugs", "acme"]).1, "");
        server.json(&["tenant", "rename", "acme", "acme-ag", "--json"]);
        believed().await;
        assert_eq!(tenant.send("GET", "/Users", None).await.status, 200);
        let listed = server.json(&["tenant", "old-slugs", "acme-ag", "--json"]);
        let told = olga.call("GET", "/tenants/acme-ag/old-slugs", None).await.body.unwrap();
        assert_eq!((&listed["slug"], told["items"].as_array().unwrap().len()), (&json!("acme"), 1));
        assert!(["slug", "since"].iter().all(|field| listed[field] == told["items"][0][field]), "{listed} {told}");

        // Neither the current one nor a stranger's.
        for slug in ["acme-ag", "globex", "Not A Slug"] {
            assert!(server.refused(&["tenant", "drop-old-slug", "acme-ag", slug]).contains("is no old slug"), "{slug}");
        }
        assert_eq!(server.json(&["tenant", "drop-old-slug", "acme-ag", "acme", "--json"])["slug"], "acme");
        believed().await;
        assert_eq!(tenant.send("GET", "/Users", None).await.status, 401);
        let moved = Tenant { slug: "acme-ag".to_owned(), token: tenant.token.clone(), server: tenant.server };
        assert_eq!(moved.send("GET", "/Users", None).await.status, 200);
        assert_eq!(server.run(&["tenant", "old-slugs", "acme-ag"]).1, "");
        assert!(server.refused(&["tenant", "drop-old-slug", "acme-ag", "acme"]).contains("is no old slug"));
        assert!(server.refused(&["tenant", "create", "Acme"]).contains("is held until"));
        let dropped = recorded(&server, "acme-ag", Act::OldSlugDropped).await;
        assert_eq!(dropped, [(AuditActor::CommandLine, Value::Null)]);
    }

    async fn a_renamed_tenant_is_served_at_both_addresses(on) {
        let server = Server::start(on).await;
        let (tenant, other) = (server.tenant("acme"), server.tenant("other"));
        let ada = tenant.person("ada").await;
        let renamed = server.json(&["tenant", "rename", "acme", "acme-ag", "--json"]);
        assert!(renamed["scimUrl"].as_str().unwrap().ends_with("/scim/acme-ag/v2"), "{renamed}");
        believed().await;
        let old = tenant.send("GET", &format!("/Users/{ada}"), None).await;
        assert_eq!(old.status, 200);
        assert!(old.header("link").unwrap().ends_with("/scim/acme-ag/v2>; rel=\"successor-version\""));
        let moved = Tenant { slug: "acme-ag".to_owned(), token: tenant.token.clone(), server: tenant.server };
        let new = moved.send("GET", &format!("/Users/{ada}"), None).await;
        assert_eq!((new.status, new.header("link")), (200, None));
        assert!(server.refused(&["tenant", "rename", "other", "acme"]).contains("taken"));
        assert!(server.refused(&["tenant", "create", "Acme"]).contains("taken"));
        assert!(server.refused(&["tenant", "rename", "other", "Not A Slug"]).contains("is no slug"));
        assert_eq!(other.send("GET", "/Users", None).await.status, 200);
    }

    async fn a_deleted_tenant_is_refused_at_once_and_removed_also_after_a_restart(on) {
        let mut server = Server::start(on).await;
        let (acme, other) = (server.tenant("acme"), server.tenant("other"));
        acme.person("ada").await;
        other.person("bob").await;
        let told = server.refused(&["tenant", "delete", "acme"]);
        assert!(told.contains("1 people, 0 groups, 1 connections, 1 live credentials"), "{told}");
        server.refused(&["tenant", "delete", "acme", "--confirm", "other"]);
        assert_eq!(acme.send("GET", "/Users", None).await.status, 200);
        server.kill();
        // As if it had begun ten minutes ago, and the service had stopped then.
        let store = server.store_at(Arc::new(FixedClock::new(SystemClock.now().plus_seconds(-600)))).await;
        let id = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap().id;
        assert!(store.system().begin_removal(id, &"acme".parse().unwrap(), &store::testing::author()).await.unwrap());
        server.serve().await;
        assert_eq!(acme.send("GET", "/Users", None).await.status, 401);
        for _ in 0..300 {
            if store.system().count_tenants().await.unwrap() == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(store.system().count_tenants().await.unwrap(), 1, "it is gone");
        let order = store::ChangeOrder::OldestFirst;
        let all = ChangeQuery { order, beyond: None, resource: None, between: None, limit: 10 };
        assert!(store.tenant(id).changes(all).await.unwrap().is_empty());
        assert_eq!(other.send("GET", "/Users", None).await.body.unwrap()["totalResults"], 1);
        store.close().await;
        assert!(server.refused(&["tenant", "create", "Acme"]).contains("is held until"));
    }
}

#[tokio::test]
async fn a_tenant_is_deleted_while_the_service_runs() {
    let server = Server::start(On::Sqlite).await;
    let tenant = server.tenant("acme");
    tenant.person("ada").await;
    let deleted = server.json(&["tenant", "delete", "acme", "--confirm", "acme", "--json"]);
    assert_eq!((deleted["state"].as_str(), deleted["people"].as_u64()), (Some("deleting"), Some(1)));
    believed().await;
    assert_eq!(tenant.send("GET", "/Users", None).await.status, 401);
    assert!(server.refused(&["tenant", "resume", "acme"]).contains("is being deleted"));
    assert!(server.refused(&["token", "create", "acme"]).contains("is being deleted"));
}
