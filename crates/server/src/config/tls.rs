//! Where certificate and key stand.

use std::path::PathBuf;

use serde::Deserialize;

use super::Flags;

/// The files of a certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by those that lead to its authority (PEM).
    pub certificate: PathBuf,
    /// Its private key (PEM).
    pub key: PathBuf,
}

/// Why TLS cannot be served as the settings say.
#[derive(Debug, thiserror::Error)]
pub enum TlsMistake {
    /// One file without the other.
    #[error("TLS needs a certificate and its key: set both tls.certificate and tls.key, or neither")]
    Half,
    /// The address that people are shown is plain HTTP, which this listener does not answer then.
    #[error("with a certificate public_url must begin with https://, not {0:?}: cookies and links follow it")]
    PlainAddress(String),
}

/// The same in the configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

impl Section {
    /// Flags beat the file.
    pub(super) fn with(self, flags: &Flags) -> Result<Option<TlsFiles>, TlsMistake> {
        match (flags.tls_certificate.clone().or(self.certificate), flags.tls_key.clone().or(self.key)) {
            (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
            (None, None) => Ok(None),
            (Some(_), None) | (None, Some(_)) => Err(TlsMistake::Half),
        }
    }
}
