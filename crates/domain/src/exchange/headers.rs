//! Headers of a message.

use super::mask::length_of;
use super::secrets::{REMOVED, is_secret, scrubbed};

/// Most characters that are kept of a header's value.
const LONG: usize = 512;
/// Schemes that may be shown beside a credential that is removed.
const SCHEMES: [&str; 4] = ["bearer", "basic", "digest", "negotiate"];
/// Headers whose values say nothing of anybody.
const PLAIN: [&str; 32] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "adscimversion",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "deprecation",
    "etag",
    "expect",
    "host",
    "if-match",
    "if-none-match",
    "pragma",
    "prefer",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "server",
    "te",
    "traceparent",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "www-authenticate",
    "x-request-id",
];
/// Headers whose values are addresses of ours.
const ADDRESSES: [&str; 3] = ["location", "content-location", "link"];

/// A header's value as the log may keep it: without secrets, and not longer than it need be.
pub fn header_to_keep(name: &str, value: &str) -> String {
    // Whoever answers a challenge shows what to prove oneself with, and nothing of a proof.
    if name == "www-authenticate" {
        return short(value);
    }
    if is_secret(name) || ["auth", "cookie", "token", "key", "signature"].iter().any(|word| name.contains(word)) {
        let scheme = value.split_once(' ').map(|(scheme, _)| scheme);
        let known = scheme.filter(|scheme| SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)));
        return known.map_or_else(|| REMOVED.to_owned(), |scheme| format!("{scheme} {REMOVED}"));
    }
    short(&scrubbed(value))
}

/// A kept value, masked when it may say who somebody is.
pub(super) fn masked(name: &str, value: String) -> String {
    let address = ADDRESSES.contains(&name) && !value.contains('?') && !value.contains('@');
    if PLAIN.contains(&name) || address || value.ends_with(REMOVED) { value } else { length_of("text", &value) }
}

fn short(value: &str) -> String {
    value.chars().take(LONG).map(|c| if c == '\0' { '\u{FFFD}' } else { c }).collect()
}
