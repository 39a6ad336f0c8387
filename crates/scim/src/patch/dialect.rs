//! What identity providers really send, rewritten to one change of one attribute each.

use serde_json::{Map, Value};

use super::request::{Operation, PatchRequest, Verb};
use crate::attribute::is_urn;
use crate::fault::{Fault, FaultKind};
use crate::members::is_members;
use crate::path::{AttributePath, PatchPath, is_compound};
use crate::repair::{Repair, RepairRule, Repairs, short, short_text};
use crate::schema::{Located, ResourceSchema};
use crate::typing::{is_blank, wrong};

/// One change at one path.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) verb: Verb,
    pub(super) path: PatchPath,
    pub(super) value: Value,
    /// Whether the client named the path itself; what it may not change is an error then and ignored otherwise.
    pub(super) explicit: bool,
}

/// The changes that a request asks for, in its order.
pub(super) fn normalize(request: &PatchRequest, schema: &ResourceSchema, repairs: &mut Repairs) -> Result<Vec<Change>, Fault> {
    for &rule in &request.forms {
        repairs.note(Repair::new(rule, "the PATCH", "", "a list of Operations with its schema"))?;
    }
    // The members that SCIM 1.1 marks with delete are a list of what to remove, too.
    let lists_removed = request.forms.contains(&RepairRule::Scim11Members);
    let mut dialect = Dialect { schema, repairs, lists_removed, changes: Vec::with_capacity(request.operations.len()) };
    request.operations.iter().try_for_each(|operation| dialect.operation(operation))?;
    Ok(dialect.changes)
}

struct Dialect<'s, 'r> {
    schema: &'s ResourceSchema,
    repairs: &'r mut Repairs,
    lists_removed: bool,
    changes: Vec<Change>,
}

impl Dialect<'_, '_> {
    fn operation(&mut self, operation: &Operation) -> Result<(), Fault> {
        let (verb, name) = (operation.op, operation.op.as_str());
        if operation.spelled != name {
            self.note(RepairRule::OperationNameCase, "op", &short_text(&operation.spelled), name)?;
        }
        // RFC 7644 §3.5.2.1, §3.5.2.3: only null says to clear; who forgot the value meant one.
        let value = match &operation.value {
            None if verb != Verb::Remove => {
                return Err(Fault::new(FaultKind::InvalidValue, format!("{name} needs a value; null clears")));
            }
            value => value.clone().unwrap_or(Value::Null),
        };
        let Some(text) = &operation.path else {
            if verb == Verb::Remove {
                return Err(Fault::new(FaultKind::NoTarget, "remove needs a path"));
            }
            let object = self.object(value)?;
            return self.entries(verb, None, object);
        };
        let path = PatchPath::parse(text)?;
        if verb == Verb::Remove && !self.lists_removed {
            self.removed_by_value(&path, &value)?;
        }
        let whole = if path.filter.is_none() { self.schema.locate(&path.attribute) } else { None };
        match (whole, value) {
            (Some(Located::Core), Value::Object(object)) if verb != Verb::Remove => self.entries(verb, None, object),
            (Some(Located::Extension(schema)), Value::Object(object)) if verb != Verb::Remove => {
                let urn = schema.id.clone();
                self.entries(verb, Some(&urn), object)
            }
            (_, value) => {
                self.changes.push(Change { verb, path, value, explicit: true });
                Ok(())
            }
        }
    }

    /// RFC 7644 §3.5.2.2 knows no value of a remove: it would empty the whole list (Entra, JumpCloud).
    fn removed_by_value(&mut self, path: &PatchPath, value: &Value) -> Result<(), Fault> {
        if path.filter.is_some() {
            return Ok(());
        }
        match self.schema.locate(&path.attribute) {
            Some(Located::Attribute { urn, attribute, sub: None }) if attribute.multi_valued => {
                let names_nobody = is_members(urn, attribute) && !value.is_null();
                if is_blank(value) && !names_nobody {
                    return Ok(());
                }
                self.note(RepairRule::RemoveWithValue, &attribute.name, &short(value), "what to remove")
            }
            _ => Ok(()),
        }
    }

    /// The attributes of a value without path, also under dotted and URN keys (Entra).
    fn entries(&mut self, verb: Verb, urn: Option<&str>, object: Map<String, Value>) -> Result<(), Fault> {
        for (key, value) in object {
            match value {
                Value::Object(inner) if is_urn(&key) => self.schema_object(verb, &key, inner)?,
                value => self.entry(verb, urn, &key, value)?,
            }
        }
        Ok(())
    }

    fn schema_object(&mut self, verb: Verb, key: &str, inner: Map<String, Value>) -> Result<(), Fault> {
        if self.schema.is_core(key) {
            return self.entries(verb, None, inner);
        }
        if let Some(schema) = self.schema.extension(key) {
            let urn = schema.id.clone();
            return self.entries(verb, Some(&urn), inner);
        }
        self.entry(verb, None, key, Value::Object(inner))
    }

    fn entry(&mut self, verb: Verb, urn: Option<&str>, key: &str, value: Value) -> Result<(), Fault> {
        let Ok(mut path) = PatchPath::parse(key) else {
            return if is_blank(&value) {
                Ok(())
            } else {
                self.note(RepairRule::UnknownAttribute, &short_text(key), "", "ignored")
            };
        };
        if path.attribute.urn.is_none() {
            path.attribute.urn = urn.map(str::to_owned);
        }
        if is_compound(key) && self.is_attribute(&path.attribute) {
            self.note(RepairRule::DottedKey, &path.attribute.name, &short_text(key), "its nested form")?;
        }
        self.changes.push(Change { verb, path, value, explicit: false });
        Ok(())
    }

    fn is_attribute(&self, path: &AttributePath) -> bool {
        matches!(self.schema.locate(path), Some(Located::Attribute { .. }))
    }

    fn object(&mut self, value: Value) -> Result<Map<String, Value>, Fault> {
        match value {
            Value::Object(object) => Ok(object),
            Value::Array(mut list) if list.len() == 1 && list.first().is_some_and(Value::is_object) => {
                self.note(RepairRule::UnwrappedFromList, "value", "a list of one", "its only value")?;
                list.pop().map_or_else(|| Ok(Map::new()), |only| self.object(only))
            }
            _ => Err(wrong("an operation without path", "an object of attributes as its value", "anything else")),
        }
    }

    fn note(&mut self, rule: RepairRule, name: &str, sent: &str, read: &str) -> Result<(), Fault> {
        self.repairs.note(Repair::new(rule, name, sent, read))
    }
}
