//! Who calls, for which tenant: from here on a tenant is a fact, not a parameter.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::credential::Refusal;
use domain::oauth::public_id;
use domain::token::{PresentedToken, TokenForm};
use domain::{
    Actor, Cause, ConnectionState, OldSlug, ResourceKind, Rights, Tenant, TenantRef, TenantSlug, TenantState, Timestamp,
};
use http::{HeaderMap, HeaderName, header};
use scim::{Precondition, Repairs, ResourceSchema};
use store::{KnownCredential, Listing, Origin, TenantStore, Unit, Written};

use crate::door::Shared;
use crate::failure::{Failure, at};
use crate::observe::{Moved, RequestRecord};
use crate::pace::TooFast;
use crate::token_endpoint;
use crate::turns::{Place, Work};

/// How long a database that has just failed is asked once more whose address a request hit: it has let the request wait.
const AGAIN: Duration = Duration::from_millis(250);

/// An authenticated request.
#[derive(Clone)]
pub(crate) struct ScimContext {
    pub(crate) shared: Arc<Shared>,
    pub(crate) store: TenantStore,
    pub(crate) known: Arc<KnownCredential>,
    /// What the request may do: what its credential may, or less when its access token was asked for with less.
    pub(crate) rights: Rights,
    pub(crate) now: Timestamp,
    pub(crate) request_id: String,
    pub(crate) precondition: Precondition,
    /// The tenant's SCIM address as the request named it, without a slash at its end: what an IdP was given stays true in
    /// every answer, also after the slug was changed.
    pub(crate) base: String,
    /// Leave to work, while it is the tenant's turn.
    pub(crate) turn: Arc<Mutex<Option<Place>>>,
}

impl ScimContext {
    /// Checks the credential of a request.
    ///
    /// # Errors
    /// 401 for whatever is wrong with it, 503 for a suspended tenant.
    pub(crate) async fn authenticate(
        shared: &Arc<Shared>,
        tenant: Option<&TenantRef>,
        headers: &HeaderMap,
        record: &mut RequestRecord,
    ) -> Result<Self, Failure> {
        let verdict = check(shared, tenant, headers, record).await;
        if verdict.is_err() && record.tenant.is_none() {
            // Whoever's address was hit should see it, also when the credential is unknown.
            let failed = matches!(verdict, Err(Failure::Store(_)));
            let hit = match tenant {
                None => None,
                Some(tenant) if failed => {
                    let asked = tokio::time::timeout(AGAIN, shared.tenant_hit(tenant)).await;
                    asked.ok().and_then(Result::ok).flatten()
                }
                Some(tenant) => shared.tenant_hit(tenant).await?,
            };
            if let Some(tenant) = hit {
                record.hit(&tenant);
            }
        }
        if let Err(Failure::Unauthorized(_)) = &verdict {
            shared.pace.failed(record.client)?;
        }
        let (known, rights) = verdict?;
        record.allowance = shared.pace.of_tenant(&known.tenant).await?;
        let slug = match tenant {
            Some(TenantRef::Slug(slug)) => slug,
            Some(TenantRef::Id(_)) | None => &known.tenant.slug,
        };
        let base = address(shared, slug);
        let (matching, differing) = (listed(headers, header::IF_MATCH), listed(headers, header::IF_NONE_MATCH));
        Ok(Self {
            shared: Arc::clone(shared),
            store: shared.store.tenant(known.tenant.id),
            known,
            rights,
            now: record.at,
            request_id: record.request_id(),
            precondition: Precondition::parse(matching.as_deref(), differing.as_deref()),
            base,
            turn: Arc::default(),
        })
    }

    /// Waits for the tenant's turn, and holds it to the request's end.
    ///
    /// # Errors
    /// When it does not come in time.
    pub(crate) async fn take_turn(&self) -> Result<(), TooFast> {
        let place = self.shared.turns.place_in_time(self.known.tenant.id, Work::Usual).await?;
        self.hold(Some(place));
        Ok(())
    }

