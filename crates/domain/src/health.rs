//! How a connection is doing, by what its log adds up to: its cycles, its rhythm, its health, and how near it is to being
//! given up by its IdP.

use crate::Timestamp;

/// Silence that ends a cycle, in seconds. Entra pauses up to 40 minutes between two, and none that we know of pauses this
/// long inside of one.
pub const CYCLE_PAUSE_SECONDS: i64 = 10 * 60;
/// Pauses from which a rhythm is learned.
const FEWEST: usize = 5;
/// The shortest silence that is worth a warning, in seconds.
const SHORTEST: i64 = 2 * 60 * 60;

/// Requests of a connection that belong together: an IdP's run, from its first request until nothing came for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// When its first request came.
    pub started_at: Timestamp,
    /// When its last request came.
    pub ended_at: Timestamp,
    /// How many were accepted.
    pub accepted: u64,
    /// How many were rejected.
    pub rejected: u64,
    /// How many failed on our side.
    pub failed: u64,
    /// How many changes they made.
    pub changes: u64,
}

impl Cycle {
    /// One that begins and ends at these moments, of no requests yet.
    pub const fn between(started_at: Timestamp, ended_at: Timestamp) -> Self {
        Self { started_at, ended_at, accepted: 0, rejected: 0, failed: 0, changes: 0 }
    }

    /// How many requests it was.
    pub const fn requests(&self) -> u64 {
        self.accepted + self.rejected + self.failed
    }

    /// How many of them were refused or failed.
    pub const fn refused(&self) -> u64 {
        self.rejected + self.failed
    }

    /// Whether the IdP may still be at it.
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.ended_at.plus_seconds(CYCLE_PAUSE_SECONDS) >= now
    }
}

/// What is usual for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// Seconds between the beginnings of two cycles, in the middle of those seen.
    pub usual_seconds: i64,
    /// Seconds of silence beyond which something is wrong: twice what nine of ten pauses stayed below, two hours at least.
    pub silent_after_seconds: i64,
}

impl Rhythm {
    /// How many of a connection's newest cycles it is learned from.
    pub const CYCLES: u32 = 31;

    /// What cycles show to be usual, newest first; `None` until there are enough of them.
    pub fn learn(cycles: &[Cycle]) -> Option<Self> {
        let mut pauses: Vec<i64> = cycles
            .windows(2)
            .filter_map(|pair| Some(pair.first()?.started_at.as_micros() - pair.last()?.started_at.as_micros()))
            .map(|micros| micros / 1_000_000)
            .collect();
        if pauses.len() < FEWEST {
            return None;
        }
        pauses.sort_unstable();
        let at = |share: usize| pauses.get((pauses.len() - 1) * share / 100).copied();
        Some(Self { usual_seconds: at(50)?, silent_after_seconds: (2 * at(90)?).max(SHORTEST) })
    }
}

/// Whether a connection's directory keeps arriving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// There is no credential that an IdP could use.
    NotConnected,
    /// There is a credential; no request came yet.
    Waiting,
    /// Requests come and most are accepted.
    Working,
    /// Half or more of the requests of the newest cycle were refused or failed.
    Failing,
    /// Nothing has come for longer than is usual.
    Silent,
}

impl Health {
    /// How a connection is doing; `cycles` are its newest, newest first.
    pub fn of(has_credential: bool, cycles: &[Cycle], now: Timestamp) -> Self {
        let Some(newest) = cycles.first() else {
            return if has_credential { Self::Waiting } else { Self::NotConnected };
        };
        if !has_credential {
            return Self::NotConnected;
        }
        let silent = Rhythm::learn(cycles).is_some_and(|rhythm| newest.ended_at.plus_seconds(rhythm.silent_after_seconds) < now);
        match newest.refused() * 2 >= newest.requests() {
            _ if silent => Self::Silent,
            true => Self::Failing,
            false => Self::Working,
        }
    }

    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::Waiting => "waiting",
            Self::Working => "working",
            Self::Failing => "failing",
            Self::Silent => "silent",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::NotConnected, Self::Waiting, Self::Working, Self::Failing, Self::Silent];
        all.into_iter().find(|health| health.as_str() == text)
    }
}

