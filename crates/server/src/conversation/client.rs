//! A small HTTP client for addresses of our own.

use std::fmt::Write;
use std::net::SocketAddr;

use bytes::Bytes;
use domain::Secret;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value};
use tokio::net::TcpStream;

use crate::background;

/// Characters that may stand in a request's target as they are.
const SAFE: &str = "%/:=&?~+!$,;'@()*-._";

/// A tenant's SCIM address on this machine, with a token.
pub struct Address {
    /// Where the server listens.
    pub server: SocketAddr,
    /// The path of the tenant's SCIM address, such as `/scim/acme/v2`.
    pub path: String,
    /// The bearer token.
    pub token: Secret,
}

/// Nobody answered.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// No connection.
    #[error("no connection to the server")]
    Connection(#[from] std::io::Error),
    /// It broke.
    #[error("the connection broke")]
    Broken(#[from] hyper::Error),
    /// A header or path that HTTP does not allow.
    #[error("not a request")]
    Request(#[from] http::Error),
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    headers: http::HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON, if it is.
    pub body: Option<Value>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All of its headers.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.headers
    }
}

impl Address {
    /// Sends one request over a connection of its own. A header of value null is not sent.
    ///
    /// # Errors
    /// [`Unreachable`].
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &Map<String, Value>,
        body: Option<&Value>,
    ) -> Result<Answer, Unreachable> {
        let mut all = vec![
            ("accept".to_owned(), Some("application/scim+json".to_owned())),
            ("user-agent".to_owned(), Some("directory-sync-conversation/1".to_owned())),
            ("authorization".to_owned(), Some(format!("Bearer {}", self.token.expose()))),
        ];
        if body.is_some() {
            all.push(("content-type".to_owned(), Some("application/scim+json".to_owned())));
        }
        for (name, value) in headers {
            all.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            all.push((name.clone(), value.as_str().map(str::to_owned)));
        }
        let target = format!("{}{}", self.path, encoded(path));
        let mut request = hyper::Request::builder().method(method).uri(target).header("host", self.server.to_string());
        for (name, value) in all {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let sent = body.map_or_else(String::new, |body| body.as_str().map_or_else(|| body.to_string(), str::to_owned));
        let request = request.body(Full::new(Bytes::from(sent)))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(TcpStream::connect(self.server).await?)).await?;
        background::spawn(connection);
        let response = sender.send_request(request).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await?.to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Answer { status, headers, body: serde_json::from_slice(&bytes).ok(), text })
    }
}

fn encoded(path: &str) -> String {
    let mut target = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || SAFE.as_bytes().contains(&byte) {
            target.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(target, "%{byte:02X}");
        }
    }
    target
}
