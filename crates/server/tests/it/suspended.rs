//! Suspended people, whom nothing brings back that leaves `active` unsaid, and suspended tenants.

use serde_json::{Value, json};

use crate::on_both;
use crate::server::{Server, Tenant};

async fn patch(tenant: &Tenant, path: &str, operation: Value) -> Value {
    let answer = tenant.send("PATCH", path, Some(json!({ "Operations": [operation] }))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body.unwrap()
}

async fn found(tenant: &Tenant, filter: &str) -> Value {
    tenant.send("GET", &format!("/Users?filter={filter}"), None).await.body.unwrap()["totalResults"].clone()
}

on_both! {
    async fn who_is_suspended_stays_so_until_active_says_otherwise(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let path = format!("/Users/{}", tenant.person("ada").await);
        assert_eq!(patch(&tenant, &path, json!({ "op": "replace", "path": "active", "value": false })).await["active"], false);
        for operation in [
            json!({ "op": "replace", "path": "active", "value": null }),
            json!({ "op": "replace", "path": "active", "value": "" }),
            json!({ "op": "add", "value": { "title": "Countess" } }),
        ] {
            assert_eq!(patch(&tenant, &path, operation).await["active"], false);
        }
        let removed = patch(&tenant, &path, json!({ "op": "remove", "path": "active" })).await;
        assert!(removed.get("active").is_none());
        assert_eq!(found(&tenant, "active eq false").await, 1);
        assert_eq!(found(&tenant, "active eq true").await, 0);
        let again = patch(&tenant, &path, json!({ "op": "replace", "path": "title", "value": "Lady" })).await;
        assert!(again.get("active").is_none());
        assert_eq!(found(&tenant, "active eq false").await, 1);
        let replaced = tenant.send("PUT", &path, Some(json!({ "userName": "ada" }))).await.body.unwrap();
        assert_eq!(replaced["active"], false);
        let store = server.store().await;
        let acme = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(store.tenant(acme.id).counters().await.unwrap().active_users, 0);
        assert_eq!(patch(&tenant, &path, json!({ "op": "replace", "path": "active", "value": "True" })).await["active"], true);
        assert_eq!(store.tenant(acme.id).counters().await.unwrap().active_users, 1);
        store.close().await;
    }

    async fn a_suspended_tenants_idps_are_told_to_come_again(on) {
        let server = Server::start(on).await;
        let (tenant, other) = (server.tenant("acme"), server.tenant("other"));
        let id = tenant.person("ada").await;
        assert_eq!(server.json(&["tenant", "suspend", "acme", "--json"])["state"], "suspended");
        // Another process learns it within a second.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        for (method, path, body) in [("GET", format!("/Users/{id}"), None), ("POST", "/Users".to_owned(), Some(json!({ "userName": "bob" }))), ("GET", "/Schemas".to_owned(), None)] {
            let answer = tenant.send(method, &path, body).await;
            assert_eq!((answer.status, answer.header("retry-after")), (503, Some("3600")), "{method} {path}");
            assert_eq!(answer.body.unwrap()["schemas"], json!([scim::ERROR_URN]));
        }
        assert_eq!(other.send("GET", "/Users", None).await.status, 200);
        assert_eq!(server.json(&["tenant", "resume", "acme", "--json"])["state"], "active");
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        let back = tenant.send("GET", "/Users", None).await.body.unwrap();
        assert_eq!((&back["totalResults"], &back["Resources"][0]["id"]), (&json!(1), &json!(id)), "nothing was lost or added");
    }
}
