//! Requests per second and their times through the real SCIM door, on this machine only; and what sharing commits gives.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::Parser;
use directory_sync::app::{App, Ground};
use directory_sync::config::{Config, Flags};
use directory_sync::{background, listener};
use domain::{
    Clock, Connection, ConnectionId, ConnectionState, Credential, CredentialId, Idp, Rights, SystemClock, Tenant, TenantId,
    TenantState,
};
use futures_util::future::try_join_all;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures creates, look-ups, reads, PATCHes and member adds through the SCIM door. Use a fresh --data folder and, for
/// PostgreSQL, a database of its own.
#[derive(Debug, Parser)]
struct Bench {
    #[command(flatten)]
    flags: Flags,
    /// Clients at once.
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// Requests of each client and kind.
    #[arg(long, default_value_t = 250)]
    requests: usize,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let bench = Bench::parse();
    let config = Config::load(&bench.flags)?;
    let ground = Ground::open(&config, Arc::new(SystemClock)).await.map_err(|error| error.to_string())?;
    let (token, slug) = tenant(&ground).await?;
    let socket = TcpListener::bind("127.0.0.1:0").await?;
    let server = socket.local_addr()?;
    let (app, writer) = App::new(&ground, &config);
    let (log, stop) = (background::write_log(writer), CancellationToken::new());
    let serving = background::spawn(listener::serve(socket, Arc::new(app), stop.clone()));
    say(&format!("{}, {} requests a client", ground.store.engine_name(), bench.requests))?;
    let door = Door { server, base: format!("/scim/{slug}/v2"), token };
    let mut alone = 0.0;
    for clients in [1, 16, 64] {
        let (rate, _) = door
            .run(&format!("create, {clients} at once"), clients, bench.requests, "POST", |c, i| {
                ("/Users".to_owned(), Some(person(&format!("s{clients}-{c}-{i}"))))
            })
            .await?;
        if clients == 1 {
            alone = rate;
        } else {
            say(&format!("  {:.1} times one at a time, which is a commit for each request", rate / alone))?;
        }
    }
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
    stop.cancel();
    serving.await?;
    log.await?;
    ground.store.close().await;
    Ok(())
}

struct Door {
    server: SocketAddr,
    base: String,
    token: String,
}

impl Door {
    /// Runs `clients` connections, each with `requests` one after another; gives requests a second and the answers' ids.
    async fn run(
        &self,
        what: &str,
        clients: usize,
        requests: usize,
        method: &'static str,
        make: impl Fn(usize, usize) -> (String, Option<Value>) + Sync,
    ) -> Result<(f64, Vec<String>), Failure> {
        let began = Instant::now();
        let each = (0..clients).map(|client| self.client(client, requests, method, &make));
        let results = try_join_all(each).await?;
        let rate = per_second(clients * requests, began.elapsed());
        let (times, ids): (Vec<_>, Vec<_>) = results.into_iter().flatten().unzip();
        let mut times: Vec<Duration> = times;
        times.sort_unstable();
        let at =
            |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default();
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        say(&format!("{what:30} {rate:8.0}/s   p50 {:7.2} ms   p99 {:7.2} ms", millis(at(50)), millis(at(99))))?;
        Ok((rate, ids))
    }

    async fn client(
        &self,
        client: usize,
        requests: usize,
        method: &'static str,
        make: &impl Fn(usize, usize) -> (String, Option<Value>),
    ) -> Result<Vec<(Duration, String)>, Failure> {
        let stream = TcpStream::connect(self.server).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        background::spawn(connection);
        let mut done = Vec::with_capacity(requests);
        for i in 0..requests {
            let (path, body) = make(client, i);
            let request = hyper::Request::builder()
                .method(method)
                .uri(format!("{}{path}", self.base))
                .header("host", "bench")
                .header("authorization", format!("Bearer {}", self.token))
                .header("content-type", "application/scim+json")
                .body(Full::new(Bytes::from(body.map(|body| body.to_string()).unwrap_or_default())))?;
            let began = Instant::now();
            sender.ready().await?;
            let response = sender.send_request(request).await?;
            let status = response.status();
            let bytes = response.into_body().collect().await?.to_bytes();
            if !status.is_success() {
                return Err(format!("{method} {path}: {status} {}", String::from_utf8_lossy(&bytes)).into());
            }
            let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            done.push((began.elapsed(), answer.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()));
        }
        Ok(done)
    }
}

fn person(name: &str) -> Value {
    json!({
        "schemas": [scim::USER_URN], "userName": format!("{name}@bench.test"), "externalId": name,
        "name": { "givenName": "Bench", "familyName": name }, "emails": [{ "value": format!("{name}@bench.test"), "type": "work" }],
    })
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

async fn tenant(ground: &Ground) -> Result<(String, String), Failure> {
    let slug = format!("bench-{}", SystemClock.now().as_micros());
    let tenant = Tenant {
        id: TenantId::generate(),
        slug: slug.parse().map_err(|_| "no slug")?,
        name: "Bench".to_owned(),
        state: TenantState::Active,
        created_at: SystemClock.now(),
    };
    let tenant = ground.store.system().insert_tenant(tenant).await?;
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
    let connection = door.connections().insert(connection).await?;
    let issued = domain::credential::issue(&ground.key)?;
    let credential = Credential {
        id: CredentialId::generate(),
        tenant: tenant.id,
        connection: connection.id,
        name: "Bench".to_owned(),
        public_id: issued.public_id.clone(),
        digest: issued.digest,
        rights: Rights::Write,
        created_at: SystemClock.now(),
        created_by: None,
        ends_at: None,
        revoked_at: None,
        last_used: None,
    };
    door.credentials().insert(&credential).await?;
    Ok((issued.token.expose().to_owned(), slug))
}

fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}
