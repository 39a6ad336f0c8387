//! What of a resource an answer shows: `attributes`, `excludedAttributes` and each attribute's `returned`
//! (RFC 7644 §3.4.2.5, RFC 7643 §7).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::attribute::{is_urn, same};
use crate::fault::{Fault, FaultKind};
use crate::path::AttributePath;
use crate::schema::{Located, ResourceSchema, Returned};

/// The most names of schemas that are not registered.
const MOST_UNKNOWN: usize = 16;

/// What a client asked to see. Names that no schema knows are left out of account.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Projection {
    mode: Mode,
}

/// Ways from the root in the schema's spelling; the empty way is the whole core schema.
type Ways = BTreeSet<Vec<String>>;

#[derive(Clone, Debug, PartialEq, Eq, Default)]
enum Mode {
    #[default]
    All,
    Only(Ways),
    Except(Ways),
}

impl Projection {
    /// Reads the two query parameters; blank ones count as missing.
    ///
    /// # Errors
    /// `invalidSyntax` when both are given.
    pub fn parse(attributes: Option<&str>, excluded: Option<&str>, schema: &ResourceSchema) -> Result<Self, Fault> {
        let given = |names: Option<&str>| names.filter(|names| !names.trim().is_empty()).map(|names| ways(names, schema));
        let mode = match (given(attributes), given(excluded)) {
            (None, None) => Mode::All,
            (Some(only), None) => Mode::Only(only),
            (None, Some(except)) => Mode::Except(except),
            (Some(_), Some(_)) => {
                let detail = "attributes and excludedAttributes cannot be used together";
                return Err(Fault::new(FaultKind::InvalidSyntax, detail).about("excludedAttributes"));
            }
        };
        Ok(Self { mode })
    }

    /// Everything that is shown when nothing is asked.
    pub fn all() -> Self {
        Self::default()
    }

    /// Whether nothing was asked.
    pub fn is_all(&self) -> bool {
        self.mode == Mode::All
    }

    /// Whether any of a core attribute, such as `members`, will be shown: what is not need not be read.
    pub fn wants(&self, attribute: &str) -> bool {
        match &self.mode {
            Mode::All => true,
            Mode::Only(ways) => ways.iter().any(|way| way.first().is_none_or(|first| same(first, attribute))),
            Mode::Except(ways) => !ways.iter().any(|way| match way.as_slice() {
                [] => true,
                [name] => same(name, attribute),
                _ => false,
            }),
        }
    }

    /// Whether a sub-attribute that is shown only when it is named was named.
    pub fn asks(&self, attribute: &str, sub: &str) -> bool {
        let named = |way: &Vec<String>| matches!(way.as_slice(), [a, s] if same(a, attribute) && same(s, sub));
        matches!(&self.mode, Mode::Only(ways) if ways.iter().any(named))
    }

    /// The document cut to what is shown. `id` and `schemas` always are.
    pub fn cut(&self, mut document: Map<String, Value>, schema: &ResourceSchema) -> Map<String, Value> {
        self.hide(&mut document, schema);
        let kept = self.always_of_extensions(&document, schema);
        let mut shown = self.narrowed(document, schema);
        for (urn, name, value) in kept {
            if let Value::Object(extension) = shown.entry(urn).or_insert_with(|| Value::Object(Map::new())) {
                extension.insert(name, value);
            }
        }
        shown
    }

    /// The values of extensions that are in every answer, whatever is asked.
    fn always_of_extensions(&self, document: &Map<String, Value>, schema: &ResourceSchema) -> Vec<(String, String, Value)> {
        if self.is_all() {
            return Vec::new();
        }
        let always = schema.ways(|attribute| attribute.returned == Returned::Always);
        let value = |way: &Vec<String>| match way.as_slice() {
            [urn, name] => Some((urn.clone(), name.clone(), document.get(urn)?.get(name)?.clone())),
            _ => None,
        };
        always.iter().filter_map(value).collect()
    }

