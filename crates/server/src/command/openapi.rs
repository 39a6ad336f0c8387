//! `openapi`.

use std::io::Write;

use super::Failure;

/// Prints the document that is served at `/api/openapi.json`.
pub(super) fn run() -> Result<(), Failure> {
    std::io::stdout().write_all(admin_api::document().as_bytes())?;
    Ok(())
}
