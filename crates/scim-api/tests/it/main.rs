//! The SCIM door in process, on both engines. PostgreSQL comes from `TEST_DATABASE_URL`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod bodies;
mod causes;
mod client;
mod costs;
mod extension;
mod filters;
mod idempotence;
mod model;
mod old_slug;
mod panics;
mod refusals;
mod routes;
mod statements;
mod timing;
mod token_ends;
mod tokens;
mod waiting;
