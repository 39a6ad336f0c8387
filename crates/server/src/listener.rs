//! Our accept loop: deadlines on what a client sends, a bound on connections, a graceful end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Endpoint, Response};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::background;

/// How long a request's head may take.
const HEAD: Duration = Duration::from_secs(15);
/// Connections at one time; more wait in the system's queue.
const CONNECTIONS: usize = 10_000;
/// How long requests under way may take after the stop.
const DRAIN: Duration = Duration::from_secs(9);

/// Serves `endpoint` until `stop`, then finishes what is under way.
pub async fn serve<E>(listener: TcpListener, endpoint: Arc<E>, stop: CancellationToken)
where
    E: Endpoint<Output = Response> + 'static,
{
    let (graceful, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));
    while let Some(Ok(place)) = stop.run_until_cancelled(Arc::clone(&places).acquire_owned()).await {
        let (stream, peer) = match stop.run_until_cancelled(listener.accept()).await {
            None => break,
            Some(Ok(accepted)) => accepted,
            Some(Err(error)) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Small answers must not wait for more to send.
        let _ = stream.set_nodelay(true);
        let local = stream.local_addr().map(|addr| LocalAddr(addr.into())).unwrap_or_default();
        let endpoint = Arc::clone(&endpoint);
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let (endpoint, local) = (Arc::clone(&endpoint), local.clone());
            async move {
                let request: poem::Request = (request, local, RemoteAddr(peer.into()), http::uri::Scheme::HTTP).into();
                Ok::<_, Infallible>(hyper::Response::from(endpoint.get_response(request).await))
            }
        });
        let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 * 1024);
        // A client that sends a whole request and closes its side has asked: the request is done and logged.
        builder.http1().half_close(true);
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned());
        background::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were cut off by the stop");
    }
}
