//! A resource as clients see it: the canonical tree with `schemas`, `id` and `meta` (RFC 7643 §3.1).

use serde_json::{Map, Value, json};

use crate::attribute::is_urn;
use crate::comparison::moment_from_micros;
use crate::precondition::Version;
use crate::resource::Resource;
use crate::schema::ResourceSchema;

/// What the service knows of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Its id.
    pub id: String,
    /// When it was created, in microseconds since 1970.
    pub created: i64,
    /// When it last changed, in microseconds since 1970.
    pub last_modified: i64,
    /// Its version.
    pub version: u64,
    /// Its URL.
    pub location: String,
}

/// The whole document; derived attributes such as `members` and `groups` are the caller's to add.
pub fn document(resource: &Resource, schema: &ResourceSchema, meta: Meta) -> Map<String, Value> {
    let mut document = resource.as_map().clone();
    let core = std::iter::once(schema.core().id.as_str());
    let schemas: Vec<&str> = core.chain(resource.as_map().keys().map(String::as_str).filter(|key| is_urn(key))).collect();
    let schemas = json!(schemas);
    let known = json!({
        "resourceType": schema.name(),
        "created": moment_from_micros(meta.created),
        "lastModified": moment_from_micros(meta.last_modified),
        "version": Version(meta.version).to_string(),
        "location": meta.location,
    });
    document.insert("schemas".to_owned(), schemas);
    document.insert("id".to_owned(), Value::String(meta.id));
    document.insert("meta".to_owned(), known);
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ENTERPRISE_URN, USER_URN};

    #[test]
    fn the_document_names_its_schemas_and_its_version() {
        let resource =
            Resource::from_value(json!({"userName": "a", ENTERPRISE_URN: {"department": "D"}, "urn:x:1.0": {"y": 1}})).unwrap();
        let meta = Meta {
            id: "1".to_owned(),
            created: 0,
            last_modified: 1_000_000,
            version: 3,
            location: "https://x/Users/1".to_owned(),
        };
        let document = document(&resource, &ResourceSchema::user(), meta);
        assert_eq!(document.get("schemas").unwrap(), &json!([USER_URN, ENTERPRISE_URN, "urn:x:1.0"]));
        let expected = json!({"resourceType": "User", "created": "1970-01-01T00:00:00.000000Z", "lastModified": "1970-01-01T00:00:01.000000Z",
            "version": "W/\"3\"", "location": "https://x/Users/1"});
        assert_eq!(document.get("meta").unwrap(), &expected);
        assert_eq!((document.get("id").unwrap(), document.get("userName").unwrap()), (&json!("1"), &json!("a")));
    }
}
