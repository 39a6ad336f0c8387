//! The steps of a plan on a resource: all of them or none.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::effort::Effort;
use super::plan::{Plan, Step};
use super::worked::Worked;
use crate::attribute::same;
use crate::fault::{Fault, FaultKind};
use crate::immutable::{changed, find};
use crate::resource::Resource;
use crate::schema::Attribute;

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
    /// attribute would vanish or an immutable one change, `tooMany` when long lists are changed too many times.
    pub fn apply(&self, resource: &mut Resource) -> Result<Applied, Fault> {
        if self.steps.is_empty() {
            return Ok(Applied::Nothing);
        }
        let mut work = Work { map: resource.as_map().clone(), lists: HashMap::new(), effort: Effort::new() };
        self.steps.iter().try_for_each(|step| work.step(step))?;
        let map = work.into_map();
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
            let in_core = path.len() == 1;
            let holds = |map: &Map<String, Value>| in_core || path.first().is_some_and(|urn| map.contains_key(urn));
            // What was missing before this request, as after a schema changed, is not this request's fault.
            let missed_before = holds(before) && find(before, path).is_none();
            if holds(after) && find(after, path).is_none() && !missed_before {
                return Err(
                    Fault::new(FaultKind::Removed, format!("{} is required and cannot be removed", last(path))).about(last(path))
                );
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

/// The document while steps are applied, the lists that were worked on apart from it.
struct Work<'p> {
    map: Map<String, Value>,
    lists: HashMap<&'p [String], Worked<'p>>,
    effort: Effort,
}

impl<'p> Work<'p> {
    fn step(&mut self, step: &'p Step) -> Result<(), Fault> {
        match step {
            Step::Set { path, value } => {
                self.put_back(path);
                set(&mut self.map, path, value.clone());
            }
            Step::Clear { path } => {
                self.put_back(path);
                clear(&mut self.map, path);
            }
            Step::Append { path, attribute, values } => {
                let (list, effort) = self.list(path, attribute);
                list.append(values, effort)?;
            }
            Step::Subtract { path, attribute, values } => {
                let (list, effort) = self.list(path, attribute);
                list.subtract(values, effort)?;
            }
            Step::Elements(elements) => {
                let (list, effort) = self.list(&elements.path, &elements.attribute);
                list.elements(elements, effort)?;
            }
            Step::Keep { urn, object } => {
                self.effort.look(self.map.len())?;
                let key = spelled(&self.map, urn);
                match self.map.get_mut(&key) {
                    Some(Value::Object(known)) => known.extend(object.clone()),
                    _ => {
                        self.map.insert(key, Value::Object(object.clone()));
                    }
                }
            }
            Step::Drop { urn } => {
                self.effort.look(self.map.len())?;
                self.map.remove(&spelled(&self.map, urn));
            }
        }
        Ok(())
    }

    fn list(&mut self, path: &'p [String], attribute: &'p Attribute) -> (&mut Worked<'p>, &mut Effort) {
        let there = self.lists.entry(path);
        (there.or_insert_with(|| Worked::of(attribute, take_list(&mut self.map, path))), &mut self.effort)
    }

    /// Puts those lists back into the document that stand on the way of a path or below it.
    fn put_back(&mut self, path: &[String]) {
        for (path, list) in self.lists.extract_if(|list, _| list.starts_with(path) || path.starts_with(list)) {
            put_list(&mut self.map, path, list.into_list());
        }
    }

    fn into_map(mut self) -> Map<String, Value> {
        self.put_back(&[]);
        self.map
    }
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
