//! Customer companies: how each one does; making, renaming, suspending and deleting one.

use domain::acknowledgement::MOST_TARGET_SECONDS;
use domain::connection::ConnectionState;
use domain::health;
use domain::tenant::{LOG_DAYS, MOST_CHANGE_DAYS, MOST_NAME};
use domain::{
    AcknowledgementTarget, BodyPolicy, Ceiling, Idp, LogSettings, Right, Standing, Tenant, TenantId, TenantSlug, TenantState,
};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object, OpenApi};
use store::{ConnectionBrief, LogChange, Reading, StandingOrder, StandingQuery, TenantChange};

use crate::answer::{Accepted, Created, created};
use crate::auth::{self, Signed, Visit};
use crate::ceiling::{CeilingChange, CeilingView};
use crate::ends::CredentialEnd;
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::{self, Page};
use crate::service::Tag;
use crate::tenant_order::{self, Order};
use crate::users::search_text;
use crate::value::{Time, Word};

pub(crate) struct Tenants;

/// Whether a tenant's directory keeps arriving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "Health", rename_all = "snake_case")]
pub(crate) enum HealthOfTenant {
    /// There is no credential that an IdP could use.
    NotConnected,
    /// There is a credential; no request came yet.
    Waiting,
    /// Requests come and most are accepted.
    Working,
    /// Half or more of the newest 20 requests were refused or failed.
    Failing,
    /// From none of its connections has anything come for longer than is usual.
    Silent,
}

/// How many people a tenant has.
#[derive(Debug, Object)]
pub(crate) struct People {
    /// All of them.
    pub(crate) total: u64,
    /// Those who are active.
    pub(crate) active: u64,
}

impl From<health::Health> for HealthOfTenant {
    fn from(health: health::Health) -> Self {
        match health {
            health::Health::NotConnected => Self::NotConnected,
            health::Health::Waiting => Self::Waiting,
            health::Health::Working => Self::Working,
            health::Health::Failing => Self::Failing,
            health::Health::Silent => Self::Silent,
        }
    }
}

/// The requests of the last 24 hours, by the hour.
#[derive(Debug, Object)]
pub(crate) struct DayOfRequests {
    /// How many came.
    pub(crate) requests: u64,
    /// How many of them were refused or failed.
    pub(crate) refused: u64,
}

/// A connection in a few words.
#[derive(Debug, Object)]
#[oai(rename = "ConnectionBrief")]
struct BriefView {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Which IdP it is.
    idp: Word<Idp>,
    /// Whether its credentials open the door.
    state: Word<ConnectionState>,
}

/// A customer company.
#[derive(Debug, Object)]
#[oai(rename = "Tenant", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct TenantView {
    /// Its id.
    id: String,
    /// Its short name in addresses.
    slug: String,
    /// Its name.
    name: String,
    /// Whether it is served.
    state: Word<TenantState>,
    /// How many requests a second it may send.
    ceiling: CeilingView,
    /// The address that an IdP is given.
    scim_url: String,
    /// When it was made.
    created_at: Time,
    /// What the caller may do in it: `directory:read`, `changes:read`, `changes:acknowledge`, `log:read`, `log:full`, `credentials:read`,
    /// `credentials:write`, `connections:write`, `schemas:write`, `roles:map`, `webhooks:manage`, `audit:read`, `tenant:rename`.
    rights: Vec<String>,
    /// How its sync log keeps the bodies of requests and answers.
    log_bodies: Word<BodyPolicy>,
    /// For how many days its sync log keeps requests.
    log_days: u16,
    /// For how many days its changes are kept.
    change_days: u16,
    /// Within how many seconds a reader of its feed is to acknowledge a change; absent when there is no such time.
    acknowledgement_target_seconds: Option<u32>,
    /// Its people.
    people: People,
    /// How many groups it has.
    groups: u64,
    /// The IdP applications that sync into it.
    connections: Vec<BriefView>,
    /// How many credentials open its door; absent for those who may not see credentials.
    live_credentials: Option<u64>,
    /// When the last request came.
    last_request_at: Option<Time>,
    /// The credential, or the secret of an OAuth client, that ends next; absent when none will.
    next_credential_end: Option<CredentialEnd>,
    /// The requests of the last 24 hours; absent for those who may not read the log.
    day: Option<DayOfRequests>,
    /// Whether its directory keeps arriving.
    health: HealthOfTenant,
}

