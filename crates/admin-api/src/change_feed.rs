//! The feed as a consumer follows it: waited for, and as server-sent events.

use std::collections::VecDeque;
use std::time::Duration;

use domain::{ChangeKind, ResourceKind, Right, TenantId};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use poem::Request;
use poem::web::sse::Event;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{EventStream, Response};
use poem_openapi::types::ToJSON;
use poem_openapi::{Enum, Object, OpenApi};
use store::{FeedError, FeedPage, FeedQuery, TenantStore};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use crate::auth::{Caller, Signed};
use crate::changes::{self, ChangeView};
use crate::failure::Failure;
use crate::live::{self, Waiter};
use crate::service::Tag;
use crate::value::Word;

/// The longest that a call waits for a change, in seconds: below the deadline of a call.
pub(crate) const MOST_WAIT: u64 = 25;
/// Changes read at once.
const STEP: u64 = 40;
/// How long changes are gathered once there is one, so that a consumer of a tenant that is written to all the time costs
/// a hundred looks a second at most.
const GATHER: Duration = Duration::from_millis(10);
/// Changes that a filter may leave out before the consumer is told how far it came.
const UNTOLD: u64 = 1_000;
/// The same of looks that found nothing.
const WAITS: u32 = 20;

pub(crate) struct ChangeFeed;

/// What a message of the stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum ChangeNewsKind {
    /// The stream begins here, after the change of this number.
    Ready,
    /// A change.
    Change,
    /// All up to this number was looked at, and nothing of it passed the filter.
    Through,
}

/// A message of the stream.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct ChangeNews {
    /// What it is.
    kind: ChangeNewsKind,
    /// The number to go on after; the message's id too.
    seq: u64,
    /// The change.
    change: Option<ChangeView>,
}

/// Which changes a consumer wants: names with commas between, and a kind of resource.
///
/// # Errors
/// A name that no type of change has, or types that no change of such a resource has.
pub(crate) fn kinds(types: Option<&str>, resource: Option<ResourceKind>) -> Result<Vec<ChangeKind>, Failure> {
    let named: Vec<ChangeKind> = match types {
        None => ChangeKind::ALL.to_vec(),
        Some(types) => types
            .split(',')
            .map(|name| {
                let known = ChangeKind::parse(name.trim());
                known.ok_or_else(|| Failure::field("type", &format!("{name:?} is no type of change")))
            })
            .collect::<Result<_, _>>()?,
    };
    let wanted: Vec<_> = named.into_iter().filter(|kind| resource.is_none_or(|of| kind.resource_kind() == of)).collect();
    if wanted.is_empty() {
        return Err(Failure::field("type", "no change of such a resource has one of these types"));
    }
    Ok(if types.is_none() && resource.is_none() { Vec::new() } else { wanted })
}

/// What follows a number; when there is nothing, what comes within `wait`.
///
/// # Errors
/// A number that the feed cannot be followed from; too many who wait.
pub(crate) async fn follow(
    caller: &Caller,
    tenant: TenantId,
    store: &TenantStore,
    mut query: FeedQuery,
    wait: Duration,
) -> Result<FeedPage, Failure> {
    let (feed, until) = (store.feed(), Instant::now() + wait);
    let mut waiter: Option<Waiter> = None;
    loop {
        let page = feed.page(&query).await?;
        query.after = page.through;
        if !page.changes.is_empty() || Instant::now() >= until {
            return Ok(page);
        }
        if page.through < page.head {
            continue;
        }
        let Some(waiter) = &mut waiter else {
            // It hears what comes from here on, so the feed is looked at once more before it waits.
            let pass = live::pass_of(caller, tenant, Right::ChangesRead);
            waiter = Some(Waiter::new(&caller.shared.streams, live::who_waits(caller, tenant), feed.bell(), pass)?);
            continue;
        };
        if timeout_at(until, waiter.wait()).await != Ok(true) {
            return Ok(page);
        }
        sleep(GATHER).await;
    }
}

impl From<FeedError> for Failure {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Behind { first } => Self::ChangesRemoved { first },
            FeedError::Ahead { head } => Self::ChangesUnknown { head },
            FeedError::Store(error) => error.into(),
        }
    }
}

