//! Which definitions of a tenant's own can be registered: what this service would not keep to is refused, so that every
//! characteristic it publishes holds.

use super::{Attribute, Kind, Mutability, ResourceSchema, Returned, SCIM11_PREFIX, Schema, Uniqueness};
use crate::attribute::{is_name, same};
use crate::path::AttributePath;

/// The URNs of the standards, which nobody else defines.
const STANDARD: &str = "urn:ietf:params:scim:";
const MAX_URN: usize = 200;
const MAX_NAME: usize = 100;
const MAX_DESCRIPTION: usize = 1_000;
/// The most attributes of one schema, and the most parts of one attribute.
const MAX_ATTRIBUTES: usize = 100;
/// The most suggested values or reference types of one attribute.
const MAX_VALUES: usize = 200;

/// Why a definition cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionFault {
    /// What of the definition: `id`, `name`, `attributes`, or an attribute as `attributes.badge`.
    pub at: String,
    /// What is wrong with it.
    pub message: String,
}

impl Schema {
    /// Checks that it can extend the resource type, whose other extensions it must not be mistaken for.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn check_extension(&self, of: &ResourceSchema) -> Result<(), Vec<DefinitionFault>> {
        let mut check = Check::default();
        check.urn(self, of);
        check.line("name", &self.name, MAX_NAME, true);
        check.line("description", &self.description, MAX_DESCRIPTION, false);
        check.attributes("attributes", &self.attributes);
        if check.faults.is_empty() { Ok(()) } else { Err(check.faults) }
    }
}

#[derive(Default)]
struct Check {
    faults: Vec<DefinitionFault>,
}

impl Check {
    fn wrong(&mut self, at: &str, message: impl Into<String>) {
        self.faults.push(DefinitionFault { at: at.to_owned(), message: message.into() });
    }

    fn demand(&mut self, holds: bool, at: &str, message: &str) {
        if !holds {
            self.wrong(at, message);
        }
    }

