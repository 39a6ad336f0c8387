//! The protocol against whole requests and against random ones, and the page that says how it conforms.

mod conformance;
mod dialects;
mod fixtures;
mod hostile;
mod properties;
