//! How fast requests may come: failed authentication by address, and, where the operator sets one, a ceiling for all
//! tenants or for one. Both are of this node.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use domain::{Cause, ClientAddress, Tenant, TenantId};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use moka::future::Cache;
use moka::policy::EvictionPolicy;

/// Failures of one address at once before it waits, and how many it regains a minute.
const FAILURES: u32 = 60;
/// Addresses remembered; beyond it those are forgotten who have their whole allowance again.
const MOST: usize = 20_000;
/// Tenants remembered; beyond it those are forgotten whose last request is longest ago.
const MOST_TENANTS: u64 = 20_000;
/// For how long a tenant is remembered that sends nothing. After a second it has its whole allowance again.
const REST: Duration = Duration::from_secs(10);

/// Who has to wait, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooFast {
    /// Whole seconds until another request is taken.
    pub(crate) wait: u64,
    /// How many are taken at once.
    pub(crate) limit: u32,
    /// What it was too fast for.
    pub(crate) reached: Reached,
}

/// A limit of how fast requests may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Failed authentications of one address in a minute.
    Failures,
    /// The tenant's requests in a second.
    Ceiling,
    /// So many requests of the tenant at one time.
    UnderWay(usize),
    /// The time for which a request waits for its tenant's turn.
    Turn,
}

impl TooFast {
    /// What the sync log says of it.
    pub(crate) fn cause(self) -> Cause {
        let (which, limit) = match self.reached {
            Reached::Failures => ("failures", u64::from(self.limit)),
            Reached::Ceiling => ("ceiling", u64::from(self.limit)),
            Reached::UnderWay(most) => ("under_way", most as u64),
            Reached::Turn => ("turn", self.wait),
        };
        Cause::TooFast { which: which.to_owned(), limit: limit.to_string(), wait: self.wait.to_string() }
    }
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
    /// The ceiling of all tenants that have none of their own.
    general: Option<NonZeroU32>,
    /// A limiter has one quota. One for each tenant and ceiling, so that another ceiling counts from its first request.
    tenants: Cache<(TenantId, NonZeroU32), Arc<Limiter<()>>>,
}

impl Pace {
    /// `general` is the ceiling in requests a second of each tenant that has none of its own, when there is one.
    pub(crate) fn new(general: Option<NonZeroU32>) -> Self {
        let failures = NonZeroU32::new(FAILURES).unwrap_or(NonZeroU32::MIN);
        Self {
            failures: Limiter::new(Quota::per_minute(failures), Reached::Failures),
            general,
            tenants: Cache::builder()
                .max_capacity(MOST_TENANTS)
                .time_to_idle(REST)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
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
    pub(crate) async fn of_tenant(&self, tenant: &Tenant) -> Result<Option<Allowance>, TooFast> {
        let Some(limit) = tenant.ceiling.in_force(self.general) else { return Ok(None) };
        let fresh = async { Arc::new(Limiter::new(Quota::per_second(limit), Reached::Ceiling)) };
        self.tenants.get_with((tenant.id, limit), fresh).await.take(&()).map(Some)
    }
}

struct Limiter<K: Hash + Eq + Clone> {
    state: RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>,
    quota: Quota,
    reached: Reached,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(quota: Quota, reached: Reached) -> Self {
        Self { state: RateLimiter::keyed(quota).with_middleware(), quota, reached }
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
            Err(until) => {
                let wait = seconds(until.wait_time_from(DefaultClock::default().now()));
                Err(TooFast { wait, limit, reached: self.reached })
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
    use domain::Ceiling;

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
        assert_eq!(failed(&pace, "192.0.2.1"), Err(TooFast { wait: 1, limit: FAILURES, reached: Reached::Failures }));
        assert_eq!(failed(&pace, "192.0.2.2"), Ok(()));
        for near in ["127.0.0.1", "10.0.0.1"] {
            assert!((0..200).all(|_| failed(&pace, near).is_ok()), "{near}");
        }
        assert!((0..200).all(|_| pace.failed(None).is_ok()));
    }

    fn tenant(ceiling: Ceiling) -> Tenant {
        let (id, slug) = (TenantId::generate(), "acme".parse().unwrap());
        let created_at = domain::Timestamp::from_micros(0);
        Tenant {
            id,
            slug,
            name: "Acme".into(),
            state: domain::TenantState::Active,
            ceiling,
            created_at,
            log: domain::LogSettings::default(),
        }
    }

    /// How many of many requests at once are taken.
    async fn taken(pace: &Pace, tenant: &Tenant) -> usize {
        let mut taken = 0;
        for _ in 0..1_000 {
            taken += usize::from(pace.of_tenant(tenant).await.is_ok());
        }
        taken
    }

    #[tokio::test]
    async fn a_tenant_has_a_ceiling_only_where_one_is_set() {
        let acme = tenant(Ceiling::General);
        assert_eq!(taken(&Pace::new(None), &acme).await, 1_000);
        let pace = Pace::new(NonZeroU32::new(3));
        let mut left = Vec::new();
        for _ in 0..3 {
            left.push(pace.of_tenant(&acme).await.unwrap().unwrap().remaining);
        }
        assert_eq!(left, [2, 1, 0]);
        assert!(pace.of_tenant(&acme).await.is_err());
        assert!(pace.of_tenant(&tenant(Ceiling::General)).await.is_ok());
    }

    #[tokio::test]
    async fn a_tenants_own_ceiling_beats_that_of_all_and_another_one_counts_at_once() {
        let (pace, none) = (Pace::new(NonZeroU32::new(1)), Pace::new(None));
        let acme = tenant(Ceiling::General);
        for (own, limit) in [(Ceiling::own(4).unwrap(), 4), (Ceiling::own(7).unwrap(), 7)] {
            let acme = Tenant { ceiling: own, ..acme.clone() };
            assert_eq!(pace.of_tenant(&acme).await.unwrap().unwrap(), Allowance { limit, remaining: limit - 1, reset: 1 });
            assert_eq!(none.of_tenant(&acme).await.unwrap().unwrap().limit, limit);
        }
        assert_eq!(taken(&pace, &Tenant { ceiling: Ceiling::Lifted, ..acme.clone() }).await, 1_000);
        assert_eq!(pace.of_tenant(&acme).await.unwrap().unwrap().limit, 1);
    }
}
