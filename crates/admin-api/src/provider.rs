//! Signing in at the installation's OpenID provider (OpenID Connect Core 1.0, authorization code flow with PKCE).
//!
//! Who the provider says somebody is decides only which person of ours they are: a subject that is known; otherwise a
//! person, or somebody invited, of the address that the provider has verified.

mod client;

use std::sync::Arc;

use domain::{Admin, AdminId, Secret, SignInMethod};
use poem::Request;
use poem::web::Data;
use poem::web::cookie::{Cookie, SameSite};
use poem_openapi::param::Query;
use poem_openapi::{ApiResponse, OpenApi};
use serde::{Deserialize, Serialize};
use store::{Acceptance, AdminRecord, CeremonyKind, Guest};

pub use self::client::Provider;
use self::client::{Identity, ProviderError};
use crate::auth;
use crate::ceremonies::{remember, take};
use crate::door::Shared;
use crate::failure::Failure;
use crate::service::Tag;
use crate::sessions::{self, address_of};

const COOKIE: &str = "directory_sync_sign_in";
const PATH: &str = "/api/v1/sign-in/provider";

/// How the installation's provider is reached.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its name on the button.
    pub name: String,
    /// Its issuer, which its metadata stands below.
    pub issuer: String,
    /// The name it knows us by.
    pub client_id: String,
    /// What we prove ourselves with.
    pub client_secret: Secret,
    /// Whether its addresses are believed although it does not say that it has verified them.
    pub trust_email: bool,
}

/// What the second half of a sign-in needs of the first.
#[derive(Serialize, Deserialize)]
struct Begun {
    state: String,
    nonce: String,
    verifier: String,
}

pub(crate) struct SignInByProvider;

