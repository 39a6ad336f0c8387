//! The page that somebody comes back to after a sign-in elsewhere.

use openidconnect::url::form_urlencoded;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// Most characters of an address.
const LENGTH: usize = 2_000;
/// Where machines are answered, and no page is.
const API: &str = "/api";

/// A page of the console: a path of our own with its query, so that no link leads elsewhere by way of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Page(String);

impl Default for Page {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl Page {
    /// Reads an address.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for one that is not of the console, or could be taken for one of somebody else's.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let own = text.len() <= LENGTH
            && path.starts_with('/')
            // Browsers take a backslash for a slash, and two slashes for the beginning of a host.
            && !path.contains("//")
            // Nor do they keep steps upwards, which would lead to what is no page.
            && !path.split('/').any(is_step)
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
            && path != API
            && !path.starts_with("/api/");
        if own { Ok(Self(text.to_owned())) } else { Err(Failure::field("next", "is no address of the console")) }
    }

    /// The whole address.
    pub(super) fn below(&self, public_url: &str) -> String {
        format!("{public_url}{}", self.0)
    }

    /// The sign-in page that says why and leads here afterwards.
    pub(super) fn by_login(&self, public_url: &str, why: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("error", why);
        if *self != Self::default() {
            query.append_pair("next", &self.0);
        }
        format!("{public_url}/login?{}", query.finish())
    }
}

/// Whether a browser takes a part of a path for a step upwards, or for none, instead of a name.
fn is_step(part: &str) -> bool {
    matches!(part.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_console_is_read_with_its_query() {
        for own in ["/", "/t/acme/credentials?new=1", "/t/acme/log?q=https://x.test/../a", "/me#keys", "/apidocs", "/t/a.b"] {
            assert_eq!(Page::read(own).unwrap().below("https://sync.test"), format!("https://sync.test{own}"));
        }
    }

    #[test]
    fn what_leads_elsewhere_is_no_page() {
        let long = format!("/{}", "x".repeat(LENGTH));
        for foreign in [
            "",
            "t/acme",
            "//evil.test",
            "/\\evil.test",
            "\\/evil.test",
            "https://evil.test",
            "javascript:alert(1)",
            "@evil.test",
            ".evil.test",
            "/..//evil.test",
            "/\tevil",
            "/ /evil.test",
            "/x\r\nset-cookie: a=b",
            "/\u{e4}",
            "/api",
            "/api/v1/session",
            "/t/../api/v1/session",
            "/./api/v1/session",
            "/%2e/api/v1/session",
            "/t/.%2E/api/v1/session",
            "/t/..",
            "?next=/",
            long.as_str(),
        ] {
            assert!(Page::read(foreign).is_err(), "{foreign:?}");
        }
    }

    #[test]
    fn the_sign_in_page_keeps_where_somebody_wanted_to_go() {
        let page = Page::read("/t/acme/log?q=a&tab=event").unwrap();
        let shown = page.by_login("https://sync.test", "provider_refused");
        assert_eq!(shown, "https://sync.test/login?error=provider_refused&next=%2Ft%2Facme%2Flog%3Fq%3Da%26tab%3Devent");
        assert_eq!(Page::default().by_login("", "x"), "/login?error=x");
    }
}
