//! The protocol against whole requests and against random ones.

mod dialects;
mod fixtures;
mod properties;