    /// Waits for leave to answer what a list asks for, which is another one where it takes a scan.
    ///
    /// # Errors
    /// When it does not come in time.
    pub(crate) async fn take_turn_to_list(&self, listing: &Listing, kind: ResourceKind) -> Result<(), TooFast> {
        if listing.scans(kind) {
            self.hold(None);
            let place = self.shared.turns.place_in_time(self.known.tenant.id, Work::Scan).await?;
            self.hold(Some(place));
        }
        Ok(())
    }

    /// Writes. While it waits for its commit, somebody else has its turn.
    ///
    /// # Errors
    /// The unit's own, or the store's.
    pub(crate) async fn write<U: Unit>(&self, unit: U) -> Result<Written<U::Output>, U::Error> {
        self.hold(None);
        let written = self.store.write(self.origin(), unit).await;
        self.hold(Some(self.shared.turns.place(self.known.tenant.id, Work::Usual).await));
        written
    }

    /// Never two at a time: the second would wait for the first.
    fn hold(&self, place: Option<Place>) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }

    /// On whose behalf this request writes.
    fn origin(&self) -> Origin {
        let credential = &self.known.credential;
        Origin {
            tenant: self.known.tenant.id,
            actor: Actor::Connection { connection: credential.connection, credential: credential.id },
            request_id: Some(self.request_id.clone()),
            at: self.now,
        }
    }

    /// Reads anew what the tenant's resources are made of.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn refresh_schemas(&mut self) -> Result<(), Failure> {
        let schemas = self.store.schemas().resource_types().await?;
        self.known = Arc::new(KnownCredential { schemas, ..KnownCredential::clone(&self.known) });
        Ok(())
    }

    /// What the tenant's people are made of.
    pub(crate) fn users(&self) -> &Arc<ResourceSchema> {
        &self.known.schemas.users
    }

    /// What the tenant's groups are made of.
    pub(crate) fn groups(&self) -> &Arc<ResourceSchema> {
        &self.known.schemas.groups
    }

    /// Where repairs are noted, or refused.
    pub(crate) fn repairs(&self) -> Repairs {
        if self.known.connection.strict { Repairs::strict() } else { Repairs::lenient() }
    }

    /// Whether the credential may write.
    pub(crate) fn may_write(&self) -> bool {
        self.rights == Rights::Write
    }
}

async fn check(
    shared: &Arc<Shared>,
    tenant: Option<&TenantRef>,
    headers: &HeaderMap,
    record: &mut RequestRecord,
) -> Result<(Arc<KnownCredential>, Rights), Failure> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let first = sent.next().ok_or(Failure::Unauthorized(Cause::TokenMissing))?;
    let more = sent.count();
    if more > 0 {
        return Err(Failure::TwoCredentials(more + 1));
    }
    let text = bearer(first.to_str().unwrap_or_default());
    let Proved { known, rights, starts_with } = match PresentedToken::parse(text) {
        Some(token) => prove_bearer(shared, &token, text).await?,
        None => prove_access_token(shared, text, record).await?,
    };
    if known.tenant.state == TenantState::Deleting {
        // As for a tenant that never was, and nothing more goes into its log.
        return Err(Failure::Unauthorized(Cause::TokenUnknown { starts_with }));
    }
    let old = tenant.and_then(|tenant| old_name(tenant, &known));
    if old.is_none() && !tenant.is_some_and(|tenant| names(tenant, &known.tenant)) {
        return Err(Failure::Unauthorized(Cause::TokenOfAnotherTenant { starts_with }));
    }
    record.moved = old.map(|old| Moved { old: old.clone(), to: address(shared, &known.tenant.slug) });
    record.hit(&known.tenant);
    record.connection = Some(known.connection.id);
    record.credential = Some(known.credential.id);
    record.meant = Some(known.connection.idp);
    match known.credential.check(record.at) {
        Ok(()) => {}
        Err(Refusal::Revoked(time)) => return Err(Failure::Unauthorized(Cause::TokenRevoked { starts_with, at: at(time) })),
        Err(Refusal::Ended(time)) => return Err(Failure::Unauthorized(Cause::TokenEnded { starts_with, at: at(time) })),
    }
    if known.connection.state == ConnectionState::Closed {
        return Err(Failure::Unauthorized(Cause::ConnectionClosed));
    }
    match known.tenant.state {
        TenantState::Active => Ok((known, rights)),
        TenantState::Suspended => Err(Failure::Suspended),
        TenantState::Deleting => Err(Failure::Unauthorized(Cause::TokenUnknown { starts_with })),
    }
}

