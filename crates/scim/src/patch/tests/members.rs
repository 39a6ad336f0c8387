//! Changes of a group's members.

use serde_json::{Value, json};

use super::*;

fn group_steps(operations: Value) -> Vec<MemberStep> {
    let plan = plan(&ResourceSchema::group(), operations, &mut Repairs::lenient()).unwrap();
    assert!(plan.touches_only_members() || plan.members().is_empty());
    plan.members().to_vec()
}

fn refs(ids: &[&str]) -> Vec<MemberRef> {
    ids.iter().map(|&id| MemberRef { value: id.to_owned(), kind: None }).collect()
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

#[test]
fn members_become_steps_in_order() {
    let steps = group_steps(json!([
        {"op": "remove", "path": "members[value eq \"1\"]"},
        {"op": "add", "path": "members", "value": [{"value": "2", "display": "x"}]},
        {"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "3"}]},
        {"op": "remove", "path": "members[value eq \"4\" or value eq \"5\"]"},
        {"op": "replace", "path": "members", "value": [{"value": "6"}, {"value": "6"}]},
        {"op": "replace", "path": "members", "value": []},
        {"op": "remove", "path": "members"},
        {"op": "remove", "path": "members", "value": []},
        {"op": "add", "value": {"members": {"value": "7"}}},
        {"op": "replace", "path": "members[value eq \"8\"]", "value": {"value": "8", "display": "x"}},
        {"op": "add", "path": "members[value eq \"9\"]", "value": {"type": "User"}}
    ]));
    let expected = [
        MemberStep::Remove(ids(&["1"])),
        MemberStep::Add(refs(&["2"])),
        MemberStep::Remove(ids(&["3", "4", "5"])),
        MemberStep::Replace(refs(&["6"])),
        MemberStep::RemoveAll,
        MemberStep::RemoveAll,
        MemberStep::Add(refs(&["7", "8", "9"])),
    ];
    assert_eq!(steps, expected);
}

#[test]
fn members_leave_by_other_conditions_too() {
    let steps = group_steps(json!([{"op": "remove", "path": "members[type eq \"Group\"]"}]));
    let [MemberStep::RemoveWhere(condition)] = steps.as_slice() else { panic!("{steps:?}") };
    assert!(condition.matches(json!({"value": "1", "type": "group"}).as_object().unwrap()));
    assert!(!condition.matches(json!({"value": "1", "type": "user"}).as_object().unwrap()));
}

#[test]
fn a_member_itself_cannot_change() {
    for operation in [
        json!({"op": "replace", "path": "members[value eq \"1\"].type", "value": "Group"}),
        json!({"op": "replace", "path": "members[value eq \"1\"].value", "value": "2"}),
        json!({"op": "replace", "path": "members[value eq \"1\"]", "value": {"value": "2"}}),
        json!({"op": "add", "path": "members[value eq \"1\"]", "value": {"value": "2"}}),
        json!({"op": "replace", "path": "members.value", "value": "2"}),
        json!({"op": "remove", "path": "members.value"}),
    ] {
        let fault = plan(&ResourceSchema::group(), json!([operation]), &mut Repairs::lenient()).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Mutability, "{operation}");
    }
}

#[test]
fn conditions_on_members_are_joined_and_bounded() {
    let remove = |n: usize| json!({"op": "remove", "path": format!("members[display eq \"x{n}\"]")});
    let some = group_steps((0..200).map(remove).collect());
    assert!(matches!(some.as_slice(), [MemberStep::RemoveWhere(_)]));
    let many: Value = (0..300).map(remove).collect();
    let fault = plan(&ResourceSchema::group(), many, &mut Repairs::lenient()).unwrap_err();
    assert_eq!((fault.kind(), fault.bound()), (FaultKind::TooMany, Some((crate::Bound::MemberComparisons, 256))));
}

#[test]
fn members_are_not_chosen_by_their_address() {
    let operations = json!([{"op": "remove", "path": "members[$ref eq \"https://x/Users/1\"]"}]);
    assert_eq!(plan(&ResourceSchema::group(), operations, &mut Repairs::lenient()).unwrap_err().kind(), FaultKind::InvalidPath);
}

#[test]
fn a_group_is_renamed_beside_its_id() {
    let plan = plan(
        &ResourceSchema::group(),
        json!([{"op": "replace", "value": {"id": "1", "displayName": "New"}}]),
        &mut Repairs::lenient(),
    )
    .unwrap();
    let mut group = Resource::from_value(json!({"displayName": "Old"})).unwrap();
    assert_eq!(plan.apply(&mut group).unwrap(), Applied::Changed);
    assert_eq!(group.display_name(), Some("New"));
    assert!(!plan.touches_only_members());
}

#[test]
fn the_member_changes_of_scim_1_are_understood() {
    let body = json!({"schemas": ["urn:scim:schemas:core:1.0"], "members": [{"value": "1", "operation": "add"}, {"value": "2", "operation": "delete"}, {"value": "3"}]});
    let mut repairs = Repairs::lenient();
    let plan = Plan::resolve(&PatchRequest::parse(body).unwrap(), &ResourceSchema::group(), &mut repairs).unwrap();
    assert_eq!(plan.members(), [MemberStep::Remove(ids(&["2"])), MemberStep::Add(refs(&["1", "3"]))]);
    assert_eq!(repairs.list().first().unwrap().rule, RepairRule::Scim11Members);
}

#[test]
fn who_forgets_the_members_empties_no_group() {
    let fault =
        plan(&ResourceSchema::group(), json!([{"op": "replace", "path": "members"}]), &mut Repairs::lenient()).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::InvalidValue);
    assert_eq!(group_steps(json!([{"op": "replace", "path": "members", "value": null}])), [MemberStep::RemoveAll]);
}
