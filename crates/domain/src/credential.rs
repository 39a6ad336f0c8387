//! What a connection proves itself with, how it is issued, checked and revoked.

use crate::secret::{NoRandomness, random_base62, random_bytes};
use crate::token::{Digest, IssuedToken, PUBLIC_ID, PresentedToken, TokenForm};
use crate::{Connection, ConnectionId, CredentialId, Idp, Secret, ServerKey, TenantId, Timestamp};

/// Who revoked a credential whose token was reported as leaked.
pub const LEAK_REPORT: &str = "leak report";

/// How the service names itself when it calls its own SCIM door: such a request is no sign of an IdP.
pub const SELF_CHECK_AGENT: &str = "Directory-Sync-Check/";

/// What a connection proves itself with.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Which connection uses it.
    pub connection: ConnectionId,
    /// What kind of proof it is.
    pub kind: CredentialKind,
    /// Its name for people.
    pub name: String,
    /// The part of a token, or of a client's id, that may be shown and looked up.
    pub public_id: String,
    /// Keyed hash of a token's secret part; of a client, whose secrets stand apart, nothing that any secret gives.
    pub digest: Digest,
    /// What it may do.
    pub rights: Rights,
    /// When it was issued.
    pub created_at: Timestamp,
    /// Who issued it, by e-mail or "command line".
    pub created_by: Option<String>,
    /// When it ends by itself.
    pub ends_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Who revoked it, by e-mail, "command line", "service" or [`LEAK_REPORT`].
    pub revoked_by: Option<String>,
    /// The credential whose place it takes, when it was made to.
    pub replaces: Option<CredentialId>,
    /// When it is to be revoked by itself because nobody uses it any more.
    pub when_quiet: Option<WhenQuiet>,
    /// When and by whom it was last used, to the minute.
    pub last_used: Option<LastUse>,
}

/// For how many hours at most a credential may have to be quiet: thirty days.
pub const QUIET_HOURS: u32 = 720;

/// That a credential whose successor took over is to be revoked by itself once it is quiet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhenQuiet {
    /// For how many hours no request may have come with it, [`QUIET_HOURS`] at most.
    pub hours: u32,
    /// When somebody wanted it so; hours before that do not count.
    pub since: Timestamp,
    /// Who, by e-mail.
    pub by: String,
}

/// What kind of proof a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// A bearer token (RFC 6750), sent with every request.
    BearerToken,
    /// An OAuth client (RFC 6749 §4.4), which gets access tokens at the tenant's token endpoint.
    OAuthClient,
}

impl CredentialKind {
    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BearerToken => "bearer_token",
            Self::OAuthClient => "oauth_client",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::BearerToken, Self::OAuthClient].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The last use of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// When, to the minute.
    pub at: Timestamp,
    /// From which address.
    pub address: String,
    /// With which User-Agent.
    pub user_agent: Option<String>,
    /// Which IdP it looked like.
    pub idp: Option<Idp>,
}

/// What a credential may do at the SCIM door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Read and write.
    Write,
    /// Read only.
    Read,
}

impl Rights {
    /// The word in rows and answers, in the style of OAuth scopes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Write => "scim",
            Self::Read => "scim:read",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Write, Self::Read].into_iter().find(|r| r.as_str() == text)
    }
}

/// Why a credential does not open the door now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was revoked at that time.
    Revoked(Timestamp),
    /// It ended by itself at that time.
    Ended(Timestamp),
}

impl Credential {
    /// Whether it opens the door at `now`.
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

    /// When it has been quiet for long enough, if nobody uses it until then. Nothing where nobody wants it revoked so.
    pub fn quiet_at(&self) -> Option<Timestamp> {
        let WhenQuiet { hours, since, .. } = self.when_quiet.as_ref()?;
        let from = self.last_used.as_ref().map_or(*since, |used| used.at.max(*since));
        Some(from.plus_seconds(i64::from(*hours) * 3_600))
    }

    /// How it stands at `now`, in a word: `active`, `ended` or `revoked`.
    pub fn state(&self, now: Timestamp) -> &'static str {
        match self.check(now) {
            Ok(()) => "active",
            Err(Refusal::Ended(_)) => "ended",
            Err(Refusal::Revoked(_)) => "revoked",
        }
    }

    /// The first characters of the token, enough for a person to tell tokens apart; of a client its whole id.
    pub fn starts_with(&self) -> String {
        match self.kind {
            CredentialKind::BearerToken => TokenForm::BEARER.beginning(&self.public_id),
            CredentialKind::OAuthClient => crate::oauth::client_id(&self.public_id),
        }
    }
}

