//! [`ScimDoor`]: one request from its first byte to its answer and its event in the sync log.

use std::num::NonZeroU32;
use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::credential::LastUse;
use domain::{ClientAddress, Clock, ServerKey, Tenant, TenantId, TenantRef};
use futures_util::FutureExt;
use http::{HeaderMap, Method, StatusCode};
use outgoing::Outgoing;
use poem::{Endpoint, Request, Response};
use scim::{Fault, FaultKind};
use store::{Store, StoreError, SyncLogSender};
use uuid::Uuid;

use crate::answer::Answer;
use crate::context::ScimContext;
use crate::failure::{Failure, Told, short};
use crate::observe::RequestRecord;
use crate::pace::Pace;
use crate::routes::{self, Found};
use crate::token_endpoint::{SigningKeys, TokenDoor, TrustedKeySets};
use crate::turns::{Turns, Work};
use crate::{endpoint, media, mount};

/// Limits of the door (published in ServiceProviderConfig where it has a place for them).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most bytes of a body.
    pub body: usize,
    /// Resources on a page when none are asked for.
    pub page: u64,
    /// Most resources on a page.
    pub most_on_a_page: u64,
    /// Most members named in one request.
    pub members_per_request: usize,
    /// Most members of a group.
    pub members_per_group: u64,
    /// Most operations of a bulk request.
    pub bulk_operations: usize,
    /// Most requests a second of each tenant that has no ceiling of its own, on this node.
    pub tenant_requests_per_second: Option<NonZeroU32>,
    /// How long a body may take to come.
    pub body_time: Duration,
    /// How long a request may take once its body is there.
    pub deadline: Duration,
    /// After how long of it a bulk request begins no further operation, so that its answer still comes in time.
    pub bulk_time: Duration,
}

impl Limits {
    /// How long a request may take, with its body.
    pub(crate) fn whole(&self) -> Duration {
        self.body_time + self.deadline
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 8 * 1024 * 1024,
            page: 100,
            most_on_a_page: 1_000,
            members_per_request: 50_000,
            members_per_group: 1_000_000,
            bulk_operations: 1_000,
            tenant_requests_per_second: None,
            body_time: Duration::from_secs(30),
            deadline: Duration::from_secs(30),
            bulk_time: Duration::from_secs(24),
        }
    }
}

/// What the door is told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How the world reaches the service, without a slash at its end.
    pub public_url: String,
    /// The limits.
    pub limits: Limits,
}

/// The door below `/scim`.
pub struct ScimDoor {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) key: Arc<ServerKey>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) log: SyncLogSender,
    pub(crate) settings: Settings,
    pub(crate) pace: Pace,
    pub(crate) turns: Arc<Turns>,
    pub(crate) signing: SigningKeys,
    pub(crate) trusted: TrustedKeySets,
}

impl Shared {
    /// Whose address a request hit that proved nothing. Strangers stand in one line together, so that their flood holds up
    /// no tenant.
    pub(crate) async fn tenant_hit(&self, tenant: &TenantRef) -> Result<Option<Tenant>, StoreError> {
        let _turn = self.turns.place(TenantId::from(Uuid::nil()), Work::Usual).await;
        self.store.system().tenant_at_door(tenant).await
    }

    /// Marks an answer with its request's id, with what is left of a limit and with a newer address, and leaves the request's event in the sync log.
    pub(crate) async fn close(&self, response: &mut Response, asked: &HeaderMap, mut record: RequestRecord, told: Option<Told>) {
        if let Ok(id) = record.request_id().parse() {
            response.headers_mut().insert("x-request-id", id);
        }
        if let Some(moved) = record.moved.take() {
            media::mark_moved(response, &moved);
        }
        // That of a refusal is in it already.
        if let Some(allowance) = record.allowance.filter(|_| response.status() != StatusCode::TOO_MANY_REQUESTS) {
            media::mark_allowance(response, allowance);
        }
        if self.log.is_off() {
            return;
        }
        // It is whole in memory.
        let body = response.take_body().into_bytes().await.unwrap_or_default();
        record.said(asked, response.headers(), &body);
        response.set_body(body);
        let wrote = record.changes.is_some();
        let event = record.close(response.status().as_u16(), told);
        RequestRecord::trace(&event);
        self.log.send(event, wrote).await;
    }
}

impl ScimDoor {
    /// A door to `store`; `log` takes an event for every request, and `outgoing` reads the keys that clients trust.
    pub fn new(
        store: Store,
        key: Arc<ServerKey>,
        clock: Arc<dyn Clock>,
        log: SyncLogSender,
        outgoing: Outgoing,
        settings: Settings,
    ) -> Self {
        let pace = Pace::new(settings.limits.tenant_requests_per_second);
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let turns = Turns::new(store.readers(), processors);
        let signing = SigningKeys::new(store.clone(), Arc::clone(&key));
        let trusted = TrustedKeySets::new(outgoing);
        Self { shared: Arc::new(Shared { store, key, clock, log, settings, pace, turns, signing, trusted }) }
    }

