use proptest::prelude::*;
use serde_json::json;

use super::*;

fn exchange(policy: BodyPolicy, body: &[u8], kind: &str) -> Exchange {
    let headers = vec![("content-type".to_owned(), kind.to_owned())];
    let body = Some(RawBody::of(&Bytes::copy_from_slice(body)));
    let request = RawMessage { headers, body };
    RawExchange { policy, request, answer: RawMessage::default() }.keep().unwrap()
}

fn kept(policy: BodyPolicy, body: &str) -> Body {
    exchange(policy, body.as_bytes(), "application/scim+json").request.body.unwrap()
}

fn masked(body: &Value) -> Value {
    kept(BodyPolicy::Masked, &body.to_string()).json.unwrap()
}

#[test]
fn of_a_person_only_the_shape_is_left() {
    let id = "019a3c2e-7b1d-7000-8000-000000000000";
    let sent = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": id, "userName": "ada@acme.test", "active": true,
        "name": { "givenName": "Ada", "familyName": "Byron" }, "password": "t0p", "nickName": null,
        "emails": [{ "value": "ada@acme.test", "type": "work", "primary": true }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "manager": { "value": id }, "employeeNumber": 4711 },
        "meta": { "created": "2026-01-01T00:00:00Z", "location": format!("https://x.test/Users/{id}"), "version": "W/\"3\"" },
    });
    let expected = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": id, "userName": "<text 13>", "active": true,
        "name": { "givenName": "<text 3>", "familyName": "<text 5>" }, "password": "<removed>", "nickName": null,
        "emails": [{ "value": "<text 13>", "type": "work", "primary": true }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
            { "manager": { "value": id }, "employeeNumber": "<number 4>" },
        "meta": { "created": "2026-01-01T00:00:00Z", "location": format!("https://x.test/Users/{id}"), "version": "W/\"3\"" },
    });
    assert_eq!(masked(&sent), expected);
}

#[test]
fn an_operation_stays_readable_but_for_the_value() {
    let operations = json!([
        { "op": "Replace", "path": "active", "value": "False" },
        { "op": "replace", "path": "name.familyName", "value": "Byron" },
        { "op": "Add", "path": "emails[type eq \"work\"].value", "value": "ada@acme.test" },
        { "op": "remove", "path": "emails[value eq \"ada@acme.test\"]" },
        { "op": "replace", "path": "password", "value": "t0p" },
        { "op": "replace", "value": { "displayName": "Ada", "emails[value eq \"a@b\"].type": "x", "ada@acme.test": 1 } },
    ]);
    let expected = json!([
        { "op": "Replace", "path": "active", "value": "False" },
        { "op": "replace", "path": "name.familyName", "value": "<text 5>" },
        { "op": "Add", "path": "emails[type eq \"work\"].value", "value": "<text 13>" },
        { "op": "remove", "path": "emails[value eq \"<text 13>\"]" },
        { "op": "replace", "path": "password", "value": "<removed>" },
        { "op": "replace", "value": { "displayName": "<text 3>", "emails[value eq \"<text 3>\"].type": "x", "<text 13>": "<number 1>" } },
    ]);
    assert_eq!(masked(&json!({ "Operations": operations }))["Operations"], expected);
}

#[test]
fn a_filter_keeps_its_attributes() {
    for (filter, expected) in [
        ("userName eq \"ada\"", "userName eq \"<text 3>\""),
        ("userName eq ada", "userName eq <text 3>"),
        ("active eq true and not (emails.type pr)", "active eq true and not (emails.type pr)"),
        ("emails[type eq \"work\" and value co \"a \\\" b\"]", "emails[type eq \"work\" and value co \"<text 6>\"]"),
        ("userName sw \"never closed", "userName sw \"<text 12>\""),
        ("Ada Byron", "Ada <text 5>"),
        ("meta.lastModified gt 2026", "meta.lastModified gt <text 4>"),
    ] {
        assert_eq!(expression::masked(filter), expected, "{filter}");
    }
}

#[test]
fn secrets_are_removed_whatever_is_wanted() {
    let sent = json!({
        "userName": "ada", "password": ["x"], "urn:x:User:userPassword": { "value": "x" }, "clientSecret": 7,
        "note": "use dsk_abcdefghijkl_0123456789 or eyJhbGciOiJub25lIn0.e30.x now", "filter": "password eq \"x\"",
        "Operations": [{ "op": "add", "path": "urn:x:User:password", "value": { "a": "x" } }],
    });
    let expected = json!({
        "userName": "ada", "password": "<removed>", "urn:x:User:userPassword": "<removed>", "clientSecret": "<removed>",
        "note": "use dsk_… or eyJ… now", "filter": "password eq \"<text 1>\"",
        "Operations": [{ "op": "add", "path": "urn:x:User:password", "value": "<removed>" }],
    });
    assert_eq!(kept(BodyPolicy::Full, &sent.to_string()).json.unwrap(), expected);
    let form = b"grant_type=client_credentials&client_id=dsc_abcdefghijkl&client_secret=dss_x&client_assertion=eyJ&scope=api%3A%2F%2Fx&x=1&x=2";
    let full = exchange(BodyPolicy::Full, form, "application/x-www-form-urlencoded");
    let expected = json!({
        "grant_type": "client_credentials", "client_id": "dsc_abcdefghijkl", "client_secret": "<removed>",
        "client_assertion": "<removed>", "scope": "api://x", "x": ["1", "2"],
    });
    assert_eq!(full.request.body.clone().unwrap().json.unwrap(), expected);
    let seen = full.masked().request.body.unwrap().json.unwrap();
    assert_eq!(
        (&seen["scope"], &seen["x"], &seen["client_id"]),
        (&json!("<text 7>"), &json!(["<text 1>", "<text 1>"]), &json!("dsc_abcdefghijkl"))
    );
}

