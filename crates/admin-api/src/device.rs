//! The mark in a browser with which a person signed in before. It opens nothing: it only says that whoever fails to sign
//! in there is counted apart from strangers.

use std::time::Duration;

use domain::ServerKey;
use domain::secret::{NoRandomness, hex, random_base62};
use poem::Request;
use poem::web::cookie::{Cookie, SameSite};
use subtle::ConstantTimeEq;

const COOKIE: &str = "directory_sync_device";
const PURPOSE: &str = "device";
const NONCE: usize = 22;
const BY_LINK: &str = "device by link";
/// How long a browser is known.
const LIFE: Duration = Duration::from_hours(365 * 24);

/// A browser in which one person signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Device {
    nonce: String,
    proof: String,
}

impl Device {
    /// A new mark for this person's browser.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub(crate) fn issue(key: &ServerKey, email: &str) -> Result<Self, NoRandomness> {
        let nonce = random_base62(NONCE)?;
        Ok(Self { proof: proof(key, &nonce, email), nonce })
    }

    /// The mark for a browser where this person chose another password by a link. It is one for all such browsers: whoever reads
    /// their letters and gets link after link guesses no more codes of their app than with one.
    pub(crate) fn by_link(key: &ServerKey, email: &str) -> Self {
        let nonce: String = hex(&key.digest(BY_LINK, &scim::comparison::key(email))).chars().take(NONCE).collect();
        Self { proof: proof(key, &nonce, email), nonce }
    }

    /// The mark that a request carries, if it is this person's.
    pub(crate) fn of(request: &Request, key: &ServerKey, email: &str) -> Option<Self> {
        let cookie = request.cookie().get(COOKIE)?;
        Self::read(cookie.value_str(), key, email)
    }

    fn read(text: &str, key: &ServerKey, email: &str) -> Option<Self> {
        let (nonce, given) = text.split_once('.')?;
        let expected = proof(key, nonce, email);
        let good = nonce.len() == NONCE && bool::from(expected.as_bytes().ct_eq(given.as_bytes()));
        good.then(|| Self { nonce: nonce.to_owned(), proof: expected })
    }

    /// What tells browsers apart.
    pub(crate) fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The cookie that leaves the mark.
    pub(crate) fn cookie(&self, secure: bool) -> Cookie {
        let mut cookie = Cookie::new_with_str(COOKIE, format!("{}.{}", self.nonce, self.proof));
        cookie.set_path("/api/v1");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Strict);
        cookie.set_max_age(LIFE);
        cookie.set_secure(secure);
        cookie
    }
}

fn proof(key: &ServerKey, nonce: &str, email: &str) -> String {
    hex(&key.digest(PURPOSE, &format!("{nonce}\0{}", scim::comparison::key(email))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_by_link_is_a_persons_own_and_always_the_same() {
        let key = ServerKey::generate().unwrap();
        let device = Device::by_link(&key, "Ada@acme.test");
        let cookie = device.cookie(true);
        let text = cookie.value_str();
        assert_eq!(Device::read(text, &key, "ada@acme.test"), Some(Device::by_link(&key, " ada@ACME.test")));
        assert_eq!(Device::read(text, &key, "bob@acme.test"), None);
        assert_ne!(Device::by_link(&key, "bob@acme.test").nonce(), device.nonce());
        assert_ne!(Device::by_link(&ServerKey::generate().unwrap(), "ada@acme.test").nonce(), device.nonce());
    }

    #[test]
    fn a_mark_is_good_for_its_own_person_and_key_only() {
        let key = ServerKey::generate().unwrap();
        let device = Device::issue(&key, "Ada@acme.test").unwrap();
        let cookie = device.cookie(true);
        let text = cookie.value_str();
        assert_eq!(Device::read(text, &key, " ada@ACME.test"), Some(device));
        assert_eq!(Device::read(text, &key, "bob@acme.test"), None);
        assert_eq!(Device::read(text, &ServerKey::generate().unwrap(), "ada@acme.test"), None);
        for bad in ["", ".", "a.b", &text[1..], &format!("{text}0")] {
            assert_eq!(Device::read(bad, &key, "ada@acme.test"), None, "{bad}");
        }
        assert!(cookie.secure() && cookie.http_only() && !Device::issue(&key, "a@b.test").unwrap().cookie(false).secure());
    }
}
