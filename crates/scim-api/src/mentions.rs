//! Whom a refused request is about, as far as what came of it tells: whoever asks the log for Ada must find also what was
//! refused at the door, or could not be read.

use domain::ResourceKind;
use http::Uri;
use uuid::Uuid;

use crate::mount;
use crate::observe::{RequestRecord, asks_for_a_secret};

/// Attributes that people and groups are called by (RFC 7643 §3.1, §4.1, §4.2).
const NAMES: [&str; 3] = ["username", "externalid", "displayname"];
/// Bytes of a body, and of a filter, that are looked at.
const MOST: usize = 16 * 1024;

/// Notes the resource that the path names, and every text in a filter that asks for no secret.
pub(crate) fn of_address(uri: &Uri, record: &mut RequestRecord) {
    let mut parts = mount::split(uri.path()).rest.unwrap_or_default().split('/').skip(1);
    let kind = match parts.next() {
        Some("Users") => Some(ResourceKind::User),
        Some("Groups") => Some(ResourceKind::Group),
        _ => None,
    };
    if record.resource_kind.is_none() {
        record.resource_kind = kind;
    }
    // A stranger's word is not taken for whom it was about.
    let named = parts.next().filter(|_| kind.is_some() && record.credential.is_some()).map(str::parse::<Uuid>);
    if let (None, Some(Ok(id))) = (record.resource_id, named) {
        record.resource_id = Some(id);
    }
    for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if name.eq_ignore_ascii_case("filter") {
            of_filter(&value, record);
        }
    }
}

fn of_filter(filter: &str, record: &mut RequestRecord) {
    if asks_for_a_secret(filter) {
        return;
    }
    let mut rest = head(filter.as_bytes());
    while let Some((text, after)) = text(rest) {
        record.looked_for(&text);
        rest = after;
    }
}

/// Notes the names in a body that is no JSON, or only the beginning of one.
pub(crate) fn of_body(body: &[u8], record: &mut RequestRecord) {
    let mut rest = head(body);
    while let Some((key, after)) = text(rest) {
        rest = after;
        let value = after.trim_ascii_start().strip_prefix(b":").map(<[u8]>::trim_ascii_start);
        let Some(value) = value.filter(|value| value.starts_with(b"\"")) else { continue };
        let Some((value, after)) = text(value) else { break };
        rest = after;
        if NAMES.contains(&key.to_ascii_lowercase().as_str()) {
            record.named(&value);
        }
    }
}

fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..MOST).unwrap_or(bytes)
}

/// The first text in quotes, and what comes behind it.
fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let from = bytes.iter().position(|&byte| byte == b'"')?;
    let quoted = bytes.get(from..)?;
    let mut escaped = false;
    let inside = quoted.iter().skip(1).position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    let (quoted, rest) = quoted.split_at_checked(inside + 2)?;
    Some((serde_json::from_slice(quoted).unwrap_or_default(), rest))
}

#[cfg(test)]
mod tests {
    use domain::{CredentialId, Timestamp};
    use http::{HeaderMap, Method};

    use super::*;

    fn names(work: impl FnOnce(&mut RequestRecord)) -> Vec<String> {
        let uri = Uri::from_static("/scim/acme/v2/Users");
        let mut record = RequestRecord::open(&Method::POST, &uri, &HeaderMap::new(), None, Timestamp::from_micros(0));
        work(&mut record);
        record.close(400, None).identifiers
    }

    #[test]
    fn names_are_found_in_what_is_no_json() {
        for body in [
            r#"{"userName":"Ada@acme.test","active":tru"#,
            r#"{ "schemas": ["x"], "USERNAME" : "ada@acme.test", }"#,
            r#"{"a":{"b":"\"userName\":\"eve\""},"userName":"ada@acme.test""#,
        ] {
            assert_eq!(names(|record| of_body(body.as_bytes(), record)), ["ada@acme.test"], "{body}");
        }
        for body in
            ["", "\"", r#""userName"#, r#""userName":"#, r#""userName":"ada"#, r#"{"title":"userName"}"#, "{\"userName\":1}"]
        {
            assert!(names(|record| of_body(body.as_bytes(), record)).is_empty(), "{body}");
        }
    }

    #[test]
    fn names_are_found_in_filters_that_nobody_understands() {
        for filter in ["userName%20eq%20%22ada%40acme.test%22", "userName%20is+%22ada@acme.test%22)", "%22ada@acme.test%22"] {
            let uri: Uri = format!("/scim/acme/v2/Users?count=1&filter={filter}").parse().unwrap();
            assert_eq!(names(|record| of_address(&uri, record)), ["ada@acme.test"], "{filter}");
        }
    }

    #[test]
    fn a_password_is_no_name_and_a_stranger_has_few() {
        let found = |credential: Option<CredentialId>, filter: &str| {
            let uri: Uri = format!("/scim/acme/v2/Users?filter={filter}").parse().unwrap();
            names(|record| {
                record.credential = credential;
                of_address(&uri, record);
            })
        };
        assert!(found(None, "password%20eq%20%22hunter2%22").is_empty());
        let many = "id%20eq%20%22a%22%20or%20id%20eq%20%22b%22%20or%20id%20eq%20%22c%22";
        assert_eq!(found(None, many).len(), 2);
        assert_eq!(found(Some(CredentialId::generate()), many).len(), 3);
        assert!(found(None, &format!("id%20eq%20%22{}%22", "x".repeat(200))).is_empty());
    }

    #[test]
    fn the_path_names_a_resource() {
        let id = Uuid::now_v7();
        let uri: Uri = format!("/scim/acme/v2/Groups/{id}").parse().unwrap();
        let mut record = RequestRecord::open(&Method::PATCH, &uri, &HeaderMap::new(), None, Timestamp::from_micros(0));
        of_address(&uri, &mut record);
        assert_eq!((record.resource_kind, record.resource_id), (Some(ResourceKind::Group), None), "nothing was proved");
        record.credential = Some(CredentialId::generate());
        of_address(&uri, &mut record);
        assert_eq!(record.resource_id, Some(id));
    }
}
