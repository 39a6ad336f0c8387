//! What happened to somebody: changes and requests in one story, found by any name they ever had, also of somebody who was
//! never made.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::{Change, GroupId, ResourceKind, Right, SyncEvent, SyncEventId, Timestamp, UserId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use scim::Resource;
use store::{Story, TenantStore};
use uuid::Uuid;

use crate::auth::Signed;
use crate::changes::{self, ChangeView};
use crate::failure::Failure;
use crate::paging;
use crate::service::Tag;
use crate::sync_events::{self, RepairView, SyncEventSummary};
use crate::value::{Time, Word};

/// Most people and groups that one name can mean in a story; who means one of more asks by id.
const SUBJECTS: usize = 5;
/// Most that a name is looked up for.
const MOST_KNOWN: u32 = 6;
/// Changes that are asked for earlier names.
const ASKED: u64 = 200;
/// Most names that requests are found by.
const NAMES: usize = 24;
const MOST_TEXT: usize = 512;
/// Most changes that a mark names; more of them would be told again.
const TOLD: usize = 200;
/// Most repairs of one item.
const REPAIRS: usize = 10;

pub(crate) struct Timeline;

/// Somebody a story is about.
#[derive(Debug, Object)]
#[oai(rename = "TimelineSubject", rename_all = "camelCase", skip_serializing_if_is_none)]
struct SubjectView {
    /// The id.
    id: String,
    /// Person or group; absent when nothing but requests is known.
    resource_type: Option<Word<ResourceKind>>,
    /// The best human name, today's or the last.
    name: Option<String>,
    /// Whether it is here now.
    here: bool,
}

/// One thing that happened: a request with what it changed, or a change whose request is not in the log.
#[derive(Debug, Object)]
#[oai(rename = "TimelineItem", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ItemView {
    /// When.
    at: Time,
    /// The request; absent for what the log does not keep, and for those who may not read it.
    request: Option<SyncEventSummary>,
    /// What was rewritten of what the request sent.
    repairs: Vec<RepairView>,
    /// What was changed, newest first. Of a group's change of members only those whose story it is are named.
    changes: Vec<ChangeView>,
}

/// A part of a story.
#[derive(Debug, Object)]
#[oai(rename = "TimelinePage", skip_serializing_if_is_none)]
struct StoryView {
    /// Whom the name means or meant; empty for somebody who was never made.
    subjects: Vec<SubjectView>,
    /// What happened, newest first.
    items: Vec<ItemView>,
    /// What to send as `after` for what happened before; absent at the end.
    next: Option<String>,
}

/// How far two sequences, that of requests and that of changes, have been told. Changes stand with their request, so some of
/// those that are still to come may have been told.
#[derive(Default)]
struct Mark {
    event: Option<SyncEventId>,
    seq: Option<u64>,
    told: Vec<u64>,
}

struct Subject {
    id: Uuid,
    kind: Option<ResourceKind>,
    name: Option<String>,
    here: bool,
}

#[derive(Default)]
struct Cast {
    subjects: Vec<Subject>,
    names: BTreeSet<String>,
}

struct Item {
    at: Timestamp,
    event: Option<SyncEvent>,
    changes: Vec<Change>,
}

#[OpenApi(tag = "Tag::Activity")]
impl Timeline {
    /// What happened to a person or group
    ///
    /// Found by the id or by any name ever seen: userName, externalId, e-mail address, displayName. Look-ups that found
    /// nobody, refusals, creation, changes, memberships, deletion, newest first. Each change tells who acknowledged it and, to
    /// those who look after webhooks, where it stands with each of them.
    #[oai(path = "/tenants/:tenant/timeline", method = "get", operation_id = "getTimeline")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// An id or a name.
        of: Query<String>,
        /// Whether reads and look-ups that found the resource are told too.
        reads: Query<Option<bool>>,
        /// The `next` of the page before.
        after: Query<Option<String>>,
        /// Most items, 1 to 200.
        limit: Query<Option<u64>>,
    ) -> Result<Json<StoryView>, Failure> {
        let visit = caller.0.enter_to(Right::ChangesRead, &tenant.0).await?;
        let (limit, mark) = (paging::limit(limit.0)?, Mark::parse(after.0.as_deref())?);
        let text = of.0.trim();
        if text.is_empty() || text.len() > MOST_TEXT || text.contains('\0') {
            return Err(Failure::field("of", "is an id or a name of up to 512 bytes"));
        }
        let reads_log = visit.role.may(Right::LogRead);
        let store = &visit.store;
        let cast = cast(store, text, reads_log).await?;
        let resources: Vec<Uuid> = cast.subjects.iter().map(|subject| subject.id).collect();
        let (mut changes, mut floor): (Vec<Change>, Option<u64>) = (Vec::new(), None);
        // One more than can be told says that there are more.
        let most = limit + 1 + mark.told.len() as u64;
        for resource in &resources {
            let read = store.story(*resource, mark.seq, most).await?;
            if read.len() as u64 == most {
                floor = floor.max(read.last().map(|change| change.seq + 1));
            }
            changes.extend(read);
        }
        // What others have beyond it comes when this one's is there too.
        changes.retain(|change| floor.is_none_or(|floor| change.seq >= floor) && !mark.told.contains(&change.seq));
        changes.sort_by_key(|change| Reverse(change.seq));
        changes.dedup_by_key(|change| change.seq);
        let (asked, mut names) = (scim::comparison::key(text), Vec::from_iter(cast.names));
        // The one that was asked for is never the one too many.
        names.sort_by_key(|name| *name != asked);
        names.truncate(NAMES);
        let wanted =
            Story { resources: &resources, names: &names, reads: reads.0.unwrap_or(false), before: mark.event, limit: limit + 1 };
        let events = if reads_log { store.sync_events().story(&wanted).await? } else { Vec::new() };
        let (mut items, next) = merge(events, changes, floor, mark, usize::try_from(limit).unwrap_or(usize::MAX));
        if reads_log {
            find_requests(store, &mut items).await?;
        }
        let subjects = cast.subjects.into_iter().map(subject_view).collect();
        let items = views(store, items, visit.role.may(Right::WebhooksManage)).await?;
        Ok(Json(StoryView { subjects, items, next: next.map(Mark::text) }))
    }
}

