//! The form in which values are compared: the same for uniqueness, for filters in memory and for filters in SQL.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::iter::once;

use caseless::Caseless;
use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use serde_json::{Map, Value};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::attribute::is_urn;
use crate::schema::{Attribute, Kind, ResourceSchema, Schema, Uniqueness};

/// The key of text that compares without regard to case: trimmed, compatibility-normalized and case-folded.
pub fn key(text: &str) -> String {
    if text.is_ascii() {
        return text.trim().to_ascii_lowercase();
    }
    // Normalizing can make a plain blank of another, so trimming comes last; what it bares may combine anew.
    let folded = fold(text);
    let key = folded.trim();
    if key.len() == folded.len() { folded } else { fold(key).trim().to_owned() }
}

/// The form of text that compares exactly: itself.
pub fn exact(text: &str) -> &str {
    text
}

/// A part of a text to look for in keys: folded like [`key`], with its blanks kept.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Folding can undo a composition and the other way round: a few letters need a second round to settle.
    let mut folded = round(text);
    for _ in 0..4 {
        if is_settled(&folded) {
            break;
        }
        let next = round(&folded);
        if next == folded {
            break;
        }
        folded = next;
    }
    folded
}

fn round(text: &str) -> String {
    text.nfd().default_case_fold().nfkc().default_case_fold().nfkc().collect()
}

/// Whether another round of folding can be seen to change nothing, which is sooner seen than tried: a single letter of
/// Arabic makes eighteen.
fn is_settled(text: &str) -> bool {
    let folds_to_itself = |letter: char| {
        if letter.is_ascii() { !letter.is_ascii_uppercase() } else { once(letter).default_case_fold().eq(once(letter)) }
    };
    matches!(is_nfkc_quick(text.chars()), IsNormalized::Yes) && text.chars().chain(text.nfd()).all(folds_to_itself)
}

/// A point in time as RFC 3339 in UTC with six fraction digits, which sorts as text. Without a zone it is read as UTC.
pub fn moment(text: &str) -> Option<String> {
    let text = text.trim();
    let at = match DateTime::parse_from_rfc3339(text) {
        Ok(at) => at.with_timezone(&Utc),
        Err(_) => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?.and_utc(),
    };
    (0..=9999).contains(&at.year()).then(|| at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
}

/// A point in time as RFC 3339 in UTC, from microseconds since 1970.
pub fn moment_from_micros(micros: i64) -> String {
    let at = DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default();
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// The comparison tree of a canonical document: the same shape, every value in its comparable form. Lists are always
/// arrays; what no schema knows is left out.
pub fn tree(document: &Map<String, Value>, schema: &ResourceSchema) -> Map<String, Value> {
    let mut tree = Map::new();
    for (name, value) in document {
        let entry = if is_urn(name) {
            schema.extension(name).and_then(|extension| Some((extension.id.clone(), extension_tree(extension, value)?)))
        } else {
            schema.attribute(name).and_then(|attribute| Some((attribute.name.clone(), comparable(attribute, value)?)))
        };
        tree.extend(entry);
    }
    tree
}

/// The values of extensions that must be unique among resources, each with the way to it; `tree` is the comparison tree.
pub fn unique_values(tree: &Map<String, Value>, schema: &ResourceSchema) -> BTreeSet<(String, String)> {
    let ways = schema.ways(|attribute| attribute.uniqueness != Uniqueness::None);
    let value = |way: Vec<String>| match way.as_slice() {
        [urn, name] => {
            let text = match tree.get(urn)?.get(name)? {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            Some((format!("{urn}:{name}"), text))
        }
        _ => None,
    };
    ways.into_iter().filter_map(value).collect()
}

/// The comparison tree of one element of a complex attribute. A value of a list that does not say so is not primary
/// (RFC 7643 §2.4).
pub(crate) fn element_tree(attribute: &Attribute, element: &Map<String, Value>) -> Map<String, Value> {
    let mut tree = attributes_tree(element, |name| attribute.sub_attribute(name));
    let marked = attribute.multi_valued && attribute.sub_attribute("primary").is_some_and(|sub| sub.kind == Kind::Boolean);
    if marked && !tree.is_empty() {
        tree.entry("primary").or_insert(Value::Bool(false));
    }
    tree
}

/// Text in the form in which this attribute compares.
pub(crate) fn text_form<'t>(attribute: &Attribute, text: &'t str) -> Cow<'t, str> {
    match attribute.kind {
        Kind::DateTime => moment(text).map_or(Cow::Borrowed(text), Cow::Owned),
        _ if attribute.case_exact => Cow::Borrowed(exact(text)),
        _ => Cow::Owned(key(text)),
    }
}

fn extension_tree(schema: &Schema, value: &Value) -> Option<Value> {
    let tree = attributes_tree(value.as_object()?, |name| schema.attribute(name));
    (!tree.is_empty()).then_some(Value::Object(tree))
}

fn attributes_tree<'s>(object: &Map<String, Value>, find: impl Fn(&str) -> Option<&'s Attribute>) -> Map<String, Value> {
    let entry = |(name, value): (&String, &Value)| {
        let attribute = find(name)?;
        Some((attribute.name.clone(), comparable(attribute, value)?))
    };
    object.iter().filter_map(entry).collect()
}

