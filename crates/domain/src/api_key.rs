//! API keys: what an OpenAPI client proves itself with at `/api/v1`. A key has a role in one tenant, or runs the service.

use crate::credential::Refusal;
use crate::secret::NoRandomness;
use crate::token::{Digest, PresentedToken, TokenForm};
use crate::{ApiKeyId, Role, Secret, ServerKey, TenantId, Timestamp};

/// Most live keys of a tenant, and of the service itself.
pub const MOST: usize = 50;

/// A key. Its secret is shown once and kept as a keyed digest.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is; the service's own without a tenant.
    pub tenant: Option<TenantId>,
    /// Its name.
    pub name: String,
    /// What it is looked up by.
    pub public_id: String,
    /// Keyed digest of its secret.
    pub digest: Digest,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it ends by itself.
    pub ends_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
    /// When, from where and by what it was last used.
    pub last_used: Option<ApiKeyUse>,
}

/// One use of a key, to the minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyUse {
    /// When.
    pub at: Timestamp,
    /// From which address.
    pub address: Option<String>,
    /// With which User-Agent.
    pub user_agent: Option<String>,
}

/// What a key is to be.
#[derive(Clone, Debug)]
pub struct ApiKeyOrder {
    /// Whose; the service's own without a tenant.
    pub tenant: Option<TenantId>,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Who makes it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// After how many days it ends.
    pub days: Option<i64>,
}

impl ApiKey {
    /// Makes a key.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn issue(key: &ServerKey, order: ApiKeyOrder) -> Result<(Secret, Self), NoRandomness> {
        let issued = TokenForm::API_KEY.issue(key)?;
        let made = Self {
            id: ApiKeyId::generate(),
            tenant: order.tenant,
            name: order.name,
            public_id: issued.public_id,
            digest: issued.digest,
            role: order.role,
            created_at: order.at,
            created_by: order.by,
            ends_at: order.days.map(|days| order.at.plus_days(days)),
            revoked_at: None,
            revoked_by: None,
            last_used: None,
        };
        Ok((issued.token, made))
    }

    /// Whether it opens the door now.
    ///
    /// # Errors
    /// Why it does not.
    pub fn check(&self, now: Timestamp) -> Result<(), Refusal> {
        match (self.revoked_at, self.ends_at) {
            (Some(at), _) => Err(Refusal::Revoked(at)),
            (None, Some(at)) if at <= now => Err(Refusal::Ended(at)),
            (None, _) => Ok(()),
        }
    }

    /// Whether what was presented is this key.
    pub fn is_proved_by(&self, key: &ServerKey, presented: &PresentedToken) -> bool {
        presented.matches(key, &self.digest)
    }

    /// What it may do in a tenant.
    pub fn role_in(&self, tenant: TenantId) -> Option<Role> {
        self.tenant.is_none_or(|own| own == tenant).then_some(self.role)
    }

    /// The first characters of its text, enough to tell keys apart.
    pub fn starts_with(&self) -> String {
        TokenForm::API_KEY.beginning(&self.public_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_until_it_ends_or_is_revoked_and_only_for_its_own_secret() {
        let (server, at) = (ServerKey::generate().unwrap(), Timestamp::from_micros(0));
        let order = |days| ApiKeyOrder {
            tenant: None,
            name: "CI".to_owned(),
            role: Role::Operator,
            by: "op@sync.test".to_owned(),
            at,
            days,
        };
        let (secret, made) = ApiKey::issue(&server, order(Some(1))).unwrap();
        let (other, _) = ApiKey::issue(&server, order(None)).unwrap();
        let presented = TokenForm::API_KEY.parse(secret.expose()).unwrap();
        assert!(made.is_proved_by(&server, &presented));
        assert!(!made.is_proved_by(&server, &TokenForm::API_KEY.parse(other.expose()).unwrap()));
        assert_eq!(made.check(at), Ok(()));
        assert_eq!(made.check(at.plus_days(1)), Err(Refusal::Ended(at.plus_days(1))));
        let revoked = ApiKey { revoked_at: Some(at), ..made };
        assert_eq!(revoked.check(at), Err(Refusal::Revoked(at)));
    }
}
