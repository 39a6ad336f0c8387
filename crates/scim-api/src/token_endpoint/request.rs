//! A token request (RFC 6749 §4.4.2): who asks, with what proof, and for which scope.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::{Rights, Secret};
use http::{HeaderMap, header};
use url::form_urlencoded;

use super::refusal::Refusal;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client proves itself with.
#[derive(Debug)]
pub(super) enum Proof {
    Secret(Secret),
    Assertion(Secret),
}

/// A token request that can be read.
#[derive(Debug)]
pub(super) struct TokenRequest {
    pub(super) client_id: String,
    pub(super) proof: Proof,
    /// Less than the client may, when it asks for less.
    pub(super) scope: Option<Rights>,
}

impl TokenRequest {
    /// Reads the form and the header. Parameters that we do not know are passed over (RFC 6749 §3.2), and so is a scope:
    /// Entra sends whatever its admin entered.
    ///
    /// # Errors
    /// `invalid_request`, `invalid_client`, `unsupported_grant_type`.
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let form: Vec<(String, String)> =
            form_urlencoded::parse(body).into_owned().filter(|(_, value)| !value.is_empty()).collect();
        let one = |name: &str| {
            let mut values = form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
            match (values.next(), values.next()) {
                (_, Some(_)) => Err(Refusal::request(&format!("{name} stands more than once"))),
                (value, None) => Ok(value),
            }
        };
        match one("grant_type")? {
            Some("client_credentials") => {}
            Some(other) => return Err(Refusal::grant_type(other)),
            None => return Err(Refusal::request("grant_type is missing")),
        }
        let basic = basic(headers)?;
        let (id, secret, assertion) = (one("client_id")?, one("client_secret")?, one("client_assertion")?);
        let proof = match (&basic, secret, assertion) {
            (Some((_, secret)), None, None) => Proof::Secret(Secret::new(secret.trim())),
            (None, Some(secret), None) => Proof::Secret(Secret::new(secret.trim())),
            (None, None, Some(assertion)) if one("client_assertion_type")? == Some(ASSERTION_TYPE) => {
                Proof::Assertion(Secret::new(assertion.trim()))
            }
            (None, None, Some(_)) => return Err(Refusal::request(&format!("client_assertion_type is not {ASSERTION_TYPE}"))),
            (None, None, None) => return Err(Refusal::client_missing()),
            _ => return Err(Refusal::request("the client proves itself in more than one way")),
        };
        let client_id = match (basic, id, &proof) {
            (Some((basic, _)), Some(id), _) if basic != id => {
                return Err(Refusal::request("client_id differs from the one in the Authorization header"));
            }
            (Some((id, _)), ..) => id,
            (None, Some(id), _) => id.trim().to_owned(),
            (None, None, Proof::Assertion(assertion)) => super::assertion::subject(assertion.expose()).unwrap_or_default(),
            (None, None, Proof::Secret(_)) => return Err(Refusal::request("client_id is missing")),
        };
        let scope: Vec<&str> = one("scope")?.unwrap_or_default().split(' ').collect();
        let asks = |rights: Rights| scope.contains(&rights.as_str());
        let scope = (asks(Rights::Read) && !asks(Rights::Write)).then_some(Rights::Read);
        Ok(Self { client_id, proof, scope })
    }
}

/// Id and secret of HTTP Basic, each percent-decoded (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Refusal> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = sent.next() else { return Ok(None) };
    if sent.next().is_some() {
        return Err(Refusal::request("two Authorization headers"));
    }
    let text = first.to_str().unwrap_or_default();
    let encoded = match text.split_once(' ') {
        Some((scheme, encoded)) if scheme.eq_ignore_ascii_case("basic") => encoded.trim(),
        _ => return Err(Refusal::client_missing()),
    };
    let pair = BASE64.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = pair.as_deref().and_then(|pair| pair.split_once(':')).ok_or_else(Refusal::client_missing)?;
    let decoded = |text: &str| {
        let form = format!("v={text}");
        form_urlencoded::parse(form.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    Ok(Some((decoded(pair.0), decoded(pair.1))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(authorization: Option<&str>, body: &str) -> Result<TokenRequest, Refusal> {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        TokenRequest::read(&headers, body.as_bytes())
    }

    #[test]
    fn the_ways_of_entra_and_of_the_standard_are_read() {
        let form =
            "grant_type=client_credentials&client_id=dsc_a&client_secret=dss_b&scope=api%3A%2F%2Fx%2F.default&baseAddress=x";
        let request = read(None, form).unwrap();
        assert_eq!((request.client_id.as_str(), request.scope), ("dsc_a", None));
        assert!(matches!(request.proof, Proof::Secret(secret) if secret.expose() == "dss_b"));
        let basic = format!("Basic {}", BASE64.encode("dsc_a:dss%5Fb"));
        let request = read(Some(&basic), "grant_type=client_credentials&scope=scim%3Aread").unwrap();
        assert_eq!(request.scope, Some(Rights::Read));
        assert!(matches!(request.proof, Proof::Secret(secret) if secret.expose() == "dss_b"));
        let form = format!(
            "grant_type=client_credentials&client_id=dsc_a&client_assertion=x.y.z&client_assertion_type={ASSERTION_TYPE}"
        );
        assert!(matches!(read(None, &form).unwrap().proof, Proof::Assertion(_)));
    }

    #[test]
    fn what_is_no_request_says_why() {
        let basic = format!("Basic {}", BASE64.encode("a:b"));
        for (authorization, body, error) in [
            (None, "", "invalid_request"),
            (None, "grant_type=password&username=a", "unsupported_grant_type"),
            (None, "grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
            (None, "grant_type=client_credentials", "invalid_client"),
            (None, "grant_type=client_credentials&client_id=a", "invalid_client"),
            (None, "grant_type=client_credentials&client_secret=a", "invalid_request"),
            (None, "grant_type=client_credentials&client_id=a&client_assertion=b", "invalid_request"),
            (Some(basic.as_str()), "grant_type=client_credentials&client_secret=c", "invalid_request"),
            (Some(basic.as_str()), "grant_type=client_credentials&client_id=other", "invalid_request"),
            (Some("Basic !"), "grant_type=client_credentials", "invalid_client"),
            (Some("Bearer x"), "grant_type=client_credentials&client_id=a&client_secret=b", "invalid_client"),
        ] {
            assert_eq!(read(authorization, body).unwrap_err().error, error, "{authorization:?} {body}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_request_panics(
            authorization in "(Basic [A-Za-z0-9+/=:%]{0,80})|[ -~]{0,80}",
            body in "(grant_type=client_credentials&)?(client_id|client_secret|client_assertion|scope|[a-z&=%+]){0,8}[=&%a-zA-Z0-9+.:/-]{0,200}",
        ) {
            drop(read(Some(&authorization), &body));
            drop(read(None, &body));
        }
    }
}
