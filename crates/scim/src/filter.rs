//! Filters (RFC 7644 §3.4.2.2): parsed into a syntax tree, resolved against a schema, answered in memory. SQL is made
//! elsewhere, of the same resolved condition.

mod address;
mod ast;
mod condition;
mod dialect;
mod matches;
mod parse;
mod resolve;

pub use ast::{Filter, Literal, Op};
pub use condition::{Condition, Operand, Target};
pub(crate) use dialect::note_repairs_of_elements;
pub(crate) use parse::Parser;
pub(crate) use resolve::resolve_elements;

#[cfg(test)]
mod tests;
