//! What an answer must and must not hold.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::client::Answer;
use super::places::Places;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expectation {
    status: Vec<u16>,
    contains: Option<Value>,
    #[serde(default)]
    lacks: Vec<Value>,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    headers: Map<String, Value>,
}

impl Expectation {
    /// Why the answer is not as expected.
    pub(super) fn check(&self, answer: &Answer, places: &mut Places) -> Option<String> {
        if !self.status.contains(&answer.status) {
            return Some(format!("status {}, expected {:?}; body {}", answer.status, self.status, answer.text));
        }
        for (name, wanted) in &self.headers {
            let got = answer.header(name).map_or(Value::Null, Value::from);
            let wanted = match places.fill(wanted) {
                Ok(wanted) => wanted,
                Err(missing) => return Some(missing),
            };
            if let Some(why) = differs(&wanted, &got, name) {
                return Some(why);
            }
        }
        if answer.text.is_empty() {
            // What a body would show after 204, later steps check.
            let silent = answer.status == 204 || answer.status == 304 || self.contains.is_none();
            return if silent { None } else { Some("the answer has no body".to_owned()) };
        }
        let kind = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim().to_owned();
        if !self.types.is_empty() && !self.types.contains(&kind) {
            return Some(format!("content type {kind:?}, expected {:?}", self.types));
        }
        let Some(body) = &answer.body else { return Some("the body is no JSON".to_owned()) };
        if let Some(wanted) = &self.contains {
            match places.fill(wanted) {
                Ok(wanted) => {
                    if let Some(why) = differs(&wanted, body, "$") {
                        return Some(why);
                    }
                }
                Err(missing) => return Some(missing),
            }
        }
        for unwanted in &self.lacks {
            match places.fill(unwanted) {
                Ok(unwanted) if differs(&unwanted, body, "$").is_none() => {
                    return Some(format!("the body must not hold {unwanted}"));
                }
                Ok(_) => {}
                Err(missing) => return Some(missing),
            }
        }
        None
    }
}

/// Why `got` does not hold everything that `wanted` asks for.
fn differs(wanted: &Value, got: &Value, at: &str) -> Option<String> {
    let unless = |holds: bool| if holds { None } else { Some(format!("{at}: expected {wanted}, got {got}")) };
    match wanted {
        Value::String(text) if text.starts_with('$') => match text.as_str() {
            "$any" => unless(!blank(got)),
            "$absent" => unless(blank(got)),
            "$string" => unless(got.is_string()),
            "$int" => unless(got.is_i64() || got.is_u64()),
            "$list" => unless(got.is_array()),
            _ => match text.strip_prefix("$i:") {
                Some(text) => unless(got.as_str().is_some_and(|got| got.to_lowercase() == text.to_lowercase())),
                None => unless(wanted == got),
            },
        },
        Value::Object(object) => {
            if let Some(ways) = object.get("$oneof").and_then(Value::as_array) {
                return unless(ways.iter().any(|way| differs(way, got, at).is_none()));
            }
            if let Some(length) = object.get("$len").and_then(Value::as_u64) {
                return unless(got.as_array().map_or(0, Vec::len) as u64 == length && (got.is_array() || got.is_null()));
            }
            if let Some(least) = object.get("$min").and_then(Value::as_f64) {
                return unless(got.as_f64().is_some_and(|got| got >= least));
            }
            if !got.is_object() {
                return unless(false);
            }
            object.iter().find_map(|(key, part)| differs(part, got.get(key).unwrap_or(&Value::Null), &format!("{at}.{key}")))
        }
        Value::Array(items) => {
            let Some(found) = got.as_array() else { return unless(false) };
            let mut left: Vec<&Value> = found.iter().collect();
            for item in items {
                let Some(place) = left.iter().position(|candidate| differs(item, candidate, at).is_none()) else {
                    return Some(format!("{at}: no entry like {item} in {got}"));
                };
                left.remove(place);
            }
            None
        }
        Value::Number(number) => unless(number.as_f64() == got.as_f64()),
        _ => unless(wanted == got),
    }
}

fn blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}
