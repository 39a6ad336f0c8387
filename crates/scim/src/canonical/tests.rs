use serde_json::json;

use super::*;
use crate::schema::ENTERPRISE_URN;

fn user(body: Value) -> Result<(Value, Vec<RepairRule>), Fault> {
    let mut repairs = Repairs::lenient();
    let resource = canonicalize(body, &ResourceSchema::user(), &mut repairs)?;
    Ok((resource.into_value(), repairs.list().iter().map(|repair| repair.rule).collect()))
}

#[test]
fn what_the_schema_says_is_taken_as_it_is() {
    let body = json!({"schemas": ["URN:ietf:params:scim:schemas:core:2.0:user"], "id": null, "meta": {"resourceType": "User"}, "groups": [],
        "UserName": "Ada", "password": "x", "NAME": {"givenname": "A", "middleName": ""}, "roles": [], "title": null, "department": null});
    let (value, repairs) = user(body).unwrap();
    assert_eq!(value, json!({"userName": "Ada", "name": {"givenName": "A"}}));
    assert_eq!(repairs, []);
}

#[test]
fn odd_forms_are_repaired_and_noted() {
    let body = json!({"userName": "ada", "externalId": 7, "active": "False", "emails": {"value": "a@b", "primary": "True"}, "title": ["Cook"],
        "name.familyName": "L", "name.givenName": "A", "department": "Salt", "manager": ["9"], "fooBar": 1, "phoneNumbers": ["1", "1"]});
    let (value, repairs) = user(body).unwrap();
    let expected = json!({"userName": "ada", "externalId": "7", "active": false, "emails": [{"value": "a@b", "primary": true}], "title": "Cook",
        "name": {"familyName": "L", "givenName": "A"}, "phoneNumbers": [{"value": "1"}],
        ENTERPRISE_URN: {"department": "Salt", "manager": {"value": "9"}}});
    assert_eq!(value, expected);
    for rule in [
        RepairRule::MissingSchemas,
        RepairRule::TextFromNumber,
        RepairRule::BooleanFromText,
        RepairRule::WrappedInList,
        RepairRule::UnwrappedFromList,
        RepairRule::DottedKey,
        RepairRule::ExtensionWithoutUrn,
        RepairRule::ManagerFromText,
        RepairRule::UnknownAttribute,
        RepairRule::ObjectFromText,
    ] {
        assert!(repairs.contains(&rule), "{rule:?}");
    }
}

#[test]
fn blanks_are_no_values() {
    let body = json!({"userName": "gil", "title": " ", "externalId": "", "emails": [{"type": "work", "value": ""}, null],
        ENTERPRISE_URN: {"department": "Looms", "manager": {"value": "", "displayName": " "}}});
    assert_eq!(user(body).unwrap().0, json!({"userName": "gil", ENTERPRISE_URN: {"department": "Looms"}}));
}

#[test]
fn the_manager_of_scim_1_is_understood() {
    let body = json!({"userName": "a", "urn:scim:schemas:extension:enterprise:1.0": {"manager": {"managerId": "9", "displayName": "B"}}});
    assert_eq!(user(body).unwrap().0, json!({"userName": "a", ENTERPRISE_URN: {"manager": {"value": "9"}}}));
}

#[test]
fn objects_of_unknown_schemas_are_kept_as_sent() {
    let custom = json!({"Some": {"deep": [1, null, ""]}});
    let (value, repairs) = user(
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:x:1.0"], "userName": "a", "urn:x:1.0": custom}),
    )
    .unwrap();
    assert_eq!(value, json!({"userName": "a", "urn:x:1.0": custom}));
    assert_eq!(repairs, []);
}

#[test]
fn wrong_types_name_the_attribute() {
    for (name, value) in [
        ("active", json!("maybe")),
        ("active", json!(1)),
        ("userName", json!({"a": 1})),
        ("title", json!(true)),
        ("name", json!(true)),
        ("title", json!(["a", "b"])),
        ("emails", json!([[1]])),
        (ENTERPRISE_URN, json!("x")),
    ] {
        let mut body = json!({"userName": "a"});
        body.as_object_mut().unwrap().insert(name.to_owned(), value);
        let fault = user(body).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::InvalidValue, "{name}");
        assert!(fault.detail().contains(name), "{}", fault.detail());
    }
}

