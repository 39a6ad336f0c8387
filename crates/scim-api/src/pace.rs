//! How fast requests may come: failed authentication by address, and, where the operator sets one, a ceiling for each
//! tenant. Both are of this node.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use domain::{ClientAddress, TenantId};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// Failures of one address at once before it waits, and how many it regains a minute.
const FAILURES: u32 = 60;
/// Addresses and tenants remembered; beyond it those are forgotten who have their whole allowance again.
const MOST: usize = 20_000;

/// Who has to wait, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooFast {
    /// Whole seconds until another request is taken.
    pub(crate) wait: u64,
    /// How many are taken at once.
    pub(crate) limit: u32,
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

pub(crate) struct Pace {
    failures: Limiter<IpAddr>,
    tenants: Option<Limiter<TenantId>>,
}

impl Pace {
    /// `per_tenant` is the ceiling of one tenant in requests a second, when there is one.
    pub(crate) fn new(per_tenant: Option<NonZeroU32>) -> Self {
        let failures = NonZeroU32::new(FAILURES).unwrap_or(NonZeroU32::MIN);
        Self {
            failures: Limiter::new(Quota::per_minute(failures)),
            tenants: per_tenant.map(|limit| Limiter::new(Quota::per_second(limit))),
        }
    }

    /// Counts a request whose credential was refused. Good ones from the same address are never counted.
    ///
    /// # Errors
    /// When too many of the address were.
    pub(crate) fn failed(&self, address: Option<ClientAddress>) -> Result<(), TooFast> {
        match address.filter(|address| !address.is_near()) {
            Some(address) => self.failures.take(&address.network()).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Counts a request of a tenant; says what is left of its ceiling, when it has one.
    ///
    /// # Errors
    /// When it is beyond the tenant's ceiling.
    pub(crate) fn of_tenant(&self, tenant: TenantId) -> Result<Option<Allowance>, TooFast> {
        self.tenants.as_ref().map(|tenants| tenants.take(&tenant)).transpose()
    }
}

struct Limiter<K: std::hash::Hash + Eq + Clone> {
    state: RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>,
    quota: Quota,
}

impl<K: std::hash::Hash + Eq + Clone> Limiter<K> {
    fn new(quota: Quota) -> Self {
        Self { state: RateLimiter::keyed(quota).with_middleware(), quota }
    }

    fn take(&self, key: &K) -> Result<Allowance, TooFast> {
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
            Err(until) => Err(TooFast { wait: seconds(until.wait_time_from(DefaultClock::default().now())), limit }),
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

    fn failed(pace: &Pace, from: &str) -> Result<(), TooFast> {
        pace.failed(Some(ClientAddress::new(from.parse().unwrap())))
    }

    #[test]
    fn an_address_that_guesses_waits_and_others_do_not() {
        let pace = Pace::new(None);
        for _ in 0..FAILURES {
            failed(&pace, "192.0.2.1").unwrap();
        }
        assert_eq!(failed(&pace, "192.0.2.1"), Err(TooFast { wait: 1, limit: FAILURES }));
        assert_eq!(failed(&pace, "192.0.2.2"), Ok(()));
        for near in ["127.0.0.1", "10.0.0.1"] {
            assert!((0..200).all(|_| failed(&pace, near).is_ok()), "{near}");
        }
        assert!((0..200).all(|_| pace.failed(None).is_ok()));
    }

    #[test]
    fn a_tenant_has_a_ceiling_only_where_one_is_set() {
        let tenant = TenantId::generate();
        assert!((0..1_000).all(|_| Pace::new(None).of_tenant(tenant).is_ok()));
        let pace = Pace::new(NonZeroU32::new(3));
        let left: Vec<u32> = (0..3).map(|_| pace.of_tenant(tenant).unwrap().unwrap().remaining).collect();
        assert_eq!(left, [2, 1, 0]);
        assert!(pace.of_tenant(tenant).is_err());
        assert!(pace.of_tenant(TenantId::generate()).is_ok());
    }
}
