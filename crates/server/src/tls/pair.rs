//! A certificate and its key, from PEM files to what serves connections.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, io};

use domain::Timestamp;
use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use crate::config::TlsFiles;

/// What others may do with a key's file: nothing.
const OTHERS: u32 = 0o007;

/// Why a certificate and its key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("the file {} cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// Everybody on the machine can read the key.
    #[error("the key {} is open to every user of this machine: chmod 600, or 640 for a group of its own", .0.display())]
    Open(PathBuf),
    /// The file holds no certificate.
    #[error("{} holds no certificate in PEM form", .0.display())]
    NoCertificate(PathBuf),
    /// The file holds no key.
    #[error("{} holds no private key in PEM form", .0.display())]
    NoKey(PathBuf),
    /// The two do not belong together, or the key is of a kind that TLS does not know.
    #[error("certificate and key cannot be used together")]
    Unusable(#[source] rustls::Error),
}

/// What stands in the two files.
pub(super) struct Pem {
    certificate: Result<Vec<u8>, TlsError>,
    key: Result<Vec<u8>, TlsError>,
}

impl Pem {
    pub(super) async fn read(files: &TlsFiles) -> Self {
        let (certificate, key) = (read(&files.certificate).await, read_key(&files.key).await);
        Self { certificate, key }
    }

    /// A number that changes with them.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for part in [&self.certificate, &self.key] {
            match part {
                Ok(bytes) => bytes.hash(&mut hasher),
                Err(error) => error.to_string().hash(&mut hasher),
            }
        }
        hasher.finish()
    }

    /// Checks that they belong together.
    pub(super) fn pair(self, files: &TlsFiles) -> Result<Pair, TlsError> {
        let (certificate, key) = (self.certificate?, self.key?);
        let none = || TlsError::NoCertificate(files.certificate.clone());
        let chain: Vec<CertificateDer<'static>> =
            CertificateDer::pem_slice_iter(&certificate).collect::<Result<_, _>>().map_err(|_| none())?;
        let key = PrivateKeyDer::from_pem_slice(&key).map_err(|_| TlsError::NoKey(files.key.clone()))?;
        let leaf = chain.first().cloned().ok_or_else(none)?;
        let ends_at = end_of(&leaf).ok_or_else(none)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.map_err(TlsError::Unusable)?.with_no_client_auth();
        let mut config = builder.with_single_cert(chain, key).map_err(TlsError::Unusable)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Pair { config: Arc::new(config), ends_at, leaf })
    }
}

/// A certificate and its key, ready to serve.
pub(super) struct Pair {
    pub(super) config: Arc<ServerConfig>,
    pub(super) ends_at: Timestamp,
    leaf: CertificateDer<'static>,
}

impl Pair {
    /// A name that is not in the certificate is refused by every client, but may be meant: a name that is moved later.
    pub(super) fn warn_unless_for(&self, host: &str) {
        let named = ServerName::try_from(host.trim_matches(['[', ']'])).ok();
        let parsed = ParsedCertificate::try_from(&self.leaf).ok();
        let good = named.zip(parsed).is_some_and(|(name, leaf)| verify_server_name(&leaf, &name).is_ok());
        if !good {
            tracing::warn!(host, "the certificate is not for the host of public_url; clients that ask for it will refuse it");
        }
    }
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pair").field("ends_at", &self.ends_at).finish_non_exhaustive()
    }
}

async fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    tokio::fs::read(path).await.map_err(|error| TlsError::Unreadable(path.to_owned(), error))
}

async fn read_key(path: &Path) -> Result<Vec<u8>, TlsError> {
    let about = tokio::fs::metadata(path).await.map_err(|error| TlsError::Unreadable(path.to_owned(), error))?;
    if about.permissions().mode() & OTHERS != 0 {
        return Err(TlsError::Open(path.to_owned()));
    }
    read(path).await
}

fn end_of(leaf: &CertificateDer<'_>) -> Option<Timestamp> {
    let leaf = Certificate::from_der(leaf).ok()?;
    let ends = leaf.tbs_certificate().validity().not_after.to_unix_duration();
    Some(Timestamp::from_micros(i64::try_from(ends.as_micros()).unwrap_or(i64::MAX)))
}
