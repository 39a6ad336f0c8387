//! Versions as entity tags, and the conditions that requests put on them (RFC 7644 §3.14, RFC 9110 §13).

use std::fmt;

/// The version of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

/// Its weak entity tag, `W/"3"`.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "W/\"{}\"", self.0)
    }
}

/// The resource is not in the version that the client asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale;

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the resource is in another version than the one asked for")
    }
}

impl std::error::Error for Stale {}

/// The conditions of one request.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Precondition {
    matching: Option<Tags>,
    differing: Option<Tags>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    Any,
    /// The versions named; tags that are none of ours match nothing.
    Of(Vec<u64>),
}

impl Precondition {
    /// Reads the headers If-Match and If-None-Match.
    pub fn parse(if_match: Option<&str>, if_none_match: Option<&str>) -> Self {
        Self { matching: if_match.map(Tags::parse), differing: if_none_match.map(Tags::parse) }
    }

    /// No condition.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether there is no condition.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a resource in this version may be written.
    ///
    /// # Errors
    /// [`Stale`], which is answered by 412.
    pub fn check_write(&self, version: Version) -> Result<(), Stale> {
        self.check_read(version)?;
        if self.not_modified(version) { Err(Stale) } else { Ok(()) }
    }

    /// Whether a resource in this version may be read, as far as If-Match says.
    ///
    /// # Errors
    /// [`Stale`], which is answered by 412.
    pub fn check_read(&self, version: Version) -> Result<(), Stale> {
        match &self.matching {
            Some(tags) if !tags.hold(version) => Err(Stale),
            _ => Ok(()),
        }
    }

    /// Whether the client has this version already, which is answered by 304 to a read.
    pub fn not_modified(&self, version: Version) -> bool {
        self.differing.as_ref().is_some_and(|tags| tags.hold(version))
    }
}

impl Tags {
    fn parse(header: &str) -> Self {
        let header = header.trim();
        if header == "*" {
            return Self::Any;
        }
        Self::Of(header.split(',').filter_map(version).collect())
    }

    /// Versions compare weakly: `"3"` is `W/"3"`, since proxies rewrite one into the other.
    fn hold(&self, version: Version) -> bool {
        match self {
            Self::Any => true,
            Self::Of(versions) => versions.contains(&version.0),
        }
    }
}

fn version(tag: &str) -> Option<u64> {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let number = tag.strip_prefix('"')?.strip_suffix('"')?;
    let canonical = number.bytes().all(|byte| byte.is_ascii_digit()) && !(number.len() > 1 && number.starts_with('0'));
    number.parse().ok().filter(|_| canonical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_matches_its_own_tag() {
        let tag = Version(3).to_string();
        assert_eq!(tag, "W/\"3\"");
        for header in [tag.as_str(), "\"3\"", "*", "W/\"1\", W/\"3\"", " \"x\" ,\"3\" "] {
            assert_eq!(Precondition::parse(Some(header), None).check_write(Version(3)), Ok(()), "{header}");
            assert!(Precondition::parse(None, Some(header)).not_modified(Version(3)), "{header}");
            assert_eq!(Precondition::parse(None, Some(header)).check_write(Version(3)), Err(Stale));
        }
    }

    #[test]
    fn another_version_and_garbage_never_match() {
        for header in ["W/\"2\"", "", "3", "W/3", "\"03\"", "\"+3\"", "w/\"3\"", "\"3", "W/\"99999999999999999999\"", "**"] {
            assert_eq!(Precondition::parse(Some(header), None).check_write(Version(3)), Err(Stale), "{header}");
            assert!(!Precondition::parse(None, Some(header)).not_modified(Version(3)), "{header}");
        }
    }

    #[test]
    fn without_condition_everything_passes() {
        assert!(Precondition::parse(None, None).is_none());
        assert_eq!(Precondition::none().check_write(Version(1)), Ok(()));
        assert!(!Precondition::none().not_modified(Version(1)));
    }
}
