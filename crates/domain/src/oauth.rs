//! OAuth clients of a connection (RFC 6749 §4.4): their secrets, the keys of others that they trust (RFC 7523), and the
//! access tokens they get.

use serde_json::Value;

use crate::credential::Refusal;
use crate::secret::{NoRandomness, random_base62};
use crate::token::{Digest, IssuedToken, TokenForm};
use crate::{ClientSecretId, Secret, ServerKey, Timestamp};

const CLIENT: &str = "dsc_";

/// The shortest life of an access token, in seconds.
pub const SHORTEST: u32 = 3_600;
/// The longest life of an access token, in seconds.
pub const LONGEST: u32 = 6 * 3_600;
/// The most secrets of a client that are neither ended nor revoked.
pub const SECRETS: usize = 10;

/// The `client_id` of the client with this public id.
pub fn client_id(public_id: &str) -> String {
    format!("{CLIENT}{public_id}")
}

/// The public id in a `client_id`; `None` when it is none of ours.
pub fn public_id(client_id: &str) -> Option<&str> {
    client_id.strip_prefix(CLIENT).filter(|id| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// How a client proves itself, and what it gets.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    /// How long its access tokens live, in seconds: [`SHORTEST`] to [`LONGEST`].
    pub token_seconds: u32,
    /// Whose signatures prove it, when any do.
    pub trust: Option<Trust>,
    /// Its secrets, oldest first.
    pub secrets: Vec<ClientSecret>,
}

/// Whose signed assertions prove a client (RFC 7523 §3): compared to the letter with what the assertion says.
#[derive(Clone, Debug, PartialEq)]
pub struct Trust {
    /// The `iss` it must have.
    pub issuer: String,
    /// The `sub` it must have.
    pub subject: String,
    /// The `aud` it must have.
    pub audience: String,
    /// The keys that may have signed it.
    pub keys: TrustedKeys,
    /// Since when; access tokens of an earlier trust are refused.
    pub set_at: Timestamp,
}

/// Where the keys of a [`Trust`] come from.
#[derive(Clone, Debug, PartialEq)]
pub enum TrustedKeys {
    /// A JWK set at an address, and the set as it was last read there.
    Address {
        /// The address.
        url: String,
        /// The set, for when the address cannot be reached.
        kept: Option<Value>,
    },
    /// A JWK set that an admin gave.
    Given(Value),
}

/// What is wrong with a JWK set (RFC 7517) that an admin gave; nothing when it holds public keys.
pub fn key_set_fault(set: &Value) -> Option<&'static str> {
    let Some(keys) = set.get("keys").and_then(Value::as_array) else { return Some("is no JWK set: it has no list of keys") };
    let of = |key: &Value, name: &str| key.get(name).and_then(Value::as_str).map(str::to_owned);
    if keys.iter().any(|key| key.get("d").is_some() || key.get("k").is_some()) {
        return Some("holds a private key; give the public half only, and replace the key that was shown here");
    }
    let public = |key: &&Value| matches!(of(key, "kty").as_deref(), Some("RSA" | "EC" | "OKP"));
    if keys.iter().any(|key| public(&key)) { None } else { Some("holds no key of type RSA, EC or OKP") }
}

/// One secret of a client.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    /// Its id.
    pub id: ClientSecretId,
    /// The part that may be shown and looked up.
    pub public_id: String,
    /// Keyed hash of the secret part.
    pub digest: Digest,
    /// When it was issued.
    pub created_at: Timestamp,
    /// Who issued it, by e-mail or "command line".
    pub created_by: Option<String>,
    /// When it ends by itself.
    pub ends_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
    /// When it last got an access token, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl ClientSecret {
    /// A new secret, and its text, which is shown once.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn issue(key: &ServerKey, by: Option<String>, at: Timestamp, days: Option<i64>) -> Result<(Secret, Self), NoRandomness> {
        let IssuedToken { token, public_id, digest } = TokenForm::CLIENT_SECRET.issue(key)?;
        let secret = Self {
            id: ClientSecretId::generate(),
            public_id,
            digest,
            created_at: at,
            created_by: by,
            ends_at: days.map(|days| at.plus_days(days)),
            revoked_at: None,
            revoked_by: None,
            last_used_at: None,
        };
        Ok((token, secret))
    }

    /// Whether it proves its client at `now`.
    ///
    /// # Errors
    /// The reason why not.
    pub fn check(&self, now: Timestamp) -> Result<(), Refusal> {
        match (self.revoked_at, self.ends_at) {
            (Some(at), _) => Err(Refusal::Revoked(at)),
            (None, Some(at)) if at <= now => Err(Refusal::Ended(at)),
            _ => Ok(()),
        }
    }

    /// The first characters of it, enough for a person to tell secrets apart.
    pub fn starts_with(&self) -> String {
        TokenForm::CLIENT_SECRET.beginning(&self.public_id)
    }
}

/// A key that access tokens are signed with. What is kept of it is its name: the key itself follows from the name and the
/// server key, so that a stolen database signs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// Its name, the `kid` of tokens.
    pub kid: String,
    /// Since when; of several the youngest signs.
    pub created_at: Timestamp,
    /// When an operator ended it before its time.
    pub retired_at: Option<Timestamp>,
}

impl SigningKey {
    /// After so many days the next key is made.
    pub const DAYS: i64 = 30;

    /// A new one.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn generate(at: Timestamp) -> Result<Self, NoRandomness> {
        Ok(Self { kid: random_base62(16)?, created_at: at, retired_at: None })
    }

    /// The private key's 32 bytes (RFC 8032 §5.1.5).
    pub fn seed(&self, key: &ServerKey) -> [u8; 32] {
        key.digest("oauth-signing", &self.kid)
    }

    /// Whether tokens it signed may still be good: until the longest life after the next key took over.
    pub fn checks(&self, successor: Option<&Self>, now: Timestamp) -> bool {
        let margin = i64::from(LONGEST) + 3_600;
        self.retired_at.is_none() && successor.is_none_or(|next| now < next.created_at.plus_seconds(margin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_reads_back() {
        assert_eq!(public_id(&client_id("abcdefghijkl")), Some("abcdefghijkl"));
        for text in ["", "dsc_", "dsc_abcdefghijk", "dsc_abcdefghijk_", "dsk_abcdefghijkl", "dsc_abcdefghijklm"] {
            assert_eq!(public_id(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_set_holds_public_keys() {
        let fault = |text: &str| key_set_fault(&serde_json::from_str(text).unwrap());
        assert_eq!(fault(r#"{"keys":[{"kty":"RSA","n":"x","e":"AQAB"}]}"#), None);
        for bad in ["{}", "[]", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"oct","k":"x"}]}"#, r#"{"keys":[{"kty":"OKP","d":"x"}]}"#] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn an_older_key_checks_as_long_as_its_tokens_may_live() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let (old, new) = (SigningKey::generate(at(0)).unwrap(), SigningKey::generate(at(100)).unwrap());
        assert!(old.checks(Some(&new), at(100 + i64::from(LONGEST))));
        assert!(!old.checks(Some(&new), at(100 + i64::from(LONGEST) + 3_600)));
        assert!(old.checks(None, at(i64::from(u32::MAX))));
        assert!(!SigningKey { retired_at: Some(at(1)), ..old.clone() }.checks(None, at(2)));
        let key = ServerKey::from_bytes([1; 32]);
        assert_ne!(old.seed(&key), new.seed(&key));
    }
}