    fn urn(&mut self, schema: &Schema, of: &ResourceSchema) {
        let id = &schema.id;
        let starts = |prefix: &str| id.get(..prefix.len()).is_some_and(|start| same(start, prefix));
        // It must read as one whole where a path or filter names it.
        let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | b'$'));
        let whole = |path: &AttributePath| path.sub.is_none() && path.as_urn().as_ref() == Some(id);
        let named = plain && AttributePath::parse(id).is_ok_and(|path| whole(&path));
        if !starts("urn:") || id.len() > MAX_URN || id.ends_with(':') || !named {
            return self
                .wrong("id", "is a URN such as urn:example:params:scim:schemas:extension:hr:2.0:User, of at most 200 bytes");
        }
        if starts(STANDARD) || starts(SCIM11_PREFIX) {
            return self.wrong("id", "is a URN of the standards, which define it themselves");
        }
        // `urn:a:b` with an attribute `c` and a schema `urn:a:b:c` would both answer to `urn:a:b:c`.
        let others = of.extensions().iter().filter(|other| !same(&other.id, id));
        for other in others {
            if names_attribute_of(id, other) || names_attribute_of(&other.id, schema) {
                self.wrong("id", format!("cannot be told from an attribute together with {}", other.id));
            }
        }
    }

    fn line(&mut self, at: &str, text: &str, most: usize, needed: bool) {
        self.demand(!needed || !text.trim().is_empty(), at, "must not be empty");
        if text.chars().count() > most {
            self.wrong(at, format!("has at most {most} characters"));
        }
        self.demand(!text.chars().any(char::is_control), at, "must be one line of text");
    }

    fn attributes(&mut self, at: &str, attributes: &[Attribute]) {
        if attributes.is_empty() || attributes.len() > MAX_ATTRIBUTES {
            self.wrong(at, format!("are 1 to {MAX_ATTRIBUTES}"));
        }
        for (n, attribute) in attributes.iter().take(MAX_ATTRIBUTES).enumerate() {
            let at = format!("{at}.{}", crate::repair::short_text(&attribute.name));
            let again = attributes.iter().take(n).any(|other| same(&other.name, &attribute.name));
            self.demand(!again, &at, "stands twice");
            self.attribute(&at, attribute);
            if attribute.kind == Kind::Complex {
                self.parts(&at, &attribute.sub_attributes);
            } else {
                self.demand(attribute.sub_attributes.is_empty(), &at, "has subAttributes only when its type is complex");
            }
        }
    }

    fn attribute(&mut self, at: &str, attribute: &Attribute) {
        self.common(at, attribute);
        let kept = attribute.mutability != Mutability::WriteOnly && attribute.returned != Returned::Never;
        self.demand(kept, at, "cannot be writeOnly or returned never: what nobody reads is not kept here");
        let settable = attribute.mutability != Mutability::ReadOnly;
        self.demand(settable || !attribute.required, at, "cannot be required when no client may set it");
        let plain = !attribute.multi_valued && !matches!(attribute.kind, Kind::Complex | Kind::Boolean);
        self.demand(
            attribute.uniqueness == Uniqueness::None || plain,
            at,
            "can be unique only as a single value that is neither complex nor boolean",
        );
    }

    fn parts(&mut self, at: &str, parts: &[Attribute]) {
        if parts.is_empty() || parts.len() > MAX_ATTRIBUTES {
            self.wrong(at, format!("has 1 to {MAX_ATTRIBUTES} subAttributes"));
        }
        for (n, part) in parts.iter().take(MAX_ATTRIBUTES).enumerate() {
            let at = format!("{at}.{}", crate::repair::short_text(&part.name));
            let again = parts.iter().take(n).any(|other| same(&other.name, &part.name));
            self.demand(!again, &at, "stands twice");
            self.common(&at, part);
            // RFC 7643 §2.3.8
            self.demand(
                part.kind != Kind::Complex && part.sub_attributes.is_empty(),
                &at,
                "cannot be complex inside a complex one",
            );
            self.demand(!part.multi_valued, &at, "cannot be multiValued: only the whole attribute can");
            let of_the_whole = !part.required
                && part.mutability == Mutability::ReadWrite
                && part.returned == Returned::Default
                && part.uniqueness == Uniqueness::None;
            self.demand(
                of_the_whole,
                &at,
                "takes required, mutability, returned and uniqueness from the whole attribute; leave them out",
            );
        }
    }

    fn common(&mut self, at: &str, attribute: &Attribute) {
        let word = ["and", "or", "not"].iter().any(|word| same(&attribute.name, word));
        let named = is_name(&attribute.name) && !attribute.name.starts_with('$') && attribute.name.len() <= MAX_NAME && !word;
        self.demand(named, at, "is named by a letter, then letters, digits, - and _, 100 at most, and not and, or, not");
        self.line(at, &attribute.description, MAX_DESCRIPTION, false);
        let textual = matches!(attribute.kind, Kind::String | Kind::Reference | Kind::Binary);
        self.demand(textual || !attribute.case_exact, at, "can be caseExact only as text");
        let values = &attribute.canonical_values;
        self.demand(values.is_empty() || attribute.kind == Kind::String, at, "has canonicalValues only as a string");
        let types = &attribute.reference_types;
        self.demand(types.is_empty() || attribute.kind == Kind::Reference, at, "has referenceTypes only as a reference");
        for list in [values, types] {
            self.demand(list.len() <= MAX_VALUES, at, "has at most 200 canonicalValues or referenceTypes");
            for value in list {
                self.line(at, value, MAX_NAME, true);
            }
        }
    }
}

