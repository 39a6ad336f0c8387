//! The proof that a call carries: a session's cookie or an API key, one of them and not both.

use std::sync::{Arc, Mutex, PoisonError};

use domain::ClientAddress;
use domain::api_key::ApiKeyUse;
use domain::audit::AuditActor;
use domain::token::TokenForm;
use http::header;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::{COOKIE, Caller, Who, author, person};
use crate::door::Shared;
use crate::failure::Failure;
use crate::sessions::agent_of;

const SESSION: &str = "session";
const API_KEY: &str = "apiKey";

/// A caller who has proved who they are.
pub(crate) struct Signed(pub(crate) Caller);

/// What became of a call's proof before the call was answered; whoever is asked for a proof takes it.
#[derive(Clone)]
pub(crate) struct Proved(Arc<Mutex<Option<Result<Caller, Failure>>>>);

impl Proved {
    pub(crate) fn new(proved: Result<Caller, Failure>) -> Self {
        Self(Arc::new(Mutex::new(Some(proved))))
    }

    fn take(&self) -> Option<Result<Caller, Failure>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<'a> ApiExtractor<'a> for Signed {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = |ty, description| MetaSecurityScheme {
            ty,
            description: Some(description),
            name: None,
            key_in: None,
            scheme: None,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        let cookie = scheme("apiKey", "The session cookie that `POST /session` sets.");
        registry.create_security_scheme(SESSION, MetaSecurityScheme { name: Some(COOKIE), key_in: Some("cookie"), ..cookie });
        let bearer = scheme("http", "An API key of a tenant or of the service, as `Authorization: Bearer dsa_…`.");
        registry.create_security_scheme(API_KEY, MetaSecurityScheme { scheme: Some("bearer"), ..bearer });
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SESSION, API_KEY]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let proved = request.data::<Proved>().and_then(Proved::take);
        Ok(Self(proved.ok_or(Failure::Internal("the door lost its state"))??))
    }
}

/// Looks at the proof that a call carries.
///
/// # Errors
/// [`Failure::NotSignedIn`] for none, for one that is not good, and for more than one.
pub(crate) async fn prove(shared: &Arc<Shared>, request: &Request) -> Result<Caller, Failure> {
    let cookie = request.cookie().get(COOKIE).map(|cookie| cookie.value_str().to_owned());
    let mut tokens = request.headers().get_all(header::AUTHORIZATION).iter();
    match (cookie, tokens.next(), tokens.next()) {
        (Some(cookie), None, None) => by_session(shared, request, &cookie).await,
        (None, Some(token), None) => by_key(shared, request, token.to_str().map_err(|_| Failure::NotSignedIn)?).await,
        // One credential a call: a token beside a cookie must not make either of them count.
        _ => Err(Failure::NotSignedIn),
    }
}

async fn by_session(shared: &Arc<Shared>, request: &Request, cookie: &str) -> Result<Caller, Failure> {
    let digest = domain::session::digest(&shared.key, cookie);
    let system = shared.store.system();
    let session = system.find_session(&digest, shared.clock.now()).await?.ok_or(Failure::NotSignedIn)?;
    let record = system.find_admin(session.admin).await?.ok_or(Failure::NotSignedIn)?;
    let author = author(shared, request, person(&record.admin));
    Ok(Caller { shared: Arc::clone(shared), who: Who::Person(Box::new(session), Box::new(record)), author })
}

/// Keys are looked up on every call and kept in no cache, so one that is revoked opens nothing more on any node.
async fn by_key(shared: &Arc<Shared>, request: &Request, header: &str) -> Result<Caller, Failure> {
    let (scheme, token) = header.split_once(' ').ok_or(Failure::NotSignedIn)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Failure::NotSignedIn);
    }
    let presented = TokenForm::API_KEY.parse(token).ok_or(Failure::NotSignedIn)?;
    let (system, now) = (shared.store.system(), shared.clock.now());
    let key = system.find_api_key(presented.public_id()).await?.ok_or(Failure::NotSignedIn)?;
    if !key.is_proved_by(&shared.key, &presented) || key.check(now).is_err() {
        return Err(Failure::NotSignedIn);
    }
    let address = request.extensions().get::<ClientAddress>().map(ToString::to_string);
    system.note_api_key_use(&key, ApiKeyUse { at: now, address, user_agent: agent_of(request) }).await?;
    let author = author(shared, request, AuditActor::ApiKey { id: key.id, name: key.name.clone() });
    Ok(Caller { shared: Arc::clone(shared), who: Who::Key(Box::new(key)), author })
}
