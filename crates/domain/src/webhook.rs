//! Receivers to which a tenant's changes are sent, one request a change and in their order.

mod delivery;

pub use delivery::{ANSWER, Delivery, DeliveryOutcome};

use crate::secret::{NoRandomness, hex, random_bytes};
use crate::{ChangeKind, ResourceKind, ServerKey, TenantId, Timestamp, WebhookId};

/// Most webhooks of a tenant.
pub const MOST: usize = 20;
/// Most hours that an old secret signs beside a new one.
pub const MOST_KEEP_HOURS: u32 = 168;
/// The same when nobody says so.
pub const KEEP_HOURS: u32 = 24;
/// The type of a message that somebody asked for to see whether messages arrive.
pub const TEST: &str = "webhook.test";
/// The type of the message that says that changes were removed before they could be sent.
pub const GAP: &str = "webhook.gap";

const SECRET: &str = "webhook";
/// Seconds before the first message that failed is sent again.
const FIRST_PAUSE: i64 = 5;
/// Most seconds between two tries.
pub const LONGEST_PAUSE: i64 = 6 * 3_600;
/// Days after which a webhook that only fails is parked.
const GIVE_UP_DAYS: i64 = 3;

/// Whether a webhook is sent anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WebhookState {
    /// Changes are sent as they come.
    #[default]
    Active,
    /// Somebody stopped it.
    Paused,
    /// It failed for too long, or said that it is gone: somebody has to look.
    Parked,
}

impl WebhookState {
    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Parked => "parked",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Paused, Self::Parked].into_iter().find(|state| state.as_str() == text)
    }
}

/// What follows from a salt, the server key and the webhook is what its messages are signed with: it is stored nowhere, so a
/// stolen database signs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookSecret {
    /// The salt of the secret that signs.
    pub salt: [u8; 16],
    /// Since when it does.
    pub set_at: Timestamp,
    /// The one before, while it signs too.
    pub old: Option<OldSecret>,
}

/// A secret that signs beside its successor for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldSecret {
    /// Its salt.
    pub salt: [u8; 16],
    /// Until when it signs.
    pub until: Timestamp,
}

impl WebhookSecret {
    /// A first secret.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new(at: Timestamp) -> Result<Self, NoRandomness> {
        Ok(Self { salt: random_bytes()?, set_at: at, old: None })
    }

    /// The next one; this one signs beside it for so many hours.
    #[must_use]
    pub fn followed_by(self, next: Self, keep_hours: u32) -> Self {
        let until = next.set_at.plus_seconds(i64::from(keep_hours) * 3_600);
        Self { old: (keep_hours > 0).then_some(OldSecret { salt: self.salt, until }), ..next }
    }
}

/// How sending goes wrong at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookFailure {
    /// Since when nothing came through.
    pub since: Timestamp,
    /// How often the next message was tried.
    pub attempts: u32,
    /// When it is tried again; never by itself when the webhook is parked or paused.
    pub next_at: Option<Timestamp>,
    /// What happened last, in words.
    pub reason: String,
    /// The status of the last answer, when there was one.
    pub status: Option<u16>,
}

/// A receiver of a tenant's changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose changes it gets.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// Whether it is sent anything.
    pub state: WebhookState,
    /// Only changes of these kinds; of all without any.
    pub kinds: Vec<ChangeKind>,
    /// Only changes of this kind of resource.
    pub resource: Option<ResourceKind>,
    /// What its messages are signed with.
    pub secret: WebhookSecret,
    /// When it was made.
    pub created_at: Timestamp,
    /// The number of the change after which it began, when it was made or last sent back.
    pub starts_after: u64,
    /// All changes up to this number were delivered, or did not pass the filter.
    pub delivered: u64,
    /// The number of the last one that was delivered; the number it began after before the first.
    pub previous: u64,
    /// How sending goes wrong at present.
    pub failure: Option<WebhookFailure>,
    /// Grows whenever it is sent back, so that what was under way then moves it no further: the time of the last one in
    /// microseconds, 0 before the first.
    pub course: u64,
}

impl Webhook {
    /// The kinds of changes that pass its filter; `None` where it has none, so that all pass.
    pub fn wanted(&self) -> Option<Vec<ChangeKind>> {
        if self.kinds.is_empty() && self.resource.is_none() {
            return None;
        }
        let all = if self.kinds.is_empty() { ChangeKind::ALL.to_vec() } else { self.kinds.clone() };
        Some(all.into_iter().filter(|kind| self.resource.is_none_or(|of| kind.resource_kind() == of)).collect())
    }

    /// Whether its filter lets any change through.
    pub fn passes_something(&self) -> bool {
        self.wanted().is_none_or(|kinds| !kinds.is_empty())
    }

