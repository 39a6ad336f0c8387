//! A step on some elements of a complex list, chosen by a value filter or all of them.

use serde_json::{Map, Value};

use crate::attribute::same;
use crate::filter::{Condition, Filter, Literal, Op};
use crate::schema::Attribute;

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
