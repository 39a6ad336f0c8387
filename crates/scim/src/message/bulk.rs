//! Bulk requests and their answers, RFC 7644 §3.7.

use serde_json::{Map, Value};

use super::query::note_schema;
use crate::attribute::same;
use crate::fault::{Fault, FaultKind};
use crate::repair::{Repairs, short_text};
use crate::schema::{BULK_RESPONSE_URN, BULK_URN};
use crate::typing::refuse_nul;

const PREFIX: &str = "bulkId:";
/// How a name begins inside the value filter of a path.
const QUOTED: &str = "\"bulkId:";

/// The method of an operation in a bulk request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BulkMethod {
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

impl BulkMethod {
    /// Its name in a message.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One operation of a bulk request.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOperation {
    /// What to do.
    pub method: BulkMethod,
    /// Where, below the SCIM URL: `/Users` or `/Users/{id}`.
    pub path: String,
    /// The client's name for what a POST makes.
    pub bulk_id: Option<String>,
    /// The entity tag the resource must have.
    pub version: Option<String>,
    /// The body.
    pub data: Option<Value>,
}

/// A bulk request.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkRequest {
    /// After how many failures to stop; never without it.
    pub fail_on_errors: Option<u64>,
    /// The operations in their order.
    pub operations: Vec<BulkOperation>,
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkResult {
    /// The operation's method.
    pub method: BulkMethod,
    /// The operation's name, when it has one.
    pub bulk_id: Option<String>,
    /// The resource's URL; none for a POST that failed.
    pub location: Option<String>,
    /// The resource's entity tag afterwards.
    pub version: Option<String>,
    /// The status.
    pub status: u16,
    /// The error body of a failure.
    pub response: Option<Value>,
}

impl BulkRequest {
    /// Reads the body of a bulk request. Its limits are the caller's to check.
    ///
    /// # Errors
    /// `invalidSyntax` for what is no bulk request, also when two operations have the same `bulkId` or a POST has none; on
    /// a strict connection also when it does not name its schema.
    pub fn parse(body: Value, repairs: &mut Repairs) -> Result<Self, Fault> {
        refuse_nul(&body)?;
        let Value::Object(mut body) = body else {
            return Err(syntax("the body of a bulk request must be a JSON object"));
        };
        note_schema(&body, BULK_URN, repairs)?;
        let Some(Value::Array(list)) = take(&mut body, "Operations") else {
            return Err(syntax("a bulk request must have a list of Operations"));
        };
        let fail_on_errors = match take(&mut body, "failOnErrors") {
            None => None,
            Some(value) => {
                Some(value.as_u64().filter(|most| *most > 0).ok_or_else(|| syntax("failOnErrors expects a number from 1"))?)
            }
        };
        let operations = list.into_iter().map(operation).collect::<Result<Vec<_>, _>>()?;
        let mut names = std::collections::HashSet::new();
        if let Some(twice) =
            operations.iter().filter_map(|operation| operation.bulk_id.as_deref()).find(|name| !names.insert(*name))
        {
            return Err(syntax(format!("the bulkId {} is used twice", short_text(twice))));
        }
        Ok(Self { fail_on_errors, operations })
    }
}

impl BulkOperation {
    /// What tells it apart from others, without what it carries.
    #[must_use]
    pub fn without_data(&self) -> Self {
        let Self { method, path, bulk_id, version, data: _ } = self;
        Self { method: *method, path: path.clone(), bulk_id: bulk_id.clone(), version: version.clone(), data: None }
    }

    /// The names of other operations of which this one needs the resource: in its data and in its path.
    pub fn references(&self) -> Vec<String> {
        let mut names = Vec::new();
        names.extend(self.path.split('/').filter_map(|part| part.strip_prefix(PREFIX)).map(str::to_owned));
        self.data.iter().for_each(|data| collect(data, &mut names));
        names
    }

