//! Signing in and out, and who is signed in.

use std::sync::Arc;

use domain::audit::{AuditActor, Deed};
use domain::{Act, ClientAddress, Role, Secret, Session, SignInMethod, TenantId, Timestamp};
use poem::Request;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use store::AdminRecord;

use crate::attempts::Origin;
use crate::auth::{self, COOKIE, Signed};
use crate::device::Device;
use crate::door::Shared;
use crate::failure::Failure;
use crate::second_factor;
use crate::service::Tag;
use crate::value::{Time, Word};

/// How long a session lasts, in seconds.
const LIFE: i64 = 12 * 3_600;
/// Most tenants named in a session; the list of tenants has all of them.
const TENANTS: u64 = 200;
/// Most characters kept of a User-Agent.
const AGENT: usize = 256;

pub(crate) struct Sessions;

/// What a person proves who they are with.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct SignIn {
    /// Their e-mail address.
    email: String,
    /// Their password.
    password: String,
    /// The code of their authenticator app, or a recovery code, where one is asked for (`code_needed`).
    code: Option<String>,
}

/// A person in the console.
#[derive(Debug, Object)]
#[oai(rename = "Admin")]
struct AdminView {
    /// Their id.
    id: String,
    /// Their e-mail address.
    email: String,
    /// Their name.
    name: String,
    /// Whether they run the whole service.
    operator: bool,
}

/// A tenant where the person has a role.
#[derive(Debug, Object)]
struct SessionTenant {
    /// Its id.
    id: String,
    /// Its short name in addresses.
    slug: String,
    /// Its name.
    name: String,
    /// What the person is there.
    role: Word<Role>,
}

/// Who is signed in, and what they may do.
#[derive(Debug, Object)]
#[oai(rename = "Session", rename_all = "camelCase")]
pub(crate) struct SessionView {
    /// The person.
    admin: AdminView,
    /// The tenants where they have a role, oldest first, at most 200.
    tenants: Vec<SessionTenant>,
    /// What they may do beyond a tenant: `tenants:list`, `tenants:create`, `tenants:suspend`, `tenants:limit`,
    /// `tenants:delete`, `roles:define`, `system:read`, `system:audit`, `system:people`.
    rights: Vec<String>,
    /// When the session ends by itself.
    expires_at: Time,
}

/// How people can sign in here.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct SignInOptions {
    /// Whether mail is set up, so that who has forgotten their password can help themselves.
    mail: bool,
    /// Whether passkeys can be used at the service's address.
    passkeys: bool,
    /// The OpenID provider where people sign in too, at `/api/v1/sign-in/provider`.
    provider: Option<ProviderName>,
}

/// An OpenID provider.
#[derive(Debug, Object)]
struct ProviderName {
    /// Its name for the button.
    name: String,
}

