//! Names of attributes: compared without regard to ASCII case, told apart from schema URNs (RFC 7643 §2.1, RFC 7644 §3.10).

/// Whether two attribute names or URNs are the same.
pub fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Whether the text is in the form of an attribute name; `$ref` is one.
pub fn is_name(text: &str) -> bool {
    let bare = text.strip_prefix('$').unwrap_or(text);
    let mut bytes = bare.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'$'))
}

/// Whether a key can only be a schema's URI, or begin with one: names hold no colon.
pub fn is_urn(text: &str) -> bool {
    text.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_then_letters_digits_hyphens_underscores_and_dollars() {
        for good in ["userName", "$ref", "x-1_b", "a$b"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "$", "1x", "a b", "a.b", "é"] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
