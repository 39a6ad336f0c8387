//! What a quiet tenant notices of others: its times alone, beside a tenant at full speed, and beside slow and mute clients.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::door::{Client, Door};
use crate::{Failure, person, say};

/// Requests of the quiet tenant of each kind.
const ASKED: usize = 1_000;
/// Between two of them.
const REST: Duration = Duration::from_millis(5);
/// Connections of the noisy tenant: half of them read, half of them write.
const NOISY: usize = 64;
/// Slow and mute connections.
const SLOW: usize = 600;

/// Times of the quiet tenant's reads and writes.
struct Times {
    reads: Spread,
    writes: Spread,
}

/// The middle of some times, and what one in a hundred takes longer than.
struct Spread {
    p50: Duration,
    p99: Duration,
}

/// Measures the quiet tenant alone, then beside others.
pub(crate) async fn run(quiet: &Arc<Door>, noisy: &Arc<Door>) -> Result<(), Failure> {
    say("a quiet tenant: p50 and p99 of its look-ups / of its writes")?;
    let ids = people(quiet, "q", 50).await?;
    people(noisy, "n", 2_000).await?;
    let ids: Arc<[String]> = ids.into();
    let measured = || apart(measure(Arc::clone(quiet), Arc::clone(&ids)));
    let alone = measured().await??;
    tell("  alone", &alone, None)?;

    let (stop, counts) = (CancellationToken::new(), Arc::new(Counts::default()));
    let all = (0..NOISY).map(|n| shout(Arc::clone(noisy), n, Arc::clone(&counts), stop.clone()));
    let flood = apart(join_all(all.collect::<Vec<_>>()));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let began = Instant::now();
    let beside = measured().await??;
    let took = began.elapsed();
    stop.cancel();
    flood.await?;
    tell("  beside a noisy one", &beside, Some(&alone))?;
    let (done, refused) = (counts.done.load(Ordering::Relaxed), counts.refused.load(Ordering::Relaxed));
    say(&format!("{:30} {done} done, {refused} told to wait, in {:.1} s and a little", "  the noisy one", took.as_secs_f64()))?;

    let slow: Vec<_> = (0..SLOW).map(|n| trickle(noisy.server, n)).collect();
    let stop = CancellationToken::new();
    let until = stop.clone();
    let slow = apart(async move { until.run_until_cancelled(join_all(slow)).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let beside = measured().await??;
    stop.cancel();
    slow.await?;
    Ok(tell(&format!("  beside {SLOW} slow clients"), &beside, Some(&alone))?)
}

fn tell(what: &str, times: &Times, alone: Option<&Times>) -> std::io::Result<()> {
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    let spread = |of: &Spread| format!("{:.2} {:.2} ms", millis(of.p50), millis(of.p99));
    let against = alone.map_or_else(String::new, |alone| {
        let times_of = |now: &Spread, then: &Spread| now.p99.as_secs_f64() / then.p99.as_secs_f64().max(f64::EPSILON);
        format!("   p99 {:.1} / {:.1} times", times_of(&times.reads, &alone.reads), times_of(&times.writes, &alone.writes))
    });
    say(&format!("{what:30} {} / {}{against}", spread(&times.reads), spread(&times.writes)))
}

/// Makes people by bulk requests and gives their addresses.
pub(crate) async fn people(door: &Door, prefix: &str, count: usize) -> Result<Vec<String>, Failure> {
    let mut client = Client::connect(door).await?;
    let operations: Vec<Value> = (0..count)
        .map(|n| json!({ "method": "POST", "path": "/Users", "bulkId": n.to_string(), "data": person(&format!("{prefix}{n}")) }))
        .collect();
    let mut ids = Vec::new();
    for part in operations.chunks(1_000) {
        let body = json!({ "schemas": [scim::BULK_URN], "Operations": part });
        let (status, answer) = client.send("POST", "/Bulk", Some(body)).await?;
        let results = answer.get("Operations").and_then(Value::as_array).cloned().unwrap_or_default();
        let made = results.iter().filter_map(|result| result.get("location")?.as_str()?.rsplit_once('/'));
        ids.extend(made.map(|(_, id)| id.to_owned()));
        if status != 200 {
            return Err(format!("people were not made: {status} {answer}").into());
        }
    }
    Ok(ids)
}

/// Runs clients on a thread of their own, so that they wait for the service and not for each other.
pub(crate) fn apart<F>(work: F) -> impl Future<Output = Result<F::Output, Failure>>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let running = tokio::task::spawn_blocking(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok::<_, Failure>(runtime.block_on(work))
    });
    async { running.await? }
}

async fn measure(door: Arc<Door>, ids: Arc<[String]>) -> Result<Times, Failure> {
    let mut client = Client::connect(&door).await?;
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    for n in 0..ASKED {
        let began = Instant::now();
        let path = format!("/Users?filter=userName%20eq%20%22q{}@bench.test%22", n % ids.len().max(1));
        good(client.send("GET", &path, None).await?)?;
        reads.push(began.elapsed());
        tokio::time::sleep(REST).await;
        let operation = json!({ "op": "replace", "path": "title", "value": format!("Title {n} {:?}", Instant::now()) });
        let path = format!("/Users/{}", ids.get(n % ids.len().max(1)).map(String::as_str).unwrap_or_default());
        let began = Instant::now();
        good(client.send("PATCH", &path, Some(json!({ "schemas": [scim::PATCH_URN], "Operations": [operation] }))).await?)?;
        writes.push(began.elapsed());
        tokio::time::sleep(REST).await;
    }
    Ok(Times { reads: spread(reads), writes: spread(writes) })
}

fn good((status, answer): (u16, Value)) -> Result<(), Failure> {
    if (200..300).contains(&status) { Ok(()) } else { Err(format!("the quiet tenant was told {status}: {answer}").into()) }
}

fn spread(mut times: Vec<Duration>) -> Spread {
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    Spread { p50: at(50), p99: at(99) }
}

#[derive(Default)]
struct Counts {
    done: AtomicU64,
    refused: AtomicU64,
}

/// Reads that no index helps, or writes, as fast as they are answered.
async fn shout(door: Arc<Door>, n: usize, counts: Arc<Counts>, stop: CancellationToken) {
    let shouting = async {
        let Ok(mut client) = Client::connect(&door).await else { return };
        for round in 0_u64.. {
            let answer = if n.is_multiple_of(2) {
                client.send("GET", "/Users?count=20&filter=title%20co%20%22zz%22%20or%20nickName%20ew%20%22qq%22", None).await
            } else {
                client.send("POST", "/Users", Some(person(&format!("s{n}-{round}")))).await
            };
            match answer {
                Ok((429, _)) => {
                    counts.refused.fetch_add(1, Ordering::Relaxed);
                }
                Ok(_) => {
                    counts.done.fetch_add(1, Ordering::Relaxed);
                }
                Err(_) => return,
            }
        }
    };
    stop.run_until_cancelled(shouting).await;
}

/// Begins a request and does not end it.
async fn trickle(server: SocketAddr, n: usize) {
    let Ok(mut stream) = TcpStream::connect(server).await else { return };
    let first: &[u8] = match n % 3 {
        0 => b"",
        1 => b"GET /scim/x/v2/Users HTTP/1.1\r\nx",
        _ => b"POST /oauth/x/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 9999\r\n\r\n",
    };
    let mut sent = stream.write_all(first).await;
    while sent.is_ok() {
        tokio::time::sleep(Duration::from_millis(500)).await;
        sent = if first.is_empty() { Ok(()) } else { stream.write_all(b"x").await };
    }
}
