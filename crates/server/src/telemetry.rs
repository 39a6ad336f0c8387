//! Structured logs on standard error, so that standard output is a command's own.

use std::error::Error;
use std::io::{IsTerminal, Write, stderr};

use tracing_subscriber::EnvFilter;

/// Starts logging: readable on a terminal, JSON elsewhere. `RUST_LOG` says how much; `info` without it.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    if stderr().is_terminal() { lines.init() } else { lines.json().init() }
}

/// Says why a command failed, with all its reasons.
pub fn say_error(failure: &dyn Error) {
    let mut text = format!("error: {failure}");
    let mut source = failure.source();
    while let Some(reason) = source {
        text = format!("{text}: {reason}");
        source = reason.source();
    }
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(stderr(), "{text}");
}
