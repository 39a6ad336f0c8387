//! The identity providers' door: `/scim/{tenant}/v2/...`.
//!
//! HTTP is thin here and operations are thick: [`ScimDoor`] reads the request, `endpoint` shapes what comes in and goes
//! out, `operation` does the work as units that know nothing of HTTP. Whatever becomes of a request stands in the
//! tenant's sync log.

mod answer;
mod context;
mod cursor;
mod door;
mod endpoint;
mod failure;
mod json;
mod media;
mod mentions;
mod mount;
mod observe;
mod operation;
mod pace;
mod recognition;
mod representation;
pub mod routes;
mod token_endpoint;
mod turns;

pub use door::{Limits, ScimDoor, Settings};
pub use token_endpoint::TokenDoor;
