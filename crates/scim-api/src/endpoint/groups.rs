//! `/Groups`.

use domain::{Group, GroupId, ResourceKind};
use scim::{ListQuery, Projection, Version};
use serde_json::Value;
use store::Written;

use super::Sent;
use crate::answer::Answer;
use crate::context::ScimContext;
use crate::failure::Failure;
use crate::observe::RequestRecord;
use crate::operation::{group, page};
use crate::representation;

/// Up to this many members a PATCH answers with the group; above, without a body (RFC 7644 §3.5.2 allows both).
const SHOWN_AFTER_PATCH: u64 = 100;

pub(super) async fn create(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    record.resource_kind = Some(ResourceKind::Group);
    let projection = sent.query.projection(context.groups())?;
    let (body, _) = sent.json()?;
    let written = group::create::create(context, body, record).await?;
    let group = note(record, written);
    let location = representation::location(context, ResourceKind::Group, group.id.as_uuid());
    let version = group.version;
    Ok(Answer::created(representation::group(context, group, &projection).await?, location).with_version(version))
}

pub(super) async fn query(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    Ok(Answer::ok(list(context, &sent.query, record).await?))
}

pub(super) async fn search(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let query = sent.search(context, record)?;
    Ok(Answer::ok(list(context, &query, record).await?))
}

async fn list(context: &ScimContext, query: &ListQuery, record: &mut RequestRecord) -> Result<Value, Failure> {
    const KIND: ResourceKind = ResourceKind::Group;
    record.resource_kind = Some(KIND);
    let schema = context.groups();
    let (listing, projection) = (page::listing(context, query, KIND, schema, record)?, query.projection(schema)?);
    listing.condition.iter().for_each(|condition| super::looked_for(condition, record));
    context.take_turn_to_list(&listing, KIND).await?;
    let page = context.store.groups().list(&listing).await?;
    let total = page.total.unwrap_or_default();
    record.found = Some(total);
    if let [group] = page.items.as_slice() {
        seen(record, group);
    }
    let resources = representation::groups(context, page.items, &projection).await?;
    Ok(page::response(context, query, KIND, resources, total, page.next.as_ref()).into_value())
}

pub(super) async fn read(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let id = id(record, sent.id)?;
    let projection = sent.query.projection(context.groups())?;
    let group = context.store.groups().find(id).await?.ok_or_else(|| Failure::NotFound(id.to_string()))?;
    seen(record, &group);
    let version = group.version;
    context.precondition.check_read(Version(version))?;
    if context.precondition.not_modified(Version(version)) {
        return Ok(Answer::not_modified().with_version(version));
    }
    shown(context, group, &projection).await
}

pub(super) async fn replace(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let id = id(record, sent.id)?;
    let projection = sent.query.projection(context.groups())?;
    let (body, _) = sent.json()?;
    let written = group::replace::replace(context, id, body, record).await?;
    let group = note(record, written);
    shown(context, group, &projection).await
}

pub(super) async fn patch(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let id = id(record, sent.id)?;
    let projection = sent.query.projection(context.groups())?;
    let (body, _) = sent.json()?;
    let written = group::patch::patch(context, id, body, record).await?;
    let group = note(record, written);
    if projection.is_all() && group.members > SHOWN_AFTER_PATCH {
        return Ok(Answer::empty().with_version(group.version));
    }
    shown(context, group, &projection).await
}

pub(super) async fn delete(context: &ScimContext, sent: Sent<'_>, record: &mut RequestRecord) -> Result<Answer, Failure> {
    let id = id(record, sent.id)?;
    let written = group::delete::delete(context, id, record).await?;
    note(record, written);
    Ok(Answer::empty())
}

/// What is no id of ours names nothing: 404 and not 400.
fn id(record: &mut RequestRecord, text: &str) -> Result<GroupId, Failure> {
    record.resource_kind = Some(ResourceKind::Group);
    let id: GroupId = text.parse().map_err(|_| Failure::NotFound(text.to_owned()))?;
    record.resource_id = Some(id.as_uuid());
    Ok(id)
}

async fn shown(context: &ScimContext, group: Group, projection: &Projection) -> Result<Answer, Failure> {
    let version = group.version;
    Ok(Answer::ok(representation::group(context, group, projection).await?).with_version(version))
}

fn note(record: &mut RequestRecord, written: Written<Group>) -> Group {
    record.changes = written.changes;
    record.awaits(&written.waiting);
    seen(record, &written.output);
    written.output
}

fn seen(record: &mut RequestRecord, group: &Group) {
    record.resource_id = Some(group.id.as_uuid());
    record.about(&group.resource);
}
