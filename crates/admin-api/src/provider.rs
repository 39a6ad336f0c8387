//! Signing in at the installation's OpenID provider (OpenID Connect Core 1.0, authorization code flow with PKCE).
//!
//! Who the provider says somebody is decides only which person of ours they are: a subject that is known; otherwise a
//! person, or somebody invited, of the address that the provider has verified.

mod client;
mod page;

use std::sync::Arc;

use domain::line::line;
use domain::{Admin, AdminId, Secret, SignInMethod, Timestamp};
use poem::Request;
use poem::web::Data;
use poem::web::cookie::{Cookie, SameSite};
use poem_openapi::param::Query;
use poem_openapi::{ApiResponse, OpenApi};
use serde::{Deserialize, Serialize};
use store::{Acceptance, AdminRecord, CeremonyKind, Guest};

pub use self::client::Provider;
use self::client::{ANEW, Identity, ProviderError};
use self::page::Page;
use crate::auth;
use crate::ceremonies::{remember, take};
use crate::door::Shared;
use crate::failure::Failure;
use crate::service::Tag;
use crate::sessions::{self, address_of};

const COOKIE: &str = "directory_sync_sign_in";
const PATH: &str = "/api/v1/sign-in/provider";
/// By how many seconds the provider's clock may be off.
const OFF: i64 = 60;

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
    /// Since when the person was to sign in anew, where a session of before does not do.
    #[serde(default)]
    anew: Option<Timestamp>,
    /// Where the browser goes on.
    #[serde(default)]
    page: Page,
    /// The session that the browser had: its cookie does not come along from another site.
    #[serde(default)]
    session: Option<[u8; 32]>,
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
    /// The person was to sign in anew, and the provider does not say that they did.
    NotAnew,
}

#[OpenApi(tag = "Tag::Session")]
impl SignInByProvider {
    /// Sign in at the installation's OpenID provider
    ///
    /// Sends the browser there. It comes back signed in, or to `/login?error=` with `provider_refused`,
    /// `provider_unknown_person` or, where the person was to sign in anew, `provider_not_anew`.
    #[oai(path = "/sign-in/provider", method = "get", operation_id = "signInByProvider")]
    async fn begin(
        &self,
        shared: Data<&Arc<Shared>>,
        request: &Request,
        /// Whether the person is to prove anew who they are, although the provider may still know them. The session counts
        /// as recent from when the provider says that they did.
        anew: Query<Option<bool>>,
        /// The page of the console to come back to: a path with its query; the overview without it.
        next: Query<Option<String>>,
    ) -> Result<GoOn, Failure> {
        let provider = shared.settings.provider.as_ref().ok_or(Failure::NotFound)?;
        let page = next.0.as_deref().map(Page::read).transpose()?.unwrap_or_default();
        shared.ceremonies.count(address_of(request))?;
        let anew = anew.0.unwrap_or_default();
        let started = match provider.start(&redirect(&shared), anew).await {
            Ok(started) => started,
            Err(error) => return Ok(refused(&shared, &page, &error)),
        };
        let session = request.cookie().get(auth::COOKIE);
        let begun = Begun {
            state: started.state,
            nonce: started.nonce,
            verifier: started.verifier,
            anew: anew.then(|| shared.clock.now()),
            page,
            session: session.map(|cookie| domain::session::digest(&shared.key, cookie.value_str())),
        };
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
            Err(Failure::CodeUnknown) => return Ok(back(&shared, &Page::default(), &Refusal::Refused)),
            Err(other) => return Err(other),
        };
        let Begun { state: expected, nonce, verifier, anew, page, session } = begun;
        let (Some(code), None, true) = (code.0, error.0, state.0.as_deref() == Some(expected.as_str())) else {
            return Ok(back(&shared, &page, &Refusal::Refused));
        };
        let identity = match provider.finish(&redirect(&shared), code, verifier, &nonce).await {
            Ok(identity) => identity,
            Err(error) => return Ok(refused(&shared, &page, &error)),
        };
        let proved = proved_at(identity.authenticated_at, shared.clock.now());
        if anew.is_some_and(|since| !is_anew(proved, since)) {
            tracing::warn!("nobody was signed in: the provider does not say that the person has just signed in");
            return Ok(back(&shared, &page, &Refusal::NotAnew));
        }
        match person(&shared, request, provider, identity).await? {
            Ok(record) => {
                let begun = sessions::begin_since(&shared, &record, (SignInMethod::Provider, proved), request).await?;
                if let Some(before) = session {
                    let author = auth::author(&shared, request, auth::person(&record.admin));
                    shared.store.system().remove_session(before, &author).await?;
                }
                Ok(GoOn::SignedIn(page.below(&shared.settings.public_url), begun.into_cookie()))
            }
            Err(refusal) => Ok(back(&shared, &page, &refusal)),
        }
    }
}

/// When somebody proved who they are, as the provider says. A time that has not come yet proves nothing.
fn proved_at(told: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    told.filter(|at| *at <= now.plus_seconds(OFF)).map(|at| at.min(now))
}

/// Whether that was as late as was asked for (OpenID Connect Core 1.0 §3.1.3.7, rule 13). A provider that leaves the time
/// out may have let somebody in who signed in long ago.
fn is_anew(proved: Option<Timestamp>, since: Timestamp) -> bool {
    let age = i64::try_from(ANEW.as_secs()).unwrap_or_default();
    proved.is_some_and(|at| at.plus_seconds(age).plus_seconds(OFF) >= since)
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
    let name = name_of(name.as_deref(), &first.name);
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

/// What somebody is called who was invited: as the provider says, if we would take that from anybody.
fn name_of(told: Option<&str>, invited: &str) -> String {
    told.and_then(|told| line(told, 100).ok()).unwrap_or(invited).to_owned()
}

fn redirect(shared: &Shared) -> String {
    format!("{}{PATH}/callback", shared.settings.public_url)
}

fn refused(shared: &Shared, page: &Page, error: &ProviderError) -> GoOn {
    tracing::warn!(%error, "nobody was signed in by the provider");
    back(shared, page, &Refusal::Refused)
}

fn back(shared: &Shared, page: &Page, refusal: &Refusal) -> GoOn {
    let why = match refusal {
        Refusal::Refused => "provider_refused",
        Refusal::UnknownPerson => "provider_unknown_person",
        Refusal::NotAnew => "provider_not_anew",
    };
    GoOn::To(page.by_login(&shared.settings.public_url, why))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn a_time_that_is_left_out_old_or_yet_to_come_is_no_new_sign_in() {
        let (since, now) = (at(1_000), at(1_100));
        let anew = |told: Option<i64>| is_anew(proved_at(told.map(at), now), since);
        for good in [880, 999, 1_050, 1_100, 1_160] {
            assert!(anew(Some(good)), "{good}");
        }
        for bad in [None, Some(0), Some(879), Some(1_161)] {
            assert!(!anew(bad), "{bad:?}");
        }
        assert_eq!(proved_at(Some(at(1_130)), now), Some(now), "a clock that is ahead makes nothing last longer");
    }

    #[test]
    fn a_name_that_nobody_may_take_is_not_taken_from_the_provider() {
        assert_eq!(name_of(Some(" Ada Byron "), "Ada"), "Ada Byron");
        let long = "x".repeat(101);
        for bad in [None, Some(""), Some(" "), Some("Ada\nroot"), Some("\u{202e}toor"), Some(long.as_str())] {
            assert_eq!(name_of(bad, "Ada"), "Ada", "{bad:?}");
        }
    }
}
