//! What holds for random input.
#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::collection::vec;
use proptest::prelude::*;
use scim::{
    Applied, AttributePath, BulkRequest, Condition, Filter, ListQuery, Literal, Op, PatchPath, PatchRequest, Plan, Precondition,
    Projection, Repairs, Resource, ResourceSchema, canonicalize, comparison,
};
use serde_json::{Value, json};

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z][a-zA-Z0-9_-]{0,6}".prop_filter("keywords are no names", |name| {
        !["and", "or", "not", "pr"].iter().any(|word| name.eq_ignore_ascii_case(word))
    })
}

fn path() -> impl Strategy<Value = AttributePath> {
    let urn = prop::option::of("urn:[a-z]{1,4}(:[a-z0-9.]{1,5}){0,2}");
    (urn, name(), prop::option::of(name())).prop_map(|(urn, name, sub)| AttributePath { urn, name, sub })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<String>().prop_map(|text| Literal::Text(text.replace('\0', ""))),
        any::<bool>().prop_map(Literal::Boolean),
        any::<i64>().prop_map(Literal::Integer),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Literal::Decimal),
        Just(Literal::Null),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop::sample::select(Op::ALL.map(|(op, _)| op).to_vec())
}

fn filter() -> impl Strategy<Value = Filter> {
    let term = prop_oneof![
        path().prop_map(Filter::Present),
        (path(), op(), literal()).prop_map(|(path, op, value)| Filter::Compare { path, op, value }),
    ];
    term.prop_recursive(5, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.and(other)),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.or(other)),
            inner.clone().prop_map(Filter::negated),
            (name(), inner)
                .prop_map(|(list, filter)| Filter::Element { path: AttributePath::of(&list), filter: Box::new(filter) }),
        ]
    })
}

/// Canonical users with a few attributes whose values often coincide.
fn user() -> impl Strategy<Value = Resource> {
    let word = || prop::sample::select(vec!["a", "A", "b", "work", "home", "ß", "SS", "x y"]);
    let email = (word(), prop::option::of(word()), prop::option::of(any::<bool>()));
    (word(), prop::option::of(word()), prop::option::of(any::<bool>()), vec(email, 0..4), prop::option::of(word())).prop_map(
        |(user_name, title, active, emails, department)| {
            let emails: Vec<Value> = emails.into_iter().map(|(value, kind, primary)| json!({"value": value, "type": kind, "primary": primary})).collect();
            let body = json!({"userName": user_name, "title": title, "active": active, "emails": emails, scim::ENTERPRISE_URN: {"department": department}});
            canonicalize(body, &ResourceSchema::user(), &mut Repairs::lenient()).unwrap()
        },
    )
}

/// Text near to what parsers look for.
fn nearly() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "userName", " ", "eq", "pr", "and", "or", "not", "(", ")", "[", "]", "\"", "\\", "a", ".", ":", "urn:", "emails",
        "value", "true", "null", "1", "-", "e", "é", "\u{0}", "W/", "*", ",", "\\u00", "$ref", "members",
    ]);
    prop_oneof![any::<String>(), vec(token, 0..24).prop_map(|tokens| tokens.concat())]
}

