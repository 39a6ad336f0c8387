//! `POST /Bulk`, RFC 7644 §3.7: each operation is a unit of its own, through the functions of single requests.
//!
//! Operations run in their order, but one that names another's resource waits for it. In a ring of names one operation
//! runs without the names that are not known yet, and gets them by a change of its own once they are. The request's record
//! is told of each operation when it has ended, so that whoever was refused is found.

mod ring;

use std::collections::{HashMap, HashSet};

use domain::{Group, GroupId, ResourceKind, User, UserId};
use http::Method;
use scim::{BulkMethod, BulkOperation, BulkRequest, BulkResult, Precondition, Version};
use serde_json::Value;
use store::{StoreError, Written};
use uuid::Uuid;

use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::RequestRecord;
use crate::operation::{find_names, group, user};
use crate::representation;
use crate::routes::{self, Action, Found};

/// Most repairs that are kept of one request.
const MOST_REPAIRS: usize = 512;

/// What one operation made or changed.
struct Made {
    status: u16,
    location: String,
    id: Uuid,
    version: Option<u64>,
}

/// Runs the operations until all are done or too many have failed; gives what became of those that ran, in the order of
/// the request. What has not begun when most of the request's time is over fails with 503, so that the answer still says
/// what was done.
pub(crate) async fn run(context: &ScimContext, request: BulkRequest, record: &mut RequestRecord) -> Vec<BulkResult> {
    let most = request.fail_on_errors.unwrap_or(u64::MAX);
    let time = context.shared.settings.limits.bulk_time;
    let named: HashSet<String> = request.operations.iter().filter_map(|operation| operation.bulk_id.clone()).collect();
    let context = context.clone();
    let mut run = Run { context, named, ids: HashMap::new(), failed: HashSet::new(), later: Vec::new() };
    let mut waiting: Vec<Waiting> = request.operations.into_iter().enumerate().map(|(place, o)| run.waiting(place, o)).collect();
    let mut results: Vec<(usize, BulkResult)> = Vec::new();
    let mut failures = 0;
    while !waiting.is_empty() && failures < most {
        let ready = waiting.iter().position(|waiting| !waiting.needs.iter().any(|name| run.pending(name)));
        let next = ready.unwrap_or_else(|| run.breaks_a_ring(&waiting));
        let Waiting { place, operation, needs } = waiting.remove(next);
        let result = if record.worked() < time {
            run.one(place, operation, &needs, record).await
        } else {
            names_sent(&operation, record);
            run.failed(&operation, &Failure::Deadline, record)
        };
        failures += u64::from(result.status >= 400);
        results.push((place, result));
        failures += run.complete(&mut results, record).await;
    }
    // What runs no more makes nothing that others could wait for.
    run.failed.extend(waiting.into_iter().filter_map(|waiting| waiting.operation.bulk_id));
    run.complete(&mut results, record).await;
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

/// An operation that has not run, and the names of others that stand in it.
struct Waiting {
    place: usize,
    operation: BulkOperation,
    needs: HashSet<String>,
}

struct Run {
    context: ScimContext,
    /// The names that operations of this request have.
    named: HashSet<String>,
    /// The resources they made.
    ids: HashMap<String, String>,
    /// The names of operations that failed.
    failed: HashSet<String>,
    /// Changes that wait until a name is known, with the place of the operation they complete.
    later: Vec<Waiting>,
}

impl Run {
    fn waiting(&self, place: usize, operation: BulkOperation) -> Waiting {
        let needs = operation.references().into_iter().filter(|name| self.named.contains(name)).collect();
        Waiting { place, operation, needs }
    }

    /// Whether the resource of this name is not made yet but may be.
    fn pending(&self, name: &str) -> bool {
        !self.ids.contains_key(name) && !self.failed.contains(name)
    }

    /// Which operation goes first where each waits for another: one of the ring that the first leads to, and one whose
    /// names can come later.
    fn breaks_a_ring(&self, waiting: &[Waiting]) -> usize {
        let places: HashMap<&str, usize> =
            waiting.iter().enumerate().filter_map(|(at, w)| Some((w.operation.bulk_id.as_deref()?, at))).collect();
        let (mut way, mut at) = (Vec::new(), 0);
        while !way.contains(&at) {
            way.push(at);
            let needs = waiting.get(at).map(|waiting| &waiting.needs);
            let next = needs.and_then(|needs| needs.iter().filter(|name| self.pending(name)).min());
            at = next.and_then(|name| places.get(name.as_str())).copied().unwrap_or(at);
        }
        let ring = way.iter().copied().skip_while(|step| *step != at);
        let whole = |at: &usize| {
            let method = waiting.get(*at).map(|waiting| waiting.operation.method);
            method.is_some_and(|method| matches!(method, BulkMethod::Post | BulkMethod::Put))
        };
        ring.clone().filter(whole).min().or_else(|| ring.min()).unwrap_or_default()
    }

    async fn one(
        &mut self,
        place: usize,
        mut operation: BulkOperation,
        needs: &HashSet<String>,
        record: &mut RequestRecord,
    ) -> BulkResult {
        let unknown: HashSet<&str> = needs.iter().map(String::as_str).filter(|name| self.pending(name)).collect();
        let later = ring::take_out(&mut operation, &unknown);
        operation.resolve(&|name| self.ids.get(name).cloned());
        let lost = operation.references().into_iter().next();
        let told = operation.without_data();
        let done = match lost {
            Some(name) => Err(self.lost(&operation, name, record).await),
            None => self.execute(operation, record).await,
        };
        match done {
            Ok(made) => {
                record.operation_done();
                if let Some(name) = &told.bulk_id {
                    self.ids.insert(name.clone(), made.id.to_string());
                }
                let later = later.map(|change| self.waiting(place, change.on(&made.location)));
                self.later.extend(later);
                let version = made.version.map(|version| Version(version).to_string());
                let (method, bulk_id) = (told.method, told.bulk_id);
                BulkResult { method, bulk_id, location: Some(made.location), version, status: made.status, response: None }
            }
            Err(failure) => self.failed(&told, &failure, record),
        }
    }

    /// Why an operation does not run that needs what another one did not make.
    async fn lost(&self, operation: &BulkOperation, name: String, record: &mut RequestRecord) -> Failure {
        let failure = Failure::LostReference(name);
        names_sent(operation, record);
        if let Ok((action, id)) = target(operation.method, &operation.path) {
            find_names(&self.context, action, id, &failure, record).await;
        }
        failure
    }

    fn failed(&mut self, operation: &BulkOperation, failure: &Failure, record: &mut RequestRecord) -> BulkResult {
        self.failed.extend(operation.bulk_id.clone());
        let (status, response) = refuse(&self.context, id_in(&operation.path), failure, record);
        // RFC 7644 §3.7: the location stands there, but for a POST that made nothing.
        let location = (operation.method != BulkMethod::Post).then(|| format!("{}{}", self.context.base, operation.path));
        BulkResult { method: operation.method, bulk_id: operation.bulk_id.clone(), location, version: None, status, response }
    }

    /// Runs the changes whose names are known by now; the operations they complete get the new version, or the failure.
    /// Gives how many failed.
    async fn complete(&mut self, results: &mut [(usize, BulkResult)], record: &mut RequestRecord) -> u64 {
        let mut failures = 0;
        let later = std::mem::take(&mut self.later);
        let (rest, ready): (Vec<_>, Vec<_>) =
            later.into_iter().partition(|waiting| waiting.needs.iter().any(|name| self.pending(name)));
        self.later = rest;
        for Waiting { place, operation: mut change, .. } in ready {
            change.resolve(&|name| self.ids.get(name).cloned());
            let (lost, id) = (change.references().into_iter().next(), id_in(&change.path));
            let done = if ring::forget(&mut change) { Some(self.execute(change, record).await) } else { None };
            let Some((_, result)) = results.iter_mut().find(|(at, _)| *at == place) else { continue };
            let failure = match done {
                Some(Ok(made)) => {
                    result.version = made.version.map(|version| Version(version).to_string());
                    lost.map(Failure::IncompleteRing)
                }
                Some(Err(failure)) => Some(failure),
                None => lost.map(Failure::IncompleteRing),
            };
            match failure {
                Some(failure) => {
                    failures += 1;
                    (result.status, result.response) = refuse(&self.context, id, &failure, record);
                }
                None => record.operation_done(),
            }
        }
        failures
    }

    async fn execute(&mut self, operation: BulkOperation, record: &mut RequestRecord) -> Result<Made, Failure> {
        let done = execute(&self.context, operation, record).await;
        if let Err(Failure::Store(StoreError::Outdated)) = &done {
            // The operations after this one go by what the register says now.
            self.context.refresh_schemas().await?;
        }
        done
    }
}

/// Status and body of an operation that failed, once the record knows of it.
fn refuse(context: &ScimContext, id: Option<Uuid>, failure: &Failure, record: &mut RequestRecord) -> (u16, Option<Value>) {
    let told = failure.tell(&context.request_id);
    let answer = (told.status, Some(scim::message::error::body(told.status, told.scim_type, &told.detail)));
    record.operation_refused(told, id);
    answer
}

/// The id at the end of an operation's path.
fn id_in(path: &str) -> Option<Uuid> {
    path.trim_end_matches('/').rsplit('/').next()?.parse().ok()
}

/// Notes whom an operation is about that does not run, as far as what it carries tells.
fn names_sent(operation: &BulkOperation, record: &mut RequestRecord) {
    if let (BulkMethod::Post | BulkMethod::Put, Some(data)) = (operation.method, &operation.data) {
        record.named_in(data);
    }
}

/// What an operation asks for, and the id in its path.
fn target(method: BulkMethod, path: &str) -> Result<(Action, &str), Failure> {
    let method = match method {
        BulkMethod::Post => Method::POST,
        BulkMethod::Put => Method::PUT,
        BulkMethod::Patch => Method::PATCH,
        BulkMethod::Delete => Method::DELETE,
    };
    match routes::find(&method, path.strip_prefix('/').ok_or(Failure::UnknownRoute)?) {
        Found::Route(route, id) => Ok((route.action, id)),
        Found::OtherMethods(allowed) => Err(Failure::Method(allowed)),
        Found::Nothing => Err(Failure::UnknownRoute),
    }
}

async fn execute(context: &ScimContext, operation: BulkOperation, record: &mut RequestRecord) -> Result<Made, Failure> {
    let (action, id) = target(operation.method, &operation.path).inspect_err(|_| names_sent(&operation, record))?;
    // The request's own conditions are about the request; each operation has its version.
    let context = ScimContext { precondition: Precondition::parse(operation.version.as_deref(), None), ..context.clone() };
    let data = operation.data.unwrap_or(Value::Null);
    let (before, first) = (std::mem::take(&mut record.repairs), record.changes);
    let made = act(&context, action, id, data, record).await;
    if let Err(failure) = &made {
        find_names(&context, action, id, failure, record).await;
    }
    record.repairs.splice(0..0, before);
    record.repairs.truncate(MOST_REPAIRS);
    record.changes = match (first, record.changes) {
        (Some((first, _)), Some((_, last))) => Some((first, last)),
        (earlier, None) => earlier,
        (None, only) => only,
    };
    made
}

async fn act(context: &ScimContext, action: Action, id: &str, data: Value, record: &mut RequestRecord) -> Result<Made, Failure> {
    let unknown = || Failure::NotFound(id.to_owned());
    let (user_id, group_id) = (id.parse::<UserId>().map_err(|_| unknown()), id.parse::<GroupId>().map_err(|_| unknown()));
    match action {
        Action::CreateUser => Ok(person(context, 201, user::create::create(context, data, record).await?, record)),
        Action::ReplaceUser => Ok(person(context, 200, user::replace::replace(context, user_id?, data, record).await?, record)),
        Action::PatchUser => Ok(person(context, 200, user::patch::patch(context, user_id?, data, record).await?, record)),
        Action::DeleteUser => Ok(person(context, 204, user::delete::delete(context, user_id?, record).await?, record)),
        Action::CreateGroup => Ok(of_group(context, 201, group::create::create(context, data, record).await?, record)),
        Action::ReplaceGroup => {
            Ok(of_group(context, 200, group::replace::replace(context, group_id?, data, record).await?, record))
        }
        Action::PatchGroup => Ok(of_group(context, 200, group::patch::patch(context, group_id?, data, record).await?, record)),
        Action::DeleteGroup => Ok(of_group(context, 204, group::delete::delete(context, group_id?, record).await?, record)),
        _ => Err(Failure::UnknownRoute),
    }
}

fn person(context: &ScimContext, status: u16, written: Written<User>, record: &mut RequestRecord) -> Made {
    let Written { output: user, changes, .. } = written;
    record.changes = changes;
    record.about(&user.resource);
    let location = representation::location(context, ResourceKind::User, user.id.as_uuid());
    Made { status, location, id: user.id.as_uuid(), version: (status != 204).then_some(user.version) }
}

fn of_group(context: &ScimContext, status: u16, written: Written<Group>, record: &mut RequestRecord) -> Made {
    let Written { output: group, changes, waiting } = written;
    record.changes = changes;
    record.awaits(&waiting);
    record.about(&group.resource);
    let location = representation::location(context, ResourceKind::Group, group.id.as_uuid());
    Made { status, location, id: group.id.as_uuid(), version: (status != 204).then_some(group.version) }
}
