//! A customer company and how it is addressed.

use std::{fmt, str::FromStr};

use crate::{AcknowledgementTarget, BodyPolicy, Ceiling, TenantId, Timestamp};

/// A customer company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its short name in addresses.
    pub slug: TenantSlug,
    /// Its name for people.
    pub name: String,
    /// Whether it is served.
    pub state: TenantState,
    /// How many requests it may send.
    pub ceiling: Ceiling,
    /// When it was made.
    pub created_at: Timestamp,
    /// What its sync log and its feed keep, and when changes are to be acknowledged.
    pub log: LogSettings,
}

/// What a tenant's sync log and its feed keep, and for how long; and within what time changes are to be acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSettings {
    /// How bodies are kept.
    pub bodies: BodyPolicy,
    /// For how many days requests are kept, when that is less than [`LOG_DAYS`].
    pub days: Option<u16>,
    /// For how many days changes are kept, when that is not [`CHANGE_DAYS`].
    pub change_days: Option<u16>,
    /// Within what time changes are to be acknowledged.
    pub target: AcknowledgementTarget,
}

/// For how many days requests stay in the sync log at most, and when a tenant wants nothing else.
pub const LOG_DAYS: u16 = 90;

/// For how many days changes are kept when a tenant wants nothing else.
pub const CHANGE_DAYS: u16 = 90;

/// The longest that changes are kept, in days.
pub const MOST_CHANGE_DAYS: u16 = 730;

impl LogSettings {
    /// For how many days requests stay.
    pub fn kept_days(self) -> u16 {
        self.days.map_or(LOG_DAYS, |days| days.min(LOG_DAYS))
    }

    /// For how many days changes stay.
    pub fn kept_change_days(self) -> u16 {
        self.change_days.map_or(CHANGE_DAYS, |days| days.min(MOST_CHANGE_DAYS))
    }
}

/// A tenant's earlier short name that still opens its SCIM door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldSlug {
    /// The name.
    pub slug: TenantSlug,
    /// When another took its place.
    pub since: Timestamp,
    /// When a request last came by it since then.
    pub last_used_at: Option<Timestamp>,
}

/// For how many days nobody else gets a slug that was let go.
pub const SLUG_HELD_DAYS: i64 = 90;

/// Most earlier slugs of one tenant, those held for it included: nobody collects names.
pub const MOST_OLD_SLUGS: u32 = 10;

/// Most characters of a tenant's name.
pub const MOST_NAME: usize = 200;

/// Whether a tenant is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantState {
    /// Served.
    Active,
    /// Its SCIM door answers 503 with Retry-After, so IdPs try again.
    Suspended,
    /// On its way out: its doors answer 401.
    Deleting,
}

impl TenantState {
    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleting => "deleting",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Deleting].into_iter().find(|s| s.as_str() == text)
    }
}

/// A tenant's short name: 1 to 63 of `a-z`, `0-9`, `-`, neither first nor last a hyphen, never shaped like a UUID.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantSlug(String);

/// The text is no slug; the message says what one looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a slug is 1 to 63 characters of a-z, 0-9 and -, starts and ends with a letter or digit and does not look like an id")]
pub struct NotASlug;

impl TenantSlug {
    /// The slug's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A slug made from a name: what is no letter or digit becomes a hyphen. `None` when nothing is left.
    pub fn suggest(name: &str) -> Option<Self> {
        let mut text = String::new();
        for c in scim::comparison::key(name).chars() {
            match c {
                'a'..='z' | '0'..='9' => text.push(c),
                _ if text.is_empty() || text.ends_with('-') => {}
                _ => text.push('-'),
            }
        }
        text.truncate(63);
        text.trim_matches('-').parse().ok()
    }
}

impl FromStr for TenantSlug {
    type Err = NotASlug;

    fn from_str(text: &str) -> Result<Self, NotASlug> {
        let plain = text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let ends = !text.starts_with('-') && !text.ends_with('-');
        let sized = (1..=63).contains(&text.len());
        let uuid_shaped = uuid::Uuid::try_parse(text).is_ok();
        if plain && ends && sized && !uuid_shaped { Ok(Self(text.to_owned())) } else { Err(NotASlug) }
    }
}

impl fmt::Display for TenantSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How an address names a tenant: by slug or by id. The two forms never overlap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TenantRef {
    /// By its id.
    Id(TenantId),
    /// By its short name.
    Slug(TenantSlug),
}

impl FromStr for TenantRef {
    type Err = NotASlug;

    fn from_str(text: &str) -> Result<Self, NotASlug> {
        match text.parse::<TenantId>() {
            Ok(id) => Ok(Self::Id(id)),
            Err(_) => text.parse().map(Self::Slug),
        }
    }
}

impl fmt::Display for TenantRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Slug(slug) => slug.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tricky_slugs_are_refused() {
        for text in
            ["", "-a", "a-", "Acme", "a_b", "a.b", "a/b", "ä", "a b", "019a3c2e-7b1d-7000-8000-000000000000", &"a".repeat(64)]
        {
            assert_eq!(text.parse::<TenantSlug>(), Err(NotASlug), "{text}");
        }
        assert!("acme-2".parse::<TenantSlug>().is_ok());
    }

    #[test]
    fn a_slug_is_suggested_from_a_name() {
        let slug = |name: &str| TenantSlug::suggest(name).map(|s| s.to_string());
        assert_eq!(slug("Acme Corp. (EU)").as_deref(), Some("acme-corp-eu"));
        assert_eq!(slug("  ***  "), None);
    }

    #[test]
    fn an_address_names_a_tenant_by_id_or_slug() {
        let id = TenantId::generate();
        assert_eq!(id.to_string().parse(), Ok(TenantRef::Id(id)));
        assert!(matches!("acme".parse(), Ok(TenantRef::Slug(_))));
    }
}
