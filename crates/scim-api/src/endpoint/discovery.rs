//! What the service can do (RFC 7644 §4): the very schemas that the engine uses.

use std::borrow::Cow;

use scim::message::discovery;
use scim::{ListQuery, ListResponse, ServiceProvider};
use serde_json::Value;

use crate::answer::Answer;
use crate::context::ScimContext;
use crate::cursor;
use crate::failure::Failure;

/// RFC 7644 §4: parameters mean nothing here, but a filter is refused, so that nobody takes the whole for what was asked.
pub(super) fn unfiltered<'q>(
    endpoint: &'static str,
    mut query: impl Iterator<Item = (Cow<'q, str>, Cow<'q, str>)>,
) -> Result<ListQuery, Failure> {
    let filtered = query.any(|(name, _)| name.eq_ignore_ascii_case("filter"));
    if filtered { Err(Failure::DiscoveryFiltered(endpoint)) } else { Ok(ListQuery::default()) }
}

pub(super) fn service_provider(context: &ScimContext) -> Answer {
    let limits = context.shared.settings.limits;
    let provider = ServiceProvider {
        max_payload: limits.body as u64,
        max_results: limits.most_on_a_page,
        default_page_size: limits.page,
        bulk: true,
        max_bulk_operations: limits.bulk_operations as u64,
        sort: true,
        cursor: true,
        cursor_timeout: u64::try_from(cursor::LIFE).ok(),
        strict: context.known.connection.strict,
        ..ServiceProvider::default()
    };
    Answer::ok(provider.document(&context.base))
}

pub(super) fn resource_types(context: &ScimContext) -> Answer {
    let types = [context.users(), context.groups()];
    list(types.iter().map(|schema| discovery::resource_type(schema, &context.base)).collect())
}

pub(super) fn resource_type(context: &ScimContext, id: &str) -> Result<Answer, Failure> {
    let types = [context.users(), context.groups()];
    let found = types.into_iter().find(|schema| schema.name() == id);
    found
        .map(|schema| Answer::ok(discovery::resource_type(schema, &context.base)))
        .ok_or_else(|| Failure::NotFound(id.to_owned()))
}

pub(super) fn schemas(context: &ScimContext) -> Answer {
    list(all(context))
}

pub(super) fn schema(context: &ScimContext, id: &str) -> Result<Answer, Failure> {
    // The colons of a URN need no encoding in a path, but clients encode them.
    let id = id.replace("%3A", ":").replace("%3a", ":");
    let found = all(context)
        .into_iter()
        .find(|schema| schema.get("id").and_then(Value::as_str).is_some_and(|urn| urn.eq_ignore_ascii_case(&id)));
    found.map(Answer::ok).ok_or_else(|| Failure::NotFound(id))
}

fn all(context: &ScimContext) -> Vec<Value> {
    discovery::schemas(&[context.users(), context.groups()], &context.base)
}

fn list(resources: Vec<Value>) -> Answer {
    Answer::ok(ListResponse::whole(resources).into_value())
}
