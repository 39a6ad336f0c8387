mod members;

use serde_json::{Value, json};

use super::*;
use crate::fault::{Fault, FaultKind};
use crate::repair::{RepairRule, Repairs};
use crate::resource::{MemberRef, Resource};
use crate::schema::{ENTERPRISE_URN, ResourceSchema};

fn plan(schema: &ResourceSchema, operations: Value, repairs: &mut Repairs) -> Result<Plan, Fault> {
    let mut body = json!({"schemas": [crate::PATCH_URN]});
    body.as_object_mut().unwrap().insert("Operations".to_owned(), operations);
    let request = PatchRequest::parse(body)?;
    Plan::resolve(&request, schema, repairs)
}

/// The resource after the operations, and whether they changed it.
fn patched(before: &Value, operations: Value) -> Result<(Value, Applied), Fault> {
    let plan = plan(&ResourceSchema::user(), operations, &mut Repairs::lenient())?;
    let mut resource = Resource::from_value(before.clone()).unwrap();
    let applied = plan.apply(&mut resource)?;
    Ok((resource.into_value(), applied))
}

fn ada() -> Value {
    json!({
        "userName": "ada", "active": true, "title": "Countess", "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": [{"value": "ada@work", "type": "work", "primary": true}, {"value": "ada@home", "type": "home"}],
        ENTERPRISE_URN: {"department": "Salt", "manager": {"value": "9"}}
    })
}

fn after(operations: Value) -> Value {
    patched(&ada(), operations).unwrap().0
}

#[test]
fn a_change_of_nothing_is_nothing() {
    for operations in [
        json!([{"op": "replace", "path": "title", "value": "Countess"}]),
        json!([{"op": "remove", "path": "nickName"}, {"op": "replace", "path": "phoneNumbers[type eq \"fax\"].value", "value": ""}]),
        json!([{"op": "add", "path": "emails", "value": [{"value": "ADA@work", "type": "work"}]}]),
        json!([{"op": "replace", "value": {"password": "x", "id": "1", "meta": {}, "schemas": [], "groups": []}}]),
        json!([{"op": "replace", "path": "fooBar", "value": "x"}]),
    ] {
        let (value, applied) = patched(
            &json!({"userName": "a", "title": "Countess", "emails": [{"value": "ADA@work", "type": "work"}]}),
            operations.clone(),
        )
        .unwrap();
        assert_eq!(applied, Applied::Nothing, "{operations} made {value}");
    }
}

#[test]
fn booleans_come_as_text_and_in_any_operation() {
    for op in ["Add", "replace", "REPLACE"] {
        assert_eq!(after(json!([{"op": op, "path": "active", "value": "False"}]))["active"], json!(false));
    }
    assert_eq!(after(json!([{"op": "replace", "value": {"active": false}}]))["active"], json!(false));
}

#[test]
fn clearing_active_keeps_what_it_was() {
    let mut repairs = Repairs::lenient();
    let plan = plan(&ResourceSchema::user(), json!([{"op": "replace", "path": "active", "value": null}]), &mut repairs).unwrap();
    let mut suspended = Resource::from_value(json!({"userName": "a", "active": false})).unwrap();
    assert_eq!(plan.apply(&mut suspended).unwrap(), Applied::Nothing);
    assert_eq!(repairs.list().first().unwrap().rule, RepairRule::ActiveKept);
}

#[test]
fn removing_active_unassigns_it() {
    let (after, applied) =
        patched(&json!({ "userName": "a", "active": false }), json!([{ "op": "remove", "path": "active" }])).unwrap();
    assert_eq!((after, applied), (json!({ "userName": "a" }), Applied::Changed));
}

#[test]
fn siblings_of_a_changed_part_stay() {
    let value = after(
        json!([{"op": "replace", "path": "name.familyName", "value": "King"}, {"op": "replace", "path": "name", "value": {"middleName": "A"}}]),
    );
    assert_eq!(value["name"], json!({"givenName": "Ada", "familyName": "King", "middleName": "A"}));
    let value = after(json!([{"op": "replace", "value": {"name": {"givenName": null, "familyName": "King"}}}]));
    assert_eq!(value["name"], json!({"familyName": "King"}));
}

