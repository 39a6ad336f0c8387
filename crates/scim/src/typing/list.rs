//! What holds within one list: no value twice, one primary value at most (RFC 7643 §2.4).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::{Map, Value};

use crate::comparison;
use crate::schema::Attribute;

/// What makes an element the same as another: type and value where it has a value, all of it otherwise.
pub(crate) fn identity(attribute: &Attribute, element: &Value) -> String {
    let Value::Object(object) = element else {
        return match element {
            Value::String(text) => comparison::text_form(attribute, text).into_owned(),
            other => other.to_string(),
        };
    };
    identity_of(&comparison::element_tree(attribute, object))
}

/// The identity of an element of this comparison tree.
pub(crate) fn identity_of(tree: &Map<String, Value>) -> String {
    match tree.get("value") {
        Some(value) => format!("{}\n{value}", tree.get("type").unwrap_or(&Value::Null)),
        None => serde_json::to_string(tree).unwrap_or_default(),
    }
}

/// The list without repeated elements; the first of several takes on what only the later ones have.
pub(crate) fn dedupe(attribute: &Attribute, list: Vec<Value>) -> Vec<Value> {
    let mut known: HashMap<String, usize> = HashMap::with_capacity(list.len());
    let mut kept: Vec<Value> = Vec::with_capacity(list.len());
    for element in list {
        match known.entry(identity(attribute, &element)) {
            Entry::Vacant(entry) => {
                entry.insert(kept.len());
                kept.push(element);
            }
            Entry::Occupied(entry) => {
                if let (Some(Value::Object(first)), Value::Object(again)) = (kept.get_mut(*entry.get()), element) {
                    complete(first, again);
                }
            }
        }
    }
    kept
}

/// Gives an element what only a later one of the same identity has.
pub(crate) fn complete(first: &mut Map<String, Value>, again: Map<String, Value>) {
    for (key, value) in again {
        if key == "primary" && value == Value::Bool(true) {
            first.insert(key, value);
        } else {
            first.entry(key).or_insert(value);
        }
    }
}

/// Leaves `primary` true on the first element only that has it. Says whether others had it.
pub(crate) fn keep_first_primary(list: &mut [Value]) -> bool {
    let primaries = list.iter_mut().filter_map(|element| element.get_mut("primary"));
    let others = primaries.filter(|primary| **primary == Value::Bool(true)).skip(1);
    others.map(|primary| *primary = Value::Bool(false)).count() > 0
}

/// Whether an element says nothing but what it would be used for, in a list whose elements have such marks
/// (RFC 7643 §2.4); in another one `type` may be all there is.
pub(crate) fn only_marks(attribute: &Attribute, element: &Value) -> bool {
    let marked = attribute.sub_attribute("primary").is_some();
    marked && element.as_object().is_some_and(|object| object.keys().all(|key| key == "type" || key == "primary"))
}
