//! What the sync log will say of a request; the stops on its way write into it.

pub(crate) mod clean;
mod names;
mod operations;

use std::collections::BTreeSet;
use std::time::Instant;

use bytes::Bytes;
use domain::exchange::{MOST_HEADERS, RawBody, RawMessage, header_to_keep};
use domain::{
    BodyPolicy, Cause, ClientAddress, Confidence, ConnectionId, CredentialId, Idp, Marks, Milestone, OldSlug, Outcome,
    RawExchange, Recognition, ResourceKind, SyncEvent, SyncEventId, Tenant, TenantId, Timestamp,
};
use http::{HeaderMap, header};
use scim::Repair;
use serde_json::Value;
use uuid::Uuid;

pub(crate) use self::clean::asks_for_a_secret;
use self::clean::{clean, cleaned, without_passwords};
use self::names::Lasting;
pub(crate) use self::names::Names;
use self::operations::Operations;
use crate::failure::Told;
use crate::pace::Allowance;
use crate::recognition;

/// Most characters kept of what a stranger chose.
const SHORT: usize = 512;

/// One request on its way.
#[derive(Debug)]
pub(crate) struct RequestRecord {
    started: Instant,
    work_began: Instant,
    pub(crate) id: SyncEventId,
    pub(crate) at: Timestamp,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) credential: Option<CredentialId>,
    /// Which IdP an admin said that the connection is.
    pub(crate) meant: Option<Idp>,
    marks: Marks,
    pub(crate) client: Option<ClientAddress>,
    pub(crate) address: String,
    pub(crate) user_agent: Option<String>,
    method: String,
    pub(crate) path: String,
    query: Option<String>,
    pub(crate) operation: Option<&'static str>,
    pub(crate) resource_kind: Option<ResourceKind>,
    pub(crate) resource_id: Option<Uuid>,
    resource_name: Option<String>,
    identifiers: Vec<String>,
    /// That of them by which the IdP keeps knowing whom it is about.
    known_by: Option<(Lasting, String)>,
    pub(crate) repairs: Vec<Repair>,
    pub(crate) changes: Option<(u64, u64)>,
    pub(crate) found: Option<u64>,
    /// How many operations of a bulk request ran, and how many of them failed.
    pub(crate) bulk: Option<(usize, usize)>,
    /// What they were about.
    operations: Operations,
    /// Members it named that are not here yet.
    waiting: usize,
    /// What is left of the tenant's ceiling, when it has one.
    pub(crate) allowance: Option<Allowance>,
    /// Set when it came by an old slug.
    pub(crate) moved: Option<Moved>,
    /// Whether the service itself sent it, to see how it is reached.
    pub(crate) own: bool,
    milestones: BTreeSet<Milestone>,
    /// How the tenant wants bodies to be kept, once the tenant is known.
    pub(crate) bodies: BodyPolicy,
    sent: Option<RawBody>,
    exchange: Option<RawExchange>,
}

/// The tenant has another slug than the one a request came by.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    pub(crate) old: OldSlug,
    /// The address that takes the place of this one.
    pub(crate) to: String,
}

impl RequestRecord {
    /// The body is there: from here on the time is ours.
    pub(crate) fn work_begins(&mut self) {
        self.work_began = Instant::now();
    }

    /// How long the work on the request has taken.
    pub(crate) fn worked(&self) -> std::time::Duration {
        self.work_began.elapsed()
    }

    pub(crate) fn open(
        method: &http::Method,
        uri: &http::Uri,
        headers: &HeaderMap,
        client: Option<ClientAddress>,
        at: Timestamp,
    ) -> Self {
        let started = Instant::now();
        let agent = headers.get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        let agent: Option<String> = agent.map(|agent| short(&agent));
        // Whoever borrows the name only hides from the guide and from the last use.
        let own = agent.as_deref().is_some_and(|agent| agent.starts_with(domain::credential::SELF_CHECK_AGENT));
        let marks = recognition::of_head(agent.as_deref(), headers, uri.path(), uri.query());
        Self {
            started,
            work_began: started,
            id: SyncEventId::generate(),
            at,
            tenant: None,
            connection: None,
            credential: None,
            meant: None,
            marks,
            client,
            address: client.map(|client| client.to_string()).unwrap_or_default(),
            user_agent: agent,
            method: method.to_string(),
            path: short(uri.path()),
            query: uri.query().map(short),
            operation: None,
            resource_kind: None,
            resource_id: None,
            resource_name: None,
            identifiers: Vec::new(),
            known_by: None,
            repairs: Vec::new(),
            changes: None,
            found: None,
            bulk: None,
            operations: Operations::default(),
            waiting: 0,
            allowance: None,
            moved: None,
            own,
            milestones: BTreeSet::new(),
            bodies: BodyPolicy::Off,
            sent: None,
            exchange: None,
        }
    }

