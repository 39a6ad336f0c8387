//! `/Bulk` through the real door (RFC 7644 §3.7).

use serde_json::{Value, json};

use crate::on_both;
use crate::server::{Server, Tenant};

async fn bulk(tenant: &Tenant, body: Value) -> Vec<Value> {
    let answer = tenant.send("POST", "/Bulk", Some(body)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body.unwrap()["Operations"].as_array().unwrap().clone()
}

fn statuses(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["status"].as_str().unwrap()).collect()
}

async fn read(tenant: &Tenant, result: &Value) -> Value {
    let location = result["location"].as_str().unwrap();
    let path = location.split("/v2").nth(1).unwrap();
    tenant.send("GET", path, None).await.body.unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "calls read better with the body in place")]
fn post(path: &str, name: &str, data: Value) -> Value {
    json!({ "method": "POST", "path": path, "bulkId": name, "data": data })
}

on_both! {
    async fn names_are_resolved_forward_backward_and_in_rings(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let urn = scim::ENTERPRISE_URN;
        let results = bulk(&tenant, json!({ "Operations": [
            post("/Groups", "a", json!({ "displayName": "A", "members": [{ "value": "bulkId:b" }, { "value": "bulkId:u" }] })),
            post("/Groups", "b", json!({ "displayName": "B", "members": [{ "value": "bulkId:a" }] })),
            post("/Users", "u", json!({ "userName": "u", urn: { "manager": { "value": "bulkId:v" } } })),
            post("/Users", "v", json!({ "userName": "v", urn: { "manager": { "value": "bulkId:u" } } })),
            json!({ "method": "PATCH", "path": "/Groups/bulkId:a", "data": { "Operations": [
                { "op": "remove", "path": "members[value eq \"bulkId:u\"]" }, { "op": "add", "path": "members", "value": [{ "value": "bulkId:v" }] },
            ] } }),
        ] })).await;
        assert_eq!(statuses(&results), ["201", "201", "201", "201", "200"], "{results:#?}");
        let (a, b) = (read(&tenant, &results[0]).await, read(&tenant, &results[1]).await);
        let (u, v) = (read(&tenant, &results[2]).await, read(&tenant, &results[3]).await);
        let mut members: Vec<_> = a["members"].as_array().unwrap().iter().map(|m| m["value"].clone()).collect();
        members.sort_by_key(Value::to_string);
        let mut expected = vec![b["id"].clone(), v["id"].clone()];
        expected.sort_by_key(Value::to_string);
        assert_eq!(members, expected);
        assert_eq!(b["members"][0]["value"], a["id"]);
        assert_eq!((&u[urn]["manager"]["value"], &v[urn]["manager"]["value"]), (&v["id"], &u["id"]));
        assert_eq!(results[2]["version"], u["meta"]["version"], "the version after the ring was closed");
    }

    async fn each_operation_stands_alone_until_too_many_failed(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let ada = tenant.person("ada").await;
        let operations = json!([
            post("/Users", "x", json!({ "userName": "ADA" })),
            post("/Users", "y", json!({ "userName": "bob", scim::ENTERPRISE_URN: { "manager": { "value": "bulkId:x" } } })),
            { "method": "PATCH", "path": format!("/Users/{ada}"), "version": "W/\"9\"", "data": { "Operations": [{ "op": "replace", "path": "title", "value": "T" }] } },
            { "method": "PUT", "path": format!("/Users/{ada}"), "version": "W/\"1\"", "data": { "userName": "ada", "title": "T" } },
            { "method": "DELETE", "path": "/Users/nobody" },
            { "method": "DELETE", "path": "/Bulk" },
            { "method": "POST", "path": "https://evil.example/Users", "bulkId": "z", "data": { "userName": "z" } },
            { "method": "POST", "path": "/../other/v2/Users", "bulkId": "w", "data": { "userName": "w" } },
        ]);
        let results = bulk(&tenant, json!({ "Operations": operations })).await;
        assert_eq!(statuses(&results), ["409", "409", "412", "200", "404", "405", "404", "404"], "{results:#?}");
        assert_eq!(results[0]["response"]["scimType"], "uniqueness");
        assert!(results[0].get("location").is_none());
        assert!(results[2]["location"].as_str().unwrap().ends_with(&ada));
        assert_eq!(results[3]["version"], "W/\"2\"");
        assert_eq!(tenant.send("GET", "/Users?count=0", None).await.body.unwrap()["totalResults"], 1);
        let stopped = bulk(&tenant, json!({ "failOnErrors": 2, "Operations": operations })).await;
        assert_eq!(statuses(&stopped), ["409", "409"]);
    }

    async fn too_much_and_no_bulk_at_all_change_nothing(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let many: Vec<_> = (0..1_001).map(|i| post("/Users", &format!("n{i}"), json!({ "userName": format!("n{i}") }))).collect();
        let refused = tenant.send("POST", "/Bulk", Some(json!({ "Operations": many }))).await;
        assert_eq!(refused.status, 413, "{}", refused.text);
        for body in [json!([]), json!({ "Operations": 1 }), json!({ "Operations": [{ "method": "GET", "path": "/Users" }] })] {
            assert_eq!(tenant.send("POST", "/Bulk", Some(body)).await.status, 400);
        }
        assert_eq!(tenant.send("GET", "/Users?count=0", None).await.body.unwrap()["totalResults"], 0);
        let thousand: Vec<_> = (0..1_000).map(|i| post("/Users", &format!("n{i}"), json!({ "userName": format!("n{i}") }))).collect();
        let made = bulk(&tenant, json!({ "Operations": thousand })).await;
        assert!(made.iter().all(|result| result["status"] == "201"));
        assert_eq!(tenant.send("GET", "/Users?count=0", None).await.body.unwrap()["totalResults"], 1_000);
    }
}
