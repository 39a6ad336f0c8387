//! The SCIM 2.0 protocol (RFC 7643, RFC 7644, RFC 9865) as pure functions: no async, no clock, no HTTP, no database.
//!
//! A body becomes a [`Resource`] by [`canonicalize`], a PATCH a [`Plan`], a filter a [`Condition`]; each notes in
//! [`Repairs`] what it read otherwise than it was sent, and says in a [`Fault`] why it cannot. Answers are made by
//! [`representation::document`], cut by a [`Projection`] and wrapped by the functions in [`message`].

pub mod attribute;
pub mod bound;
pub mod canonical;
pub mod comparison;
pub mod fault;
pub mod filter;
mod immutable;
mod members;
pub mod message;
pub mod patch;
pub mod path;
pub mod precondition;
pub mod projection;
pub mod repair;
pub mod representation;
pub mod resource;
pub mod schema;
pub mod sort;
mod typing;

pub use bound::Bound;
pub use canonical::{canonicalize, misfit};
pub use fault::{Fault, FaultKind};
pub use filter::{Condition, Filter, Literal, Op, Operand, Target};
pub use immutable::keep_immutable;
pub use message::{BulkMethod, BulkOperation, BulkRequest, BulkResult, ListQuery, ListResponse, ServiceProvider, SortOrder};
pub use patch::{Applied, MemberStep, Operation, PatchRequest, Plan, Verb};
pub use path::{AttributePath, PatchPath};
pub use precondition::{Precondition, Stale, Version};
pub use projection::Projection;
pub use repair::{Repair, RepairRule, Repairs};
pub use representation::Meta;
pub use resource::{MemberKind, MemberRef, Resource};
pub use schema::{
    Attribute, BULK_RESPONSE_URN, BULK_URN, DefinitionFault, ENTERPRISE_URN, ERROR_URN, GROUP_URN, Kind, LIST_URN, Located,
    Mutability, PATCH_URN, ResourceSchema, Returned, SEARCH_URN, Schema, USER_URN, Uniqueness,
};
pub use sort::{Sort, SortValue};
