//! What a list is asked for and what it answers.

use scim::{Condition, Sort, SortValue};
use uuid::Uuid;

/// A place in a list: that of one resource, by the value it is sorted by and its id.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What the list is sorted by, when the resource has it.
    pub value: Option<SortValue>,
    /// The resource.
    pub id: Uuid,
}

impl Mark {
    /// A place in a list in the order of creation.
    pub fn at(id: Uuid) -> Self {
        Self { value: None, id }
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// By index (RFC 7644 §3.4.2.4): `offset` resources are passed over.
    Index {
        /// How many to pass over.
        offset: u64,
        /// How many to return at most.
        count: u64,
    },
    /// What comes after a resource, by key: costs the same at any depth.
    After {
        /// The last one seen, or none for the beginning.
        last: Option<Mark>,
        /// How many to return at most.
        count: u64,
    },
}

/// A list as it is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Which resources; all without it.
    pub condition: Option<Condition>,
    /// In which order; that of creation without it.
    pub sort: Option<Sort>,
    /// Which part of them.
    pub window: Window,
    /// Whether the exact number of all matches is wanted.
    pub total: bool,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The resources.
    pub items: Vec<T>,
    /// How many match in all, when it was asked for.
    pub total: Option<u64>,
    /// The place to go on from, of a page by place with more behind it.
    pub next: Option<Mark>,
}