#[test]
fn what_cannot_be_read_is_a_length_and_a_place() {
    for broken in ["{\"userName\": \"ada\",, \"password\": \"t0p\"}", "{\"userName\": \"ada\" \"p\\u0061ssword\": \"t0p\"}"] {
        let body = kept(BodyPolicy::Masked, broken);
        assert_eq!((body.length, body.cut, body.json.is_none(), body.text), (broken.len(), false, true, None));
        assert_eq!(body.fault.map(|fault| fault.line), Some(1));
        let full = kept(BodyPolicy::Full, broken).text.unwrap();
        assert!(full.starts_with("{\"userName\": \"ada\"") && full.ends_with("<removed>") && !full.contains("t0p"), "{full}");
    }
    assert!(kept(BodyPolicy::Masked, "{\"a\":1,\"a\":2}").json.is_none(), "two readers would read two things");
}

#[test]
fn of_a_long_body_the_beginning_is_kept() {
    let members: Vec<_> = (0..2_000).map(|n| json!({ "value": format!("m\u{e9}mber-{n}") })).collect();
    let sent = json!({ "displayName": "All", "members": members }).to_string();
    for policy in [BodyPolicy::Masked, BodyPolicy::Full] {
        let body = kept(policy, &sent);
        assert!(body.cut && body.length == sent.len() && body.fault.is_none() && body.text.is_none());
        let json = body.json.unwrap();
        assert!((300..2_000).contains(&json["members"].as_array().unwrap().len()));
    }
    let broken = format!("{{\"a\": 1,, \"b\": \"{}\"}}", "x".repeat(20_000));
    assert!(kept(BodyPolicy::Masked, &broken).fault.is_some(), "a fault before the cut is the sender's");
}

#[test]
fn headers_are_kept_without_what_opens_anything() {
    for (name, value, kept, masked) in [
        ("authorization", "Bearer dsk_x", "Bearer <removed>", "Bearer <removed>"),
        ("authorization", "dsk_x yes", "<removed>", "<removed>"),
        ("cookie", "session=1", "<removed>", "<removed>"),
        ("x-api-key", "1", "<removed>", "<removed>"),
        ("user-agent", "Okta dsk_abcdefghijkl", "Okta dsk_…", "Okta dsk_…"),
        ("x-forwarded-for", "192.0.2.7", "192.0.2.7", "<text 9>"),
        ("www-authenticate", "Bearer realm=\"scim\"", "Bearer realm=\"scim\"", "Bearer realm=\"scim\""),
    ] {
        assert_eq!(header_to_keep(name, value), kept, "{name}");
        assert_eq!(headers::masked(name, header_to_keep(name, value)), masked, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_of_a_person_and_no_secret_is_left(
        name in "(userName|x|value|path|filter|detail|[a-z]{1,9}|id|type|location|schemas)",
        before in "(\\{\"op\":\"add\",\"path\":\"x\",\"value\":)?",
        noise in "[ -~]{0,40}",
    ) {
        let marked = format!("Q\u{e4}x {noise}");
        let close = if before.is_empty() { "" } else { "}" };
        let body = format!("{{\"{name}\":{},\"a\":[{before}{}{close}],\"password\":\"Z\u{e9}t\"}}", json!(marked), json!(marked));
        for (policy, body) in [
            (BodyPolicy::Masked, body.clone()), (BodyPolicy::Full, body.clone()), (BodyPolicy::Full, body.replace('[', "[[")),
        ] {
            let kept = serde_json::to_string(&exchange(policy, body.as_bytes(), "application/json")).unwrap();
            prop_assert!(!kept.contains("Z\u{e9}t"), "{}", kept);
            let seen = serde_json::to_string(&exchange(policy, body.as_bytes(), "application/json").masked()).unwrap();
            prop_assert!(!seen.contains("Q\u{e4}x"), "{}", seen);
        }
    }

    #[test]
    fn nothing_panics(body in proptest::collection::vec(any::<u8>(), 0..300), text in "[\\[\\]()\" a-z\u{e4}\\\\,.:]{0,60}") {
        for policy in [BodyPolicy::Masked, BodyPolicy::Full] {
            drop(exchange(policy, &body, "application/json"));
            drop(exchange(policy, &body, "application/x-www-form-urlencoded"));
        }
        drop(expression::masked(&text));
    }
}
