//! What the door does, as functions that know nothing of HTTP.

pub(crate) mod bulk;
pub(crate) mod group;
pub(crate) mod page;
pub(crate) mod user;
