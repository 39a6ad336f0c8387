//! The part of a list that a query asks for.

use scim::{ListQuery, ResourceSchema};
use store::{Listing, Window};

use crate::context::ScimContext;
use crate::failure::Failure;

/// The listing a query means (RFC 7644 §3.4.2.4).
pub(crate) fn listing(context: &ScimContext, query: &ListQuery, schema: &ResourceSchema) -> Result<Listing, Failure> {
    let limits = context.shared.settings.limits;
    let count = query.count.unwrap_or(limits.page).min(limits.most_on_a_page);
    let window = Window::Index { offset: query.start().saturating_sub(1), count };
    Ok(Listing { condition: query.condition(schema)?, window, total: true })
}
