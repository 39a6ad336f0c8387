//! `{{name}}` in a conversation: the run, made-up ids, and what earlier answers held.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::client::Answer;

pub(super) struct Places {
    known: HashMap<String, Value>,
}

impl Places {
    pub(super) fn new(run: &str) -> Self {
        Self { known: HashMap::from([("run".to_owned(), Value::from(run))]) }
    }

    /// `value` with every place filled.
    ///
    /// # Errors
    /// The name of a place that no earlier step filled.
    pub(super) fn fill(&mut self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => self.fill_text(text)?,
            Value::Array(items) => Value::Array(items.iter().map(|item| self.fill(item)).collect::<Result<_, _>>()?),
            Value::Object(object) => {
                let mut filled = Map::new();
                for (key, item) in object {
                    let key = self.fill_text(key)?;
                    filled.insert(key.as_str().unwrap_or_default().to_owned(), self.fill(item)?);
                }
                Value::Object(filled)
            }
            other => other.clone(),
        })
    }

    /// A place alone keeps its value's type; inside text it becomes text.
    fn fill_text(&mut self, text: &str) -> Result<Value, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else { break };
            let value = self.get(name.trim())?;
            if before.is_empty() && after.is_empty() && filled.is_empty() {
                return Ok(value);
            }
            filled.push_str(before);
            filled.push_str(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            rest = after;
        }
        filled.push_str(rest);
        Ok(Value::String(filled))
    }

    fn get(&mut self, name: &str) -> Result<Value, String> {
        if name.starts_with("uuid:") {
            let made_up = || Value::from(uuid::Uuid::now_v7().to_string());
            return Ok(self.known.entry(name.to_owned()).or_insert_with(made_up).clone());
        }
        self.known.get(name).cloned().ok_or_else(|| format!("no earlier answer held {name}"))
    }

    /// Keeps parts of an answer; says which was missing.
    pub(super) fn capture(&mut self, wanted: &BTreeMap<String, String>, answer: &Answer) -> Option<String> {
        let mut missing = None;
        for (name, path) in wanted {
            let found = match path.strip_prefix("header:") {
                Some(header) => answer.header(header).map(Value::from),
                None => dig(answer.body.as_ref(), path).cloned(),
            };
            match found {
                Some(value) if !value.is_null() => {
                    self.known.insert(name.clone(), value);
                }
                _ => missing = Some(format!("the answer holds nothing at {path}")),
            }
        }
        missing
    }
}

/// A value by a dotted path; a number picks an element, `~1` stands for a dot in a key.
fn dig<'v>(body: Option<&'v Value>, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(body?, |value, part| match value {
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        other => other.get(part.replace("~1", ".")),
    })
}
