//! The first and the second half of signing in by a passkey or at a provider, and how often strangers may begin one.

use std::num::NonZeroU32;

use domain::secret::random_base62;
use domain::{AdminId, ClientAddress};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Ceremony, CeremonyKind};

use crate::door::Shared;
use crate::failure::Failure;

/// How long a ceremony may take, in seconds.
const TIME: i64 = 5 * 60;
const PURPOSE: &str = "ceremony";
/// Ceremonies that one network may begin within a minute: each is a row until its time is over.
const A_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// How often ceremonies were begun of late, on this node.
pub(crate) struct Ceremonies {
    networks: DefaultKeyedRateLimiter<String>,
}

impl Default for Ceremonies {
    fn default() -> Self {
        Self { networks: RateLimiter::keyed(Quota::per_minute(A_MINUTE)) }
    }
}

impl Ceremonies {
    /// Counts one more. An address behind which everybody may be is not counted.
    ///
    /// # Errors
    /// [`Failure::TooManyAttempts`].
    pub(crate) fn count(&self, address: Option<ClientAddress>) -> Result<(), Failure> {
        let Some(address) = address.filter(|address| !address.is_near()) else { return Ok(()) };
        self.networks.retain_recent();
        let counted = self.networks.check_key(&address.network().to_string());
        counted.map_err(|_| Failure::TooManyAttempts { wait: 60 })
    }
}

/// Keeps the state of a ceremony; gives what names it.
///
/// # Errors
/// When it cannot be kept.
pub(crate) async fn remember(
    shared: &Shared,
    kind: CeremonyKind,
    admin: Option<AdminId>,
    state: &impl Serialize,
) -> Result<String, Failure> {
    let name = random_base62(32).map_err(|_| Failure::Internal("no randomness"))?;
    let ceremony = Ceremony {
        digest: shared.key.digest(PURPOSE, &name),
        kind,
        admin,
        state: serde_json::to_string(state).map_err(|_| Failure::Internal("a ceremony has no JSON"))?,
        expires_at: shared.clock.now().plus_seconds(TIME),
    };
    shared.store.system().insert_ceremony(ceremony).await?;
    Ok(name)
}

/// Takes the state of a ceremony out, with the person whose it is.
///
/// # Errors
/// [`Failure::CodeUnknown`] when there is none of this name, or its time is over.
pub(crate) async fn take<T: DeserializeOwned>(
    shared: &Shared,
    kind: CeremonyKind,
    name: &str,
) -> Result<(Option<AdminId>, T), Failure> {
    let digest = shared.key.digest(PURPOSE, name);
    let found = shared.store.system().take_ceremony(digest, kind, shared.clock.now()).await?;
    let ceremony = found.ok_or(Failure::CodeUnknown)?;
    let state = serde_json::from_str(&ceremony.state).map_err(|_| Failure::Internal("a ceremony cannot be read"))?;
    Ok((ceremony.admin, state))
}
