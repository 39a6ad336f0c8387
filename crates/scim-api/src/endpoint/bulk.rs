//! `/Bulk`.

use scim::{BulkRequest, BulkResult};

use super::Sent;
use crate::answer::Answer;
use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::RequestRecord;
use crate::operation::bulk;

pub(super) async fn run(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let body = sent.json()?.0;
    let mut repairs = context.repairs();
    let read = BulkRequest::parse(body, &mut repairs);
    record.repairs = repairs.into_list();
    let request = read?;
    let most = context.shared.settings.limits.bulk_operations;
    if request.operations.len() > most {
        return Err(Failure::TooManyOperations(most));
    }
    let results = bulk::run(context, request, record).await;
    let failed = results.iter().filter(|result| result.status >= 400).count();
    record.bulk = Some((results.len(), failed));
    Ok(Answer::ok(BulkResult::response(results)))
}
