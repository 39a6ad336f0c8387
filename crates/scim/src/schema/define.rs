//! A short notation for the definitions of the standard schemas.

use super::{Attribute, Kind, Mutability, Returned, Uniqueness};

/// A single-valued, optional, readWrite attribute.
pub(super) fn attribute(name: &str, kind: Kind, description: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        description: description.to_owned(),
        kind,
        multi_valued: false,
        required: false,
        case_exact: false,
        mutability: Mutability::ReadWrite,
        returned: Returned::Default,
        uniqueness: Uniqueness::None,
        canonical_values: Vec::new(),
        reference_types: Vec::new(),
        sub_attributes: Vec::new(),
    }
}

pub(super) fn text(name: &str, description: &str) -> Attribute {
    attribute(name, Kind::String, description)
}

pub(super) fn boolean(name: &str, description: &str) -> Attribute {
    attribute(name, Kind::Boolean, description)
}

pub(super) fn reference(name: &str, types: &[&str], description: &str) -> Attribute {
    let reference_types = types.iter().map(|&kind| kind.to_owned()).collect();
    Attribute { reference_types, ..attribute(name, Kind::Reference, description) }
}

pub(super) fn complex(name: &str, description: &str, sub_attributes: Vec<Attribute>) -> Attribute {
    Attribute { sub_attributes, ..attribute(name, Kind::Complex, description) }
}

pub(super) fn list(name: &str, description: &str, sub_attributes: Vec<Attribute>) -> Attribute {
    Attribute { multi_valued: true, ..complex(name, description, sub_attributes) }
}

/// The list of values with `value`, `display`, `type` and `primary` that RFC 7643 §2.4 describes.
pub(super) fn plural(name: &str, description: &str, value: Attribute, types: &[&str]) -> Attribute {
    let subs = vec![
        value,
        text("display", "A name of the value for people."),
        text("type", "What the value is used for.").suggesting(types),
        boolean("primary", "Whether this is the preferred value of the list."),
    ];
    list(name, description, subs)
}

impl Attribute {
    pub(super) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) fn exact(self) -> Self {
        Self { case_exact: true, ..self }
    }

    pub(super) fn read_only(self) -> Self {
        Self { mutability: Mutability::ReadOnly, ..self }
    }

    pub(super) fn immutable(self) -> Self {
        Self { mutability: Mutability::Immutable, ..self }
    }

    pub(super) fn unique(self) -> Self {
        Self { uniqueness: Uniqueness::Server, ..self }
    }

    pub(super) fn returned(self, returned: Returned) -> Self {
        Self { returned, ..self }
    }

    pub(super) fn suggesting(self, values: &[&str]) -> Self {
        Self { canonical_values: values.iter().map(|&value| value.to_owned()).collect(), ..self }
    }
}

/// `id`, which schema documents list too.
pub(super) fn id() -> Attribute {
    text("id", "The service's id of the resource.").exact().read_only().unique().returned(Returned::Always)
}

/// `externalId`, which schema documents list too: Entra's tests look for it there.
pub(super) fn external_id() -> Attribute {
    text("externalId", "The client's id of the resource.").exact()
}

/// `schemas` and `meta`, which every resource has and no schema document lists (RFC 7643 §3.1).
pub(super) fn common() -> Vec<Attribute> {
    let mut schemas = reference("schemas", &["uri"], "The schemas of the resource.").read_only();
    schemas.multi_valued = true;
    schemas.returned = Returned::Always;
    let meta = vec![
        text("resourceType", "The resource type's name.").exact().read_only(),
        attribute("created", Kind::DateTime, "When it was created.").read_only(),
        attribute("lastModified", Kind::DateTime, "When it last changed.").read_only(),
        reference("location", &["uri"], "Where it is.").exact().read_only(),
        text("version", "Its version as an entity tag.").exact().read_only(),
    ];
    vec![schemas, complex("meta", "What the service knows of the resource.", meta).read_only()]
}
