//! People in the console, what they may do, and their passwords.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::{AdminId, Secret, TenantId, Timestamp};

/// A person in the console.
#[derive(Clone, Debug)]
pub struct Admin {
    /// Their id.
    pub id: AdminId,
    /// Their address as they wrote it; compared folded.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Argon2id hash in PHC form; absent until they chose a password.
    pub password_hash: Option<String>,
    /// Whether they run the whole service.
    pub operator: bool,
    /// When they came.
    pub created_at: Timestamp,
}

/// What an admin may do in one tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything, in every tenant.
    Operator,
    /// Everything in this tenant.
    Admin,
    /// The directory and its changes; no credentials.
    Developer,
    /// Looks, changes nothing.
    Viewer,
}

impl Role {
    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Admin => "admin",
            Self::Developer => "developer",
            Self::Viewer => "viewer",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Operator, Self::Admin, Self::Developer, Self::Viewer].into_iter().find(|r| r.as_str() == text)
    }
}

/// A role held in one tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenantRole {
    /// Where.
    pub tenant: TenantId,
    /// As what.
    pub role: Role,
}

/// Whether the text can be somebody's e-mail address: something before and after one `@`, no spaces, at most 254 bytes.
pub fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let whole = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    whole && text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Shortest password we take, in characters.
pub const PASSWORD_MIN: usize = 12;
/// Longest password we take, in bytes: bounds the work of hashing.
pub const PASSWORD_MAX: usize = 1024;

/// Why a password cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`PASSWORD_MIN`] characters.
    #[error("a password has at least 12 characters")]
    TooShort,
    /// More than [`PASSWORD_MAX`] bytes.
    #[error("a password has at most 1024 bytes")]
    TooLong,
    /// The hash function failed.
    #[error("the password could not be hashed")]
    Hash,
}

/// Hashes a password with Argon2id (19 MiB, two passes). Takes tens of milliseconds: call it off the async threads.
///
/// # Errors
/// When the password is too short or too long.
pub fn hash_password(password: &Secret) -> Result<String, PasswordError> {
    if password.expose().chars().count() < PASSWORD_MIN {
        return Err(PasswordError::TooShort);
    }
    if password.expose().len() > PASSWORD_MAX {
        return Err(PasswordError::TooLong);
    }
    let hash: PasswordHash = Argon2::default().hash_password(password.expose().as_bytes()).map_err(|_| PasswordError::Hash)?;
    Ok(hash.to_string())
}

/// Whether `password` is the one behind `hash`. Without a hash the same work is done, so that the time taken does not
/// tell whether the person exists. Takes tens of milliseconds: call it off the async threads.
pub fn password_matches(password: &Secret, hash: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$3Z3q0E1m3m2mYg8e7u0nT7mJw0i4l9m8yqv3x5bS9dE";
    if password.expose().len() > PASSWORD_MAX {
        return false;
    }
    let known = hash.is_some();
    let matches = PasswordHash::new(hash.unwrap_or(NOBODY))
        .is_ok_and(|hash| Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok());
    known && matches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let hash = hash_password(&Secret::new("correct horse battery")).unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(password_matches(&Secret::new("correct horse battery"), Some(&hash)));
        assert!(!password_matches(&Secret::new("correct horse batterz"), Some(&hash)));
        assert!(!password_matches(&Secret::new("correct horse battery"), None));
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert_eq!(hash_password(&Secret::new("short")), Err(PasswordError::TooShort));
        assert_eq!(hash_password(&Secret::new("x".repeat(2000))), Err(PasswordError::TooLong));
    }
}