/// What a credential is to be.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its name for people.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Who asks for it, by e-mail or "command line".
    pub created_by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// After how many days it ends by itself; never without it.
    pub days: Option<i64>,
}

impl Credential {
    /// A new bearer token of a connection, which is shown once.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn issue(key: &ServerKey, connection: &Connection, order: Order) -> Result<(Secret, Self), NoRandomness> {
        let IssuedToken { token, public_id, digest } = TokenForm::BEARER.issue(key)?;
        Ok((token, Self::made(connection, order, CredentialKind::BearerToken, public_id, digest)))
    }

    /// A new OAuth client of a connection, without any proof yet.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn client(connection: &Connection, order: Order) -> Result<Self, NoRandomness> {
        let (public_id, digest) = (random_base62(PUBLIC_ID)?, Digest::from_bytes(random_bytes()?));
        Ok(Self::made(connection, order, CredentialKind::OAuthClient, public_id, digest))
    }

    fn made(connection: &Connection, order: Order, kind: CredentialKind, public_id: String, digest: Digest) -> Self {
        Self {
            id: CredentialId::generate(),
            tenant: connection.tenant,
            connection: connection.id,
            kind,
            name: order.name,
            public_id,
            digest,
            rights: order.rights,
            created_at: order.at,
            created_by: order.created_by,
            ends_at: order.days.map(|days| order.at.plus_days(days)),
            revoked_at: None,
            revoked_by: None,
            replaces: None,
            when_quiet: None,
            last_used: None,
        }
    }

    /// For how many days it was issued, when it ends by itself.
    pub fn days(&self) -> Option<i64> {
        let span = self.ends_at?.as_micros() - self.created_at.as_micros();
        Some((span / 86_400_000_000).max(1))
    }

    /// Whether this is the bearer token whose secret was presented.
    pub fn is_proved_by(&self, key: &ServerKey, token: &PresentedToken) -> bool {
        token.matches(key, &self.digest) && self.kind == CredentialKind::BearerToken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_ends_at_its_end_and_when_revoked() {
        let at = Timestamp::from_micros;
        let mut credential = Credential {
            id: CredentialId::generate(),
            tenant: TenantId::generate(),
            connection: ConnectionId::generate(),
            kind: CredentialKind::BearerToken,
            name: "Prod".into(),
            public_id: "abcdefghijkl".into(),
            digest: Digest::from_bytes([0; 32]),
            rights: Rights::Write,
            created_at: Timestamp::from_micros(0),
            created_by: None,
            ends_at: None,
            revoked_at: None,
            revoked_by: None,
            replaces: None,
            when_quiet: None,
            last_used: None,
        };
        assert_eq!(credential.starts_with(), "dsk_abcd");
        assert_eq!(credential.check(at(5)), Ok(()));
        credential.ends_at = Some(at(5));
        assert_eq!(credential.check(at(4)), Ok(()));
        assert_eq!(credential.check(at(5)), Err(Refusal::Ended(at(5))));
        credential.revoked_at = Some(at(2));
        assert_eq!(credential.check(at(4)), Err(Refusal::Revoked(at(2))));
    }

    #[test]
    fn a_credential_is_quiet_from_its_last_use_on_or_from_when_somebody_asked() {
        let connection = Connection {
            id: ConnectionId::generate(),
            tenant: TenantId::generate(),
            name: "IdP".into(),
            idp: Idp::Other,
            state: crate::ConnectionState::Open,
            strict: false,
            created_at: Timestamp::from_micros(0),
        };
        let start = Timestamp::from_micros(0);
        let order = Order { name: "Prod".into(), rights: Rights::Write, created_by: None, at: start, days: None };
        let mut credential = Credential::issue(&ServerKey::from_bytes([7; 32]), &connection, order).unwrap().1;
        assert_eq!(credential.quiet_at(), None);
        let asked = start.plus_days(3);
        credential.when_quiet = Some(WhenQuiet { hours: 24, since: asked, by: "ada@acme.test".into() });
        assert_eq!(credential.quiet_at(), Some(start.plus_days(4)));
        let mut used = LastUse { at: start.plus_days(1), address: String::new(), user_agent: None, idp: None };
        credential.last_used = Some(used.clone());
        assert_eq!(credential.quiet_at(), Some(start.plus_days(4)), "quiet before anybody asked does not count");
        used.at = start.plus_days(5);
        credential.last_used = Some(used);
        assert_eq!(credential.quiet_at(), Some(start.plus_days(6)));
    }
}
