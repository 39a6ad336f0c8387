//! How soon an app hears that somebody was deactivated: by a call that waits and by the stream, alone and while others write.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use directory_sync::app::Ground;
use directory_sync::background;
use domain::api_key::ApiKeyOrder;
use domain::{ApiKey, Clock, Role, SystemClock, TenantId};
use futures_util::future::join_all;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::door::{Client, Door};
use crate::neighbours::{apart, people};
use crate::{Failure, per_second, say};

/// People who are deactivated, one after another.
const DEACTIVATED: usize = 200;
/// Between two of them.
const REST: Duration = Duration::from_millis(20);
/// Clients that write at full speed meanwhile.
const WRITERS: usize = 16;
/// In which all must be heard of.
const PATIENCE: Duration = Duration::from_mins(3);

/// When each deactivation was heard of.
type Heard = HashMap<String, Instant>;

/// One deactivation: whom, when the request began, when it was answered.
struct Written {
    id: String,
    began: Instant,
    answered: Instant,
}

/// Measures a tenant alone, then while clients write to it.
pub(crate) async fn run(ground: &Ground, door: &Arc<Door>, slug: &str, tenant: TenantId) -> Result<(), Failure> {
    let order = ApiKeyOrder {
        tenant: Some(tenant),
        name: "Bench".to_owned(),
        role: Role::Developer,
        by: "bench".to_owned(),
        at: SystemClock.now(),
        days: None,
    };
    let (token, key) = ApiKey::issue(&ground.key, order)?;
    ground.store.system().insert_api_key(&key, &ground.command_line()).await?;
    let token = token.expose().to_owned();
    let feed = Arc::new(Door { server: door.server, base: format!("/api/v1/tenants/{slug}"), token });
    say("from a deactivation to who waits for it: after its answer / after its request began")?;
    measured(ground, tenant, (door, &feed), "a").await?;

    let (stop, count) = (CancellationToken::new(), Arc::new(AtomicU64::new(0)));
    let ids = people(door, "w", WRITERS).await?;
    let writers: Vec<_> = ids.into_iter().map(|id| write(Arc::clone(door), id, Arc::clone(&count), stop.clone())).collect();
    let (writing, began) = (apart(join_all(writers)), Instant::now());
    measured(ground, tenant, (door, &feed), "b").await?;
    let took = began.elapsed();
    stop.cancel();
    writing.await?;
    let count = usize::try_from(count.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
    Ok(say(&format!("  meanwhile {WRITERS} writers at {:.0} writes a second", per_second(count, took)))?)
}

/// Deactivates people whose names begin with `prefix` while two apps wait, and tells the times of both.
async fn measured(
    ground: &Ground,
    tenant: TenantId,
    (door, feed): (&Arc<Door>, &Arc<Door>),
    prefix: &str,
) -> Result<(), Failure> {
    let ids = people(door, prefix, DEACTIVATED).await?;
    let after = ground.store.tenant(tenant).counters().await?.seq;
    let (door, calls, stream) = (Arc::clone(door), Arc::clone(feed), Arc::clone(feed));
    let all = async move {
        let all = async { tokio::try_join!(by_calls(&calls, after), by_stream(&stream, after), deactivate(&door, ids)) };
        tokio::time::timeout(PATIENCE, all).await
    };
    let (calls, stream, written) = apart(all).await???;
    let beside = if prefix == "a" { "alone" } else { "beside writers" };
    tell(&format!("  a call that waits, {beside}"), &calls, &written)?;
    tell(&format!("  the stream, {beside}"), &stream, &written)
}

async fn deactivate(door: &Door, ids: Vec<String>) -> Result<Vec<Written>, Failure> {
    let mut client = Client::connect(door).await?;
    // Those who wait do so by now.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut written = Vec::with_capacity(ids.len());
    for id in ids {
        let operation = json!({ "op": "replace", "path": "active", "value": false });
        let body = json!({ "schemas": [scim::PATCH_URN], "Operations": [operation] });
        let began = Instant::now();
        let (status, answer) = client.send("PATCH", &format!("/Users/{id}"), Some(body)).await?;
        let answered = Instant::now();
        if status != 200 {
            return Err(format!("{status} {answer}").into());
        }
        written.push(Written { id, began, answered });
        tokio::time::sleep(REST).await;
    }
    Ok(written)
}

/// Notes a change that was heard of now.
fn note(heard: &mut Heard, change: &Value) {
    let text = |name: &str| change.get(name).and_then(Value::as_str);
    if let (Some("user.deactivated"), Some(id)) = (text("type"), text("resourceId")) {
        heard.insert(id.to_owned(), Instant::now());
    }
}

async fn by_calls(feed: &Door, mut after: u64) -> Result<Heard, Failure> {
    let (mut client, mut heard) = (Client::connect(feed).await?, Heard::new());
    while heard.len() < DEACTIVATED {
        let (status, page) = client.send("GET", &format!("/changes?after={after}&wait=25&limit=200"), None).await?;
        if status != 200 {
            return Err(format!("{status} {page}").into());
        }
        for change in page.get("items").and_then(Value::as_array).into_iter().flatten() {
            note(&mut heard, change);
        }
        after = page.get("through").and_then(Value::as_u64).ok_or("no number to go on after")?;
    }
    Ok(heard)
}

async fn by_stream(feed: &Door, after: u64) -> Result<Heard, Failure> {
    let stream = TcpStream::connect(feed.server).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    background::spawn(connection);
    let request = hyper::Request::builder()
        .uri(format!("{}/changes/stream?after={after}", feed.base))
        .header("host", "bench")
        .header("authorization", format!("Bearer {}", feed.token))
        .body(Full::new(Bytes::new()))?;
    let response = sender.send_request(request).await?;
    if !response.status().is_success() {
        return Err(format!("no stream: {}", response.status()).into());
    }
    let (mut body, mut rest, mut heard) = (response.into_body(), Vec::<u8>::new(), Heard::new());
    while heard.len() < DEACTIVATED {
        let Some(frame) = body.frame().await else { return Err("the stream ended".into()) };
        if let Some(data) = frame?.data_ref() {
            rest.extend_from_slice(data);
        }
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            if let Some(data) = line.strip_prefix(b"data: ") {
                let news: Value = serde_json::from_slice(data)?;
                note(&mut heard, news.get("change").unwrap_or(&Value::Null));
            }
        }
    }
    Ok(heard)
}

