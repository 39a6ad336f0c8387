//! Who has been here of late: what one tenant may take depends on whether others are here who would wait for it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::TenantId;

/// How long a tenant counts as being here after it came.
pub const HERE: Duration = Duration::from_secs(1);

/// The tenants that came within [`HERE`].
#[derive(Debug, Default)]
pub struct Presence {
    came: HashMap<TenantId, Instant>,
    tidied: Option<Instant>,
}

impl Presence {
    /// Says that a tenant comes now.
    pub fn note(&mut self, tenant: TenantId, now: Instant) {
        self.came.insert(tenant, now);
        if self.tidied.is_none_or(|at| now.duration_since(at) > HERE) {
            self.came.retain(|_, at| now.duration_since(*at) <= HERE);
            self.tidied = Some(now);
        }
    }

    /// Whether one of those who are here is of the kind that is asked for.
    pub fn any(&self, now: Instant, kind: impl Fn(TenantId) -> bool) -> bool {
        self.came.iter().any(|(tenant, at)| now.duration_since(*at) <= HERE && kind(*tenant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_here_for_a_second_and_is_forgotten_after_it() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        let (one, other) = (TenantId::generate(), TenantId::generate());
        presence.note(one, start);
        assert!(presence.any(start + HERE, |tenant| tenant == one));
        assert!(!presence.any(start, |tenant| tenant == other), "it never came");
        let later = start + HERE + Duration::from_millis(1);
        assert!(!presence.any(later, |_| true));
        presence.note(other, later);
        assert_eq!(presence.came.len(), 1, "who is gone takes no room");
    }
}