    /// Puts ids in the place of the names of other operations, as far as `id_of` knows them.
    pub fn resolve(&mut self, id_of: &impl Fn(&str) -> Option<String>) {
        let parts: Vec<String> =
            self.path.split('/').map(|part| substitute(part, id_of).unwrap_or_else(|| part.to_owned())).collect();
        self.path = parts.join("/");
        if let Some(data) = &mut self.data {
            replace(data, id_of);
        }
    }
}

impl BulkResult {
    /// The answer to a bulk request.
    pub fn response(results: Vec<Self>) -> Value {
        let results: Vec<Value> = results.into_iter().map(Self::into_value).collect();
        serde_json::json!({"schemas": [BULK_RESPONSE_URN], "Operations": results})
    }

    fn into_value(self) -> Value {
        let mut entry = Map::new();
        let text = |name: &str, value: Option<String>| value.map(|value| (name.to_owned(), Value::String(value)));
        entry.insert("method".to_owned(), self.method.as_str().into());
        entry.extend(text("bulkId", self.bulk_id));
        entry.extend(text("location", self.location));
        entry.extend(text("version", self.version));
        entry.insert("status".to_owned(), self.status.to_string().into());
        entry.extend(self.response.map(|response| ("response".to_owned(), response)));
        Value::Object(entry)
    }
}

fn operation(value: Value) -> Result<BulkOperation, Fault> {
    let Value::Object(mut object) = value else {
        return Err(syntax("each of the Operations must be an object"));
    };
    let name = text(&mut object, "method")?.ok_or_else(|| syntax("each of the Operations must have a method"))?;
    let methods = [BulkMethod::Post, BulkMethod::Put, BulkMethod::Patch, BulkMethod::Delete];
    let Some(method) = methods.into_iter().find(|method| same(method.as_str(), &name)) else {
        return Err(syntax(format!("{} is no method of a bulk request", short_text(&name))));
    };
    let path = text(&mut object, "path")?.ok_or_else(|| syntax("each of the Operations must have a path"))?;
    let bulk_id = text(&mut object, "bulkId")?.filter(|name| !name.is_empty());
    if method == BulkMethod::Post && bulk_id.is_none() {
        return Err(syntax("a POST in a bulk request must have a bulkId"));
    }
    let version = text(&mut object, "version")?;
    let data = take(&mut object, "data");
    if method != BulkMethod::Delete && data.is_none() {
        return Err(syntax(format!("a {} in a bulk request must have data", method.as_str())));
    }
    Ok(BulkOperation { method, path, bulk_id, version, data })
}

fn text(object: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Fault> {
    match take(object, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(syntax(format!("{name} must be text"))),
    }
}

fn take(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let key = object.keys().find(|key| same(key, name))?.clone();
    object.remove(&key).filter(|value| !value.is_null())
}

fn collect(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::String(text) => names.extend(text.strip_prefix(PREFIX).map(str::to_owned)),
        Value::Array(list) => list.iter().for_each(|value| collect(value, names)),
        Value::Object(object) => object.iter().for_each(|(key, value)| match value {
            Value::String(path) if key == "path" => names.extend(quoted(path).map(str::to_owned)),
            value => collect(value, names),
        }),
        _ => {}
    }
}

fn replace(value: &mut Value, id_of: &impl Fn(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = substitute(text, id_of) {
                *text = id;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| replace(value, id_of)),
        Value::Object(object) => object.iter_mut().for_each(|(key, value)| match value {
            Value::String(path) if key == "path" => *path = in_path(path, id_of),
            value => replace(value, id_of),
        }),
        _ => {}
    }
}

fn substitute(text: &str, id_of: &impl Fn(&str) -> Option<String>) -> Option<String> {
    id_of(text.strip_prefix(PREFIX)?)
}

/// The names in the value filters of a PATCH path: `members[value eq "bulkId:x"]`.
fn quoted(path: &str) -> impl Iterator<Item = &str> {
    path.split(QUOTED).skip(1).filter_map(|rest| rest.split_once('"').map(|(name, _)| name))
}

