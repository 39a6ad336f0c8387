//! What whoever follows the feed says it has applied, how long that took, and within what time it should.

use std::num::NonZeroU32;
use std::str::FromStr;

use uuid::Uuid;

use crate::{Timestamp, Webhook};

/// Within how many seconds a change is to be acknowledged when a tenant wants nothing else.
pub const TARGET_SECONDS: u32 = 300;

/// The longest time that can be wanted, in seconds: thirty days.
pub const MOST_TARGET_SECONDS: u32 = 30 * 86_400;

/// Most readers of a tenant that acknowledge.
pub const MOST_READERS: usize = 100;

/// Within what time changes of a tenant are to be acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AcknowledgementTarget {
    /// Within [`TARGET_SECONDS`].
    #[default]
    Usual,
    /// Whenever: nobody is ever late.
    Whenever,
    /// Within so many seconds.
    Own(NonZeroU32),
}

impl AcknowledgementTarget {
    /// A time of a tenant's own; `None` for no seconds at all and for more than [`MOST_TARGET_SECONDS`].
    pub fn own(seconds: u32) -> Option<Self> {
        NonZeroU32::new(seconds).filter(|seconds| seconds.get() <= MOST_TARGET_SECONDS).map(Self::Own)
    }

    /// The time in seconds; `None` when there is none.
    pub fn seconds(self) -> Option<u32> {
        match self {
            Self::Usual => Some(TARGET_SECONDS),
            Self::Whenever => None,
            Self::Own(seconds) => Some(seconds.get()),
        }
    }

    /// Whether a change that was made at `since` and is not acknowledged is late.
    pub fn is_missed(self, since: Timestamp, now: Timestamp) -> bool {
        self.seconds().is_some_and(|seconds| since.plus_seconds(seconds.into()) < now)
    }
}

/// The text is no time within which changes are to be acknowledged; the message says what one looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time for acknowledging is \"none\" or 1 to 2592000 seconds")]
pub struct NotATarget;

impl FromStr for AcknowledgementTarget {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        match text {
            "none" => Ok(Self::Whenever),
            number => number.parse().ok().and_then(Self::own).ok_or(NotATarget),
        }
    }
}

/// What kind of reader acknowledges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderKind {
    /// A program, by its API key.
    ApiKey,
    /// A person.
    Person,
    /// A webhook: as far as its receiver says in its answers that it has applied changes.
    Webhook,
}

impl ReaderKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ApiKey, Self::Person, Self::Webhook];

    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "apiKey",
            Self::Person => "person",
            Self::Webhook => "webhook",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Who acknowledges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedReader {
    /// What kind of reader it is.
    pub kind: ReaderKind,
    /// The id of the key, the person or the webhook.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

impl From<&Webhook> for FeedReader {
    fn from(webhook: &Webhook) -> Self {
        Self { kind: ReaderKind::Webhook, id: webhook.id.as_uuid(), name: webhook.name.clone() }
    }
}

/// How many classes of time there are.
const CLASSES: usize = 18;

/// How long acknowledgements took, in classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latencies {
    counts: [u64; CLASSES],
}

impl Latencies {
    /// Ends of the classes in seconds, each included; what took longer than the last is in a class without an end.
    pub const ENDS: [u32; CLASSES - 1] =
        [1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400, 604_800];

    /// Adds changes to a class; of a class that is none nothing is added.
    pub fn add(&mut self, class: usize, number: u64) {
        if let Some(count) = self.counts.get_mut(class) {
            *count = count.saturating_add(number);
        }
    }

    /// How many changes there are.
    pub fn count(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Each class by its end in seconds, with its number of changes.
    pub fn classes(&self) -> impl Iterator<Item = (Option<u32>, u64)> + '_ {
        let ends = Self::ENDS.into_iter().map(Some).chain([None]);
        ends.zip(self.counts.iter().copied())
    }

    /// Within how many seconds `percent` of a hundred were acknowledged: the end of the class that the last of them is in.
    /// `None` when there are no changes, and when it is the class without an end.
    pub fn within(&self, percent: u32) -> Option<u32> {
        let wanted = (u128::from(self.count()) * u128::from(percent)).div_ceil(100);
        let mut seen = 0_u128;
        for (end, count) in self.classes() {
            seen += u128::from(count);
            if seen >= wanted && seen > 0 {
                return end;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_from_the_classes() {
        let mut latencies = Latencies::default();
        assert_eq!((latencies.count(), latencies.within(50)), (0, None));
        latencies.add(0, 90);
        latencies.add(3, 9);
        latencies.add(CLASSES - 1, 1);
        latencies.add(CLASSES, 7);
        assert_eq!(latencies.count(), 100);
        assert_eq!([50, 90, 91, 99].map(|percent| latencies.within(percent)), [Some(1), Some(1), Some(5), Some(5)]);
        assert_eq!(latencies.within(100), None, "the last class has no end");
        assert_eq!(latencies.classes().last(), Some((None, 1)));
    }

    #[test]
    fn a_target_is_between_a_second_and_thirty_days() {
        assert_eq!(AcknowledgementTarget::default().seconds(), Some(300));
        assert_eq!(AcknowledgementTarget::Whenever.seconds(), None);
        assert_eq!(AcknowledgementTarget::own(1).and_then(AcknowledgementTarget::seconds), Some(1));
        assert_eq!(AcknowledgementTarget::own(0), None);
        let (made, usual) = (Timestamp::from_micros(0), AcknowledgementTarget::Usual);
        assert!(!usual.is_missed(made, made.plus_seconds(300)) && usual.is_missed(made, made.plus_seconds(301)));
        assert!(!AcknowledgementTarget::Whenever.is_missed(made, made.plus_days(1_000)));
        assert_eq!(AcknowledgementTarget::own(MOST_TARGET_SECONDS + 1), None);
    }

    #[test]
    fn a_target_is_read_from_what_people_type() {
        assert_eq!("none".parse(), Ok(AcknowledgementTarget::Whenever));
        assert_eq!("2592000".parse(), Ok(AcknowledgementTarget::own(MOST_TARGET_SECONDS).unwrap_or_default()));
        for text in ["", "0", "2592001", "-1", "1.5", "None", " 5"] {
            assert_eq!(text.parse::<AcknowledgementTarget>(), Err(NotATarget), "{text}");
        }
    }

    #[test]
    fn kinds_of_readers_are_read_as_they_are_written() {
        for kind in ReaderKind::ALL {
            assert_eq!(ReaderKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(ReaderKind::parse("key"), None);
    }
}
