//! The Directory Sync server.
fn main() {}
