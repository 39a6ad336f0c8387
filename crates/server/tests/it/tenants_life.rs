//! A tenant gets another slug and is deleted, from the command line, while the service runs and while it does not.

use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, FixedClock, SystemClock};
use store::ChangeQuery;
use store::testing::On;

use crate::on_both;
use crate::server::{Server, Tenant};

/// Another process learns what was changed within a second.
async fn believed() {
    tokio::time::sleep(Duration::from_millis(1_100)).await;
}

on_both! {
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
