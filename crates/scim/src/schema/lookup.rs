//! From a name or URN in any case to the attribute it means.

use super::{Attribute, ENTERPRISE_URN, Kind, Mutability, ResourceSchema, Schema};
use crate::attribute::same;
use crate::path::AttributePath;

/// The name that SCIM 1.1 has for the enterprise extension.
const ENTERPRISE_11: &str = "urn:scim:schemas:extension:enterprise:1.0";
/// The name that SCIM 1.1 has for both core schemas.
const CORE_11: &str = "urn:scim:schemas:core:1.0";

/// What a path means in a schema.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Located<'s> {
    /// The core schema as a whole.
    Core,
    /// An extension as a whole.
    Extension(&'s Schema),
    /// An attribute.
    Attribute {
        /// The URN of the extension it belongs to; none for the core schema.
        urn: Option<&'s str>,
        /// The attribute.
        attribute: &'s Attribute,
        /// Its sub-attribute, when the path names one.
        sub: Option<&'s Attribute>,
    },
}

impl ResourceSchema {
    /// What the path means, or nothing when no schema of the resource knows it. A bare name means the core schema's
    /// attribute first and an extension's when the core schema has none of that name.
    pub fn locate(&self, path: &AttributePath) -> Option<Located<'_>> {
        let sub = path.sub.as_deref();
        let Some(urn) = path.urn.as_deref() else {
            if let Some(attribute) = self.attribute(&path.name) {
                return with_sub(None, attribute, sub);
            }
            return self.extensions.iter().find_map(|schema| {
                let attribute = schema.attribute(&path.name)?;
                with_sub(Some(&schema.id), attribute, sub)
            });
        };
        let whole = path.as_urn()?;
        if self.is_core(&whole) {
            return match sub {
                None => Some(Located::Core),
                Some(name) => with_sub(None, self.attribute(name)?, None),
            };
        }
        if let Some(schema) = self.extension(&whole) {
            return match sub {
                None => Some(Located::Extension(schema)),
                Some(name) => with_sub(Some(&schema.id), schema.attribute(name)?, None),
            };
        }
        if self.is_core(urn) {
            return with_sub(None, self.attribute(&path.name)?, sub);
        }
        let schema = self.extension(urn)?;
        with_sub(Some(&schema.id), schema.attribute(&path.name)?, sub)
    }

    /// The attribute of the core schema, or one that every resource has.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.core.attribute(name).or_else(|| find(&self.common, name))
    }

    /// The extension of this URN.
    pub fn extension(&self, urn: &str) -> Option<&Schema> {
        let urn = if same(urn, ENTERPRISE_11) { ENTERPRISE_URN } else { urn };
        self.extensions.iter().find(|schema| same(&schema.id, urn))
    }

    /// The ways to all attributes that a resource must have; in an extension, once it has any of it.
    pub(crate) fn required(&self) -> Vec<Vec<String>> {
        self.ways(|attribute| attribute.required)
    }

    /// The ways to all attributes that cannot change once they are set.
    pub(crate) fn immutable(&self) -> Vec<Vec<String>> {
        self.ways(|attribute| attribute.mutability == Mutability::Immutable)
    }

    /// The ways to the attributes of the core schema and the extensions that are wanted.
    pub(crate) fn ways(&self, wanted: impl Fn(&Attribute) -> bool + Copy) -> Vec<Vec<String>> {
        let core =
            self.core.attributes.iter().filter(|attribute| wanted(attribute)).map(|attribute| vec![attribute.name.clone()]);
        let of = |schema: &Schema| -> Vec<Vec<String>> {
            schema
                .attributes
                .iter()
                .filter(|attribute| wanted(attribute))
                .map(|attribute| vec![schema.id.clone(), attribute.name.clone()])
                .collect()
        };
        core.chain(self.extensions.iter().flat_map(of)).collect()
    }

    /// Whether the URN is that of the core schema.
    pub fn is_core(&self, urn: &str) -> bool {
        same(&self.core.id, urn) || same(CORE_11, urn)
    }
}

impl Schema {
    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        find(&self.attributes, name)
    }
}

impl Attribute {
    /// The sub-attribute of this name.
    pub fn sub_attribute(&self, name: &str) -> Option<&Attribute> {
        find(&self.sub_attributes, name)
    }

    /// The sub-attribute that stands for the whole where only one value is given.
    pub fn default_sub(&self) -> Option<&Attribute> {
        self.sub_attribute("value")
    }
}

fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| same(&attribute.name, name))
}

fn with_sub<'s>(urn: Option<&'s str>, attribute: &'s Attribute, sub: Option<&str>) -> Option<Located<'s>> {
    let Some(name) = sub else {
        return Some(Located::Attribute { urn, attribute, sub: None });
    };
    // RFC 7643 §2.4: the values of a plain list may be called `value`.
    if attribute.multi_valued && attribute.kind != Kind::Complex && same(name, "value") {
        return Some(Located::Attribute { urn, attribute, sub: None });
    }
    let sub = attribute.sub_attribute(name)?;
    Some(Located::Attribute { urn, attribute, sub: Some(sub) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(text: &str) -> Option<String> {
        let schema = ResourceSchema::user();
        let found = schema.locate(&AttributePath::parse(text).unwrap())?;
        Some(match found {
            Located::Core => "core".to_owned(),
            Located::Extension(schema) => schema.name.clone(),
            Located::Attribute { urn, attribute, sub } => {
                let urn = if urn.is_some() { "extension:" } else { "" };
                let sub = sub.map_or(String::new(), |sub| format!(".{}", sub.name));
                format!("{urn}{}{sub}", attribute.name)
            }
        })
    }

    #[test]
    fn names_and_urns_are_found_in_any_case() {
        let urn = "URN:IETF:params:scim:schemas:extension:enterprise:2.0:user";
        assert_eq!(name_of("USERNAME").unwrap(), "userName");
        assert_eq!(name_of("emails.Value").unwrap(), "emails.value");
        assert_eq!(name_of(urn).unwrap(), "EnterpriseUser");
        assert_eq!(name_of(&format!("{urn}:Manager.value")).unwrap(), "extension:manager.value");
        assert_eq!(name_of("urn:ietf:params:scim:schemas:core:2.0:User").unwrap(), "core");
        assert_eq!(name_of("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName").unwrap(), "name.givenName");
        assert_eq!(name_of("meta.lastmodified").unwrap(), "meta.lastModified");
    }

    #[test]
    fn a_bare_name_falls_back_to_the_extension() {
        assert_eq!(name_of("department").unwrap(), "extension:department");
        assert_eq!(name_of("fooBar"), None);
        assert_eq!(name_of("emails.foo"), None);
        assert_eq!(name_of("urn:other:1.0:thing"), None);
    }
}
