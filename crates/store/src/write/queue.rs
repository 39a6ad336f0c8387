//! The fair queue: tenant by tenant in turn, bounded.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::{Presence, TenantId};
use tokio::sync::Notify;
use tokio::time::timeout_at;

use super::ticket::Job;

/// Units of a tenant that are taken however many of others wait.
const RESERVED: usize = 32;
/// Units of a tenant, in one commit and waiting after it, that do not make it rest.
const FEW: usize = 4;

/// What a lane takes from the queue.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Take {
    /// Units of any tenants, one of each in turn (SQLite: one lane, one writer).
    Mixed(usize),
    /// Units of one tenant that no other lane is at (PostgreSQL).
    OneTenant(usize),
}

impl Take {
    /// How many at most.
    pub(crate) fn most(self) -> usize {
        match self {
            Self::Mixed(most) | Self::OneTenant(most) => most,
        }
    }
}

/// Waiting units of all tenants.
pub(crate) struct Queue {
    state: Mutex<State>,
    arrived: Notify,
    capacity: usize,
}

#[derive(Default)]
struct State {
    waiting: HashMap<TenantId, VecDeque<Box<dyn Job>>>,
    /// Tenants with waiting units, in the order of their turns.
    turns: VecDeque<TenantId>,
    in_lane: HashSet<TenantId>,
    /// Until when none of a tenant's units is taken.
    rests: HashMap<TenantId, Instant>,
    here: Presence,
    length: usize,
    closed: bool,
}