    fn narrowed(&self, document: Map<String, Value>, schema: &ResourceSchema) -> Map<String, Value> {
        let always = |name: &str| schema.attribute(name).is_some_and(|attribute| attribute.returned == Returned::Always);
        match &self.mode {
            Mode::All => document,
            Mode::Only(ways) => document
                .into_iter()
                .filter_map(|(name, value)| {
                    if always(&name) {
                        return Some((name, value));
                    }
                    let value = only(value, &below(ways, &name))?;
                    Some((name, value))
                })
                .collect(),
            Mode::Except(ways) => document
                .into_iter()
                .filter_map(|(name, value)| {
                    if always(&name) {
                        return Some((name, value));
                    }
                    let value = except(value, &below(ways, &name))?;
                    Some((name, value))
                })
                .collect(),
        }
    }

    /// Takes out what is never shown, and what is shown only when it is named and was not.
    fn hide(&self, document: &mut Map<String, Value>, schema: &ResourceSchema) {
        let named = |way: &Vec<String>| matches!(&self.mode, Mode::Only(ways) if ways.iter().any(|other| other.starts_with(way)));
        let never = schema.ways(|attribute| attribute.returned == Returned::Never);
        let request = schema.ways(|attribute| attribute.returned == Returned::Request);
        for way in never.iter().chain(request.iter().filter(|way| !named(way))) {
            match way.as_slice() {
                [name] => {
                    document.remove(name);
                }
                [urn, name] => {
                    if let Some(Value::Object(extension)) = document.get_mut(urn) {
                        extension.remove(name);
                    }
                }
                _ => {}
            }
        }
    }
}

fn ways(names: &str, schema: &ResourceSchema) -> Ways {
    let mut ways = Ways::new();
    let mut unknown = 0;
    for name in names.split(',') {
        let Ok(path) = AttributePath::parse(name) else { continue };
        match schema.locate(&path) {
            Some(Located::Core) => {
                ways.insert(Vec::new());
            }
            Some(Located::Extension(extension)) => {
                ways.insert(vec![extension.id.clone()]);
            }
            Some(Located::Attribute { urn, attribute, sub }) => {
                let steps = urn.into_iter().chain([attribute.name.as_str()]).chain(sub.map(|sub| sub.name.as_str()));
                ways.insert(steps.map(str::to_owned).collect());
            }
            None => {
                let urn = path.as_urn().filter(|_| path.sub.is_none() && unknown < MOST_UNKNOWN);
                unknown += usize::from(urn.is_some());
                ways.extend(urn.map(|urn| vec![urn]));
            }
        }
    }
    ways
}

/// What follows the name in those ways that lead through it.
fn below<'w>(ways: &'w Ways, name: &str) -> Vec<&'w [String]> {
    let rest = |way: &'w Vec<String>| match way.split_first() {
        None => (!is_urn(name)).then_some(&[][..]),
        Some((first, rest)) => same(first, name).then_some(rest),
    };
    ways.iter().filter_map(rest).collect()
}

fn deeper<'w>(ways: &[&'w [String]], name: &str) -> Vec<&'w [String]> {
    ways.iter().filter_map(|way| way.split_first()).filter(|(first, _)| same(first, name)).map(|(_, rest)| rest).collect()
}

fn only(value: Value, ways: &[&[String]]) -> Option<Value> {
    if ways.is_empty() {
        return None;
    }
    if ways.iter().any(|way| way.is_empty()) {
        return Some(value);
    }
    each(value, &|object| {
        object.into_iter().filter_map(|(name, value)| Some((name.clone(), only(value, &deeper(ways, &name))?))).collect()
    })
}

fn except(value: Value, ways: &[&[String]]) -> Option<Value> {
    if ways.is_empty() {
        return Some(value);
    }
    if ways.iter().any(|way| way.is_empty()) {
        return None;
    }
    each(value, &|object| {
        object.into_iter().filter_map(|(name, value)| Some((name.clone(), except(value, &deeper(ways, &name))?))).collect()
    })
}

