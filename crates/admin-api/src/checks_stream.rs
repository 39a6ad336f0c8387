//! A guide's checks as they change, as server-sent events.

use domain::{Connection, Timestamp};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use poem::web::sse::Event;
use poem_openapi::payload::{EventStream, Response};
use poem_openapi::types::ToJSON;
use store::TenantStore;

use crate::checks::{self, SetupChecks};
use crate::door::Shared;
use crate::failure::Failure;
use crate::live::{self, Waiter};

/// What a stream of checks answers.
pub(crate) type ChecksStream = Response<EventStream<BoxStream<'static, SetupChecks>>>;

struct Reader {
    store: TenantStore,
    connection: Connection,
    since: Timestamp,
    clock: std::sync::Arc<dyn domain::Clock>,
    waiter: Waiter,
    told: Option<SetupChecks>,
}

/// The checks now, and again whenever they change.
pub(crate) fn open(
    shared: &Shared,
    store: TenantStore,
    connection: Connection,
    since: Timestamp,
    waiter: Waiter,
) -> ChecksStream {
    let reader = Reader { store, connection, since, clock: shared.clock.clone(), waiter, told: None };
    let told = stream::unfold(reader, Reader::next).boxed();
    live::answer(EventStream::new(told).to_event(|checks| Event::message(checks.to_json_string())))
}

impl Reader {
    async fn next(mut self) -> Option<(SetupChecks, Self)> {
        loop {
            if self.told.is_some() && !self.waiter.wait().await {
                return None;
            }
            match self.read().await {
                Ok(checks) if self.told.as_ref().is_some_and(|told| told.says_the_same_as(&checks)) => {}
                Ok(checks) => {
                    self.told = Some(checks.clone());
                    return Some((checks, self));
                }
                Err(failure) => {
                    tracing::debug!(%failure, "a stream ends: the checks cannot be read");
                    return None;
                }
            }
        }
    }

    async fn read(&self) -> Result<SetupChecks, Failure> {
        checks::read(&self.store, &self.connection, self.since, self.clock.now()).await
    }
}