/// A session that began.
#[derive(ApiResponse)]
pub(crate) enum SignedIn {
    /// Signed in; the cookie is the proof.
    #[oai(status = 200)]
    Ok(
        Json<SessionView>,
        /// The session's cookie.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

/// A session that ended.
#[derive(ApiResponse)]
enum SignedOut {
    /// Signed out; the cookie is void.
    #[oai(status = 204)]
    Done(
        /// An empty cookie.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

#[OpenApi(tag = "Tag::Session")]
impl Sessions {
    /// Who is signed in
    #[oai(path = "/session", method = "get", operation_id = "getSession")]
    async fn get(&self, caller: Signed) -> Result<Json<SessionView>, Failure> {
        let caller = caller.0;
        let (session, record) = caller.person()?;
        Ok(Json(view(&caller.shared, record, session).await?))
    }

    /// Sign in
    ///
    /// An earlier session of this browser ends. After too many failures the answer is 429 with Retry-After; who signed in
    /// with this browser before is not held up by what strangers try.
    #[oai(path = "/session", method = "post", operation_id = "signIn")]
    async fn sign_in(&self, shared: Data<&Arc<Shared>>, request: &Request, body: Json<SignIn>) -> Result<SignedIn, Failure> {
        let SignIn { email, password, code } = body.0;
        let known = shared.store.system().find_admin_by_email(&email).await?;
        let record = prove(&shared, request, &email, known, password).await?;
        let method = second_factor::demand(&shared, &record.admin, code.as_deref()).await;
        if matches!(method, Err(Failure::CodeWrong)) {
            refused(&shared, request, &record).await?;
        }
        let method = method?;
        succeeded(&shared, request, &email);
        begin(&shared, &record, method, request).await?.answer(&shared, &record).await
    }

    /// Sign out
    #[oai(path = "/session", method = "delete", operation_id = "signOut")]
    async fn sign_out(&self, caller: Signed) -> Result<SignedOut, Failure> {
        let caller = caller.0;
        let (session, _) = caller.person()?;
        caller.shared.store.system().remove_session(session.digest, &caller.author).await?;
        Ok(SignedOut::Done(cookie(&caller.shared, "", 0)))
    }

    /// How people can sign in here
    #[oai(path = "/sign-in-options", method = "get", operation_id = "getSignInOptions")]
    #[expect(clippy::unused_async, reason = "the macro awaits every operation")]
    async fn options(&self, shared: Data<&Arc<Shared>>) -> Result<Json<SignInOptions>, Failure> {
        Ok(Json(SignInOptions {
            mail: shared.settings.mail.is_some(),
            passkeys: shared.passkeys.is_some(),
            provider: shared.settings.provider.as_ref().map(|provider| ProviderName { name: provider.settings().name.clone() }),
        }))
    }
}

/// That a password is this person's. Counts the attempt before it looks, and records it when it fails.
///
/// # Errors
/// [`Failure::SignInFailed`], the same for nobody and for a wrong password; [`Failure::TooManyAttempts`].
pub(crate) async fn prove(
    shared: &Shared,
    request: &Request,
    email: &str,
    known: Option<AdminRecord>,
    password: String,
) -> Result<AdminRecord, Failure> {
    let device = Device::of(request, &shared.key, email);
    let origin = Origin { email, address: address_of(request), device: device.as_ref() };
    shared.attempts.begin(origin, shared.clock.now())?;
    let hash = known.as_ref().and_then(|record| record.admin.password_hash.clone());
    let right = shared.passwords.matches(Secret::new(password), hash).await?;
    match known {
        Some(record) if right => Ok(record),
        Some(record) => {
            refused(shared, request, &record).await?;
            Err(Failure::SignInFailed)
        }
        None => Err(Failure::SignInFailed),
    }
}

/// Records that a known person's sign-in was refused. Only of known people, whose attempts are bounded: strangers cannot fill
/// the audit with names they make up.
async fn refused(shared: &Shared, request: &Request, record: &AdminRecord) -> Result<(), Failure> {
    let subject = (&record.admin).into();
    let deed = Deed { tenant: None, act: Act::SignInRefused, subject, before: None, after: None };
    Ok(shared.store.record(deed, &auth::author(shared, request, AuditActor::Stranger)).await?)
}

/// What was tried before counts no longer: the whole proof was right.
pub(crate) fn succeeded(shared: &Shared, request: &Request, email: &str) {
    let device = Device::of(request, &shared.key, email);
    shared.attempts.succeeded(Origin { email, address: address_of(request), device: device.as_ref() });
}

/// A session that has just begun.
pub(crate) struct Begun {
    session: Session,
    cookie: String,
}

impl Begun {
    /// The session's cookie alone.
    pub(crate) fn into_cookie(self) -> String {
        self.cookie
    }

    /// The answer to who signed in.
    pub(crate) async fn answer(self, shared: &Shared, record: &AdminRecord) -> Result<SignedIn, Failure> {
        Ok(SignedIn::Ok(Json(view(shared, record, &self.session).await?), self.cookie))
    }

    /// What the answer is made of.
    pub(crate) async fn parts(self, shared: &Shared, record: &AdminRecord) -> Result<(Json<SessionView>, String), Failure> {
        Ok((Json(view(shared, record, &self.session).await?), self.cookie))
    }
}

/// Begins a session under a new value and leaves the mark that the person knows this browser; the session that the browser
/// had before ends.
pub(crate) async fn begin(
    shared: &Shared,
    record: &AdminRecord,
    method: SignInMethod,
    request: &Request,
) -> Result<Begun, Failure> {
    let now = shared.clock.now();
    begin_since(shared, record, (method, Some(now)), request).await
}

/// The same where the person proved who they are elsewhere, then, as far as that is known.
pub(crate) async fn begin_since(
    shared: &Shared,
    record: &AdminRecord,
    (method, authenticated_at): (SignInMethod, Option<Timestamp>),
    request: &Request,
) -> Result<Begun, Failure> {
    let (value, digest) = domain::session::issue(&shared.key).map_err(|_| Failure::Internal("no randomness"))?;
    let now = shared.clock.now();
    let session = Session {
        digest,
        admin: record.admin.id,
        created_at: now,
        authenticated_at,
        expires_at: now.plus_seconds(LIFE),
        address: address_of(request).map(|address| address.to_string()).unwrap_or_default(),
        user_agent: agent_of(request),
        method: Some(method),
    };
    let (system, author) = (shared.store.system(), auth::author(shared, request, auth::person(&record.admin)));
    system.insert_session(&session, &author).await?;
    if let Some(old) = request.cookie().get(COOKIE) {
        system.remove_session(domain::session::digest(&shared.key, old.value_str()), &author).await?;
    }
    let email = &record.admin.email;
    let known = Device::of(request, &shared.key, email);
    if known.is_none_or(|device| device == Device::by_link(&shared.key, email)) {
        let device = Device::issue(&shared.key, email).map_err(|_| Failure::Internal("no randomness"))?;
        request.cookie().add(device.cookie(is_secure(shared)));
    }
    Ok(Begun { session, cookie: cookie(shared, value.expose(), LIFE) })
}

/// Leaves the mark that the person came to this browser by a link: strangers who fail for them elsewhere hold up nobody here.
pub(crate) fn know_browser(shared: &Shared, request: &Request, email: &str) {
    request.cookie().add(Device::by_link(&shared.key, email).cookie(is_secure(shared)));
}

/// Cookies are `Secure` wherever the service is reached by https; on plain http a browser would not send them back.
fn is_secure(shared: &Shared) -> bool {
    shared.settings.public_url.starts_with("https://")
}

fn cookie(shared: &Shared, value: &str, seconds: i64) -> String {
    let secure = if is_secure(shared) { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/api; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// The User-Agent of a request, cut to what is kept of it.
pub(crate) fn agent_of(request: &Request) -> Option<String> {
    let agent = request.headers().get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.map(|agent| agent.chars().take(AGENT).collect())
}

pub(crate) fn address_of(request: &Request) -> Option<ClientAddress> {
    request.extensions().get().copied()
}

pub(crate) async fn view(shared: &Shared, record: &AdminRecord, session: &Session) -> Result<SessionView, Failure> {
    let held: Vec<TenantId> = record.roles.iter().map(|role| role.tenant).collect();
    let tenants =
        if held.is_empty() { Vec::new() } else { shared.store.system().list_tenants(None, Some(&held), None, TENANTS).await? };
    let role = |tenant| record.roles.iter().find(|held| held.tenant == tenant).map(|held| held.role);
    let rights = if record.admin.operator { auth::words(Role::Operator, false) } else { Vec::new() };
    Ok(SessionView {
        admin: AdminView {
            id: record.admin.id.to_string(),
            email: record.admin.email.clone(),
            name: record.admin.name.clone(),
            operator: record.admin.operator,
        },
        tenants: tenants
            .into_iter()
            .filter_map(|tenant| {
                let role = Word(role(tenant.id)?);
                Some(SessionTenant { id: tenant.id.to_string(), slug: tenant.slug.to_string(), name: tenant.name, role })
            })
            .collect(),
        rights,
        expires_at: Time(session.expires_at),
    })
}
