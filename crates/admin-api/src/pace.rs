//! How fast calls may come, on this node: those of one session or API key, and of one address those of everybody who proves
//! nothing. Keys and codes that are none are counted by address beside that, far more strictly; good ones never are.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use domain::ClientAddress;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use http::header::HeaderName;
use poem::Response;
use uuid::Uuid;

use crate::failure::Failure;

/// Guesses of one address at once before it waits, and how many it regains a minute.
const GUESSES: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
/// Callers remembered; beyond it those are forgotten who have their whole allowance again.
const MOST: usize = 20_000;

/// Who is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Counted {
    /// A person's session.
    Session([u8; 32]),
    /// An API key.
    Key(Uuid),
    /// Everybody at an address who proves nothing.
    Network(IpAddr),
}

/// What is left of a limit, in the words of `RateLimit-Limit`, `-Remaining` and `-Reset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// How many are taken at once.
    pub(crate) limit: u32,
    /// How many more are taken now.
    pub(crate) remaining: u32,
    /// Whole seconds until all are taken again.
    pub(crate) reset: u64,
}

impl Allowance {
    /// Says it in an answer (draft-ietf-httpapi-ratelimit-headers-06, the names that clients know).
    pub(crate) fn mark(self, response: &mut Response) {
        let Self { limit, remaining, reset } = self;
        let figures = [("ratelimit-limit", limit.into()), ("ratelimit-remaining", remaining.into()), ("ratelimit-reset", reset)];
        for (name, value) in figures {
            response.headers_mut().insert(HeaderName::from_static(name), value.into());
        }
    }
}

/// Where a call's allowance is put down for its answer, whatever becomes of the call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Note(Arc<OnceLock<Allowance>>);

impl Note {
    /// What was put down.
    pub(crate) fn allowance(&self) -> Option<Allowance> {
        self.0.get().copied()
    }
}

pub(crate) struct Pace {
    calls: Limiter<Counted>,
    guesses: Limiter<IpAddr>,
}

impl Pace {
    /// `most` is how many calls a second are taken of each.
    pub(crate) fn new(most: NonZeroU32) -> Self {
        Self { calls: Limiter::new(Quota::per_second(most)), guesses: Limiter::new(Quota::per_minute(GUESSES)) }
    }

    /// Counts a call. A live stream is one, however long it lasts.
    ///
    /// # Errors
    /// [`Failure::TooFast`].
    pub(crate) fn call(&self, who: Counted, note: &Note) -> Result<(), Failure> {
        let taken = self.calls.take(&who);
        let (Ok(allowance) | Err(allowance)) = taken;
        // One call is counted once, so there is room for what is left.
        let _ = note.0.set(allowance);
        taken.map(|_| ()).map_err(|left| Failure::TooFast { wait: left.reset, limit: left.limit })
    }

    /// Counts a key, a token or a one-time code that is none. Good ones from the same address are never counted.
    ///
    /// # Errors
    /// [`Failure::TooManyAttempts`] when too many of the address were none.
    pub(crate) fn guessed(&self, address: Option<ClientAddress>) -> Result<(), Failure> {
        let Some(network) = network(address) else { return Ok(()) };
        self.guesses.take(&network).map(|_| ()).map_err(|left| Failure::TooManyAttempts { wait: left.reset })
    }
}

/// Who is counted for an address. Behind a proxy on the same machine or network everybody has the proxy's, so such an address
/// is not counted: a stranger could lock all others out.
pub(crate) fn network(address: Option<ClientAddress>) -> Option<IpAddr> {
    address.filter(|address| !address.is_near()).map(ClientAddress::network)
}

struct Limiter<K: Hash + Eq + Clone> {
    state: RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>,
    quota: Quota,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(quota: Quota) -> Self {
        Self { state: RateLimiter::keyed(quota).with_middleware(), quota }
    }

    /// What is left after one more; when nothing was, `reset` is the time to wait.
    fn take(&self, key: &K) -> Result<Allowance, Allowance> {
        if self.state.len() > MOST {
            self.state.retain_recent();
        }
        let limit = self.quota.burst_size().get();
        match self.state.check_key(key) {
            Ok(left) => {
                let remaining = left.remaining_burst_capacity();
                let reset = self.quota.replenish_interval().saturating_mul(limit.saturating_sub(remaining));
                Ok(Allowance { limit, remaining, reset: seconds(reset) })
            }
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                Err(Allowance { limit, remaining: 0, reset: seconds(wait) })
            }
        }
    }
}

/// Whole seconds, at least one.
fn seconds(time: Duration) -> u64 {
    (time.as_secs() + u64::from(time.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> ClientAddress {
        ClientAddress::new(text.parse().unwrap())
    }

    #[test]
    fn whoever_is_too_fast_waits_and_others_do_not() {
        let pace = Pace::new(NonZeroU32::new(3).unwrap());
        let key = Counted::Key(Uuid::nil());
        let mut left = Vec::new();
        for _ in 0..3 {
            let note = Note::default();
            pace.call(key, &note).unwrap();
            left.push(note.allowance().unwrap().remaining);
        }
        assert_eq!(left, [2, 1, 0]);
        let note = Note::default();
        assert!(matches!(pace.call(key, &note), Err(Failure::TooFast { wait: 1, limit: 3 })));
        assert_eq!(note.allowance(), Some(Allowance { limit: 3, remaining: 0, reset: 1 }));
        for other in [Counted::Session([0; 32]), Counted::Key(Uuid::max()), Counted::Network("192.0.2.1".parse().unwrap())] {
            assert!(pace.call(other, &Note::default()).is_ok(), "{other:?}");
        }
    }

    #[test]
    fn an_address_that_guesses_waits_and_others_do_not() {
        let pace = Pace::new(NonZeroU32::MIN);
        for _ in 0..GUESSES.get() {
            pace.guessed(Some(at("192.0.2.1"))).unwrap();
        }
        assert!(matches!(pace.guessed(Some(at("192.0.2.1"))), Err(Failure::TooManyAttempts { wait: 1 })));
        assert!(pace.guessed(Some(at("192.0.2.2"))).is_ok());
        for near in [None, Some(at("127.0.0.1")), Some(at("10.0.0.1")), Some(at("fd00::1"))] {
            assert!((0..200).all(|_| pace.guessed(near).is_ok()), "{near:?}");
        }
    }
}
