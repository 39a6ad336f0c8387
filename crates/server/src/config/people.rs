//! How people of the console get letters, and where they sign in beside a password.

use admin_api::ProviderSettings;
use domain::Secret;
use outgoing::letter::Language;
use outgoing::mail::Mail;
use serde::Deserialize;

use super::{ConfigError, Flags};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MailSection {
    url: Option<String>,
    from: Option<String>,
    language: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInSection {
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    name: Option<String>,
    #[serde(default)]
    trust_email: bool,
}

/// Mail is set up by its server; the sender's address goes with it.
pub(super) fn mail(flags: &Flags, file: MailSection) -> Result<Option<Mail>, ConfigError> {
    let Some(url) = flags.mail_url.clone().or(file.url) else { return Ok(None) };
    let from = flags.mail_from.clone().or(file.from).unwrap_or_default();
    let language = match flags.mail_language.clone().or(file.language) {
        None => Language::default(),
        Some(tag) => Language::parse(&tag).ok_or(ConfigError::MailLanguage(tag))?,
    };
    Ok(Some(Mail::new(&url, &from, language)?))
}

/// Signing in at a provider is set up by its issuer.
pub(super) fn provider(flags: &Flags, file: SignInSection) -> Result<Option<ProviderSettings>, ConfigError> {
    let Some(issuer) = flags.sign_in_issuer.clone().or(file.issuer) else { return Ok(None) };
    let url = url::Url::parse(&issuer).ok().filter(|url| url.has_host() && matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| ConfigError::SignInIssuer(issuer.clone()))?;
    let client_id = flags.sign_in_client_id.clone().or(file.client_id);
    let client_secret = flags.sign_in_client_secret.clone().or(file.client_secret);
    let (Some(client_id), Some(client_secret)) = (client_id, client_secret) else { return Err(ConfigError::SignInClient) };
    let name = flags.sign_in_name.clone().or(file.name).or_else(|| url.host_str().map(str::to_owned)).unwrap_or_default();
    let client_secret = Secret::new(client_secret);
    Ok(Some(ProviderSettings { name, issuer, client_id, client_secret, trust_email: file.trust_email }))
}
