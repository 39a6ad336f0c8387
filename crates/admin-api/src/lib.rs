//! The admins' and API clients' door: `/api/v1`, described by an OpenAPI document.
//!
//! [`AdminDoor`] answers whatever is asked below `/api`; [`document`] is what it serves at `/api/openapi.json`. A person
//! proves who they are by a session cookie. Refusals are problem documents (RFC 9457) with a stable `code`.

mod answer;
mod attempts;
mod audit;
mod auth;
mod changes;
mod connections;
mod credentials;
mod door;
mod failure;
mod form;
mod groups;
mod leaks;
mod oauth_clients;
mod old_slugs;
mod paging;
mod passwords;
mod rotation;
mod schemas;
mod service;
mod sessions;
mod sync_events;
mod system;
mod tenants;
mod users;
mod value;
mod welcome;

pub use door::{AdminDoor, Settings};
pub use service::document;
