//! What ends next of that with which a tenant's IdPs prove themselves.

use domain::Timestamp;
use poem_openapi::Object;
use store::NextEnd;

use crate::value::Time;

/// The credential, or the secret of an OAuth client, that ends next.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct CredentialEnd {
    /// The credential's id; of a secret its client's.
    credential_id: String,
    /// The credential's name.
    name: String,
    /// When it ends.
    ends_at: Time,
    /// The first characters of the client's secret that ends; absent when the credential itself does.
    secret_starts_with: Option<String>,
}

impl From<NextEnd> for CredentialEnd {
    fn from(end: NextEnd) -> Self {
        Self {
            credential_id: end.credential.to_string(),
            name: end.name,
            ends_at: Time(Timestamp::from_micros(end.ends_at)),
            secret_starts_with: end.secret_starts_with,
        }
    }
}
