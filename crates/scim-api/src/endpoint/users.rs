//! `/Users`.

use domain::{ResourceKind, User, UserId};
use scim::{ListQuery, Projection, Version};
use serde_json::Value;
use store::Written;

use super::Sent;
use crate::answer::Answer;
use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::RequestRecord;
use crate::operation::{page, user};
use crate::representation;

pub(super) async fn create(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    record.resource_kind = Some(ResourceKind::User);
    let projection = sent.query.projection(context.users())?;
    let (body, _) = sent.json()?;
    let written = user::create::create(context, body, record).await?;
    let user = note(record, written);
    let location = representation::location(context, ResourceKind::User, user.id.as_uuid());
    let version = user.version;
    Ok(Answer::created(representation::user(context, user, &projection).await?, location).with_version(version))
}

pub(super) async fn query(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    Ok(Answer::ok(list(context, &sent.query, record).await?))
}

pub(super) async fn search(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let query = sent.search(context, record)?;
    Ok(Answer::ok(list(context, &query, record).await?))
}

async fn list(context: &ScimContext, query: &ListQuery, record: &mut RequestRecord) -> Result<Value, Failure> {
    const KIND: ResourceKind = ResourceKind::User;
    record.resource_kind = Some(KIND);
    let schema = context.users();
    let (listing, projection) = (page::listing(context, query, KIND, schema, record)?, query.projection(schema)?);
    listing.condition.iter().for_each(|condition| super::looked_for(condition, record));
    context.take_turn_to_list(&listing, KIND).await?;
    let page = context.store.users().list(&listing).await?;
    let total = page.total.unwrap_or_default();
    record.found = Some(total);
    if let [user] = page.items.as_slice() {
        seen(record, user);
    }
    let resources = representation::users(context, page.items, &projection).await?;
    Ok(page::response(context, query, KIND, resources, total, page.next.as_ref()).into_value())
}

pub(super) async fn read(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let id = id(record, sent.id)?;
    let projection = sent.query.projection(context.users())?;
    let user = context.store.users().find(id).await?.ok_or_else(|| Failure::NotFound(id.to_string()))?;
    seen(record, &user);
    let version = user.version;
    context.precondition.check_read(Version(version))?;
    if context.precondition.not_modified(Version(version)) {
        return Ok(Answer::not_modified().with_version(version));
    }
    shown(context, user, &projection).await
}

pub(super) async fn replace(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let id = id(record, sent.id)?;
    let projection = sent.query.projection(context.users())?;
    let (body, _) = sent.json()?;
    let written = user::replace::replace(context, id, body, record).await?;
    let user = note(record, written);
    shown(context, user, &projection).await
}

pub(super) async fn patch(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let id = id(record, sent.id)?;
    let projection = sent.query.projection(context.users())?;
    let (body, _) = sent.json()?;
    let written = user::patch::patch(context, id, body, record).await?;
    let user = note(record, written);
    shown(context, user, &projection).await
}

pub(super) async fn delete(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let id = id(record, sent.id)?;
    let written = user::delete::delete(context, id, record).await?;
    note(record, written);
    Ok(Answer::empty())
}

/// What is no id of ours names nobody: 404 and not 400.
fn id(record: &mut RequestRecord, text: &str) -> Result<UserId, Failure> {
    record.resource_kind = Some(ResourceKind::User);
    let id: UserId = text.parse().map_err(|_| Failure::NotFound(text.to_owned()))?;
    record.resource_id = Some(id.as_uuid());
    Ok(id)
}

async fn shown(context: &ScimContext, user: User, projection: &Projection) -> Result<Answer, Failure> {
    let version = user.version;
    Ok(Answer::ok(representation::user(context, user, projection).await?).with_version(version))
}

fn note(record: &mut RequestRecord, written: Written<User>) -> User {
    record.changes = written.changes;
    seen(record, &written.output);
    written.output
}

fn seen(record: &mut RequestRecord, user: &User) {
    record.resource_id = Some(user.id.as_uuid());
    record.about(&user.resource);
}
