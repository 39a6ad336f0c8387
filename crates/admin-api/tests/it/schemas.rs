//! Schemas of a tenant's own, as an admin registers, changes and drops them.

use serde_json::{Value, json};
use store::testing::{CreateUser, RemoveUser, origin};

use crate::desk::Desk;
use crate::on_both;

const URN: &str = "urn:acme:hr:1.0:User";
const PATH: &str = "/tenants/acme/schemas";

fn form(attributes: &Value) -> Value {
    json!({ "urn": URN, "resourceType": "User", "name": "HR", "attributes": attributes })
}

on_both! {
    async fn a_schema_is_registered_changed_and_dropped(on) {
        let desk = Desk::open(on).await;
        desk.scratch.tenant("acme").await;
        let operator = desk.operator().await;
        assert_eq!(desk.get(&operator, PATH).await.body["items"], json!([]));
        let attributes = json!([
            { "name": "badge", "uniqueness": "server", "caseExact": true },
            { "name": "desks", "type": "complex", "multiValued": true, "subAttributes": [{ "name": "floor", "type": "integer" }] },
            { "name": "photo", "type": "binary" },
        ]);
        let made = desk.call(Some(&operator), "POST", PATH, Some(form(&attributes))).await;
        assert_eq!((made.status, &made.body["state"], &made.body["urn"]), (201, &json!("active"), &json!(URN)));
        let badge = &made.body["attributes"][0];
        assert_eq!((&badge["type"], &badge["mutability"], &badge["returned"]), (&json!("string"), &json!("readWrite"), &json!("default")));
        assert_eq!(made.body["attributes"][2]["caseExact"], true, "bytes compare exactly");
        let path = format!("{PATH}/{}", made.body["id"].as_str().unwrap());
        assert_eq!(desk.get(&operator, &path).await.body, made.body);
        assert_eq!(desk.get(&operator, PATH).await.body["items"][0], made.body);
        let again = desk.call(Some(&operator), "POST", PATH, Some(form(&attributes))).await;
        assert_eq!((again.status, again.code()), (409, "schema_taken"));

        let change = json!({ "name": "Personnel", "attributes": [{ "name": "badge" }, { "name": "level", "type": "integer" }] });
        let changed = desk.call(Some(&operator), "PUT", &path, Some(change)).await;
        assert_eq!((changed.status, &changed.body["name"], &changed.body["createdAt"]), (200, &json!("Personnel"), &made.body["createdAt"]));
        assert_eq!(changed.body["attributes"][1]["type"], "integer");
        assert_eq!(desk.call(Some(&operator), "DELETE", &path, None).await.status, 204);
        assert_eq!(desk.call(Some(&operator), "DELETE", &path, None).await.status, 404);
        assert_eq!(desk.get(&operator, &path).await.status, 404);
        assert_eq!(desk.call(Some(&operator), "POST", PATH, Some(form(&attributes))).await.status, 201);
    }

    async fn what_is_wrong_with_a_definition_is_said_attribute_by_attribute(on) {
        let desk = Desk::open(on).await;
        desk.scratch.tenant("acme").await;
        let operator = desk.operator().await;
        let bad = json!({ "urn": "urn:ietf:params:scim:schemas:core:2.0:User", "resourceType": "User", "name": " ", "attributes": [
            { "name": "1x" }, { "name": "secret", "returned": "never" }, { "name": "a" }, { "name": "A" },
        ] });
        let refused = desk.call(Some(&operator), "POST", PATH, Some(bad)).await;
        assert_eq!((refused.status, refused.code()), (400, "invalid"));
        let fields: Vec<&str> = refused.body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["urn", "name", "attributes.1x", "attributes.secret", "attributes.A"]);
        let unknown = form(&json!([{ "name": "x", "kind": "string" }]));
        assert_eq!(desk.call(Some(&operator), "POST", PATH, Some(unknown)).await.status, 400);
        let word = form(&json!([{ "name": "x", "type": "text" }]));
        assert_eq!(desk.call(Some(&operator), "POST", PATH, Some(word)).await.status, 400);
        for n in 0..20 {
            let mut more = form(&json!([{ "name": "x" }]));
            more["urn"] = json!(format!("urn:acme:n{n}:1.0"));
            assert_eq!(desk.call(Some(&operator), "POST", PATH, Some(more)).await.status, 201);
        }
        let beyond = desk.call(Some(&operator), "POST", PATH, Some(form(&json!([{ "name": "x" }])))).await;
        assert_eq!((beyond.status, beyond.code()), (409, "too_many_schemas"));
    }

    async fn values_that_would_not_fit_stand_in_the_refusal(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let operator = desk.operator().await;
        let store = desk.store(&acme);
        let mut ids = Vec::new();
        for (name, level) in [("ada", json!(7)), ("bob", json!("high"))] {
            let body = json!({ "userName": name, URN: { "level": level } });
            ids.push(store.write(origin(acme.id), CreateUser(body)).await.unwrap().output.id.to_string());
        }
        let numbers = form(&json!([{ "name": "level", "type": "integer" }]));
        let refused = desk.call(Some(&operator), "POST", PATH, Some(numbers.clone())).await;
        assert_eq!((refused.status, refused.code()), (409, "misfits"));
        let errors = refused.body["errors"].as_array().unwrap();
        assert_eq!((errors.len(), errors[0]["field"].as_str().unwrap()), (1, ids[1].as_str()));
        assert!(errors[0]["message"].as_str().unwrap().contains("level"));
        assert_eq!(desk.get(&operator, PATH).await.body["items"], json!([]), "nothing was registered");
        store.write(origin(acme.id), RemoveUser(ids[1].parse().unwrap())).await.unwrap();
        assert_eq!(desk.call(Some(&operator), "POST", PATH, Some(numbers)).await.status, 201);
        let path = format!("{PATH}/{}", desk.get(&operator, PATH).await.body["items"][0]["id"].as_str().unwrap());
        let without = json!({ "name": "HR", "attributes": [{ "name": "other" }] });
        let refused = desk.call(Some(&operator), "PUT", &path, Some(without)).await;
        assert_eq!((refused.status, refused.code()), (409, "misfits"), "an attribute with values is not left out");
    }
}