/// How near a connection of Entra's is to quarantine, in which Entra runs once a day and then not at all. Its published
/// limits: from 5,000 failures on, more than 40 % of a cycle's requests, or 40,000 of them; of those to set a manager or a
/// member only that all together are more than 60,000. A request does not tell these from others, so the nearer limit is
/// taken for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// Requests of the cycle that were refused or failed.
    pub refused: u64,
    /// All its requests.
    pub requests: u64,
    /// How it stands.
    pub distance: Distance,
}

/// How near a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// Less than half way.
    Far,
    /// Half way or more.
    Near,
    /// Beyond it.
    Beyond,
}

impl Quarantine {
    const LEAST: u64 = 5_000;
    const MOST: u64 = 40_000;
    const PERCENT: u64 = 40;

    /// How near a cycle comes to it.
    pub fn of(cycle: &Cycle) -> Self {
        let (refused, requests) = (cycle.refused(), cycle.requests());
        let beyond = |parts: u64| {
            refused * parts > Self::MOST || refused * parts >= Self::LEAST && refused * 100 * parts > requests * Self::PERCENT
        };
        let distance = match (beyond(1), beyond(2)) {
            (true, _) => Distance::Beyond,
            (false, true) => Distance::Near,
            (false, false) => Distance::Far,
        };
        Self { refused, requests, distance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60;

    fn cycles(minutes_ago: &[i64], now: Timestamp) -> Vec<Cycle> {
        let cycle = |minutes: &i64| {
            let at = now.plus_seconds(-minutes * MINUTE);
            Cycle { accepted: 10, ..Cycle::between(at, at) }
        };
        minutes_ago.iter().map(cycle).collect()
    }

    #[test]
    fn a_rhythm_is_learned_from_a_few_cycles_and_not_from_less() {
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        assert_eq!(Rhythm::learn(&cycles(&[1, 41, 81, 121, 161], now)), None);
        let rhythm = Rhythm::learn(&cycles(&[1, 41, 81, 121, 161, 201], now)).unwrap();
        assert_eq!(rhythm, Rhythm { usual_seconds: 40 * MINUTE, silent_after_seconds: 2 * 60 * MINUTE });
        let daily = Rhythm::learn(&cycles(&[0, 1_440, 2_880, 4_320, 5_760, 7_200], now)).unwrap();
        assert_eq!(daily.silent_after_seconds, 2 * 1_440 * MINUTE);
    }

    #[test]
    fn health_tells_who_never_came_who_fails_and_who_stays_away() {
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        let usual = cycles(&[1, 41, 81, 121, 161, 201], now);
        assert_eq!(Health::of(false, &[], now), Health::NotConnected);
        assert_eq!(Health::of(false, &usual, now), Health::NotConnected);
        assert_eq!(Health::of(true, &[], now), Health::Waiting);
        assert_eq!(Health::of(true, &usual, now), Health::Working);
        assert_eq!(Health::of(true, &usual, now.plus_seconds(118 * MINUTE)), Health::Working);
        assert_eq!(Health::of(true, &usual, now.plus_seconds(120 * MINUTE)), Health::Silent);
        let mut failing = usual;
        failing[0].rejected = 10;
        assert_eq!(Health::of(true, &failing, now), Health::Failing);
    }

    #[test]
    fn quarantine_comes_nearer_with_failures() {
        let at = Timestamp::from_micros(0);
        let of = |accepted, rejected| Quarantine::of(&Cycle { accepted, rejected, ..Cycle::between(at, at) }).distance;
        assert_eq!(of(0, 2_499), Distance::Far);
        assert_eq!(of(0, 2_500), Distance::Near);
        assert_eq!(of(0, 5_000), Distance::Beyond);
        assert_eq!(of(20_000, 5_000), Distance::Far, "a fifth of all is half of two fifths and no more");
        assert_eq!(of(12_000, 5_000), Distance::Near);
        assert_eq!(of(500_000, 19_000), Distance::Far);
        assert_eq!(of(500_000, 20_001), Distance::Near);
        assert_eq!(of(500_000, 40_001), Distance::Beyond);
    }
}
