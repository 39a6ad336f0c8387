//! The sync log as it grows, as server-sent events.

use std::collections::VecDeque;

use domain::Right;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use poem::Request;
use poem::web::sse::Event;
use poem_openapi::param::Path;
use poem_openapi::payload::{EventStream, Response};
use poem_openapi::types::ToJSON;
use poem_openapi::{Enum, Object, OpenApi};
use store::TenantStore;

use crate::auth::Signed;
use crate::failure::Failure;
use crate::live::{self, Waiter};
use crate::service::Tag;
use crate::sync_events::{self, SyncEventSummary};

/// Events read at once.
const STEP: u64 = 100;
/// Who is further behind than this reads the list instead.
const BEHIND: u64 = 10_000;

pub(crate) struct SyncEventStream;

/// What a message of the stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum LogNewsKind {
    /// The stream begins here: what was written before stands in the list.
    Ready,
    /// A request reached the log.
    Event,
    /// The place to resume from is unknown or too far behind: the list has to be read anew, and the stream goes on here.
    Reset,
}

/// A message of the stream.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct LogNews {
    /// What it is.
    kind: LogNewsKind,
    /// Its place in the tenant's log, which is the message's id too. Places have no gaps.
    position: u64,
    /// The request.
    event: Option<SyncEventSummary>,
}

/// One reader of one tenant's log.
struct Reader {
    store: TenantStore,
    waiter: Waiter,
    position: u64,
    ready: VecDeque<LogNews>,
    /// Whether there may be more to read without waiting.
    more: bool,
}

#[OpenApi(tag = "Tag::Activity")]
impl SyncEventStream {
    /// The requests at a tenant's SCIM door, as they are written
    ///
    /// Server-sent events. The first message says where the stream begins (`ready`); read the list after it. A client that
    /// comes back sends the id of its last message as `Last-Event-ID` and gets every request that was written since, on
    /// any node, once. A comment comes every 15 seconds. The stream ends when the caller signs out or loses the right, and
    /// when the service stops. A person has at most 8 streams, and one more ends
    /// the oldest; a node has 512, and more are refused with 429.
    #[oai(path = "/tenants/:tenant/sync-events/stream", method = "get", operation_id = "streamSyncEvents")]
    async fn stream(
        &self,
        caller: Signed,
        request: &Request,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Response<EventStream<BoxStream<'static, LogNews>>>, Failure> {
        let caller = caller.0;
        let visit = caller.enter_to(Right::LogRead, &tenant.0).await?;
        let resume = live::last_event_id(request)?;
        let pass = live::pass_of(&caller, visit.tenant.id, Right::LogRead);
        let bell = visit.store.sync_events().bell();
        let waiter = Waiter::new(&caller.shared.streams, live::reader(&caller, visit.tenant.id), bell, pass)?;
        let head = visit.store.sync_events().position().await?;
        let (position, first) = match resume {
            None => (head, Some(LogNewsKind::Ready)),
            Some(last) if last > head || head - last > BEHIND => (head, Some(LogNewsKind::Reset)),
            Some(last) => (last, None),
        };
        let ready = first.map(|kind| LogNews { kind, position, event: None }).into_iter().collect();
        let reader = Reader { store: visit.store, waiter, position, ready, more: true };
        let news = stream::unfold(reader, Reader::next).boxed();
        Ok(live::answer(EventStream::new(news).to_event(|news| message(&news))))
    }
}

fn message(news: &LogNews) -> Event {
    Event::message(news.to_json_string()).id(news.position.to_string())
}

impl Reader {
    async fn next(mut self) -> Option<(LogNews, Self)> {
        loop {
            if !self.waiter.may_go_on().await {
                return None;
            }
            if let Some(news) = self.ready.pop_front() {
                self.position = news.position;
                return Some((news, self));
            }
            if !self.more && !self.waiter.wait().await {
                return None;
            }
            if let Err(failure) = self.read().await {
                // The reader comes back and says where it was.
                tracing::debug!(%failure, "a stream ends: the log cannot be read");
                return None;
            }
        }
    }

    async fn read(&mut self) -> Result<(), Failure> {
        let found = self.store.sync_events().following(self.position, STEP).await?;
        self.more = found.len() as u64 == STEP;
        let (positions, events): (Vec<u64>, Vec<_>) = found.into_iter().unzip();
        let names = sync_events::credential_names(&self.store, &events).await?;
        let news = positions.into_iter().zip(&events).map(|(position, event)| LogNews {
            kind: LogNewsKind::Event,
            position,
            event: Some(sync_events::summary(event, &names)),
        });
        self.ready.extend(news);
        Ok(())
    }
}
