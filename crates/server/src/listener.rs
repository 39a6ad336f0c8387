//! Our accept loop: TLS where it is configured, deadlines on what a client sends and takes, a bound on connections, a
//! graceful end.

mod patience;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Endpoint, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::config::Deadlines;
use crate::tls::Tls;
use crate::{background, measures};
use patience::{Patient, Phase};

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Connections at one time; more wait in the system's queue.
const CONNECTIONS: usize = 10_000;
/// For how long a stop looks for requests on connections that are quiet: what was sent before it is answered. Each answer
/// says that it is the last one, so clients that keep a connection busy learn of the stop from it.
const GRACE: Duration = Duration::from_millis(500);
/// How long requests under way may take after that.
const DRAIN: Duration = Duration::from_millis(8_500);

/// How connections are held.
#[derive(Clone, Debug, Default)]
pub struct Transport {
    /// What a client has time for.
    pub deadlines: Deadlines,
    /// TLS; plain HTTP without it.
    pub tls: Option<Tls>,
}

/// Serves `endpoint` until `stop`, then finishes what is under way.
pub async fn serve<E>(listener: TcpListener, endpoint: Arc<E>, transport: Transport, stop: CancellationToken)
where
    E: Endpoint<Output = Response> + 'static,
{
    let (graceful, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));
    let meet = |stream: TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit| {
        // Small answers must not wait for more to send.
        let _ = stream.set_nodelay(true);
        let local = stream.local_addr().map(|addr| LocalAddr(addr.into())).unwrap_or_default();
        let (endpoint, deadlines) = (Arc::clone(&endpoint), transport.deadlines);
        let held = Held { endpoint, local, peer, deadlines, stop: stop.clone(), place };
        background::spawn(held.meet(stream, transport.tls.clone(), graceful.watcher()));
    };
    while let Some(Ok(place)) = stop.run_until_cancelled(Arc::clone(&places).acquire_owned()).await {
        match stop.run_until_cancelled(listener.accept()).await {
            None => break,
            Some(Ok((stream, peer))) => meet(stream, peer, place),
            Some(Err(error)) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    for (stream, peer) in still_in_line(listener) {
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { break };
        meet(stream, peer, place);
    }
    let began = Instant::now();
    while graceful.count() > 0 && began.elapsed() < GRACE {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were cut off by the stop");
    }
}

/// Who has connected and was not accepted yet; whoever comes after them finds nobody. What they asked would be lost with
/// the listener.
fn still_in_line(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    // It does not block, since it was the runtime's.
    let accepted: Vec<_> = std::iter::from_fn(|| listener.accept().ok()).take(CONNECTIONS).collect();
    drop(listener);
    let ours = |stream: std::net::TcpStream| stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
    accepted.into_iter().filter_map(|(stream, peer)| Some((ours(stream).ok()?, peer))).collect()
}

async fn shake_hands(tls: &Tls, stream: TcpStream) -> Option<impl AsyncRead + AsyncWrite + Unpin + use<>> {
    let error = match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => return Some(stream),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it took too long".to_owned(),
    };
    measures::handshake_failed();
    tracing::debug!(error, "a TLS handshake failed");
    None
}

/// A connection that was accepted.
struct Held<E> {
    endpoint: Arc<E>,
    local: LocalAddr,
    peer: SocketAddr,
    deadlines: Deadlines,
    stop: CancellationToken,
    /// Given back at its end.
    place: OwnedSemaphorePermit,
}

impl<E: Endpoint<Output = Response> + 'static> Held<E> {
    async fn meet(self, stream: TcpStream, tls: Option<Tls>, watcher: Watcher) {
        let Some(tls) = tls else { return self.converse(stream, http::uri::Scheme::HTTP, watcher).await };
        // Nothing was asked yet, so a stop need not wait.
        let stop = self.stop.clone();
        if let Some(Some(stream)) = stop.run_until_cancelled(shake_hands(&tls, stream)).await {
            self.converse(stream, http::uri::Scheme::HTTPS, watcher).await;
        }
    }

    async fn converse<S>(self, stream: S, scheme: http::uri::Scheme, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { endpoint, local, peer, deadlines, stop, place } = self;
        let phase = Phase::default();
        let patient = Patient::new(stream, phase.clone(), deadlines.head, deadlines.answer);
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let (endpoint, local, scheme, phase) = (Arc::clone(&endpoint), local.clone(), scheme.clone(), phase.clone());
            let stop = stop.clone();
            phase.answering();
            async move {
                if is_framed_oddly(request.headers()) {
                    return Ok(hyper::Response::from(refusal()));
                }
                let request: poem::Request = (request, local, RemoteAddr(peer.into()), scheme).into();
                let mut answer = hyper::Response::from(endpoint.get_response(request).await);
                if stop.is_cancelled() {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                phase.answered();
                Ok::<_, Infallible>(answer)
            }
        });
        let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
        // It runs from the answer before to the end of the next head, so it is the time for both.
        builder.http1().timer(TokioTimer::new()).header_read_timeout(deadlines.idle + deadlines.head).max_buf_size(64 * 1024);
        // A client that sends a whole request and closes its side has asked: the request is done and logged.
        builder.http1().half_close(true);
        let connection = watcher.watch(builder.serve_connection(TokioIo::new(patient), service).into_owned());
        if let Err(error) = connection.await {
            tracing::debug!(error, "a connection ended early");
        }
        drop(place);
    }
}

/// Whether a body comes in another coding than `chunked` alone. Somebody in between may see its end elsewhere, and what is
/// left over would be the next request on a connection of others (RFC 9112 §11.2).
fn is_framed_oddly(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let alone = codings.next().is_none_or(|coding| coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked"));
    !alone || codings.next().is_some()
}

fn refusal() -> Response {
    let builder = Response::builder().status(StatusCode::BAD_REQUEST).header(header::CONNECTION, "close");
    builder.content_type("text/plain; charset=utf-8").body("a body comes by Content-Length or as chunked, in no other coding\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_chunked_and_nothing_else() {
        let with = |codings: &[&'static str]| {
            codings.iter().map(|coding| (header::TRANSFER_ENCODING, HeaderValue::from_static(coding))).collect::<HeaderMap>()
        };
        for good in [&[] as &[&str], &["chunked"], &["Chunked "]] {
            assert!(!is_framed_oddly(&with(good)), "{good:?}");
        }
        for odd in
            [&["gzip, chunked"] as &[&str], &["chunked", "chunked"], &["identity", "chunked"], &["xchunked"], &["chunked;q=1"]]
        {
            assert!(is_framed_oddly(&with(odd)), "{odd:?}");
        }
    }
}
