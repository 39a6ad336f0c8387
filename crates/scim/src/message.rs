//! The messages around resources: lists, queries, bulk requests, errors and discovery documents (RFC 7644 §3, §4).

pub mod bulk;
pub mod discovery;
pub mod error;
pub mod list;
pub mod query;

pub use bulk::{BulkMethod, BulkOperation, BulkRequest, BulkResult};
pub use discovery::ServiceProvider;
pub use list::ListResponse;
pub use query::{ListQuery, SortOrder};