/// A tenant to be made.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewTenant {
    /// Its name.
    name: String,
    /// Its short name in addresses: 1 to 63 of a-z, 0-9 and -. Made from the name without it.
    slug: Option<String>,
}

/// What is to be different; what is absent stays.
#[derive(Object)]
#[oai(rename = "TenantChange", deny_unknown_fields)]
struct Difference {
    /// Its name.
    name: Option<String>,
    /// Its short name in addresses. The one before goes on opening its SCIM door until it is dropped as an old slug, and
    /// is held for this tenant for 90 days more.
    slug: Option<String>,
    /// `suspended`: its SCIM door answers 503 until it is `active` again, so that IdPs come again later. `deleting` is
    /// refused.
    state: Option<Word<TenantState>>,
    /// How many requests a second it may send. An operator's to set; it holds on every node within a second.
    ceiling: Option<CeilingChange>,
    /// How its sync log keeps bodies and headers from now on. `off`: not at all. `masked`: with every value replaced by its
    /// length that may say who somebody is. `full`: as they came. Passwords, tokens and other secrets are never kept.
    #[oai(rename = "logBodies")]
    log_bodies: Option<Word<BodyPolicy>>,
    /// For how many days its sync log keeps requests, 1 to 90.
    #[oai(rename = "logDays")]
    log_days: Option<u16>,
    /// For how many days its changes are kept, 1 to 730. Whoever follows the feed and is away for longer begins anew with a
    /// snapshot.
    #[oai(rename = "changeDays")]
    change_days: Option<u16>,
    /// Within how many seconds a reader of its feed is to acknowledge a change, 1 to 2,592,000 (thirty days); 300 before it
    /// is set. `null`: there is no such time, and no reader is ever late.
    #[oai(rename = "acknowledgementTargetSeconds", nullable)]
    target_seconds: MaybeUndefined<u32>,
}