/// Whether the URN reads as that of an attribute of the schema.
fn names_attribute_of(urn: &str, schema: &Schema) -> bool {
    let Some((start, rest)) = urn.split_at_checked(schema.id.len()) else { return false };
    let name = rest.strip_prefix(':').map(|rest| rest.split('.').next().unwrap_or(rest));
    same(start, &schema.id) && name.is_some_and(|name| schema.attribute(name).is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(definition: serde_json::Value) -> Vec<(String, String)> {
        let schema: Schema = serde_json::from_value(definition).unwrap();
        let found = schema.check_extension(&ResourceSchema::user()).err().unwrap_or_default();
        found.into_iter().map(|fault| (fault.at, fault.message)).collect()
    }

    #[test]
    fn a_definition_in_the_form_of_the_standard_is_taken_with_its_defaults() {
        let definition = json!({"id": "urn:acme:hr:1.0:User", "name": "HR", "attributes": [
            {"name": "badge", "uniqueness": "server", "caseExact": true},
            {"name": "desks", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "floor", "type": "integer"}]},
        ]});
        assert_eq!(faults(definition.clone()), []);
        let schema: Schema = serde_json::from_value(definition).unwrap();
        let badge = schema.attribute("BADGE").unwrap();
        assert_eq!((badge.kind, badge.mutability, badge.returned), (Kind::String, Mutability::ReadWrite, Returned::Default));
    }

    #[test]
    fn what_would_not_be_kept_to_is_refused() {
        let one = |attribute: serde_json::Value| {
            let found = faults(json!({"id": "urn:acme:hr:1.0:User", "name": "HR", "attributes": [attribute]}));
            found.into_iter().map(|(at, _)| at).next()
        };
        for bad in [
            json!({"name": "1x"}),
            json!({"name": "not"}),
            json!({"name": "x", "type": "complex"}),
            json!({"name": "x", "subAttributes": [{"name": "y"}]}),
            json!({"name": "x", "returned": "never"}),
            json!({"name": "x", "mutability": "writeOnly"}),
            json!({"name": "x", "mutability": "readOnly", "required": true}),
            json!({"name": "x", "type": "boolean", "uniqueness": "server"}),
            json!({"name": "x", "multiValued": true, "uniqueness": "server"}),
            json!({"name": "x", "type": "integer", "caseExact": true}),
            json!({"name": "x", "type": "integer", "canonicalValues": ["1"]}),
            json!({"name": "x", "type": "complex", "subAttributes": [{"name": "y", "type": "complex", "subAttributes": [{"name": "z"}]}]}),
            json!({"name": "x", "type": "complex", "subAttributes": [{"name": "y", "multiValued": true}]}),
            json!({"name": "x", "type": "complex", "subAttributes": [{"name": "y", "required": true}]}),
            json!({"name": "x", "type": "complex", "subAttributes": [{"name": "y"}, {"name": "Y"}]}),
        ] {
            assert!(one(bad.clone()).is_some_and(|at| at.starts_with("attributes.")), "{bad}");
        }
        assert_eq!(one(json!({"name": "x", "mutability": "immutable", "returned": "request", "required": true})), None);
    }

    #[test]
    fn a_urn_is_nobody_elses() {
        let with = |id: &str| {
            let found = faults(json!({"id": id, "name": "X", "attributes": [{"name": "x"}]}));
            found.first().map(|(at, _)| at.clone())
        };
        for bad in [
            "",
            "hr",
            "urn:",
            "urn:a b",
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:scim:schemas:x:1.0",
            "urn:acme:",
            "urn:acme:hr.v2",
            "urn:acme:h/r",
            "urn:acme:a,b",
        ] {
            assert_eq!(with(bad).as_deref(), Some("id"), "{bad}");
        }
        for good in ["urn:acme:hr", "urn:acme:hr:1.0", "urn:acme:hr:1.0:User"] {
            assert_eq!(with(good), None, "{good}");
        }
        let known: Schema =
            serde_json::from_value(json!({"id": "urn:acme", "name": "A", "attributes": [{"name": "hr"}]})).unwrap();
        let schema: Schema =
            serde_json::from_value(json!({"id": "urn:acme:hr", "name": "H", "attributes": [{"name": "x"}]})).unwrap();
        assert!(schema.check_extension(&ResourceSchema::user().with_extension(known.clone())).is_err());
        assert!(known.check_extension(&ResourceSchema::user().with_extension(schema)).is_err());
    }
}
