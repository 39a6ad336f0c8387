//! The body of a POST or PUT, in whatever form clients send it, to a canonical resource.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::attribute::{is_urn, same};
use crate::fault::{Fault, FaultKind};
use crate::members;
use crate::path::{AttributePath, is_compound};
use crate::repair::{Repair, RepairRule, Repairs, short_text};
use crate::resource::Resource;
use crate::schema::{Attribute, Kind, Located, Mutability, ResourceSchema, Returned, SCIM11_PREFIX, Schema};
use crate::typing::{Typing, is_blank, refuse_nul, wrong};

const SCIM11_HINT: &str = "The body is in the form of SCIM 1.1: choose a SCIM v2 connector in the identity provider";

/// Reads a whole resource; a group keeps its `members` inside.
///
/// # Errors
/// `invalidSyntax` for what is no object, `invalidValue` naming the attribute of a wrong type or a required one that is
/// missing. On a strict connection every repair is refused.
pub fn canonicalize(raw: Value, schema: &ResourceSchema, repairs: &mut Repairs) -> Result<Resource, Fault> {
    let Value::Object(body) = raw else {
        return Err(Fault::new(FaultKind::InvalidSyntax, "the body must be a JSON object"));
    };
    let scim11 = names_scim11(&body);
    let mut reader = Reader { schema, repairs, resource: Map::new() };
    match reader.body(body) {
        Ok(()) => Ok(Resource::from_value(Value::Object(reader.resource)).unwrap_or_default()),
        Err(fault) if scim11 => Err(fault.with_hint(SCIM11_HINT)),
        Err(fault) => Err(fault),
    }
}

/// Why a canonical resource does not fit the schema as it stands, when it does not: a value that would be refused, be
/// ignored, or be kept as another one.
pub fn misfit(resource: &Resource, schema: &ResourceSchema) -> Option<String> {
    let mut body = resource.as_map().clone();
    let urns = std::iter::once(schema.core().id.as_str()).chain(resource.as_map().keys().map(String::as_str));
    let urns: Vec<Value> = urns.filter(|key| is_urn(key)).map(Value::from).collect();
    body.insert("schemas".to_owned(), Value::Array(urns));
    match canonicalize(Value::Object(body), schema, &mut Repairs::strict()) {
        Err(fault) => Some(fault.detail().to_owned()),
        Ok(read) => (read != *resource).then(|| "a value would be read as another one".to_owned()),
    }
}

struct Reader<'s, 'r> {
    schema: &'s ResourceSchema,
    repairs: &'r mut Repairs,
    resource: Map<String, Value>,
}

impl Reader<'_, '_> {
    fn body(&mut self, body: Map<String, Value>) -> Result<(), Fault> {
        let body = Value::Object(body);
        refuse_nul(&body)?;
        self.check_schemas(&body)?;
        let Value::Object(body) = body else { return Ok(()) };
        self.entries(body)?;
        self.check_required()
    }

    fn entries(&mut self, entries: Map<String, Value>) -> Result<(), Fault> {
        for (key, value) in entries {
            // A URN is plain ASCII (RFC 8141 §2); anything else with a colon in it is an attribute nobody knows.
            let urn = is_urn(&key) && key.bytes().all(|byte| byte.is_ascii_graphic());
            if urn && (value.is_object() || self.schema.extension(&key).is_some() || self.schema.is_core(&key)) {
                self.schema_object(key, value)?;
            } else {
                self.entry(&key, None, value)?;
            }
        }
        Ok(())
    }

    /// The object under a schema's URN; that of an unknown schema is kept as it is.
    fn schema_object(&mut self, urn: String, value: Value) -> Result<(), Fault> {
        let core = self.schema.is_core(&urn);
        let Some(extension) = self.schema.extension(&urn).or_else(|| core.then(|| self.schema.core())) else {
            if !is_blank(&value) {
                self.resource.insert(urn, value);
            }
            return Ok(());
        };
        if urn.starts_with(SCIM11_PREFIX) {
            self.note(RepairRule::Scim11Schema, &urn, "", &extension.id)?;
        }
        let object = match value {
            Value::Object(object) => object,
            value if is_blank(&value) => return Ok(()),
            _ => return Err(wrong(&urn, "an object", "a plain value or list")),
        };
        if core {
            return self.entries(object);
        }
        object.into_iter().try_for_each(|(key, value)| self.entry(&key, Some(extension), value))
    }

