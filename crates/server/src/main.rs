//! The command line.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use directory_sync::command::{CommandLine, Failure};
use directory_sync::otlp::Export;
use directory_sync::telemetry;

#[tokio::main]
async fn main() -> ExitCode {
    match run(CommandLine::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            telemetry::say_error(failure.as_ref());
            ExitCode::FAILURE
        }
    }
}

async fn run(line: CommandLine) -> Result<(), Failure> {
    let export = line.collector()?.map(|collector| Export::start(&collector)).transpose()?.map(Arc::new);
    telemetry::start(export.as_deref());
    let done = line.run(export.clone()).await;
    if let Some(export) = export {
        // It waits for the collector, which must not hold up a thread that others need.
        tokio::task::spawn_blocking(move || export.end()).await?;
    }
    done
}
