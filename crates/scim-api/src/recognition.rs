//! What a request shows of the IdP that sends it: by its name, or by forms that we know of one IdP. What follows from
//! them says [`domain::recognition`]; bodies are looked at where they were read anyway, and no deeper than a few keys.

use std::borrow::Cow;

use domain::{Mark, Marks};
use http::{HeaderMap, header};
use scim::{Repair, RepairRule};
use serde_json::Value;

/// Names in a User-Agent, in lower case.
const NAMES: [(&str, Mark); 13] = [
    ("okta", Mark::OktaNamed),
    ("onelogin", Mark::OneLoginNamed),
    ("jumpcloud", Mark::JumpCloudNamed),
    ("azuread", Mark::EntraNamed),
    ("azure ad", Mark::EntraNamed),
    ("microsoft entra", Mark::EntraNamed),
    ("microsoft-entra", Mark::EntraNamed),
    ("authentik", Mark::OtherNamed),
    ("pingfederate", Mark::OtherNamed),
    ("pingone", Mark::OtherNamed),
    ("sailpoint", Mark::OtherNamed),
    ("rippling", Mark::OtherNamed),
    ("keycloak", Mark::OtherNamed),
];

/// The enterprise extension (RFC 7643 §4.3).
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// What the head of a request shows.
pub(crate) fn of_head(agent: Option<&str>, headers: &HeaderMap, path: &str, query: Option<&str>) -> Marks {
    let mut marks = Marks::default();
    if headers.contains_key("adscimversion") {
        marks.note(Mark::EntraNamed);
    }
    if let Some(agent) = agent {
        let agent = agent.to_ascii_lowercase();
        NAMES.iter().filter(|(name, _)| agent.contains(name)).for_each(|(_, mark)| marks.note(*mark));
    }
    if headers.contains_key(header::ACCEPT_CHARSET) {
        marks.note(Mark::OktaCharset);
    }
    if let Some(query) = query {
        of_query(path, query, &mut marks);
    }
    marks
}

fn of_query(path: &str, query: &str, marks: &mut Marks) {
    let (mut filter, mut start, mut count) = (None, None, None);
    let (mut without_members, mut id_alone) = (false, false);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(16) {
        match name.as_ref().to_ascii_lowercase().as_str() {
            "filter" => filter = Some(value),
            "startindex" => start = Some(value),
            "count" => count = Some(value),
            "excludedattributes" => without_members = value == "members",
            "attributes" => id_alone = value == "id",
            "aadoptscim062020" | "azureadscimpatch2017" => marks.note(Mark::EntraFlag),
            _ => {}
        }
    }
    let first = start.as_deref() == Some("1");
    let filter: Option<Cow<'_, str>> = filter;
    match (filter.as_deref(), count.as_deref()) {
        (None, Some("2")) if first && path.ends_with("/Users") => marks.note(Mark::OktaProbe),
        (None, Some("1")) if first => marks.note(Mark::JumpCloudProbe),
        (Some(_), Some("100")) if first => marks.note(Mark::OktaPage),
        (Some(filter), _) if without_members && filter.starts_with("displayName eq ") => marks.note(Mark::EntraGroupLookUp),
        (Some(filter), _)
            if id_alone
                && filter.starts_with("id eq ")
                && (filter.contains(" and manager eq ") || filter.contains(" and members eq ")) =>
        {
            marks.note(Mark::EntraReference);
        }
        _ => {}
    }
}

/// What the body of a PATCH shows.
pub(crate) fn of_patch(body: &Value, marks: &mut Marks) {
    let Some([operation]) = body.get("Operations").and_then(Value::as_array).map(Vec::as_slice) else { return };
    let value = operation.get("value").and_then(Value::as_object).filter(|value| value.len() == 1);
    let alone = value.is_some_and(|value| value.contains_key("active") || value.contains_key("password"));
    if operation.get("path").is_none() && operation.get("op").and_then(Value::as_str) == Some("replace") && alone {
        marks.note(Mark::OktaPatch);
    }
}

/// What the body of a POST or PUT shows.
pub(crate) fn of_resource(body: &Value, marks: &mut Marks) {
    let id = body.get("externalId").and_then(Value::as_str).unwrap_or_default();
    if id.len() == 20 && id.starts_with("00u") && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        marks.note(Mark::OktaPersonId);
    }
    if body.get("id").is_some_and(Value::is_null) {
        marks.note(Mark::OneLoginId);
    }
    if body.get(ENTERPRISE).and_then(|values| values.get("manager")?.get("displayName")).is_some() {
        marks.note(Mark::OneLoginTemplate);
    }
}

/// What it shows by what had to be repaired.
pub(crate) fn of_repairs(repairs: &[Repair], of_group: bool, marks: &mut Marks) {
    let of_entra = repairs.iter().any(|repair| repair.rule == RepairRule::OperationNameCase);
    for repair in repairs {
        let mark = match repair.rule {
            RepairRule::OperationNameCase => Mark::EntraOperations,
            RepairRule::ManagerFromText => Mark::EntraManager,
            RepairRule::DottedKey => Mark::EntraKeys,
            RepairRule::BooleanFromText if repair.sent.contains("True") || repair.sent.contains("False") => Mark::EntraBoolean,
            RepairRule::UnknownSchema if repair.sent.contains("schemas.microsoft.com") => Mark::EntraGroupSchema,
            RepairRule::ReadOnlyIgnored if of_group && repair.attribute == "id" => Mark::OktaGroupId,
            RepairRule::WrappedInList if is_list_of_a_person(&repair.attribute) => Mark::OneLoginSingle,
            RepairRule::ManagerIdRenamed => Mark::OneLoginManager,
            RepairRule::Scim11Members => Mark::OneLoginMembers,
            RepairRule::Scim11Schema => Mark::OneLoginSchema,
            RepairRule::RemoveWithValue if !of_entra => Mark::JumpCloudRemove,
            _ => continue,
        };
        marks.note(mark);
    }
}

