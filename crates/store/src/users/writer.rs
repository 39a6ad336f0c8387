//! People inside a unit of work.

use std::collections::BTreeSet;

use domain::change::ChangeDetails;
use domain::{ChangeKind, NewChange, ResourceKind, User, UserId};
use scim::{Resource, ResourceSchema};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use super::Users;
use crate::counters::Delta;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::unique_values::{self, UniqueValues};
use crate::{StoreError, Unique, memberships};

/// People inside a unit of work; what it writes appends its changes.
pub struct UserWriter<'t> {
    tx: &'t Tx<'t>,
}

/// What a person is found by, in comparison form.
struct Keys {
    user_name: String,
    external_id: Option<String>,
    display_name: Option<String>,
    family_name: Option<String>,
    active: bool,
    emails: BTreeSet<String>,
    unique: UniqueValues,
    comparison: serde_json::Value,
    /// Of the schema that made them.
    revision: u64,
}

impl Keys {
    /// `active` is what holds for the person, also where the resource does not say it: filters see that.
    fn of(resource: &Resource, active: bool, schema: &ResourceSchema) -> Self {
        let mut tree = scim::comparison::tree(resource.as_map(), schema);
        tree.insert("active".to_owned(), active.into());
        let text = |value: Option<&serde_json::Value>| value.and_then(|v| v.as_str()).map(str::to_owned);
        let emails = tree.get("emails").and_then(|list| list.as_array()).into_iter().flatten();
        Self {
            user_name: text(tree.get("userName")).unwrap_or_default(),
            external_id: text(tree.get("externalId")),
            display_name: text(tree.get("displayName")),
            family_name: text(tree.get("name").and_then(|name| name.get("familyName"))),
            active,
            emails: emails.filter_map(|email| text(email.get("value"))).collect(),
            unique: scim::comparison::unique_values(&tree, schema),
            revision: schema.revision(),
            comparison: tree.into(),
        }
    }
}

/// A person about to be made, with all that can be worked out before a lane is taken.
pub struct NewUser {
    resource: Resource,
    keys: Keys,
}

impl NewUser {
    /// From a canonical resource.
    pub fn of(resource: Resource, schema: &ResourceSchema) -> Self {
        Self { keys: Keys::of(&resource, resource.active().unwrap_or(true), schema), resource }
    }

    /// The resource.
    pub fn resource(&self) -> &Resource {
        &self.resource
    }
}

impl<'t> UserWriter<'t> {
    pub(crate) fn new(tx: &'t Tx<'t>) -> Self {
        Self { tx }
    }

    /// The person, held against other writers until the unit ends.
    pub async fn lock(&self, id: UserId) -> Result<Option<User>, StoreError> {
        Users::new(self.tx.tenant(), self.tx.executor()).find_with(id, self.tx.engine().for_update()).await
    }

