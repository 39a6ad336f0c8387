//! Who calls: a person with a session, or an OpenAPI client with a key. From here on their rights are facts.

mod signed;

use std::sync::Arc;

use domain::audit::{AuditActor, Deed};
use domain::{Act, Admin, ApiKey, Author, ClientAddress, Right, Role, Session, Tenant, TenantId, TenantRef, TenantState};
use poem::Request;
use store::{AdminRecord, TenantStore};

pub(crate) use self::signed::{Proved, Signed, prove};
use crate::door::{RequestId, Shared};
use crate::failure::Failure;
use crate::pace::Counted;

/// The name of the session's cookie.
pub(crate) const COOKIE: &str = "directory_sync_session";
/// The header that every changing call of a page carries; its value does not matter.
const HEADER: &str = "x-directory-sync";
/// For how long after signing in a person may do what a forgotten open window must not, in seconds.
const RECENT: i64 = 15 * 60;

/// What proved who calls.
pub(crate) enum Who {
    /// A person, by their session.
    Person(Box<Session>, Box<AdminRecord>),
    /// An OpenAPI client, by its key.
    Key(Box<ApiKey>),
}

/// Who calls.
pub(crate) struct Caller {
    pub(crate) shared: Arc<Shared>,
    pub(crate) who: Who,
    pub(crate) author: Author,
}

/// A caller inside a tenant where they may do what they came for.
pub(crate) struct Visit {
    pub(crate) shared: Arc<Shared>,
    pub(crate) store: TenantStore,
    pub(crate) tenant: Tenant,
    pub(crate) role: Role,
    /// Whether a person came, and no key.
    pub(crate) person: bool,
    pub(crate) author: Author,
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

/// Refuses calls that change something and may come from a foreign page. A call with an Authorization header does not
/// come from one: a browser asks us first whether it may send that header, and we say nothing.
///
/// # Errors
/// [`Failure::MissingHeader`].
pub(crate) fn same_site(request: &Request, public_url: &str) -> Result<(), Failure> {
    if request.headers().contains_key(http::header::AUTHORIZATION) {
        return Ok(());
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let of_ours = match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => public_url == origin || public_url.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/')),
        (None, None) => true,
    };
    if of_ours && request.headers().contains_key(HEADER) { Ok(()) } else { Err(Failure::MissingHeader) }
}

impl Caller {
    /// By what their calls are counted together.
    pub(crate) fn counted(&self) -> Counted {
        match &self.who {
            Who::Person(session, _) => Counted::Session(session.digest),
            Who::Key(key) => Counted::Key(key.id.as_uuid()),
        }
    }

    /// Whether they may do something to the service as a whole.
    pub(crate) fn may(&self, right: Right) -> bool {
        match &self.who {
            Who::Person(_, record) => record.admin.operator && Role::Operator.may(right),
            Who::Key(key) => key.tenant.is_none() && key.role.may(right) && !right.of_people(),
        }
    }

    /// # Errors
    /// [`Failure::Forbidden`] for those who run no service.
    pub(crate) fn demand(&self, right: Right) -> Result<(), Failure> {
        if self.may(right) { Ok(()) } else { Err(Failure::Forbidden) }
    }

    /// The person behind the call, with their session.
    ///
    /// # Errors
    /// [`Failure::Forbidden`] for a key.
    pub(crate) fn person(&self) -> Result<(&Session, &AdminRecord), Failure> {
        match &self.who {
            Who::Person(session, record) => Ok((session, record)),
            Who::Key(_) => Err(Failure::Forbidden),
        }
    }

    /// For what a forgotten open window must not do: the person has proved who they are of late. A key has no window.
    ///
    /// # Errors
    /// [`Failure::SignInAgain`].
    pub(crate) fn demand_recent(&self) -> Result<(), Failure> {
        let Who::Person(session, _) = &self.who else { return Ok(()) };
        let recent = session.authenticated_at.is_some_and(|at| at.plus_seconds(RECENT) > self.shared.clock.now());
        if recent { Ok(()) } else { Err(Failure::SignInAgain) }
    }

    /// The tenants they may enter; all of them without a list.
    pub(crate) fn tenants(&self) -> Option<Vec<TenantId>> {
        match &self.who {
            Who::Person(_, record) if record.admin.operator => None,
            Who::Person(_, record) => Some(record.roles.iter().map(|held| held.tenant).collect()),
            Who::Key(key) => key.tenant.map(|tenant| vec![tenant]),
        }
    }

    /// What they are in a tenant.
    pub(crate) fn role_in(&self, tenant: TenantId) -> Option<Role> {
        match &self.who {
            Who::Person(_, record) => record.role_in(tenant),
            Who::Key(key) => key.role_in(tenant),
        }
    }

    /// Whether they may do something in every tenant they may enter.
    pub(crate) fn may_everywhere(&self, right: Right) -> bool {
        match &self.who {
            Who::Person(_, record) if record.admin.operator => Role::Operator.may(right),
            Who::Person(_, record) => record.roles.iter().all(|held| held.role.may(right)),
            Who::Key(key) => key.role.may(right),
        }
    }

    /// A visit to a tenant that the caller may enter; nothing is recorded of it.
    pub(crate) fn visit(&self, tenant: Tenant) -> Option<Visit> {
        let role = self.role_in(tenant.id)?;
        Some(Visit {
            shared: Arc::clone(&self.shared),
            store: self.shared.store.tenant(tenant.id),
            tenant,
            role,
            person: matches!(self.who, Who::Person(..)),
            author: self.author.clone(),
        })
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
        let visit = self.visit(tenant).ok_or(Failure::NotFound)?;
        if visit.tenant.state == TenantState::Deleting {
            return if visit.role == Role::Operator { Ok(visit) } else { Err(Failure::NotFound) };
        }
        self.record_visit(&visit).await?;
        Ok(visit)
    }

    /// Enters a tenant to do something there.
    ///
    /// # Errors
    /// Those of [`Self::enter`], and [`Failure::Forbidden`] when their role there does not reach so far.
    pub(crate) async fn enter_to(&self, right: Right, tenant: &str) -> Result<Visit, Failure> {
        let visit = self.enter(tenant).await?;
        let may = visit.role.may(right) && (visit.person || !right.of_people());
        if may { Ok(visit) } else { Err(Failure::Forbidden) }
    }

    /// The tenant's own people see in their audit when somebody came who runs the service: once an hour and session.
    async fn record_visit(&self, visit: &Visit) -> Result<(), Failure> {
        let Who::Person(session, record) = &self.who else { return Ok(()) };
        let id = visit.tenant.id;
        let own = record.roles.iter().any(|held| held.tenant == id);
        if own || !record.admin.operator || self.shared.visits.contains_key(&(session.digest, id)) {
            return Ok(());
        }
        let subject = (&visit.tenant).into();
        let deed = Deed { tenant: Some(id), act: Act::OperatorVisited, subject, before: None, after: None };
        self.shared.store.record(deed, &self.author).await?;
        self.shared.visits.insert((session.digest, id), ()).await;
        Ok(())
    }
}

/// The words of a role's rights, those of a tenant or those of the service.
pub(crate) fn words(role: Role, in_tenant: bool) -> Vec<String> {
    let held = Right::ALL.into_iter().filter(|right| right.in_tenant() == in_tenant && role.may(*right));
    held.map(|right| right.as_str().to_owned()).collect()
}
