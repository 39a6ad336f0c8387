//! Tenants take turns: so many requests are worked on at one time, the next in line is that of the tenant whose turn it is,
//! and no tenant has all the places, fills them with scans, or has an endless line.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Presence, TenantId};
use tokio::sync::oneshot;
use tokio::time::Instant;

use self::line::Line;
use crate::pace::{Reached, TooFast};

mod line;

/// What a tenant can count on in requests a second, however busy others are, as long as the node can do as much for all
/// that are busy.
pub(crate) const GUARANTEED: u32 = 25;
/// Most requests of one tenant under way on this node: ten seconds of what it can count on.
const UNDER_WAY: usize = 10 * GUARANTEED as usize;
/// Places for each processor.
const PER_PROCESSOR: usize = 8;
/// How long a request that has done nothing yet waits for its turn. Its tenant's line is too long then, and an IdP is better
/// told so than by a deadline.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a place is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// An index leads to what is asked for.
    Usual,
    /// One resource after another is looked at, which keeps a processor of the database busy for as long as it takes.
    Scan,
}

impl Work {
    /// How many scans it is.
    fn scans(self) -> usize {
        usize::from(self == Self::Scan)
    }
}

/// How many times as long as it worked a tenant rests that has more in line, while others are here who have not.
const REST: u32 = 3;
/// Longest rest: what a tenant can count on is not lost by resting.
const LONGEST_REST: Duration = Duration::from_millis(1_000 / GUARANTEED as u64);

/// Places and the lines before them.
pub(crate) struct Turns {
    state: Mutex<State>,
    /// Most places of one tenant: the rest is there for others at once.
    per_tenant: usize,
    /// Most of them for usual work while others are here too: what more would do at once only takes the processors from
    /// those.
    beside_others: usize,
    /// Most scans of one tenant.
    scans: usize,
}

struct State {
    free: usize,
    /// How many more scans may begin, so that a connection is left for what is quickly done.
    scans_free: usize,
    /// How many have come, which numbers them.
    came: u64,
    tenants: HashMap<TenantId, Tenant>,
    /// Tenants with somebody in line, in the order of their turns.
    turns: VecDeque<TenantId>,
    here: Presence,
}

#[derive(Default)]
struct Tenant {
    under_way: usize,
    working: usize,
    scanning: usize,
    usual: Line,
    scans: Line,
}

impl Tenant {
    fn line(&mut self, work: Work) -> &mut Line {
        match work {
            Work::Usual => &mut self.usual,
            Work::Scan => &mut self.scans,
        }
    }

    fn waits(&self) -> bool {
        !self.usual.is_empty() || !self.scans.is_empty()
    }

    /// Whose turn it is among the tenant's own: who came first of those that may work now.
    fn next(&self, turns: &Turns, alone: bool, may_scan: bool, now: Instant) -> Option<Work> {
        let first = |line: &Line| line.first(alone, now);
        let most = if alone { turns.per_tenant } else { turns.beside_others };
        let usual = first(&self.usual).filter(|_| self.working - self.scanning < most).map(|came| (came, Work::Usual));
        let scan = first(&self.scans).filter(|_| may_scan && self.scanning < turns.scans).map(|came| (came, Work::Scan));
        let next = usual.into_iter().chain(scan).min_by_key(|(came, _)| *came);
        next.filter(|_| self.working < turns.per_tenant).map(|(_, work)| work)
    }

    /// Sees to it that places are given when a line that rests may go on.
    fn wake_after_rest(&mut self, turns: &Arc<Turns>, id: TenantId, now: Instant) {
        for work in [Work::Usual, Work::Scan] {
            let Some(until) = self.line(work).next_to_wake(now) else { continue };
            let turns = Arc::clone(turns);
            tokio::spawn(async move {
                tokio::time::sleep_until(until).await;
                let mut state = turns.lock();
                if let Some(tenant) = state.tenants.get_mut(&id) {
                    tenant.line(work).woken();
                }
                state.give(&turns);
                state.tidy(id);
            });
        }
    }

    fn is_idle(&self) -> bool {
        self.under_way == 0 && self.working == 0 && !self.waits()
    }
}

/// A request that is under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay {
    turns: Arc<Turns>,
    tenant: TenantId,
}

/// Leave to work, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    /// Nobody's after it could not be handed over.
    turns: Option<Arc<Turns>>,
    tenant: TenantId,
    work: Work,
    since: Instant,
}

impl Turns {
    /// Places for a node with so many connections to read by and so many processors. There may be more places than
    /// connections: who is quickly done waits for a connection as shortly as for a place, and the connections stay busy.
    pub(crate) fn new(readers: usize, processors: usize) -> Arc<Self> {
        let (readers, processors) = (readers.max(1), processors.max(1));
        Self::of(readers.max(PER_PROCESSOR * processors), readers, processors)
    }

    fn of(places: usize, readers: usize, processors: usize) -> Arc<Self> {
        let most = |of: usize| (of - of.div_ceil(5)).max(1);
        let per_tenant = most(places);
        let state = State {
            free: places,
            scans_free: most(readers),
            came: 0,
            tenants: HashMap::new(),
            turns: VecDeque::new(),
            here: Presence::default(),
        };
        let beside_others = (processors / 2).clamp(1, per_tenant);
        Arc::new(Self { state: Mutex::new(state), per_tenant, beside_others, scans: (readers / 8).max(1) })
    }

