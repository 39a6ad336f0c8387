//! For random people and filters, SQL finds exactly who the in-memory evaluator finds.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use scim::{Condition, Filter, ResourceSchema, comparison};
use serde_json::{Value, json};
use store::testing::{CreateUser, origin, scratch};
use store::{Listing, Window};

use crate::on_both;

const PEOPLE: usize = 60;
const WORDS: &[&str] = &["a", "A", "ab", "work", "home", "ß", "SS", "100%", "a_b", "axb", "ü", "", " x ", "\"q\"", "İ"];

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(WORDS.to_vec())
}

/// A person; their userName is made unique by who asks.
pub(crate) fn person() -> impl Strategy<Value = Value> {
    let email = (word(), prop::option::of(word()), prop::option::of(any::<bool>()));
    let name = (prop::option::of(word()), prop::option::of(word()));
    let plain = (prop::option::of(word()), prop::option::of(word()), prop::option::of(any::<bool>()), prop::option::of(word()));
    (plain, name, prop::collection::vec(email, 0..4)).prop_map(
        |((title, display, active, department), (family, given), emails)| {
            let emails: Vec<_> =
                emails.iter().map(|(value, kind, primary)| json!({"value": value, "type": kind, "primary": primary})).collect();
            json!({
                "title": title, "displayName": display, "active": active, "emails": emails, "externalId": title,
                "name": {"familyName": family, "givenName": given}, scim::ENTERPRISE_URN: {"department": department},
            })
        },
    )
}

fn term() -> impl Strategy<Value = String> {
    let op = prop::sample::select(vec!["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]);
    let department = format!("{}:department", scim::ENTERPRISE_URN);
    let text = prop::sample::select(vec![
        "title".to_owned(),
        "displayName".to_owned(),
        "userName".to_owned(),
        "externalId".to_owned(),
        "name.familyName".to_owned(),
        "name.givenName".to_owned(),
        "emails.value".to_owned(),
        "emails.type".to_owned(),
        "emails".to_owned(),
        department,
    ]);
    let quoted = || word().prop_map(|word| Value::from(word).to_string());
    let element = (prop::sample::select(vec!["value", "type"]), op.clone(), quoted());
    prop_oneof![
        4 => (text.clone(), op, quoted()).prop_map(|(path, op, value)| format!("{path} {op} {value}")),
        1 => text.prop_map(|path| format!("{path} pr")),
        1 => prop::sample::select(vec!["active eq true", "active ne true", "active eq false", "active pr", "emails[primary eq true]",
            "emails.primary eq true", "emails[not (primary eq true)]", "title eq null", "title ne null", "name pr"]).prop_map(str::to_owned),
        2 => (element, prop::sample::select(vec!["and", "or"]), word()).prop_map(|((sub, op, value), link, other)| {
            format!("emails[{sub} {op} {value} {link} type eq {}]", Value::from(other))
        }),
    ]
}

fn filter() -> impl Strategy<Value = String> {
    term().prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} and {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

/// How many filters are tried; `PROPTEST_CASES` asks for more.
fn filters() -> usize {
    ProptestConfig::default().cases as usize
}

on_both! {
    async fn sql_finds_who_memory_finds(on) {
        let scratch = scratch(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let other = scratch.store.tenant(scratch.tenant("other").await.id);
        let schema = ResourceSchema::user();
        let mut runner = TestRunner::deterministic();
        let mut people = Vec::new();
        for i in 0..PEOPLE {
            let mut body = person().new_tree(&mut runner).unwrap().current();
            body["userName"] = Value::from(format!("{}{i}", WORDS[i % WORDS.len()]));
            other.write(origin(other.id()), CreateUser(body.clone())).await.unwrap();
            let user = store.write(origin(store.id()), CreateUser(body)).await.unwrap().output;
            people.push((user.id, comparison::tree(user.resource.as_map(), &schema)));
        }
        let mut found_some = 0;
        let filters = filters();
        for _ in 0..filters {
            let text = filter().new_tree(&mut runner).unwrap().current();
            let Ok(condition) = Filter::parse(&text).and_then(|filter| Condition::resolve(&filter, &schema)) else {
                panic!("{text} is a filter");
            };
            let expected: BTreeSet<_> = people.iter().filter(|(_, tree)| condition.matches(tree)).map(|(id, _)| id.to_string()).collect();
            let listing = Listing { condition: Some(condition), sort: None, window: Window::Index { offset: 0, count: 1_000 }, total: true };
            let page = store.users().list(&listing).await.unwrap_or_else(|error| panic!("{text}: {error}"));
            let found: BTreeSet<_> = page.items.iter().map(|user| user.id.to_string()).collect();
            assert_eq!(found, expected, "{text}");
            let counted = Listing { window: Window::Index { offset: 0, count: 0 }, ..listing };
            assert_eq!(store.users().list(&counted).await.unwrap().total, Some(expected.len() as u64), "{text}");
            found_some += usize::from(!expected.is_empty() && expected.len() < PEOPLE);
        }
        assert!(found_some > filters / 4, "most filters must tell people apart, {found_some} did");
    }
}
