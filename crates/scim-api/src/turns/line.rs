//! A tenant's requests of one kind that wait, and when the next of them may begin.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::Place;

#[derive(Default)]
pub(super) struct Line {
    /// Who waits, each with the number at which it came.
    waiting: VecDeque<(u64, oneshot::Sender<Place>)>,
    /// Until when none of them begins while others are here.
    rests: Option<Instant>,
    /// Whether somebody looks again after the rest.
    is_woken: bool,
}

impl Line {
    pub(super) fn push(&mut self, came: u64, given: oneshot::Sender<Place>) {
        self.waiting.push_back((came, given));
    }

    pub(super) fn pop(&mut self) -> Option<oneshot::Sender<Place>> {
        self.waiting.pop_front().map(|(_, given)| given)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    #[cfg(test)]
    pub(super) fn length(&self) -> usize {
        self.waiting.len()
    }

    /// At which number the first one came, if it may begin.
    pub(super) fn first(&self, alone: bool, now: Instant) -> Option<u64> {
        let (came, _) = self.waiting.front()?;
        (alone || !self.rests(now)).then_some(*came)
    }

    fn rests(&self, now: Instant) -> bool {
        self.rests.is_some_and(|until| now < until)
    }

    /// Lets the others of the line begin so much later. Who has nobody in line is not busy, and may come at any time.
    pub(super) fn rest(&mut self, now: Instant, long: Duration) {
        if !self.is_empty() {
            self.rests = Some(now + long);
        }
    }

    /// When somebody must look whether the first one may begin, if nobody does already.
    pub(super) fn next_to_wake(&mut self, now: Instant) -> Option<Instant> {
        let until = self.rests.filter(|until| now < *until && !self.is_empty() && !self.is_woken)?;
        self.is_woken = true;
        Some(until)
    }

    pub(super) fn woken(&mut self) {
        self.is_woken = false;
    }
}
