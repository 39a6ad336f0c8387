//! Breaking a ring of names (RFC 7644 §3.7.1): members and managers who are not made yet are left out and come later.

use std::collections::HashSet;

use scim::{BulkMethod, BulkOperation, ENTERPRISE_URN, PATCH_URN};
use serde_json::{Value, json};

const PREFIX: &str = "bulkId:";

/// What was left out of an operation, as the operations of a PATCH.
pub(super) struct Later(Vec<Value>);

impl Later {
    /// The change that brings it to the resource at `location`.
    pub(super) fn on(self, location: &str) -> BulkOperation {
        let mut parts = location.rsplitn(3, '/');
        let (id, collection) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let data = json!({ "schemas": [PATCH_URN], "Operations": self.0 });
        let path = format!("/{collection}/{id}");
        BulkOperation { method: BulkMethod::Patch, path, bulk_id: None, version: None, data: Some(data) }
    }
}

/// Takes members and a manager out of a POST or PUT that are named in `unknown`. What cannot come later stays, and its
/// operation fails.
pub(super) fn take_out(operation: &mut BulkOperation, unknown: &HashSet<&str>) -> Option<Later> {
    if unknown.is_empty() || !matches!(operation.method, BulkMethod::Post | BulkMethod::Put) {
        return None;
    }
    let named = |value: &Value| {
        let name = value.get("value").unwrap_or(value).as_str().and_then(|text| text.strip_prefix(PREFIX));
        name.is_some_and(|name| unknown.contains(name))
    };
    let data = operation.data.as_mut()?.as_object_mut()?;
    let mut later = Vec::new();
    if let Some(members) = data.get_mut("members").and_then(Value::as_array_mut) {
        let (out, kept): (Vec<Value>, Vec<Value>) = std::mem::take(members).into_iter().partition(|member| named(member));
        *members = kept;
        if !out.is_empty() {
            later.push(json!({ "op": "add", "path": "members", "value": out }));
        }
    }
    if let Some(extension) = data.get_mut(ENTERPRISE_URN).and_then(Value::as_object_mut)
        && extension.get("manager").is_some_and(named)
        && let Some(manager) = extension.remove("manager")
    {
        later.push(json!({ "op": "add", "path": format!("{ENTERPRISE_URN}:manager"), "value": manager }));
    }
    (!later.is_empty()).then_some(Later(later))
}

/// Drops the members of a later change whose operations failed in the meantime; says whether anything is left of it.
pub(super) fn forget(change: &mut BulkOperation) -> bool {
    let lost = |value: &Value| {
        let text = value.get("value").unwrap_or(value).as_str();
        text.is_some_and(|text| text.starts_with(PREFIX))
    };
    let steps = change.data.as_mut().and_then(|data| data.get_mut("Operations")).and_then(Value::as_array_mut);
    let Some(steps) = steps else { return false };
    for step in steps.iter_mut() {
        if let Some(members) = step.get_mut("value").and_then(Value::as_array_mut) {
            members.retain(|member| !lost(member));
        }
    }
    steps.retain(|step| !step.get("value").is_some_and(lost) && step.get("value") != Some(&json!([])));
    !steps.is_empty()
}