    /// Whether a request's credential opens the door: the check that every request goes through and nothing more, for
    /// those who measure what it takes. It is counted where the real one is and leaves no event.
    pub async fn admits(&self, request: &Request) -> bool {
        let address = request.extensions().get::<ClientAddress>().copied();
        let (uri, headers) = (request.uri(), request.headers());
        let mut record = RequestRecord::open(request.method(), uri, headers, address, self.shared.clock.now());
        let tenant = mount::split(uri.path()).tenant;
        ScimContext::authenticate(&self.shared, tenant.as_ref(), headers, &mut record).await.is_ok()
    }

    /// The door at which its OAuth clients get their access tokens.
    pub fn token_door(&self) -> TokenDoor {
        TokenDoor::new(Arc::clone(&self.shared))
    }
}

impl Endpoint for ScimDoor {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let shared = &self.shared;
        let address = request.extensions().get::<ClientAddress>().copied();
        let uri = request.uri().clone();
        let mut record = RequestRecord::open(request.method(), &uri, request.headers(), address, shared.clock.now());
        let kind = media::answer_type(request.headers());
        let head = request.method() == Method::HEAD;
        let body = request.take_body();
        let headers = request.headers().clone();
        let work = answer(shared, request.method(), &uri, &headers, body, &mut record);
        let guarded = AssertUnwindSafe(tokio::time::timeout(shared.settings.limits.whole(), work)).catch_unwind();
        let answered = match guarded.await {
            Ok(Ok(answered)) => answered,
            Ok(Err(_)) => Err(Failure::Deadline),
            Err(_) => Err(Failure::Panicked),
        };
        if let Err(failure) = &answered {
            record.find_names(&uri, failure);
        }
        Ok(self.leave(answered, &headers, record, kind, head).await)
    }
}

impl ScimDoor {
    async fn leave(
        &self,
        answered: Result<Answer, Failure>,
        asked: &HeaderMap,
        record: RequestRecord,
        kind: &'static str,
        head: bool,
    ) -> Response {
        self.note_use(&record, answered.as_ref().err());
        let request_id = record.request_id();
        let (mut response, told) = match answered {
            Ok(answer) => (media::write(answer, kind), None),
            Err(failure) => {
                let told = failure.tell(&request_id);
                (failure.response(&told, kind), Some(told))
            }
        };
        self.shared.close(&mut response, asked, record, told).await;
        if head {
            response.set_body(());
        }
        response
    }

    fn note_use(&self, record: &RequestRecord, failure: Option<&Failure>) {
        let (Some(tenant), Some(credential)) = (record.tenant, record.credential) else { return };
        if record.own || matches!(failure, Some(Failure::Unauthorized(_))) {
            return;
        }
        if let Some(moved) = &record.moved {
            self.shared.store.note_old_slug(tenant, moved.old.slug.clone(), record.at);
        }
        let last = LastUse {
            at: record.at,
            address: record.address.clone(),
            user_agent: record.user_agent.clone(),
            idp: record.sender().0,
        };
        self.shared.store.note_use(store::Use { tenant, credential, last });
    }
}

async fn answer(
    shared: &Arc<Shared>,
    method: &Method,
    uri: &http::Uri,
    headers: &HeaderMap,
    body: poem::Body,
    record: &mut RequestRecord,
) -> Result<Answer, Failure> {
    let mounted = mount::split(uri.path());
    let context = ScimContext::authenticate(shared, mounted.tenant.as_ref(), headers, record).await?;
    let rest = match (mounted.rest, mounted.other_version) {
        (Some(rest), _) => rest,
        (None, Some(version)) => {
            let detail = "this service speaks version 2 of SCIM: its addresses have v2";
            return Err(Fault::new(FaultKind::InvalidVersion, detail).about(short(version)).into());
        }
        (None, None) => return Err(Failure::UnknownRoute),
    };
    let (route, id) = match routes::find(method, rest) {
        Found::Route(route, id) => (route, id),
        Found::OtherMethods(allowed) => return Err(Failure::Method(allowed)),
        Found::Nothing => return Err(Failure::UnknownRoute),
    };
    record.operation = Some(route.operation);
    // Before its body is awaited, so that a tenant's slow clients use up nothing but the tenant's own.
    let _under_way = shared.turns.enter(context.known.tenant.id)?;
    let limits = shared.settings.limits;
    let mut taken = Bytes::new();
    if route.takes_a_body() {
        taken = media::take(headers, body, (limits.body, limits.body_time), record).await?;
    }
    // With the body at hand, so that whoever asks for the person finds what was refused of them.
    if route.writes && !context.may_write() {
        return Err(Failure::ReadOnly);
    }
    record.work_begins();
    let work = async {
        // What the service can do is at hand.
        if !route.action.discovers() {
            context.take_turn().await?;
        }
        endpoint::call(&context, route.action, id, uri.query().unwrap_or_default(), taken, record).await
    };
    tokio::time::timeout(limits.deadline, work).await.unwrap_or(Err(Failure::Deadline))
}
