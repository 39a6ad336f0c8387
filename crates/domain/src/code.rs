//! One-time codes (first operator, invitations, password resets). They stand in an address's fragment, so no log
//! or proxy sees them, and are exchanged once by POST.

use crate::secret::{NoRandomness, random_base62};
use crate::{Secret, ServerKey};

/// What a one-time code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePurpose {
    /// Becoming the first operator.
    Welcome,
    /// Becoming a person of the console, or taking another role there.
    Invitation,
    /// Choosing a new password.
    PasswordReset,
}

impl CodePurpose {
    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
        }
    }
}

/// Makes a code and its digest.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn issue(key: &ServerKey, purpose: CodePurpose) -> Result<(Secret, [u8; 32]), NoRandomness> {
    let value = random_base62(40)?;
    let digest = digest(key, purpose, &value);
    Ok((Secret::new(value), digest))
}

/// The digest under which a code is kept.
pub fn digest(key: &ServerKey, purpose: CodePurpose, value: &str) -> [u8; 32] {
    key.digest(purpose.as_str(), value)
}
