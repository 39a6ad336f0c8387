use serde_json::{Map, Value, json};

use super::*;
use crate::comparison;
use crate::fault::{Fault, FaultKind};
use crate::schema::{ENTERPRISE_URN, Kind, ResourceSchema};

fn resolve(filter: &str) -> Result<Condition, Fault> {
    Condition::resolve(&Filter::parse(filter)?, &ResourceSchema::user())
}

fn tree() -> Map<String, Value> {
    let document = json!({
        "id": "7", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "meta": {"created": "2026-01-01T02:00:00+02:00", "resourceType": "User"},
        "userName": "Ada@Acme.test", "externalId": "X-1", "active": true, "name": {"familyName": "Lovelace"}, "title": "Straße",
        "emails": [{"value": "Ada@work", "type": "work", "primary": true}, {"value": "ada@home", "type": "home"}],
        "roles": [{"value": "admin"}],
        ENTERPRISE_URN: {"department": "Salt", "manager": {"value": "9"}}
    });
    comparison::tree(document.as_object().unwrap(), &ResourceSchema::user())
}

fn matches(filter: &str) -> bool {
    resolve(filter).unwrap().matches(&tree())
}

#[test]
fn these_match() {
    for filter in [
        "userName eq \"ADA@acme.TEST\"",
        "username co \"@ACME\"",
        "userName sw \"ada\"",
        "userName ew \".test\"",
        "externalId eq \"X-1\"",
        "title eq \"STRASSE\"",
        "active eq true",
        "active eq \"True\"",
        "active ne false",
        "active ne \"False\"",
        "emails eq \"ada@home\"",
        "emails.type eq \"work\"",
        "emails[type eq \"work\" and value co \"@work\"]",
        "emails[type eq \"work\"].value eq \"ADA@WORK\"",
        "emails[not (type eq \"work\")]",
        "emails.value ne \"ada@work\"",
        "emails.primary eq true",
        "emails[primary ne true]",
        "manager eq \"9\"",
        "manager.value eq \"9\"",
        "department eq \"salt\"",
        &format!("{ENTERPRISE_URN}:department eq \"salt\""),
        &format!("{ENTERPRISE_URN} pr"),
        "nickName ne \"x\"",
        "not (nickName pr)",
        "nickName eq null",
        "userName ne null",
        "phoneNumbers.value ne \"x\"",
        "phoneNumbers ne \"x\"",
        "meta.created eq \"2026-01-01T00:00:00Z\"",
        "meta.created ge \"2025-12-31T23:59:59.5Z\"",
        "meta.created lt \"2026-01-01T00:00:01\"",
        "schemas eq \"urn:ietf:params:scim:schemas:core:2.0:user\"",
        "id eq \"7\"",
        "meta.resourceType eq \"User\"",
        "name pr",
        "emails pr",
        "roles.value pr",
        "name[familyName eq \"lovelace\"]",
        "userName gt \"aaa\" and userName lt \"b\"",
        "userName eq \"x\" or active eq true and id eq \"7\"",
        "userName co \"\"",
        "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName eq \"LOVELACE\"",
    ] {
        assert!(matches(filter), "{filter}");
    }
}

#[test]
fn these_do_not_match() {
    for filter in [
        "userName eq \"ada\"",
        "externalId eq \"x-1\"",
        "active eq false",
        "emails[type eq \"home\" and value co \"@work\"]",
        "emails.type eq \"other\"",
        "nickName eq \"x\"",
        "nickName co \"\"",
        "nickName pr",
        "nickName ne null",
        "nickName le \"x\"",
        "phoneNumbers pr",
        "phoneNumbers[type eq \"fax\"]",
        "phoneNumbers[value ne \"x\"]",
        "not (active eq true)",
        "userName sw \"%\"",
        "title eq \"strase\"",
        "name[familyName eq \"x\"]",
        "name.givenName pr",
        "roles.value ne \"admin\"",
        "userName sw \"ada \"",
    ] {
        assert!(!matches(filter), "{filter}");
    }
}

#[test]
fn what_does_not_fit_the_schema_is_refused() {
    for filter in [
        "fooBar eq \"x\"",
        "emails.foo pr",
        "password eq \"x\"",
        "password pr",
        "active gt true",
        "active eq \"maybe\"",
        "active co \"t\"",
        "userName eq 7",
        "userName eq true",
        "userName gt null",
        "name eq \"x\"",
        "addresses co \"x\"",
        "meta.created eq \"yesterday\"",
        "meta.created co \"2026\"",
        "meta.created eq 7",
        "emails[foo eq \"x\"]",
        "userName[value eq \"x\"]",
        "urn:nothing:1.0:x eq \"y\"",
        "urn:ietf:params:scim:schemas:core:2.0:User pr",
        &format!("{ENTERPRISE_URN} eq \"x\""),
        "emails[emails[type pr]]",
        "x509Certificates.value gt \"a\"",
    ] {
        assert_eq!(resolve(filter).unwrap_err().kind(), FaultKind::InvalidFilter, "{filter}");
    }
}

