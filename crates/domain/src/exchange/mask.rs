//! Values that say who somebody is give way to their kind and length; what a body is made of stays readable.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::secrets::{REMOVED, attribute_of, is_secret};
use super::{Side, expression};

/// What the service says of itself, to everybody the same.
const DISCOVERY: [&str; 3] = ["ServiceProviderConfig", "ResourceType", "Schema"];
/// Numbers that count something of the message.
const COUNTS: [&str; 9] = [
    "totalresults",
    "startindex",
    "itemsperpage",
    "count",
    "status",
    "failonerrors",
    "expires_in",
    "maxoperations",
    "maxpayloadsize",
];

/// A value with everything masked that may say who somebody is.
pub(super) fn masked(value: Value, side: Side) -> Value {
    if side == Side::Answer && says_what_we_are(&value) { value } else { walk(value, "") }
}

/// Whether it is a document of discovery, or a list of such.
fn says_what_we_are(value: &Value) -> bool {
    let one = |value: &Value| {
        let kind = value.pointer("/meta/resourceType").and_then(Value::as_str);
        kind.is_some_and(|kind| DISCOVERY.contains(&kind))
    };
    let all = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(one));
    one(value) || value.get("Resources").is_some_and(all)
}

fn walk(value: Value, key: &str) -> Value {
    match value {
        Value::Object(object) => Value::Object(walk_object(object, key)),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| walk(item, key)).collect()),
        Value::String(text) => Value::String(text_of(text, key)),
        Value::Bool(_) if !matches!(key, "active" | "primary") => "<boolean>".into(),
        Value::Number(number) if !COUNTS.contains(&key) => length_of("number", &number.to_string()).into(),
        other => other,
    }
}

fn walk_object(object: Map<String, Value>, key: &str) -> Map<String, Value> {
    let attribute = attribute_of(&object).map(last);
    let secret = attribute.as_deref().is_some_and(is_secret);
    let members = object.into_iter().map(|(name, member)| {
        let own = last(&name);
        if (is_secret(&name) || (secret && own == "value")) && !member.is_null() {
            return (name_of(&name), REMOVED.into());
        }
        let masked = match &attribute {
            Some(attribute) if own == "value" => walk(member, attribute),
            // Times are those of the record and not of a person.
            _ if key == "meta" && matches!(own.as_str(), "created" | "lastmodified") => moment(member),
            _ => walk(member, &own),
        };
        (name_of(&name), masked)
    });
    members.collect()
}

fn moment(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() <= 40 && text.bytes().all(|byte| b"0123456789TZ:.+-".contains(&byte)) => {
            Value::String(text)
        }
        other => walk(other, ""),
    }
}

/// The last part of an attribute's name, in lower case.
fn last(name: &str) -> String {
    name.rsplit(['.', ':']).next().unwrap_or_default().to_ascii_lowercase()
}

/// The name of an object's member. A whole path may stand there, or what is no name at all.
fn name_of(name: &str) -> String {
    if expression::is_name(name) { name.to_owned() } else { expression::masked(name) }
}

fn text_of(text: String, key: &str) -> String {
    let readable = match key {
        "path" | "filter" | "sortby" | "attributes" | "excludedattributes" => return expression::masked(&text),
        "op" | "method" | "resourcetype" | "sortorder" | "scimtype" | "token_type" | "grant_type" | "error" | "type" => {
            is_plain(&text, 20, "_-")
        }
        "status" => text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit()),
        "active" | "primary" => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        "bulkid" => is_plain(&text, 64, "_-"),
        "schemas" | "schema" | "client_assertion_type" => text.starts_with("urn:") && is_plain(&text, 200, "_.:-"),
        "version" => is_plain(&text, 40, "\"/_-"),
        "location" | "$ref" => is_plain(&text, 300, "_.:/-") && text.rsplit('/').next().is_some_and(is_id),
        "scope" => text.split(' ').all(|word| matches!(word, "scim" | "scim:read")),
        "client_id" => text.starts_with("dsc_") && is_plain(&text, 40, "_"),
        _ => false,
    };
    let named_in_bulk = text.strip_prefix("bulkId:").is_some_and(|name| is_plain(name, 64, "_-"));
    if readable || named_in_bulk || text == REMOVED || is_id(&text) { text } else { length_of("text", &text) }
}

/// Ids tell records apart and nobody who somebody is.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// Whether it is short and holds letters and digits of ASCII and `others` alone.
pub(super) fn is_plain(text: &str, most: usize, others: &str) -> bool {
    !text.is_empty() && text.len() <= most && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

/// What stands in a value's place.
pub(super) fn length_of(kind: &str, text: &str) -> String {
    format!("<{kind} {}>", text.chars().count())
}
