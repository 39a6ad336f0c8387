//! The wire form of a PATCH.

use serde_json::{Map, Value};

use crate::attribute::same;
use crate::bound::Bound;
use crate::fault::{Fault, FaultKind};
use crate::repair::{RepairRule, short};
use crate::schema::PATCH_URN;
use crate::typing::{is_blank, refuse_nul};

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Adds values to a list, sets a single value.
    Add,
    /// Removes values.
    Remove,
    /// Sets values in the place of others.
    Replace,
}

impl Verb {
    /// Its name in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Replace => "replace",
        }
    }
}

/// One operation as sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What it does.
    pub op: Verb,
    /// Its name as it was spelled.
    pub spelled: String,
    /// The path's text, when there is one.
    pub path: Option<String>,
    /// The value; `None` when the key is missing, which only a remove can do without.
    pub value: Option<Value>,
}

/// The body of a PATCH.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchRequest {
    /// Its operations, at least one.
    pub operations: Vec<Operation>,
    /// What of the body's form is not the standard's: the rules that read it.
    pub forms: Vec<RepairRule>,
}

impl PatchRequest {
    /// The most operations in one request.
    pub const MAX_OPERATIONS: usize = 10_000;

    /// Reads the body of a PATCH; keys and operation names in any case.
    ///
    /// # Errors
    /// `invalidSyntax` when it is no PATCH or an operation is missing or unknown, `invalidValue` when it has none,
    /// `tooMany` beyond the limit.
    pub fn parse(body: Value) -> Result<Self, Fault> {
        refuse_nul(&body)?;
        let Value::Object(mut body) = body else {
            return Err(syntax("the body of a PATCH must be a JSON object"));
        };
        let Some(operations) = take(&mut body, "Operations") else {
            return legacy(body).ok_or_else(|| syntax("the body of a PATCH must have a list of Operations"));
        };
        let mut forms = Vec::new();
        if !take(&mut body, "schemas").is_some_and(|named| says_patch(&named)) {
            forms.push(RepairRule::MissingSchemas);
        }
        let list = match operations {
            Value::Array(list) => list,
            single @ Value::Object(_) => {
                forms.push(RepairRule::SingleOperation);
                vec![single]
            }
            _ => return Err(syntax("Operations must be a list")),
        };
        if list.is_empty() {
            return Err(Fault::new(FaultKind::InvalidValue, "Operations must have at least one operation"));
        }
        if list.len() > Self::MAX_OPERATIONS {
            let detail = format!("a PATCH takes at most {} operations", Self::MAX_OPERATIONS);
            return Err(Fault::beyond(Bound::PatchOperations, Self::MAX_OPERATIONS as u64, detail));
        }
        let operations = list.into_iter().map(operation).collect::<Result<_, _>>()?;
        Ok(Self { operations, forms })
    }
}

fn operation(value: Value) -> Result<Operation, Fault> {
    let Value::Object(mut object) = value else {
        return Err(syntax("each of the Operations must be an object"));
    };
    let Some(Value::String(spelled)) = take(&mut object, "op") else {
        return Err(syntax("each of the Operations must have an op: add, remove or replace"));
    };
    let verb = [Verb::Add, Verb::Remove, Verb::Replace].into_iter().find(|verb| same(verb.as_str(), spelled.trim()));
    let Some(op) = verb else {
        return Err(syntax(format!("{} is no operation; there are add, remove and replace", short(&Value::String(spelled)))));
    };
    let path = match take(&mut object, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.trim().is_empty() => None,
        Some(Value::String(path)) => Some(path),
        Some(_) => return Err(Fault::new(FaultKind::InvalidPath, "a path must be text")),
    };
    Ok(Operation { op, spelled, path, value: take(&mut object, "value") })
}

/// The PATCH of SCIM 1.1 groups (OneLogin): the changed attributes themselves, members with an `operation` each.
fn legacy(mut body: Map<String, Value>) -> Option<PatchRequest> {
    take(&mut body, "schemas");
    let members = take(&mut body, "members").filter(|members| !is_blank(members));
    let members = match members {
        Some(Value::Array(list)) => list,
        Some(single) => vec![single],
        None => return None,
    };
    let leaves = |member: &Value| member.get("operation").and_then(Value::as_str).is_some_and(|word| same(word, "delete"));
    let (gone, new): (Vec<Value>, Vec<Value>) = members.into_iter().partition(leaves);
    let of = |op: Verb, list: Vec<Value>| {
        let list: Vec<Value> = list.into_iter().map(without_operation).collect();
        let value = (!list.is_empty()).then_some(Value::Array(list))?;
        Some(Operation { op, spelled: op.as_str().to_owned(), path: Some("members".to_owned()), value: Some(value) })
    };
    let rest = Operation { op: Verb::Replace, spelled: "replace".to_owned(), path: None, value: None };
    let rest = (!body.is_empty()).then_some(Operation { value: Some(Value::Object(body)), ..rest });
    let operations = of(Verb::Remove, gone).into_iter().chain(of(Verb::Add, new)).chain(rest).collect();
    Some(PatchRequest { operations, forms: vec![RepairRule::Scim11Members] })
}

fn says_patch(schemas: &Value) -> bool {
    let is = |value: &Value| value.as_str().is_some_and(|urn| same(urn, PATCH_URN));
    is(schemas) || schemas.as_array().is_some_and(|list| list.iter().any(is))
}

fn without_operation(mut member: Value) -> Value {
    if let Value::Object(object) = &mut member {
        object.remove("operation");
    }
    member
}

fn take(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    if let Some(value) = object.remove(name) {
        return Some(value);
    }
    let key = object.keys().find(|key| same(key, name))?.clone();
    object.remove(&key)
}

fn syntax(detail: impl Into<String>) -> Fault {
    Fault::new(FaultKind::InvalidSyntax, detail)
}
