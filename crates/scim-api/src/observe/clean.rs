//! What a stranger sent, as it may stand in the log.

use domain::Cause;
use serde_json::Value;

/// Text that may stand in the log: PostgreSQL takes no NUL, and a secret sent where none belongs is cut to its beginning.
pub(super) fn clean(text: String) -> String {
    const SECRETS: [&str; 2] = ["dsk_", "dss_"];
    if !text.contains('\0') && !SECRETS.iter().any(|secret| text.contains(secret)) {
        return text;
    }
    SECRETS.iter().fold(text, |text, secret| cut(&text, secret)).replace('\0', "\u{FFFD}")
}

/// A query, unless it asks for a password: nobody can be found by one, and it would stand in the log for all to read.
pub(super) fn without_passwords(query: String) -> String {
    let asks = url::form_urlencoded::parse(query.as_bytes()).any(|(_, value)| asks_for_a_secret(&value));
    if asks { "(not kept: it names a secret)".to_owned() } else { query }
}

/// Whether a filter, or what of a query may be one, compares what nobody but its owner knows.
pub(crate) fn asks_for_a_secret(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["password", "secret"].iter().any(|word| text.contains(word))
}

/// A cause whose parameters may stand in the log: some are what a stranger sent.
pub(super) fn cleaned(cause: Cause) -> Cause {
    let Ok(mut value) = serde_json::to_value(&cause) else { return cause };
    let params = value.get_mut("params").and_then(Value::as_object_mut);
    for param in params.into_iter().flat_map(serde_json::Map::values_mut) {
        if let Value::String(text) = param {
            *text = clean(std::mem::take(text));
        }
    }
    serde_json::from_value(value).unwrap_or(cause)
}

/// Characters of a token after its prefix that tell tokens apart and may be shown.
const SHOWN: usize = 4;

fn cut(text: &str, beginning: &str) -> String {
    let mut parts = text.split(beginning);
    let mut cleaned = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let of_secret = part.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let (secret, rest) = part.split_at(of_secret);
        cleaned.push_str(beginning);
        // The beginning that may be shown stays: whoever set the client up must see which token it sends.
        cleaned.push_str(secret.get(..=SHOWN).map_or(secret, |_| "…"));
        cleaned.push_str(rest);
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_the_wrong_place_is_not_kept() {
        assert_eq!(clean("access_token=dsk_abcd1234_xyz&count=1".to_owned()), "access_token=dsk_…&count=1");
        assert_eq!(clean("client_secret=dss_abcd1234_xyz".to_owned()), "client_secret=dss_…");
        assert_eq!(clean("dsk_abcd and dsk_abcde".to_owned()), "dsk_abcd and dsk_…");
        assert_eq!(without_passwords("filter=P%61ssword%20eq%20%22hunter2%22".to_owned()), "(not kept: it names a secret)");
        assert_eq!(without_passwords("filter=title%20pr".to_owned()), "filter=title%20pr");
        assert_eq!(clean("a\0b".to_owned()), "a\u{FFFD}b");
    }
}
