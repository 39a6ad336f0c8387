//! Requests per second and their times through the real SCIM door, on this machine only; and what sharing commits gives.

mod alone;
mod authentication;
mod door;
mod feed;
mod large;
mod logging;
mod neighbours;
mod roles;

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use directory_sync::app::{App, Ground};
use directory_sync::background;
use directory_sync::config::{Config, Flags};
use directory_sync::listener::{self, Transport};
use domain::credential::Order;
use domain::{
    Clock, Connection, ConnectionId, ConnectionState, Credential, Idp, Rights, SystemClock, Tenant, TenantId, TenantState,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::door::Door;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures creates, look-ups, reads, PATCHes, member adds and the largest requests through the SCIM door, what the sync log
/// costs a write, what a request spends on authentication, the store alone, what a quiet tenant notices of others, how soon an
/// app hears that somebody was deactivated, and a role given to a large group. Use a fresh --data folder and, for PostgreSQL, a
/// database of its own.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct Bench {
    #[command(flatten)]
    flags: Flags,
    /// Clients at once.
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// Measure only what a quiet tenant notices of others.
    #[arg(long)]
    neighbours: bool,
    /// Measure only how soon an app hears that somebody was deactivated.
    #[arg(long)]
    feed: bool,
    /// Measure only what the sync log costs a write.
    #[arg(long)]
    logging: bool,
    /// Measure only what a role given to a large group takes.
    #[arg(long)]
    roles: bool,
    /// Requests of each client and kind.
    #[arg(long, default_value_t = 250)]
    requests: usize,
    /// Leave out the largest requests, the store alone, other tenants, the feed and roles.
    #[arg(long)]
    small: bool,
}

impl Bench {
    /// Whether one section is measured and no other.
    fn one_section(&self) -> bool {
        self.neighbours || self.feed || self.logging || self.roles
    }