#[OpenApi(tag = "Tag::Tenants")]
impl Tenants {
    /// The tenants the caller may enter
    ///
    /// In order of creation, or as asked for; the cursor of one order means nothing in another. The orders
    /// `requests` and `refused` are for those who may `log:read` in all of their tenants, and `credentialEnd` for those who
    /// may `credentials:read`; others are refused (`forbidden`). How they do is read in the background, in turns of 50
    /// tenants: usually seconds after something happened, later when very many send at once or a node has just started,
    /// which reads all of them. A tenant alone is read at once.
    #[oai(path = "/tenants", method = "get", operation_id = "listTenants")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list, and the document is made of them")]
    async fn list(
        &self,
        caller: Signed,
        /// Part of a name or slug.
        search: Query<Option<String>>,
        /// Only those that stand like this.
        standing: Query<Option<Word<Standing>>>,
        /// What they are sorted by.
        sort: Query<Option<Order>>,
        /// Whether the greatest come first.
        descending: Query<Option<bool>>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most rows, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<TenantView>>, Failure> {
        let caller = caller.0;
        if sort.0.and_then(Order::right).is_some_and(|right| !caller.may_everywhere(right)) {
            return Err(Failure::Forbidden);
        }
        let query = StandingQuery {
            search: search_text(search.0)?,
            among: caller.tenants(),
            standing: standing.0.map(|standing| standing.0),
            order: sort.0.map(StandingOrder::from).unwrap_or_default(),
            descending: descending.0.unwrap_or(false),
            after: after.0.as_deref().map(tenant_order::place).transpose()?,
            limit: paging::limit(limit.0)?,
        };
        let now = caller.shared.clock.now();
        let page = caller.shared.store.system().list_standings(&query).await?;
        let next = page.next.as_ref().map(tenant_order::cursor);
        let mut items = Vec::new();
        for stands in page.tenants {
            let Some(visit) = caller.visit(stands.tenant) else { continue };
            // A tenant that was made a moment ago was not read yet.
            let reading = match stands.reading {
                Some(reading) => reading,
                None => visit.store.reading(now).await?,
            };
            items.push(shown(visit, reading));
        }
        Ok(Json(Page { items, next, total: None }))
    }

    /// Make a tenant
    #[oai(path = "/tenants", method = "post", operation_id = "createTenant")]
    async fn create(&self, caller: Signed, body: Json<NewTenant>) -> Result<Created<TenantView>, Failure> {
        let caller = caller.0;
        caller.demand(Right::TenantsCreate)?;
        let mut form = Form::default();
        let name = form.line("name", &body.0.name, MOST_NAME);
        let slug = match &body.0.slug {
            Some(slug) => slug_of(slug, &mut form),
            None => TenantSlug::suggest(&name),
        };
        form.finish()?;
        let slug = slug.ok_or_else(|| Failure::field("slug", "cannot be made from this name; choose one"))?;
        let (id, created_at) = (TenantId::generate(), caller.shared.clock.now());
        let (state, ceiling, log) = (TenantState::Active, Ceiling::General, LogSettings::default());
        let tenant = Tenant { id, slug, name, state, ceiling, created_at, log };
        let tenant = caller.shared.store.system().insert_tenant(tenant, &caller.author).await?;
        Ok(created(view(caller.enter(&tenant.id.to_string()).await?).await?))
    }

    /// One tenant
    ///
    /// While it is being deleted only operators see it.
    #[oai(path = "/tenants/:tenant", method = "get", operation_id = "getTenant")]
    async fn get(
        &self,
        caller: Signed,
        /// Its slug or id.
        tenant: Path<String>,
    ) -> Result<Json<TenantView>, Failure> {
        Ok(Json(view(caller.0.look_at(&tenant.0).await?).await?))
    }

    /// Rename a tenant, say what its sync log keeps, suspend it or serve it again, or set its ceiling
    ///
    /// A slug that is another tenant's is refused (`slug_taken`), and so is one that was another's less than 90 days ago
    /// (`slug_held`).
    #[oai(path = "/tenants/:tenant", method = "patch", operation_id = "changeTenant")]
    async fn change(
        &self,
        caller: Signed,
        /// Its slug or id.
        tenant: Path<String>,
        body: Json<Difference>,
    ) -> Result<Json<TenantView>, Failure> {
        let Difference { name, slug, state, ceiling, log_bodies, log_days, change_days, target_seconds } = body.0;
        let visit = caller.0.enter_to(Right::TenantRename, &tenant.0).await?;
        if state.is_some() {
            caller.0.demand(Right::TenantsSuspend)?;
        }
        if ceiling.is_some() {
            caller.0.demand(Right::TenantsLimit)?;
        }
        let mut form = Form::default();
        let name = name.map(|name| form.line("name", &name, MOST_NAME));
        let slug = slug.and_then(|slug| slug_of(&slug, &mut form));
        if state.is_some_and(|state| state.0 == TenantState::Deleting) {
            form.wrong("state", "can be active or suspended; a tenant is deleted with DELETE");
        }
        let ceiling = ceiling.and_then(|ceiling| ceiling.read(&mut form));
        if log_days.is_some_and(|days| !(1..=LOG_DAYS).contains(&days)) {
            form.wrong("logDays", format!("is a number from 1 to {LOG_DAYS}"));
        }
        if change_days.is_some_and(|days| !(1..=MOST_CHANGE_DAYS).contains(&days)) {
            form.wrong("changeDays", format!("is a number from 1 to {MOST_CHANGE_DAYS}"));
        }
        let target = target(target_seconds, &mut form);
        form.finish()?;
        let log = LogChange { bodies: log_bodies.map(|bodies| bodies.0), days: log_days, change_days, target };
        let change = TenantChange { state: state.map(|state| state.0), name, slug, ceiling, log };
        caller.0.shared.store.system().change_tenant(visit.tenant.id, change, &visit.author).await?;
        Ok(Json(view(caller.0.enter(&visit.tenant.id.to_string()).await?).await?))
    }

    /// Delete a tenant with all it has
    ///
    /// At once its SCIM door answers 401 and the tenant is missing for its admins; its rows are removed in the background,
    /// which an operator can follow by its state. It cannot be undone. Nobody gets its slugs for 90 days. Doing it again
    /// changes nothing. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant", method = "delete", operation_id = "deleteTenant")]
    async fn delete(
        &self,
        caller: Signed,
        /// Its slug or id.
        tenant: Path<String>,
        /// Its slug, typed by whoever means it.
        confirm: Query<String>,
    ) -> Result<Accepted<TenantView>, Failure> {
        let caller = caller.0;
        let visit = caller.look_at(&tenant.0).await?;
        caller.demand(Right::TenantsDelete)?;
        caller.demand_recent()?;
        if confirm.0 != visit.tenant.slug.as_str() {
            return Err(Failure::field("confirm", "must be the tenant's slug"));
        }
        caller.shared.store.system().begin_removal(visit.tenant.id, &visit.tenant.slug, &visit.author).await?;
        let visit = caller.look_at(&visit.tenant.id.to_string()).await?;
        if visit.tenant.state != TenantState::Deleting {
            return Err(Failure::field("confirm", "must be the tenant's slug, which has just been changed"));
        }
        Ok(Accepted::Accepted(Json(view(visit).await?)))
    }
}

fn slug_of(text: &str, form: &mut Form) -> Option<TenantSlug> {
    text.parse().map_err(|error: domain::tenant::NotASlug| form.wrong("slug", error.to_string())).ok()
}

/// Within what time changes are to be acknowledged from now on; what is wrong with it goes into the form.
fn target(seconds: MaybeUndefined<u32>, form: &mut Form) -> Option<AcknowledgementTarget> {
    match seconds {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(AcknowledgementTarget::Whenever),
        MaybeUndefined::Value(seconds) => {
            let target = AcknowledgementTarget::own(seconds);
            if target.is_none() {
                form.wrong("acknowledgementTargetSeconds", format!("is a number from 1 to {MOST_TARGET_SECONDS}, or null"));
            }
            target
        }
    }
}

async fn view(visit: Visit) -> Result<TenantView, Failure> {
    let reading = visit.store.reading(visit.shared.clock.now()).await?;
    Ok(shown(visit, reading))
}

fn shown(visit: Visit, reading: Reading) -> TenantView {
    let Visit { shared, tenant, role, .. } = visit;
    let reads_credentials = role.may(Right::CredentialsRead);
    TenantView {
        id: tenant.id.to_string(),
        scim_url: format!("{}/scim/{}/v2", shared.settings.public_url, tenant.slug),
        slug: tenant.slug.to_string(),
        name: tenant.name,
        state: Word(tenant.state),
        ceiling: CeilingView::of(tenant.ceiling, shared.settings.tenant_requests_per_second),
        created_at: Time(tenant.created_at),
        rights: if tenant.state == TenantState::Deleting { Vec::new() } else { auth::words(role, true) },
        log_bodies: Word(tenant.log.bodies),
        log_days: tenant.log.kept_days(),
        change_days: tenant.log.kept_change_days(),
        acknowledgement_target_seconds: tenant.log.target.seconds(),
        people: People { total: reading.counters.users, active: reading.counters.active_users },
        groups: reading.counters.groups,
        connections: reading.connections.into_iter().map(brief).collect(),
        live_credentials: reads_credentials.then_some(reading.live_credentials),
        last_request_at: reading.last_request_at.map(Time),
        next_credential_end: reading.next_end.filter(|_| reads_credentials).map(CredentialEnd::from),
        day: role.may(Right::LogRead).then_some(DayOfRequests { requests: reading.requests, refused: reading.refused }),
        health: reading.health.into(),
    }
}

fn brief(connection: ConnectionBrief) -> BriefView {
    let state = if connection.open { ConnectionState::Open } else { ConnectionState::Closed };
    BriefView { id: connection.id.to_string(), name: connection.name, idp: Word(connection.idp), state: Word(state) }
}
