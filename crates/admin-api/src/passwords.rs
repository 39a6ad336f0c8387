//! Passwords are hashed off the async threads, few at a time, so that a flood of sign-ins leaves the machine to others.

use domain::Secret;
use domain::admin::{self, PasswordError};
use tokio::sync::Semaphore;

use crate::failure::Failure;

/// Hashes computed at one time.
const AT_ONCE: usize = 2;
/// Callers that may wait for their turn, some two seconds of work.
const WAITING: usize = 64;

/// The place where passwords are hashed.
#[derive(Debug)]
pub(crate) struct Passwords {
    turns: Semaphore,
    places: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_ONCE), places: Semaphore::new(WAITING) }
    }
}

impl Passwords {
    /// Whether `password` is the one behind `hash`; takes as long without a hash.
    ///
    /// # Errors
    /// When too many wait.
    pub(crate) async fn matches(&self, password: Secret, hash: Option<String>) -> Result<bool, Failure> {
        self.run(move || admin::password_matches(&password, hash.as_deref())).await
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// When it is too short or too long, or too many wait.
    pub(crate) async fn hash(&self, password: Secret) -> Result<String, Failure> {
        self.run(move || admin::hash_password(&password)).await?.map_err(|error| match error {
            PasswordError::TooShort | PasswordError::TooLong => Failure::field("password", &error.to_string()),
            PasswordError::Hash => Failure::Internal("a password could not be hashed"),
        })
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let _place = self.places.try_acquire().map_err(|_| Failure::Unavailable)?;
        let _turn = self.turns.acquire().await.map_err(|_| Failure::Unavailable)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Failure::Internal("hashing a password panicked"))
    }
}
