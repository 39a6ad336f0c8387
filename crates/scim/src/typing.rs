//! One attribute's value: from what was sent to the schema's type, or to nothing.

mod list;

use serde_json::{Map, Value};

pub(crate) use list::{complete, identity, identity_of, only_marks};
use list::{dedupe, keep_first_primary};

use crate::attribute::same;
use crate::comparison;
use crate::fault::{Fault, FaultKind};
use crate::repair::{Repair, RepairRule, Repairs, short, short_text};
use crate::schema::{Attribute, Kind, Mutability};

/// Whether the value says "no value": null, blank text, an empty list or object.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.iter().all(is_blank),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// `true` and `false` in any case.
pub(crate) fn boolean_from_text(text: &str) -> Option<bool> {
    match text.trim() {
        word if same(word, "true") => Some(true),
        word if same(word, "false") => Some(false),
        _ => None,
    }
}

/// Refuses NUL characters, which no database keeps in text.
pub(crate) fn refuse_nul(value: &Value) -> Result<(), Fault> {
    fn has_nul(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains('\0'),
            Value::Array(list) => list.iter().any(has_nul),
            Value::Object(object) => object.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
            _ => false,
        }
    }
    if has_nul(value) {
        return Err(Fault::new(FaultKind::InvalidValue, "text cannot contain the character NUL"));
    }
    Ok(())
}

/// Reads the values of one request, noting what it had to rewrite.
pub(crate) struct Typing<'r> {
    pub(crate) repairs: &'r mut Repairs,
}

