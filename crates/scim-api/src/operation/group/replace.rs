//! `PUT /Groups/{id}`, RFC 7644 §3.5.1.

use std::sync::Arc;

use domain::{Group, GroupId, Milestone};
use scim::{MemberRef, Precondition, Resource, ResourceSchema};
use serde_json::Value;
use store::{MemberDiff, StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::door::Limits;
use crate::failure::Failure;
use crate::observe::{Names, RequestRecord};
use crate::operation::Refused;

struct ReplaceGroup {
    id: GroupId,
    resource: Resource,
    members: Vec<MemberRef>,
    precondition: Precondition,
    schema: Arc<ResourceSchema>,
    limits: Limits,
}

impl Unit for ReplaceGroup {
    const NAME: &'static str = "op.group.replace";
    type Output = Group;
    type Error = Refused;

    async fn run(&self, tx: &Tx<'_>) -> Result<Group, Refused> {
        let group = super::locked(tx, self.id, &self.precondition).await?;
        let names = Names::of(&group.resource);
        self.replace(tx, group).await.map_err(|failure| Refused::of(names, failure))
    }

    fn store_error(error: &Refused) -> Option<&StoreError> {
        error.store_error()
    }
}

impl ReplaceGroup {
    async fn replace(&self, tx: &Tx<'_>, group: Group) -> Result<Group, Failure> {
        let mut resource = self.resource.clone();
        scim::keep_immutable(&group.resource, &mut resource, &self.schema)?;
        let mut diff = MemberDiff::default();
        tx.groups().replace_members(&group, &self.members, &mut diff).await?;
        super::fits(&group, &diff, self.limits)?;
        let saved = tx.groups().save(group, resource, &diff, &self.schema).await;
        saved.map_err(|error| super::taken(error, &self.resource))
    }
}

pub(crate) async fn replace(
    context: &ScimContext,
    id: GroupId,
    body: Value,
    record: &mut RequestRecord,
) -> Result<Written<Group>, Failure> {
    record.named_in(&body);
    let mut repairs = context.repairs();
    let read = scim::canonicalize(body, context.groups(), &mut repairs);
    record.repairs = repairs.into_list();
    let mut resource = read?;
    record.about(&resource);
    let (members, limits) = (resource.take_members().unwrap_or_default(), context.shared.settings.limits);
    super::bounded(members.len(), limits)?;
    let (precondition, schema) = (context.precondition.clone(), Arc::clone(context.groups()));
    let unit = ReplaceGroup { id, resource, members, precondition, schema, limits };
    let written = context.write(unit).await.map_err(|refused| refused.noted(record))?;
    if written.changes.is_some() {
        record.passed(Milestone::Changed);
    }
    Ok(written)
}