#[test]
fn values_without_path_have_dotted_and_urn_keys() {
    let (flat, urn) = (format!("{ENTERPRISE_URN}:employeeNumber"), ENTERPRISE_URN);
    let value = after(
        json!([{"op": "replace", "value": {"name.familyName": "King", flat: "E-1", urn: {"costCenter": "7", "manager": "8"},
        "emails[type eq \"home\"].value": "new@home"}}]),
    );
    assert_eq!(value["name"], json!({"givenName": "Ada", "familyName": "King"}));
    assert_eq!(
        value[ENTERPRISE_URN],
        json!({"department": "Salt", "employeeNumber": "E-1", "costCenter": "7", "manager": {"value": "8"}})
    );
    assert_eq!(value["emails"][1]["value"], json!("new@home"));
}

#[test]
fn a_manager_is_set_and_unset_in_every_form() {
    let path = format!("{ENTERPRISE_URN}:manager");
    for value in [
        json!("8"),
        json!({"value": "8"}),
        json!([{"value": "8", "$ref": null, "displayName": "x"}]),
        json!([{"managerId": "8"}]),
    ] {
        for path in [path.as_str(), "manager"] {
            assert_eq!(
                after(json!([{"op": "Add", "path": path, "value": value}]))[ENTERPRISE_URN]["manager"],
                json!({"value": "8"}),
                "{value}"
            );
        }
    }
    for operation in [
        json!({"op": "replace", "path": path, "value": ""}),
        json!({"op": "replace", "path": path, "value": null}),
        json!({"op": "Remove", "path": path}),
        json!({"op": "replace", "path": path, "value": {"value": ""}}),
        json!({"op": "remove", "path": format!("{path}.value")}),
        json!({"op": "replace", "path": path, "value": [{"value": null}]}),
    ] {
        assert_eq!(after(json!([operation]))[ENTERPRISE_URN], json!({"department": "Salt"}), "{operation}");
    }
    assert_eq!(after(json!([{"op": "remove", "path": ENTERPRISE_URN}])).get(ENTERPRISE_URN), None);
}

#[test]
fn a_value_filter_changes_its_element_only() {
    let value = after(json!([{"op": "Replace", "path": "emails[TYPE eq \"WORK\"].Value", "value": "new@work"}]));
    assert_eq!(
        value["emails"],
        json!([{"value": "new@work", "type": "work", "primary": true}, {"value": "ada@home", "type": "home"}])
    );
    let value = after(json!([{"op": "replace", "path": "emails[type eq \"home\"]", "value": {"display": "H"}}]));
    assert_eq!(value["emails"][1], json!({"value": "ada@home", "type": "home", "display": "H"}));
    let value = after(json!([{"op": "remove", "path": "emails[primary eq true]"}]));
    assert_eq!(value["emails"], json!([{"value": "ada@home", "type": "home"}]));
}