    /// One attribute by its name, by `name.sub`, or by either with a URN in front.
    fn entry(&mut self, key: &str, within: Option<&Schema>, value: Value) -> Result<(), Fault> {
        let path = AttributePath::parse(key).ok().map(|path| match within {
            Some(extension) if path.urn.is_none() => AttributePath { urn: Some(extension.id.clone()), ..path },
            _ => path,
        });
        let bare = path.as_ref().is_some_and(|path| path.urn.is_none());
        let Some(Located::Attribute { urn, attribute, sub }) = path.and_then(|path| self.schema.locate(&path)) else {
            return if is_blank(&value) {
                Ok(())
            } else {
                self.note(RepairRule::UnknownAttribute, &short_text(key), "", "ignored")
            };
        };
        let ignored =
            |attribute: &Attribute| attribute.mutability == Mutability::ReadOnly || attribute.returned == Returned::Never;
        if ignored(attribute) || sub.is_some_and(ignored) || is_blank(&value) {
            return Ok(());
        }
        if is_compound(key) {
            self.note(RepairRule::DottedKey, &attribute.name, &short_text(key), "its nested form")?;
        } else if bare && let Some(urn) = urn {
            self.note(RepairRule::ExtensionWithoutUrn, &attribute.name, key, &format!("{urn}:{}", attribute.name))?;
        }
        let value = match sub {
            Some(sub) => Value::Object(std::iter::once((sub.name.clone(), value)).collect()),
            None => value,
        };
        let Some(value) = self.typed(urn, attribute, value)? else { return Ok(()) };
        self.put(urn, attribute, value);
        Ok(())
    }

    fn typed(&mut self, urn: Option<&str>, attribute: &Attribute, value: Value) -> Result<Option<Value>, Fault> {
        if members::is_members(urn, attribute) {
            return members::read_members(value, attribute, self.repairs);
        }
        Typing { repairs: self.repairs }.read(attribute, value, &attribute.name)
    }

    fn put(&mut self, urn: Option<&str>, attribute: &Attribute, value: Value) {
        let target = match urn {
            None => &mut self.resource,
            Some(urn) => {
                let extension = self.resource.entry(urn).or_insert_with(|| Value::Object(Map::new()));
                let Value::Object(extension) = extension else { return };
                extension
            }
        };
        // `name.givenName` and `name.familyName` beside each other make one name.
        let merges = attribute.kind == Kind::Complex && !attribute.multi_valued;
        match (target.get_mut(&attribute.name), value) {
            (Some(Value::Object(known)), Value::Object(more)) if merges => known.extend(more),
            (_, value) => {
                target.insert(attribute.name.clone(), value);
            }
        }
    }

    fn check_schemas(&mut self, body: &Value) -> Result<(), Fault> {
        let named = body.as_object().and_then(|body| body.iter().find(|(key, _)| same(key, "schemas")).map(|(_, named)| named));
        let urns: Vec<&str> = match named {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let mut core = false;
        for &urn in &urns {
            if urn.starts_with(SCIM11_PREFIX) {
                self.note(RepairRule::Scim11Schema, "schemas", &short_text(urn), "SCIM 2.0")?;
                core = true;
            } else if self.schema.is_core(urn) {
                core = true;
            } else if self.schema.extension(urn).is_none() && body.get(urn).is_none_or(is_blank) {
                self.note(RepairRule::UnknownSchema, "schemas", &short_text(urn), "ignored")?;
            }
        }
        // A body has room for hundreds of thousands of both, so no list is walked for each key.
        let listed: HashSet<String> = urns.iter().map(|urn| urn.to_ascii_lowercase()).collect();
        let unnamed = |(key, value): &(&String, &Value)| {
            let object = is_urn(key) && value.is_object() && !is_blank(value);
            let named = || self.schema.is_core(key) || listed.contains(&key.to_ascii_lowercase());
            object && !key.starts_with(SCIM11_PREFIX) && !named()
        };
        let unnamed: Vec<&String> = body.as_object().into_iter().flatten().filter(unnamed).map(|(key, _)| key).collect();
        unnamed.into_iter().try_for_each(|key| self.note(RepairRule::MissingSchemas, "schemas", "", &short_text(key)))?;
        if core {
            return Ok(());
        }
        let id = self.schema.core().id.clone();
        self.note(RepairRule::MissingSchemas, "schemas", "", &id)
    }

    fn check_required(&self) -> Result<(), Fault> {
        for path in self.schema.required() {
            let (name, parents) = match path.as_slice() {
                [name] => (name, Some(&self.resource)),
                [urn, name] => (name, self.resource.get(urn).and_then(Value::as_object)),
                _ => continue,
            };
            if parents.is_some_and(|parent| !parent.contains_key(name)) {
                return Err(Fault::new(FaultKind::Missing, format!("{name} is required")).about(name));
            }
        }
        Ok(())
    }

    fn note(&mut self, rule: RepairRule, name: &str, sent: &str, read: &str) -> Result<(), Fault> {
        self.repairs.note(Repair::new(rule, name, sent, read))
    }
}

fn names_scim11(body: &Map<String, Value>) -> bool {
    let is_old = |value: &Value| value.as_str().is_some_and(|urn| urn.starts_with(SCIM11_PREFIX));
    body.iter().any(|(key, value)| {
        let named = same(key, "schemas") && (is_old(value) || value.as_array().is_some_and(|list| list.iter().any(is_old)));
        named || key.starts_with(SCIM11_PREFIX)
    })
}

#[cfg(test)]
mod tests;
