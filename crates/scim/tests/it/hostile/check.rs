//! Each parser called through to its end, with what must hold whatever came in. The fuzz targets call these as well.

use std::sync::LazyLock;

use scim::{
    Applied, AttributePath, BulkRequest, Condition, Fault, FaultKind, Filter, ListQuery, PatchPath, PatchRequest, Plan,
    Precondition, Repairs, Resource, ResourceSchema, Verb, Version, canonicalize, comparison,
};
use serde_json::{Map, Value, json};

/// A parser's name and the check of it.
pub type Check = (&'static str, fn(&[u8]));

/// Every check.
pub const ALL: [Check; 8] = [
    ("filter", filter),
    ("path", path),
    ("patch", patch),
    ("body", body),
    ("bulk", bulk),
    ("query", query),
    ("precondition", precondition),
    ("comparison", compared),
];

/// A type of resource and one resource of it.
struct Sample {
    schema: ResourceSchema,
    resource: Resource,
    tree: Map<String, Value>,
}

static SAMPLES: LazyLock<[Sample; 2]> = LazyLock::new(|| {
    let user = json!({
        "userName": "ada", "externalId": "X-1", "active": true, "title": "Straße", "name": {"givenName": "Ada", "familyName": "L"},
        "emails": [{"value": "a@work", "type": "work", "primary": true}, {"value": "a@home", "type": "home"}],
        "roles": [{"value": "admin"}, {"display": "d"}], "addresses": [{"type": "work", "locality": "Hull"}],
        scim::ENTERPRISE_URN: {"department": "Salt", "manager": {"value": "9"}}, "urn:x:1.0": {"y": 1}
    });
    [(ResourceSchema::user(), user), (ResourceSchema::group(), json!({"displayName": "Weavers", "externalId": "g"}))].map(
        |(schema, body)| {
            let resource = canonicalize(body, &schema, &mut Repairs::lenient()).unwrap();
            let tree = comparison::tree(resource.as_map(), &schema);
            Sample { schema, resource, tree }
        },
    )
});

/// A filter: what parses prints and reads as the same, and means the same beside another type of resource.
pub fn filter(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(filter) = Filter::parse(text) else { return };
    reads_as(Filter::parse(&filter.to_string()), &filter);
    for (at, sample) in SAMPLES.iter().enumerate() {
        let across = Condition::resolve_across(&filter, &sample.schema, &[&SAMPLES[1 - at].schema]);
        if let Ok(condition) = &across {
            condition.matches(&sample.tree);
        }
        if let Ok(condition) = Condition::resolve(&filter, &sample.schema) {
            assert_eq!(across, Ok(condition));
        }
    }
}

/// An attribute's path and the path of a PATCH: what parses prints and reads as the same.
pub fn path(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(path) = AttributePath::parse(text) {
        reads_as(AttributePath::parse(&path.to_string()), &path);
        assert!(SAMPLES.iter().all(|sample| sample.schema.locate(&path).is_none_or(|_| !path.to_string().is_empty())));
    }
    if let Ok(path) = PatchPath::parse(text) {
        reads_as(PatchPath::parse(&path.to_string()), &path);
    }
}

/// A PATCH: it changes all or nothing, what it leaves is canonical, and plain replacing twice is replacing once.
pub fn patch(data: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(data) else { return };
    let Ok(request) = PatchRequest::parse(body) else { return };
    for sample in SAMPLES.iter() {
        let strict = Plan::resolve(&request, &sample.schema, &mut Repairs::strict());
        let Ok(plan) = Plan::resolve(&request, &sample.schema, &mut Repairs::lenient()) else {
            assert!(strict.is_err());
            continue;
        };
        let mut after = sample.resource.clone();
        match plan.apply(&mut after) {
            Err(_) | Ok(Applied::Nothing) => assert_eq!(after, sample.resource),
            Ok(Applied::Changed) => {
                assert_ne!(after, sample.resource);
                assert!(!plan.touches_only_members());
                stays(&after, &sample.schema);
                if only_replaces(&request) {
                    let once = after.clone();
                    assert_eq!(plan.apply(&mut after), Ok(Applied::Nothing));
                    assert_eq!(after, once);
                }
            }
        }
    }
}

/// The body of a POST or PUT: what comes out is canonical, and the same without repairs when none was needed.
pub fn body(data: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(data) else { return };
    for sample in SAMPLES.iter() {
        let strict = canonicalize(body.clone(), &sample.schema, &mut Repairs::strict());
        let mut repairs = Repairs::lenient();
        let lenient = canonicalize(body.clone(), &sample.schema, &mut repairs);
        assert_eq!(strict.is_ok(), lenient.is_ok() && repairs.list().is_empty());
        let Ok(resource) = lenient else { continue };
        stays(&resource, &sample.schema);
        let tree = comparison::tree(resource.as_map(), &sample.schema);
        assert_eq!(comparison::tree(&tree, &sample.schema), tree);
    }
}

/// A bulk request: names of other operations that are not known stay as they are.
pub fn bulk(data: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(data) else { return };
    let Ok(request) = BulkRequest::parse(body, &mut Repairs::lenient()) else { return };
    for mut operation in request.operations {
        let (before, names) = (operation.clone(), operation.references());
        operation.resolve(&|_| None);
        assert_eq!(operation, before);
        operation.resolve(&|_| Some("0199a0f4-6f7e-7cc3-98c4-dc0c0c07398f".to_owned()));
        assert_eq!(operation == before, names.is_empty());
    }
}

/// What is asked of a list, as parameters and as the body of a search.
pub fn query(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let search = serde_json::from_str::<Value>(text).map(|body| ListQuery::from_search(body, &mut Repairs::lenient()));
    for query in [ListQuery::parse(pairs)].into_iter().chain(search).flatten() {
        assert!(query.start() > 0);
        for sample in SAMPLES.iter() {
            let _ = query
                .condition(&sample.schema, &mut Repairs::lenient())
                .map(|condition| condition.map(|condition| condition.matches(&sample.tree)));
            let _ = query.sort(&sample.schema).map(|sort| sort.map(|sort| sort.value(&sample.tree)));
            if let Ok(projection) = query.projection(&sample.schema) {
                let cut = projection.cut(sample.resource.as_map().clone(), &sample.schema);
                assert_eq!(projection.cut(cut.clone(), &sample.schema), cut);
            }
        }
    }
}

/// The headers If-Match and If-None-Match, one line each.
pub fn precondition(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let (matching, differing) = text.split_once('\n').unwrap_or((text, ""));
    for version in [Version(0), Version(3), Version(u64::MAX)] {
        let both = Precondition::parse(Some(matching), Some(differing));
        assert_eq!(both.check_write(version).is_ok(), both.check_read(version).is_ok() && !both.not_modified(version));
        let tagged = format!("{matching},{version}");
        if matching.trim() != "*" {
            assert!(Precondition::parse(None, Some(&tagged)).not_modified(version));
        }
    }
}

/// The form in which text compares: that of the form is the form.
pub fn compared(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let key = comparison::key(text);
    assert_eq!(comparison::key(&key), key);
    if let Some(moment) = comparison::moment(text) {
        assert_eq!(comparison::moment(&moment).as_ref(), Some(&moment));
    }
}

/// Printing adds parentheses and blanks, so what was within the limits may print to beyond them.
fn reads_as<T: PartialEq + std::fmt::Debug>(read: Result<T, Fault>, wanted: &T) {
    match read {
        Ok(read) => assert_eq!(&read, wanted),
        Err(fault) => {
            assert!(matches!(fault.kind(), FaultKind::InvalidFilter | FaultKind::InvalidPath), "{fault:?}");
            let limits = ["longer than", "too long", "nested deeper"];
            assert!(limits.iter().any(|limit| fault.detail().contains(limit)), "{fault:?}");
        }
    }
}

fn stays(resource: &Resource, schema: &ResourceSchema) {
    let mut repairs = Repairs::lenient();
    assert_eq!(canonicalize(resource.clone().into_value(), schema, &mut repairs).as_ref(), Ok(resource));
}

fn only_replaces(request: &PatchRequest) -> bool {
    // What a value filter chose need not be what it chooses afterwards.
    let whole = |text: &str| !text.contains('[');
    let keys = |value: &Value| value.as_object().is_none_or(|object| object.keys().all(|key| whole(key)));
    request.operations.iter().all(|operation| {
        let path = operation.path.as_deref().is_none_or(whole);
        operation.op == Verb::Replace && path && operation.value.as_ref().is_none_or(keys)
    })
}
