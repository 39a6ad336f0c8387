//! What attributes a resource has, as data (RFC 7643 §2, §7). The definitions of the standard stand in the folder beside.

mod define;
mod enterprise_user;
mod group;
mod lookup;
mod user;

pub use lookup::Located;

/// The core schema of users.
pub const USER_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The core schema of groups.
pub const GROUP_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The enterprise extension of users.
pub const ENTERPRISE_URN: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The error message.
pub const ERROR_URN: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
/// The answer to a query.
pub const LIST_URN: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// The body of a PATCH.
pub const PATCH_URN: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// The body of a query by POST.
pub const SEARCH_URN: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
/// The body of a bulk request.
pub const BULK_URN: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// The answer to a bulk request.
pub const BULK_RESPONSE_URN: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
/// The URN prefix of SCIM 1.1 schemas.
pub const SCIM11_PREFIX: &str = "urn:scim:schemas:";

/// The data type of an attribute (RFC 7643 §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text.
    String,
    /// true or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A point in time, RFC 3339.
    DateTime,
    /// A URI or the id of a resource.
    Reference,
    /// Bytes in Base64.
    Binary,
    /// An object of sub-attributes.
    Complex,
}

/// Who may change an attribute (RFC 7643 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mutability {
    /// The service alone.
    ReadOnly,
    /// The client.
    ReadWrite,
    /// The client, once.
    Immutable,
    /// The client, who never reads it back.
    WriteOnly,
}

/// When an attribute is in an answer (RFC 7643 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Returned {
    /// In every answer.
    Always,
    /// In none.
    Never,
    /// Unless the client asks for less.
    Default,
    /// Only when the client asks for it.
    Request,
}

/// Within what a value is unique (RFC 7643 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Uniqueness {
    /// Not at all.
    None,
    /// Within the tenant.
    Server,
    /// Anywhere.
    Global,
}

/// One attribute or sub-attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name in the schema's spelling.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// Its data type; of each element where it is a list.
    pub kind: Kind,
    /// Whether it is a list.
    pub multi_valued: bool,
    /// Whether a resource must have it.
    pub required: bool,
    /// Whether text compares exactly.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is in an answer.
    pub returned: Returned,
    /// Within what it is unique.
    pub uniqueness: Uniqueness,
    /// Suggested values; others are accepted too.
    pub canonical_values: Vec<String>,
    /// What a reference may point to.
    pub reference_types: Vec<String>,
    /// The parts of a complex attribute.
    pub sub_attributes: Vec<Attribute>,
}

/// A named set of attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Its URN.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// One resource type: a core schema and the extensions it may carry. Build it once and share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceSchema {
    name: String,
    endpoint: String,
    core: Schema,
    extensions: Vec<Schema>,
    common: Vec<Attribute>,
}

impl ResourceSchema {
    /// Users with the enterprise extension.
    pub fn user() -> Self {
        Self {
            name: "User".to_owned(),
            endpoint: "/Users".to_owned(),
            core: user::schema(),
            extensions: vec![enterprise_user::schema()],
            common: define::common(),
        }
    }

    /// Groups.
    pub fn group() -> Self {
        Self {
            name: "Group".to_owned(),
            endpoint: "/Groups".to_owned(),
            core: group::schema(),
            extensions: Vec::new(),
            common: define::common(),
        }
    }

    /// The name of the resource type, `User`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its resources are, `/Users`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The core schema.
    pub fn core(&self) -> &Schema {
        &self.core
    }

    /// The registered extensions.
    pub fn extensions(&self) -> &[Schema] {
        &self.extensions
    }

    /// The same type with one more extension; one of the same URN is replaced.
    #[must_use]
    pub fn with_extension(mut self, schema: Schema) -> Self {
        self.extensions.retain(|known| !crate::attribute::same(&known.id, &schema.id));
        self.extensions.push(schema);
        self
    }
}
