//! Statements of the standards, one by one, through the door. docs/conformance.md names these tests.

use serde_json::{Value, json};
use store::on_both;

use crate::client::{Answer, Client, Service};

fn refused(answer: &Answer) -> (u16, &str) {
    assert_eq!(answer.body["schemas"], json!([scim::ERROR_URN]), "{}", answer.body);
    assert_eq!(answer.body["status"], answer.status.to_string());
    (answer.status, answer.body["scimType"].as_str().unwrap_or_default())
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.get(name).map(|value| value.to_str().unwrap())
}

async fn search(idp: &Client<'_>, path: &str, query: Value) -> Answer {
    let mut body = query;
    body["schemas"] = json!([scim::SEARCH_URN]);
    idp.send("POST", &format!("{path}/.search"), Some(body)).await
}

async fn many(idp: &Client<'_>, number: usize) {
    for some in (0..number).collect::<Vec<_>>().chunks(1_000) {
        let operations: Vec<_> = some.iter().map(|n| json!({ "method": "POST", "path": "/Users", "bulkId": format!("b{n}"), "data": { "userName": format!("p{n}") } })).collect();
        let body = json!({ "schemas": [scim::BULK_URN], "Operations": operations });
        let answer = idp.send("POST", "/Bulk", Some(body)).await;
        assert_eq!(answer.body["schemas"], json!([scim::BULK_RESPONSE_URN]));
        assert!(answer.body["Operations"].as_array().unwrap().iter().all(|result| result["status"] == "201"));
    }
}

