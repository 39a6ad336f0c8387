//! Signed assertions that prove a client (RFC 7523 §3): `private_key_jwt`, and workload identity federation as Entra does
//! it. What the assertion says is compared to the letter with what the admin entered, and both are told in the sync log.

use domain::oauth::{Trust, TrustedKeys};
use domain::{Cause, Timestamp};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use super::trusted_keys::{TrustedKeySets, Unreachable};

/// Seconds by which the clocks of two machines may differ.
const LEEWAY: i64 = 60;
/// The longest that an assertion may still be good, in seconds: a longer one is a password that was written down.
const LONGEST: i64 = 48 * 3_600;
/// So much of a claim is repeated in the log.
const SHOWN: usize = 200;
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Whom an assertion is about, before anything of it is believed.
pub(super) fn subject(assertion: &str) -> Option<String> {
    let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(assertion).ok()?;
    claims.get("sub")?.as_str().map(str::to_owned)
}

/// Whether an assertion proves the client that has this trust. Gives the key set when it was just read anew.
///
/// # Errors
/// The cause, for the sync log.
pub(super) async fn check(assertion: &str, trust: &Trust, sets: &TrustedKeySets, now: Timestamp) -> Result<Option<Value>, Cause> {
    let refused = |reason: &str| Cause::AssertionRefused { reason: reason.to_owned() };
    let header = jsonwebtoken::decode_header(assertion).map_err(|_| refused("it is no signed JWT"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(refused(&format!("its algorithm {:?} is not one that can be trusted", header.alg)));
    }
    let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(assertion).map_err(|_| refused("it holds no claims"))?;
    compare(&claims, trust)?;
    in_time(&claims, now)?;
    let kid = header.kid.as_deref();
    let found =
        sets.find(&trust.keys, kid).await.map_err(|Unreachable { url, reason }| Cause::TrustedKeysUnreachable { url, reason })?;
    let mut candidates =
        found.keys.iter().filter(|key| kid.is_none_or(|kid| key.common.key_id.as_deref() == Some(kid))).peekable();
    if candidates.peek().is_none() {
        let known = found.keys.iter().filter_map(|key| key.common.key_id.as_deref()).take(8).collect::<Vec<_>>().join(", ");
        return Err(Cause::AssertionMismatch {
            claim: "kid".to_owned(),
            expected: shown(&known),
            received: shown(kid.unwrap_or_default()),
        });
    }
    if !candidates.any(|key| signed(assertion, header.alg, key)) {
        let reason = match &trust.keys {
            TrustedKeys::Address { url, .. } => format!("no key of {url} has signed it"),
            TrustedKeys::Given(_) => "none of the keys that were entered has signed it".to_owned(),
        };
        return Err(refused(&reason));
    }
    Ok(found.read)
}

fn compare(claims: &Value, trust: &Trust) -> Result<(), Cause> {
    for (claim, expected) in [("iss", &trust.issuer), ("sub", &trust.subject), ("aud", &trust.audience)] {
        let received = claims.get(claim).unwrap_or(&Value::Null);
        let same = match received {
            Value::String(text) => text == expected,
            // RFC 7519 §4.1.3: of several audiences we need to be one.
            Value::Array(several) if claim == "aud" => several.iter().any(|one| one.as_str() == Some(expected)),
            _ => false,
        };
        if !same {
            let received = received.as_str().map_or_else(|| received.to_string(), str::to_owned);
            let (claim, expected) = (claim.to_owned(), shown(expected));
            return Err(Cause::AssertionMismatch { claim, expected, received: shown(&received) });
        }
    }
    Ok(())
}

/// RFC 7523 §3: it has an end, which is not over, and may have a beginning.
fn in_time(claims: &Value, now: Timestamp) -> Result<(), Cause> {
    let refused = |reason: String| Err(Cause::AssertionRefused { reason });
    let now = now.as_micros() / 1_000_000;
    let number = |claim: &str| claims.get(claim).and_then(|value| value.as_i64().or_else(|| seconds(value.as_f64()?)));
    let Some(end) = number("exp") else { return refused("it has no end (exp)".to_owned()) };
    let rfc3339 = |at: i64| at.checked_mul(1_000_000).map_or_else(String::new, |at| Timestamp::from_micros(at).to_rfc3339());
    if end <= now - LEEWAY {
        return refused(format!("it ended at {}", rfc3339(end)));
    }
    if end > now + LONGEST {
        return refused("its end is more than two days away".to_owned());
    }
    match number("nbf") {
        Some(begin) if begin > now + LEEWAY => refused(format!("it is not good before {}", rfc3339(begin))),
        _ => Ok(()),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a time in seconds that is no whole number is cut, and `as` saturates")]
fn seconds(number: f64) -> Option<i64> {
    number.is_finite().then_some(number as i64)
}

fn signed(assertion: &str, algorithm: Algorithm, key: &Jwk) -> bool {
    let Ok(key) = DecodingKey::from_jwk(key) else { return false };
    let mut rules = Validation::new(algorithm);
    // The claims were compared above, with our clock.
    (rules.validate_exp, rules.validate_aud) = (false, false);
    rules.required_spec_claims.clear();
    jsonwebtoken::decode::<Value>(assertion, &key, &rules).is_ok()
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
