//! Groups inside a unit of work.

use domain::change::{ChangeDetails, MEMBERS_PER_CHANGE, MemberDelta};
use domain::{ChangeKind, Group, GroupId, NewChange, ResourceKind};
use scim::{Condition, MemberRef, Resource, ResourceSchema};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use super::Groups;
use crate::counters::Delta;
use crate::memberships::{self, MemberDiff};
use crate::sql::Sql;
use crate::tx::Tx;
use crate::unique_values::{self, UniqueValues};
use crate::{StoreError, Unique};

/// Groups inside a unit of work; what it writes appends its changes.
pub struct GroupWriter<'t> {
    tx: &'t Tx<'t>,
}

struct Keys {
    display_name: String,
    external_id: Option<String>,
    unique: UniqueValues,
    comparison: serde_json::Value,
}

impl Keys {
    fn of(resource: &Resource, schema: &ResourceSchema) -> Self {
        let tree = scim::comparison::tree(resource.as_map(), schema);
        let text = |name: &str| tree.get(name).and_then(|v| v.as_str()).map(str::to_owned);
        Self {
            display_name: text("displayName").unwrap_or_default(),
            external_id: text("externalId"),
            unique: scim::comparison::unique_values(&tree, schema),
            comparison: tree.into(),
        }
    }
}

impl<'t> GroupWriter<'t> {
    pub(crate) fn new(tx: &'t Tx<'t>) -> Self {
        Self { tx }
    }

    /// The group, held against other writers until the unit ends.
    pub async fn lock(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        Groups::new(self.tx.tenant(), self.tx.executor()).find_with(id, self.tx.engine().for_update()).await
    }

    /// A new group of version 1 with its first members.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another group has the displayName.
    pub async fn insert(&self, resource: Resource, members: &[MemberRef], schema: &ResourceSchema) -> Result<Group, StoreError> {
        let now = self.tx.now();
        let id = GroupId::generate();
        let mut group = Group { id, resource, members: 0, waiting: 0, version: 1, created_at: now, updated_at: now };
        let keys = Keys::of(&group.resource, schema);
        if !self.insert_row(&group, &keys).await? {
            let holder = self.holder(&keys.display_name).await?;
            return Err(StoreError::Conflict(Unique::GroupName { holder }));
        }
        self.tx.touch();
        self.tx.expect_revision(schema.revision());
        unique_values::replace(self.tx, group.id.as_uuid(), &UniqueValues::new(), &keys.unique).await?;
        let delta = Delta { groups: 1, ..Delta::default() };
        self.append(ChangeKind::GroupCreated, &group, (None, Some(&group.resource)), None, delta);
        let mut diff = MemberDiff::default();
        memberships::add(self.tx, group.id, members, &mut diff).await?;
        group.members = diff.added.len() as u64;
        group.waiting = group.waiting.saturating_add_signed(diff.waiting);
        if group.members > 0 {
            self.count_members(&group).await?;
        }
        self.append_members(&group, &diff);
        Ok(group)
    }

    /// Adds members; those who are there already change nothing, unknown ones are kept as waiting references.
    pub async fn add_members(&self, group: &Group, members: &[MemberRef], diff: &mut MemberDiff) -> Result<(), StoreError> {
        memberships::add(self.tx, group.id, members, diff).await
    }

    /// Removes the members named by these values; those who are not there change nothing.
    pub async fn remove_members(&self, group: &Group, values: &[String], diff: &mut MemberDiff) -> Result<(), StoreError> {
        memberships::remove(self.tx, group.id, values, diff).await
    }

    /// Makes the members exactly these.
    pub async fn replace_members(&self, group: &Group, members: &[MemberRef], diff: &mut MemberDiff) -> Result<(), StoreError> {
        memberships::replace(self.tx, group.id, members, diff).await
    }

    /// Removes the members that match a condition on `value`, `type` and `display`.
    pub async fn remove_members_where(
        &self,
        group: &Group,
        condition: &Condition,
        diff: &mut MemberDiff,
    ) -> Result<(), StoreError> {
        memberships::remove_where(self.tx, group.id, condition, diff).await
    }

