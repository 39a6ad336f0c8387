//! How often messages are sent because somebody asked for one: a receiver may be anybody's.

use std::num::NonZeroU32;

use domain::TenantId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::failure::Failure;

/// Messages of one tenant within a minute, on this node.
const A_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);

/// How many each tenant asked for of late, on this node.
pub(crate) struct MessagePace {
    tenants: DefaultKeyedRateLimiter<TenantId>,
}

impl Default for MessagePace {
    fn default() -> Self {
        Self { tenants: RateLimiter::keyed(Quota::per_minute(A_MINUTE)) }
    }
}

impl MessagePace {
    /// Counts one more.
    ///
    /// # Errors
    /// [`Failure::TooManyMessages`].
    pub(super) fn count(&self, tenant: TenantId) -> Result<(), Failure> {
        self.tenants.retain_recent();
        self.tenants.check_key(&tenant).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            Failure::TooManyMessages { most: A_MINUTE.get(), wait: wait.as_secs() + 1 }
        })
    }
}
