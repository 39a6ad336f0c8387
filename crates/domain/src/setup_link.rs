//! A link by which somebody without an account sets one connection up.
//!
//! Its code stands in the address's fragment, so no log or proxy sees it. It is exchanged once for a session of its own
//! kind, which lasts until the link ends and can do nothing but what the connection's guide needs.

use crate::secret::{NoRandomness, random_base62};
use crate::{ConnectionId, CredentialId, Secret, ServerKey, SetupLinkId, TenantId, Timestamp};

/// For how many days a link is good when nobody says otherwise.
pub const DAYS: u32 = 7;
/// For how many days a link may be good.
pub const MOST_DAYS: u32 = 30;
/// For how many days a credential is good that a link's holder issues.
pub const CREDENTIAL_DAYS: i64 = 365;

const CODE: &str = "setup-link";
const SESSION: &str = "setup-session";

/// A link by which somebody without an account sets one connection up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupLink {
    /// Its id.
    pub id: SetupLinkId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What it sets up.
    pub connection: ConnectionId,
    /// For whom it is, in the words of who made it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it, by e-mail.
    pub created_by: Option<String>,
    /// When it ends by itself, and the session with it.
    pub expires_at: Timestamp,
    /// When its code was exchanged.
    pub opened_at: Option<Timestamp>,
    /// When its holder said that all is done.
    pub finished_at: Option<Timestamp>,
    /// When it was revoked, and the session with it.
    pub revoked_at: Option<Timestamp>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
    /// The credential that its holder issued last.
    pub credential: Option<CredentialId>,
}

/// How a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupLinkState {
    /// Nobody has opened it yet.
    Waiting,
    /// Its holder is at it.
    Opened,
    /// Its holder said that all is done; they may look again until the link ends.
    Finished,
    /// It ended by itself.
    Ended,
    /// It was revoked.
    Revoked,
}

impl SetupLinkState {
    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Opened => "opened",
            Self::Finished => "finished",
            Self::Ended => "ended",
            Self::Revoked => "revoked",
        }
    }
}

impl SetupLink {
    /// Whether code or session are good at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// How it stands at `now`.
    pub fn state(&self, now: Timestamp) -> SetupLinkState {
        match () {
            () if self.revoked_at.is_some() => SetupLinkState::Revoked,
            () if self.finished_at.is_some() => SetupLinkState::Finished,
            () if !self.is_live(now) => SetupLinkState::Ended,
            () if self.opened_at.is_some() => SetupLinkState::Opened,
            () => SetupLinkState::Waiting,
        }
    }
}

/// Makes a link's code and its digest.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn issue_code(key: &ServerKey) -> Result<(Secret, [u8; 32]), NoRandomness> {
    let value = random_base62(40)?;
    let digest = code_digest(key, &value);
    Ok((Secret::new(value), digest))
}

/// The digest under which a code is kept.
pub fn code_digest(key: &ServerKey, value: &str) -> [u8; 32] {
    key.digest(CODE, value)
}

/// Makes the cookie value of a holder's session and its digest.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn issue_session(key: &ServerKey) -> Result<(Secret, [u8; 32]), NoRandomness> {
    let value = random_base62(43)?;
    let digest = session_digest(key, &value);
    Ok((Secret::new(value), digest))
}

/// The digest under which the session of this cookie value is kept.
pub fn session_digest(key: &ServerKey, value: &str) -> [u8; 32] {
    key.digest(SESSION, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stands_as_what_happened_to_it_last() {
        let at = Timestamp::from_micros;
        let mut link = SetupLink {
            id: SetupLinkId::generate(),
            tenant: TenantId::generate(),
            connection: ConnectionId::generate(),
            name: "Ada at Acme".into(),
            created_at: at(0),
            created_by: None,
            expires_at: at(10),
            opened_at: None,
            finished_at: None,
            revoked_at: None,
            revoked_by: None,
            credential: None,
        };
        assert_eq!((link.state(at(9)), link.state(at(10))), (SetupLinkState::Waiting, SetupLinkState::Ended));
        link.opened_at = Some(at(2));
        assert_eq!(link.state(at(3)), SetupLinkState::Opened);
        link.finished_at = Some(at(4));
        assert_eq!((link.state(at(20)), link.is_live(at(20))), (SetupLinkState::Finished, false));
        link.revoked_at = Some(at(5));
        assert_eq!((link.state(at(6)), link.is_live(at(6))), (SetupLinkState::Revoked, false));
    }

    #[test]
    fn a_code_is_no_session_and_a_session_no_code() {
        let key = ServerKey::from_bytes([7; 32]);
        let (code, digest) = issue_code(&key).unwrap();
        assert_eq!(code_digest(&key, code.expose()), digest);
        assert_ne!(session_digest(&key, code.expose()), digest);
    }
}
