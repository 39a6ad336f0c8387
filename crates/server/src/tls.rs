//! TLS at our own listener: 1.2 and newer, one certificate, which can be replaced while connections go on.

mod pair;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Timestamp;
use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config::TlsFiles;
use pair::Pem;
pub use pair::TlsError;

/// The certificate in use and the files that it comes from. Clones are one and the same.
#[derive(Clone, Debug)]
pub struct Tls {
    files: Arc<TlsFiles>,
    /// The host that clients ask for.
    host: Arc<str>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    config: Arc<ServerConfig>,
    ends_at: Timestamp,
    /// What the files held when they were last taken.
    used: u64,
    /// What they hold now, as far as it was looked at.
    seen: u64,
    /// What they held that could not be used.
    refused: Option<u64>,
}

/// What came of a look at the files.
#[derive(Debug)]
pub(crate) enum Look {
    /// They are as they were, or are being written.
    Same,
    /// A new certificate is in use from now on.
    Renewed,
    /// They hold something that cannot be used; the certificate before stays.
    Refused(TlsError),
}

impl Tls {
    /// Reads and checks certificate and key. `public_url` says which host clients ask for.
    ///
    /// # Errors
    /// Why they cannot be used.
    pub async fn open(files: TlsFiles, public_url: &str) -> Result<Self, TlsError> {
        let pem = Pem::read(&files).await;
        let (found, pair) = (pem.fingerprint(), pem.pair(&files)?);
        let host = url::Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        pair.warn_unless_for(&host);
        let state = State { config: pair.config, ends_at: pair.ends_at, used: found, seen: found, refused: None };
        Ok(Self { files: Arc::new(files), host: host.into(), state: Arc::new(Mutex::new(state)) })
    }

    /// Does the handshake of a new connection.
    ///
    /// # Errors
    /// Whatever the client does not do or know.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let config = Arc::clone(&self.lock().config);
        TlsAcceptor::from(config).accept(stream).await
    }

    /// When the certificate in use ends.
    pub(crate) fn ends_at(&self) -> Timestamp {
        self.lock().ends_at
    }

    /// Whether the files hold something that was refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.lock().refused.is_some()
    }

    /// Looks at the files. What changed is taken when it was so at two looks, since two files are not written at once;
    /// `at_once` takes it as it is, and says again why it cannot be used.
    pub(crate) async fn look(&self, at_once: bool) -> Look {
        let pem = Pem::read(&self.files).await;
        let found = pem.fingerprint();
        {
            let mut state = self.lock();
            let settled = std::mem::replace(&mut state.seen, found) == found;
            if found == state.used {
                state.refused = None;
                return Look::Same;
            }
            if !at_once && (!settled || state.refused == Some(found)) {
                return Look::Same;
            }
        }
        match pem.pair(&self.files) {
            Ok(pair) => {
                pair.warn_unless_for(&self.host);
                let mut state = self.lock();
                *state = State { config: pair.config, ends_at: pair.ends_at, used: found, seen: found, refused: None };
                Look::Renewed
            }
            Err(error) => {
                self.lock().refused = Some(found);
                Look::Refused(error)
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