/// Changes one person as fast as that is answered.
async fn write(door: Arc<Door>, id: String, count: Arc<AtomicU64>, stop: CancellationToken) {
    let writing = async {
        let Ok(mut client) = Client::connect(&door).await else { return };
        for n in 0_u64.. {
            let operation = json!({ "op": "replace", "path": "title", "value": format!("Title {n}") });
            let body = json!({ "schemas": [scim::PATCH_URN], "Operations": [operation] });
            let Ok((status, _)) = client.send("PATCH", &format!("/Users/{id}"), Some(body)).await else { return };
            if status == 200 {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    stop.run_until_cancelled(writing).await;
}

fn tell(what: &str, heard: &Heard, written: &[Written]) -> Result<(), Failure> {
    let mut after_answer = Vec::with_capacity(written.len());
    let mut in_all = Vec::with_capacity(written.len());
    for Written { id, began, answered } in written {
        let at = heard.get(id).ok_or_else(|| format!("nobody heard of {id}"))?;
        // It may be heard of before the answer is.
        after_answer.push(at.saturating_duration_since(*answered));
        in_all.push(at.saturating_duration_since(*began));
    }
    after_answer.sort_unstable();
    in_all.sort_unstable();
    let [p50, p95, p99] = [50, 95, 99].map(|part| format!("{:.2} / {:.2} ms", at(&after_answer, part), at(&in_all, part)));
    Ok(say(&format!("{what:34} p50 {p50}   p95 {p95}   p99 {p99}"))?)
}

/// Milliseconds below which so many of a hundred stay, of sorted times.
fn at(times: &[Duration], part: usize) -> f64 {
    times.get(times.len() * part / 100).copied().unwrap_or_default().as_secs_f64() * 1_000.0
}