#[test]
fn the_required_name_must_be_there_and_not_blank() {
    for body in [json!({}), json!({"userName": " "}), json!({"userName": null})] {
        let fault = user(body).unwrap_err();
        assert_eq!((fault.kind(), fault.detail()), (FaultKind::Missing, "userName is required"));
    }
    assert_eq!(user(json!([])).unwrap_err().kind(), FaultKind::InvalidSyntax);
}

#[test]
fn nul_is_refused_anywhere() {
    for body in
        [json!({"userName": "a\0"}), json!({"userName": "a", "x\0": 1}), json!({"userName": "a", "urn:x:1": {"y": ["\0"]}})]
    {
        assert_eq!(user(body).unwrap_err().kind(), FaultKind::InvalidValue);
    }
}

#[test]
fn one_primary_value_stays() {
    let body = json!({"userName": "a", "emails": [{"value": "1", "primary": true}, {"value": "2", "primary": true}]});
    let (value, repairs) = user(body).unwrap();
    assert_eq!(value.get("emails").unwrap(), &json!([{"value": "1", "primary": true}, {"value": "2", "primary": false}]));
    assert!(repairs.contains(&RepairRule::SeveralPrimary));
}

#[test]
fn scim_1_bodies_pass_when_harmless_and_else_say_what_to_choose() {
    let old = json!(["urn:scim:schemas:core:1.0"]);
    assert!(user(json!({"schemas": old, "userName": "a"})).is_ok());
    let fault = user(json!({"schemas": old, "username_": "a"})).unwrap_err();
    assert!(fault.detail().contains("choose a SCIM v2 connector"));
}

#[test]
fn a_strict_connection_refuses_repairs_and_takes_the_standard() {
    let schema = ResourceSchema::user();
    let strict = |body: Value| canonicalize(body, &schema, &mut Repairs::strict());
    let named = json!(["urn:ietf:params:scim:schemas:core:2.0:User"]);
    assert!(strict(json!({"schemas": named, "USERNAME": "a", "id": "1", "title": null, "password": "p"})).is_ok());
    assert_eq!(
        strict(json!({"schemas": named, "userName": "a", "active": "True"})).unwrap_err().refused_repair(),
        Some(RepairRule::BooleanFromText)
    );
}

#[test]
fn members_are_value_and_type_and_nobody_twice() {
    let body = json!({"displayName": "G", "members": [
        {"value": "1", "display": "x", "$ref": null}, {"value": "1"}, {"value": "2", "type": "Group", "$ref": "https://x/Groups/2"},
        {"$ref": "https://x/v2/Users/3"}, {"display": "nobody"}, "4"]});
    let mut group = canonicalize(body, &ResourceSchema::group(), &mut Repairs::lenient()).unwrap();
    let members = group.take_members().unwrap();
    assert_eq!(members.iter().map(|member| member.value.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
}

#[test]
fn a_canonical_resource_reads_as_itself() {
    let body = json!({"userName": "a", "emails": [{"value": "x", "type": "work"}], "urn:x:1.0": {"a": null}, ENTERPRISE_URN: {"department": "D"}});
    let (once, _) = user(body).unwrap();
    assert_eq!(user(once.clone()).unwrap().0, once);
}

#[test]
fn a_list_of_a_tenants_own_may_hold_nothing_but_types() {
    let extension = serde_json::from_value(json!({"id": "urn:a:1.0", "name": "A", "attributes": [
        {"name": "clearances", "type": "complex", "multiValued": true, "subAttributes": [{"name": "type"}]}]}));
    let schema = ResourceSchema::user().with_extension(extension.unwrap());
    let body = json!({"schemas": [schema.core().id, "urn:a:1.0"], "userName": "a", "emails": [{"type": "work"}], "urn:a:1.0": {"clearances": [{"type": "secret"}]}});
    let read = canonicalize(body, &schema, &mut Repairs::strict()).unwrap().into_value();
    assert_eq!(read, json!({"userName": "a", "urn:a:1.0": {"clearances": [{"type": "secret"}]}}));
}

#[test]
fn values_that_only_a_second_primary_tells_apart_are_one() {
    let emails = json!([{"value": "x", "primary": true}, {"display": "d", "primary": false}, {"display": "D", "primary": true}]);
    let (once, _) = user(json!({"userName": "a", "emails": emails})).unwrap();
    assert_eq!(once["emails"], json!([{"value": "x", "primary": true}, {"display": "d", "primary": false}]));
    assert_eq!(user(once.clone()).unwrap().0, once);
}
