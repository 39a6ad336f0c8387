//! Structured logs on standard error, so that standard output is a command's own; and spans for a collector, where one is
//! configured.

use std::error::Error;
use std::io::{IsTerminal, Write, stderr};

use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::otlp::Export;

/// The target of spans that a collector is told; they are no lines of the log.
pub(crate) const SPANS: &str = "directory_sync::spans";

/// Starts logging: readable on a terminal, JSON elsewhere. `RUST_LOG` says how much; `info` without it.
pub fn start(export: Option<&Export>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn"));
    let lines = fmt::layer().with_writer(stderr);
    let lines = if stderr().is_terminal() { lines.boxed() } else { lines.json().boxed() };
    let spans = export.map(|export| {
        let layer = tracing_opentelemetry::layer().with_tracer(export.tracer()).with_location(false).with_threads(false);
        layer.with_target(false).with_level(false).with_filter(filter_fn(|of| of.target() == SPANS))
    });
    tracing_subscriber::registry().with(lines.with_filter(filter)).with(spans).init();
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
