//! A schema of a tenant's own through the door: what is true of a built-in attribute is true of one of these.

use domain::{Clock, ExtensionSchema, ResourceKind, SchemaId, SchemaState, SystemClock};
use serde_json::{Value, json};
use store::{Preparing, TenantStore, on_both};

use crate::client::{Client, Service};

const HR: &str = "urn:acme:params:scim:schemas:extension:hr:1.0:User";
const TEAM: &str = "urn:acme:params:scim:schemas:extension:team:1.0:Group";

async fn register(store: &TenantStore, kind: ResourceKind, schema: Value) -> SchemaId {
    let (id, at) = (SchemaId::generate(), SystemClock.now());
    let schema: scim::Schema = serde_json::from_value(schema).unwrap();
    schema.check_extension(store.schemas().resource_types().await.unwrap().of(kind)).unwrap();
    let state = SchemaState::Preparing;
    let made = ExtensionSchema { id, kind, schema, state, misfits: 0, created_at: at, updated_at: at };
    store.schemas().insert(&made, &store::testing::author()).await.unwrap();
    while store.schemas().prepare_some(id).await.unwrap() == Preparing::Goes {}
    id
}

fn hr() -> Value {
    json!({ "id": HR, "name": "HR", "description": "What the personnel office knows.", "attributes": [
        { "name": "badge", "caseExact": true, "uniqueness": "server" },
        { "name": "level", "type": "integer" },
        { "name": "load", "type": "decimal" },
        { "name": "remote", "type": "boolean" },
        { "name": "hired", "type": "dateTime", "mutability": "immutable" },
        { "name": "key", "type": "binary", "caseExact": true },
        { "name": "profile", "type": "reference", "referenceTypes": ["external"], "caseExact": true },
        { "name": "note", "returned": "request" },
        { "name": "office", "returned": "always" },
        { "name": "desks", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value" }, { "name": "type" }, { "name": "primary", "type": "boolean" }, { "name": "floor", "type": "integer" } ] },
        { "name": "skills", "multiValued": true },
    ] })
}

fn ada() -> Value {
    json!({ "schemas": [scim::USER_URN, HR], "userName": "ada", HR: {
        "badge": "A-1", "level": 7, "load": 0.5, "remote": true, "hired": "2026-01-31T09:00:00Z", "key": "AQID",
        "profile": "https://hr.acme.test/ada", "note": "quiet", "office": "Salt",
        "desks": [{ "value": "D1", "type": "Work", "primary": true, "floor": 3 }, { "value": "D2", "floor": 1 }],
        "skills": ["Math", "poetry"],
    } })
}

async fn names(idp: &Client<'_>, query: &str) -> Vec<String> {
    let encoded: String = query.replace(' ', "%20").replace('"', "%22").replace('+', "%2B");
    let answer = idp.send("GET", &format!("/Users?{encoded}"), None).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    let found = answer.body["Resources"].as_array().unwrap().iter();
    found.map(|user| user["userName"].as_str().unwrap().to_owned()).collect()
}

async fn patch(idp: &Client<'_>, id: &str, operations: Value) -> (u16, Value) {
    let body = json!({ "schemas": [scim::PATCH_URN], "Operations": operations });
    let answer = idp.send("PATCH", &format!("/Users/{id}"), Some(body)).await;
    (answer.status, answer.body)
}

on_both! {
    async fn it_is_validated_filtered_and_sorted(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        register(&service.store("acme").await, ResourceKind::User, hr()).await;
        let id = idp.make("/Users", ada()).await;
        idp.make("/Users", json!({ "schemas": [scim::USER_URN], "userName": "bob", HR: { "badge": "B-2", "level": 3 } })).await;
        idp.make("/Users", json!({ "userName": "cleo" })).await;

        for (filter, expected) in [
            ("badge eq \"A-1\"", vec!["ada"]),
            ("badge eq \"a-1\"", vec![]),
            ("level gt 3", vec!["ada"]),
            ("level le 7 and URN:load lt 0.75", vec!["ada"]),
            ("remote eq true", vec!["ada"]),
            ("hired ge \"2026-01-31T10:00:00+01:00\"", vec!["ada"]),
            ("key eq \"AQID\"", vec!["ada"]),
            ("profile sw \"https://hr\"", vec!["ada"]),
            ("office eq \"SALT\"", vec!["ada"]),
            ("desks[floor eq 1 and value eq \"d2\"]", vec!["ada"]),
            ("desks[floor eq 1 and value eq \"d1\"]", vec![]),
            ("desks.floor eq 3", vec!["ada"]),
            ("skills eq \"MATH\"", vec!["ada"]),
            ("skills co \"oet\"", vec!["ada"]),
            ("level pr", vec!["ada", "bob"]),
            ("level ne 7", vec!["bob", "cleo"]),
        ] {
            let filter = format!("filter={HR}:{}", filter.replace("URN", HR));
            assert_eq!(names(&idp, &filter).await, expected, "{filter}");
        }
        assert_eq!(names(&idp, &format!("filter=schemas eq \"{HR}\"")).await, ["ada", "bob"]);
        assert_eq!(names(&idp, &format!("filter={HR} pr")).await, ["ada", "bob"]);
        assert_eq!(names(&idp, &format!("sortBy={HR}:level")).await, ["bob", "ada", "cleo"]);
        assert_eq!(names(&idp, &format!("sortBy={HR}:level&sortOrder=descending")).await, ["cleo", "ada", "bob"]);

        let mut taken = ada();
        taken["userName"] = json!("dan");
        let refused = idp.send("POST", "/Users", Some(taken)).await;
        assert_eq!((refused.status, refused.body["scimType"].as_str()), (409, Some("uniqueness")));
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("badge") && detail.contains(&id), "{detail}");
        for (name, value) in [("level", json!("high")), ("level", json!(1.5)), ("hired", json!("soon")), ("remote", json!("perhaps")), ("desks", json!("D1x")), ("badge", json!({"a": 1}))] {
            let body = json!({ "schemas": [scim::USER_URN, HR], "userName": "eve", HR: { name: value } });
            let refused = idp.send("POST", "/Users", Some(body.clone())).await;
            if name == "desks" {
                assert_eq!(refused.body[HR]["desks"], json!([{ "value": "D1x" }]), "text for an object is a repair");
                continue;
            }
            assert_eq!((refused.status, refused.body["scimType"].as_str()), (400, Some("invalidValue")), "{body}");
        }
    }

    async fn it_is_patched_and_replaced(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        register(&service.store("acme").await, ResourceKind::User, hr()).await;
        let id = idp.make("/Users", ada()).await;
        let (status, body) = patch(&idp, &id, json!([
            { "op": "replace", "path": format!("{HR}:level"), "value": 8 },
            { "op": "add", "path": format!("{HR}:desks[type eq \"work\"].floor"), "value": 4 },
            { "op": "add", "path": format!("{HR}:skills"), "value": ["Chess", "math"] },
            { "op": "remove", "path": format!("{HR}:desks[value eq \"D2\"]") },
            { "op": "add", "value": { HR: { "office": "Pepper" } } },
        ])).await;
        assert_eq!(status, 200, "{body}");
        let hr = &body[HR];
        assert_eq!((&hr["level"], &hr["office"]), (&json!(8), &json!("Pepper")));
        assert_eq!(hr["desks"], json!([{ "value": "D1", "type": "Work", "primary": true, "floor": 4 }]));
        assert_eq!(hr["skills"], json!(["Math", "poetry", "Chess"]));
        assert_eq!(names(&idp, &format!("filter={HR}:level eq 8")).await, ["ada"]);

        let (status, body) = patch(&idp, &id, json!([{ "op": "replace", "path": format!("{HR}:hired"), "value": "2027-01-01T00:00:00Z" }])).await;
        assert_eq!((status, body["scimType"].as_str()), (400, Some("mutability")));
        let mut other = ada();
        other[HR]["hired"] = json!("2027-01-01T00:00:00Z");
        let refused = idp.send("PUT", &format!("/Users/{id}"), Some(other)).await;
        assert_eq!((refused.status, refused.body["scimType"].as_str()), (400, Some("mutability")));
        let replaced = idp.send("PUT", &format!("/Users/{id}"), Some(json!({ "userName": "ada" }))).await;
        assert_eq!(replaced.body[HR], json!({ "hired": "2026-01-31T09:00:00Z" }), "the rest is cleared, what is immutable stays");
        let (status, body) = patch(&idp, &id, json!([{ "op": "remove", "path": HR }])).await;
        assert_eq!((status, body["scimType"].as_str()), (400, Some("mutability")));
        // The badge was given up with the replacement.
        idp.make("/Users", json!({ "schemas": [scim::USER_URN, HR], "userName": "next", HR: { "badge": "A-1" } })).await;
        let (status, body) = patch(&idp, &id, json!([{ "op": "add", "path": format!("{HR}:badge"), "value": "A-1" }])).await;
        assert_eq!((status, body["scimType"].as_str()), (409, Some("uniqueness")));
    }

    async fn it_is_projected_and_published(on) {
        let service = Service::open(on).await;
        let (idp, other) = (service.client("acme").await, service.client("other").await);
        let store = service.store("acme").await;
        let schema = register(&store, ResourceKind::User, hr()).await;
        register(&store, ResourceKind::Group, json!({ "id": TEAM, "name": "Team", "attributes": [{ "name": "cost", "type": "integer", "required": true }, { "name": "lead" }] })).await;
        let id = idp.make("/Users", ada()).await;
        let get = async |query: &str| idp.send("GET", &format!("/Users/{id}{query}"), None).await.body;
        let whole = get("").await;
        assert_eq!(whole["schemas"], json!([scim::USER_URN, HR]));
        assert_eq!((whole[HR].get("note"), &whole[HR]["level"]), (None, &json!(7)));
        let some = get(&format!("?attributes={HR}:note,{HR}:desks.floor")).await;
        assert_eq!(some[HR], json!({ "note": "quiet", "office": "Salt", "desks": [{ "floor": 3 }, { "floor": 1 }] }));
        assert_eq!(get("?attributes=userName").await[HR], json!({ "office": "Salt" }), "always is always");
        assert_eq!(get(&format!("?excludedAttributes={HR}")).await[HR], json!({ "office": "Salt" }));

        let listed = idp.send("GET", "/Schemas", None).await.body;
        let ids: Vec<&str> = listed["Resources"].as_array().unwrap().iter().map(|schema| schema["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [scim::USER_URN, scim::ENTERPRISE_URN, HR, scim::GROUP_URN, TEAM]);
        let one = idp.send("GET", &format!("/Schemas/{}", HR.to_uppercase()), None).await.body;
        assert_eq!((&one["attributes"][0]["uniqueness"], &one["attributes"][4]["mutability"]), (&json!("server"), &json!("immutable")));
        let types = idp.send("GET", "/ResourceTypes/Group", None).await.body;
        assert_eq!(types["schemaExtensions"], json!([{ "schema": TEAM, "required": false }]));
        assert_eq!(other.send("GET", &format!("/Schemas/{HR}"), None).await.status, 404, "it is nobody else's");
        assert_eq!(other.send("GET", "/Schemas", None).await.body["totalResults"], 3);

        let lacks = idp.send("POST", "/Groups", Some(json!({ "displayName": "G", TEAM: { "lead": "x" } }))).await;
        assert_eq!((lacks.status, lacks.body["scimType"].as_str()), (400, Some("invalidValue")));
        idp.make("/Groups", json!({ "displayName": "Plain" })).await;
        idp.make("/Groups", json!({ "displayName": "G", TEAM: { "cost": 4 } })).await;
        let found = idp.send("GET", &format!("/Groups?filter={TEAM}:cost%20gt%203"), None).await.body;
        assert_eq!(found["totalResults"], 1);
        let both = json!({ "schemas": [scim::SEARCH_URN], "filter": format!("{TEAM}:cost eq 4 or {HR}:level eq 7") });
        assert_eq!(idp.send("POST", "/.search", Some(both)).await.body["totalResults"], 2);

        // Dropped, it is as one that nobody registered: kept and returned, not searched.
        assert!(store.schemas().remove(schema, &store::testing::author()).await.unwrap());
        assert_eq!(get("").await[HR]["badge"], "A-1");
        let refused = idp.send("GET", &format!("/Users?filter={HR}:level%20eq%207"), None).await;
        assert_eq!((refused.status, refused.body["scimType"].as_str()), (400, Some("invalidFilter")));
        assert_eq!(names(&idp, &format!("filter=schemas eq \"{HR}\"")).await, ["ada"], "its values are there");
    }

    async fn a_list_sorted_by_long_numbers_shows_each_once_and_ends_when_their_type_changes(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let store = service.store("acme").await;
        let schema = |kind: &str| json!({ "id": HR, "name": "HR", "attributes": [{ "name": "number", "type": kind }] });
        let id = register(&store, ResourceKind::User, schema("integer")).await;
        for (n, number) in [9_007_199_254_740_993_i64, 9_007_199_254_740_992, 9_007_199_254_740_995, 1].iter().enumerate() {
            idp.make("/Users", json!({ "schemas": [scim::USER_URN, HR], "userName": format!("p{n}"), HR: { "number": number } })).await;
        }
        let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let page = idp.send("GET", &format!("/Users?sortBy={HR}:number&count=1&cursor={cursor}"), None).await;
            seen.extend(page.body["Resources"].as_array().unwrap().iter().map(|user| user["userName"].as_str().unwrap().to_owned()));
            pages += 1;
            match page.body["nextCursor"].as_str() {
                Some(next) if pages < 10 => next.clone_into(&mut cursor),
                _ => break,
            }
            if pages == 2 {
                assert_eq!(seen[0], "p3");
            }
        }
        seen.sort();
        assert_eq!(seen, ["p0", "p1", "p2", "p3"]);

        store.schemas().remove(id, &store::testing::author()).await.unwrap();
        register(&store, ResourceKind::User, schema("string")).await;
        let page = idp.send("GET", &format!("/Users?sortBy={HR}:number&count=1&cursor={cursor}"), None).await;
        assert_eq!((page.status, &page.body["scimType"]), (400, &json!("invalidCursor")), "{}", page.body);
    }

    async fn thousands_of_addresses_and_of_members_by_name(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let address = |n: usize| json!({ "value": format!("a{n}@acme.test"), "type": format!("t{n}") });
        let emails: Vec<Value> = (0..12_000).map(address).collect();
        let id = idp.make("/Users", json!({ "userName": "ada", "externalId": "X-1", "emails": emails })).await;
        assert_eq!(names(&idp, "filter=emails.value eq \"a11999@acme.test\"").await, ["ada"]);
        let (status, body) = patch(&idp, &id, json!([{ "op": "replace", "path": "emails", "value": [address(1)] }])).await;
        assert_eq!(status, 200, "{body}");
        assert!(names(&idp, "filter=emails.value eq \"a11999@acme.test\"").await.is_empty());

        // By userName in any case and by externalId; a name that is nobody's waits.
        let named: Vec<Value> = (0..3_000).map(|n| json!({ "value": format!("nobody{n}") })).collect();
        let group = idp.make("/Groups", json!({ "displayName": "G", "members": named })).await;
        for (op, value, members) in [("add", "ADA", 1), ("remove", "X-1", 0)] {
            let mut values = named.clone();
            values.push(json!({ "value": value }));
            let body = json!({ "schemas": [scim::PATCH_URN], "Operations": [{ "op": op, "path": "members", "value": values }] });
            let answer = idp.send("PATCH", &format!("/Groups/{group}"), Some(body)).await;
            assert!(answer.status < 300, "{}", answer.body);
            assert!(answer.asked.len() < 60, "{} statements", answer.asked.len());
            let shown = idp.send("GET", &format!("/Groups/{group}"), None).await.body;
            assert_eq!(shown["members"].as_array().map_or(0, Vec::len), members, "{op} {value}");
        }
    }
}
