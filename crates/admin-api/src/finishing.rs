//! The OpenAPI document brought into the form that generators of clients read, where poem-openapi writes another.

use serde_json::{Map, Value};

use crate::webhooks;

/// poem-openapi names a charset that JSON does not have (RFC 8259 §11), and a licence identifier that 3.0 has no place
/// for; it does not say that a body with unknown members is refused. Further: a type by reference, with words about it
/// beside the reference in one list, is read as two types of which one is not known; `default` is read as if successes
/// could look like refusals; a stream is read as one JSON array. What webhooks get is no operation, so it is added.
pub(crate) fn finish(document: &mut Value) {
    if let Some(license) = document.pointer_mut("/info/license").and_then(Value::as_object_mut) {
        license.remove("identifier");
    }
    for path in objects(document, "/paths") {
        for (_, operation) in path.as_object_mut().into_iter().flatten() {
            if let Some(body) = operation.pointer_mut("/requestBody/content") {
                plain_json(body);
            }
            if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
                refusals(responses);
            }
            for response in objects(operation, "/responses") {
                if let Some(content) = response.get_mut("content") {
                    plain_json(content);
                    plain_text(content);
                }
            }
        }
    }
    let bodies: Vec<String> = bodies(document);
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, schema) in schemas {
            if let (true, Some(schema)) = (bodies.contains(name), schema.as_object_mut()) {
                schema.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
    }
    plain_references(document);
    webhooks::describe(document);
}

fn objects<'v>(value: &'v mut Value, pointer: &str) -> impl Iterator<Item = &'v mut Value> {
    value.pointer_mut(pointer).and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
}

fn plain_json(content: &mut Value) {
    if let Some(content) = content.as_object_mut()
        && let Some(schema) = content.remove("application/json; charset=utf-8")
    {
        content.insert("application/json".to_owned(), schema);
    }
}

/// Refusals have statuses of their own, all of them one form.
fn refusals(responses: &mut Map<String, Value>) {
    if let Some(refusal) = responses.remove("default") {
        responses.insert("4XX".to_owned(), refusal.clone());
        responses.insert("5XX".to_owned(), refusal);
    }
}

/// What is no JSON is text, and of what its lines or messages are stands in words.
fn plain_text(content: &mut Value) {
    for (kind, media) in content.as_object_mut().into_iter().flatten() {
        if kind == "application/json" || kind.ends_with("+json") {
            continue;
        }
        let schema = media.get("schema").unwrap_or(&Value::Null);
        let of = schema.pointer("/items/$ref").or_else(|| schema.get("$ref")).and_then(Value::as_str);
        let part = if kind == "text/event-stream" { "The data of each event" } else { "Each line" };
        let mut text = Map::new();
        text.insert("type".to_owned(), "string".into());
        if let Some((_, of)) = of.and_then(|of| of.rsplit_once('/')) {
            text.insert("description".to_owned(), format!("{part} is a `{of}` as JSON.").into());
        }
        if let Some(media) = media.as_object_mut() {
            media.insert("schema".to_owned(), Value::Object(text));
        }
    }
}

/// Leaves of `allOf` the reference alone; words about it and its default stand beside the list.
fn plain_references(value: &mut Value) {
    match value {
        Value::Object(object) => {
            let words = object.get_mut("allOf").and_then(Value::as_array_mut).and_then(|all| {
                let worded = matches!(
                    all.as_slice(),
                    [Value::Object(first), Value::Object(second)] if first.contains_key("$ref") && is_words(second)
                );
                if worded { all.pop() } else { None }
            });
            if let Some(Value::Object(words)) = words {
                for (name, word) in words {
                    object.entry(name).or_insert(word);
                }
            }
            object.values_mut().for_each(plain_references);
        }
        Value::Array(all) => all.iter_mut().for_each(plain_references),
        _ => {}
    }
}

/// Whether a schema says nothing of what a value can be.
fn is_words(schema: &Map<String, Value>) -> bool {
    schema.keys().all(|name| matches!(name.as_str(), "title" | "description" | "default" | "deprecated"))
}

/// The names of the schemas that stand in request bodies; all of them refuse unknown members.
fn bodies(document: &Value) -> Vec<String> {
    let paths = document.pointer("/paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let operations = paths.filter_map(Value::as_object).flat_map(Map::values);
    let references = operations.filter_map(|o| o.pointer("/requestBody/content/application~1json/schema/$ref")?.as_str());
    references.filter_map(|name| Some(name.rsplit_once('/')?.1.to_owned())).collect()
}