impl Queue {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { state: Mutex::default(), arrived: Notify::new(), capacity }
    }

    /// Lines a unit up; gives it back when the queue is full or closed. No single tenant gets more than half of it, and a
    /// full queue still has room for those who have little in it.
    pub(crate) fn push(&self, tenant: TenantId, job: Box<dyn Job>) -> Result<(), Box<dyn Job>> {
        let mut guard = self.lock();
        let state = &mut *guard;
        let own = state.waiting.get(&tenant).map_or(0, VecDeque::len);
        if state.closed || own >= self.capacity / 2 || state.length >= self.capacity && own >= RESERVED {
            return Err(job);
        }
        state.length += 1;
        state.here.note(tenant, Instant::now());
        if own == 0 {
            state.turns.push_back(tenant);
        }
        state.waiting.entry(tenant).or_default().push_back(job);
        drop(guard);
        self.arrived.notify_one();
        Ok(())
    }

    /// Lines units up again that were taken and not run, before what came after them.
    pub(crate) fn give_back(&self, jobs: Vec<Box<dyn Job>>) {
        let mut guard = self.lock();
        let state = &mut *guard;
        state.length += jobs.len();
        for job in jobs.into_iter().rev() {
            let tenant = job.tenant();
            let line = state.waiting.entry(tenant).or_default();
            if line.is_empty() {
                state.turns.push_back(tenant);
            }
            line.push_front(job);
        }
        drop(guard);
        self.arrived.notify_one();
    }

    /// Everything that waits, whoever's it is.
    pub(crate) fn take_all(&self) -> Vec<Box<dyn Job>> {
        let mut state = self.lock();
        state.turns.clear();
        state.length = 0;
        state.waiting.drain().flat_map(|(_, line)| line).collect()
    }

    /// Whether somebody else waits at whom no lane is.
    pub(crate) fn others_wait(&self, tenant: TenantId) -> bool {
        let state = self.lock();
        state.turns.iter().any(|other| *other != tenant && !state.in_lane.contains(other))
    }

    /// The next units, or `None` once the queue is closed and empty.
    pub(crate) async fn take(&self, take: Take) -> Option<(Option<TenantId>, Vec<Box<dyn Job>>)> {
        loop {
            let arrived = self.arrived.notified();
            let rested = {
                let mut state = self.lock();
                state.end_rests(Instant::now());
                let taken = match take {
                    Take::Mixed(most) => state.take_mixed(most),
                    Take::OneTenant(most) => state.take_one(most),
                };
                let rested = state.rests.values().min().copied();
                if !taken.1.is_empty() {
                    if rested.is_some() {
                        // Another lane looks after those who rest.
                        self.arrived.notify_one();
                    }
                    return Some(taken);
                }
                if state.closed && state.length == 0 {
                    return None;
                }
                rested
            };
            match rested {
                Some(until) => drop(timeout_at(until.into(), arrived).await),
                None => arrived.await,
            }
        }
    }

    /// Lets tenants rest for so long that filled a commit, if somebody is here who has nothing waiting: with a lane
    /// that is busy without end he would wait for the end of a commit each time, and share the next one.
    pub(crate) fn rest(&self, jobs: &[Box<dyn Job>], long: Duration) {
        let mut guard = self.lock();
        let state = &mut *guard;
        let mut units = HashMap::new();
        for job in jobs {
            *units.entry(job.tenant()).or_insert(0) += 1;
        }
        units.retain(|tenant, units| *units + state.waiting.get(tenant).map_or(0, VecDeque::len) > FEW);
        let now = Instant::now();
        let is_quiet = |tenant| !units.contains_key(&tenant) && !state.waiting.contains_key(&tenant);
        if !units.is_empty() && state.here.any(now, is_quiet) {
            state.rests.extend(units.into_keys().map(|tenant| (tenant, now + long)));
        }
    }

    /// How many units wait.
    pub(crate) fn length(&self) -> usize {
        self.lock().length
    }

    /// How long the unit has waited that has waited longest.
    pub(crate) fn longest_wait(&self) -> Option<Duration> {
        let state = self.lock();
        let first = state.waiting.values().filter_map(VecDeque::front).map(|job| job.since()).min();
        first.map(|since| since.elapsed())
    }

    /// Says that a lane is done with a tenant.
    pub(crate) fn release(&self, tenant: TenantId) {
        self.lock().in_lane.remove(&tenant);
        self.arrived.notify_one();
    }

    /// Takes no more units; lanes end when what waits is done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        // Each lane wakes the next one, so one permit is enough however many there are.
        self.arrived.notify_one();
        self.arrived.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Once the queue is closed nobody rests.
    fn end_rests(&mut self, now: Instant) {
        let closed = self.closed;
        self.rests.retain(|_, until| !closed && *until > now);
    }

    fn take_mixed(&mut self, most: usize) -> (Option<TenantId>, Vec<Box<dyn Job>>) {
        let (mut jobs, mut resting) = (Vec::new(), Vec::new());
        while jobs.len() < most {
            let Some(tenant) = self.turns.pop_front() else { break };
            if self.rests.contains_key(&tenant) {
                resting.push(tenant);
                continue;
            }
            let Some(line) = self.waiting.get_mut(&tenant) else { continue };
            jobs.extend(line.pop_front());
            if line.is_empty() {
                self.waiting.remove(&tenant);
            } else {
                self.turns.push_back(tenant);
            }
        }
        self.turns.extend(resting);
        self.length -= jobs.len();
        (None, jobs)
    }

    fn take_one(&mut self, most: usize) -> (Option<TenantId>, Vec<Box<dyn Job>>) {
        let free = self.turns.iter().position(|tenant| !self.in_lane.contains(tenant) && !self.rests.contains_key(tenant));
        let Some(tenant) = free.and_then(|at| self.turns.remove(at)) else { return (None, Vec::new()) };
        let Some(line) = self.waiting.get_mut(&tenant) else { return (None, Vec::new()) };
        let jobs: Vec<_> = line.drain(..most.min(line.len())).collect();
        if line.is_empty() {
            self.waiting.remove(&tenant);
        } else {
            self.turns.push_back(tenant);
        }
        self.length -= jobs.len();
        self.in_lane.insert(tenant);
        (Some(tenant), jobs)
    }
}

#[cfg(test)]
mod tests;
