//! Who holds a set-up link: a caller of a kind of their own. Nothing that asks for a [`crate::auth::Caller`] takes them,
//! and nothing that asks for a holder takes a person with a session.

use std::sync::Arc;

use domain::audit::AuditActor;
use domain::{Author, Connection, ConnectionState, SetupLink, Tenant, TenantRef, TenantState, setup_link};
use http::header;
use poem::Request;
use poem_openapi::SecurityScheme;
use poem_openapi::auth::ApiKey;
use store::TenantStore;

use crate::auth;
use crate::door::Shared;
use crate::failure::Failure;
use crate::live::Pass;

/// The name of the holder's cookie.
pub(crate) const COOKIE: &str = "directory_sync_setup";

/// The cookie that `POST /setup/open` sets.
#[derive(SecurityScheme)]
#[oai(rename = "setup", ty = "api_key", key_name = "directory_sync_setup", key_in = "cookie", checker = "check")]
pub(crate) struct HoldsLink(pub(crate) Holder);

/// Somebody who opened a set-up link that is still good, with the one connection it is about.
pub(crate) struct Holder {
    pub(crate) shared: Arc<Shared>,
    pub(crate) store: TenantStore,
    pub(crate) tenant: Tenant,
    pub(crate) connection: Connection,
    pub(crate) link: SetupLink,
    pub(crate) author: Author,
    digest: [u8; 32],
}

async fn check(request: &Request, key: ApiKey) -> poem::Result<Holder> {
    let shared = request.data::<Arc<Shared>>().ok_or(Failure::Internal("the door lost its state"))?;
    if request.headers().contains_key(header::AUTHORIZATION) {
        // One credential a call: a token beside a cookie must not make either of them count.
        return Err(Failure::NotSignedIn.into());
    }
    let digest = setup_link::session_digest(&shared.key, &key.key);
    Ok(holder(shared, request, digest).await?.ok_or(Failure::NotSignedIn)?)
}

async fn holder(shared: &Arc<Shared>, request: &Request, digest: [u8; 32]) -> Result<Option<Holder>, Failure> {
    let Some((link, tenant, connection)) = find(shared, &digest).await? else { return Ok(None) };
    let author = auth::author(shared, request, actor(&link));
    let store = shared.store.tenant(tenant.id);
    Ok(Some(Holder { shared: Arc::clone(shared), store, tenant, connection, link, author, digest }))
}

/// A link's holder, as the audit names them.
pub(crate) fn actor(link: &SetupLink) -> AuditActor {
    AuditActor::SetupLink { id: link.id, name: link.name.clone() }
}

/// What a session leads to while the link is good, its connection open and its tenant there.
async fn find(shared: &Shared, digest: &[u8; 32]) -> Result<Option<(SetupLink, Tenant, Connection)>, Failure> {
    let system = shared.store.system();
    let Some(link) = system.find_setup_session(digest, shared.clock.now()).await? else { return Ok(None) };
    let Some((tenant, connection)) = target(shared, &link).await? else { return Ok(None) };
    Ok(Some((link, tenant, connection)))
}

/// The tenant and connection of a link, if it still makes sense to set that up.
///
/// # Errors
/// What the store says.
pub(crate) async fn target(shared: &Shared, link: &SetupLink) -> Result<Option<(Tenant, Connection)>, Failure> {
    let tenant = shared.store.system().find_tenant(&TenantRef::Id(link.tenant)).await?;
    let Some(tenant) = tenant.filter(|tenant| tenant.state != TenantState::Deleting) else { return Ok(None) };
    let connection = shared.store.tenant(tenant.id).connections().find(link.connection).await?;
    Ok(connection.filter(|connection| connection.state == ConnectionState::Open).map(|connection| (tenant, connection)))
}

impl Holder {
    /// Says whether the link is still good, for a live stream.
    pub(crate) fn pass(&self) -> Pass {
        let (shared, digest) = (Arc::clone(&self.shared), self.digest);
        Box::new(move || {
            let shared = Arc::clone(&shared);
            Box::pin(async move { find(&shared, &digest).await.is_ok_and(|found| found.is_some()) })
        })
    }
}