on_both! {
    async fn every_answer_with_a_resource_says_where_it_is_and_is_not_kept(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let made = idp.send("POST", "/Users", Some(json!({ "userName": "ada" }))).await;
        let (meta, location) = (&made.body["meta"], made.body["meta"]["location"].as_str().unwrap());
        assert_eq!((header(&made, "location"), header(&made, "content-location")), (Some(location), Some(location)));
        assert_eq!(header(&made, "etag"), meta["version"].as_str());
        assert_eq!(meta["created"], meta["lastModified"], "never changed");
        assert_eq!(header(&made, "cache-control"), Some("no-store"));
        let path = format!("/Users/{}", made.body["id"].as_str().unwrap());
        for (method, body) in [("GET", None), ("PUT", Some(json!({ "userName": "ada", "title": "T" }))), ("PATCH", Some(json!({ "Operations": [{ "op": "add", "path": "title", "value": "U" }] })))] {
            let answer = idp.send(method, &path, body).await;
            assert_eq!((answer.status, header(&answer, "content-location"), header(&answer, "location")), (200, Some(location), None), "{method}");
            assert_eq!(header(&answer, "etag"), answer.body["meta"]["version"].as_str(), "{method}");
        }
        let head = idp.send("HEAD", &path, None).await;
        assert_eq!((head.status, head.body, header(&made, "location")), (200, Value::Null, Some(location)));
        let plain = idp.send_with("GET", &path, &[("accept", "application/json")], None).await;
        assert_eq!(header(&plain, "content-type"), Some("application/json"));
        let both = idp.send_with("GET", &path, &[("accept", "application/json, application/scim+json")], None).await;
        assert_eq!(header(&both, "content-type"), Some("application/scim+json"));
    }

    async fn the_order_of_schemas_and_of_parts_means_nothing(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let id = idp.make("/Users", json!({ "schemas": [scim::ENTERPRISE_URN, scim::USER_URN], "userName": "ada", scim::ENTERPRISE_URN: { "department": "D" },
            "emails": [{ "type": "work", "value": "a@b" }] })).await;
        let path = format!("/Users/{id}");
        let before = idp.send("GET", &path, None).await.body;
        let again = idp.send("PUT", &path, Some(json!({ "schemas": [scim::USER_URN, scim::ENTERPRISE_URN], scim::ENTERPRISE_URN: { "department": "D" },
            "emails": [{ "value": "a@b", "type": "work" }], "userName": "ada" }))).await;
        assert_eq!(again.body, before, "nothing changed, so nothing is new");
        let gone = idp.send("PATCH", &path, Some(json!({ "Operations": [{ "op": "remove", "path": scim::ENTERPRISE_URN }] }))).await;
        assert_eq!(gone.body["schemas"], json!([scim::USER_URN]), "an extension without values is not named");
    }

    async fn a_page_has_a_hundred_resources_and_a_thousand_at_most(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        many(&idp, 1_003).await;
        for (query, expected) in [("", 100), ("?count=1", 1), ("?count=0", 0), ("?count=-3", 0), ("?count=5000", 1_000), ("?startIndex=1001", 3), ("?startIndex=0&count=2", 2), ("?startIndex=2000", 0)] {
            let page = idp.send("GET", &format!("/Users{query}"), None).await.body;
            let found = page["Resources"].as_array().map_or(0, Vec::len);
            assert_eq!((found, &page["totalResults"], &page["itemsPerPage"]), (expected, &json!(1_003), &json!(expected)), "{query}");
        }
        let (mut seen, mut start) = (Vec::new(), 1);
        while let Some(some) = idp.send("GET", &format!("/Users?startIndex={start}&count=100&attributes=userName"), None).await.body["Resources"].as_array().filter(|page| !page.is_empty()) {
            seen.extend(some.iter().map(|user| user["userName"].as_str().unwrap().to_owned()));
            start += some.len();
        }
        assert_eq!(seen, (0..1_003).map(|n| format!("p{n}")).collect::<Vec<_>>(), "one order, to the end");

        let first = idp.send("GET", "/Users?cursor&count=400", None).await.body;
        let cursor = first["nextCursor"].as_str().unwrap();
        assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')), "{cursor} needs no encoding");
        let second = search(&idp, "/Users", json!({ "cursor": cursor, "count": 400 })).await.body;
        assert_eq!((second["Resources"].as_array().unwrap().len(), second["totalResults"].as_u64()), (400, Some(1_003)));
        let third = search(&idp, "/Users", json!({ "cursor": second["nextCursor"], "count": 400 })).await.body;
        assert_eq!((third["Resources"].as_array().unwrap().len(), third.get("nextCursor")), (203, None));
        for query in ["cursor=&count=0", "cursor=&count=-1", "cursor=&count=x"] {
            assert_eq!(refused(&idp.send("GET", &format!("/Users?{query}"), None).await), (400, "invalidCount"), "{query}");
        }
        assert_eq!(refused(&idp.send("GET", "/Users?count=x", None).await), (400, "invalidValue"));
    }

    async fn discovery_takes_no_filter_and_no_notice_of_the_rest(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let user = format!("/Schemas/{}", scim::USER_URN);
        for path in ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas", &user] {
            assert_eq!(idp.send("GET", path, None).await.status, 200, "{path}");
            assert_eq!(idp.send("GET", &format!("{path}?count=x&startIndex=&sortOrder=up&attributes=id"), None).await.status, 200, "{path}");
            assert_eq!(idp.send("GET", &format!("{path}?Filter=id%20pr"), None).await.status, 403, "{path}");
        }
        assert_eq!(idp.send("GET", &format!("/Schemas/{}", scim::USER_URN.replace(':', "%3A")), None).await.status, 200);
        let config = idp.send("GET", "/ServiceProviderConfig", None).await.body;
        assert_eq!(config["pagination"], json!({ "cursor": true, "index": true, "defaultPaginationMethod": "index", "defaultPageSize": 100, "maxPageSize": 1_000, "cursorTimeout": 3_600 }));
        let groups = idp.send("GET", &format!("/Schemas/{}", scim::GROUP_URN), None).await.body;
        let members = groups["attributes"].as_array().unwrap().iter().find(|attribute| attribute["name"] == "members").unwrap();
        let reference = members["subAttributes"].as_array().unwrap().iter().find(|sub| sub["name"] == "$ref").unwrap();
        assert_eq!(reference["referenceTypes"], json!(["User", "Group"]));
    }

    async fn what_is_not_there_is_a_404_and_another_version_is_told(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let id = idp.make("/Users", json!({ "userName": "ada" })).await;
        assert_eq!(idp.send("DELETE", &format!("/Users/{id}"), None).await.status, 204);
        let path = format!("/Users/{id}");
        for (method, body) in [("GET", None), ("PUT", Some(json!({ "userName": "ada" }))), ("PATCH", Some(json!({ "Operations": [{ "op": "add", "path": "title", "value": "T" }] }))), ("DELETE", None)] {
            assert_eq!(refused(&idp.send(method, &path, body).await).0, 404, "{method}");
        }
        assert_eq!(refused(&idp.send("PUT", "/Users/none", Some(json!({ "userName": "ada" }))).await).0, 404);
        let elsewhere = idp.at("/scim/acme/v1");
        assert_eq!(refused(&elsewhere.send("GET", "/Users", None).await), (400, "invalidVers"));
        assert_eq!(refused(&idp.at("/scim/acme").send("GET", "/Users", None).await), (404, ""));
    }

    async fn a_stale_condition_changes_nothing(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        for (collection, body, other) in [("/Users", json!({ "userName": "ada" }), json!({ "userName": "bob" })), ("/Groups", json!({ "displayName": "A" }), json!({ "displayName": "B" }))] {
            let path = format!("{collection}/{}", idp.make(collection, body.clone()).await);
            let stale = [("if-match", "W/\"7\"")];
            for (method, body) in [("PUT", Some(other.clone())), ("PATCH", Some(json!({ "Operations": [{ "op": "add", "value": other }] }))), ("DELETE", None), ("GET", None)] {
                assert_eq!(refused(&idp.send_with(method, &path, &stale, body).await).0, 412, "{method} {path}");
            }
            let kept = idp.send_with("GET", &path, &[("if-none-match", "W/\"1\"")], None).await;
            assert_eq!((kept.status, kept.body), (304, Value::Null));
            assert_eq!(idp.send_with("PUT", &path, &[("if-none-match", "*")], Some(other.clone())).await.status, 412);
            assert_eq!(idp.send_with("PUT", &path, &[("if-match", "*")], Some(other)).await.status, 200);
            assert_eq!(idp.send_with("DELETE", &path, &[("if-match", "W/\"2\", W/\"9\"")], None).await.status, 204);
        }
    }

    async fn every_answer_with_a_resource_can_be_cut(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let cut = |answer: &Answer| answer.body.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let made = idp.send("POST", "/Users?attributes=userName", Some(json!({ "userName": "ada", "title": "T" }))).await;
        assert_eq!((made.status, cut(&made)), (201, vec!["id".into(), "schemas".into(), "userName".into()]));
        let path = format!("/Users/{}", made.body["id"].as_str().unwrap());
        let put = idp.send("PUT", &format!("{path}?excludedAttributes=meta,title,active"), Some(json!({ "userName": "ada", "title": "U" }))).await;
        assert_eq!(cut(&put), ["id", "schemas", "userName"]);
        let patch = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "V" }] });
        assert_eq!(cut(&idp.send("PATCH", &format!("{path}?attributes=title"), Some(patch.clone())).await), ["id", "schemas", "title"]);
        let found = search(&idp, "/Users", json!({ "attributes": ["title"] })).await.body;
        assert_eq!(found["Resources"][0].as_object().unwrap().len(), 3);
        let both = idp.send("GET", &format!("{path}?attributes=title&excludedAttributes=meta"), None).await;
        assert_eq!(refused(&both), (400, "invalidSyntax"));
    }

    async fn a_large_group_answers_a_patch_with_204_unless_a_part_is_asked_for(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        many(&idp, 101).await;
        let people = idp.send("GET", "/Users?count=101&attributes=id", None).await.body;
        let members: Vec<_> = people["Resources"].as_array().unwrap().iter().map(|user| json!({ "value": user["id"] })).collect();
        let group = idp.make("/Groups", json!({ "displayName": "G", "members": members[..100] })).await;
        let path = format!("/Groups/{group}");
        let rename = |name: &str| json!({ "Operations": [{ "op": "replace", "path": "displayName", "value": name }] });
        let small = idp.send("PATCH", &path, Some(rename("H"))).await;
        assert_eq!((small.status, small.body["members"].as_array().unwrap().len()), (200, 100));
        let add = json!({ "Operations": [{ "op": "add", "path": "members", "value": [members[100]] }] });
        let grown = idp.send("PATCH", &path, Some(add)).await;
        assert_eq!((grown.status, &grown.body, header(&grown, "etag")), (204, &Value::Null, Some("W/\"3\"")));
        let asked = idp.send("PATCH", &format!("{path}?attributes=displayName"), Some(rename("I"))).await;
        assert_eq!((asked.status, &asked.body["displayName"], asked.body.get("members")), (200, &json!("I"), None));
        let gone = json!({ "Operations": [{ "op": "remove", "path": "members[type eq \"User\"]" }] });
        assert!(idp.send("PATCH", &path, Some(gone)).await.status < 300);
        assert_eq!(idp.send("GET", &path, None).await.body.get("members"), None);
        let member = members[0]["value"].as_str().unwrap();
        idp.send("PATCH", &path, Some(json!({ "Operations": [{ "op": "add", "path": "members", "value": [{ "value": member }] }] }))).await;
        let shown = idp.send("GET", &path, None).await.body;
        let reference = format!("https://scim.example.com/scim/acme/v2/Users/{member}");
        assert_eq!(shown["members"], json!([{ "value": member, "$ref": reference, "type": "User" }]));
        let of = idp.send("GET", &format!("/Users/{member}"), None).await.body;
        assert_eq!(of["groups"][0], json!({ "value": group, "$ref": format!("https://scim.example.com/scim/acme/v2{path}"), "display": "I", "type": "direct" }));
        for (body, kind) in [(json!({}), "invalidValue"), (json!({ "displayName": " " }), "invalidValue")] {
            assert_eq!(refused(&idp.send("POST", "/Groups", Some(body)).await), (400, kind));
        }
        let other = idp.make("/Groups", json!({ "displayName": "Other" })).await;
        let taken = idp.send("PUT", &format!("/Groups/{other}"), Some(json!({ "displayName": "i" }))).await;
        assert_eq!(refused(&taken), (409, "uniqueness"));
        let both = search(&idp, "", json!({ "filter": "meta.resourceType eq \"Group\"" })).await.body;
        assert_eq!(both["totalResults"], 2);
    }

    async fn bytes_are_base64_and_compare_exactly(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let with = |value: &str, name: &str| json!({ "userName": name, "x509Certificates": [{ "value": value }] });
        for (n, good) in ["AQID", "AQI=", "AQ==", "AQI", "-_8=", "AQ\nID"].into_iter().enumerate() {
            idp.make("/Users", with(good, &format!("p{n}"))).await;
        }
        for bad in ["A", "AQ*D", "AQID=====", "=AQI", "no certificate!"] {
            assert_eq!(refused(&idp.send("POST", "/Users", Some(with(bad, "bad"))).await), (400, "invalidValue"), "{bad}");
        }
        let found = search(&idp, "/Users", json!({ "filter": "x509Certificates.value eq \"AQID\"" })).await.body;
        assert_eq!(found["totalResults"], 1);
        assert_eq!(search(&idp, "/Users", json!({ "filter": "x509Certificates.value eq \"aqid\"" })).await.body["totalResults"], 0);
    }

    async fn who_does_not_say_so_is_not_primary(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let id = idp.make("/Users", json!({ "userName": "ada", "emails": [{ "value": "a@b" }, { "value": "c@d", "primary": true }] })).await;
        for (filter, number) in [("emails[primary eq false and value eq \"a@b\"]", 1), ("emails[primary eq false and value eq \"c@d\"]", 0), ("emails.primary eq true", 1), ("emails[not (primary eq true)]", 1)] {
            assert_eq!(search(&idp, "/Users", json!({ "filter": filter })).await.body["totalResults"], number, "{filter}");
        }
        let body = json!({ "Operations": [{ "op": "replace", "path": "emails[primary eq false].type", "value": "home" }] });
        let patched = idp.send("PATCH", &format!("/Users/{id}"), Some(body)).await.body;
        assert_eq!(patched["emails"], json!([{ "value": "a@b", "type": "home" }, { "value": "c@d", "primary": true }]));
    }

    async fn a_ring_that_cannot_be_closed_says_so(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        // Both stand in a ring; the second takes a name that the first has, so the ring is never whole.
        let operations = json!([
            { "method": "POST", "path": "/Groups", "bulkId": "a", "data": { "displayName": "A", "members": [{ "value": "bulkId:b" }] } },
            { "method": "POST", "path": "/Groups", "bulkId": "b", "data": { "displayName": "a", "members": [{ "value": "bulkId:a" }] } },
        ]);
        let body = json!({ "schemas": [scim::BULK_URN], "Operations": operations });
        let answer = idp.send("POST", "/Bulk", Some(body)).await;
        let results = answer.body["Operations"].as_array().unwrap();
        assert_eq!((&results[1]["status"], &results[1]["response"]["scimType"]), (&json!("409"), &json!("uniqueness")));
        assert_eq!(idp.send("GET", "/Groups", None).await.body["totalResults"], 1);
        // The first stands, but not as it was asked for, and says so.
        let first = &results[0];
        assert_eq!((&first["status"], first["location"].is_string()), (&json!("409"), true));
        assert!(first["response"]["detail"].as_str().unwrap().contains("named b"), "{first}");

        let stopping = json!({ "schemas": [scim::BULK_URN], "failOnErrors": 1, "Operations": [
            { "method": "POST", "path": "/Groups", "bulkId": "c", "data": { "displayName": "C", "members": [{ "value": "bulkId:d" }] } },
            { "method": "PATCH", "path": "/Groups/bulkId:c", "data": {} },
            { "method": "POST", "path": "/Groups", "bulkId": "d", "data": { "displayName": "D", "members": [{ "value": "bulkId:c" }] } },
        ] });
        let answer = idp.send("POST", "/Bulk", Some(stopping)).await;
        let statuses: Vec<_> = answer.body["Operations"].as_array().unwrap().iter().map(|o| o["status"].clone()).collect();
        assert_eq!(statuses, ["409", "400"], "the run ended before the ring was whole, and the first says so: {}", answer.body);
    }

    async fn a_ring_is_broken_where_it_can_be(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        // The first leads to the ring but is not in it; the second is in it and can only come after.
        let rename = json!({ "Operations": [{ "op": "add", "path": "members", "value": [{ "value": "bulkId:b" }] }] });
        let operations = json!([
            { "method": "POST", "path": "/Groups", "bulkId": "c", "data": { "displayName": "C", "members": [{ "value": "bulkId:a" }] } },
            { "method": "PATCH", "path": "/Groups/bulkId:a", "bulkId": "p", "data": rename },
            { "method": "POST", "path": "/Groups", "bulkId": "a", "data": { "displayName": "A", "members": [{ "value": "bulkId:b" }] } },
            { "method": "POST", "path": "/Groups", "bulkId": "b", "data": { "displayName": "B", "members": [{ "value": "bulkId:a" }] } },
        ]);
        let answer = idp.send("POST", "/Bulk", Some(json!({ "schemas": [scim::BULK_URN], "Operations": operations }))).await;
        let results = answer.body["Operations"].as_array().unwrap();
        let statuses: Vec<_> = results.iter().map(|result| result["status"].as_str().unwrap()).collect();
        assert_eq!(statuses, ["201", "200", "201", "201"], "{}", answer.body);
        for (name, member) in [(0, 2), (2, 3), (3, 2)] {
            let [group, member] = [name, member].map(|at| results[at]["location"].as_str().unwrap().rsplit('/').next().unwrap());
            let shown = idp.send("GET", &format!("/Groups/{group}"), None).await.body;
            assert_eq!(shown["members"][0]["value"], member, "{shown}");
        }
    }

    async fn what_a_bulk_request_has_no_time_for_says_so(on) {
        let limits = scim_api::Limits { bulk_time: std::time::Duration::ZERO, ..scim_api::Limits::default() };
        let service = Service::open_with(on, limits).await;
        let idp = service.client("acme").await;
        let operation = |n: usize| json!({ "method": "POST", "path": "/Users", "bulkId": format!("b{n}"), "data": { "userName": format!("p{n}") } });
        let operations: Vec<_> = (0..3).map(operation).collect();
        let answer = idp.send("POST", "/Bulk", Some(json!({ "schemas": [scim::BULK_URN], "Operations": operations }))).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let results = answer.body["Operations"].as_array().unwrap();
        assert!(results.len() == 3 && results.iter().all(|result| result["status"] == "503" && result.get("location").is_none()), "{results:?}");
        assert_eq!(idp.send("GET", "/Users", None).await.body["totalResults"], 0);
    }

    async fn a_bulk_request_goes_on_by_the_register_that_changed_under_it(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let store = service.store("acme").await;
        let mut first = Vec::new();
        for round in 0..5 {
            // The register is known to this node; another one changes it, which it may learn of by itself after a second.
            assert_eq!(idp.send("GET", "/Users?count=0", None).await.status, 200);
            let change = "UPDATE tenant_counters SET schemas_revision = schemas_revision + 1 WHERE tenant_id = {tenant}";
            store::testing::meddle(&service.scratch.store, store.id(), change).await;
            let operation = |n: usize| json!({ "method": "POST", "path": "/Users", "bulkId": format!("b{n}"), "data": { "userName": format!("p{round}-{n}") } });
            let operations: Vec<_> = (0..3).map(operation).collect();
            let answer = idp.send("POST", "/Bulk", Some(json!({ "schemas": [scim::BULK_URN], "Operations": operations }))).await;
            let statuses: Vec<_> = answer.body["Operations"].as_array().unwrap().iter().map(|o| o["status"].as_str().unwrap().to_owned()).collect();
            assert_eq!(&statuses[1..], ["201", "201"], "{}", answer.body);
            first.push(statuses[0].clone());
            tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
        }
        assert!(first.iter().any(|status| status == "503"), "{first:?}");
    }

    async fn values_come_back_as_they_were_sent(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let sent = json!({
            "userName": " Ada ", "profileUrl": "no url", "locale": "nowhere", "timezone": "Moon/Base",
            "ims": [{ "value": "Ada B", "type": "XMPP", "display": "A" }], "photos": [{ "value": "no picture", "type": "portrait" }],
            scim::ENTERPRISE_URN: { "manager": { "value": "nobody", "$ref": "https://elsewhere.test/1", "displayName": "X" } },
        });
        let id = idp.make("/Users", sent.clone()).await;
        let shown = idp.send("GET", &format!("/Users/{id}?filter=userName%20eq%20%22x%22"), None).await.body;
        for name in ["userName", "profileUrl", "locale", "timezone", "ims", "photos"] {
            assert_eq!(shown[name], sent[name], "{name}");
        }
        assert_eq!(shown[scim::ENTERPRISE_URN]["manager"], json!({ "value": "nobody" }), "what the service says of a manager is its own");
        let body = json!({ "Operations": [{ "op": "replace", "path": "ims[type eq \"xmpp\"].display", "value": "B" }] });
        assert_eq!(idp.send("PATCH", &format!("/Users/{id}"), Some(body)).await.body["ims"][0]["display"], "B");
        assert_eq!(search(&idp, "/Users", json!({ "filter": "profileUrl eq \"NO URL\"" })).await.body["totalResults"], 1);
    }

    async fn a_bulk_request_has_its_limits_and_may_leave_out_its_schema(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let operation = json!({ "method": "DELETE", "path": "/Users/none" });
        let over = idp.send("POST", "/Bulk", Some(json!({ "Operations": vec![operation.clone(); 1_001] }))).await;
        assert_eq!(refused(&over), (413, ""));
        assert!(over.body["detail"].as_str().unwrap().contains("1000"), "{}", over.body);
        let nameless = idp.send("POST", "/Bulk", Some(json!({ "Operations": [operation] }))).await;
        assert_eq!((nameless.status, &nameless.body["Operations"][0]["status"]), (200, &json!("404")));
    }
}
