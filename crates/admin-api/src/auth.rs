//! Who calls: a person with a session. From here on their rights are facts.

use std::sync::Arc;

use domain::audit::AuditActor;
use domain::{Admin, Author, ClientAddress, Right, Role, Session, Tenant, TenantRef, TenantState};
use http::header;
use poem::Request;
use poem_openapi::SecurityScheme;
use poem_openapi::auth::ApiKey;
use store::{AdminRecord, TenantStore};

use crate::door::{RequestId, Shared};
use crate::failure::Failure;

/// The name of the session's cookie.
pub(crate) const COOKIE: &str = "directory_sync_session";
/// The header that every changing call carries; its value does not matter.
const HEADER: &str = "x-directory-sync";
/// For how long after signing in a person may do what a forgotten open window must not, in seconds.
const RECENT: i64 = 15 * 60;

/// The session cookie that `POST /session` sets.
#[derive(SecurityScheme)]
#[oai(rename = "session", ty = "api_key", key_name = "directory_sync_session", key_in = "cookie", checker = "check")]
pub(crate) struct Signed(pub(crate) Caller);

/// A person with a session.
pub(crate) struct Caller {
    pub(crate) shared: Arc<Shared>,
    pub(crate) session: Session,
    pub(crate) record: AdminRecord,
    pub(crate) author: Author,
}

/// A caller inside a tenant where they may do what they came for.
pub(crate) struct Visit {
    pub(crate) shared: Arc<Shared>,
    pub(crate) store: TenantStore,
    pub(crate) tenant: Tenant,
    pub(crate) role: Role,
    pub(crate) admin: Admin,
    pub(crate) author: Author,
}

async fn check(request: &Request, key: ApiKey) -> poem::Result<Caller> {
    let shared = request.data::<Arc<Shared>>().ok_or(Failure::Internal("the door lost its state"))?;
    if request.headers().contains_key(header::AUTHORIZATION) {
        // One credential a call: a token beside a cookie must not make either of them count.
        return Err(Failure::NotSignedIn.into());
    }
    Ok(caller(shared, request, &key.key).await?)
}

async fn caller(shared: &Arc<Shared>, request: &Request, cookie: &str) -> Result<Caller, Failure> {
    let digest = domain::session::digest(&shared.key, cookie);
    let system = shared.store.system();
    let session = system.find_session(&digest, shared.clock.now()).await?.ok_or(Failure::NotSignedIn)?;
    let record = system.find_admin(session.admin).await?.ok_or(Failure::NotSignedIn)?;
    let author = author(shared, request, person(&record.admin));
    Ok(Caller { shared: Arc::clone(shared), session, record, author })
}

/// A person, as the audit names them.
pub(crate) fn person(admin: &Admin) -> AuditActor {
    AuditActor::Admin { id: admin.id, email: admin.email.clone() }
}

/// Who is behind a request, for the audit.
pub(crate) fn author(shared: &Shared, request: &Request, actor: AuditActor) -> Author {
    let extensions = request.extensions();
    Author {
        actor,
        address: extensions.get::<ClientAddress>().map(ToString::to_string),
        request_id: extensions.get::<RequestId>().map(|RequestId(id)| id.clone()),
        key: shared.audit_key.clone(),
    }
}

/// Refuses calls that change something and may come from a foreign page.
///
/// # Errors
/// [`Failure::MissingHeader`].
pub(crate) fn same_site(request: &Request, public_url: &str) -> Result<(), Failure> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let of_ours = match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => public_url == origin || public_url.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/')),
        (None, None) => true,
    };
    if of_ours && request.headers().contains_key(HEADER) { Ok(()) } else { Err(Failure::MissingHeader) }
}

impl Caller {
    /// What they are to the service as a whole.
    pub(crate) fn may(&self, right: Right) -> bool {
        self.record.admin.operator && Role::Operator.may(right)
    }

    /// # Errors
    /// [`Failure::Forbidden`] for people who run no service.
    pub(crate) fn demand(&self, right: Right) -> Result<(), Failure> {
        if self.may(right) { Ok(()) } else { Err(Failure::Forbidden) }
    }

    /// For what a forgotten open window must not do: the person has signed in of late.
    ///
    /// # Errors
    /// [`Failure::SignInAgain`].
    pub(crate) fn demand_recent(&self) -> Result<(), Failure> {
        let recent = self.session.created_at.plus_seconds(RECENT) > self.shared.clock.now();
        if recent { Ok(()) } else { Err(Failure::SignInAgain) }
    }

    /// Enters a tenant, by slug or id.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for a tenant that is not there, not theirs or being deleted: they look the same.
    pub(crate) async fn enter(&self, tenant: &str) -> Result<Visit, Failure> {
        let visit = self.look_at(tenant).await?;
        if visit.tenant.state == TenantState::Deleting { Err(Failure::NotFound) } else { Ok(visit) }
    }

    /// The same for those who follow a tenant's deletion, which is for operators only.
    ///
    /// # Errors
    /// As [`Self::enter`].
    pub(crate) async fn look_at(&self, tenant: &str) -> Result<Visit, Failure> {
        let reference: TenantRef = tenant.parse().map_err(|_| Failure::NotFound)?;
        let tenant = self.shared.store.system().find_tenant(&reference).await?.ok_or(Failure::NotFound)?;
        let role = self.record.role_in(tenant.id).ok_or(Failure::NotFound)?;
        if tenant.state == TenantState::Deleting && role != Role::Operator {
            return Err(Failure::NotFound);
        }
        Ok(Visit {
            shared: Arc::clone(&self.shared),
            store: self.shared.store.tenant(tenant.id),
            tenant,
            role,
            admin: self.record.admin.clone(),
            author: self.author.clone(),
        })
    }

    /// Enters a tenant to do something there.
    ///
    /// # Errors
    /// Those of [`Self::enter`], and [`Failure::Forbidden`] when their role there does not reach so far.
    pub(crate) async fn enter_to(&self, right: Right, tenant: &str) -> Result<Visit, Failure> {
        let visit = self.enter(tenant).await?;
        if visit.role.may(right) { Ok(visit) } else { Err(Failure::Forbidden) }
    }
}

/// The words of a role's rights, those of a tenant or those of the service.
pub(crate) fn words(role: Role, in_tenant: bool) -> Vec<String> {
    let held = Right::ALL.into_iter().filter(|right| right.in_tenant() == in_tenant && role.may(*right));
    held.map(|right| right.as_str().to_owned()).collect()
}