impl Mark {
    fn parse(text: Option<&str>) -> Result<Self, Failure> {
        let Some(text) = text else { return Ok(Self::default()) };
        let wrong = || Failure::field("after", "is no place in this list");
        let (event, rest) = text.split_once('.').ok_or_else(wrong)?;
        let (seq, told) = rest.split_once('.').unwrap_or((rest, ""));
        let event = if event.is_empty() { None } else { Some(event.parse().map_err(|_| wrong())?) };
        let seq = if seq.is_empty() { None } else { Some(seq.parse().map_err(|_| wrong())?) };
        let told = told.split('-').filter(|seq| !seq.is_empty()).map(str::parse).collect::<Result<Vec<u64>, _>>();
        let told = told.ok().filter(|told| told.len() <= TOLD).ok_or_else(wrong)?;
        Ok(Self { event, seq, told })
    }

    fn text(self) -> String {
        let event = self.event.map(|event| event.to_string()).unwrap_or_default();
        let seq = self.seq.map(|seq| seq.to_string()).unwrap_or_default();
        let told: Vec<String> = self.told.iter().map(u64::to_string).collect();
        if told.is_empty() { format!("{event}.{seq}") } else { format!("{event}.{seq}.{}", told.join("-")) }
    }
}

/// Whom the text means and meant, and every name of theirs.
async fn cast(store: &TenantStore, text: &str, reads_log: bool) -> Result<Cast, Failure> {
    let mut cast = Cast::default();
    let mut ids = match text.parse::<Uuid>() {
        Ok(id) => vec![id],
        Err(_) => store.known_as(text, MOST_KNOWN).await?,
    };
    if text.parse::<Uuid>().is_err() {
        let key = scim::comparison::key(text);
        if reads_log {
            ids.extend(store.sync_events().named(&key).await?);
        }
        cast.names.insert(key);
    }
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(*id));
    for id in ids.into_iter().take(SUBJECTS) {
        add(store, &mut cast, id).await?;
    }
    Ok(cast)
}

async fn add(store: &TenantStore, cast: &mut Cast, id: Uuid) -> Result<(), Failure> {
    let person = store.users().find(UserId::from(id)).await?.map(|user| (ResourceKind::User, user.resource));
    let here = match person {
        Some(person) => Some(person),
        None => store.groups().find(GroupId::from(id)).await?.map(|group| (ResourceKind::Group, group.resource)),
    };
    let query = store::ChangeQuery {
        order: store::ChangeOrder::NewestFirst,
        beyond: None,
        resource: Some(id),
        between: None,
        limit: ASKED,
    };
    let past = store.changes(query).await?;
    if let Some((kind, resource)) = &here {
        names(*kind, resource, &mut cast.names);
    }
    for change in &past {
        let kind = change.change.kind.resource_kind();
        for document in [&change.change.before, &change.change.after].into_iter().flatten() {
            if let Some(resource) = Resource::from_value(document.clone()) {
                names(kind, &resource, &mut cast.names);
            }
        }
    }
    let kind = here.as_ref().map(|(kind, _)| *kind).or_else(|| past.first().map(|change| change.change.kind.resource_kind()));
    let name = here.as_ref().and_then(|(_, resource)| resource.best_name());
    let name = name.or_else(|| past.iter().find_map(|change| change.change.resource_name.clone()));
    cast.subjects.push(Subject { id, kind, name, here: here.is_some() });
    Ok(())
}