    /// Saves what the group and its members have become as the next version; `diff` says who came and went before.
    /// Changes nothing when nothing changed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the new displayName is another group's; [`StoreError::Stale`] when the row moved on.
    pub async fn save(
        &self,
        before: Group,
        resource: Resource,
        diff: &MemberDiff,
        schema: &ResourceSchema,
    ) -> Result<Group, StoreError> {
        let edited = resource != before.resource;
        let waiting = before.waiting.saturating_add_signed(diff.waiting);
        if !edited && diff.is_empty() {
            return Ok(Group { waiting, ..before });
        }
        let (old, keys) = (Keys::of(&before.resource, schema), Keys::of(&resource, schema));
        if old.display_name != keys.display_name
            && let Some(holder) = self.holder(&keys.display_name).await?
        {
            return Err(StoreError::Conflict(Unique::GroupName { holder: Some(holder) }));
        }
        self.tx.touch();
        if edited {
            self.tx.expect_revision(schema.revision());
            unique_values::replace(self.tx, before.id.as_uuid(), &old.unique, &keys.unique).await?;
        }
        let members = (before.members + diff.added.len() as u64).saturating_sub(diff.removed.len() as u64);
        let (version, updated_at) = (before.version + 1, self.tx.now());
        let after = Group { resource, members, waiting, version, updated_at, ..before.clone() };
        if edited {
            self.update(&after, &keys, before.version).await?;
            let documents = (Some(&before.resource), Some(&after.resource));
            self.append(ChangeKind::GroupUpdated, &after, documents, None, Delta::default());
        } else {
            self.count_members(&after).await?;
        }
        self.append_members(&after, diff);
        Ok(after)
    }

    /// Deletes the group with its memberships; a tombstone stays.
    pub async fn remove(&self, group: Group) -> Result<(), StoreError> {
        self.tx.touch();
        let id = group.id.as_uuid();
        let left = memberships::leave_all(self.tx, id).await?;
        let members = memberships::clear(self.tx, group.id).await?;
        crate::users::bury(self.tx, ResourceKind::Group, id, &group.resource, (group.version, group.created_at)).await?;
        if crate::users::extended(&group.resource) {
            unique_values::clear(self.tx, id).await?;
        }
        let mut sql = Sql::new(self.tx.engine(), "DELETE FROM \"groups\" WHERE tenant_id = ");
        sql.arg(self.tx.tenant().as_uuid()).push(" AND id = ").arg(id);
        self.tx.connection().execute_raw(sql.statement()).await?;
        let details = ChangeDetails { groups_left: left, ..ChangeDetails::default() };
        let gone = Group { version: group.version + 1, ..group.clone() };
        let delta = Delta { groups: -1, ..Delta::default() };
        let documents = (Some(&group.resource), None);
        self.tx.append_end(change(ChangeKind::GroupDeleted, &gone, documents, Some(details)), delta, members);
        Ok(())
    }

    fn append(
        &self,
        kind: ChangeKind,
        group: &Group,
        documents: (Option<&Resource>, Option<&Resource>),
        details: Option<ChangeDetails>,
        delta: Delta,
    ) {
        self.tx.append(change(kind, group, documents, details), delta);
    }

    /// One change for each thousand members that came or went.
    fn append_members(&self, group: &Group, diff: &MemberDiff) {
        let delta = |(id, kind): (&Uuid, &ResourceKind)| MemberDelta { id: *id, kind: kind.as_str().to_owned() };
        let moves = diff.added.iter().map(|m| (true, delta(m))).chain(diff.removed.iter().map(|m| (false, delta(m))));
        let mut moves = moves.peekable();
        while moves.peek().is_some() {
            let (added, removed): (Vec<_>, Vec<_>) = moves.by_ref().take(MEMBERS_PER_CHANGE).partition(|(added, _)| *added);
            let details = ChangeDetails {
                members_added: added.into_iter().map(|(_, member)| member).collect(),
                members_removed: removed.into_iter().map(|(_, member)| member).collect(),
                ..ChangeDetails::default()
            };
            self.append(ChangeKind::GroupMembersChanged, group, (None, None), Some(details), Delta::default());
        }
    }

