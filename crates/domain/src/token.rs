//! The one place that knows how the secrets of ours look that machines present: bearer tokens, client secrets and API keys.
//!
//! Form: a prefix, a public id of 12 base62 characters, `_`, a secret of 33 (196 bits), and 6 characters of CRC-32 over
//! all before it. The public id finds the row; the secret is compared as a keyed hash. Scanners for leaked secrets can
//! rely on prefix and checksum.

use subtle::ConstantTimeEq;

use crate::secret::{NoRandomness, base62, random_base62};
use crate::{Secret, ServerKey};

/// Characters of a public id.
pub(crate) const PUBLIC_ID: usize = 12;
const SECRET: usize = 33;
const CHECKSUM: usize = 6;

/// What kind of secret it is: each has its prefix, and its digests never coincide with another kind's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenForm {
    prefix: &'static str,
    purpose: &'static str,
}

impl TokenForm {
    /// A bearer token of a connection.
    pub const BEARER: Self = Self { prefix: "dsk_", purpose: "bearer" };
    /// A secret of an OAuth client.
    pub const CLIENT_SECRET: Self = Self { prefix: "dss_", purpose: "client-secret" };

    /// A key of an OpenAPI client.
    pub const API_KEY: Self = Self { prefix: "dsa_", purpose: "api-key" };

    /// Makes a new secret.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn issue(self, key: &ServerKey) -> Result<IssuedToken, NoRandomness> {
        let (public_id, secret) = (random_base62(PUBLIC_ID)?, random_base62(SECRET)?);
        let digest = Digest(key.digest(self.purpose, &secret));
        Ok(IssuedToken { token: self.put_together(&public_id, &secret), digest, public_id })
    }

    /// The whole text of a secret, with its checksum.
    pub fn put_together(self, public_id: &str, secret: &str) -> Secret {
        let body = format!("{}{public_id}_{secret}", self.prefix);
        Secret::new(format!("{body}{}", checksum(&body)))
    }

    /// Takes a secret apart; `None` when it is none of this kind or mistyped.
    pub fn parse(self, text: &str) -> Option<PresentedToken> {
        let total = self.prefix.len() + PUBLIC_ID + 1 + SECRET + CHECKSUM;
        if text.len() != total || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return None;
        }
        let (body, sum) = text.split_at(total - CHECKSUM);
        let (public_id, secret) = body.strip_prefix(self.prefix)?.split_at_checked(PUBLIC_ID)?;
        let secret = secret.strip_prefix('_')?;
        let plain = !public_id.contains('_') && !secret.contains('_');
        (plain && checksum(body) == sum).then(|| PresentedToken {
            purpose: self.purpose,
            public_id: public_id.to_owned(),
            secret: Secret::new(secret),
        })
    }

    /// The first characters of a secret with this public id, enough for a person to tell secrets apart.
    pub fn beginning(self, public_id: &str) -> String {
        format!("{}{}", self.prefix, public_id.get(..4).unwrap_or_default())
    }

    /// What may be shown of a text that should be such a secret: our prefix and four more characters, or nothing of a
    /// foreign one.
    pub fn beginning_of(self, text: &str) -> String {
        if text.starts_with(self.prefix) { text.chars().take(self.prefix.len() + 4).collect() } else { String::new() }
    }
}

/// A secret that was just made: shown once, stored as a digest.
#[derive(Debug)]
pub struct IssuedToken {
    /// The whole of it.
    pub token: Secret,
    /// Its public id.
    pub public_id: String,
    /// The digest to store.
    pub digest: Digest,
}

/// What is kept of a secret. Two of them have no `==`: the only comparison, [`PresentedToken::matches`], takes as long
/// wherever they differ.
#[derive(Clone, Debug)]
pub struct Digest([u8; 32]);

impl Digest {
    /// One that was stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, for storing it.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A secret whose form and checksum are right; whether it is known is another question.
#[derive(Debug)]
pub struct PresentedToken {
    purpose: &'static str,
    public_id: String,
    secret: Secret,
}

impl PresentedToken {
    /// Takes a bearer token apart; `None` when it is none of ours or mistyped.
    pub fn parse(text: &str) -> Option<Self> {
        TokenForm::BEARER.parse(text)
    }

