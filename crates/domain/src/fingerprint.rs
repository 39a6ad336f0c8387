//! By what a resource in the directory and in an app's mirror of it are held against each other.

use std::fmt;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// SHA-256 of a resource's canonical JSON (RFC 8785). Whoever computes it of equal JSON gets the same, in whatever order
/// its members stood and however its numbers were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a resource as the feed shows it in `after`.
    ///
    /// # Errors
    /// Never for JSON that was read: it has no numbers that are none.
    pub fn of(resource: &Value) -> Result<Self, serde_json::Error> {
        Ok(Self(Sha256::digest(serde_jcs::to_vec(resource)?).into()))
    }

    /// Reads 64 hexadecimal digits in lower case, the only form we print.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut digest = [0; 32];
        if text.len() != 2 * digest.len() {
            return None;
        }
        for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = (digit(*high)? << 4) | digit(*low)?;
        }
        Some(Self(digest))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(text: &str) -> String {
        Fingerprint::of(&serde_json::from_str(text).unwrap()).unwrap().to_string()
    }

    #[test]
    fn the_worked_example_of_the_docs_comes_out_as_it_stands_there() {
        let page = include_str!("../../../docs/drift.md");
        let part = |mark: &str| page.split_once(mark).unwrap().1.split_once("\n```").unwrap().0;
        let (resource, canonical) = (part("```json\n"), part("```text\n"));
        let resource: Value = serde_json::from_str(resource).unwrap();
        assert_eq!(serde_jcs::to_string(&resource).unwrap(), canonical);
        assert!(page.contains(&Fingerprint::of(&resource).unwrap().to_string()));
    }

    #[test]
    fn order_spelling_and_kinds_of_numbers_are_no_matter_and_text_is() {
        assert_eq!(of(r#"{"a": 1, "b": [1e21, 0.5]}"#), of(r#"{"b":[1000000000000000000000.0,5e-1],"a":1.0}"#));
        assert_eq!(of(r#"{"a": "\u00e9\/"}"#), of(r#"{"a": "é/"}"#));
        assert_ne!(of(r#"{"a": "e\u0301"}"#), of(r#"{"a": "é"}"#), "text is compared as it is");
        assert_ne!(of(r#"{"a": ["x", "y"]}"#), of(r#"{"a": ["y", "x"]}"#));
        assert_ne!(of(r#"{"a": 1}"#), of(r#"{"a": "1"}"#));
        // A program that has no other numbers than these reads both as the same.
        assert_eq!(of("[9007199254740993]"), of("[9007199254740992]"));
    }

    #[test]
    fn names_stand_in_the_order_of_their_utf_16() {
        let names = json!({ "\u{fb33}": 1, "\u{1f600}": 2, "\u{20ac}": 3, "1": 4 });
        assert_eq!(serde_jcs::to_string(&names).unwrap(), "{\"1\":4,\"\u{20ac}\":3,\"\u{1f600}\":2,\"\u{fb33}\":1}");
    }

    #[test]
    fn a_fingerprint_has_one_spelling() {
        let text = of("{}");
        assert_eq!(Fingerprint::parse(&text).unwrap().to_string(), text);
        for wrong in [text.to_uppercase(), text[1..].to_owned(), format!("{text}0"), format!("+{}", &text[1..]), "é".repeat(32)]
        {
            assert_eq!(Fingerprint::parse(&wrong), None, "{wrong}");
        }
    }
}