fn in_path(path: &str, id_of: &impl Fn(&str) -> Option<String>) -> String {
    let mut parts = path.split(QUOTED);
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('"').and_then(|(name, rest)| Some((id_of(name)?, rest))) {
            Some((id, rest)) => made.extend(["\"", &id, "\"", rest]),
            None => made.extend([QUOTED, part]),
        }
    }
    made
}

fn syntax(detail: impl Into<String>) -> Fault {
    Fault::new(FaultKind::InvalidSyntax, detail)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_are_read_and_their_references_resolved() {
        let body = json!({"failOnErrors": 1, "Operations": [
            {"method": "post", "path": "/Groups", "bulkId": "ga", "data": {"displayName": "A", "members": [{"value": "bulkId:gb"}, {"value": "1"}]}},
            {"method": "PATCH", "path": "/Groups/bulkId:ga", "version": "W/\"1\"", "data": {"Operations": [{"op": "remove", "path": "members[value eq \"bulkId:gb\" or value eq \"bulkId:gc\"]"}]}},
            {"method": "DELETE", "path": "/Users/1"}]});
        let mut request = BulkRequest::parse(body, &mut Repairs::lenient()).unwrap();
        let names: Vec<Vec<String>> = request.operations.iter().map(BulkOperation::references).collect();
        assert_eq!(names, [vec!["gb".to_owned()], vec!["ga".to_owned(), "gb".to_owned(), "gc".to_owned()], vec![]]);
        request.operations.iter_mut().for_each(|operation| operation.resolve(&|name| Some(format!("id-{name}"))));
        assert_eq!(request.operations[0].data.as_ref().unwrap()["members"][0]["value"], json!("id-gb"));
        assert_eq!(request.operations[1].path, "/Groups/id-ga");
        assert_eq!(
            request.operations[1].data.as_ref().unwrap()["Operations"][0]["path"],
            json!("members[value eq \"id-gb\" or value eq \"id-gc\"]")
        );
        assert_eq!(request.operations.iter().map(BulkOperation::references).collect::<Vec<_>>().concat(), Vec::<String>::new());
    }

    #[test]
    fn every_name_in_a_path_is_replaced_once_and_an_unknown_one_stays() {
        let id_of = |name: &str| (name != "x").then(|| "bulkId:y".to_owned());
        let path = r#"members[value eq "bulkId:a" or value eq "bulkId:x" or value eq "bulkId:a"] "bulkId:b"#;
        let wanted = r#"members[value eq "bulkId:y" or value eq "bulkId:x" or value eq "bulkId:y"] "bulkId:b"#;
        assert_eq!(in_path(path, &id_of), wanted);
    }

    #[test]
    fn broken_requests_are_refused() {
        let one = |operation: Value| json!({"Operations": [operation]});
        for body in [
            json!([]),
            json!({}),
            json!({"Operations": 1}),
            json!({"Operations": [], "failOnErrors": 0}),
            one(json!(1)),
            one(json!({"path": "/Users"})),
            one(json!({"method": "GET", "path": "/Users"})),
            one(json!({"method": "POST", "path": "/Users", "data": {}})),
            one(json!({"method": "PUT", "path": "/Users/1"})),
            one(json!({"method": "DELETE"})),
            json!({"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {}}, {"method": "POST", "path": "/Users", "bulkId": "a", "data": {}}]}),
        ] {
            assert_eq!(BulkRequest::parse(body, &mut Repairs::lenient()).unwrap_err().kind(), FaultKind::InvalidSyntax);
        }
    }

    #[test]
    fn the_status_of_a_result_is_text() {
        let result = BulkResult {
            method: BulkMethod::Post,
            bulk_id: Some("a".to_owned()),
            location: None,
            version: None,
            status: 201,
            response: None,
        };
        let body = BulkResult::response(vec![result]);
        assert_eq!(body["Operations"], json!([{"method": "POST", "bulkId": "a", "status": "201"}]));
    }
}
