//! What opens something, and therefore never stands in the log.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::expression;

/// What stands in a secret's place.
pub(super) const REMOVED: &str = "<removed>";

/// A name that has one of these in it is a secret's.
const WORDS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "assertion",
    "privatekey",
    "apikey",
    "authorization",
    "credential",
];
/// How a token begins: ours, and every one in the form of a JWT.
const BEGINNINGS: [&str; 4] = ["dsk_", "dss_", "dsa_", "eyJ"];
/// A token is at least so long after its beginning.
const TOKEN: usize = 8;

/// Whether what goes by this name is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if letters == "clientassertiontype" {
        return false;
    }
    WORDS.iter().any(|word| letters.contains(word)) || letters.ends_with("token") || letters.ends_with("pwd")
}

/// The attribute that an operation of a PATCH names, when the object is one.
pub(super) fn attribute_of(object: &Map<String, Value>) -> Option<&str> {
    let member = |name: &str| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    member("op").and_then(|_| member("path"))?.as_str()
}

/// The value without secrets.
pub(super) fn removed(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let secret = attribute_of(&object).is_some_and(is_secret);
            let members = object.into_iter().map(|(name, member)| {
                let removed = match member {
                    Value::Null => Value::Null,
                    _ if is_secret(&name) || (secret && name.eq_ignore_ascii_case("value")) => REMOVED.into(),
                    member => removed(member),
                };
                // Some clients send a whole path as a name, with a value to compare in it.
                (scrubbed(&name).into_owned(), removed)
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(removed).collect()),
        // A filter may compare a secret with a value.
        Value::String(text) if text.contains('"') && is_secret(&text) => expression::masked(&text).into(),
        Value::String(text) => scrubbed(&text).into_owned().into(),
        other => other,
    }
}

/// Text that is nothing we can read, up to where a secret may stand in it.
pub(super) fn removed_from_text(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    // Letters of a name may be written as escapes.
    let others = ["token", "api_key", "private_key", "pwd", "\\u"];
    let first = WORDS.iter().chain(&others).filter_map(|word| lower.find(word)).min();
    let kept = first.and_then(|end| text.get(..end)).map(|kept| format!("{kept}{REMOVED}"));
    scrubbed(kept.as_deref().unwrap_or(text)).replace('\0', "\u{FFFD}")
}

/// Text without tokens, wherever they stand in it.
pub(super) fn scrubbed(text: &str) -> Cow<'_, str> {
    if !BEGINNINGS.iter().any(|beginning| text.contains(beginning)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(BEGINNINGS.iter().fold(text.to_owned(), |text, beginning| cut(&text, beginning)))
}

fn cut(text: &str, beginning: &str) -> String {
    let mut parts = text.split(beginning);
    let mut cleaned = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let of_token = part.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)).count();
        let (token, rest) = part.split_at(of_token);
        cleaned.push_str(beginning);
        cleaned.push_str(if token.len() < TOKEN { token } else { "…" });
        cleaned.push_str(rest);
    }
    cleaned
}