impl Typing<'_> {
    /// The canonical value of an attribute or sub-attribute, or nothing. `name` is how messages call it.
    pub(crate) fn read(&mut self, attribute: &Attribute, raw: Value, name: &str) -> Result<Option<Value>, Fault> {
        if is_blank(&raw) {
            return Ok(None);
        }
        if attribute.multi_valued {
            return self.list(attribute, raw, name);
        }
        let raw = self.unwrapped(raw, name)?;
        self.single(attribute, raw, name)
    }

    /// The parts of a complex value with their canonical values; `None` for those that are to be cleared. Parts that
    /// the service alone may set are left out.
    pub(crate) fn parts(&mut self, attribute: &Attribute, raw: Value, name: &str) -> Result<Vec<(String, Option<Value>)>, Fault> {
        let object = match self.unwrapped(raw, name)? {
            Value::Object(object) => object,
            Value::Null => return Ok(Vec::new()),
            plain => self.object_around(attribute, plain, name)?,
        };
        let mut parts = Vec::with_capacity(object.len());
        for (key, value) in object {
            let Some((sub, value)) = self.part(attribute, &key, value, name)? else { continue };
            let read = self.read(sub, value, &format!("{name}.{}", sub.name))?;
            parts.push((sub.name.clone(), read));
        }
        Ok(parts)
    }

    fn part<'a>(
        &mut self,
        attribute: &'a Attribute,
        key: &str,
        value: Value,
        name: &str,
    ) -> Result<Option<(&'a Attribute, Value)>, Fault> {
        if let Some(sub) = attribute.sub_attribute(key) {
            let ours = sub.mutability == Mutability::ReadOnly;
            return Ok((!ours).then_some((sub, value)));
        }
        if let Some(sub) = attribute.default_sub().filter(|_| same(&attribute.name, "manager") && same(key, "managerId")) {
            self.note(RepairRule::ManagerIdRenamed, name, key, "value")?;
            return Ok(Some((sub, value)));
        }
        if !is_blank(&value) {
            self.note(RepairRule::UnknownAttribute, &format!("{name}.{}", short_text(key)), "", "ignored")?;
        }
        Ok(None)
    }

    fn list(&mut self, attribute: &Attribute, raw: Value, name: &str) -> Result<Option<Value>, Fault> {
        let raw = match raw {
            Value::Array(list) => list,
            single => {
                self.note(RepairRule::WrappedInList, name, &short(&single), "a list of one")?;
                vec![single]
            }
        };
        let mut list = Vec::with_capacity(raw.len());
        for element in raw {
            if is_blank(&element) {
                continue;
            }
            if element.is_array() {
                return Err(wrong(name, "single values in its list", "a list"));
            }
            list.extend(self.single(attribute, element, name)?.filter(|element| !only_marks(attribute, element)));
        }
        let mut list = dedupe(attribute, list);
        if keep_first_primary(&mut list) {
            // Two that only that mark told apart are one now.
            list = dedupe(attribute, list);
            self.note(RepairRule::SeveralPrimary, name, "more than one primary", "the first one primary")?;
        }
        Ok((!list.is_empty()).then_some(Value::Array(list)))
    }

    fn single(&mut self, attribute: &Attribute, raw: Value, name: &str) -> Result<Option<Value>, Fault> {
        if attribute.kind == Kind::Complex {
            let parts = self.parts(attribute, raw, name)?;
            let object: Map<String, Value> = parts.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
            return Ok((!object.is_empty()).then_some(Value::Object(object)));
        }
        let raw = self.plain(raw, name)?;
        if is_blank(&raw) {
            return Ok(None);
        }
        let value = match attribute.kind {
            Kind::Boolean => self.boolean(raw, name)?,
            Kind::Integer | Kind::Decimal => self.number(attribute.kind, &raw, name)?,
            Kind::DateTime => moment(raw, name)?,
            Kind::Binary => bytes(self.text(raw, name)?, name)?,
            Kind::String | Kind::Reference | Kind::Complex => self.text(raw, name)?,
        };
        Ok(Some(value))
    }

    /// Entra has sent plain attributes as `{"value": ...}`.
    fn plain(&mut self, raw: Value, name: &str) -> Result<Value, Fault> {
        let Value::Object(mut object) = raw else { return Ok(raw) };
        let key = object.keys().find(|key| same(key, "value")).cloned();
        match key.and_then(|key| object.remove(&key)) {
            Some(value) if !value.is_object() && !value.is_array() => {
                self.note(RepairRule::ValueFromObject, name, "an object", "its value")?;
                Ok(value)
            }
            _ => Err(wrong(name, "a plain value", "an object")),
        }
    }

    fn unwrapped(&mut self, raw: Value, name: &str) -> Result<Value, Fault> {
        let Value::Array(list) = raw else { return Ok(raw) };
        let mut list: Vec<Value> = list.into_iter().filter(|value| !is_blank(value)).collect();
        match (list.pop(), list.is_empty()) {
            (None, _) => Ok(Value::Null),
            (Some(Value::Array(_)), _) | (_, false) => Err(wrong(name, "a single value", "a list")),
            (Some(only), true) => {
                self.note(RepairRule::UnwrappedFromList, name, "a list of one", "its only value")?;
                Ok(only)
            }
        }
    }

    fn object_around(&mut self, attribute: &Attribute, plain: Value, name: &str) -> Result<Map<String, Value>, Fault> {
        if is_blank(&plain) {
            // A blank in the place of the object clears its value.
            return Ok(attribute.default_sub().map(|sub| (sub.name.clone(), Value::Null)).into_iter().collect());
        }
        let sub = attribute.default_sub().or_else(|| attribute.sub_attribute("formatted"));
        let Some(sub) = sub.filter(|_| plain.is_string() || plain.is_number()) else {
            return Err(wrong(name, "an object", &short(&plain)));
        };
        let rule = if same(&attribute.name, "manager") { RepairRule::ManagerFromText } else { RepairRule::ObjectFromText };
        self.note(rule, name, &short(&plain), &format!("{{\"{}\": ...}}", sub.name))?;
        Ok(std::iter::once((sub.name.clone(), plain)).collect())
    }

    fn boolean(&mut self, raw: Value, name: &str) -> Result<Value, Fault> {
        match &raw {
            Value::Bool(_) => Ok(raw),
            Value::String(text) => {
                let value = boolean_from_text(text).ok_or_else(|| wrong(name, "true or false", &short(&raw)))?;
                self.note(RepairRule::BooleanFromText, name, &short(&raw), if value { "true" } else { "false" })?;
                Ok(Value::Bool(value))
            }
            other => Err(wrong(name, "true or false", &short(other))),
        }
    }

    fn number(&mut self, kind: Kind, raw: &Value, name: &str) -> Result<Value, Fault> {
        let expected = if kind == Kind::Integer { "a whole number" } else { "a number" };
        let number = match raw {
            Value::Number(number) => number.clone(),
            Value::String(text) => {
                let number: serde_json::Number =
                    serde_json::from_str(text.trim()).map_err(|_| wrong(name, expected, &short(raw)))?;
                self.note(RepairRule::NumberFromText, name, &short(raw), &number.to_string())?;
                number
            }
            other => return Err(wrong(name, expected, &short(other))),
        };
        if kind == Kind::Integer && number.as_i64().is_none() {
            return Err(wrong(name, expected, &short(raw)));
        }
        Ok(Value::Number(number))
    }

    fn text(&mut self, raw: Value, name: &str) -> Result<Value, Fault> {
        match raw {
            Value::String(_) => Ok(raw),
            Value::Number(number) => {
                let text = number.to_string();
                self.note(RepairRule::TextFromNumber, name, &text, &format!("\"{text}\""))?;
                Ok(Value::String(text))
            }
            other => Err(wrong(name, "text", &short(&other))),
        }
    }

    pub(crate) fn note(&mut self, rule: RepairRule, name: &str, sent: &str, read: &str) -> Result<(), Fault> {
        self.repairs.note(Repair::new(rule, name, sent, read))
    }
}

/// Base64 in either alphabet, with or without padding and line breaks (RFC 7643 §2.3.6).
fn bytes(value: Value, name: &str) -> Result<Value, Fault> {
    let text: Vec<u8> = value.as_str().unwrap_or_default().bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let digits = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')).count();
    let padding = text.get(digits..).unwrap_or_default();
    let good = padding.iter().all(|byte| *byte == b'=') && padding.len() <= 2 && digits % 4 != 1;
    if good { Ok(value) } else { Err(wrong(name, "bytes in Base64", "other text")) }
}

fn moment(raw: Value, name: &str) -> Result<Value, Fault> {
    match raw.as_str().and_then(comparison::moment) {
        Some(_) => Ok(raw),
        None => Err(wrong(name, "a date and time such as \"2026-01-31T09:30:00Z\"", &short(&raw))),
    }
}

/// The refusal of a value of the wrong type.
pub(crate) fn wrong(name: &str, expected: &str, got: &str) -> Fault {
    Fault::new(FaultKind::InvalidValue, format!("{name} expects {expected}, not {got}")).about(name)
}