#[test]
fn three_adds_through_one_filter_fill_one_element() {
    let value = after(json!([
        {"op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Lund"},
        {"op": "Add", "path": "addresses[type eq \"work\"].country", "value": "SE"},
        {"op": "Add", "path": "addresses[type eq \"work\"].Formatted", "value": "Lund, SE"}
    ]));
    assert_eq!(value["addresses"], json!([{"type": "work", "locality": "Lund", "country": "SE", "formatted": "Lund, SE"}]));
    let value = after(json!([{"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "auditor"}]));
    assert_eq!(value["roles"], json!([{"primary": true, "value": "auditor"}]));
}

#[test]
fn an_element_cleared_of_its_value_vanishes() {
    let value = after(json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": ""}]));
    assert_eq!(value["emails"], json!([{"value": "ada@home", "type": "home"}]));
    let value = after(json!([{"op": "remove", "path": "emails.value"}]));
    assert_eq!(value.get("emails"), None);
}

#[test]
fn one_element_only_is_primary() {
    let value = after(json!([{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": "True"}]));
    assert_eq!(value["emails"][0]["primary"], json!(false));
    assert_eq!(value["emails"][1]["primary"], json!(true));
    let value = after(json!([{"op": "add", "path": "emails", "value": {"value": "x@y", "primary": true}}]));
    assert_eq!(value["emails"][0]["primary"], json!(false));
    assert_eq!(value["emails"][2], json!({"value": "x@y", "primary": true}));
}

#[test]
fn lists_grow_shrink_and_are_replaced() {
    let value = after(
        json!([{"op": "add", "path": "emails", "value": [{"value": "x@y", "type": "other"}, {"value": "ada@home", "type": "home", "display": "H"}]}]),
    );
    assert_eq!(value["emails"].as_array().unwrap().len(), 3);
    assert_eq!(value["emails"][1]["display"], json!("H"));
    let value = after(json!([{"op": "remove", "path": "emails", "value": [{"value": "ADA@home"}]}]));
    assert_eq!(value["emails"], json!([{"value": "ada@work", "type": "work", "primary": true}]));
    let value = after(json!([{"op": "replace", "path": "emails", "value": [{"value": "x@y"}]}]));
    assert_eq!(value["emails"], json!([{"value": "x@y"}]));
    for value in [json!(null), json!([]), json!("")] {
        assert_eq!(after(json!([{"op": "replace", "path": "emails", "value": value}])).get("emails"), None);
    }
    assert_eq!(after(json!([{"op": "remove", "path": "emails"}])).get("emails"), None);
}

#[test]
fn an_empty_object_changes_nothing() {
    for operation in [
        json!({"op": "replace", "value": {"name": {}, ENTERPRISE_URN: {}}}),
        json!({"op": "replace", "path": "name", "value": {}}),
        json!({"op": "add", "path": ENTERPRISE_URN, "value": {}}),
        json!({"op": "replace", "path": "emails[type eq \"work\"]", "value": {"foo": 1}}),
    ] {
        assert_eq!(patched(&ada(), json!([operation])).unwrap(), (ada(), Applied::Nothing), "{operation}");
    }
}

#[test]
fn a_body_that_does_not_say_it_is_a_patch_is_repaired() {
    let request = PatchRequest::parse(json!({"operations": {"OP": "replace", "Path": "title", "VALUE": "x"}})).unwrap();
    let mut repairs = Repairs::lenient();
    Plan::resolve(&request, &ResourceSchema::user(), &mut repairs).unwrap();
    let rules: Vec<RepairRule> = repairs.list().iter().map(|repair| repair.rule).collect();
    assert_eq!(rules, [RepairRule::MissingSchemas, RepairRule::SingleOperation]);
}

#[test]
fn objects_of_unknown_schemas_are_kept_and_removed() {
    let before = json!({"userName": "a", "urn:okta:custom:group:1.0": {"x": 1}});
    let merged = patched(&before, json!([{"op": "replace", "value": {"urn:OKTA:custom:group:1.0": {"y": 2}}}])).unwrap().0;
    assert_eq!(merged["urn:okta:custom:group:1.0"], json!({"x": 1, "y": 2}));
    let gone = patched(&before, json!([{"op": "remove", "path": "urn:okta:custom:group:1.0"}])).unwrap().0;
    assert_eq!(gone, json!({"userName": "a"}));
}

#[test]
fn what_cannot_be_done_is_refused_and_nothing_is_applied() {
    for (operation, kind) in [
        (json!({"op": "replace", "path": "emails[type eq", "value": "x"}), FaultKind::InvalidPath),
        (json!({"op": "replace", "path": "id", "value": "x"}), FaultKind::Mutability),
        (json!({"op": "add", "path": "meta.created", "value": "x"}), FaultKind::Mutability),
        (json!({"op": "replace", "path": "schemas", "value": []}), FaultKind::Mutability),
        (json!({"op": "remove", "path": "groups"}), FaultKind::Mutability),
        (json!({"op": "remove", "path": "userName"}), FaultKind::Removed),
        (json!({"op": "replace", "path": "userName", "value": " "}), FaultKind::Removed),
        (json!({"op": "replace", "path": "active", "value": "maybe"}), FaultKind::InvalidValue),
        (json!({"op": "replace", "path": "title[value eq \"x\"]", "value": "x"}), FaultKind::InvalidPath),
        (json!({"op": "replace", "path": "emails[foo eq \"x\"].value", "value": "x"}), FaultKind::InvalidFilter),
        (json!({"op": "add", "path": "emails[type eq \"a\" or type eq \"b\"].value", "value": "x"}), FaultKind::NoTarget),
        (json!({"op": "remove"}), FaultKind::NoTarget),
        (json!({"op": "replace", "value": "x"}), FaultKind::InvalidValue),
        (json!({"op": "replace", "path": ENTERPRISE_URN, "value": "x"}), FaultKind::InvalidValue),
        (json!({"op": "destroy", "path": "title"}), FaultKind::InvalidSyntax),
        (json!({"path": "title"}), FaultKind::InvalidSyntax),
        (json!({"op": "add", "path": 7}), FaultKind::InvalidPath),
    ] {
        let plan = plan(
            &ResourceSchema::user(),
            json!([{"op": "replace", "path": "title", "value": "New"}, operation]),
            &mut Repairs::lenient(),
        );
        let mut resource = Resource::from_value(ada()).unwrap();
        let fault = plan.and_then(|plan| plan.apply(&mut resource)).unwrap_err();
        assert_eq!(fault.kind(), kind, "{operation}: {}", fault.detail());
        assert_eq!(resource.into_value(), ada());
    }
}

#[test]
fn an_unknown_path_is_skipped_or_refused_where_strict() {
    let operations =
        json!([{"op": "replace", "path": "fooBar", "value": "x"}, {"op": "replace", "path": "active", "value": false}]);
    assert_eq!(after(operations.clone())["active"], json!(false));
    let fault = plan(&ResourceSchema::user(), operations, &mut Repairs::strict()).unwrap_err();
    assert_eq!((fault.kind(), fault.refused_repair()), (FaultKind::InvalidPath, Some(RepairRule::UnknownPath)));
}

#[test]
fn requests_without_operations_are_refused() {
    for (body, kind) in [
        (json!({}), FaultKind::InvalidSyntax),
        (json!([]), FaultKind::InvalidSyntax),
        (json!({"Operations": []}), FaultKind::InvalidValue),
        (json!({"operations": 1}), FaultKind::InvalidSyntax),
        (json!({"Operations": [1]}), FaultKind::InvalidSyntax),
    ] {
        assert_eq!(PatchRequest::parse(body).unwrap_err().kind(), kind);
    }
}

#[test]
fn a_primary_value_is_removed_by_what_is_named_of_it() {
    let before = json!({"userName": "a", "emails": [{"value": "a@x", "type": "work", "primary": true}, {"value": "b@x"}]});
    for (named, left) in [
        (json!([{"value": "a@x"}]), 1),
        (json!([{"value": "A@X", "type": "Work"}]), 1),
        (json!([{"value": "a@x", "primary": false}]), 2),
        (json!([{"value": "b@x", "primary": false}]), 1),
        (json!([{"value": "a@x"}, {"value": "b@x"}]), 0),
    ] {
        let operations = json!([{"op": "remove", "path": "emails", "value": named}]);
        let mut user = Resource::from_value(before.clone()).unwrap();
        plan(&ResourceSchema::user(), operations, &mut Repairs::lenient()).unwrap().apply(&mut user).unwrap();
        assert_eq!(user.emails().count(), left, "{named}");
    }
}

#[test]
fn who_lacks_a_required_value_of_an_extension_can_still_be_deactivated() {
    let extension = serde_json::from_value(json!({"id": "urn:a:1.0", "name": "A", "attributes": [
        {"name": "badge", "mutability": "immutable"}, {"name": "desk", "required": true}]}));
    let schema = ResourceSchema::user().with_extension(extension.unwrap());
    let tried = |before: Value, operations: Value| {
        let mut user = Resource::from_value(before).unwrap();
        plan(&schema, operations, &mut Repairs::lenient()).unwrap().apply(&mut user)
    };
    let deactivate = json!([{"op": "replace", "path": "active", "value": false}]);
    assert!(tried(json!({"userName": "a", "urn:a:1.0": {"badge": "1"}}), deactivate).is_ok());
    let first = json!([{"op": "add", "path": "urn:a:1.0:badge", "value": "1"}]);
    assert_eq!(tried(json!({"userName": "a"}), first).unwrap_err().kind(), FaultKind::Removed);
    let removal = json!([{"op": "remove", "path": "urn:a:1.0:desk"}]);
    assert_eq!(
        tried(json!({"userName": "a", "urn:a:1.0": {"badge": "1", "desk": "D"}}), removal).unwrap_err().kind(),
        FaultKind::Removed
    );
}

#[test]
fn who_forgets_the_value_clears_nothing() {
    for path in ["title", "emails", "active"] {
        for op in ["add", "replace"] {
            let fault = plan(&ResourceSchema::user(), json!([{"op": op, "path": path}]), &mut Repairs::lenient()).unwrap_err();
            assert_eq!(fault.kind(), FaultKind::InvalidValue, "{op} {path}");
        }
    }
}

#[test]
fn an_element_that_says_nothing_but_its_type_is_not_made() {
    let before = json!({ "userName": "ada" });
    for operation in [
        json!({ "op": "replace", "path": "emails[type eq \"work\"]", "value": [{ "type": "home" }] }),
        json!({ "op": "add", "path": "emails[type eq \"work\"].primary", "value": true }),
    ] {
        let (after, _) = patched(&before, json!([operation])).unwrap();
        assert_eq!(after, before);
    }
}
