//! `/.search`: people and groups in one list (RFC 7644 §3.4.2.1, §3.4.3). People come first, each type in the order of
//! creation.

use domain::ResourceKind;
use scim::{Condition, Fault, FaultKind, Filter, ListResponse, MemberKind, ResourceSchema};
use store::{Listing, Window};

use super::Sent;
use crate::answer::Answer;
use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::RequestRecord;
use crate::representation;

pub(super) async fn search(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let query = sent.search(context, record)?;
    if query.sort_by.is_some() || query.cursor.is_some() {
        let why = "a search over all types is neither sorted nor paged by cursor; search one type, such as /Users/.search";
        return Err(Fault::new(FaultKind::InvalidValue, why).into());
    }
    let (users, groups) = (context.users(), context.groups());
    let (of_users, of_groups) = match query.filter.as_deref().map(Filter::parse).transpose()? {
        None => (None, None),
        Some(filter) => {
            let mut repairs = context.repairs();
            let noted = filter.note_repairs(users, &mut repairs).and_then(|()| filter.note_repairs(groups, &mut repairs));
            record.repairs.extend(repairs.into_list());
            noted?;
            let of = |schema: &ResourceSchema, other: &ResourceSchema, kind| {
                Condition::resolve_across(&filter, schema, &[other]).map(|found| found.without_addresses(&context.base, kind))
            };
            (Some(of(users, groups, MemberKind::User)?), Some(of(groups, users, MemberKind::Group)?))
        }
    };
    if let Some(condition) = &of_users {
        super::looked_for(condition, record);
    }
    let limits = context.shared.settings.limits;
    let (offset, count) = (query.start().saturating_sub(1), query.count.unwrap_or(limits.page).min(limits.most_on_a_page));

    let people = listing(of_users, offset, count);
    context.take_turn_to_list(&people, ResourceKind::User).await?;
    let people = context.store.users().list(&people).await?;
    let number = people.total.unwrap_or_default();
    let left = count.saturating_sub(people.items.len() as u64);
    let rest = listing(of_groups, offset.saturating_sub(number), left);
    context.take_turn_to_list(&rest, ResourceKind::Group).await?;
    let rest = context.store.groups().list(&rest).await?;
    let total_results = number + rest.total.unwrap_or_default();
    record.found = Some(total_results);

    let mut resources = representation::users(context, people.items, &query.projection(users)?).await?;
    resources.extend(representation::groups(context, rest.items, &query.projection(groups)?).await?);
    let list = ListResponse { total_results, start_index: Some(query.start()), resources, ..ListResponse::default() };
    Ok(Answer::ok(list.into_value()))
}

fn listing(condition: Option<Condition>, offset: u64, count: u64) -> Listing {
    Listing { condition, sort: None, window: Window::Index { offset, count }, total: true }
}
