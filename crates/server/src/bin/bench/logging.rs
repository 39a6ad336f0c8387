//! What the sync log costs a write: the same writes with the log and without it, in turns on one database.

use std::sync::Arc;
use std::time::{Duration, Instant};

use directory_sync::app::{App, Ground};
use directory_sync::background;
use directory_sync::config::Config;
use directory_sync::listener::{self, Transport};
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use store::{SyncLogSender, SyncLogWatch};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::door::{Client, Door};
use crate::{Failure, say};

/// Rounds with the log and as many without it.
const ROUNDS: usize = 40;
/// Of each, the first so many are thrown away: until then the log's file grows to the size that it keeps.
const WARM: usize = 8;
/// Writes of each client in a round.
const WRITES: usize = 60;
/// Between two writes of a client that takes its time.
const REST: Duration = Duration::from_millis(25);

/// Measures writes at full speed by many clients, and by few that take their time as an IdP does.
pub(crate) async fn run(ground: &Ground, config: &Config, with: &Door, watch: &SyncLogWatch) -> Result<(), Failure> {
    let socket = TcpListener::bind("127.0.0.1:0").await?;
    let without = Door { server: socket.local_addr()?, base: with.base.clone(), token: with.token.clone() };
    let app = App::with_log(ground, config, SyncLogSender::off()).map_err(|error| error.to_string())?;
    let stop = CancellationToken::new();
    let serving = background::spawn(listener::serve(socket, Arc::new(app), Transport::default(), stop.clone()));
    say("PATCHes with the log / without it")?;
    for (what, clients, rest) in [("  4 clients, 25 ms apart", 4, REST), ("  16 clients, full speed", 16, Duration::ZERO)] {
        let (mut logged, mut unlogged) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let times = writes(with, clients, rest, round).await?;
            // What the log still writes belongs to the round that is over.
            while watch.waiting() > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            let others = writes(&without, clients, rest, round).await?;
            if round >= WARM {
                logged.extend(times);
                unlogged.extend(others);
            }
        }
        let [with, without] = [&mut logged, &mut unlogged].map(|times| [50, 95, 99].map(|part| at(times, part)));
        let told = [0, 1, 2].map(|n| {
            Some(format!("{:.2} / {:.2} ms ({:+.0} %)", with.get(n)?, without.get(n)?, more(*with.get(n)?, *without.get(n)?)))
        });
        let [p50, p95, p99] = told.map(Option::unwrap_or_default);
        say(&format!("{what:30} p50 {p50}   p95 {p95}   p99 {p99}"))?;
    }
    stop.cancel();
    Ok(serving.await?)
}

/// The times of one round, in which each client changes a person of its own.
async fn writes(door: &Door, clients: usize, rest: Duration, round: usize) -> Result<Vec<Duration>, Failure> {
    let each = (0..clients).map(|client| async move {
        let mut connection = Client::connect(door).await?;
        let filter = format!("/Users?filter=userName%20eq%20%22p{client}-0@bench.test%22");
        let (_, found) = connection.send("GET", &filter, None).await?;
        let id = found.pointer("/Resources/0/id").and_then(Value::as_str).ok_or("nobody to change")?.to_owned();
        // Not all at the same moment.
        tokio::time::sleep(rest * u32::try_from(client)? / u32::try_from(clients)?).await;
        let mut times = Vec::with_capacity(WRITES);
        for n in 0..WRITES {
            let operation = json!({ "op": "replace", "path": "title", "value": format!("Title {round} {n} {}", door.server) });
            let body = json!({ "schemas": [scim::PATCH_URN], "Operations": [operation] });
            let began = Instant::now();
            let (status, answer) = connection.send("PATCH", &format!("/Users/{id}"), Some(body)).await?;
            if status != 200 {
                return Err(format!("{status} {answer}").into());
            }
            times.push(began.elapsed());
            tokio::time::sleep(rest).await;
        }
        Ok::<_, Failure>(times)
    });
    Ok(try_join_all(each).await?.into_iter().flatten().collect())
}

/// Milliseconds below which so many of a hundred stay.
fn at(times: &mut [Duration], part: usize) -> f64 {
    times.sort_unstable();
    times.get(times.len() * part / 100).copied().unwrap_or_default().as_secs_f64() * 1_000.0
}

fn more(with: f64, without: f64) -> f64 {
    (with / without.max(f64::EPSILON) - 1.0) * 100.0
}
