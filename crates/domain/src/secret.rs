//! Text and keys that never print themselves.

use std::fmt::{self, Write as _};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Text that must not reach a log, an error or a `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself; every call is a place to look at twice.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The key under which full-entropy secrets are kept: what is stored is HMAC-SHA-256 of the secret, so that a stolen
/// database alone proves nothing.
#[derive(Clone)]
pub struct ServerKey([u8; 32]);

impl ServerKey {
    /// Length of the key in bytes.
    pub const LENGTH: usize = 32;

    /// A new random key from the operating system.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn generate() -> Result<Self, NoRandomness> {
        random_bytes().map(Self)
    }

    /// A key that was stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key's bytes, for storing it.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest of `secret` for one `purpose`; digests for different purposes never coincide.
    pub fn digest(&self, purpose: &str, secret: &str) -> [u8; 32] {
        hmac_sha256(&self.0, &[purpose.as_bytes(), b"\0", secret.as_bytes()])
    }
}

/// HMAC-SHA-256 of `parts`, one after the other.
pub(crate) fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a short key with zeros to the hash's block; doing so here leaves no error to handle.
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

/// `bytes` in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

/// Random bytes from the operating system.
///
/// # Errors
/// When there are none.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `length` random base62 characters (5.95 bits each), every character equally likely.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_base62(length: usize) -> Result<String, NoRandomness> {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        // Bytes from 248 on would make the first characters likelier than the rest.
        for byte in random_bytes::<64>()?.into_iter().filter(|b| *b < 248) {
            if let (true, Some(c)) = (text.len() < length, BASE62.get(usize::from(byte % 62))) {
                text.push(char::from(*c));
            }
        }
    }
    Ok(text)
}

/// `number` in base62, padded with zeros to `width`.
pub fn base62(mut number: u32, width: usize) -> String {
    let mut text: Vec<char> = Vec::with_capacity(width);
    while number > 0 || text.len() < width {
        text.push(BASE62.get((number % 62) as usize).map_or('0', |c| char::from(*c)));
        number /= 62;
    }
    text.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_keys_do_not_print_themselves() {
        let printed = format!("{:?} {:?}", Secret::new("hunter2"), ServerKey::from_bytes([7; 32]));
        assert!(!printed.contains("hunter2") && !printed.contains('7'), "{printed}");
    }

    #[test]
    fn digests_differ_by_purpose() {
        let key = ServerKey::from_bytes([1; 32]);
        assert_ne!(key.digest("bearer", "x"), key.digest("session", "x"));
        assert_eq!(key.digest("bearer", "x"), key.digest("bearer", "x"));
    }

    #[test]
    fn base62_is_padded_and_ordered_like_the_number() {
        assert_eq!(base62(0, 6), "000000");
        assert_eq!(base62(61, 2), "0z");
        assert_eq!(base62(u32::MAX, 6).len(), 6);
    }

    #[test]
    fn random_text_has_the_length_asked_for_and_differs() {
        let (a, b) = (random_base62(33).unwrap(), random_base62(33).unwrap());
        assert_eq!((a.len(), b.len()), (33, 33));
        assert_ne!(a, b);
    }
}
