//! The part of a list that a query asks for, and the answer made of it.

use domain::ResourceKind;
use scim::{Fault, FaultKind, ListQuery, ListResponse, MemberKind, ResourceSchema};
use serde_json::Value;
use store::{Listing, Mark, Window};

use crate::context::ScimContext;
use crate::cursor::CursorList;
use crate::failure::Failure;
use crate::observe::RequestRecord;

/// The listing a query means: by index (RFC 7644 §3.4.2.4) or by cursor (RFC 9865).
pub(crate) fn listing(
    context: &ScimContext,
    query: &ListQuery,
    kind: ResourceKind,
    schema: &ResourceSchema,
    record: &mut RequestRecord,
) -> Result<Listing, Failure> {
    let limits = context.shared.settings.limits;
    let count = query.count.unwrap_or(limits.page).min(limits.most_on_a_page);
    let window = match &query.cursor {
        None => Window::Index { offset: query.start().saturating_sub(1), count },
        Some(_) if query.start_index.is_some() => {
            return Err(Fault::new(FaultKind::InvalidValue, "a page is asked for by startIndex or by cursor, not by both").into());
        }
        Some(cursor) if cursor.is_empty() => Window::After { last: None, count },
        Some(cursor) => Window::After { last: Some(list(context, query, kind).open(cursor, context.now)?), count },
    };
    let mut repairs = context.repairs();
    let read = query.condition(schema, &mut repairs);
    record.repairs.extend(repairs.into_list());
    let condition = read?.map(|condition| condition.without_addresses(&context.base, member_kind(kind)));
    Ok(Listing { condition, sort: query.sort(schema)?, window, total: true })
}

/// The message around a page.
pub(crate) fn response(
    context: &ScimContext,
    query: &ListQuery,
    kind: ResourceKind,
    resources: Vec<Value>,
    total: u64,
    next: Option<&Mark>,
) -> ListResponse {
    let list_response = ListResponse { total_results: total, resources, ..ListResponse::default() };
    if query.cursor.is_none() {
        return ListResponse { start_index: Some(query.start()), ..list_response };
    }
    let next_cursor = next.map(|mark| list(context, query, kind).seal(mark, context.now));
    ListResponse { next_cursor, ..list_response }
}

/// The protocol's word for the kind.
pub(crate) fn member_kind(kind: ResourceKind) -> MemberKind {
    match kind {
        ResourceKind::User => MemberKind::User,
        ResourceKind::Group => MemberKind::Group,
    }
}

fn list<'l>(context: &'l ScimContext, query: &'l ListQuery, kind: ResourceKind) -> CursorList<'l> {
    CursorList { key: &context.shared.key, tenant: context.known.tenant.id, kind, query }
}
