//! A body as a tree, as far as there is of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::Position;

/// A fault this near to where a body was cut, in bytes, comes from the cut: it may go through a word or a letter.
const NEAR: usize = 16;

/// Reads JSON in which no key of an object stands twice. Of a body that was cut it gives what stands before the cut.
pub(super) fn json(bytes: &[u8], cut: bool) -> Result<Value, Position> {
    let mut value = Value::Null;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Place(&mut value).deserialize(&mut reader).and_then(|()| reader.end());
    match read {
        Err(error) if !(cut && (error.is_eof() || reaches_the_end(bytes, &error))) => {
            Err(Position { line: error.line(), column: error.column() })
        }
        _ => Ok(value),
    }
}

/// Reads a form; a field that stands more than once is a list.
pub(super) fn form(bytes: &[u8]) -> Value {
    let mut object = Map::new();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        let value = Value::String(value.into_owned());
        match object.get_mut(name.as_ref()) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => {
                object.insert(name.into_owned(), value);
            }
        }
    }
    Value::Object(object)
}

fn reaches_the_end(bytes: &[u8], error: &serde_json::Error) -> bool {
    let lines: usize = bytes.split(|byte| *byte == b'\n').take(error.line().saturating_sub(1)).map(|line| line.len() + 1).sum();
    lines + error.column() + NEAR >= bytes.len() && !error.is_data()
}

/// Where a value is written as it is read, so that what was read stays when the rest cannot be.
struct Place<'v>(&'v mut Value);

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        *self.0 = value.into();
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        *self.0 = value.into();
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        *self.0 = value.into();
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        *self.0 = Number::from_f64(value).map_or(Value::Null, Value::Number);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        *self.0 = value.into();
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        *self.0 = Value::Array(Vec::new());
        let Value::Array(list) = self.0 else { return Ok(()) };
        loop {
            let mut item = Value::Null;
            let read = items.next_element_seed(Place(&mut item));
            if matches!(read, Ok(Some(()))) || !item.is_null() {
                list.push(item);
            }
            if read?.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        *self.0 = Value::Object(Map::new());
        let Value::Object(object) = self.0 else { return Ok(()) };
        while let Some(key) = entries.next_key::<String>()? {
            let mut value = Value::Null;
            let read = entries.next_value_seed(Place(&mut value));
            if object.contains_key(&key) {
                return Err(A::Error::custom("a key stands twice"));
            }
            if read.is_ok() || !value.is_null() {
                object.insert(key, value);
            }
            read?;
        }
        Ok(())
    }
}
