//! A step on some elements of a complex list, chosen by a value filter or all of them.

use serde_json::{Map, Value};

use crate::attribute::same;
use crate::comparison;
use crate::fault::{Fault, FaultKind};
use crate::filter::{Condition, Filter, Literal, Op};
use crate::schema::{Attribute, Kind};
use crate::typing::{dedupe, keep_primary, only_marks};

/// What to do with which elements.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Elements {
    pub(super) path: Vec<String>,
    pub(super) attribute: Attribute,
    /// Which elements; all of them without one.
    pub(super) condition: Option<Condition>,
    /// What an element made for want of any begins with; none when the filter does not describe one.
    pub(super) seed: Option<Map<String, Value>>,
    pub(super) write: Write,
}

/// What becomes of a chosen element.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Write {
    /// It goes.
    Remove,
    /// Some of its parts are set, or cleared.
    Fields(Vec<(String, Option<Value>)>),
}

impl Elements {
    /// The list afterwards.
    ///
    /// # Errors
    /// `noTarget` when nothing matches a filter that does not describe what to make.
    pub(super) fn apply(&self, mut list: Vec<Value>) -> Result<Vec<Value>, Fault> {
        let fields = match &self.write {
            Write::Remove => {
                list.retain(|element| !self.chooses(element));
                return Ok(list);
            }
            Write::Fields(fields) => fields,
        };
        let mut chosen: Vec<usize> =
            list.iter().enumerate().filter(|(_, element)| self.chooses(element)).map(|(at, _)| at).collect();
        if chosen.is_empty() {
            // Clearing what is not there succeeds.
            if fields.iter().all(|(_, value)| value.is_none()) {
                return Ok(list);
            }
            let Some(seed) = &self.seed else {
                return Err(Fault::new(
                    FaultKind::NoTarget,
                    format!("no value of {} matches the path's filter", self.attribute.name),
                ));
            };
            chosen.push(list.len());
            list.push(Value::Object(seed.clone()));
        }
        for at in &chosen {
            if let Some(Value::Object(element)) = list.get_mut(*at) {
                write(element, fields);
            }
        }
        let primary = |at: &usize| list.get(*at).and_then(|element| element.get("primary")) == Some(&Value::Bool(true));
        let preferred = chosen.iter().copied().find(primary);
        if preferred.is_some() {
            keep_primary(&mut list, preferred);
        }
        // What is left without anything but its marks says nothing, whether it was emptied or made so.
        let mut at = 0;
        list.retain(|element| {
            let hollow = only_marks(element) && chosen.contains(&at);
            at += 1;
            !hollow
        });
        Ok(dedupe(&self.attribute, list))
    }

    fn chooses(&self, element: &Value) -> bool {
        match (&self.condition, element) {
            (None, _) => true,
            (Some(condition), Value::Object(element)) => condition.matches(&comparison::element_tree(&self.attribute, element)),
            _ => false,
        }
    }
}

fn write(element: &mut Map<String, Value>, fields: &[(String, Option<Value>)]) {
    for (name, value) in fields {
        match value {
            Some(value) => element.insert(name.clone(), value.clone()),
            None => element.remove(name),
        };
    }
}

/// The `eq` terms of a filter that is nothing but such terms joined by `and`.
pub(super) fn terms(filter: &Filter) -> Option<Vec<(String, Value)>> {
    match filter {
        Filter::And(parts) => {
            parts.iter().map(terms).collect::<Option<Vec<_>>>().map(|terms| terms.into_iter().flatten().collect())
        }
        Filter::Compare { path, op: Op::Eq, value } => {
            let value = match value {
                Literal::Text(text) => Value::from(text.as_str()),
                Literal::Boolean(value) => Value::from(*value),
                Literal::Integer(value) => Value::from(*value),
                Literal::Decimal(value) => Value::from(*value),
                Literal::Null => return None,
            };
            Some(vec![(path.name.clone(), value)])
        }
        _ => None,
    }
}

/// The value that a filter of a single `eq` term compares this name with.
pub(super) fn seed(filter: &Filter, name: &str) -> Option<Value> {
    let mut terms = terms(filter)?;
    let (found, value) = terms.pop()?;
    (terms.is_empty() && same(&found, name)).then_some(value)
}

/// The texts that a filter compares booleans with, by the boolean's name.
pub(super) fn boolean_texts<'f>(filter: &'f Filter, list: &'f Attribute) -> Vec<(&'f str, &'f str)> {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().flat_map(|part| boolean_texts(part, list)).collect(),
        Filter::Not(inner) => boolean_texts(inner, list),
        Filter::Compare { path, value: Literal::Text(text), .. } => {
            let boolean = list.sub_attribute(&path.name).filter(|sub| sub.kind == Kind::Boolean);
            boolean.map(|sub| (sub.name.as_str(), text.as_str())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
