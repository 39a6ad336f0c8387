//! How a tenant is doing, as it changes, as server-sent events.
//!
//! A message is the whole as it stands, and its id a sum of it: who comes back with the id of what still holds gets nothing
//! before it changes, on any node.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Right};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use poem::Request;
use poem::web::sse::Event;
use poem_openapi::param::Path;
use poem_openapi::payload::{EventStream, Response};
use poem_openapi::types::ToJSON;
use poem_openapi::{Object, OpenApi};
use store::TenantStore;
use tokio::time::{Instant, sleep_until};

use crate::auth::Signed;
use crate::connection_health::{self, HealthView};
use crate::failure::Failure;
use crate::live::{self, Waiter};
use crate::service::Tag;
use crate::tenants::{DayOfRequests, HealthOfTenant, People};
use crate::value::Time;

/// Between two readings: a busy tenant costs no more than this.
const PAUSE: Duration = Duration::from_secs(1);

/// Most readings of one message.
const READINGS: u32 = 3;

pub(crate) struct HealthStream;

/// How a tenant is doing.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct TenantHealthNews {
    /// Whether its directory keeps arriving.
    health: HealthOfTenant,
    /// When the last request came.
    last_request_at: Option<Time>,
    /// Its people.
    people: People,
    /// How many groups it has.
    groups: u64,
    /// The requests of the last 24 hours.
    day: DayOfRequests,
    /// How each open connection is doing.
    connections: Vec<HealthView>,
    /// How many readers of its feed were found to be late; absent when none was.
    late_readers: Option<u64>,
}

struct Reader {
    store: TenantStore,
    clock: Arc<dyn Clock>,
    /// Whether it is told when credentials end.
    ends: bool,
    waiter: Waiter,
    told: Option<u64>,
    /// When it may read again; at once in the beginning.
    next: Instant,
    begun: bool,
}

#[OpenApi(tag = "Tag::Activity")]
impl HealthStream {
    /// How a tenant and its connections are doing, as it changes
    ///
    /// Server-sent events: the whole as it is, and again whenever some of it changes, once a second at most. A client that
    /// comes back sends the id of its last message as `Last-Event-ID` and gets nothing until something is different from
    /// that. Ends as the stream of the sync log does.
    #[oai(path = "/tenants/:tenant/health/stream", method = "get", operation_id = "streamHealth")]
    async fn stream(
        &self,
        caller: Signed,
        request: &Request,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Response<EventStream<BoxStream<'static, TenantHealthNews>>>, Failure> {
        let caller = caller.0;
        let visit = caller.enter_to(Right::LogRead, &tenant.0).await?;
        let told = live::last_event_id(request)?;
        let ends = visit.role.may(Right::CredentialsRead);
        // Whoever may not see credentials any more comes back and gets what is left.
        let right = if ends { Right::CredentialsRead } else { Right::LogRead };
        let pass = live::pass_of(&caller, visit.tenant.id, right);
        let bell = visit.store.sync_events().bell();
        let waiter = Waiter::new(&caller.shared.streams, live::reader(&caller, visit.tenant.id), bell, pass)?;
        let clock = caller.shared.clock.clone();
        let reader = Reader { store: visit.store, clock, ends, waiter, told, next: Instant::now(), begun: false };
        let news = stream::unfold(reader, Reader::next).boxed();
        Ok(live::answer(EventStream::new(news).to_event(|news| Event::message(news.to_json_string()).id(sum(&news).to_string()))))
    }
}

/// Tells one message from another. Nodes of different versions may not agree, and then it is told once more.
fn sum(news: &TenantHealthNews) -> u64 {
    let mut hasher = DefaultHasher::new();
    news.to_json_string().hash(&mut hasher);
    // Kept within what every client takes for a whole number.
    hasher.finish() >> 11
}

impl Reader {
    async fn next(mut self) -> Option<(TenantHealthNews, Self)> {
        loop {
            if self.begun && !self.waiter.wait().await {
                return None;
            }
            self.begun = true;
            sleep_until(self.next).await;
            if !self.waiter.may_go_on().await {
                return None;
            }
            self.next = Instant::now() + PAUSE;
            match self.read_whole().await {
                Ok(news) if self.told == Some(sum(&news)) => {}
                Ok(news) => {
                    self.told = Some(sum(&news));
                    return Some((news, self));
                }
                Err(failure) => {
                    // The reader comes back and says what it knows.
                    tracing::debug!(%failure, "a stream ends: how a tenant is doing cannot be read");
                    return None;
                }
            }
        }
    }

    /// A message whose parts go together: nothing was written to the log while they were read. A tenant in which something
    /// always is written gets what there is; the next message comes within a second.
    async fn read_whole(&self) -> Result<TenantHealthNews, Failure> {
        let log = self.store.sync_events();
        let mut before = log.position().await?;
        for _ in 1..READINGS {
            let news = self.read().await?;
            let after = log.position().await?;
            if after == before {
                return Ok(news);
            }
            before = after;
        }
        self.read().await
    }

    async fn read(&self) -> Result<TenantHealthNews, Failure> {
        let now = self.clock.now();
        let reading = self.store.reading(now).await?;
        Ok(TenantHealthNews {
            health: reading.health.into(),
            last_request_at: reading.last_request_at.map(Time),
            people: People { total: reading.counters.users, active: reading.counters.active_users },
            groups: reading.counters.groups,
            day: DayOfRequests { requests: reading.requests, refused: reading.refused },
            connections: connection_health::read(&self.store, now, self.ends).await?,
            late_readers: Some(self.store.acknowledgements().found_late().await?).filter(|late| *late > 0),
        })
    }
}