/// Cuts an object, or each object of a list; what is empty then goes.
fn each(value: Value, cut: &impl Fn(Map<String, Value>) -> Map<String, Value>) -> Option<Value> {
    match value {
        Value::Object(object) => {
            let object = cut(object);
            (!object.is_empty()).then_some(Value::Object(object))
        }
        Value::Array(list) => {
            let list: Vec<Value> = list.into_iter().filter_map(|element| each(element, cut)).collect();
            (!list.is_empty()).then_some(Value::Array(list))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::ENTERPRISE_URN;

    fn document() -> Value {
        json!({
            "schemas": ["s"], "id": "1", "userName": "a", "meta": {"version": "v"}, "name": {"givenName": "A", "familyName": "B"},
            "emails": [{"value": "x", "type": "work"}, {"type": "home"}], ENTERPRISE_URN: {"department": "D", "manager": {"value": "9"}}, "urn:x:1.0": {"y": 1}
        })
    }

    fn cut(attributes: Option<&str>, excluded: Option<&str>) -> Value {
        let schema = ResourceSchema::user();
        let Value::Object(document) = document() else { panic!("no object") };
        Value::Object(Projection::parse(attributes, excluded, &schema).unwrap().cut(document, &schema))
    }

    #[test]
    fn named_attributes_come_with_id_and_schemas() {
        assert_eq!(
            cut(Some("USERNAME, emails.value,nothing"), None),
            json!({"schemas": ["s"], "id": "1", "userName": "a", "emails": [{"value": "x"}]})
        );
        let department = format!("{ENTERPRISE_URN}:department");
        assert_eq!(cut(Some(&department), None), json!({"schemas": ["s"], "id": "1", ENTERPRISE_URN: {"department": "D"}}));
        assert_eq!(cut(Some("manager,urn:x:1.0"), None)[ENTERPRISE_URN], json!({"manager": {"value": "9"}}));
        assert_eq!(cut(Some("id"), None), json!({"schemas": ["s"], "id": "1"}));
    }

    #[test]
    fn excluded_attributes_go_but_for_id_and_schemas() {
        let value = cut(None, Some("id,schemas,name.givenName,emails,urn:x:1.0"));
        let expected = json!({"schemas": ["s"], "id": "1", "userName": "a", "meta": {"version": "v"}, "name": {"familyName": "B"},
            ENTERPRISE_URN: {"department": "D", "manager": {"value": "9"}}});
        assert_eq!(value, expected);
    }

    #[test]
    fn both_at_once_are_refused_and_blanks_are_none() {
        let schema = ResourceSchema::user();
        assert_eq!(Projection::parse(Some("id"), Some("name"), &schema).unwrap_err().kind(), FaultKind::InvalidSyntax);
        assert!(Projection::parse(Some(" "), Some(""), &schema).unwrap().is_all());
    }

    #[test]
    fn it_says_what_need_not_be_read() {
        let schema = ResourceSchema::group();
        assert!(!Projection::parse(None, Some("Members"), &schema).unwrap().wants("members"));
        assert!(!Projection::parse(Some("displayName"), None, &schema).unwrap().wants("members"));
        assert!(Projection::parse(Some("members.value"), None, &schema).unwrap().wants("members"));
        assert!(Projection::parse(None, Some("members.display"), &schema).unwrap().wants("members"));
        assert!(Projection::all().wants("members"));
        assert!(Projection::parse(Some("MEMBERS.display"), None, &schema).unwrap().asks("members", "display"));
        assert!(!Projection::parse(Some("members"), None, &schema).unwrap().asks("members", "display"));
        assert!(!Projection::all().asks("members", "display"));
    }

    #[test]
    fn what_is_never_shown_and_what_must_be_asked_for_is_not_there() {
        let mut schema = ResourceSchema::user();
        let mut secret = schema.extensions().first().unwrap().clone();
        for attribute in &mut secret.attributes {
            attribute.returned = if attribute.name == "department" { Returned::Request } else { Returned::Never };
        }
        schema = schema.with_extension(secret);
        let Value::Object(document) = document() else { panic!("no object") };
        let cut = Projection::all().cut(document.clone(), &schema);
        assert_eq!(cut.get(ENTERPRISE_URN).unwrap(), &json!({}));
        let named = Projection::parse(Some("department,manager"), None, &schema).unwrap().cut(document, &schema);
        assert_eq!(named.get(ENTERPRISE_URN).unwrap(), &json!({"department": "D"}));
    }
}