/// A credential that a request has proved to hold.
struct Proved {
    known: Arc<KnownCredential>,
    rights: Rights,
    /// What may be shown of the proof.
    starts_with: String,
}

async fn prove_bearer(shared: &Shared, token: &PresentedToken, text: &str) -> Result<Proved, Failure> {
    let starts_with = TokenForm::BEARER.beginning_of(text);
    let unknown = || Failure::Unauthorized(Cause::TokenUnknown { starts_with: starts_with.clone() });
    let known = shared.store.system().find_credential(token.public_id()).await?.ok_or_else(unknown)?;
    if !known.credential.is_proved_by(&shared.key, token) {
        return Err(unknown());
    }
    Ok(Proved { rights: known.credential.rights, known, starts_with })
}

/// An access token of our own (RFC 9068 §4): signed by us, for this service, not over, and got by what still holds.
async fn prove_access_token(shared: &Shared, text: &str, record: &RequestRecord) -> Result<Proved, Failure> {
    let beginning = beginning(text);
    let malformed = || Failure::Unauthorized(Cause::TokenMalformed { starts_with: beginning.clone() });
    let claims = shared.signing.check(text, record.at).await?.ok_or_else(malformed)?;
    let starts_with = claims.client_id.clone();
    let unknown = || Failure::Unauthorized(Cause::TokenUnknown { starts_with: starts_with.clone() });
    let id = public_id(&claims.client_id).ok_or_else(unknown)?;
    let known = shared.store.system().find_credential(id).await?.ok_or_else(unknown)?;
    let (public_url, tenant) = (&shared.settings.public_url, known.tenant.id.to_string());
    let ours = claims.tid == tenant
        && claims.iss == format!("{public_url}/oauth/{tenant}")
        && claims.aud == format!("{public_url}/scim/{tenant}/v2");
    let Some(client) = known.client.as_ref().filter(|_| ours) else { return Err(unknown()) };
    let end = Timestamp::from_micros(claims.exp.saturating_mul(1_000_000));
    if end <= record.at {
        return Err(Failure::Unauthorized(Cause::TokenEnded { starts_with, at: at(end) }));
    }
    if let Some(since) = token_endpoint::ended_since(client, &claims) {
        return Err(Failure::Unauthorized(Cause::TokenRevoked { starts_with, at: at(since) }));
    }
    let rights = token_endpoint::rights(&claims, known.credential.rights);
    Ok(Proved { known, rights, starts_with })
}

/// What may be shown of what should be a token. Some put the scheme into a field that wants the bare token, and it comes
/// twice: that is worth seeing.
fn beginning(text: &str) -> String {
    match text.split_at_checked(7) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer ") => {
            format!("Bearer {}", TokenForm::BEARER.beginning_of(token.trim_start()))
        }
        _ => TokenForm::BEARER.beginning_of(text),
    }
}

fn address(shared: &Shared, slug: &TenantSlug) -> String {
    format!("{}/scim/{slug}/v2", shared.settings.public_url)
}

/// All lines of a header as one list (RFC 9110 §5.3). A condition that is no text is one that nothing fulfils, and not none.
fn listed(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let lines: Vec<_> = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// The token after the scheme, which is compared without regard to case (RFC 9110 §11.1).
fn bearer(header: &str) -> &str {
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    }
}

/// The old slug that an address names the tenant by, if it does so by one.
pub(crate) fn old_name<'k>(reference: &TenantRef, known: &'k KnownCredential) -> Option<&'k OldSlug> {
    match reference {
        TenantRef::Id(_) => None,
        TenantRef::Slug(slug) => known.old_slugs.iter().find(|old| old.slug == *slug),
    }
}

pub(crate) fn names(reference: &TenantRef, tenant: &Tenant) -> bool {
    match reference {
        TenantRef::Id(id) => *id == tenant.id,
        TenantRef::Slug(slug) => *slug == tenant.slug,
    }
}