    async fn holder(&self, display_name_key: &str) -> Result<Option<Uuid>, StoreError> {
        let mut sql = super::select(self.tx.engine(), self.tx.tenant(), "groups", "t.id");
        sql.push(" AND t.display_name_key = ").arg(display_name_key);
        let row = self.tx.connection().query_one_raw(sql.statement()).await?;
        Ok(row.map(|row| row.try_get("", "id")).transpose()?)
    }

    async fn insert_row(&self, group: &Group, keys: &Keys) -> Result<bool, StoreError> {
        let mut sql = Sql::new(
            self.tx.engine(),
            "INSERT INTO \"groups\" (tenant_id, id, display_name_key, external_id, members, version, created_at, updated_at, resource, comparison) VALUES ",
        );
        let row: [Value; 10] = [
            self.tx.tenant().as_uuid().into(),
            group.id.as_uuid().into(),
            keys.display_name.as_str().into(),
            keys.external_id.clone().into(),
            0_i64.into(),
            1_i64.into(),
            group.created_at.as_micros().into(),
            group.updated_at.as_micros().into(),
            group.resource.clone().into_value().into(),
            keys.comparison.clone().into(),
        ];
        sql.list(row).push(" ON CONFLICT (tenant_id, display_name_key) DO NOTHING");
        Ok(self.tx.connection().execute_raw(sql.statement()).await?.rows_affected() > 0)
    }

    async fn update(&self, group: &Group, keys: &Keys, from: u64) -> Result<(), StoreError> {
        let mut sql = Sql::new(self.tx.engine(), "UPDATE \"groups\" SET display_name_key = ");
        sql.arg(keys.display_name.as_str());
        sql.push(", external_id = ").arg(keys.external_id.clone());
        sql.push(", members = ").arg(i64::try_from(group.members).unwrap_or(i64::MAX));
        sql.push(", version = ").arg(i64::try_from(group.version).unwrap_or(i64::MAX));
        sql.push(", updated_at = ").arg(group.updated_at.as_micros());
        sql.push(", resource = ").arg(group.resource.clone().into_value());
        sql.push(", comparison = ").arg(keys.comparison.clone());
        sql.push(" WHERE tenant_id = ").arg(self.tx.tenant().as_uuid()).push(" AND id = ").arg(group.id.as_uuid());
        sql.push(" AND version = ").arg(i64::try_from(from).unwrap_or(i64::MAX));
        match self.tx.connection().execute_raw(sql.statement()).await?.rows_affected() {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    /// Member changes touch only the group's numbers, not its documents.
    async fn count_members(&self, group: &Group) -> Result<(), StoreError> {
        let mut sql = Sql::new(self.tx.engine(), "UPDATE \"groups\" SET members = ");
        sql.arg(i64::try_from(group.members).unwrap_or(i64::MAX));
        sql.push(", version = ").arg(i64::try_from(group.version).unwrap_or(i64::MAX));
        sql.push(", updated_at = ").arg(group.updated_at.as_micros());
        sql.push(" WHERE tenant_id = ").arg(self.tx.tenant().as_uuid()).push(" AND id = ").arg(group.id.as_uuid());
        self.tx.connection().execute_raw(sql.statement()).await?;
        Ok(())
    }
}

/// A change of a group, with its documents before and after.
fn change(
    kind: ChangeKind,
    group: &Group,
    (before, after): (Option<&Resource>, Option<&Resource>),
    details: Option<ChangeDetails>,
) -> NewChange {
    let document = |resource: &Resource| resource.clone().into_value();
    NewChange {
        kind,
        resource_id: group.id.as_uuid(),
        resource_name: group.resource.best_name(),
        version: group.version,
        before: before.map(document),
        after: after.map(document),
        details,
    }
}
