//! The members of a group as clients name them, in canonical form: `{value, type?}`, nobody twice.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::attribute::same;
use crate::fault::Fault;
use crate::repair::{Repair, RepairRule, Repairs};
use crate::schema::Attribute;
use crate::typing::{Typing, is_blank};

/// Whether this core attribute is a group's list of members, which is kept apart from the resource.
pub(crate) fn is_members(urn: Option<&str>, attribute: &Attribute) -> bool {
    urn.is_none() && attribute.multi_valued && same(&attribute.name, "members")
}

/// The members that a value names: only value and type of each; one named by reference alone gets its id from there.
pub(crate) fn read_members(raw: Value, attribute: &Attribute, repairs: &mut Repairs) -> Result<Option<Value>, Fault> {
    // Typing drops what names nobody without a word.
    if elements(&raw).iter().any(is_nameless) {
        repairs.note(Repair::new(RepairRule::MemberWithoutValue, "members", "", "ignored"))?;
    }
    let read = Typing { repairs }.read(attribute, raw, &attribute.name)?;
    let Some(Value::Array(list)) = read else { return Ok(None) };
    let mut known = HashSet::with_capacity(list.len());
    let mut settled = Vec::with_capacity(list.len());
    for element in list {
        let Value::Object(element) = element else { continue };
        let Some(member) = member(element, repairs)? else { continue };
        let id = member.get("value").and_then(Value::as_str).unwrap_or_default().to_owned();
        if known.insert(id) {
            settled.push(Value::Object(member));
        }
    }
    Ok((!settled.is_empty()).then_some(Value::Array(settled)))
}

fn elements(raw: &Value) -> &[Value] {
    match raw {
        Value::Array(list) => list,
        single => std::slice::from_ref(single),
    }
}

fn is_nameless(member: &Value) -> bool {
    let names = |(key, value): (&String, &Value)| (same(key, "value") || same(key, "$ref")) && !is_blank(value);
    member.as_object().is_some_and(|member| !member.is_empty() && !member.iter().any(names))
}

fn member(mut element: Map<String, Value>, repairs: &mut Repairs) -> Result<Option<Map<String, Value>>, Fault> {
    if !element.contains_key("value") {
        let id = element.get("$ref").and_then(Value::as_str).and_then(last_segment).map(str::to_owned);
        let Some(id) = id else {
            repairs.note(Repair::new(RepairRule::MemberWithoutValue, "members", "", "ignored"))?;
            return Ok(None);
        };
        repairs.note(Repair::new(RepairRule::MemberFromReference, "members", "$ref", "value"))?;
        element.insert("value".to_owned(), Value::String(id));
    }
    element.retain(|key, _| key == "value" || key == "type");
    Ok(Some(element))
}

fn last_segment(reference: &str) -> Option<&str> {
    let last = reference.trim_end_matches('/').rsplit('/').next()?;
    (!last.is_empty()).then_some(last)
}
