//! The one place that knows how a tenant's bearer credential looks, is issued, hashed, checked and revoked.
//!
//! Form: `dsk_`, a public id of 12 base62 characters, `_`, a secret of 33 (196 bits), and 6 characters of CRC-32 over
//! all before it. The public id finds the row; the secret is compared as a keyed hash. Scanners for leaked secrets can
//! rely on prefix and checksum.

use subtle::ConstantTimeEq;

use crate::secret::{NoRandomness, base62, random_base62};
use crate::{Connection, ConnectionId, CredentialId, Idp, Secret, ServerKey, TenantId, Timestamp};

const PREFIX: &str = "dsk_";
const PUBLIC_ID: usize = 12;
const SECRET: usize = 33;
const CHECKSUM: usize = 6;
const PURPOSE: &str = "bearer";

/// Who revoked a credential whose token was reported as leaked.
pub const LEAK_REPORT: &str = "leak report";

/// What a connection proves itself with.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Which connection uses it.
    pub connection: ConnectionId,
    /// Its name for people.
    pub name: String,
    /// The part of the token that may be shown and looked up.
    pub public_id: String,
    /// Keyed hash of the secret part.
    pub digest: [u8; 32],
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
    /// Who revoked it, by e-mail, "command line" or [`LEAK_REPORT`].
    pub revoked_by: Option<String>,
    /// When and by whom it was last used, to the minute.
    pub last_used: Option<LastUse>,
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

    /// How it stands at `now`, in a word: `active`, `ended` or `revoked`.
    pub fn state(&self, now: Timestamp) -> &'static str {
        match self.check(now) {
            Ok(()) => "active",
            Err(Refusal::Ended(_)) => "ended",
            Err(Refusal::Revoked(_)) => "revoked",
        }
    }

    /// The first characters of the token, enough for a person to tell tokens apart.
    pub fn starts_with(&self) -> String {
        format!("{PREFIX}{}", self.public_id.get(..4).unwrap_or_default())
    }
}

/// A token that was just made: shown once, stored as a digest.
#[derive(Debug)]
pub struct IssuedToken {
    /// The whole token.
    pub token: Secret,
    /// Its public id.
    pub public_id: String,
    /// The digest to store.
    pub digest: [u8; 32],
}

/// Makes a new token.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn issue(key: &ServerKey) -> Result<IssuedToken, NoRandomness> {
    let (public_id, secret) = (random_base62(PUBLIC_ID)?, random_base62(SECRET)?);
    let body = format!("{PREFIX}{public_id}_{secret}");
    let token = Secret::new(format!("{body}{}", checksum(&body)));
    Ok(IssuedToken { token, digest: key.digest(PURPOSE, &secret), public_id })
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
    /// A new credential of a connection, and its token, which is shown once.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn issue(key: &ServerKey, connection: &Connection, order: Order) -> Result<(Secret, Self), NoRandomness> {
        let issued = issue(key)?;
        let credential = Self {
            id: CredentialId::generate(),
            tenant: connection.tenant,
            connection: connection.id,
            name: order.name,
            public_id: issued.public_id,
            digest: issued.digest,
            rights: order.rights,
            created_at: order.at,
            created_by: order.created_by,
            ends_at: order.days.map(|days| order.at.plus_days(days)),
            revoked_at: None,
            revoked_by: None,
            last_used: None,
        };
        Ok((issued.token, credential))
    }
}

/// A bearer token whose form and checksum are right; whether it is known is another question.
#[derive(Debug)]
pub struct PresentedToken {
    public_id: String,
    secret: Secret,
}

impl PresentedToken {
    /// Takes a token apart; `None` when it is none of ours or mistyped.
    pub fn parse(text: &str) -> Option<Self> {
        let total = PREFIX.len() + PUBLIC_ID + 1 + SECRET + CHECKSUM;
        if text.len() != total || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return None;
        }
        let (body, sum) = text.split_at(total - CHECKSUM);
        let (public_id, secret) = body.strip_prefix(PREFIX)?.split_at_checked(PUBLIC_ID)?;
        let secret = secret.strip_prefix('_')?;
        let plain = !public_id.contains('_') && !secret.contains('_');
        (plain && checksum(body) == sum).then(|| Self { public_id: public_id.to_owned(), secret: Secret::new(secret) })
    }

    /// What the credential is looked up by.
    pub fn public_id(&self) -> &str {
        &self.public_id
    }

    /// Whether the secret is the credential's, in time that does not depend on where they differ.
    pub fn matches(&self, key: &ServerKey, credential: &Credential) -> bool {
        let digest = key.digest(PURPOSE, self.secret.expose());
        bool::from(digest.ct_eq(&credential.digest))
    }
}

fn checksum(body: &str) -> String {
    base62(crc32fast::hash(body.as_bytes()), CHECKSUM)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn credential(issued: &IssuedToken) -> Credential {
        Credential {
            id: CredentialId::generate(),
            tenant: TenantId::generate(),
            connection: ConnectionId::generate(),
            name: "Prod".into(),
            public_id: issued.public_id.clone(),
            digest: issued.digest,
            rights: Rights::Write,
            created_at: Timestamp::from_micros(0),
            created_by: None,
            ends_at: None,
            revoked_at: None,
            revoked_by: None,
            last_used: None,
        }
    }

    #[test]
    fn an_issued_token_is_recognised_and_another_is_not() {
        let key = ServerKey::generate().unwrap();
        let (ours, other) = (issue(&key).unwrap(), issue(&key).unwrap());
        let presented = PresentedToken::parse(ours.token.expose()).unwrap();
        assert_eq!(presented.public_id(), ours.public_id);
        assert!(presented.matches(&key, &credential(&ours)));
        assert!(!presented.matches(&key, &credential(&other)));
        assert!(!presented.matches(&ServerKey::generate().unwrap(), &credential(&ours)));
    }

    #[test]
    fn a_mistyped_token_is_no_token() {
        let token = issue(&ServerKey::from_bytes([3; 32])).unwrap().token.expose().to_owned();
        assert!(token.len() < 100);
        for i in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[i] = if bytes[i] == b'x' { b'y' } else { b'x' };
            assert!(PresentedToken::parse(&String::from_utf8(bytes).unwrap()).is_none(), "changed at {i}");
        }
        for text in ["", "dsk_", "dsk_é", &token[1..], &format!("{token} "), &format!("Bearer {token}")] {
            assert!(PresentedToken::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_credential_ends_at_its_end_and_when_revoked() {
        let at = Timestamp::from_micros;
        let mut credential = credential(&issue(&ServerKey::from_bytes([3; 32])).unwrap());
        assert_eq!(credential.check(at(5)), Ok(()));
        credential.ends_at = Some(at(5));
        assert_eq!(credential.check(at(4)), Ok(()));
        assert_eq!(credential.check(at(5)), Err(Refusal::Ended(at(5))));
        credential.revoked_at = Some(at(2));
        assert_eq!(credential.check(at(4)), Err(Refusal::Revoked(at(2))));
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
