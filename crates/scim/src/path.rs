//! Attribute paths (RFC 7644 §3.10) and PATCH paths (RFC 7644 §3.5.2): parse and print, without any schema.

use std::fmt;

use crate::attribute::{is_name, is_urn};
use crate::fault::{Fault, FaultKind};
use crate::filter::{Filter, Parser};
use crate::repair::short_text;

/// The most bytes of one path.
pub const MAX_PATH: usize = 8 * 1024;

/// `[urn:]name[.sub]`.
///
/// Without a schema the end of a URN cannot be told from an attribute: `urn:a:User` parses as name `User` under
/// `urn:a`, and [`crate::ResourceSchema::locate`] decides. A URN that cannot end in a name has an empty `name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributePath {
    /// The URN before the last colon.
    pub urn: Option<String>,
    /// The attribute's name as sent; empty when the whole is a URN.
    pub name: String,
    /// The sub-attribute's name as sent.
    pub sub: Option<String>,
}

impl AttributePath {
    /// Reads a path.
    ///
    /// # Errors
    /// `invalidPath` when it is not in the form of one.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        if text.len() > MAX_PATH {
            return Err(invalid(text, "it is too long"));
        }
        let Some((urn, rest)) = text.rsplit_once(':') else {
            return Self::local(None, text).ok_or_else(|| invalid(text, "expected name or name.subName"));
        };
        if urn.is_empty() || !text.bytes().all(is_urn_byte) {
            return Err(invalid(text, "it has a character that no URN has"));
        }
        if let Some(path) = Self::local(Some(urn), rest) {
            return Ok(path);
        }
        // "2.0" or "1.0" at the end is a schema's version, not an attribute.
        if rest.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) {
            return Ok(Self { urn: Some(text.to_owned()), name: String::new(), sub: None });
        }
        Err(invalid(text, "expected an attribute's name after the URN"))
    }

    /// The path of a bare name.
    pub fn of(name: &str) -> Self {
        Self { urn: None, name: name.to_owned(), sub: None }
    }

    fn local(urn: Option<&str>, text: &str) -> Option<Self> {
        let (name, sub) = match text.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (text, None),
        };
        let good = is_name(name) && sub.is_none_or(is_name);
        good.then(|| Self { urn: urn.map(str::to_owned), name: name.to_owned(), sub: sub.map(str::to_owned) })
    }

    /// The path read as one whole URN, when it could be one.
    pub(crate) fn as_urn(&self) -> Option<String> {
        let urn = self.urn.as_deref()?;
        Some(if self.name.is_empty() { urn.to_owned() } else { format!("{urn}:{}", self.name) })
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.urn {
            f.write_str(urn)?;
            if !self.name.is_empty() {
                f.write_str(":")?;
            }
        }
        f.write_str(&self.name)?;
        self.sub.iter().try_for_each(|sub| write!(f, ".{sub}"))
    }
}

/// `attribute`, `attribute[filter]` or `attribute[filter].sub`.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchPath {
    /// The attribute; its own `sub` is only set without a filter.
    pub attribute: AttributePath,
    /// Which elements of a list are meant.
    pub filter: Option<Filter>,
    /// The sub-attribute after the filter.
    pub sub: Option<String>,
}

impl PatchPath {
    /// Reads a path.
    ///
    /// # Errors
    /// `invalidPath` when it is not in the form of one.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        if text.len() > MAX_PATH {
            return Err(invalid(text, "it is too long"));
        }
        let Some((before, after)) = text.split_once('[') else {
            return Ok(Self { attribute: AttributePath::parse(text)?, filter: None, sub: None });
        };
        let attribute = AttributePath::parse(before)?;
        let (filter, rest) = Parser::bracketed(after).map_err(|fault| invalid(text, fault.detail()))?;
        let sub = match rest.trim() {
            "" => None,
            rest => match rest.strip_prefix('.') {
                Some(sub) if is_name(sub) => Some(sub.to_owned()),
                _ => return Err(invalid(text, "expected nothing or .subName after ]")),
            },
        };
        if attribute.sub.is_some() || attribute.name.is_empty() {
            return Err(invalid(text, "a value filter follows the attribute itself"));
        }
        Ok(Self { attribute, filter: Some(filter), sub })
    }
}

impl fmt::Display for PatchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.attribute.fmt(f)?;
        if let Some(filter) = &self.filter {
            write!(f, "[{filter}]")?;
        }
        self.sub.iter().try_for_each(|sub| write!(f, ".{sub}"))
    }
}

/// Whether a path's text is more than a bare name.
pub(crate) fn is_compound(text: &str) -> bool {
    is_urn(text) || text.contains('.') || text.contains('[')
}

fn is_urn_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'[' | b']' | b'(' | b')')
}

fn invalid(text: &str, why: &str) -> Fault {
    Fault::new(FaultKind::InvalidPath, format!("the path {} cannot be read: {why}", short_text(text))).about(short_text(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ENTERPRISE_URN;

    #[test]
    fn dots_in_a_urn_do_not_end_it() {
        let path = AttributePath::parse(&format!("{ENTERPRISE_URN}:manager.value")).unwrap();
        assert_eq!(path.urn.as_deref(), Some(ENTERPRISE_URN));
        assert_eq!((path.name.as_str(), path.sub.as_deref()), ("manager", Some("value")));
    }

    #[test]
    fn a_urn_that_ends_in_a_version_is_whole() {
        let path = AttributePath::parse("urn:okta:custom:group:1.0").unwrap();
        assert_eq!((path.as_urn().as_deref(), path.name.as_str()), (Some("urn:okta:custom:group:1.0"), ""));
    }

    #[test]
    fn a_reference_is_a_name() {
        assert_eq!(AttributePath::parse("members.$ref").unwrap().sub.as_deref(), Some("$ref"));
    }

    #[test]
    fn value_filters_take_bare_literals() {
        for text in ["roles[primary eq true].value", "emails[type eq null]", "x[n gt -1.5]", "emails[value eq \"a]b\"].type"] {
            let path = PatchPath::parse(text).unwrap();
            assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn broken_paths_are_refused() {
        for text in [
            "",
            "emails[type eq",
            "emails[]",
            "emails[type eq \"a\"]x",
            "a.b.c",
            "a.b[c pr]",
            "1x",
            "a b",
            ":x",
            "emails[type eq \"a\"].",
            "[x pr]",
        ] {
            assert_eq!(PatchPath::parse(text).unwrap_err().kind(), FaultKind::InvalidPath, "{text}");
        }
    }
}
