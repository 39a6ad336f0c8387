//! Requests for links wait here and are looked at one after the other, off the request's way: whoever asks cannot tell
//! from the answer or from its time whether there is such a person.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Author, ClientAddress};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::mpsc;

use crate::auth;
use crate::door::Shared;
use crate::failure::Failure;

/// Requests that may wait.
const WAITING: usize = 256;
/// Links for one person within [`SPAN`].
const FOR_A_PERSON: u32 = 3;
/// Requests from one network within [`SPAN`].
const FROM_A_NETWORK: u32 = 20;
const SPAN: Duration = Duration::from_mins(15);

/// Somebody has forgotten a password.
#[derive(Debug)]
pub(crate) struct ResetRequest {
    pub(crate) email: String,
    pub(crate) address: Option<ClientAddress>,
    pub(crate) request_id: Option<String>,
}

/// Where requests wait.
pub(crate) struct ResetDesk {
    in_line: mpsc::Sender<ResetRequest>,
    line: Mutex<Option<mpsc::Receiver<ResetRequest>>>,
    networks: DefaultKeyedRateLimiter<String>,
    people: DefaultKeyedRateLimiter<String>,
}

impl Default for ResetDesk {
    fn default() -> Self {
        let (in_line, line) = mpsc::channel(WAITING);
        let a_span = |most: u32| {
            let burst = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
            Quota::with_period(SPAN / most).unwrap_or_else(|| Quota::per_hour(burst)).allow_burst(burst)
        };
        Self {
            in_line,
            line: Mutex::new(Some(line)),
            networks: RateLimiter::keyed(a_span(FROM_A_NETWORK)),
            people: RateLimiter::keyed(a_span(FOR_A_PERSON)),
        }
    }
}

impl ResetDesk {
    /// Takes a request.
    ///
    /// # Errors
    /// When too many wait, or too many came from one network.
    pub(crate) fn ask(&self, request: ResetRequest) -> Result<(), Failure> {
        let far = request.address.filter(|address| !address.is_near());
        if far.is_some_and(|address| self.networks.check_key(&address.network().to_string()).is_err()) {
            return Err(Failure::TooManyAttempts { wait: SPAN.as_secs() / u64::from(FROM_A_NETWORK) });
        }
        self.in_line.try_send(request).map_err(|_| Failure::Unavailable)
    }
}

/// Looks at the requests of a door, one after the other, for as long as the door is there. A second call ends at once.
pub(crate) async fn run(shared: Arc<Shared>) {
    let line = shared.resets.line.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut line) = line else { return };
    while let Some(request) = line.recv().await {
        if let Err(error) = look_at(&shared, request).await {
            tracing::warn!(%error, "a link for another password was not made");
        }
        shared.resets.people.retain_recent();
        shared.resets.networks.retain_recent();
    }
}

async fn look_at(shared: &Shared, request: ResetRequest) -> Result<(), Failure> {
    if shared.settings.mail.is_none() {
        return Ok(());
    }
    let Some(record) = shared.store.system().find_admin_by_email(&request.email).await? else { return Ok(()) };
    if shared.resets.people.check_key(&record.admin.id.to_string()).is_err() {
        return Ok(());
    }
    let author = Author {
        actor: auth::person(&record.admin),
        address: request.address.map(|address| address.to_string()),
        request_id: request.request_id,
        key: shared.audit_key.clone(),
    };
    if let Some(why) = super::issue(shared, &record.admin, &author).await?.mail_failure {
        tracing::warn!(why, "a link for another password did not leave by mail");
    }
    Ok(())
}
