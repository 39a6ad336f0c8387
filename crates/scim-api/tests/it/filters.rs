//! Filters on what does not stand in the stored document: the door finds exactly the resources whose representation meets
//! the filter in memory.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use scim::{Condition, Filter, ResourceSchema, comparison};
use serde_json::{Value, json};
use store::on_both;

use crate::client::{Client, Service};

const OPS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

/// People, groups in groups, and a ring of them.
async fn directory(idp: &Client<'_>) {
    let mut people = Vec::new();
    for n in 0..8 {
        let body = match n % 3 {
            0 => json!({ "userName": format!("p{n}"), scim::ENTERPRISE_URN: { "department": "Salt" } }),
            1 => json!({ "userName": format!("p{n}"), "urn:Acme:any:1.0": { "x": 1 } }),
            _ => json!({ "userName": format!("p{n}") }),
        };
        people.push(idp.make("/Users", body).await);
    }
    let mut groups: Vec<String> = Vec::new();
    for (name, members) in [
        ("Inner", &people[..3]),
        ("Middle", &people[2..5]),
        ("Outer", &people[5..6]),
        ("Empty", &[][..]),
        ("Ring", &people[6..7]),
    ] {
        let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
        groups.push(idp.make("/Groups", json!({ "displayName": name, "members": members })).await);
    }
    for (outer, inner) in [(1, 0), (2, 1), (4, 2), (2, 4)] {
        let operation = json!({ "op": "add", "path": "members", "value": [{ "value": groups[inner] }] });
        let path = format!("/Groups/{}", groups[outer]);
        assert!(idp.send("PATCH", &path, Some(json!({ "Operations": [operation] }))).await.status < 300);
    }
    // One version more, so that versions tell resources apart.
    idp.send(
        "PATCH",
        &format!("/Users/{}", people[0]),
        Some(json!({ "Operations": [{ "op": "add", "value": { "title": "T" } }] })),
    )
    .await;
}

async fn all(idp: &Client<'_>, path: &str) -> Vec<Value> {
    idp.send("GET", &format!("{path}?count=1000"), None).await.body["Resources"].as_array().unwrap().clone()
}

/// Parts of the texts that stand in the representations, and of others.
fn texts(resources: &[Value], pointers: &[&str]) -> Vec<String> {
    let mut texts = BTreeSet::from([
        String::new(),
        "zz".to_owned(),
        "https://scim.example.com/".to_owned(),
        "User".to_owned(),
        "direct".to_owned(),
    ]);
    for value in resources.iter().flat_map(|resource| pointers.iter().filter_map(move |pointer| resource.pointer(pointer))) {
        let Some(text) = value.as_str() else { continue };
        texts.insert(text.to_owned());
        texts.insert(text.to_uppercase());
        for at in [1, text.len() / 2, text.len().saturating_sub(3)] {
            texts.extend(text.split_at_checked(at).map(|(start, _)| start.to_owned()));
            texts.extend(text.split_at_checked(at).map(|(_, end)| end.to_owned()));
        }
    }
    texts.into_iter().collect()
}

fn filters(
    paths: &'static [&'static str],
    list: &'static str,
    parts: &'static [&'static str],
    texts: Vec<String>,
) -> impl Strategy<Value = String> {
    let op = || prop::sample::select(OPS.to_vec());
    let text = prop::sample::select(texts).prop_map(|text| Value::from(text).to_string());
    let plain =
        (prop::sample::select(paths.to_vec()), op(), text.clone()).prop_map(|(path, op, text)| format!("{path} {op} {text}"));
    let present = prop::sample::select(paths.to_vec()).prop_map(|path| format!("{path} pr"));
    let inner = (prop::sample::select(parts.to_vec()), op(), text).prop_map(|(part, op, text)| format!("{part} {op} {text}"));
    let element = (inner.clone(), prop::sample::select(vec![" and ", " or ", " and not "]), inner)
        .prop_map(move |(one, link, other)| format!("{list}[{one}{link}({other})]"));
    let term = prop_oneof![4 => plain, 1 => present, 3 => element];
    let link = prop::sample::select(vec!["and", "or"]);
    (term.clone(), prop::option::of((link, any::<bool>(), term))).prop_map(|(one, more)| match more {
        None => one,
        Some((link, true, other)) => format!("{one} {link} not ({other})"),
        Some((link, false, other)) => format!("{one} {link} {other}"),
    })
}

