//! The order a client asks for, RFC 7644 §3.4.2.3.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::fault::Fault;
use crate::filter::Target;
use crate::message::SortOrder;
use crate::schema::{Kind, ResourceSchema};

/// An order over resources of one type. Resources of equal value keep the order of their ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// What resources are sorted by.
    pub target: Target,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// What one resource is sorted by; booleans are 0 and 1.
#[derive(Clone, Debug, PartialEq)]
pub enum SortValue {
    /// Text in comparison form.
    Text(String),
    /// A number.
    Number(f64),
}

impl Sort {
    /// The order by an attribute of this schema.
    ///
    /// # Errors
    /// `invalidValue` when there is no such attribute or none that can be sorted by.
    pub fn resolve(by: &str, order: SortOrder, schema: &ResourceSchema) -> Result<Self, Fault> {
        Ok(Self { target: Target::sortable(by, schema)?, descending: order == SortOrder::Descending })
    }

    /// Whether values are numbers.
    pub fn is_number(&self) -> bool {
        matches!(self.target.kind, Kind::Boolean | Kind::Integer | Kind::Decimal)
    }

    /// The value in a comparison tree. Of several it is that of the primary one, or else of the first.
    pub fn value(&self, tree: &Map<String, Value>) -> Option<SortValue> {
        let mut steps = self.target.path.iter().enumerate();
        let (_, first) = steps.next()?;
        let mut value = tree.get(first)?;
        if self.target.list == Some(0) {
            value = chosen(value)?;
        }
        for (place, step) in steps {
            value = value.get(step)?;
            if self.target.list == Some(place) {
                value = chosen(value)?;
            }
        }
        match value {
            Value::String(text) => Some(SortValue::Text(text.clone())),
            Value::Bool(truth) => Some(SortValue::Number(f64::from(u8::from(*truth)))),
            Value::Number(number) => number.as_f64().map(SortValue::Number),
            _ => None,
        }
    }

    /// How two values stand to each other: without a value comes last, or first when the order descends.
    pub fn compare(&self, a: Option<&SortValue>, b: Option<&SortValue>) -> Ordering {
        let ascending = match (a, b) {
            (None, None) => Ordering::Equal,
            (Some(SortValue::Text(a)), Some(SortValue::Text(b))) => a.cmp(b),
            (Some(SortValue::Number(a)), Some(SortValue::Number(b))) => a.total_cmp(b),
            // One attribute has values of one type, so numbers and text never really meet.
            (Some(_), None) | (Some(SortValue::Number(_)), Some(SortValue::Text(_))) => Ordering::Less,
            (None, Some(_)) | (Some(SortValue::Text(_)), Some(SortValue::Number(_))) => Ordering::Greater,
        };
        if self.descending { ascending.reverse() } else { ascending }
    }
}

fn chosen(list: &Value) -> Option<&Value> {
    let list = list.as_array()?;
    let primary = |element: &&Value| element.get("primary") == Some(&Value::Bool(true));
    list.iter().find(primary).or_else(|| list.first())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn by(name: &str, order: SortOrder) -> Sort {
        Sort::resolve(name, order, &ResourceSchema::user()).unwrap()
    }

    fn value(sort: &Sort, tree: &Value) -> Option<SortValue> {
        sort.value(tree.as_object().unwrap())
    }

    #[test]
    fn the_primary_value_of_a_list_counts_and_else_the_first() {
        let sort = by("emails", SortOrder::Ascending);
        let list = json!({ "emails": [{ "value": "b" }, { "value": "a", "primary": true }] });
        assert_eq!(value(&sort, &list), Some(SortValue::Text("a".into())));
        assert_eq!(value(&sort, &json!({ "emails": [{ "value": "b" }, { "value": "a" }] })), Some(SortValue::Text("b".into())));
        assert_eq!(value(&sort, &json!({})), None);
    }

    #[test]
    fn who_has_no_value_is_last_and_first_when_the_order_descends() {
        let some = SortValue::Text("a".into());
        assert_eq!(by("title", SortOrder::Ascending).compare(None, Some(&some)), Ordering::Greater);
        assert_eq!(by("title", SortOrder::Descending).compare(None, Some(&some)), Ordering::Less);
    }

    #[test]
    fn what_has_no_order_is_refused() {
        for name in ["name", "fooBar", "password", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "a b"] {
            assert!(Sort::resolve(name, SortOrder::Ascending, &ResourceSchema::user()).is_err(), "{name}");
        }
    }
}
