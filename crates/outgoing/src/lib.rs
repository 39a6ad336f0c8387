//! What leaves the service: mail by the operator's server ([`mail`]), and requests to addresses that others chose, such
//! as a tenant admin, which reach public hosts only.
//!
//! An address is checked when it is entered ([`Outgoing::check`]) and again whenever it is used: the name is resolved
//! once, every address it has must be global unicast, and the connection goes to the very addresses that were checked.
//! Redirects are not followed, no proxy is asked, and an answer is read to a limit.

mod guard;
pub mod letter;
pub mod mail;
mod resolver;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
pub use guard::{AllowedHosts, Refused};
use url::Url;

use crate::resolver::{GuardedResolver, Names};

/// Most bytes of an answer.
pub const MOST: usize = 64 * 1024;
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(10);

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The address is not one to call.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The other side answered with another status than 200.
    #[error("it answered with status {0}")]
    Status(u16),
    /// The answer is longer than [`MOST`].
    #[error("the answer is longer than {MOST} bytes")]
    TooLong,
    /// The other side could not be reached, or broke off.
    #[error("{0}")]
    Unreachable(String),
}

/// How an address answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// HTTP status.
    pub status: u16,
    /// What it says its content is.
    pub content_type: Option<String>,
}

/// How a receiver answered a message.
#[derive(Clone, Debug)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: http::HeaderMap,
    /// The beginning of its body, as far as it came in time: [`MOST`] bytes at most.
    pub body: Bytes,
}

