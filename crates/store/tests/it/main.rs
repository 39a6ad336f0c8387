//! The store on both engines. PostgreSQL comes from `TEST_DATABASE_URL`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod audit;
mod condition;
mod costs;
mod directory;
mod endings;
mod figures;
mod filters;
mod lanes;
mod log;
mod log_queue;
mod log_search;
mod nodes;
mod plans;
mod quiet;
mod removal;
mod roles;
mod schemas;
mod slugs;
mod sorts;
mod standings;
mod stream;
mod uses;
mod waiting;
mod walks;
mod wall;
mod webhooks;

pub(crate) use store::on_both;
