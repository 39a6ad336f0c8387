//! `POST /Groups`, RFC 7644 §3.3.

use std::sync::Arc;

use domain::{Group, Milestone};
use scim::{MemberRef, Resource, ResourceSchema};
use serde_json::Value;
use store::{StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::door::Limits;
use crate::failure::Failure;
use crate::observe::RequestRecord;

struct CreateGroup {
    resource: Resource,
    members: Vec<MemberRef>,
    schema: Arc<ResourceSchema>,
    limits: Limits,
}

impl Unit for CreateGroup {
    const NAME: &'static str = "op.group.create";
    type Output = Group;
    type Error = Failure;

    async fn run(&self, tx: &Tx<'_>) -> Result<Group, Failure> {
        let inserted = tx.groups().insert(self.resource.clone(), &self.members, &self.schema).await;
        let group = inserted.map_err(|error| super::taken(error, &self.resource))?;
        super::within(group.members.saturating_add(group.waiting), self.limits)?;
        Ok(group)
    }

    fn store_error(error: &Failure) -> Option<&StoreError> {
        error.store_error()
    }
}

pub(crate) async fn create(context: &ScimContext, body: Value, record: &mut RequestRecord) -> Result<Written<Group>, Failure> {
    record.named_in(&body);
    let mut repairs = context.repairs();
    let read = scim::canonicalize(body, context.groups(), &mut repairs);
    record.repairs = repairs.into_list();
    let mut resource = read?;
    record.about(&resource);
    let members = resource.take_members().unwrap_or_default();
    let limits = context.shared.settings.limits;
    super::bounded(members.len(), limits)?;
    let unit = CreateGroup { resource, members, schema: Arc::clone(context.groups()), limits };
    let written = context.write(unit).await?;
    record.passed(Milestone::GroupCreated);
    Ok(written)
}
