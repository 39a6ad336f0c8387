//! The protocol against whole requests and against random ones.

mod fixtures;
mod properties;