    /// The secrets that sign a message at this moment, the newest first.
    pub fn secrets(&self, key: &ServerKey, now: Timestamp) -> Vec<[u8; 32]> {
        let old = self.secret.old.filter(|old| old.until > now).map(|old| old.salt);
        let of = |salt: [u8; 16]| key.digest(SECRET, &format!("{}\0{}\0{}", self.tenant, self.id, hex(&salt)));
        std::iter::once(self.secret.salt).chain(old).map(of).collect()
    }

    /// What a message about a change is called, however often it is tried. After the webhook was sent back the same change has
    /// another name, so that a receiver that drops what it knows by name takes it.
    pub fn message_id(&self, seq: u64) -> String {
        let (id, course) = (self.id.as_uuid().simple(), self.course);
        if course == 0 { format!("msg_{id}_{seq}") } else { format!("msg_{id}_{course}_{seq}") }
    }
}

/// For how many seconds a message rests after so many tries; `roll` is any number and moves the pause by up to a fifth to
/// either side, so that receivers that failed together are not called together.
pub fn pause_after(attempts: u32, roll: u64) -> i64 {
    let doubled = FIRST_PAUSE.saturating_mul(1_i64.checked_shl(attempts.saturating_sub(1).min(32)).unwrap_or(i64::MAX));
    let pause = doubled.min(LONGEST_PAUSE);
    let fifth = pause / 5;
    let moved = i64::try_from(roll % 1_000).unwrap_or_default() * 2 * fifth / 1_000;
    (pause - fifth + moved).min(LONGEST_PAUSE)
}

/// Whether a webhook that failed since then is given up.
pub fn is_given_up(since: Timestamp, now: Timestamp) -> bool {
    since.plus_days(GIVE_UP_DAYS) <= now
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook() -> Webhook {
        Webhook {
            id: WebhookId::generate(),
            tenant: TenantId::generate(),
            name: "App".to_owned(),
            url: "https://app.test/".to_owned(),
            state: WebhookState::Active,
            kinds: Vec::new(),
            resource: None,
            secret: WebhookSecret::new(Timestamp::from_micros(0)).unwrap(),
            created_at: Timestamp::from_micros(0),
            starts_after: 0,
            delivered: 0,
            previous: 0,
            failure: None,
            course: 0,
        }
    }

    #[test]
    fn pauses_double_up_to_six_hours_and_never_agree_for_all() {
        assert_eq!((pause_after(1, 500), pause_after(2, 500), pause_after(4, 500)), (5, 10, 40));
        for attempts in 1..200 {
            for roll in [0, 1, 499, 999, u64::MAX] {
                assert!((4..=LONGEST_PAUSE).contains(&pause_after(attempts, roll)), "{attempts} {roll}");
            }
        }
        assert_ne!(pause_after(9, 1), pause_after(9, 900));
        let tries = (1..).scan(0, |passed, attempts| {
            *passed += pause_after(attempts, 500);
            (*passed < 3 * 86_400).then_some(*passed)
        });
        assert!((15..40).contains(&tries.count()), "three days have room for some tries and not for many");
    }

    #[test]
    fn an_old_secret_signs_until_its_time_is_over_and_secrets_are_a_webhooks_own() {
        let (key, start, mut one) = (ServerKey::from_bytes([7; 32]), Timestamp::from_micros(0), webhook());
        let first = one.secrets(&key, start);
        let next = WebhookSecret::new(start.plus_seconds(10)).unwrap();
        one.secret = one.secret.followed_by(next, 1);
        let both = one.secrets(&key, start.plus_seconds(20));
        assert_eq!((both.len(), both.get(1)), (2, first.first()));
        assert_eq!(one.secrets(&key, start.plus_seconds(10 + 3_600)), both[..1]);
        one.secret = one.secret.followed_by(WebhookSecret::new(start).unwrap(), 0);
        assert_eq!(one.secrets(&key, start).len(), 1, "nothing is kept for no hours");
        let other = Webhook { id: WebhookId::generate(), ..one.clone() };
        assert_ne!(one.secrets(&key, start), other.secrets(&key, start));
    }

    #[test]
    fn a_filter_is_of_types_and_of_a_kind_of_resource() {
        let mut one = webhook();
        assert_eq!((one.wanted(), one.passes_something()), (None, true));
        one.resource = Some(ResourceKind::Group);
        let groups = one.wanted().unwrap();
        assert!(groups.iter().all(|kind| kind.as_str().starts_with("group.")) && groups.len() == 4);
        one.kinds = vec![ChangeKind::UserDeleted, ChangeKind::GroupDeleted];
        assert_eq!((one.wanted(), one.passes_something()), (Some(vec![ChangeKind::GroupDeleted]), true));
        one.kinds = vec![ChangeKind::UserDeleted];
        assert_eq!((one.wanted(), one.passes_something()), (Some(Vec::new()), false), "nothing is not everything");
    }
}
