//! A schema of a tenant's own, which extends its users or groups (RFC 7643 §3.3).

use scim::Schema;

use crate::{ResourceKind, SchemaId, Timestamp};

/// The most extension schemas of one tenant.
pub const MOST: usize = 20;

/// A schema of a tenant's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionSchema {
    /// Its id; its URN stands in the schema.
    pub id: SchemaId,
    /// What it extends.
    pub kind: ResourceKind,
    /// Its URN and attributes.
    pub schema: Schema,
    /// Whether it can be searched.
    pub state: SchemaState,
    /// Resources found to hold values that do not fit it, although all fitted when it was registered.
    pub misfits: u64,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Whether an extension schema can be searched. It is validated and published from the first moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// Values stored before are being brought into its comparison form; filters on it are refused until then.
    Preparing,
    /// All values are.
    Active,
}

impl SchemaState {
    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Active => "active",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Preparing, Self::Active].into_iter().find(|state| state.as_str() == text)
    }
}
