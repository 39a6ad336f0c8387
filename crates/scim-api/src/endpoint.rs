//! From HTTP to an operation and back: one arm a row of the route table.

mod bulk;
mod discovery;
mod groups;
mod search;
mod users;

use bytes::Bytes;
use scim::{Condition, ListQuery, Op, Operand};
use serde_json::Value;

use crate::answer::Answer;
use crate::context::ScimContext;
use crate::failure::Failure;
use crate::media;
use crate::observe::RequestRecord;
use crate::operation;
use crate::routes::Action;

/// What an endpoint reads of a request.
pub(crate) struct Sent<'r> {
    id: &'r str,
    query: ListQuery,
    body: Bytes,
}

impl Sent<'_> {
    /// The query in the body of a search by POST (RFC 7644 §3.4.3).
    fn search(self, context: &ScimContext, record: &mut RequestRecord) -> Result<ListQuery, Failure> {
        let body = self.json()?.0;
        let mut repairs = context.repairs();
        let read = ListQuery::from_search(body, &mut repairs);
        record.repairs = repairs.into_list();
        Ok(read?)
    }

    fn json(self) -> Result<(Value, ListQuery), Failure> {
        Ok((media::read(&self.body)?, self.query))
    }
}

pub(crate) async fn call(
    context: &ScimContext,
    action: Action,
    id: &str,
    query: &str,
    body: Bytes,
    record: &mut RequestRecord,
) -> Result<Answer, Failure> {
    let query = url::form_urlencoded::parse(query.as_bytes());
    let query = match action.discovery() {
        Some(endpoint) => discovery::unfiltered(endpoint, query)?,
        None => ListQuery::parse(query)?,
    };
    let sent = Sent { id, query, body };
    let answered = match action {
        Action::CreateUser => users::create(context, sent, record).await,
        Action::QueryUsers => users::query(context, sent, record).await,
        Action::ReadUser => users::read(context, sent, record).await,
        Action::ReplaceUser => users::replace(context, sent, record).await,
        Action::PatchUser => users::patch(context, sent, record).await,
        Action::DeleteUser => users::delete(context, sent, record).await,
        Action::CreateGroup => groups::create(context, sent, record).await,
        Action::QueryGroups => groups::query(context, sent, record).await,
        Action::ReadGroup => groups::read(context, sent, record).await,
        Action::ReplaceGroup => groups::replace(context, sent, record).await,
        Action::PatchGroup => groups::patch(context, sent, record).await,
        Action::DeleteGroup => groups::delete(context, sent, record).await,
        Action::SearchUsers => users::search(context, sent, record).await,
        Action::SearchGroups => groups::search(context, sent, record).await,
        Action::Search => search::search(context, sent, record).await,
        Action::Bulk => bulk::run(context, sent, record).await,
        Action::Me => Err(Failure::NotImplemented),
        Action::ServiceProviderConfig => Ok(discovery::service_provider(context)),
        Action::ResourceTypes => Ok(discovery::resource_types(context)),
        Action::ResourceType => discovery::resource_type(context, id),
        Action::Schemas => Ok(discovery::schemas(context)),
        Action::Schema => discovery::schema(context, id),
    };
    if let Err(failure) = &answered {
        operation::find_names(context, action, id, failure, record).await;
    }
    answered
}

/// Notes the values that a look-up compared for equality, so that it is found by them in the log.
fn looked_for(condition: &Condition, record: &mut RequestRecord) {
    match condition {
        Condition::Compare { op: Op::Eq, operand: Operand::Text(text), .. } => record.looked_for(text),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| looked_for(part, record)),
        _ => {}
    }
}