/// Makes ring what TLS is done with in this process, for clients that name nothing themselves.
pub fn use_ring() {
    // Whoever installed one before is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// The client.
#[derive(Clone, Debug)]
pub struct Outgoing {
    client: reqwest::Client,
    allowed: Arc<AllowedHosts>,
    names: Names,
}

impl Outgoing {
    /// A client; hosts of `allowed` may be private and may be called without TLS.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn new(allowed: AllowedHosts, agent: &str) -> Result<Self, OutgoingError> {
        Self::with_names(allowed, agent, Names::System)
    }

    fn with_names(allowed: AllowedHosts, agent: &str, names: Names) -> Result<Self, OutgoingError> {
        use_ring();
        let allowed = Arc::new(allowed);
        let client = reqwest::Client::builder()
            .user_agent(agent)
            .dns_resolver(GuardedResolver::new(Arc::clone(&allowed), names.clone()))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .build()
            .map_err(|error| OutgoingError::Unreachable(told(&error)))?;
        Ok(Self { client, allowed, names })
    }

    /// Whether an address may be entered. A name that does not resolve now may later; what it resolves to is checked then.
    ///
    /// # Errors
    /// Why it may not.
    pub async fn check(&self, url: &str) -> Result<(), Refused> {
        let url = guard::check(url, &self.allowed)?;
        if let Some(host) = url.domain()
            && !self.allowed.contains(host)
            && let Ok(addresses) = self.names.find(host, url.port_or_known_default().unwrap_or(443)).await
        {
            guard::check_addresses(addresses.iter().map(SocketAddr::ip))?;
        }
        Ok(())
    }

    /// How an address answers a request with a bearer token: its status and what it says its content is. The body is not
    /// read.
    ///
    /// # Errors
    /// [`OutgoingError`]; a status other than 200 is none.
    pub async fn look(&self, url: &str, token: &str) -> Result<Looked, OutgoingError> {
        let url: Url = guard::check(url, &self.allowed)?;
        let sent = self.client.get(url).bearer_auth(token).send().await;
        let answer = sent.map_err(|error| OutgoingError::Unreachable(told(&error)))?;
        let kind = answer.headers().get(reqwest::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        Ok(Looked { status: answer.status().as_u16(), content_type: kind.map(str::to_owned) })
    }

    /// What stands at an address.
    ///
    /// # Errors
    /// [`OutgoingError`].
    pub async fn get(&self, url: &str) -> Result<Bytes, OutgoingError> {
        let url: Url = guard::check(url, &self.allowed)?;
        let unreachable = |error: reqwest::Error| OutgoingError::Unreachable(told(&error));
        let mut answer = self.client.get(url).send().await.map_err(unreachable)?;
        if answer.status() != 200 {
            return Err(OutgoingError::Status(answer.status().as_u16()));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MOST {
                return Err(OutgoingError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

impl Outgoing {
    /// Sends a whole request and gives the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`OutgoingError`].
    pub async fn exchange(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, OutgoingError> {
        let unreachable = |error: reqwest::Error| OutgoingError::Unreachable(told(&error));
        guard::check(&request.uri().to_string(), &self.allowed)?;
        let mut answer = self.client.execute(request.try_into().map_err(unreachable)?).await.map_err(unreachable)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MOST {
                return Err(OutgoingError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut whole = http::Response::new(body);
        *whole.status_mut() = answer.status();
        *whole.headers_mut() = answer.headers().clone();
        Ok(whole)
    }
}

impl Outgoing {
    /// Sends a message to a receiver, which has so much time from the first byte to the last of its answer. What it says is
    /// its status: an answer whose body is too long or breaks off is one all the same.
    ///
    /// # Errors
    /// [`OutgoingError::Refused`], also where it shows only when the name is resolved, and [`OutgoingError::Unreachable`].
    pub async fn post(
        &self,
        url: &str,
        headers: http::HeaderMap,
        body: Vec<u8>,
        within: Duration,
    ) -> Result<Answered, OutgoingError> {
        let url: Url = guard::check(url, &self.allowed)?;
        let sent = self.client.post(url).headers(headers).body(body).timeout(within).send().await;
        let mut answer = sent.map_err(|error| refused(&error).map_or_else(|| unreachable(&error), OutgoingError::Refused))?;
        let mut body = BytesMut::new();
        while body.len() < MOST
            && let Ok(Some(chunk)) = answer.chunk().await
        {
            let room = MOST - body.len();
            body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        }
        Ok(Answered { status: answer.status().as_u16(), headers: answer.headers().clone(), body: body.freeze() })
    }
}

fn unreachable(error: &reqwest::Error) -> OutgoingError {
    let text = if error.is_timeout() { "it took too long".to_owned() } else { told(error) };
    OutgoingError::Unreachable(text)
}

/// Why an address that a name was resolved to is not called.
fn refused(error: &reqwest::Error) -> Option<Refused> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(found) = cause {
        if let Some(refused) = found.downcast_ref::<Refused>() {
            return Some(*refused);
        }
        cause = found.source();
    }
    None
}

/// The last cause, which says most, without the address that the admin knows.
fn told(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use reqwest::dns::Resolve;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers every connection with the same bytes; counts them.
    async fn server(answer: Vec<u8>) -> (u16, Arc<std::sync::atomic::AtomicUsize>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (port, calls) = (listener.local_addr().unwrap().port(), Arc::new(std::sync::atomic::AtomicUsize::new(0)));
        let counted = Arc::clone(&calls);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let mut head = [0; 4_096];
                drop(stream.read(&mut head).await);
                drop(stream.write_all(&answer).await);
            }
        });
        (port, calls)
    }

    fn answer(status: &str, body: &str) -> Vec<u8> {
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).into_bytes()
    }

    #[tokio::test]
    async fn an_allowed_host_is_read_and_no_other() {
        let (port, calls) = server(answer("200 OK", "{}")).await;
        let open = Outgoing::new(AllowedHosts::new(["localhost", "127.0.0.1"]), "test").unwrap();
        for host in ["localhost", "127.0.0.1"] {
            assert_eq!(open.get(&format!("http://{host}:{port}/keys")).await.unwrap(), "{}");
        }
        let before = calls.load(std::sync::atomic::Ordering::SeqCst);
        let closed = Outgoing::new(AllowedHosts::default(), "test").unwrap();
        for url in [
            format!("http://127.0.0.1:{port}/"),
            format!("https://127.0.0.1:{port}/"),
            format!("https://localhost:{port}/"),
            format!("https://[::1]:{port}/"),
            format!("https://[::ffff:127.0.0.1]:{port}/"),
            format!("https://2130706433:{port}/"),
            format!("https://0x7f.1:{port}/"),
            format!("https://0177.0.0.1:{port}/"),
            format!("https://user@127.0.0.1:{port}/"),
        ] {
            assert!(closed.get(&url).await.is_err(), "{url}");
            assert!(closed.check(&url).await.is_err(), "{url}");
        }
        assert_eq!(calls.load(std::sync::atomic::Ordering::SeqCst), before, "no connection was made");
    }

    #[tokio::test]
    async fn a_receivers_status_is_its_answer_and_an_address_inside_is_told_apart() {
        let open = Outgoing::new(AllowedHosts::new(["127.0.0.1"]), "test").unwrap();
        let send = async |url: String, within| open.post(&url, http::HeaderMap::new(), b"{}".to_vec(), within).await;
        let patient = Duration::from_secs(20);
        let (port, _) = server(answer("500 No", &"x".repeat(2 * MOST))).await;
        let answered = send(format!("http://127.0.0.1:{port}/"), patient).await.unwrap();
        assert_eq!((answered.status, answered.body.len()), (500, MOST));
        let broken = b"HTTP/1.1 200 Fine\r\nx-note: a\r\ncontent-length: 9\r\n\r\n".to_vec();
        let (port, _) = server(broken).await;
        let answered = send(format!("http://127.0.0.1:{port}/"), patient).await.unwrap();
        assert_eq!((answered.status, answered.headers["x-note"].to_str().unwrap()), (200, "a"));
        // It accepts, and says nothing.
        let mute = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://127.0.0.1:{}/", mute.local_addr().unwrap().port());
        let late = send(url, Duration::from_millis(200)).await.unwrap_err();
        assert_eq!(late.to_string(), "it took too long");
        assert!(matches!(send("https://10.0.0.1/".to_owned(), patient).await, Err(OutgoingError::Refused(Refused::Private))));
    }

    #[tokio::test]
    async fn case_39_a_name_that_leads_elsewhere_when_it_is_used_is_not_followed_inside() {
        let inside = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("https://rebind.test:{}/", inside.local_addr().unwrap().port());
        for private in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3", "169.254.169.254"] {
            let next = ["93.184.216.34", private].map(|address| address.parse().unwrap());
            let names = Names::Told(Arc::new(std::sync::Mutex::new(next.into())));
            let closed = Outgoing::with_names(AllowedHosts::default(), "test", names).unwrap();
            closed.check(&url).await.unwrap();
            let sent = closed.post(&url, http::HeaderMap::new(), b"{}".to_vec(), Duration::from_secs(5)).await;
            assert!(matches!(sent, Err(OutgoingError::Refused(Refused::Private))), "{private}: {sent:?}");
        }
        // The system's own names are looked at in the same way.
        let closed = Outgoing::new(AllowedHosts::default(), "test").unwrap();
        let resolved = GuardedResolver::new(Arc::default(), Names::System).resolve("localhost".parse().unwrap()).await;
        assert!(resolved.is_err_and(|error| error.downcast_ref::<Refused>() == Some(&Refused::Private)));
        assert!(closed.check(&url.replace("rebind.test", "localhost")).await.is_err());
        assert!(tokio::time::timeout(Duration::from_millis(50), inside.accept()).await.is_err(), "no connection was made");
    }

    #[tokio::test]
    async fn redirects_long_answers_and_other_statuses_are_no_answer() {
        let open = || Outgoing::new(AllowedHosts::new(["127.0.0.1"]), "test").unwrap();
        let (target, calls) = server(answer("200 OK", "{}")).await;
        let redirect = format!(
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{target}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let (port, _) = server(redirect.into_bytes()).await;
        assert!(matches!(open().get(&format!("http://127.0.0.1:{port}/")).await, Err(OutgoingError::Status(302))));
        assert_eq!(calls.load(std::sync::atomic::Ordering::SeqCst), 0);
        let (port, _) = server(answer("200 OK", &"x".repeat(MOST + 1))).await;
        assert!(matches!(open().get(&format!("http://127.0.0.1:{port}/")).await, Err(OutgoingError::TooLong)));
        let (port, _) = server(answer("404 Not Found", "")).await;
        assert!(matches!(open().get(&format!("http://127.0.0.1:{port}/")).await, Err(OutgoingError::Status(404))));
    }
}
