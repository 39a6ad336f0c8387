//! A consumer that is killed at random and comes back with what it had saved.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::kept::Mirror;

/// A consumer: what it has, and what of that stands on its disk.
pub(super) struct Life {
    pub(super) mirror: Mirror,
    pub(super) rng: StdRng,
    /// How often it was killed.
    pub(super) deaths: u32,
    saved: Mirror,
    saves_at: Instant,
    dies_at: Instant,
}

impl Life {
    pub(super) fn new(mirror: Mirror, seed: u64) -> Self {
        let (now, saved) = (Instant::now(), mirror.clone());
        Self { mirror, rng: StdRng::seed_from_u64(seed), deaths: 0, saved, saves_at: now, dies_at: now + Duration::from_secs(1) }
    }

    /// Saves or is killed where its time has come; says whether it was killed.
    pub(super) fn goes_on(&mut self) -> bool {
        let now = Instant::now();
        if now >= self.dies_at {
            self.mirror = self.saved.clone();
            self.deaths += 1;
            self.dies_at = Instant::now() + Duration::from_millis(self.rng.random_range(1_000..8_000));
            return true;
        }
        if now >= self.saves_at {
            self.saved = self.mirror.clone();
            // What is large is saved seldom, or nothing else would be done.
            let rest = Duration::from_millis(self.rng.random_range(300..1_500)).max(10 * now.elapsed());
            self.saves_at = Instant::now() + rest;
        }
        false
    }

    /// Waits a moment, now and then.
    pub(super) fn dawdles(&mut self, seldom: f64) -> Option<Duration> {
        self.rng.random_bool(seldom).then(|| Duration::from_millis(self.rng.random_range(0..300)))
    }
}