    /// What it is looked up by.
    pub fn public_id(&self) -> &str {
        &self.public_id
    }

    /// Whether its secret is the one of this digest, in time that does not depend on where they differ.
    pub fn matches(&self, key: &ServerKey, digest: &Digest) -> bool {
        bool::from(key.digest(self.purpose, self.secret.expose()).ct_eq(&digest.0))
    }
}

fn checksum(body: &str) -> String {
    base62(crc32fast::hash(body.as_bytes()), CHECKSUM)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_issued_token_is_recognised_and_another_is_not() {
        let key = ServerKey::generate().unwrap();
        for form in [TokenForm::BEARER, TokenForm::CLIENT_SECRET, TokenForm::API_KEY] {
            let (ours, other) = (form.issue(&key).unwrap(), form.issue(&key).unwrap());
            let presented = form.parse(ours.token.expose()).unwrap();
            assert_eq!(presented.public_id(), ours.public_id);
            assert!(presented.matches(&key, &ours.digest));
            assert!(!presented.matches(&key, &other.digest));
            assert!(!presented.matches(&ServerKey::generate().unwrap(), &ours.digest));
        }
        let secret = TokenForm::CLIENT_SECRET.issue(&key).unwrap();
        assert!(TokenForm::BEARER.parse(secret.token.expose()).is_none());
    }

    /// Does not compile when digests can be compared with `==`: then there are two ways to be this.
    trait Incomparable<Way> {
        fn holds() {}
    }
    impl<T> Incomparable<()> for T {}
    impl<T: PartialEq> Incomparable<u8> for T {}

    #[test]
    fn digests_have_no_comparison_but_the_one_in_constant_time() {
        <Digest as Incomparable<_>>::holds();
        let (key, form) = (ServerKey::from_bytes([5; 32]), TokenForm::BEARER);
        let ours = form.issue(&key).unwrap();
        for place in 0..32 {
            let mut other = ours.digest.0;
            other[place] ^= 1;
            assert!(!form.parse(ours.token.expose()).unwrap().matches(&key, &Digest(other)), "byte {place}");
        }
    }

    #[test]
    fn a_mistyped_token_is_no_token() {
        let token = TokenForm::BEARER.issue(&ServerKey::from_bytes([3; 32])).unwrap().token.expose().to_owned();
        assert!(token.len() < 100);
        for i in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[i] = if bytes[i] == b'x' { b'y' } else { b'x' };
            assert!(PresentedToken::parse(&String::from_utf8(bytes).unwrap()).is_none(), "changed at {i}");
        }
        for text in ["", "dsk_", "dsk_\u{e9}", &token[1..], &format!("{token} "), &format!("Bearer {token}")] {
            assert!(PresentedToken::parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn only_what_has_the_form_and_the_checksum_is_a_token(
            body in prop_oneof!["dsk_[0-9A-Za-z]{12}_[0-9A-Za-z]{33}", "dsk_[0-9A-Za-z_]{46}", "[dsk_\u{e9}]{49,50}", "(?s).{0,2000}"],
            at in 0..60_usize, other in any::<char>(),
        ) {
            let text = format!("{body}{}", checksum(&body));
            let bytes = body.as_bytes();
            let formed = bytes.len() == 50 && body.starts_with("dsk_") && bytes[16] == b'_'
                && bytes.iter().enumerate().skip(4).all(|(at, byte)| at == 16 || byte.is_ascii_alphanumeric());
            prop_assert_eq!(PresentedToken::parse(&text).is_some(), formed);
            let changed: String = text.chars().enumerate().map(|(place, letter)| if place == at { other } else { letter }).collect();
            prop_assert!(changed == text || PresentedToken::parse(&changed).is_none());
            prop_assert!(PresentedToken::parse(&body).is_none());
        }
    }
}
