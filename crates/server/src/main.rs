//! The command line.

use std::process::ExitCode;

use clap::Parser;
use directory_sync::command::CommandLine;
use directory_sync::telemetry;

#[tokio::main]
async fn main() -> ExitCode {
    let line = CommandLine::parse();
    telemetry::start();
    match line.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            telemetry::say_error(failure.as_ref());
            ExitCode::FAILURE
        }
    }
}
