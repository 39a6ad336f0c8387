//! What this node answered in the last hour, minute by minute, in memory: a few thousand numbers, whatever the number of
//! tenants and requests.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use domain::{Outcome, SyncEvent, Timestamp};

use super::figures::{SPANS, span_of, within};
use super::is_foreign;

/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;
/// Minutes that are kept.
const MINUTES: i64 = 60;

/// The requests that this node answered at tenants' doors within an hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastHour {
    /// All of them.
    pub requests: u64,
    /// Those that were rejected.
    pub rejected: u64,
    /// Those that failed on our side.
    pub failed: u64,
    /// How many took this many milliseconds at most, shortest first; each is counted once.
    times: Vec<(u64, u64)>,
}

impl LastHour {
    /// The time within which a share of them were answered, in milliseconds, to the end of its span. `None` without any.
    pub fn within(&self, share: f64) -> Option<u64> {
        within(&self.times, share)
    }
}

/// The requests of one minute.
#[derive(Debug)]
struct Minute {
    /// Minutes since 1970.
    at: i64,
    requests: u64,
    rejected: u64,
    failed: u64,
    times: [u64; SPANS.len()],
}

/// The last hour as it goes on.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    minutes: Mutex<VecDeque<Minute>>,
}

impl Pulse {
    /// Counts an answered request.
    pub(super) fn beat(&self, event: &SyncEvent) {
        if !is_foreign(event) {
            return;
        }
        let at = minute_of(event.at);
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.back().is_none_or(|last| last.at < at) {
            minutes.push_back(Minute { at, requests: 0, rejected: 0, failed: 0, times: [0; SPANS.len()] });
            while minutes.front().is_some_and(|first| first.at <= at - MINUTES) {
                minutes.pop_front();
            }
        }
        // Those that took long are answered after others that came later; what is older than all is of no hour any more.
        let Some(minute) = minutes.iter_mut().rev().find(|minute| minute.at <= at) else { return };
        minute.requests += 1;
        match Outcome::of(event.status) {
            Outcome::Accepted => {}
            Outcome::Rejected => minute.rejected += 1,
            Outcome::Failed => minute.failed += 1,
        }
        let span = span_of(event);
        let counted = SPANS.iter().zip(&mut minute.times).find(|(known, _)| **known == span);
        if let Some((_, count)) = counted {
            *count += 1;
        }
    }

    /// The hour before `now`, the minute under way included.
    pub(super) fn last_hour(&self, now: Timestamp) -> LastHour {
        let since = minute_of(now) - MINUTES;
        let minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hour = LastHour { times: SPANS.map(|span| (span, 0)).to_vec(), ..LastHour::default() };
        for minute in minutes.iter().filter(|minute| minute.at > since) {
            hour.requests += minute.requests;
            hour.rejected += minute.rejected;
            hour.failed += minute.failed;
            for ((_, sum), count) in hour.times.iter_mut().zip(minute.times) {
                *sum += count;
            }
        }
        hour
    }
}

fn minute_of(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(MINUTE)
}
