//! ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 §4, RFC 7643 §5 to §7).

use serde_json::{Map, Value, json};

use crate::schema::{Attribute, Kind, ResourceSchema, Schema};

const CONFIG_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const RESOURCE_TYPE_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const SCHEMA_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// What this service can do and how much of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of its own in the document")]
pub struct ServiceProvider {
    /// Where its documentation is.
    pub documentation: Option<String>,
    /// Whether it takes bulk requests.
    pub bulk: bool,
    /// The most operations in one.
    pub max_bulk_operations: u64,
    /// The most bytes of a body.
    pub max_payload: u64,
    /// The most resources on a page.
    pub max_results: u64,
    /// The resources on a page when none are asked for.
    pub default_page_size: u64,
    /// Whether lists can be sorted.
    pub sort: bool,
    /// Whether lists can be paged by cursor (RFC 9865).
    pub cursor: bool,
    /// For how many seconds a cursor is good, when it ends.
    pub cursor_timeout: Option<u64>,
    /// Whether this connection refuses every repair.
    pub strict: bool,
}

impl ServiceProvider {
    /// The document; `base` is the SCIM URL without a slash at its end.
    pub fn document(&self, base: &str) -> Value {
        let mut pagination = Map::new();
        pagination.insert("cursor".to_owned(), self.cursor.into());
        pagination.insert("index".to_owned(), true.into());
        pagination.insert("defaultPaginationMethod".to_owned(), "index".into());
        pagination.insert("defaultPageSize".to_owned(), self.default_page_size.into());
        pagination.insert("maxPageSize".to_owned(), self.max_results.into());
        pagination.extend(self.cursor_timeout.map(|seconds| ("cursorTimeout".to_owned(), seconds.into())));
        let scheme = json!({
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "A bearer token in the Authorization header, issued in the console",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        });
        let mut config = json!({
            "schemas": [CONFIG_URN],
            "patch": {"supported": true},
            "bulk": {"supported": self.bulk, "maxOperations": self.max_bulk_operations, "maxPayloadSize": self.max_payload},
            "filter": {"supported": true, "maxResults": self.max_results},
            "changePassword": {"supported": false},
            "sort": {"supported": self.sort},
            "etag": {"supported": true},
            "pagination": pagination,
            "authenticationSchemes": [scheme],
            "meta": {"resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig")},
        });
        if let Value::Object(config) = &mut config {
            config.extend(self.documentation.as_deref().map(|uri| ("documentationUri".to_owned(), Value::from(uri))));
            config.extend(self.strict.then(|| ("strict".to_owned(), json!({"supported": true}))));
        }
        config
    }
}

/// The document of one resource type.
pub fn resource_type(schema: &ResourceSchema, base: &str) -> Value {
    let extensions: Vec<Value> =
        schema.extensions().iter().map(|extension| json!({"schema": extension.id, "required": false})).collect();
    json!({
        "schemas": [RESOURCE_TYPE_URN],
        "id": schema.name(),
        "name": schema.name(),
        "endpoint": schema.endpoint(),
        "description": schema.core().description,
        "schema": schema.core().id,
        "schemaExtensions": extensions,
        "meta": {"resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{}", schema.name())},
    })
}

/// The documents of all schemas of these resource types, each once.
pub fn schemas(types: &[&ResourceSchema], base: &str) -> Vec<Value> {
    let mut all: Vec<&Schema> = Vec::new();
    for schema in types.iter().flat_map(|schema| std::iter::once(schema.core()).chain(schema.extensions())) {
        if all.iter().all(|known| known.id != schema.id) {
            all.push(schema);
        }
    }
    all.into_iter().map(|schema| schema_document(schema, base)).collect()
}

/// The document of one schema.
pub fn schema_document(schema: &Schema, base: &str) -> Value {
    let attributes: Vec<Value> = schema.attributes.iter().map(attribute).collect();
    json!({
        "schemas": [SCHEMA_URN],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": attributes,
        "meta": {"resourceType": "Schema", "location": format!("{base}/Schemas/{}", schema.id)},
    })
}

