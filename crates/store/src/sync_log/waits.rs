//! How long what waits for the log has waited.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// All that wait, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Waits {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    since: BTreeMap<u64, Instant>,
}

/// One that waits, until it is dropped.
pub(super) struct Wait {
    waits: Arc<Waits>,
    number: u64,
}

impl Waits {
    /// Begins a wait.
    pub(super) fn begin(self: &Arc<Self>, since: Instant) -> Wait {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let number = state.next;
        state.next += 1;
        state.since.insert(number, since);
        Wait { waits: Arc::clone(self), number }
    }

    /// How long the one has waited that has waited longest.
    pub(super) fn longest(&self) -> Option<Duration> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.since.first_key_value().map(|(_, since)| since.elapsed())
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.waits.state.lock().unwrap_or_else(PoisonError::into_inner).since.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_is_that_of_whoever_came_first_and_still_waits() {
        let waits = Arc::new(Waits::default());
        assert_eq!(waits.longest(), None);
        let now = Instant::now();
        let ago = |seconds| now.checked_sub(Duration::from_secs(seconds)).unwrap_or(now);
        let (first, second) = (waits.begin(ago(5)), waits.begin(ago(3)));
        assert!(waits.longest().is_some_and(|longest| longest >= Duration::from_secs(5)));
        drop(first);
        let longest = waits.longest();
        assert!(
            longest.is_some_and(|longest| (Duration::from_secs(3)..Duration::from_secs(5)).contains(&longest)),
            "{longest:?}"
        );
        drop(second);
        assert_eq!(waits.longest(), None);
    }
}
