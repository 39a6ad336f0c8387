//! What attributes a resource has, as data (RFC 7643 §2, §7). The definitions of the standard stand in the folder beside.

mod define;
mod enterprise_user;
mod extension;
mod group;
mod lookup;
mod user;

pub use extension::DefinitionFault;
pub use lookup::Located;
use serde::{Deserialize, Serialize};

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

/// A closed set of words, each with its meaning; JSON holds the word.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $default:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal,)+ })+) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $text)] $word,)+
        }

        impl $name {
            /// The word in schema documents.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)+ }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        })+
    };
}

words! {
    /// The data type of an attribute (RFC 7643 §2.3).
    Kind: String {
        /// Text.
        String = "string",
        /// true or false.
        Boolean = "boolean",
        /// A whole number.
        Integer = "integer",
        /// A number.
        Decimal = "decimal",
        /// A point in time, RFC 3339.
        DateTime = "dateTime",
        /// A URI or the id of a resource.
        Reference = "reference",
        /// Bytes in Base64.
        Binary = "binary",
        /// An object of sub-attributes.
        Complex = "complex",
    }
    /// Who may change an attribute (RFC 7643 §7).
    Mutability: ReadWrite {
        /// The service alone.
        ReadOnly = "readOnly",
        /// The client.
        ReadWrite = "readWrite",
        /// The client, once.
        Immutable = "immutable",
        /// The client, who never reads it back.
        WriteOnly = "writeOnly",
    }
    /// When an attribute is in an answer (RFC 7643 §7).
    Returned: Default {
        /// In every answer.
        Always = "always",
        /// In none.
        Never = "never",
        /// Unless the client asks for less.
        Default = "default",
        /// Only when the client asks for it.
        Request = "request",
    }
    /// Within what a value is unique (RFC 7643 §7).
    Uniqueness: None {
        /// Not at all.
        None = "none",
        /// Within the tenant.
        Server = "server",
        /// Anywhere.
        Global = "global",
    }
}

/// One attribute or sub-attribute. Its JSON is that of RFC 7643 §7; what that leaves out has the defaults of §2.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// Its name in the schema's spelling.
    pub name: String,
    /// What it is, for people.
    #[serde(default)]
    pub description: String,
    /// Its data type; of each element where it is a list.
    #[serde(rename = "type", default)]
    pub kind: Kind,
    /// Whether it is a list.
    #[serde(default)]
    pub multi_valued: bool,
    /// Whether a resource must have it.
    #[serde(default)]
    pub required: bool,
    /// Whether text compares exactly.
    #[serde(default)]
    pub case_exact: bool,
    /// Who may change it.
    #[serde(default)]
    pub mutability: Mutability,
    /// When it is in an answer.
    #[serde(default)]
    pub returned: Returned,
    /// Within what it is unique.
    #[serde(default)]
    pub uniqueness: Uniqueness,
    /// Suggested values; others are accepted too.
    #[serde(default)]
    pub canonical_values: Vec<String>,
    /// What a reference may point to.
    #[serde(default)]
    pub reference_types: Vec<String>,
    /// The parts of a complex attribute.
    #[serde(default)]
    pub sub_attributes: Vec<Attribute>,
}

/// A named set of attributes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Its URN.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// What it is, for people.
    #[serde(default)]
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
    /// URNs of extensions whose stored values are not all in comparison form yet.
    unready: Vec<String>,
    revision: u64,
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
            unready: Vec::new(),
            revision: 0,
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
            unready: Vec::new(),
            revision: 0,
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

    /// The same type with an extension that cannot be filtered or sorted by yet, because values stored before it was
    /// registered are not in its comparison form.
    #[must_use]
    pub fn with_unready_extension(mut self, schema: Schema) -> Self {
        self.unready.push(schema.id.clone());
        self.with_extension(schema)
    }

    /// Whether the extension can be filtered and sorted by.
    pub(crate) fn is_ready(&self, urn: &str) -> bool {
        !self.unready.iter().any(|unready| unready == urn)
    }

    /// The same type as of a revision of its tenant's extensions.
    #[must_use]
    pub fn at_revision(mut self, revision: u64) -> Self {
        self.revision = revision;
        self
    }

    /// Which revision of a tenant's extensions this is; 0 where there never were any.
    pub fn revision(&self) -> u64 {
        self.revision
    }
}
