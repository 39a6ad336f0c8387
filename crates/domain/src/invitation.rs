//! Invitations: somebody is asked to become a person of the console, in one tenant or as an operator.

use crate::code::{self, CodePurpose};
use crate::secret::NoRandomness;
use crate::{InvitationId, Role, Secret, ServerKey, TenantId, Timestamp};

/// How long an invitation can be accepted, in days.
pub const DAYS: i64 = 7;

/// Somebody who was asked and has not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Into which tenant; to run the whole service without one.
    pub tenant: Option<TenantId>,
    /// Their e-mail address as it was written; compared folded.
    pub email: String,
    /// Their name; they may choose another one.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Digest of the code in the link.
    pub digest: [u8; 32],
    /// When it was made, or made anew.
    pub created_at: Timestamp,
    /// Who asked them.
    pub created_by: String,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When the link left by mail.
    pub mailed_at: Option<Timestamp>,
}

impl Invitation {
    /// Gives it another code and a whole time again; the code before is void.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn renew(&mut self, key: &ServerKey, by: &str, at: Timestamp) -> Result<Secret, NoRandomness> {
        let (code, digest) = code::issue(key, CodePurpose::Invitation)?;
        self.digest = digest;
        by.clone_into(&mut self.created_by);
        self.created_at = at;
        self.expires_at = at.plus_days(DAYS);
        self.mailed_at = None;
        Ok(code)
    }
}
