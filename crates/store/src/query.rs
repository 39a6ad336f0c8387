//! What a list is asked for and what it answers.

use scim::Condition;
use uuid::Uuid;

/// Which part of a list is wanted. The order is always that of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        last: Option<Uuid>,
        /// How many to return at most.
        count: u64,
    },
}

/// A list as it is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Which resources; all without it.
    pub condition: Option<Condition>,
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
}
