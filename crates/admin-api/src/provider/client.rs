//! The conversation with the provider: its metadata, the way there, and what it says of who comes back.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use moka::future::Cache;
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use outgoing::{AllowedHosts, Outgoing, OutgoingError};

use super::ProviderSettings;

/// For how long the provider's metadata and keys are believed.
const BELIEVED: Duration = Duration::from_mins(10);
/// How long ago a person may have signed in at the provider who is to sign in anew.
pub(super) const ANEW: Duration = Duration::from_mins(1);
/// The same for everybody else: long enough to bother nobody. With an age asked for, a provider says when a person signed in
/// (OpenID Connect Core 1.0 §3.1.2.1), which it need not otherwise.
const EVER: Duration = Duration::from_hours(30 * 24);

type Asking = Pin<Box<dyn Future<Output = Result<HttpResponse, OutgoingError>> + Send>>;
type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The provider.
#[derive(Clone)]
pub struct Provider {
    settings: Arc<ProviderSettings>,
    outgoing: Outgoing,
    metadata: Cache<(), CoreProviderMetadata>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.settings.issuer).finish_non_exhaustive()
    }
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProviderError {
    /// A setting is no address.
    #[error("an address is none: {0}")]
    Address(String),
    /// The provider cannot be asked, or does not answer as it should.
    #[error("{0}")]
    Conversation(String),
    /// What it says does not hold.
    #[error("the identity token does not hold: {0}")]
    Token(String),
}

/// The way to the provider.
pub(super) struct Started {
    pub(super) url: String,
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

/// Who somebody is, as the provider says.
pub(super) struct Identity {
    /// Issuer and subject: what stays the same when names change.
    pub(super) subject: String,
    pub(super) email: Option<String>,
    pub(super) verified: bool,
    pub(super) name: Option<String>,
    /// When they last proved it to the provider, as far as it says so.
    pub(super) authenticated_at: Option<Timestamp>,
}

impl Provider {
    /// A provider; its own host may be private, and so may be those of `allowed`.
    ///
    /// # Errors
    /// When requests to others cannot be made at all.
    pub fn new(settings: ProviderSettings, allowed: &AllowedHosts, agent: &str) -> Result<Self, OutgoingError> {
        let host = settings.issuer.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or_default();
        let outgoing = Outgoing::new(allowed.clone().and(host), agent)?;
        let metadata = Cache::builder().max_capacity(1).time_to_live(BELIEVED).build();
        Ok(Self { settings: Arc::new(settings), outgoing, metadata })
    }

    /// How it is reached.
    pub(crate) fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// The way there; for those who are to sign in `anew`, whatever session the provider still has of them.
    pub(super) async fn start(&self, redirect: &str, anew: bool) -> Result<Started, ProviderError> {
        let client = self.client(redirect).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["email", "profile"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge);
        let request = if anew { request.set_max_age(ANEW).add_prompt(CoreAuthPrompt::Login) } else { request.set_max_age(EVER) };
        let (url, state, nonce) = request.url();
        let verifier = verifier.secret().clone();
        Ok(Started { url: url.to_string(), state: state.secret().clone(), nonce: nonce.secret().clone(), verifier })
    }

    /// Who comes back with this code.
    pub(super) async fn finish(
        &self,
        redirect: &str,
        code: String,
        verifier: String,
        nonce: &str,
    ) -> Result<Identity, ProviderError> {
        let client = self.client(redirect).await?;
        let exchange = client.exchange_code(AuthorizationCode::new(code)).map_err(|error| conversation(&error))?;
        let http = self.asker();
        let verifier = PkceCodeVerifier::new(verifier);
        let tokens = exchange.set_pkce_verifier(verifier).request_async(&http).await.map_err(|error| conversation(&error))?;
        let token = tokens.id_token().ok_or_else(|| ProviderError::Token("there is none".to_owned()))?;
        let claims = token.claims(&client.id_token_verifier(), &Nonce::new(nonce.to_owned()));
        let claims = claims.map_err(|error| ProviderError::Token(error.to_string()))?;
        let identity = Identity {
            subject: format!("{}\n{}", claims.issuer().as_str(), claims.subject().as_str()),
            email: claims.email().map(|email| email.as_str().to_owned()),
            verified: claims.email_verified().unwrap_or_default(),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned()),
            authenticated_at: claims.auth_time().map(Timestamp::from),
        };
        if identity.email.is_some() {
            return Ok(identity);
        }
        // A provider may keep what is asked for by scope out of the token (OpenID Connect Core 1.0 §5.4).
        let asked = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()));
        let Ok(asked) = asked else { return Ok(identity) };
        let told: CoreUserInfoClaims = asked.request_async(&http).await.map_err(|error| conversation(&error))?;
        Ok(Identity {
            email: told.email().map(|email| email.as_str().to_owned()),
            verified: told.email_verified().unwrap_or_default(),
            name: told.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned()),
            ..identity
        })
    }

    /// What openidconnect sends its requests by; it owns what it needs, so that its futures can go to any thread.
    fn asker(&self) -> impl Fn(HttpRequest) -> Asking + use<> {
        let outgoing = self.outgoing.clone();
        move |request| {
            let outgoing = outgoing.clone();
            Box::pin(async move { outgoing.exchange(request).await })
        }
    }

    async fn client(&self, redirect: &str) -> Result<Client, ProviderError> {
        let metadata = self.metadata.try_get_with((), self.discover()).await;
        let metadata = metadata.map_err(|error: Arc<ProviderError>| ProviderError::Conversation(error.to_string()))?;
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|_| ProviderError::Address(redirect.to_owned()))?;
        let (id, secret) = (self.settings.client_id.clone(), self.settings.client_secret.expose().to_owned());
        let client = CoreClient::from_provider_metadata(metadata, ClientId::new(id), Some(ClientSecret::new(secret)));
        Ok(client.set_redirect_uri(redirect))
    }

    async fn discover(&self) -> Result<CoreProviderMetadata, ProviderError> {
        let issuer = &self.settings.issuer;
        let issuer = IssuerUrl::new(issuer.clone()).map_err(|_| ProviderError::Address(issuer.clone()))?;
        let http = self.asker();
        CoreProviderMetadata::discover_async(issuer, &http).await.map_err(|error| conversation(&error))
    }
}

/// An error with its causes.
fn conversation(error: &dyn std::error::Error) -> ProviderError {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text = format!("{text}: {source}");
        cause = source.source();
    }
    ProviderError::Conversation(text)
}
