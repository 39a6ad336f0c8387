//! The command line: one file a command.

mod admin;
mod audit;
mod backup;
mod client;
mod demo;
mod migrate;
mod openapi;
mod serve;
mod tenant;
mod token;

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use serde::Serialize;

use crate::config::{self, Config, Flags};
use crate::otlp::{Collector, Export};

/// Why a command failed.
pub type Failure = Box<dyn Error>;

/// A multi-tenant SCIM 2.0 service.
#[derive(Debug, Parser)]
#[command(name = "directory-sync", version, about)]
pub struct CommandLine {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve requests.
    Serve,
    /// Serve, and play the IdPs' conversations against four sample tenants.
    Demo,
    /// Copy the database of a running service, on SQLite, to a folder of its own.
    Backup(backup::Backup),
    /// Bring the database up to date and stop.
    Migrate,
    /// People of the console.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Who changed what, and whether nobody has rewritten it since.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Print the OpenAPI document of the admin API.
    Openapi,
    /// Tenants.
    #[command(subcommand)]
    Tenant(tenant::Tenant),
    /// Bearer tokens of a tenant's IdPs.
    #[command(subcommand)]
    Token(token::Token),
    /// OAuth clients of a tenant's IdPs.
    #[command(subcommand)]
    Client(client::Client),
    /// The keys that access tokens of OAuth clients are signed with.
    #[command(subcommand)]
    SigningKey(client::Key),
}

impl CommandLine {
    /// Whom to tell what is done, for the commands that serve.
    ///
    /// # Errors
    /// What is wrong with the configuration.
    pub fn collector(&self) -> Result<Option<Collector>, Failure> {
        match self.command {
            Command::Serve | Command::Demo => Ok(config::collector(&self.flags)?),
            _ => Ok(None),
        }
    }

    /// Runs the command.
    ///
    /// # Errors
    /// What the person at the command line should read.
    pub async fn run(self, export: Option<Arc<Export>>) -> Result<(), Failure> {
        if let Command::Openapi = self.command {
            return openapi::run();
        }
        let config = Config::load(&self.flags)?;
        match self.command {
            Command::Openapi => Ok(()),
            Command::Admin(command) => command.run(&config).await,
            Command::Audit(command) => command.run(&config).await,
            Command::Backup(command) => command.run(&config).await,
            Command::Serve => serve::run(config, export, |_| async {}).await,
            Command::Demo => demo::run(config, export).await,
            Command::Migrate => migrate::run(&config).await,
            Command::Tenant(command) => command.run(&config).await,
            Command::Token(command) => command.run(&config).await,
            Command::Client(command) => command.run(&config).await,
            Command::SigningKey(command) => command.run(&config).await,
        }
    }
}

/// Tells the person at the terminal how it goes; the log goes to standard error. A closed standard output ends the
/// telling, not the service.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Writes a result: as JSON for programs, as text for people.
fn print<T: Serialize>(json: bool, value: &T, text: &str) -> Result<(), Failure> {
    let text = if json { serde_json::to_string(value)? } else { text.to_owned() };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