fn comparable(attribute: &Attribute, value: &Value) -> Option<Value> {
    if !attribute.multi_valued {
        return single(attribute, value);
    }
    let list: Vec<Value> = match value {
        Value::Array(list) => list.iter().filter_map(|element| single(attribute, element)).collect(),
        other => single(attribute, other).into_iter().collect(),
    };
    (!list.is_empty()).then_some(Value::Array(list))
}

/// A value of another type than the attribute's, as one can stand there from before its schema was registered, compares
/// with nothing.
fn single(attribute: &Attribute, value: &Value) -> Option<Value> {
    match (attribute.kind, value) {
        (Kind::DateTime, Value::String(text)) => moment(text).map(Value::String),
        (Kind::String | Kind::Reference | Kind::Binary, Value::String(text)) => {
            Some(Value::String(text_form(attribute, text).into_owned()))
        }
        (Kind::Complex, Value::Object(object)) => {
            let tree = element_tree(attribute, object);
            (!tree.is_empty()).then_some(Value::Object(tree))
        }
        (Kind::Boolean, Value::Bool(_)) | (Kind::Integer | Kind::Decimal, Value::Number(_)) => Some(value.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_ignore_case_width_composition_and_outer_blanks() {
        assert_eq!(key("  Ada@Acme.TEST "), "ada@acme.test");
        assert_eq!(key("Straße"), key("STRASSE"));
        assert_eq!(key("\u{41}\u{30A}ngström"), key("ÅNGSTRÖM"));
        assert_eq!(key("Ａｄａ"), "ada");
        assert_eq!(key("ΣΊΣΥΦΟΣ"), key("Σίσυφος"));
        assert_ne!(key("Ada"), key("Ida"));
    }

    #[test]
    fn a_key_is_its_own_key() {
        for text in ["ﬁŒ ᾳ Ⅷ", "\u{A0}x\u{A0}", "İstanbul", "\u{345}\u{3B1}", "ǅ", "\u{A8}a"] {
            assert_eq!(key(&key(text)), key(text), "{text}");
        }
    }

    #[test]
    fn what_looks_settled_is_settled() {
        let letters = ('\u{80}'..='\u{1FFFF}').step_by(3);
        for text in
            letters.flat_map(|letter| [letter.to_string(), format!("a{letter}\u{301}"), format!("{letter}\u{345}{letter}")])
        {
            for folded in [round(&text), text] {
                assert!(!is_settled(&folded) || round(&folded) == folded, "{folded:?}");
            }
        }
    }

    #[test]
    fn moments_are_utc_with_six_digits() {
        assert_eq!(moment("2011-05-13T04:42:34+02:00").unwrap(), "2011-05-13T02:42:34.000000Z");
        assert_eq!(moment("2011-05-13T04:42:34.1234567Z").unwrap(), "2011-05-13T04:42:34.123456Z");
        assert_eq!(moment("2011-05-13T04:42:34").unwrap(), "2011-05-13T04:42:34.000000Z");
        assert_eq!(moment("yesterday"), None);
        assert_eq!(moment_from_micros(1_000_001), "1970-01-01T00:00:01.000001Z");
    }

    #[test]
    fn the_tree_folds_what_is_not_exact_and_drops_what_is_unknown() {
        let document = json!({
            "userName": "Ada", "externalId": "Ada", "active": true,
            "emails": [{"value": "A@B", "type": "Work"}],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Salt"},
            "urn:other": {"x": "y"}
        });
        let tree = tree(document.as_object().unwrap(), &ResourceSchema::user());
        let expected = json!({
            "userName": "ada", "externalId": "Ada", "active": true,
            "emails": [{"value": "a@b", "type": "work", "primary": false}],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "salt"}
        });
        assert_eq!(Value::Object(tree), expected);
    }
}
