//! A signed-in person's session: a random cookie value, kept as a digest.

use crate::secret::{NoRandomness, random_base62};
use crate::{AdminId, Secret, ServerKey, Timestamp};

const PURPOSE: &str = "session";

/// A session in the console.
#[derive(Clone, Debug)]
pub struct Session {
    /// Digest of the cookie's value.
    pub digest: [u8; 32],
    /// Whose it is.
    pub admin: AdminId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// From which address it began.
    pub address: String,
    /// With which browser it began.
    pub user_agent: Option<String>,
}

/// Makes a cookie value and its digest.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn issue(key: &ServerKey) -> Result<(Secret, [u8; 32]), NoRandomness> {
    let value = random_base62(43)?;
    let digest = digest(key, &value);
    Ok((Secret::new(value), digest))
}

/// The digest under which the session of this cookie value is kept.
pub fn digest(key: &ServerKey, value: &str) -> [u8; 32] {
    key.digest(PURPOSE, value)
}