fn is_list_of_a_person(attribute: &str) -> bool {
    matches!(attribute, "emails" | "phoneNumbers" | "addresses")
}

#[cfg(test)]
mod tests {
    use domain::{Confidence, Idp};
    use serde_json::json;

    use super::*;

    const AGENT: http::HeaderName = header::USER_AGENT;

    fn of(headers: &[(http::HeaderName, &'static str)], path: &str, query: &str) -> Option<(Idp, Confidence)> {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.clone(), http::HeaderValue::from_static(value))).collect();
        let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        shown(of_head(agent, &headers, path, Some(query).filter(|query| !query.is_empty())))
    }

    fn shown(marks: Marks) -> Option<(Idp, Confidence)> {
        marks.recognition().map(|found| (found.idp, found.confidence))
    }

    #[test]
    fn a_name_is_sure() {
        let entra = http::HeaderName::from_static("adscimversion");
        assert_eq!(of(&[(entra, "Date:2026-01-15T09:30:00Z")], "/Users", ""), Some((Idp::Entra, Confidence::Sure)));
        for (agent, idp) in [
            ("Okta SCIM Client 1.0.0", Idp::Okta),
            ("OKTA SCIM Integration", Idp::Okta),
            ("OneLogin SCIM", Idp::OneLogin),
            ("JumpCloud/1.0", Idp::JumpCloud),
            ("goauthentik.io/2026.1", Idp::Other),
        ] {
            assert_eq!(of(&[(AGENT, agent)], "/Users", ""), Some((idp, Confidence::Sure)), "{agent}");
        }
        assert_eq!(of(&[(AGENT, "central/2")], "/Users", ""), None);
    }

    #[test]
    fn look_ups_show_their_idp() {
        let likely = |idp| Some((idp, Confidence::Likely));
        let guess = |idp| Some((idp, Confidence::Guess));
        for (path, query, expected) in [
            ("/scim/acme/v2/Groups", "excludedAttributes=members&filter=displayName%20eq%20%22Pilots%22", likely(Idp::Entra)),
            ("/Users", "filter=id%20eq%20%221%22%20and%20manager%20eq%20%222%22&attributes=id", likely(Idp::Entra)),
            ("/Users", "aadOptscim062020&filter=userName+eq+%22a%22", likely(Idp::Entra)),
            ("/Users", "filter=userName%20eq%20%22dana%22&startIndex=1&count=100", guess(Idp::Okta)),
            ("/Users", "startIndex=1&count=2", guess(Idp::Okta)),
            ("/Groups", "startIndex=1&count=1", guess(Idp::JumpCloud)),
            ("/Users", "filter=userName%20eq%20%22fay%22", None),
            ("/Users", "startIndex=1&count=100", None),
            ("/Users", "", None),
        ] {
            assert_eq!(of(&[], path, query), expected, "{path}?{query}");
        }
    }

    #[test]
    fn bodies_show_their_idp() {
        let mut marks = Marks::default();
        of_patch(&json!({ "Operations": [{ "op": "replace", "value": { "active": false } }] }), &mut marks);
        of_resource(&json!({ "userName": "dana", "externalId": "00u1abcd2EFGH3ijkl4m" }), &mut marks);
        assert_eq!(shown(marks), Some((Idp::Okta, Confidence::Likely)));
        let mut plain = Marks::default();
        of_patch(&json!({ "Operations": [{ "op": "replace", "path": "active", "value": false }] }), &mut plain);
        of_patch(&json!({ "Operations": "none" }), &mut plain);
        of_resource(&json!({ "userName": "dana", "externalId": "4711" }), &mut plain);
        assert_eq!(shown(plain), None);
        let mut template = Marks::default();
        of_resource(&json!({ "id": null, ENTERPRISE: { "manager": { "value": "", "displayName": " " } } }), &mut template);
        assert_eq!(shown(template), Some((Idp::OneLogin, Confidence::Likely)));
    }

    #[test]
    fn repairs_show_their_idp() {
        let of = |rule, attribute: &str, sent: &str, of_group| {
            let mut marks = Marks::default();
            of_repairs(&[Repair::new(rule, attribute, sent, "")], of_group, &mut marks);
            shown(marks)
        };
        assert_eq!(of(RepairRule::OperationNameCase, "op", "Add", false), Some((Idp::Entra, Confidence::Likely)));
        assert_eq!(of(RepairRule::ReadOnlyIgnored, "id", "1", true), Some((Idp::Okta, Confidence::Likely)));
        assert_eq!(of(RepairRule::WrappedInList, "emails", "{}", false), Some((Idp::OneLogin, Confidence::Likely)));
        assert_eq!(of(RepairRule::RemoveWithValue, "members", "[]", true), Some((Idp::JumpCloud, Confidence::Guess)));
        assert_eq!(of(RepairRule::BooleanFromText, "active", "\"true\"", false), None);
        assert_eq!(of(RepairRule::UnknownAttribute, "x", "1", false), None);
    }
}
