//! Requests through the real SCIM door, each client on a connection of its own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use directory_sync::background;
use futures_util::future::try_join_all;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::{Failure, per_second, say};

/// A tenant's SCIM address with a token.
pub(crate) struct Door {
    pub(crate) server: SocketAddr,
    pub(crate) base: String,
    pub(crate) token: String,
}

impl Door {
    /// Runs `clients` connections, each with `requests` one after another; gives requests a second and the answers' ids.
    pub(crate) async fn run(
        &self,
        what: &str,
        clients: usize,
        requests: usize,
        method: &'static str,
        make: impl Fn(usize, usize) -> (String, Option<Value>) + Sync,
    ) -> Result<(f64, Vec<String>), Failure> {
        let (rate, answers) = self.answers(what, clients, requests, method, make).await?;
        let id = |answer: &Value| answer.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok((rate, answers.iter().map(id).collect()))
    }

    /// The same; gives the whole answers.
    pub(crate) async fn answers(
        &self,
        what: &str,
        clients: usize,
        requests: usize,
        method: &'static str,
        make: impl Fn(usize, usize) -> (String, Option<Value>) + Sync,
    ) -> Result<(f64, Vec<Value>), Failure> {
        let began = Instant::now();
        let each = (0..clients).map(|client| self.client(client, requests, method, &make));
        let results = try_join_all(each).await?;
        let rate = per_second(clients * requests, began.elapsed());
        let (times, answers): (Vec<_>, Vec<_>) = results.into_iter().flatten().unzip();
        let mut times: Vec<Duration> = times;
        times.sort_unstable();
        let at =
            |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default();
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        say(&format!("{what:30} {rate:8.0}/s   p50 {:7.2} ms   p99 {:7.2} ms", millis(at(50)), millis(at(99))))?;
        Ok((rate, answers))
    }

    async fn client(
        &self,
        client: usize,
        requests: usize,
        method: &'static str,
        make: &impl Fn(usize, usize) -> (String, Option<Value>),
    ) -> Result<Vec<(Duration, Value)>, Failure> {
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
            done.push((began.elapsed(), answer));
        }
        Ok(done)
    }
}

/// One kept connection of a tenant.
pub(crate) struct Client {
    sender: http1::SendRequest<Full<Bytes>>,
    base: String,
    authorization: String,
}

impl Client {
    pub(crate) async fn connect(door: &Door) -> Result<Self, Failure> {
        let stream = TcpStream::connect(door.server).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        background::spawn(connection);
        Ok(Self { sender, base: door.base.clone(), authorization: format!("Bearer {}", door.token) })
    }

    pub(crate) async fn send(&mut self, method: &str, path: &str, body: Option<Value>) -> Result<(u16, Value), Failure> {
        let request = hyper::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("host", "bench")
            .header("authorization", &self.authorization)
            .header("content-type", "application/scim+json")
            .body(Full::new(Bytes::from(body.map(|body| body.to_string()).unwrap_or_default())))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await?.to_bytes();
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
    }
}
