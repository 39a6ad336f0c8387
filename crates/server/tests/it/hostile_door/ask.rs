//! A request made of bytes, and its answer.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::server::Tenant;

/// What is asked of a tenant's SCIM address.
pub(super) struct Asked {
    pub(super) method: &'static str,
    /// The path below the address, with its query, in letters that HTTP allows.
    pub(super) target: String,
    /// One of these takes the place of the usual one.
    pub(super) headers: Vec<(&'static str, Vec<u8>)>,
    pub(super) body: Vec<u8>,
}

impl Asked {
    /// Whether it may change something when it is taken.
    pub(super) fn may_write(&self) -> bool {
        !matches!(self.method, "GET" | "HEAD")
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)?;
        for (name, value) in &self.headers {
            write!(f, "\n{name}: {}", String::from_utf8_lossy(value))?;
        }
        write!(f, "\n\n{}", String::from_utf8_lossy(&self.body))
    }
}

/// What came back.
pub(super) struct Answered {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answered {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Asks over a connection of its own.
pub(super) async fn ask(tenant: &Tenant, asked: &Asked) -> Answered {
    let uri = format!("/scim/{}/v2{}", tenant.slug, asked.target);
    let mut request = hyper::Request::builder().method(asked.method).uri(uri).header("host", "x");
    if asked.headers.iter().all(|(name, _)| *name != "authorization") {
        request = request.header("authorization", format!("Bearer {}", tenant.token));
    }
    for (name, value) in &asked.headers {
        request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
    }
    let request = request.body(Full::new(Bytes::from(asked.body.clone()))).unwrap_or_else(|_| panic!("no request: {asked}"));
    let stream = TcpStream::connect(tenant.server).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let response = sender.send_request(request).await.unwrap_or_else(|error| panic!("{error}: {asked}"));
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.into_body().collect().await.unwrap_or_else(|error| panic!("{error}: {asked}")).to_bytes();
    Answered { status, headers, body }
}
