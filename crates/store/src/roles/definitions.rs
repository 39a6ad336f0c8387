//! The service's list of roles.

use domain::app_role::MOST;
use domain::audit::{Deed, picture};
use domain::{Act, AppRole, Author, RoleKey, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};

use crate::audit::Acted;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::store::System;
use crate::{StoreError, Unique};

pub(super) const COLUMNS: &str = "o.role, o.name, o.description, o.created_at, o.updated_at";

/// What of a role changes.
#[derive(Clone, Debug, Default)]
pub struct RoleChange {
    /// Another name.
    pub name: Option<String>,
    /// Another description.
    pub description: Option<String>,
}

/// What became of a role that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleDeletion {
    /// It is gone.
    Deleted,
    /// There is none of this key.
    Unknown,
    /// Tenants map groups to it, so it stays.
    Mapped {
        /// How many tenants.
        tenants: u64,
        /// How many groups in all.
        groups: u64,
    },
}

impl System {
    /// All roles, by their keys.
    pub async fn list_roles(&self) -> Result<Vec<AppRole>, StoreError> {
        let sql = Sql::new(self.store.inner().engine, &format!("SELECT {COLUMNS} FROM roles AS o ORDER BY o.role"));
        self.rows().query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }

    /// Makes a role.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one of this key, or there are [`MOST`] of them.
    pub async fn insert_role(&self, role: &AppRole, author: &Author) -> Result<(), StoreError> {
        let role = role.clone();
        self.store
            .act(None, author, move |txn| {
                let role = role.clone();
                Box::pin(async move {
                    let mut sql =
                        Sql::new(engine(txn), "INSERT INTO roles (role, name, description, created_at, updated_at) VALUES ");
                    sql.list::<Value>([
                        role.key.as_str().into(),
                        role.name.as_str().into(),
                        role.description.as_str().into(),
                        role.created_at.as_micros().into(),
                        role.updated_at.as_micros().into(),
                    ]);
                    sql.push(" ON CONFLICT (role) DO NOTHING");
                    if txn.execute_raw(sql.statement()).await?.rows_affected() == 0 {
                        return Err(StoreError::Conflict(Unique::RoleKey));
                    }
                    let row = txn.query_one_raw(Sql::new(engine(txn), "SELECT COUNT(*) AS count FROM roles").statement()).await?;
                    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
                    if usize::try_from(count).is_ok_and(|count| count > MOST) {
                        return Err(StoreError::Conflict(Unique::RolePlace));
                    }
                    Ok(Acted::new((), deed(Act::AppRoleCreated, &role.key, (None, Some(&role)))))
                })
            })
            .await
    }

    /// Gives a role another name or description; nothing when there is none of this key.
    pub async fn change_role(
        &self,
        key: &RoleKey,
        change: RoleChange,
        at: Timestamp,
        author: &Author,
    ) -> Result<Option<AppRole>, StoreError> {
        let key = key.clone();
        self.store
            .act(None, author, move |txn| {
                let (key, change) = (key.clone(), change.clone());
                Box::pin(async move {
                    let Some(before) = held(txn, &key, engine(txn).for_update()).await? else {
                        return Ok(Acted::nothing(None));
                    };
                    let name = change.name.unwrap_or_else(|| before.name.clone());
                    let description = change.description.unwrap_or_else(|| before.description.clone());
                    if (&name, &description) == (&before.name, &before.description) {
                        return Ok(Acted::nothing(Some(before)));
                    }
                    let after = AppRole { name, description, updated_at: at, ..before.clone() };
                    let mut sql = Sql::new(engine(txn), "UPDATE roles SET name = ");
                    sql.arg(after.name.as_str()).push(", description = ").arg(after.description.as_str());
                    sql.push(", updated_at = ").arg(at.as_micros()).push(" WHERE role = ").arg(key.as_str());
                    txn.execute_raw(sql.statement()).await?;
                    let deed = deed(Act::AppRoleChanged, &key, (Some(&before), Some(&after)));
                    Ok(Acted::new(Some(after), deed))
                })
            })
            .await
    }

    /// Deletes a role that no tenant maps a group to.
    pub async fn delete_role(&self, key: &RoleKey, author: &Author) -> Result<RoleDeletion, StoreError> {
        let key = key.clone();
        self.store
            .act(None, author, move |txn| {
                let key = key.clone();
                Box::pin(async move {
                    // Held before the mappings are counted: whoever maps a group to it meanwhile has either committed, and
                    // is counted, or finds it gone.
                    let Some(before) = held(txn, &key, engine(txn).for_update()).await? else {
                        return Ok(Acted::nothing(RoleDeletion::Unknown));
                    };
                    let mut sql = Sql::new(
                        engine(txn),
                        "SELECT COUNT(*) AS mapped, COUNT(DISTINCT tenant_id) AS tenants FROM role_mappings WHERE role = ",
                    );
                    sql.arg(key.as_str());
                    let row = txn.query_one_raw(sql.statement()).await?;
                    let row = row.ok_or_else(|| StoreError::Corrupt("a count gave no row".to_owned()))?;
                    let number = |name: &str| row.try_get::<i64>("", name).map(|n| u64::try_from(n).unwrap_or_default());
                    let (groups, tenants) = (number("mapped")?, number("tenants")?);
                    if groups > 0 {
                        return Ok(Acted::nothing(RoleDeletion::Mapped { tenants, groups }));
                    }
                    let mut sql = Sql::new(engine(txn), "DELETE FROM roles WHERE role = ");
                    sql.arg(key.as_str());
                    txn.execute_raw(sql.statement()).await?;
                    Ok(Acted::new(RoleDeletion::Deleted, deed(Act::AppRoleDeleted, &key, (Some(&before), None))))
                })
            })
            .await
    }
}

/// A role, with its row locked as `lock` says.
pub(super) async fn held(txn: &DatabaseTransaction, key: &RoleKey, lock: &str) -> Result<Option<AppRole>, StoreError> {
    let mut sql = Sql::new(engine(txn), &format!("SELECT {COLUMNS} FROM roles AS o WHERE o.role = "));
    sql.arg(key.as_str()).push(lock);
    txn.query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
}

fn deed(act: Act, key: &RoleKey, (before, after): (Option<&AppRole>, Option<&AppRole>)) -> Deed {
    let (before, after) = (before.map(picture::app_role), after.map(picture::app_role));
    Deed { tenant: None, act, subject: key.into(), before, after }
}

pub(super) fn read(row: &QueryResult) -> Result<AppRole, StoreError> {
    Ok(AppRole {
        key: key_of(row)?,
        name: row.try_get("", "name")?,
        description: row.try_get("", "description")?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        updated_at: Timestamp::from_micros(row.try_get("", "updated_at")?),
    })
}

/// The key in a row's column `role`.
pub(super) fn key_of(row: &QueryResult) -> Result<RoleKey, StoreError> {
    let key: String = row.try_get("", "role")?;
    key.parse().map_err(|_| StoreError::Corrupt(format!("role {key}")))
}

fn engine(txn: &DatabaseTransaction) -> Engine {
    Engine::of(txn.get_database_backend())
}