#[test]
fn targets_are_the_schemas_own_steps() {
    let Condition::Compare { target, operand, .. } = resolve("EMAILS.Value eq \" A@B \"").unwrap() else {
        panic!("no comparison")
    };
    assert_eq!(
        target,
        Target { path: vec!["emails".to_owned(), "value".to_owned()], list: Some(0), kind: Kind::String, case_exact: false }
    );
    assert_eq!(operand, Operand::Text("a@b".to_owned()));
    let Condition::Element { list, condition } = resolve("emails[type eq \"work\"]").unwrap() else { panic!("no element") };
    assert_eq!((list.path.as_slice(), list.list), (&["emails".to_owned()][..], Some(0)));
    assert!(matches!(*condition, Condition::Compare { target: Target { ref path, list: None, .. }, .. } if *path == ["type"]));
    let Condition::Compare { target, .. } = resolve("manager eq \"9\"").unwrap() else { panic!("no comparison") };
    assert_eq!(target.path, [ENTERPRISE_URN, "manager", "value"]);
}

#[test]
fn plain_lists_and_numbers_of_registered_schemas_are_filtered_too() {
    let mut extension = ResourceSchema::user().extensions().first().unwrap().clone();
    "urn:acme:1.0:User".clone_into(&mut extension.id);
    for attribute in &mut extension.attributes {
        match attribute.name.as_str() {
            "costCenter" => attribute.kind = Kind::Integer,
            "division" => attribute.multi_valued = true,
            _ => {}
        }
    }
    let schema = ResourceSchema::user().with_extension(extension);
    let document = json!({"userName": "a", "urn:acme:1.0:User": {"costCenter": 7, "division": ["North", "South"]}});
    let tree = comparison::tree(document.as_object().unwrap(), &schema);
    let test =
        |filter: &str| Condition::resolve(&Filter::parse(filter).unwrap(), &schema).map(|condition| condition.matches(&tree));
    for filter in [
        "costCenter eq 7",
        "costCenter ge 6.5",
        "costCenter lt 8",
        "costCenter ne 6",
        "division eq \"north\"",
        "division.value eq \"south\"",
        "division[value sw \"n\"]",
        "division pr",
        "division ne \"north\"",
    ] {
        let filter = format!("urn:acme:1.0:User:{filter}");
        assert_eq!(test(&filter), Ok(true), "{filter}");
    }
    for filter in ["costCenter gt 7", "costCenter eq 7.5", "division eq \"x\"", "division[value eq \"x\"]"] {
        let filter = format!("urn:acme:1.0:User:{filter}");
        assert_eq!(test(&filter), Ok(false), "{filter}");
    }
    assert!(test("urn:acme:1.0:User:costCenter eq \"7\"").is_err());
    assert!(test("urn:acme:1.0:User:costCenter co 7").is_err());
}

#[test]
fn values_and_the_chosen_one_of_a_list_can_be_sorted_by() {
    let schema = ResourceSchema::user();
    let path = |name: &str| Target::sortable(name, &schema).map(|target| target.path.join("/"));
    assert_eq!(path("NAME.familyname").unwrap(), "name/familyName");
    assert_eq!(path("manager").unwrap(), format!("{ENTERPRISE_URN}/manager/value"));
    assert_eq!(path("meta.created").unwrap(), "meta/created");
    assert_eq!(path("emails").unwrap(), "emails/value");
    assert_eq!(path("emails.type").unwrap(), "emails/type");
    for name in ["name", "password", "fooBar", "", ENTERPRISE_URN, "a b"] {
        assert_eq!(path(name).unwrap_err().kind(), FaultKind::InvalidValue, "{name}");
    }
}

#[test]
fn across_types_an_attribute_of_another_type_has_no_value() {
    let (users, groups) = (ResourceSchema::user(), ResourceSchema::group());
    let group = serde_json::json!({ "displayName": "staff" });
    let matches = |text: &str| {
        let filter = Filter::parse(text).unwrap();
        Condition::resolve_across(&filter, &groups, &[&users]).map(|condition| condition.matches(group.as_object().unwrap()))
    };
    assert_eq!(matches("userName eq \"ada\" or displayName eq \"Staff\""), Ok(true));
    assert_eq!(matches("userName eq \"ada\""), Ok(false));
    assert_eq!(matches("userName ne \"ada\""), Ok(true));
    assert_eq!(matches("not (userName pr)"), Ok(true));
    assert_eq!(matches("emails[value eq \"a\"]"), Ok(false));
    assert_eq!(matches("userName eq null"), Ok(true));
    assert!(matches("fooBar eq \"ada\"").is_err());
}
