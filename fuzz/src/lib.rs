//! The checks and makers of hostile input from the protocol's own tests, and checks of what stands in other crates. Each
//! target in `targets` gives one check whatever bytes libFuzzer comes upon.

#[path = "../../crates/scim/tests/it/hostile/check.rs"]
pub mod check;
#[path = "../../crates/scim/tests/it/hostile/dice.rs"]
pub mod dice;
#[path = "../../crates/scim-api/src/json.rs"]
mod json_reader;
#[path = "../../crates/scim/tests/it/hostile/make.rs"]
pub mod make;
#[path = "../../crates/scim/tests/it/hostile/message.rs"]
mod message;
#[path = "../../crates/scim/tests/it/hostile/text.rs"]
mod text;

use std::sync::LazyLock;

use domain::ServerKey;
use domain::token::{PresentedToken, TokenForm};
use json_reader::Unambiguous;
use serde_json::Value;

/// Every check.
pub fn checks() -> Vec<check::Check> {
    check::ALL.into_iter().chain([("token", token as fn(&[u8])), ("json", json)]).collect()
}

/// A token that is ours.
static TOKEN: LazyLock<String> =
    LazyLock::new(|| issue(&ServerKey::from_bytes([3; ServerKey::LENGTH])).unwrap().token.expose().to_owned());

/// A bearer token, as it comes and grafted onto one that is ours.
pub fn token(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Some(token) = PresentedToken::parse(text) {
        assert_eq!(text.get(4..16), Some(token.public_id()));
        assert!(text.len() == TOKEN.len() && text.is_ascii());
    }
    let at = data.first().map_or(0, |byte| usize::from(*byte) % TOKEN.len());
    let grafted = format!("{}{text}{}", &TOKEN[..at], TOKEN.get(at + text.len()..).unwrap_or_default());
    assert_eq!(PresentedToken::parse(&grafted).is_some(), grafted == *TOKEN || PresentedToken::parse(text).is_some() && at == 0);
}

/// The reader of request bodies: it reads what any reader of JSON reads, but for keys that stand twice.
pub fn json(data: &[u8]) {
    let plain = serde_json::from_slice::<Value>(data);
    match serde_json::from_slice::<Unambiguous>(data) {
        Ok(read) => assert_eq!(Ok(read.0), plain.map_err(|error| error.to_string())),
        Err(error) => assert!(plain.is_err() || error.to_string().starts_with("a key stands twice"), "{error}"),
    }
}