/// Names that mean one resource and no other; a person's displayName may be anybody's.
fn names(kind: ResourceKind, resource: &Resource, names: &mut BTreeSet<String>) {
    let display = if kind == ResourceKind::Group { resource.display_name() } else { None };
    let single = [resource.user_name(), resource.external_id(), display].into_iter().flatten();
    let keys = single.chain(resource.emails()).map(scim::comparison::key);
    names.extend(keys.filter(|key| !key.is_empty() && key.len() <= MOST_TEXT));
}

/// Newest first; a change stands with its request. Where there is a floor, there are more changes below it.
fn merge(
    events: Vec<SyncEvent>,
    mut changes: Vec<Change>,
    floor: Option<u64>,
    mark: Mark,
    limit: usize,
) -> (Vec<Item>, Option<Mark>) {
    let mut events = events.into_iter().peekable();
    let (mut items, mut told): (Vec<Item>, Mark) = (Vec::new(), mark);
    // Requests that are older than a change which is not here come after it.
    while items.len() < limit && (!changes.is_empty() || floor.is_none()) {
        let event = events.next_if(|event| changes.first().is_none_or(|change| event.at >= change.at));
        let request = match (&event, changes.first()) {
            (Some(event), _) => Some(event.request_id.clone()),
            (None, Some(change)) => change.request_id.clone(),
            (None, None) => return (items, None),
        };
        let first = changes.first().filter(|_| event.is_none()).map(|change| change.seq);
        let of_it = |change: &Change| Some(change.seq) == first || request.is_some() && change.request_id == request;
        let (own, rest): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(of_it);
        changes = rest;
        told.told.extend(own.iter().map(|change| change.seq));
        told.event = event.as_ref().map(|event| event.id).or(told.event);
        let at = event.as_ref().map(|event| event.at).or_else(|| own.first().map(|change| change.at));
        items.extend(at.map(|at| Item { at, event, changes: own }));
    }
    let more = events.peek().is_some() || !changes.is_empty() || floor.is_some();
    // Of requests at the same time the later one may have the smaller number: what is not told yet is read again.
    let read_to = changes.first().map(|next| next.seq + 1).or(floor);
    told.seq = read_to.or_else(|| told.told.iter().copied().min()).or(told.seq);
    let end = told.seq;
    told.told.retain(|seq| end.is_some_and(|end| *seq < end));
    told.told.sort_by_key(|seq| Reverse(*seq));
    told.told.truncate(TOLD);
    (items, more.then_some(told))
}

/// Gives changes their requests that are about something else, such as the group that somebody was added to.
async fn find_requests(store: &TenantStore, items: &mut [Item]) -> Result<(), Failure> {
    let id_of = |item: &Item| item.changes.first()?.request_id.as_ref()?.parse::<SyncEventId>().ok();
    let missing: Vec<SyncEventId> = items.iter().filter(|item| item.event.is_none()).filter_map(id_of).collect();
    let mut found = store.sync_events().find_all(&missing).await?;
    for item in items.iter_mut().filter(|item| item.event.is_none()) {
        let place = id_of(item).and_then(|id| found.iter().position(|event| event.id == id));
        item.event = place.map(|place| found.swap_remove(place));
    }
    Ok(())
}

async fn views(store: &TenantStore, items: Vec<Item>, sees_webhooks: bool) -> Result<Vec<ItemView>, Failure> {
    let events: Vec<SyncEvent> = items.iter().filter_map(|item| item.event.clone()).collect();
    let names = sync_events::credential_names(store, &events).await?;
    let mut views = Vec::new();
    let lengths: Vec<usize> = items.iter().map(|item| item.changes.len()).collect();
    let mut told: Vec<(Timestamp, Option<SyncEvent>)> = Vec::new();
    let mut all = Vec::new();
    for item in items {
        told.push((item.at, item.event));
        all.extend(item.changes);
    }
    let mut all = changes::views_with_acknowledgements(store, all).await?;
    if sees_webhooks {
        changes::add_deliveries(store, &mut all).await?;
    }
    let mut all = all.into_iter();
    for ((at, event), length) in told.into_iter().zip(lengths) {
        let request = event.as_ref().map(|event| sync_events::summary(event, &names));
        // Those of a bulk request are of everybody in it.
        let of_one = event.filter(|event| event.operation.as_deref() != Some("bulk"));
        let repairs = of_one.into_iter().flat_map(|event| event.repairs).take(REPAIRS).map(sync_events::repair).collect();
        views.push(ItemView { at: Time(at), request, repairs, changes: all.by_ref().take(length).collect() });
    }
    Ok(views)
}

fn subject_view(subject: Subject) -> SubjectView {
    SubjectView { id: subject.id.to_string(), resource_type: subject.kind.map(Word), name: subject.name, here: subject.here }
}
