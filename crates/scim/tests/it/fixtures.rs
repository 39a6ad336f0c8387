//! Requests as the standards describe them and as identity providers send them, one file each under `fixtures/`: the
//! body, the resource before and after, the steps on members, and which repairs were needed; or a filter, and which of
//! some resources it finds.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use scim::{
    Condition, Fault, Filter, Kind, MemberRef, MemberStep, PatchRequest, Plan, Repairs, Resource, ResourceSchema, canonicalize,
    comparison,
};
use serde_json::{Value, json};

pub(crate) fn files(folder: &str) -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = paths.map(|path| (path.clone(), serde_json::from_slice(&fs::read(path).unwrap()).unwrap())).collect();
    assert!(!files.is_empty());
    files
}

fn schema(fixture: &Value) -> ResourceSchema {
    let schema = match fixture["resource"].as_str().unwrap() {
        "User" => ResourceSchema::user(),
        "Group" => ResourceSchema::group(),
        other => panic!("{other}"),
    };
    match fixture.get("extension") {
        Some(extension) => with_extension(schema, extension),
        None => schema,
    }
}

/// The standard has no attribute that is a number, so a tenant's own schema has one.
fn with_extension(schema: ResourceSchema, named: &Value) -> ResourceSchema {
    let mut extension = schema.extensions()[0].clone();
    named["id"].as_str().unwrap().clone_into(&mut extension.id);
    extension.attributes.truncate(1);
    named["integer"].as_str().unwrap().clone_into(&mut extension.attributes[0].name);
    extension.attributes[0].kind = Kind::Integer;
    schema.with_extension(extension)
}

/// Which of the resources of a filter's fixture it finds.
fn found(fixture: &Value) -> Result<Value, Fault> {
    let schema = schema(fixture);
    let condition = Condition::resolve(&Filter::parse(fixture["filter"].as_str().unwrap())?, &schema)?;
    let matches = |document: &Value| condition.matches(&comparison::tree(document.as_object().unwrap(), &schema));
    let among = fixture["among"].as_array().unwrap().iter().enumerate();
    Ok(among.filter(|(_, document)| matches(document)).map(|(at, _)| Value::from(at)).collect())
}

/// The resource after the request or what the filter found, and the steps on members.
fn play(fixture: &Value, repairs: &mut Repairs) -> Result<(Value, Vec<MemberStep>), Fault> {
    if fixture.get("filter").is_some() {
        return Ok((found(fixture)?, Vec::new()));
    }
    let (schema, body) = (schema(fixture), fixture["body"].clone());
    if fixture["method"] != "PATCH" {
        return Ok((canonicalize(body, &schema, repairs)?.into_value(), Vec::new()));
    }
    let plan = Plan::resolve(&PatchRequest::parse(body)?, &schema, repairs)?;
    let mut resource = Resource::from_value(fixture["before"].clone()).unwrap();
    plan.apply(&mut resource)?;
    Ok((resource.into_value(), plan.members().to_vec()))
}

fn told(step: &MemberStep) -> Value {
    let ids = |members: &[MemberRef]| members.iter().map(|member| member.value.clone()).collect::<Vec<_>>();
    match step {
        MemberStep::Add(members) => json!({"add": ids(members)}),
        MemberStep::Remove(ids) => json!({"remove": ids}),
        MemberStep::Replace(members) => json!({"replace": ids(members)}),
        MemberStep::RemoveAll => json!({"remove_all": true}),
        MemberStep::RemoveWhere(condition) => json!({"remove_where": format!("{condition:?}")}),
    }
}

/// The codes of the repairs that a fixture shows.
pub(crate) fn expected(fixture: &Value) -> BTreeSet<&str> {
    fixture["repairs"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect()
}

fn check(folder: &str) {
    for (path, fixture) in files(folder) {
        let name = path.display();
        let mut repairs = Repairs::lenient();
        match play(&fixture, &mut repairs) {
            Ok((after, members)) => {
                assert_eq!(&after, fixture.get("matches").unwrap_or(&fixture["after"]), "{name}");
                let members: Vec<Value> = members.iter().map(told).collect();
                assert_eq!(members.as_slice(), fixture["members"].as_array().map_or(&[][..], Vec::as_slice), "{name}");
                let codes: BTreeSet<&str> = repairs.list().iter().map(|repair| repair.rule.code()).collect();
                assert_eq!(codes, expected(&fixture), "{name}");
            }
            Err(fault) => {
                assert!(fixture["fault"].is_string(), "{name}: {fault}");
                assert_eq!(fault.scim_type(), fixture["fault"].as_str(), "{name}: {fault}");
            }
        }
    }
}

/// What needs no repair passes on a strict connection, and what needs one does not.
fn check_strictly(folder: &str) {
    for (path, fixture) in files(folder).into_iter().filter(|(_, fixture)| fixture.get("fault").is_none()) {
        let refused = play(&fixture, &mut Repairs::strict()).is_err_and(|fault| fault.refused_repair().is_some());
        assert_eq!(refused, !fixture["repairs"].as_array().unwrap().is_empty(), "{}", path.display());
    }
}

macro_rules! folders {
    ($($test:ident: $folder:literal),+ $(,)?) => {
        pub(crate) const FOLDERS: &[&str] = &[$($folder),+];

        $(#[test]
        fn $test() {
            check($folder);
            check_strictly($folder);
        })+
    };
}

folders! {
    resources_of_rfc_7643_are_read: "rfc7643",
    changes_of_rfc_7644_are_made: "rfc7644",
    entra_is_understood: "entra",
    okta_is_understood: "okta",
    onelogin_is_understood: "onelogin",
    jumpcloud_is_understood: "jumpcloud",
    others_are_understood: "others",
}