    /// A new person of version 1. References that waited for them by userName or externalId are joined.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody has the userName.
    pub async fn insert(&self, NewUser { resource, keys }: &NewUser) -> Result<User, StoreError> {
        let now = self.tx.now();
        let user = User {
            id: UserId::generate(),
            resource: resource.clone(),
            active: keys.active,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let waiting = match self.tx.engine() {
            Engine::Postgres => self.insert_at_once(&user, keys).await?,
            Engine::Sqlite => self.insert_together(&user, keys).await?,
        };
        let Some(waiting) = waiting else {
            let holder = self.holder(&keys.user_name).await?;
            return Err(StoreError::Conflict(Unique::UserName { holder }));
        };
        self.insert_emails(user.id, keys.emails.iter().skip(EMAILS)).await?;
        self.tx.touch();
        self.tx.expect_revision(keys.revision);
        unique_values::replace(self.tx, user.id.as_uuid(), &UniqueValues::new(), &keys.unique).await?;
        self.append(
            ChangeKind::UserCreated,
            &user,
            None,
            Some(&user.resource),
            None,
            Delta { users: 1, active_users: i64::from(keys.active), groups: 0 },
        );
        memberships::join_waiting(self.tx, user.id.as_uuid(), ResourceKind::User, &waiting).await?;
        Ok(user)
    }

    /// Saves what the person has become as the next version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the new userName is somebody else's; [`StoreError::Stale`] when the row moved on.
    pub async fn save(&self, before: User, resource: Resource, schema: &ResourceSchema) -> Result<User, StoreError> {
        let active = resource.active().unwrap_or(before.active);
        let (old, keys) = (Keys::of(&before.resource, before.active, schema), Keys::of(&resource, active, schema));
        if old.user_name != keys.user_name
            && let Some(holder) = self.holder(&keys.user_name).await?
        {
            return Err(StoreError::Conflict(Unique::UserName { holder: Some(holder) }));
        }
        self.tx.touch();
        self.tx.expect_revision(keys.revision);
        unique_values::replace(self.tx, before.id.as_uuid(), &old.unique, &keys.unique).await?;
        let after = User { resource, active, version: before.version + 1, updated_at: self.tx.now(), ..before.clone() };
        self.update(&after, &keys, before.version).await?;
        self.replace_emails(after.id, &old.emails, &keys.emails).await?;
        let (kind, active_users) = match (old.active, keys.active) {
            (true, false) => (ChangeKind::UserDeactivated, -1),
            (false, true) => (ChangeKind::UserReactivated, 1),
            _ => (ChangeKind::UserUpdated, 0),
        };
        let delta = Delta { active_users, ..Delta::default() };
        self.append(kind, &after, Some(&before.resource), Some(&after.resource), None, delta);
        Ok(after)
    }

    /// Deletes the person: they leave all groups, their name is free, a tombstone stays.
    pub async fn remove(&self, user: User) -> Result<(), StoreError> {
        self.tx.touch();
        let id = user.id.as_uuid();
        let left = memberships::leave_all(self.tx, id).await?;
        bury(self.tx, ResourceKind::User, id, &user.resource, (user.version, user.created_at)).await?;
        if extended(&user.resource) {
            unique_values::clear(self.tx, id).await?;
        }
        for (table, column) in [("user_emails", "user_id"), ("users", "id")] {
            let mut sql = Sql::new(self.tx.engine(), &format!("DELETE FROM {table} WHERE tenant_id = "));
            sql.arg(self.tx.tenant().as_uuid()).push(&format!(" AND {column} = ")).arg(id);
            self.tx.connection().execute_raw(sql.statement()).await?;
        }
        let details = ChangeDetails { groups_left: left, ..ChangeDetails::default() };
        let delta = Delta { users: -1, active_users: -i64::from(user.active), groups: 0 };
        let gone = User { version: user.version + 1, ..user.clone() };
        self.append(ChangeKind::UserDeleted, &gone, Some(&user.resource), None, Some(details), delta);
        Ok(())
    }

    fn append(
        &self,
        kind: ChangeKind,
        user: &User,
        before: Option<&Resource>,
        after: Option<&Resource>,
        details: Option<ChangeDetails>,
        delta: Delta,
    ) {
        let document = |resource: &Resource| resource.clone().into_value();
        let change = NewChange {
            kind,
            resource_id: user.id.as_uuid(),
            resource_name: user.resource.best_name(),
            version: user.version,
            before: before.map(document),
            after: after.map(document),
            details,
        };
        self.tx.append(change, delta);
    }

    async fn holder(&self, user_name_key: &str) -> Result<Option<Uuid>, StoreError> {
        let mut sql = super::select(self.tx.engine(), self.tx.tenant(), "users", "t.id");
        sql.push(" AND t.user_name_key = ").arg(user_name_key);
        let row = self.tx.connection().query_one_raw(sql.statement()).await?;
        Ok(row.map(|row| row.try_get("", "id")).transpose()?)
    }

    /// One round trip: row, e-mail keys, and the groups that waited for this person. `None` when the name is taken.
    async fn insert_at_once(&self, user: &User, keys: &Keys) -> Result<Option<Vec<Uuid>>, StoreError> {
        let mut sql = Sql::new(Engine::Postgres, "WITH made AS (");
        self.push_insert(&mut sql, user, keys);
        sql.push(" ON CONFLICT (tenant_id, user_name_key) DO NOTHING RETURNING id), ");
        if !keys.emails.is_empty() {
            sql.push("mailed AS (INSERT INTO user_emails (tenant_id, value_key, user_id) SELECT ");
            sql.arg(self.tx.tenant().as_uuid()).push("::uuid, address.value_key, made.id FROM made, (VALUES ");
            for (n, email) in keys.emails.iter().take(EMAILS).enumerate() {
                sql.push(if n > 0 { ", (" } else { "(" }).arg(email.as_str()).push(")");
            }
            sql.push(") AS address(value_key)), ");
        }
        sql.push("joined AS (DELETE FROM unresolved_members USING made WHERE ");
        self.push_waiting(&mut sql, keys);
        sql.push(" RETURNING group_id) SELECT (SELECT COUNT(*) FROM made) AS count, ");
        sql.push("(SELECT string_agg(group_id::text, ',') FROM joined) AS groups");
        let row = self.tx.connection().query_one_raw(sql.statement()).await?;
        let row = row.ok_or_else(|| StoreError::Corrupt("an insert gave no row".to_owned()))?;
        let (made, groups): (i64, Option<String>) = (row.try_get("", "count")?, row.try_get("", "groups")?);
        let groups = groups.unwrap_or_default();
        Ok((made > 0).then(|| groups.split(',').filter_map(|id| id.parse().ok()).collect()))
    }

    /// One message of three statements. A taken name fails the first, and so all of them.
    async fn insert_together(&self, user: &User, keys: &Keys) -> Result<Option<Vec<Uuid>>, StoreError> {
        let mut row = Sql::new(Engine::Sqlite, "");
        self.push_insert(&mut row, user, keys);
        let mut waiting = Sql::new(Engine::Sqlite, "DELETE FROM unresolved_members WHERE ");
        self.push_waiting(&mut waiting, keys);
        waiting.push(" RETURNING group_id");
        let emails: Vec<_> = keys.emails.iter().take(EMAILS).collect();
        let emails = (!emails.is_empty()).then(|| self.push_emails(user.id, &emails));
        let parts = [Some(row), emails, Some(waiting)].into_iter().flatten().collect();
        let rows = match self.tx.connection().query_all_raw(Sql::together(parts)).await.map_err(StoreError::from) {
            Err(StoreError::Conflict(Unique::UserName { .. })) => return Ok(None),
            rows => rows?,
        };
        rows.iter().map(|row: &QueryResult| Ok(row.try_get("", "group_id")?)).collect::<Result<_, StoreError>>().map(Some)
    }

    fn push_insert(&self, sql: &mut Sql, user: &User, keys: &Keys) {
        sql.push("INSERT INTO users (tenant_id, id, user_name_key, external_id, display_name_key, family_name_key, active, version, created_at, updated_at, resource, comparison) VALUES ");
        let values: [Value; 12] = [
            self.tx.tenant().as_uuid().into(),
            user.id.as_uuid().into(),
            keys.user_name.as_str().into(),
            keys.external_id.clone().into(),
            keys.display_name.clone().into(),
            keys.family_name.clone().into(),
            keys.active.into(),
            1_i64.into(),
            user.created_at.as_micros().into(),
            user.updated_at.as_micros().into(),
            user.resource.clone().into_value().into(),
            keys.comparison.clone().into(),
        ];
        sql.list(values);
    }

    /// References that name this person by userName (folded) or externalId (exact).
    fn push_waiting(&self, sql: &mut Sql, keys: &Keys) {
        sql.push("tenant_id = ").arg(self.tx.tenant().as_uuid());
        let name = sql.bind(keys.user_name.as_str());
        match &keys.external_id {
            None => sql.push(&format!(" AND value_key = {name}")),
            Some(external) => {
                let (key, exact) = (sql.bind(scim::comparison::key(external)), sql.bind(external.as_str()));
                sql.push(&format!(" AND value_key IN ({name}, {key}) AND (value_key = {name} OR value = {exact})"))
            }
        };
    }

    async fn update(&self, user: &User, keys: &Keys, from: u64) -> Result<(), StoreError> {
        let mut sql = Sql::new(self.tx.engine(), "UPDATE users SET user_name_key = ");
        sql.arg(keys.user_name.as_str());
        sql.push(", external_id = ").arg(keys.external_id.clone());
        sql.push(", display_name_key = ").arg(keys.display_name.clone());
        sql.push(", family_name_key = ").arg(keys.family_name.clone());
        sql.push(", active = ").arg(keys.active);
        sql.push(", version = ").arg(i64::try_from(user.version).unwrap_or(i64::MAX));
        sql.push(", updated_at = ").arg(user.updated_at.as_micros());
        sql.push(", resource = ").arg(user.resource.clone().into_value());
        sql.push(", comparison = ").arg(keys.comparison.clone());
        sql.push(" WHERE tenant_id = ").arg(self.tx.tenant().as_uuid()).push(" AND id = ").arg(user.id.as_uuid());
        sql.push(" AND version = ").arg(i64::try_from(from).unwrap_or(i64::MAX));
        match self.tx.connection().execute_raw(sql.statement()).await?.rows_affected() {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    async fn replace_emails(&self, id: UserId, old: &BTreeSet<String>, new: &BTreeSet<String>) -> Result<(), StoreError> {
        let gone: Vec<_> = old.difference(new).cloned().collect();
        for gone in gone.chunks(EMAILS) {
            let mut sql = Sql::new(self.tx.engine(), "DELETE FROM user_emails WHERE tenant_id = ");
            sql.arg(self.tx.tenant().as_uuid()).push(" AND user_id = ").arg(id.as_uuid());
            sql.push(" AND ").texts_among("value_key", gone.to_vec());
            self.tx.connection().execute_raw(sql.statement()).await?;
        }
        self.insert_emails(id, new.difference(old)).await
    }

    async fn insert_emails<'e>(&self, id: UserId, emails: impl Iterator<Item = &'e String>) -> Result<(), StoreError> {
        let emails: Vec<_> = emails.collect();
        for emails in emails.chunks(EMAILS) {
            self.tx.connection().execute_raw(self.push_emails(id, emails).statement()).await?;
        }
        Ok(())
    }

    fn push_emails(&self, id: UserId, emails: &[&String]) -> Sql {
        let mut sql = Sql::new(self.tx.engine(), "INSERT INTO user_emails (tenant_id, value_key, user_id) VALUES ");
        for (n, email) in emails.iter().enumerate() {
            let row: [Value; 3] = [self.tx.tenant().as_uuid().into(), email.as_str().into(), id.as_uuid().into()];
            sql.push(if n > 0 { ", " } else { "" }).list(row);
        }
        sql
    }
}

/// Addresses of one statement.
const EMAILS: usize = 1_000;

/// Whether the resource has values of schemas that a tenant may have registered.
pub(crate) fn extended(resource: &Resource) -> bool {
    resource.as_map().keys().any(|key| key.contains(':') && key != scim::ENTERPRISE_URN)
}

/// Keeps what was deleted, for history and restore.
pub(crate) async fn bury(
    tx: &Tx<'_>,
    kind: ResourceKind,
    id: Uuid,
    resource: &Resource,
    (version, created_at): (u64, domain::Timestamp),
) -> Result<(), StoreError> {
    let mut sql = Sql::new(
        tx.engine(),
        "INSERT INTO tombstones (tenant_id, id, resource_type, version, created_at, deleted_at, resource) VALUES ",
    );
    let row: [Value; 7] = [
        tx.tenant().as_uuid().into(),
        id.into(),
        kind.as_str().into(),
        i64::try_from(version).unwrap_or(i64::MAX).into(),
        created_at.as_micros().into(),
        tx.now().as_micros().into(),
        resource.clone().into_value().into(),
    ];
    sql.list(row);
    tx.connection().execute_raw(sql.statement()).await?;
    Ok(())
}
