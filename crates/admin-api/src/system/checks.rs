//! What a node finds when it looks at itself.

use std::time::Instant;

use super::view::{SystemCheck, SystemCheckName};
use crate::door::Shared;

/// How far the database's clock and ours may be apart: sessions and credentials end by ours, whichever node is asked.
const APART_MILLIS: u64 = 5_000;

/// All of them. What cannot be found out has not passed.
pub(super) async fn all(shared: &Shared) -> Vec<SystemCheck> {
    let started = Instant::now();
    let answers = shared.store.ping().await.is_ok();
    let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let system = shared.store.system();
    let apart = match system.database_time().await {
        Ok(theirs) => Some(theirs.as_micros().abs_diff(shared.clock.now().as_micros()) / 1_000),
        Err(error) => {
            tracing::debug!(%error, "the database does not say what time it is");
            None
        }
    };
    let check = |name, passed, millis| SystemCheck { name, passed, millis };
    vec![
        check(SystemCheckName::Database, answers, answers.then_some(took)),
        check(SystemCheckName::Writable, system.can_write().await, None),
        check(SystemCheckName::Clock, apart.is_some_and(|apart| apart <= APART_MILLIS), apart),
        check(SystemCheckName::PublicUrl, !shared.settings.about.exposed, None),
    ]
}