    /// Counts a request of a tenant from here to its end.
    ///
    /// # Errors
    /// When too many of its requests are under way already.
    pub(crate) fn enter(self: &Arc<Self>, tenant: TenantId) -> Result<UnderWay, TooFast> {
        let mut state = self.lock();
        let known = state.tenants.entry(tenant).or_default();
        if known.under_way >= UNDER_WAY {
            return Err(TooFast { wait: 1, limit: GUARANTEED, reached: Reached::UnderWay(UNDER_WAY) });
        }
        known.under_way += 1;
        Ok(UnderWay { turns: Arc::clone(self), tenant })
    }

    /// Waits for the tenant's turn. Whoever stops waiting has left the line.
    pub(crate) async fn place(self: &Arc<Self>, tenant: TenantId, work: Work) -> Place {
        let (given, mine) = oneshot::channel();
        {
            let mut guard = self.lock();
            let state = &mut *guard;
            state.came += 1;
            state.here.note(tenant, Instant::now().into_std());
            let known = state.tenants.entry(tenant).or_default();
            if !known.waits() {
                state.turns.push_back(tenant);
            }
            known.line(work).push(state.came, given);
            state.give(self);
        }
        // The sender stands in the line until it is used, so it is never lost.
        mine.await.unwrap_or(Place { turns: None, tenant, work, since: Instant::now() })
    }

    /// The same for a request that can as well come again.
    ///
    /// # Errors
    /// When its turn does not come in time.
    pub(crate) async fn place_in_time(self: &Arc<Self>, tenant: TenantId, work: Work) -> Result<Place, TooFast> {
        let waited = tokio::time::timeout(PATIENCE, self.place(tenant, work)).await;
        waited.map_err(|_| TooFast { wait: PATIENCE.as_secs(), limit: GUARANTEED, reached: Reached::Turn })
    }

    /// How many requests wait for their turn.
    #[cfg(test)]
    fn waiting(&self) -> usize {
        self.lock().tenants.values().map(|tenant| tenant.usual.length() + tenant.scans.length()).sum()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether nobody else has been here of late.
    fn is_alone(&self, tenant: TenantId, now: Instant) -> bool {
        !self.here.any(now.into_std(), |other| other != tenant)
    }

    /// Whether somebody is here who has nothing in line, and would wait for what a tenant does.
    fn others_are_quiet(&self, tenant: TenantId, now: Instant) -> bool {
        let waits = |other| self.tenants.get(&other).is_some_and(Tenant::waits);
        self.here.any(now.into_std(), |other| other != tenant && !waits(other))
    }

    /// Gives free places, one to each tenant in turn.
    fn give(&mut self, turns: &Arc<Turns>) {
        let mut passed = 0;
        let now = Instant::now();
        while self.free > 0 && passed < self.turns.len() {
            let Some(id) = self.turns.pop_front() else { return };
            let alone = self.is_alone(id, now);
            let Some(tenant) = self.tenants.get_mut(&id) else { continue };
            let Some(work) = tenant.next(turns, alone, self.scans_free > 0, now) else {
                tenant.wake_after_rest(turns, id, now);
                passed += 1;
                self.turns.push_back(id);
                continue;
            };
            if let Some(next) = tenant.line(work).pop() {
                match next.send(Place { turns: Some(Arc::clone(turns)), tenant: id, work, since: now }) {
                    Ok(()) => {
                        tenant.working += 1;
                        tenant.scanning += work.scans();
                        self.scans_free -= work.scans();
                        self.free -= 1;
                        passed = 0;
                    }
                    // It waits no more; what it would have had is still there.
                    Err(mut place) => place.turns = None,
                }
            }
            if tenant.waits() {
                self.turns.push_back(id);
            }
        }
    }

    fn tidy(&mut self, id: TenantId) {
        if self.tenants.get(&id).is_some_and(Tenant::is_idle) {
            self.tenants.remove(&id);
        }
    }
}

impl std::fmt::Debug for Turns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turns").field("per_tenant", &self.per_tenant).field("scans", &self.scans).finish_non_exhaustive()
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.turns.lock();
        if let Some(tenant) = state.tenants.get_mut(&self.tenant) {
            tenant.under_way = tenant.under_way.saturating_sub(1);
        }
        state.tidy(self.tenant);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(turns) = self.turns.take() else { return };
        let mut state = turns.lock();
        let now = Instant::now();
        let rests = state.others_are_quiet(self.tenant, now);
        if let Some(tenant) = state.tenants.get_mut(&self.tenant) {
            if rests {
                tenant.line(self.work).rest(now, (REST * now.duration_since(self.since)).min(LONGEST_REST));
            }
            tenant.working = tenant.working.saturating_sub(1);
            tenant.scanning = tenant.scanning.saturating_sub(self.work.scans());
        }
        state.free += 1;
        state.scans_free += self.work.scans();
        state.give(&turns);
        state.tidy(self.tenant);
    }
}

#[cfg(test)]
mod tests;
