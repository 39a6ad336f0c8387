//! `PATCH /Groups/{id}`, RFC 7644 §3.5.2: one member more costs one row, however large the group.

use std::sync::Arc;

use domain::{Group, GroupId, Milestone};
use scim::{MemberStep, PatchRequest, Plan, Precondition, ResourceSchema};
use serde_json::Value;
use store::{MemberDiff, StoreError, Tx, Unit, Written};

use crate::context::ScimContext;
use crate::door::Limits;
use crate::failure::Failure;
use crate::observe::{Names, RequestRecord};
use crate::operation::Refused;

struct PatchGroup {
    id: GroupId,
    plan: Plan,
    precondition: Precondition,
    schema: Arc<ResourceSchema>,
    limits: Limits,
}

impl Unit for PatchGroup {
    const NAME: &'static str = "op.group.patch";
    type Output = Group;
    type Error = Refused;

    async fn run(&self, tx: &Tx<'_>) -> Result<Group, Refused> {
        let group = super::locked(tx, self.id, &self.precondition).await?;
        let names = Names::of(&group.resource);
        self.apply(tx, group).await.map_err(|failure| Refused::of(names, failure))
    }

    fn store_error(error: &Refused) -> Option<&StoreError> {
        error.store_error()
    }
}

impl PatchGroup {
    async fn apply(&self, tx: &Tx<'_>, group: Group) -> Result<Group, Failure> {
        let mut resource = group.resource.clone();
        self.plan.apply(&mut resource)?;
        let mut diff = MemberDiff::default();
        for step in self.plan.members() {
            let groups = tx.groups();
            match step {
                MemberStep::Add(members) => groups.add_members(&group, members, &mut diff).await?,
                MemberStep::Remove(values) => groups.remove_members(&group, values, &mut diff).await?,
                MemberStep::Replace(members) => groups.replace_members(&group, members, &mut diff).await?,
                MemberStep::RemoveAll => groups.replace_members(&group, &[], &mut diff).await?,
                MemberStep::RemoveWhere(condition) => groups.remove_members_where(&group, condition, &mut diff).await?,
            }
        }
        super::fits(&group, &diff, self.limits)?;
        let wanted = resource.clone();
        tx.groups().save(group, resource, &diff, &self.schema).await.map_err(|error| super::taken(error, &wanted))
    }
}

pub(crate) async fn patch(
    context: &ScimContext,
    id: GroupId,
    body: Value,
    record: &mut RequestRecord,
) -> Result<Written<Group>, Failure> {
    record.patched_by(&body);
    let mut repairs = context.repairs();
    let read = PatchRequest::parse(body).and_then(|request| Plan::resolve(&request, context.groups(), &mut repairs));
    record.repairs = repairs.into_list();
    let (plan, limits) = (read?, context.shared.settings.limits);
    let named = plan.members().iter().map(|step| match step {
        MemberStep::Add(members) | MemberStep::Replace(members) => members.len(),
        MemberStep::Remove(values) => values.len(),
        MemberStep::RemoveAll | MemberStep::RemoveWhere(_) => 0,
    });
    super::bounded(named.sum(), limits)?;
    let (precondition, schema) = (context.precondition.clone(), Arc::clone(context.groups()));
    let unit = PatchGroup { id, plan, precondition, schema, limits };
    let written = context.write(unit).await.map_err(|refused| refused.noted(record))?;
    if written.changes.is_some() {
        record.passed(Milestone::Changed);
    }
    Ok(written)
}
