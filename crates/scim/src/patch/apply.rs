//! The steps of a plan on a resource: all of them or none.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::plan::{Plan, Step};
use crate::attribute::same;
use crate::comparison;
use crate::fault::{Fault, FaultKind};
use crate::immutable::{changed, find};
use crate::resource::Resource;
use crate::schema::Attribute;
use crate::typing::{identity, keep_primary};

/// Whether a plan changed the resource's document. Changes of members are told by [`Plan::members`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is as it was.
    Nothing,
    /// It differs.
    Changed,
}

impl Plan {
    /// Applies the plan; on an error the resource is as it was.
    ///
    /// # Errors
    /// `noTarget` when a value filter selects nothing and describes nothing to make, `mutability` when a required
    /// attribute would vanish or an immutable one change.
    pub fn apply(&self, resource: &mut Resource) -> Result<Applied, Fault> {
        if self.steps.is_empty() {
            return Ok(Applied::Nothing);
        }
        let mut map = resource.as_map().clone();
        self.steps.iter().try_for_each(|step| apply(step, &mut map))?;
        let before = resource.as_map();
        if map == *before {
            return Ok(Applied::Nothing);
        }
        self.check(before, &map)?;
        *resource.as_map_mut() = map;
        Ok(Applied::Changed)
    }

    fn check(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Result<(), Fault> {
        for path in &self.required {
            let parent_stays = path.len() == 1 || path.first().is_some_and(|urn| after.contains_key(urn));
            if parent_stays && find(after, path).is_none() {
                return Err(Fault::new(FaultKind::Mutability, format!("{} is required and cannot be removed", last(path))));
            }
        }
        for path in &self.immutable {
            let was = find(before, path);
            if was.is_some() && was != find(after, path) {
                return Err(changed(path));
            }
        }
        Ok(())
    }
}

fn apply(step: &Step, map: &mut Map<String, Value>) -> Result<(), Fault> {
    match step {
        Step::Set { path, value } => set(map, path, value.clone()),
        Step::Clear { path } => clear(map, path),
        Step::Append { path, attribute, values } => {
            let list = append(attribute, take_list(map, path), values);
            put_list(map, path, list);
        }
        Step::Subtract { path, attribute, values } => {
            let list = subtract(attribute, take_list(map, path), values);
            put_list(map, path, list);
        }
        Step::Elements(elements) => {
            let list = elements.apply(take_list(map, &elements.path))?;
            put_list(map, &elements.path, list);
        }
        Step::Keep { urn, object } => {
            let key = spelled(map, urn);
            match map.get_mut(&key) {
                Some(Value::Object(known)) => known.extend(object.clone()),
                _ => {
                    map.insert(key, Value::Object(object.clone()));
                }
            }
        }
        Step::Drop { urn } => {
            map.remove(&spelled(map, urn));
        }
    }
    Ok(())
}

/// Adds what the list does not have; what it has takes on the new parts.
fn append(attribute: &Attribute, mut list: Vec<Value>, values: &[Value]) -> Vec<Value> {
    let mut known: HashMap<String, usize> =
        list.iter().enumerate().map(|(at, element)| (identity(attribute, element), at)).collect();
    let mut preferred = None;
    for value in values {
        let at = *known.entry(identity(attribute, value)).or_insert(list.len());
        match (list.get_mut(at), value) {
            (Some(Value::Object(element)), Value::Object(more)) => element.extend(more.clone()),
            (Some(_), _) => {}
            (None, value) => list.push(value.clone()),
        }
        if value.get("primary") == Some(&Value::Bool(true)) {
            preferred = Some(at);
        }
    }
    if preferred.is_some() {
        keep_primary(&mut list, preferred);
    }
    list
}

/// Removes the elements that have all the parts of a named one.
fn subtract(attribute: &Attribute, list: Vec<Value>, values: &[Value]) -> Vec<Value> {
    let plain: HashSet<String> =
        values.iter().filter(|value| !value.is_object()).map(|value| identity(attribute, value)).collect();
    let mut by_value: HashMap<Option<String>, Vec<Map<String, Value>>> = HashMap::new();
    for object in values.iter().filter_map(Value::as_object) {
        let tree = comparison::element_tree(attribute, object);
        by_value.entry(tree.get("value").map(Value::to_string)).or_default().push(tree);
    }
    let covers =
        |named: &Map<String, Value>, own: &Map<String, Value>| named.iter().all(|(key, value)| own.get(key) == Some(value));
    let goes = |element: &Value| {
        let Some(object) = element.as_object() else { return plain.contains(&identity(attribute, element)) };
        let own = comparison::element_tree(attribute, object);
        let named = [own.get("value").map(Value::to_string), None];
        named.iter().filter_map(|value| by_value.get(value)).flatten().any(|named| covers(named, &own))
    };
    list.into_iter().filter(|element| !goes(element)).collect()
}

fn set(map: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [] => {}
        [name] => {
            map.insert(name.clone(), value);
        }
        [name, rest @ ..] => {
            let inner = map.entry(name.as_str()).or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Value::Object(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

fn clear(map: &mut Map<String, Value>, path: &[String]) {
    match path {
        [] => {}
        [name] => {
            map.remove(name);
        }
        [name, rest @ ..] => {
            let Some(Value::Object(inner)) = map.get_mut(name) else { return };
            clear(inner, rest);
            if inner.is_empty() {
                map.remove(name);
            }
        }
    }
}

fn take_list(map: &mut Map<String, Value>, path: &[String]) -> Vec<Value> {
    match find_mut(map, path).map(Value::take) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

fn put_list(map: &mut Map<String, Value>, path: &[String], list: Vec<Value>) {
    if list.is_empty() {
        clear(map, path);
    } else {
        set(map, path, Value::Array(list));
    }
}

fn find_mut<'m>(map: &'m mut Map<String, Value>, path: &[String]) -> Option<&'m mut Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(map.get_mut(first)?, |value, step| value.get_mut(step))
}

/// The key under which the object of an unregistered schema stands already, or the URN as sent.
fn spelled(map: &Map<String, Value>, urn: &str) -> String {
    map.keys().find(|key| same(key, urn)).cloned().unwrap_or_else(|| urn.to_owned())
}

fn last(path: &[String]) -> &str {
    path.last().map_or("", String::as_str)
}
