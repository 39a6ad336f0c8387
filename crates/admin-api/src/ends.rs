//! What ends next of that with which a tenant's IdPs prove themselves.

use domain::credential::CredentialKind;
use domain::{Credential, Timestamp};
use poem_openapi::Object;
use store::TenantStore;

use crate::failure::Failure;
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

/// The end that comes next among credentials that open the door now.
///
/// # Errors
/// What the store says.
pub(crate) async fn next(store: &TenantStore, live: &[&Credential], now: Timestamp) -> Result<Option<CredentialEnd>, Failure> {
    let own = live.iter().filter_map(|credential| Some(end(credential, credential.ends_at?, None)));
    let has_clients = live.iter().any(|credential| credential.kind == CredentialKind::OAuthClient);
    let secrets = if has_clients { store.oauth_clients().endings(now).await? } else { Vec::new() };
    let of_clients = secrets.into_iter().filter_map(|found| {
        let client = live.iter().find(|credential| credential.id == found.client)?;
        Some(end(client, found.secret.ends_at?, Some(found.secret.starts_with())))
    });
    Ok(own.chain(of_clients).min_by_key(|end| end.ends_at.0))
}

fn end(credential: &Credential, ends_at: Timestamp, secret_starts_with: Option<String>) -> CredentialEnd {
    let (credential_id, name) = (credential.id.to_string(), credential.name.clone());
    CredentialEnd { credential_id, name, ends_at: Time(ends_at), secret_starts_with }
}