/// The definition of one attribute, without any null: Entra refuses those.
fn attribute(attribute: &Attribute) -> Value {
    let mut definition = Map::new();
    definition.insert("name".to_owned(), attribute.name.as_str().into());
    definition.insert("type".to_owned(), attribute.kind.as_str().into());
    definition.insert("multiValued".to_owned(), attribute.multi_valued.into());
    definition.insert("description".to_owned(), attribute.description.as_str().into());
    definition.insert("required".to_owned(), attribute.required.into());
    if !matches!(attribute.kind, Kind::Boolean | Kind::Complex) {
        definition.insert("caseExact".to_owned(), attribute.case_exact.into());
    }
    definition.insert("mutability".to_owned(), attribute.mutability.as_str().into());
    definition.insert("returned".to_owned(), attribute.returned.as_str().into());
    definition.insert("uniqueness".to_owned(), attribute.uniqueness.as_str().into());
    for (name, values) in [("canonicalValues", &attribute.canonical_values), ("referenceTypes", &attribute.reference_types)] {
        if !values.is_empty() {
            definition.insert(name.to_owned(), values.as_slice().into());
        }
    }
    if attribute.kind == Kind::Complex {
        let subs: Vec<Value> = attribute.sub_attributes.iter().map(self::attribute).collect();
        definition.insert("subAttributes".to_owned(), subs.into());
    }
    Value::Object(definition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ENTERPRISE_URN, GROUP_URN, USER_URN};

    #[test]
    fn the_three_schemas_are_listed_without_nulls() {
        let (user, group) = (ResourceSchema::user(), ResourceSchema::group());
        let documents = schemas(&[&user, &group], "https://x");
        let ids: Vec<&str> = documents.iter().filter_map(|document| document["id"].as_str()).collect();
        assert_eq!(ids, [USER_URN, ENTERPRISE_URN, GROUP_URN]);
        assert!(!Value::from(documents).to_string().contains("null"));
    }

    #[test]
    fn entra_finds_what_it_maps() {
        let (user, group) =
            (schema_document(ResourceSchema::user().core(), ""), schema_document(ResourceSchema::group().core(), ""));
        let find = |document: &Value, name: &str| {
            document["attributes"].as_array().unwrap().iter().find(|a| a["name"] == name).cloned().unwrap()
        };
        let types = |name: &str| {
            find(&user, name)["subAttributes"]
                .as_array()
                .unwrap()
                .iter()
                .find(|a| a["name"] == "type")
                .unwrap()
                .get("canonicalValues")
                .cloned()
        };
        assert_eq!(types("emails"), Some(json!(["work", "home", "other"])));
        assert_eq!(types("phoneNumbers"), Some(json!(["work", "home", "mobile", "fax", "pager", "other"])));
        assert_eq!(types("addresses"), Some(json!(["work", "home", "other"])));
        assert_eq!(types("roles"), None);
        for document in [&user, &group] {
            assert_eq!(find(document, "externalId")["caseExact"], json!(true));
        }
        assert_eq!(find(&user, "userName")["uniqueness"], json!("server"));
    }

    #[test]
    fn limits_stand_in_the_configuration() {
        let provider = ServiceProvider {
            bulk: true,
            max_bulk_operations: 1000,
            max_results: 500,
            strict: true,
            documentation: Some("https://d".to_owned()),
            ..ServiceProvider::default()
        };
        let document = provider.document("https://x");
        assert_eq!(document["bulk"]["maxOperations"], json!(1000));
        assert_eq!(document["filter"]["maxResults"], json!(500));
        assert_eq!(document["strict"]["supported"], json!(true));
        assert_eq!(document["documentationUri"], json!("https://d"));
        assert_eq!(document["meta"]["location"], json!("https://x/ServiceProviderConfig"));
    }
}