    /// Our id of the request, which is its event's id too.
    pub(crate) fn request_id(&self) -> String {
        self.id.to_string()
    }

    /// Notes what the body of a PATCH shows of its sender.
    pub(crate) fn patched_by(&mut self, body: &Value) {
        recognition::of_patch(body, &mut self.marks);
    }

    /// What the request shows of its sender. Who gives a name that we do not know may have by chance what others have.
    fn shown(&self) -> Marks {
        let mut marks = self.marks;
        recognition::of_repairs(&self.repairs, self.resource_kind == Some(ResourceKind::Group), &mut marks);
        let named = self.user_agent.as_deref().is_some_and(|agent| !agent.trim().is_empty());
        if named { marks.without_chance() } else { marks }
    }

    /// Which IdP sends it, and how sure that is.
    pub(crate) fn sender(&self) -> (Option<Idp>, Option<Confidence>) {
        Recognition::or_meant(self.shown().recognition(), self.meant)
    }

    /// Notes that the request did what a guide waits for.
    pub(crate) fn passed(&mut self, milestone: Milestone) {
        self.milestones.insert(milestone);
    }

    /// What of setting a connection up the request shows to have happened.
    fn milestones(&self, status: u16, refused: bool, shown: Marks) -> Vec<Milestone> {
        if self.own {
            return Vec::new();
        }
        let mut passed = self.milestones.clone();
        passed.insert(Milestone::Reached);
        let token_refused = refused && self.operation == Some("token");
        if status == 401 || token_refused {
            passed.insert(Milestone::Refused);
        } else if self.credential.is_some() {
            passed.insert(Milestone::Accepted);
            if !shown.is_empty() {
                passed.insert(Milestone::Recognised);
            }
            if status < 400 && self.operation == Some("look-up") {
                passed.insert(Milestone::LookedUp);
            }
        }
        passed.into_iter().collect()
    }

    /// Notes the body that came.
    pub(crate) fn came(&mut self, body: &Bytes) {
        self.sent = Some(RawBody::of(body));
    }

    /// Notes whose address was hit, when that is all that is known.
    pub(crate) fn hit(&mut self, tenant: &Tenant) {
        self.tenant = Some(tenant.id);
        self.bodies = tenant.log.bodies;
    }

    /// Notes what was said on both sides, where the tenant wants that to be kept.
    pub(crate) fn said(&mut self, asked: &HeaderMap, answered: &HeaderMap, body: &Bytes) {
        if self.bodies != BodyPolicy::Off {
            let request = RawMessage { headers: kept(asked), body: self.sent.take() };
            let answer = RawMessage { headers: kept(answered), body: Some(RawBody::of(body)) };
            self.exchange = Some(RawExchange { policy: self.bodies, request, answer });
        }
    }

