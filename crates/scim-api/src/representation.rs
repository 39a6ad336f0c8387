//! People and groups as clients see them, with what is derived: a person's groups and manager, a group's members.

use std::collections::HashMap;

use domain::{Group, Member, ResourceKind, User, UserId};
use scim::{ENTERPRISE_URN, Meta, Projection};
use serde_json::{Map, Value, json};
use store::UserGroup;
use uuid::Uuid;

use crate::context::ScimContext;
use crate::failure::Failure;

/// Members read in one go.
const CHUNK: u64 = 1_000;

/// One person.
pub(crate) async fn user(context: &ScimContext, user: User, projection: &Projection) -> Result<Value, Failure> {
    Ok(users(context, vec![user], projection).await?.pop().unwrap_or_default())
}

/// A page of people, at most 1,000: two more questions for all of them together.
pub(crate) async fn users(context: &ScimContext, users: Vec<User>, projection: &Projection) -> Result<Vec<Value>, Failure> {
    let ids: Vec<Uuid> = users.iter().map(|user| user.id.as_uuid()).collect();
    let mut groups = if projection.wants("groups") { context.store.members().groups_of(&ids).await? } else { HashMap::new() };
    let managers = managers(context, &users, projection).await?;
    let schema = context.users();
    let shown = users.into_iter().map(|user| {
        let location = location(context, ResourceKind::User, user.id.as_uuid());
        let meta = meta(user.id.to_string(), user.created_at, user.updated_at, user.version, location);
        let mut document = scim::representation::document(&user.resource, schema, meta);
        let held: Vec<Value> =
            groups.remove(&user.id.as_uuid()).unwrap_or_default().iter().map(|group| group_of(context, group)).collect();
        if !held.is_empty() {
            document.insert("groups".to_owned(), held.into());
        }
        if let Some(manager) =
            user.resource.manager().and_then(|id| id.parse::<UserId>().ok()).and_then(|id| managers.get(&id.as_uuid()))
        {
            complete_manager(context, &mut document, manager);
        }
        Value::Object(projection.cut(document, schema))
    });
    Ok(shown.collect())
}

/// One group, with all its members when they are wanted.
pub(crate) async fn group(context: &ScimContext, group: Group, projection: &Projection) -> Result<Value, Failure> {
    let schema = context.groups();
    let location = location(context, ResourceKind::Group, group.id.as_uuid());
    let meta = meta(group.id.to_string(), group.created_at, group.updated_at, group.version, location);
    let mut document = scim::representation::document(&group.resource, schema, meta);
    if group.members > 0 && projection.wants("members") {
        document.insert("members".to_owned(), members(context, &group, projection.asks("members", "display")).await?.into());
    }
    Ok(Value::Object(projection.cut(document, schema)))
}

/// A page of groups.
pub(crate) async fn groups(context: &ScimContext, groups: Vec<Group>, projection: &Projection) -> Result<Vec<Value>, Failure> {
    let mut shown = Vec::with_capacity(groups.len());
    for found in groups {
        shown.push(group(context, found, projection).await?);
    }
    Ok(shown)
}

/// Where a resource stands.
pub(crate) fn location(context: &ScimContext, kind: ResourceKind, id: Uuid) -> String {
    format!("{}/{}s/{id}", context.base, kind.as_str())
}

/// All members; their names only where they are asked for, since those stand in other rows.
async fn members(context: &ScimContext, group: &Group, named: bool) -> Result<Vec<Value>, Failure> {
    let members = context.store.members();
    let (mut all, mut last) = (Vec::new(), None);
    loop {
        let chunk: Vec<(Uuid, ResourceKind, Option<String>)> = if named {
            let chunk = members.list(group.id, last, CHUNK).await?.into_iter();
            chunk.map(|Member { id, kind, name, .. }| (id, kind, Some(name))).collect()
        } else {
            members.list_ids(group.id, last, CHUNK).await?.into_iter().map(|(id, kind)| (id, kind, None)).collect()
        };
        let whole = chunk.len() as u64 == CHUNK;
        last = chunk.last().map(|(id, _, _)| *id);
        all.extend(chunk.into_iter().map(|(id, kind, name)| shown(context, id, kind, name)));
        if !whole {
            return Ok(all);
        }
    }
}

fn shown(context: &ScimContext, id: Uuid, kind: ResourceKind, name: Option<String>) -> Value {
    let mut member = json!({ "value": id, "$ref": location(context, kind, id), "type": kind.as_str() });
    if let (Some(name), Some(member)) = (name, member.as_object_mut()) {
        member.insert("display".to_owned(), name.into());
    }
    member
}

fn group_of(context: &ScimContext, group: &UserGroup) -> Value {
    json!({
        "value": group.id.as_uuid(),
        "$ref": location(context, ResourceKind::Group, group.id.as_uuid()),
        "display": group.display_name,
        "type": if group.direct { "direct" } else { "indirect" },
    })
}

async fn managers(context: &ScimContext, users: &[User], projection: &Projection) -> Result<HashMap<Uuid, User>, Failure> {
    if !projection.wants(ENTERPRISE_URN) {
        return Ok(HashMap::new());
    }
    let named = users.iter().filter_map(|user| user.resource.manager());
    let mut ids: Vec<Uuid> = named.filter_map(|id| id.parse::<UserId>().ok()).map(UserId::as_uuid).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = context.store.users().find_many(&ids).await?;
    Ok(found.into_iter().map(|user| (user.id.as_uuid(), user)).collect())
}

fn complete_manager(context: &ScimContext, document: &mut Map<String, Value>, manager: &User) {
    let held = document.get_mut(ENTERPRISE_URN).and_then(|extension| extension.get_mut("manager")).and_then(Value::as_object_mut);
    let Some(held) = held else { return };
    held.insert("$ref".to_owned(), location(context, ResourceKind::User, manager.id.as_uuid()).into());
    if let Some(name) = manager.resource.best_name() {
        held.insert("displayName".to_owned(), name.into());
    }
}

fn meta(id: String, created: domain::Timestamp, changed: domain::Timestamp, version: u64, location: String) -> Meta {
    Meta { id, created: created.as_micros(), last_modified: changed.as_micros(), version, location }
}
