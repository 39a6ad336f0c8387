//! Tells people's roles: what follows from changes and mappings, some people at a time, of some tenants at a time. Any number
//! of nodes may do so at once; what is left says how far it is.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use domain::TenantId;
use store::{Settled, StoreError};
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;

/// How long what is written is gathered before it is looked at, so that a tenant that writes all the time is looked at
/// some fifty times a second at most.
const GATHER: Duration = Duration::from_millis(20);
/// Between two looks at what other nodes wrote and did not look at themselves, or this one before it was started.
const SWEEP: Duration = Duration::from_secs(15);
/// The same where the last look failed, or found as many as it could.
const SOON: Duration = Duration::from_secs(2);
/// Between two steps while there is more, so that writes of others come between.
const BREATH: Duration = Duration::from_millis(5);
/// Before a tenant is looked at once more that another node was at: it may not have seen what came last.
const AGAIN: Duration = Duration::from_millis(100);
/// Tenants that are looked at together.
const TOGETHER: usize = 4;
/// People looked at in one step: few enough that others of the tenant hardly wait.
const PEOPLE: usize = 250;
/// Tenants found by one look.
const TENANTS: u32 = 1_000;

/// Tells roles until `stop`. A step that has begun ends whole.
pub fn settle_roles(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    let desk = Desk {
        ground,
        waiting: VecDeque::new(),
        tasks: JoinSet::new(),
        under: HashMap::new(),
        later: VecDeque::new(),
        passed: BTreeSet::new(),
        heard: None,
        sweep_at: Instant::now(),
        after: None,
    };
    spawn(desk.run(stop))
}

/// Who waits and who is looked at.
struct Desk {
    ground: Arc<Ground>,
    waiting: VecDeque<TenantId>,
    tasks: JoinSet<Option<Settled>>,
    /// Whom each task looks at.
    under: HashMap<Id, TenantId>,
    /// Tenants that another node was at, and when they are looked at once more.
    later: VecDeque<(Instant, TenantId)>,
    /// Those that are looked at once more, or wait for it.
    passed: BTreeSet<TenantId>,
    /// When what was written here is looked at.
    heard: Option<Instant>,
    sweep_at: Instant,
    /// Where the next sweep goes on, when the last one was cut.
    after: Option<TenantId>,
}

impl Desk {
    async fn run(mut self, stop: CancellationToken) {
        let system = self.ground.store.system();
        while !stop.is_cancelled() {
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "in which tenants roles are to be told was not looked at; it is tried again");
                (self.sweep_at, self.after) = (Instant::now() + SOON, None);
            }
            self.begin();
            let due = self.heard.into_iter().chain(self.later.front().map(|(at, _)| *at)).fold(self.sweep_at, Instant::min);
            tokio::select! {
                () = stop.cancelled() => {}
                ended = self.tasks.join_next_with_id(), if !self.tasks.is_empty() => self.ended(ended),
                () = system.roles_stirring(), if self.heard.is_none() => self.heard = Some(Instant::now() + GATHER),
                () = sleep_until(due) => {}
            }
        }
        while let Some(ended) = self.tasks.join_next_with_id().await {
            self.ended(Some(ended));
        }
    }

    /// Lines up tenants in which people are to be told of roles.
    async fn look(&mut self) -> Result<(), StoreError> {
        let (system, now) = (self.ground.store.system(), Instant::now());
        while self.later.front().is_some_and(|(at, _)| *at <= now) {
            if let Some((_, tenant)) = self.later.pop_front() {
                self.line_up(tenant);
            }
        }
        if self.heard.is_some_and(|at| at <= now) {
            self.heard = None;
            for tenant in system.stirred_roles().await? {
                self.line_up(tenant);
            }
        }
        if self.sweep_at <= now {
            let found = system.unsettled_roles(self.after, TENANTS).await?;
            let cut = usize::try_from(TENANTS).is_ok_and(|most| found.len() >= most);
            self.sweep_at = now + if cut { SOON } else { SWEEP };
            self.after = if cut { found.last().copied() } else { None };
            for tenant in found {
                self.line_up(tenant);
            }
        }
        Ok(())
    }

    fn line_up(&mut self, tenant: TenantId) {
        if !self.waiting.contains(&tenant) {
            self.waiting.push_back(tenant);
        }
    }

    /// Begins as many steps as have room, one of each tenant.
    fn begin(&mut self) {
        while self.tasks.len() < TOGETHER {
            let free = |tenant: &TenantId| self.under.values().all(|under| under != tenant);
            let Some(place) = self.waiting.iter().position(free) else { return };
            let Some(tenant) = self.waiting.remove(place) else { return };
            let task = self.tasks.spawn(step(Arc::clone(&self.ground), tenant));
            self.under.insert(task.id(), tenant);
        }
    }

    /// A tenant stands in the line again while there is more.
    fn ended(&mut self, ended: Option<Result<(Id, Option<Settled>), JoinError>>) {
        let (id, settled) = match ended {
            Some(Ok(ended)) => ended,
            Some(Err(error)) => {
                tracing::error!(%error, "telling roles ended badly; it goes on next time");
                (error.id(), None)
            }
            None => return,
        };
        let Some(tenant) = self.under.remove(&id) else { return };
        let before = self.passed.remove(&tenant);
        match settled {
            Some(Settled::More) => self.line_up(tenant),
            Some(Settled::Elsewhere) if !before => {
                self.passed.insert(tenant);
                self.later.push_back((Instant::now() + AGAIN, tenant));
            }
            Some(Settled::Elsewhere | Settled::Done) | None => {}
        }
    }
}

/// One tenant's turn; nothing when it failed.
async fn step(ground: Arc<Ground>, tenant: TenantId) -> Option<Settled> {
    match ground.store.tenant(tenant).settle_roles(PEOPLE).await {
        Ok(settled) => {
            sleep(BREATH).await;
            Some(settled)
        }
        // One tenant that fails must not hold up others.
        Err(error) => {
            tracing::warn!(%tenant, %error, "roles were not told to the end; it goes on next time");
            None
        }
    }
}