    /// Closes the record.
    pub(crate) fn close(mut self, status: u16, told: Option<Told>) -> SyncEvent {
        let awaited = (self.waiting > 0).then(|| Cause::MembersWaiting { count: self.waiting.to_string() });
        let (shown, (idp, idp_confidence)) = (self.shown(), self.sender());
        let milestones = self.milestones(status, told.is_some(), shown);
        let identifiers = self.all_names();
        let first = if told.is_none() { self.first_refused() } else { None };
        let sentence = match (&told, &first) {
            (Some(told), _) => self.refusal(status, &told.detail),
            (None, Some(first)) => format!("{}. {}", self.sentence(), self.refusal(first.status, &first.detail)),
            (None, None) => self.sentence(),
        };
        // A bulk request is answered by 200 whatever was refused of it. What counts refusals must see that something was.
        let status = first.as_ref().map_or(status, |first| first.status);
        let told = told.or(first);
        SyncEvent {
            id: self.id,
            tenant: self.tenant,
            at: self.at,
            request_id: self.id.to_string(),
            connection: self.connection,
            credential: self.credential,
            idp,
            idp_confidence,
            address: self.address,
            user_agent: self.user_agent.map(clean),
            method: self.method,
            path: clean(self.path),
            query: self.query.map(without_passwords).map(clean),
            operation: self.operation.map(str::to_owned),
            status,
            scim_type: told.as_ref().and_then(|told| told.scim_type).map(str::to_owned),
            duration_micros: u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX),
            cause: told.map(|told| cleaned(told.cause)).or(awaited),
            sentence: clean(sentence),
            resource_kind: self.resource_kind,
            resource_id: self.resource_id,
            resource_name: self.resource_name.map(clean),
            identifiers: identifiers.into_iter().map(clean).collect(),
            repairs: self.repairs,
            changes: self.changes,
            milestones,
            marks: shown,
            exchange: self.exchange,
        }
    }

    fn refusal(&self, status: u16, detail: &str) -> String {
        let verb = if Outcome::of(status) == Outcome::Failed { "Failed" } else { "Refused" };
        match &self.resource_name {
            Some(name) => format!("{verb} {name}: {detail}"),
            None => format!("{verb}: {detail}"),
        }
    }

    fn sentence(&self) -> String {
        let name = self.resource_name.as_deref();
        let whom = name.or_else(|| self.resource_kind.map(ResourceKind::as_str)).unwrap_or("the service");
        let unchanged = self.changes.is_none();
        match self.operation {
            Some("create") => format!("Created {whom}"),
            Some("replace" | "update") if unchanged => format!("{whom} was already as sent; nothing changed"),
            Some("replace" | "update") if self.waiting > 0 => {
                format!("Updated {whom}; {} members are not here yet", self.waiting)
            }
            Some("replace" | "update") => format!("Updated {whom}"),
            Some("delete") => format!("Deleted {whom}"),
            Some("look-up") => match self.found {
                Some(0) => "Looked for someone who is not here".to_owned(),
                Some(1) => "Looked up one resource".to_owned(),
                Some(found) => format!("Listed, {found} found"),
                None => "Listed".to_owned(),
            },
            Some("read") => format!("Read {whom}"),
            Some("token") => "Gave an access token".to_owned(),
            Some("bulk") => match self.bulk {
                Some((all, 0)) => format!("Bulk of {all} operations"),
                Some((all, failed)) => format!("Bulk of {all} operations, {failed} of them refused"),
                None => "Bulk".to_owned(),
            },
            _ => "Read what the service can do".to_owned(),
        }
    }

    /// One line in the operator's log, and what the request's span says of it; ids only, no values.
    pub(crate) fn trace(event: &SyncEvent) {
        let (tenant, credential) = (event.tenant.map(|id| id.to_string()), event.credential.map(|id| id.to_string()));
        let (status, cause) = (event.status, event.cause.as_ref().map(domain::Cause::code));
        let millis = event.duration_micros / 1_000;
        let (operation, request_id) = (event.operation.as_deref(), event.request_id.as_str());
        let span = tracing::Span::current();
        span.record("request_id", request_id);
        for (name, value) in [("tenant", tenant.as_deref()), ("credential", credential.as_deref()), ("operation", operation)] {
            value.map(|value| span.record(name, value));
        }
        cause.map(|cause| span.record("cause", cause));
        match Outcome::of(status) {
            Outcome::Accepted => tracing::info!(request_id, tenant, credential, operation, status, millis, "scim request"),
            Outcome::Rejected => {
                tracing::warn!(request_id, tenant, credential, operation, status, cause, millis, "scim request refused");
            }
            Outcome::Failed => {
                tracing::error!(request_id, tenant, credential, operation, status, cause, millis, "scim request failed");
            }
        }
    }
}

fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        let value = header_to_keep(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        (name.as_str().to_owned(), value)
    };
    headers.iter().take(MOST_HEADERS).map(text).collect()
}

fn short(text: &str) -> String {
    text.chars().take(SHORT).collect()
}