    /// Whether a section is measured: one that was asked for, or each where none was.
    fn wants(&self, asked: bool) -> bool {
        if self.one_section() { asked } else { !self.small }
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let bench = Bench::parse();
    let config = Config::load(&bench.flags)?;
    let ground = Ground::open(&config, Arc::new(SystemClock)).await.map_err(|error| error.to_string())?;
    let (token, slug, connection) = tenant(&ground).await?;
    let socket = TcpListener::bind("127.0.0.1:0").await?;
    let server = socket.local_addr()?;
    let (app, writer) = App::new(&ground, &config).map_err(|error| error.to_string())?;
    let watch = app.watch();
    let (log, stop) = (background::write_log(writer), CancellationToken::new());
    let serving = background::spawn(listener::serve(socket, Arc::new(app), Transport::default(), stop.clone()));
    let wall = if bench.flags.row_level_security == Some(true) { ", row-level security" } else { "" };
    say(&format!("{}{wall}, {} requests a client", ground.store.engine_name(), bench.requests))?;
    let door = Arc::new(Door { server, base: format!("/scim/{slug}/v2"), token });
    if bench.logging {
        door.run("create", 16, 1, "POST", |c, i| ("/Users".to_owned(), Some(person(&format!("p{c}-{i}"))))).await?;
        logging::run(&ground, &config, &door, &watch).await?;
    } else if !bench.one_section() {
        requests(&bench, &door).await?;
        logging::run(&ground, &config, &door, &watch).await?;
        authentication::run(&ground, &config, &connection, (&door.token, &slug)).await?;
    }
    if bench.wants(bench.neighbours) {
        let (token, slug, _) = tenant(&ground).await?;
        let noisy = Arc::new(Door { server, base: format!("/scim/{slug}/v2"), token });
        neighbours::run(&door, &noisy).await?;
    }
    // Each has a tenant of its own, in which nobody has been yet.
    if bench.wants(bench.feed) {
        let (token, slug, connection) = tenant(&ground).await?;
        let door = Arc::new(Door { server, base: format!("/scim/{slug}/v2"), token });
        feed::run(&ground, &door, &slug, connection.tenant).await?;
    }
    if bench.wants(bench.roles) {
        let (token, slug, _) = tenant(&ground).await?;
        roles::run(&ground, &Door { server, base: format!("/scim/{slug}/v2"), token }, &slug).await?;
    }
    stop.cancel();
    serving.await?;
    log.await?;
    let author = ground.command_line();
    ground.store.close().await;
    if bench.one_section() {
        return Ok(());
    }
    started_again(&config).await?;
    if bench.small { Ok(()) } else { alone::run(&config, &author).await }
}

/// The usual requests, each kind by itself, then the largest.
async fn requests(bench: &Bench, door: &Door) -> Result<(), Failure> {
    let (clients, requests) = (bench.clients, bench.requests);
    let (_, people) =
        door.run("create", clients, requests, "POST", |c, i| ("/Users".to_owned(), Some(person(&format!("p{c}-{i}"))))).await?;
    let id = |c: usize, i: usize| people.get(c * requests + i).cloned().unwrap_or_default();
    door.run("look-up by userName", clients, requests, "GET", |c, i| {
        (format!("/Users?filter=userName%20eq%20%22p{c}-{i}@bench.test%22"), None)
    })
    .await?;
    door.run("read", clients, requests, "GET", |c, i| (format!("/Users/{}", id(c, i)), None)).await?;
    door.run("PATCH", clients, requests, "PATCH", |c, i| {
        let operation = json!({ "op": "replace", "path": "title", "value": format!("Title {i}") });
        (format!("/Users/{}", id(c, i)), Some(json!({ "Operations": [operation] })))
    })
    .await?;
    let (_, groups) =
        door.run("create group", 1, 1, "POST", |_, _| ("/Groups".to_owned(), Some(json!({ "displayName": "Everyone" })))).await?;
    let group = groups.first().cloned().unwrap_or_default();
    door.run("add a member to one group", clients, requests, "PATCH", |c, i| {
        let operation = json!({ "op": "add", "path": "members", "value": [{ "value": id(c, i) }] });
        (format!("/Groups/{group}?excludedAttributes=members"), Some(json!({ "Operations": [operation] })))
    })
    .await?;
    if bench.small { Ok(()) } else { large::run(door).await }
}

/// How long opening a database takes that is there already.
async fn started_again(config: &Config) -> Result<(), Failure> {
    let began = Instant::now();
    let ground = Ground::open(config, Arc::new(SystemClock)).await.map_err(|error| error.to_string())?;
    say(&format!("{:30} {:8.0} ms", "start with this database", began.elapsed().as_secs_f64() * 1_000.0))?;
    ground.store.close().await;
    Ok(())
}

pub(crate) fn person(name: &str) -> Value {
    json!({
        "schemas": [scim::USER_URN], "userName": format!("{name}@bench.test"), "externalId": name,
        "name": { "givenName": "Bench", "familyName": name }, "emails": [{ "value": format!("{name}@bench.test"), "type": "work" }],
    })
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(crate) fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

async fn tenant(ground: &Ground) -> Result<(String, String, Connection), Failure> {
    let slug = format!("bench-{}", SystemClock.now().as_micros());
    let tenant = Tenant {
        id: TenantId::generate(),
        slug: slug.parse().map_err(|_| "no slug")?,
        name: "Bench".to_owned(),
        state: TenantState::Active,
        ceiling: domain::Ceiling::General,
        created_at: SystemClock.now(),
        log: domain::LogSettings::default(),
    };
    let tenant = ground.store.system().insert_tenant(tenant, &ground.command_line()).await?;
    let door = ground.store.tenant(tenant.id);
    let connection = Connection {
        id: ConnectionId::generate(),
        tenant: tenant.id,
        name: "Bench".to_owned(),
        idp: Idp::Other,
        state: ConnectionState::Open,
        strict: false,
        created_at: SystemClock.now(),
    };
    let connection = door.connections().insert(connection, &ground.command_line()).await?;
    let order = Order { name: "Bench".to_owned(), rights: Rights::Write, created_by: None, at: SystemClock.now(), days: None };
    let (token, credential) = Credential::issue(&ground.key, &connection, order)?;
    door.credentials().insert(&credential, &ground.command_line()).await?;
    Ok((token.expose().to_owned(), slug, connection))
}

pub(crate) fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}
