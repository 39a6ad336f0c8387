//! The largest requests: a bulk request of 1,000 operations, a group made with 50,000 members, a PATCH of 10,000 of them.

use serde_json::{Value, json};

use crate::door::Door;
use crate::{Failure, person};

/// As many operations as one bulk request takes.
pub(crate) const BULK: usize = 1_000;
/// As many members as one request may name.
pub(crate) const MEMBERS: usize = 50_000;
/// Member changes of one PATCH.
const CHANGES: usize = 10_000;

/// Measures them one after another; nothing else runs meanwhile.
pub(crate) async fn run(door: &Door) -> Result<(), Failure> {
    let creates = |_: usize, round: usize| {
        let operations = (0..BULK).map(|n| {
            let name = format!("large{}", round * BULK + n);
            json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": person(&name) })
        });
        ("/Bulk".to_owned(), Some(bulk(operations)))
    };
    let (_, answers) = door.answers("Bulk of 1,000 creates", 1, MEMBERS / BULK, "POST", creates).await?;
    let ids: Vec<String> = answers.iter().flat_map(made).collect();
    if ids.len() != MEMBERS {
        return Err(format!("{} of {MEMBERS} people were made", ids.len()).into());
    }
    let mixed = |_: usize, round: usize| {
        let operations = (0..BULK).map(|n| mixed(&format!("{round}-{n}"), n, &ids));
        ("/Bulk".to_owned(), Some(bulk(operations)))
    };
    let (_, answers) = door.answers("Bulk of 1,000 mixed operations", 1, 3, "POST", mixed).await?;
    let failed = answers.iter().flat_map(results).filter(|result| result["status"].as_str().is_none_or(|status| status >= "300"));
    if let Some(failed) = failed.into_iter().next() {
        return Err(format!("a mixed operation failed: {failed}").into());
    }

    let member = |id: &String| json!({ "value": id });
    let body = json!({ "displayName": "Large", "members": ids.iter().map(member).collect::<Vec<_>>() });
    let group =
        door.run("POST of 50,000 members", 1, 1, "POST", |_, _| ("/Groups?attributes=id".to_owned(), Some(body.clone()))).await?;
    let path = format!("/Groups/{}?attributes=id", group.1.first().cloned().unwrap_or_default());
    let some = ids.get(..CHANGES).unwrap_or_default();
    let one_by_one: Vec<Value> =
        some.iter().map(|id| json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") })).collect();
    let together = json!([{ "op": "add", "path": "members", "value": some.iter().map(member).collect::<Vec<_>>() }]);
    for (what, operations) in [("PATCH of 10,000 removals", Value::from(one_by_one)), ("PATCH that adds 10,000", together)] {
        let body = json!({ "schemas": [scim::PATCH_URN], "Operations": operations });
        door.run(what, 1, 1, "PATCH", |_, _| (path.clone(), Some(body.clone()))).await?;
    }
    Ok(())
}

pub(crate) fn bulk(operations: impl Iterator<Item = Value>) -> Value {
    json!({ "schemas": [scim::BULK_URN], "Operations": operations.collect::<Vec<_>>() })
}

/// Four people made, two changed, two replaced and a group with one of the people to each ten.
fn mixed(name: &str, n: usize, ids: &[String]) -> Value {
    let known = ids.get(n).cloned().unwrap_or_default();
    match n % 10 {
        0..=3 => json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": person(&format!("mixed{name}")) }),
        4 | 5 => {
            let operation = json!({ "op": "replace", "path": "title", "value": name });
            json!({ "method": "PATCH", "path": format!("/Users/{known}"), "data": { "schemas": [scim::PATCH_URN], "Operations": [operation] } })
        }
        6 | 7 => json!({ "method": "PUT", "path": format!("/Users/{known}"), "data": person(&format!("put{name}")) }),
        _ => {
            let member = name.rsplit_once('-').map(|(round, _)| format!("bulkId:{round}-{}", n - n % 10)).unwrap_or_default();
            json!({ "method": "POST", "path": "/Groups", "bulkId": name, "data": { "displayName": format!("mixed {name}"), "members": [{ "value": member }] } })
        }
    }
}

fn results(answer: &Value) -> Vec<Value> {
    answer.get("Operations").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The ids of what a bulk request made.
pub(crate) fn made(answer: &Value) -> Vec<String> {
    let locations = results(answer).into_iter().filter_map(|result| Some(result.get("location")?.as_str()?.to_owned()));
    locations.filter_map(|location| Some(location.rsplit_once('/')?.1.to_owned())).collect()
}