/// One consumer of one tenant's feed.
struct Reader {
    store: TenantStore,
    waiter: Waiter,
    query: FeedQuery,
    told: u64,
    /// How often it waited and found nothing since.
    waited: u32,
    ready: VecDeque<ChangeNews>,
    /// Whether there may be more to read without waiting.
    more: bool,
}

#[OpenApi(tag = "Tag::Activity")]
impl ChangeFeed {
    /// The changes of a tenant, as they are made
    ///
    /// Server-sent events: every change once, in the order of `seq`, on any node. Begin with `after`, such as the `seq` of a
    /// snapshot; without it the stream begins now and its first message (`ready`) says where that is. A client that comes back
    /// sends the id of its last message as `Last-Event-ID`, which counts more than `after`. Under a filter a message
    /// `through` says now and then how far the stream has come. A comment comes every 15 seconds. A number whose
    /// followers are no longer kept is refused with 410 and `changes_removed`: take a snapshot then. A caller has at most 8
    /// streams of a tenant, and one more ends the oldest.
    #[oai(path = "/tenants/:tenant/changes/stream", method = "get", operation_id = "streamChanges")]
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the feed, and the document is made of them")]
    async fn stream(
        &self,
        caller: Signed,
        request: &Request,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// Only changes after this number.
        after: Query<Option<u64>>,
        /// Only changes of these types, with commas between.
        #[oai(name = "type")]
        types: Query<Option<String>>,
        /// Only changes of this kind of resource.
        #[oai(name = "resourceType")]
        resource_type: Query<Option<Word<ResourceKind>>>,
        /// Only changes of the resource with this id.
        resource: Query<Option<Uuid>>,
    ) -> Result<Response<EventStream<BoxStream<'static, ChangeNews>>>, Failure> {
        let caller = caller.0;
        let visit = caller.enter_to(Right::ChangesRead, &tenant.0).await?;
        let kinds = kinds(types.0.as_deref(), resource_type.0.map(|word| word.0))?;
        let feed = visit.store.feed();
        let pass = live::pass_of(&caller, visit.tenant.id, Right::ChangesRead);
        let waiter = Waiter::new(&caller.shared.streams, live::reader(&caller, visit.tenant.id), feed.bell(), pass)?;
        let (after, ready) = if let Some(after) = live::last_event_id(request)?.or(after.0) {
            (after, None)
        } else {
            let head = visit.store.counters().await?.seq;
            (head, Some(ChangeNews { kind: ChangeNewsKind::Ready, seq: head, change: None }))
        };
        let query = FeedQuery { after, kinds, resource: resource.0, limit: STEP };
        // A number that cannot be followed is refused before the stream begins.
        feed.page(&FeedQuery { limit: 1, ..query.clone() }).await?;
        let reader =
            Reader { store: visit.store, waiter, query, told: after, waited: 0, ready: ready.into_iter().collect(), more: true };
        let news = stream::unfold(reader, Reader::next).boxed();
        let message = |news: ChangeNews| Event::message(news.to_json_string()).id(news.seq.to_string());
        Ok(live::answer(EventStream::new(news).to_event(message)))
    }
}

impl Reader {
    async fn next(mut self) -> Option<(ChangeNews, Self)> {
        loop {
            if !self.waiter.may_go_on().await {
                return None;
            }
            if let Some(news) = self.ready.pop_front() {
                (self.told, self.waited) = (news.seq, 0);
                return Some((news, self));
            }
            if !self.more {
                if !self.waiter.wait().await {
                    return None;
                }
                sleep(GATHER).await;
                self.waited += 1;
            }
            if let Err(failure) = self.read().await {
                // The reader comes back and says where it was.
                tracing::debug!(%failure, "a stream ends: the feed cannot be read");
                return None;
            }
        }
    }

    async fn read(&mut self) -> Result<(), Failure> {
        let page = self.store.feed().page(&self.query).await?;
        self.query.after = page.through;
        self.waited = if page.changes.is_empty() { self.waited } else { 0 };
        self.more = page.through < page.head;
        for change in changes::views(&self.store, page.changes).await? {
            self.ready.push_back(ChangeNews { kind: ChangeNewsKind::Change, seq: change.seq(), change: Some(change) });
        }
        let far = page.through >= self.told + UNTOLD || page.through > self.told && self.waited >= WAITS;
        if self.ready.is_empty() && far {
            self.ready.push_back(ChangeNews { kind: ChangeNewsKind::Through, seq: page.through, change: None });
        }
        Ok(())
    }
}