/// The browser goes on elsewhere.
#[derive(ApiResponse)]
enum GoOn {
    /// The browser goes on elsewhere.
    #[oai(status = 303)]
    To(
        /// Where.
        #[oai(header = "Location")]
        String,
    ),
    /// Signed in; the browser goes on to the console.
    #[oai(status = 303)]
    SignedIn(
        /// Where.
        #[oai(header = "Location")]
        String,
        /// The session's cookie.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

/// Why nobody is signed in, as the console is told.
enum Refusal {
    /// The provider refused, or what it said does not hold.
    Refused,
    /// The provider knows somebody whom we do not.
    UnknownPerson,
}

#[OpenApi(tag = "Tag::Session")]
impl SignInByProvider {
    /// Sign in at the installation's OpenID provider
    ///
    /// Sends the browser there. It comes back signed in, or to `/login?error=` with `provider_refused` or
    /// `provider_unknown_person`.
    #[oai(path = "/sign-in/provider", method = "get", operation_id = "signInByProvider")]
    async fn begin(&self, shared: Data<&Arc<Shared>>, request: &Request) -> Result<GoOn, Failure> {
        let provider = shared.settings.provider.as_ref().ok_or(Failure::NotFound)?;
        shared.ceremonies.count(address_of(request))?;
        let started = match provider.start(&redirect(&shared)).await {
            Ok(started) => started,
            Err(error) => return Ok(refused(&shared, &error)),
        };
        let begun = Begun { state: started.state, nonce: started.nonce, verifier: started.verifier };
        let name = remember(&shared, CeremonyKind::Provider, None, &begun).await?;
        request.cookie().add(cookie(&shared, &name));
        Ok(GoOn::To(started.url))
    }

    /// Come back from the installation's OpenID provider
    #[oai(path = "/sign-in/provider/callback", method = "get", operation_id = "finishSignInByProvider")]
    async fn finish(
        &self,
        shared: Data<&Arc<Shared>>,
        request: &Request,
        /// The provider's code.
        code: Query<Option<String>>,
        /// What we sent along.
        state: Query<Option<String>>,
        /// Why the provider refuses.
        error: Query<Option<String>>,
    ) -> Result<GoOn, Failure> {
        let provider = shared.settings.provider.as_ref().ok_or(Failure::NotFound)?;
        let name = request.cookie().get(COOKIE).map(|cookie| cookie.value_str().to_owned()).unwrap_or_default();
        let mut spent = cookie(&shared, "");
        spent.set_max_age(std::time::Duration::ZERO);
        request.cookie().add(spent);
        let begun: Begun = match take(&shared, CeremonyKind::Provider, &name).await {
            Ok((_, begun)) => begun,
            Err(Failure::CodeUnknown) => return Ok(back(&shared, &Refusal::Refused)),
            Err(other) => return Err(other),
        };
        let (Some(code), None, true) = (code.0, error.0, state.0.as_deref() == Some(begun.state.as_str())) else {
            return Ok(back(&shared, &Refusal::Refused));
        };
        let identity = match provider.finish(&redirect(&shared), code, begun.verifier, &begun.nonce).await {
            Ok(identity) => identity,
            Err(error) => return Ok(refused(&shared, &error)),
        };
        match person(&shared, request, provider, identity).await? {
            Ok(record) => {
                let session = sessions::begin(&shared, &record, SignInMethod::Provider, request).await?;
                Ok(GoOn::SignedIn(format!("{}/", shared.settings.public_url), session.into_cookie()))
            }
            Err(refusal) => Ok(back(&shared, &refusal)),
        }
    }
}

/// Which person of ours somebody is.
async fn person(
    shared: &Shared,
    request: &Request,
    provider: &Provider,
    identity: Identity,
) -> Result<Result<AdminRecord, Refusal>, Failure> {
    let system = shared.store.system();
    if let Some(record) = system.find_admin_by_provider(&identity.subject).await? {
        return Ok(Ok(record));
    }
    let Some(email) = identity.email.filter(|_| identity.verified || provider.settings().trust_email) else {
        return Ok(Err(Refusal::UnknownPerson));
    };
    let record = match system.find_admin_by_email(&email).await? {
        Some(record) => record,
        None => match invited(shared, request, email, identity.name).await? {
            Some(record) => record,
            None => return Ok(Err(Refusal::UnknownPerson)),
        },
    };
    let author = auth::author(shared, request, auth::person(&record.admin));
    if system.link_provider(&record.admin, &identity.subject, &author).await? {
        Ok(Ok(record))
    } else {
        // The person is another subject of the provider's: an address that went to somebody else opens nothing.
        Ok(Err(Refusal::Refused))
    }
}

/// Whoever was invited under the address that the provider has verified needs no link: all their invitations are accepted.
async fn invited(
    shared: &Shared,
    request: &Request,
    email: String,
    name: Option<String>,
) -> Result<Option<AdminRecord>, Failure> {
    let (system, now) = (shared.store.system(), shared.clock.now());
    let invitations = system.list_invitations_of(&email, now).await?;
    let Some(first) = invitations.first() else { return Ok(None) };
    let name = name.filter(|name| !name.trim().is_empty() && name.len() <= 100).unwrap_or_else(|| first.name.clone());
    let admin = Admin { id: AdminId::generate(), email, name, password_hash: None, operator: false, created_at: now };
    let author = auth::author(shared, request, auth::person(&admin));
    let mut inside = false;
    for invitation in &invitations {
        let guest = if inside { Guest::Known(admin.clone()) } else { Guest::New(admin.clone()) };
        let accepted = system.accept_invitation(invitation.digest, guest, now, &author).await?;
        inside |= matches!(accepted, Acceptance::Accepted(_));
    }
    Ok(system.find_admin(admin.id).await?)
}

fn redirect(shared: &Shared) -> String {
    format!("{}{PATH}/callback", shared.settings.public_url)
}

fn refused(shared: &Shared, error: &ProviderError) -> GoOn {
    tracing::warn!(%error, "nobody was signed in by the provider");
    back(shared, &Refusal::Refused)
}

fn back(shared: &Shared, refusal: &Refusal) -> GoOn {
    let why = match refusal {
        Refusal::Refused => "provider_refused",
        Refusal::UnknownPerson => "provider_unknown_person",
    };
    GoOn::To(format!("{}/login?error={why}", shared.settings.public_url))
}

/// The browser comes back from another site, so the cookie of the ceremony is the one that may come along from there; it
/// opens nothing by itself.
fn cookie(shared: &Shared, value: &str) -> Cookie {
    let mut cookie = Cookie::new_with_str(COOKIE, value);
    cookie.set_path(PATH);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_max_age(std::time::Duration::from_mins(5));
    cookie.set_secure(shared.settings.public_url.starts_with("https://"));
    cookie
}