/// JSON near to a message.
fn message() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "Operations",
        "op",
        "path",
        "value",
        "userName",
        "emails",
        "members",
        "schemas",
        "active",
        "name",
        "name.givenName",
        "manager",
        scim::ENTERPRISE_URN,
        "urn:x:1.0",
        "type",
        "primary",
        "operation",
        "method",
        "bulkId",
        "data",
        "emails[type eq \"work\"].value",
        scim::USER_URN,
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        nearly().prop_map(Value::from),
        prop::sample::select(vec![
            "add",
            "Remove",
            "replace",
            "emails",
            "emails[type eq \"work\"]",
            "members",
            "True",
            "name",
            "id"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 4, move |inner| {
        let object = vec((key.clone().prop_map(str::to_owned), inner.clone()), 0..5)
            .prop_map(|pairs| Value::Object(pairs.into_iter().collect()));
        prop_oneof![vec(inner, 0..4).prop_map(Value::Array), object]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_filter_reads_as_the_same(filter in filter()) {
        let printed = filter.to_string();
        let read = Filter::parse(&printed);
        prop_assert_eq!(read.as_ref(), Ok(&filter), "{}", printed);
    }

    #[test]
    fn a_printed_path_reads_as_the_same(attribute in path(), list in name(), filter in filter(), sub in prop::option::of(name())) {
        prop_assert_eq!(AttributePath::parse(&attribute.to_string()), Ok(attribute.clone()));
        let plain = PatchPath { attribute, filter: None, sub: None };
        prop_assert_eq!(PatchPath::parse(&plain.to_string()), Ok(plain));
        let filtered = PatchPath { attribute: AttributePath::of(&list), filter: Some(filter), sub };
        prop_assert_eq!(PatchPath::parse(&filtered.to_string()), Ok(filtered));
    }

    #[test]
    fn what_parses_prints_and_parses_again(text in nearly()) {
        if let Ok(filter) = Filter::parse(&text) {
            prop_assert_eq!(Filter::parse(&filter.to_string()), Ok(filter));
        }
        if let Ok(path) = PatchPath::parse(&text) {
            prop_assert_eq!(PatchPath::parse(&path.to_string()), Ok(path));
        }
    }

    #[test]
    fn no_text_panics_a_parser(text in nearly(), other in nearly()) {
        let schema = ResourceSchema::user();
        let precondition = Precondition::parse(Some(&text), Some(&other));
        let _ = precondition.check_write(scim::Version(3));
        let _ = Projection::parse(Some(&text), None, &schema).map(|projection| projection.cut(serde_json::Map::new(), &schema));
        let names = ["filter", "startIndex", "count", "sortOrder"];
        let _ = ListQuery::parse(names.map(|name| (name, text.as_str()))).map(|query| query.condition(&schema, &mut Repairs::lenient()));
        prop_assert_eq!(comparison::key(&comparison::key(&text)), comparison::key(&text));
    }

    #[test]
    fn no_body_panics_and_what_comes_out_is_canonical(body in message()) {
        for schema in [ResourceSchema::user(), ResourceSchema::group()] {
            let _ = BulkRequest::parse(body.clone(), &mut Repairs::lenient());
            let _ = ListQuery::from_search(body.clone(), &mut Repairs::lenient());
            if let Ok(resource) = canonicalize(body.clone(), &schema, &mut Repairs::lenient()) {
                let again = canonicalize(resource.clone().into_value(), &schema, &mut Repairs::lenient());
                prop_assert_eq!(again, Ok(resource));
            }
        }
    }

    #[test]
    fn a_patch_that_is_applied_leaves_a_canonical_resource(before in user(), operations in vec((0..3_usize, message(), message()), 1..4)) {
        let verbs = ["add", "remove", "replace"];
        let paths = ["emails", "emails[type eq \"work\"]", "emails[type eq \"home\"].value", "name", "title", "active", scim::ENTERPRISE_URN, "manager"];
        let operations: Vec<Value> = operations.into_iter().enumerate().map(|(at, (verb, path, value))| {
            let path = match path { Value::Bool(_) => Value::Null, path if path.is_string() => path, _ => Value::from(paths[at * 3 % paths.len()]) };
            json!({"op": verbs[verb], "path": path, "value": value})
        }).collect();
        let schema = ResourceSchema::user();
        let mut repairs = Repairs::lenient();
        let Ok(request) = PatchRequest::parse(json!({"Operations": operations})) else { return Ok(()) };
        let Ok(plan) = Plan::resolve(&request, &schema, &mut repairs) else { return Ok(()) };
        let mut after = before.clone();
        match plan.apply(&mut after) {
            Err(_) | Ok(Applied::Nothing) => prop_assert_eq!(after, before),
            Ok(Applied::Changed) => {
                prop_assert_ne!(&after, &before);
                let again = canonicalize(after.clone().into_value(), &schema, &mut Repairs::lenient());
                prop_assert_eq!(again, Ok(after));
            }
        }
    }

    #[test]
    fn a_replace_made_twice_changes_nothing_the_second_time(before in user(), wanted in user(), kind in "work|home|other", value in "[ab ]{0,3}") {
        let schema = ResourceSchema::user();
        let filtered = format!("emails[type eq \"{kind}\"].value");
        for operation in [json!({"op": "replace", "value": wanted.clone().into_value()}), json!({"op": "replace", "path": filtered, "value": value})] {
            let request = PatchRequest::parse(json!({"Operations": [operation]})).unwrap();
            let plan = Plan::resolve(&request, &schema, &mut Repairs::lenient()).unwrap();
            let mut once = before.clone();
            plan.apply(&mut once).unwrap();
            let mut twice = once.clone();
            prop_assert_eq!(plan.apply(&mut twice), Ok(Applied::Nothing));
            prop_assert_eq!(twice, once);
        }
    }

    #[test]
    fn a_negation_matches_the_rest_and_eq_finds_what_is_there(user in user(), text in "[aAbß ]{0,3}", op in op()) {
        let schema = ResourceSchema::user();
        let tree = comparison::tree(user.as_map(), &schema);
        let matches = |filter: &Filter| Condition::resolve(filter, &schema).unwrap().matches(&tree);
        for name in ["userName", "title", "emails.value", "department"] {
            let term = Filter::Compare { path: AttributePath::parse(name).unwrap(), op, value: Literal::Text(text.clone()) };
            prop_assert_ne!(matches(&term), matches(&term.clone().negated()));
            prop_assert!(matches(&term.clone().or(term.clone().negated())));
            prop_assert!(!matches(&term.clone().and(term.negated())));
        }
        let own = |name: &str, value: &str| Filter::Compare { path: AttributePath::parse(name).unwrap(), op: Op::Eq, value: Literal::Text(value.to_uppercase()) };
        prop_assert!(matches(&own("userName", user.user_name().unwrap())));
        for email in user.emails() {
            prop_assert!(matches(&own("emails", email)));
        }
    }
}

#[test]
fn deep_nesting_is_refused_before_the_stack_ends() {
    for (open, close) in [("(", ")"), ("a[", "]"), ("not (", ")"), ("not ", "")] {
        let text = format!("{}a pr{}", open.repeat(1_000), close.repeat(1_000));
        assert!(Filter::parse(&text).is_err());
        assert!(PatchPath::parse(&format!("emails[{text}]")).is_err());
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(serde_json::from_str::<Value>(&deep).is_err());
    let deepest = format!("{}{}", "[".repeat(120), "]".repeat(120));
    let body = json!({"userName": "a", "emails": serde_json::from_str::<Value>(&deepest).unwrap()});
    assert!(canonicalize(body, &ResourceSchema::user(), &mut Repairs::lenient()).is_ok());
}
