//! A signed-in person's session: a random cookie value, kept as a digest.

use crate::secret::{NoRandomness, hex, hmac_sha256, random_base62};
use crate::{AdminId, Secret, ServerKey, Timestamp};

const PURPOSE: &str = "session";
const PUBLIC: &[u8] = b"public id of a session";

/// How a person proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInMethod {
    /// By a password.
    Password,
    /// By a password and a code of their authenticator app.
    PasswordAndCode,
    /// By a passkey.
    Passkey,
    /// At the installation's OpenID provider.
    Provider,
    /// By a one-time link.
    Link,
}

impl SignInMethod {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Password, Self::PasswordAndCode, Self::Passkey, Self::Provider, Self::Link];

    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordAndCode => "password_and_code",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
            Self::Link => "link",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }
}

/// A session in the console.
#[derive(Clone, Debug)]
pub struct Session {
    /// Digest of the cookie's value.
    pub digest: [u8; 32],
    /// Whose it is.
    pub admin: AdminId,
    /// When it began.
    pub created_at: Timestamp,
    /// When the person last proved who they are, as far as that is known: a provider may let somebody in who did so long ago.
    pub authenticated_at: Option<Timestamp>,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// From which address it began.
    pub address: String,
    /// With which browser it began.
    pub user_agent: Option<String>,
    /// How it began, where that was kept.
    pub method: Option<SignInMethod>,
}

impl Session {
    /// A name for it that proves nothing: the cookie cannot be made from it, nor the stored digest.
    pub fn public_id(&self) -> String {
        let mut name = hex(&hmac_sha256(&self.digest, &[PUBLIC]));
        name.truncate(32);
        name
    }
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
