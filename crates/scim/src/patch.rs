//! PATCH (RFC 7644 §3.5.2): the wire form, what clients really send, the plan resolved against the schema, and its
//! application to a resource.

mod apply;
mod dialect;
mod effort;
mod elements;
mod group_members;
mod plan;
mod request;
mod worked;

pub use apply::Applied;
pub use group_members::MemberStep;
pub use plan::Plan;
pub use request::{Operation, PatchRequest, Verb};

#[cfg(test)]
mod tests;
