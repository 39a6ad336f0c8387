//! How many requests a tenant may send.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

/// How many requests a second a tenant may send to a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ceiling {
    /// As many as any other tenant: the service's own setting.
    #[default]
    General,
    /// As many as it likes, whatever holds for the others.
    Lifted,
    /// So many, whatever holds for the others.
    Own(NonZeroU32),
}

/// Most requests a second that a ceiling of one tenant can be set to.
pub const MOST_A_SECOND: u32 = 100_000;

/// The text or number is no ceiling; the message says what one looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a ceiling is \"general\", \"none\" or 1 to 100000 requests a second")]
pub struct NotACeiling;

impl Ceiling {
    /// A ceiling of a tenant's own, in requests a second.
    ///
    /// # Errors
    /// When it is none, or more than [`MOST_A_SECOND`].
    pub fn own(a_second: u32) -> Result<Self, NotACeiling> {
        NonZeroU32::new(a_second).filter(|limit| limit.get() <= MOST_A_SECOND).map(Self::Own).ok_or(NotACeiling)
    }

    /// Most requests a second where all tenants have `general`; none when there is no ceiling.
    pub fn in_force(self, general: Option<NonZeroU32>) -> Option<NonZeroU32> {
        match self {
            Self::General => general,
            Self::Lifted => None,
            Self::Own(limit) => Some(limit),
        }
    }
}

impl FromStr for Ceiling {
    type Err = NotACeiling;

    fn from_str(text: &str) -> Result<Self, NotACeiling> {
        match text {
            "general" => Ok(Self::General),
            "none" => Ok(Self::Lifted),
            number => number.parse().map_err(|_| NotACeiling).and_then(Self::own),
        }
    }
}

impl fmt::Display for Ceiling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::General => f.write_str("general"),
            Self::Lifted => f.write_str("none"),
            Self::Own(limit) => limit.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceiling_is_read_as_it_is_written() {
        for text in ["general", "none", "1", "100000"] {
            assert_eq!(text.parse::<Ceiling>().map(|ceiling| ceiling.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "0", "100001", "-1", "1.5", "None", " 5"] {
            assert_eq!(text.parse::<Ceiling>(), Err(NotACeiling), "{text}");
        }
    }

    #[test]
    fn what_is_a_tenants_own_beats_what_holds_for_all() {
        let (five, nine) = (NonZeroU32::new(5), NonZeroU32::new(9));
        for (ceiling, general, in_force) in [
            (Ceiling::General, None, None),
            (Ceiling::General, five, five),
            (Ceiling::Lifted, five, None),
            (Ceiling::own(9).unwrap(), five, nine),
            (Ceiling::own(9).unwrap(), None, nine),
        ] {
            assert_eq!(ceiling.in_force(general), in_force, "{ceiling}");
        }
    }
}