async fn agree(idp: &Client<'_>, path: &str, schema: &ResourceSchema, filters: impl Strategy<Value = String>) {
    let resources = all(idp, path).await;
    let trees: Vec<_> = resources.iter().map(|resource| comparison::tree(resource.as_object().unwrap(), schema)).collect();
    let mut runner = TestRunner::deterministic();
    let mut told_apart = 0;
    let cases = ProptestConfig::default().cases;
    for _ in 0..cases {
        let filter = filters.new_tree(&mut runner).unwrap().current();
        let Ok(condition) = Filter::parse(&filter).and_then(|parsed| Condition::resolve(&parsed, schema)) else { continue };
        let ids = |found: &[&Value]| found.iter().map(|resource| resource["id"].to_string()).collect::<BTreeSet<_>>();
        let expected: Vec<&Value> =
            resources.iter().zip(&trees).filter(|(_, tree)| condition.matches(tree)).map(|(resource, _)| resource).collect();
        let body = json!({ "schemas": [scim::SEARCH_URN], "filter": filter, "count": 1000 });
        let answer = idp.send("POST", &format!("{path}/.search"), Some(body)).await;
        assert_eq!(answer.status, 200, "{filter}: {}", answer.body);
        let found: Vec<&Value> = answer.body["Resources"].as_array().map_or(&[][..], Vec::as_slice).iter().collect();
        assert_eq!(ids(&found), ids(&expected), "{filter}");
        assert_eq!(answer.body["totalResults"], expected.len(), "{filter}");
        told_apart += u32::from(!expected.is_empty() && expected.len() < resources.len());
    }
    assert!(told_apart > cases / 5, "only {told_apart} of {cases} filters told resources apart");
}

on_both! {
    async fn what_is_derived_is_found_as_it_is_shown(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        directory(&idp).await;
        let (people, groups) = (all(&idp, "/Users").await, all(&idp, "/Groups").await);
        let pointers = ["/id", "/meta/location", "/meta/version", "/meta/resourceType", "/schemas/0", "/schemas/1", "/groups/0/value",
            "/groups/0/$ref", "/groups/0/display", "/groups/0/type", "/groups/1/value", "/groups/1/display", "/groups/1/type"];
        let of_people = filters(
            &["id", "meta.location", "meta.version", "meta.resourceType", "schemas", "groups", "groups.value", "groups.$ref", "groups.display", "groups.type"],
            "groups", &["value", "$ref", "display", "type"], texts(&people, &pointers));
        agree(&idp, "/Users", &ResourceSchema::user(), of_people).await;
        let pointers = ["/id", "/meta/location", "/meta/version", "/schemas/0", "/members/0/value", "/members/0/$ref", "/members/0/type", "/members/1/value", "/members/1/$ref"];
        let of_groups = filters(
            &["id", "meta.location", "meta.version", "meta.resourceType", "schemas", "members", "members.value", "members.$ref", "members.type"],
            "members", &["value", "$ref", "type"], texts(&groups, &pointers));
        agree(&idp, "/Groups", &ResourceSchema::group(), of_groups).await;
    }

    async fn what_is_kept_nowhere_is_refused(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        directory(&idp).await;
        for (path, filter) in [
            ("/Groups", "members.display eq \"p1\"".to_owned()),
            ("/Groups", "members[display sw \"p\"]".to_owned()),
            ("/Users", format!("{}:manager.displayName eq \"Ada\"", scim::ENTERPRISE_URN)),
            ("/Users", format!("{}:manager.$ref pr", scim::ENTERPRISE_URN)),
            ("/Users", "password pr".to_owned()),
        ] {
            let body = json!({ "schemas": [scim::SEARCH_URN], "filter": filter });
            let answer = idp.send("POST", &format!("{path}/.search"), Some(body)).await;
            assert_eq!((answer.status, answer.body["scimType"].as_str()), (400, Some("invalidFilter")), "{filter}: {}", answer.body);
        }
    }
}
