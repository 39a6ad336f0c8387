//! What becomes of people of the console: names, roles, passwords, and their leaving.

use domain::admin::TenantRole;
use domain::audit::{Deed, picture};
use domain::{Act, Admin, AdminId, Author, Role, TenantId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::StoreError;
use crate::admins::AdminRecord;
use crate::audit::Acted;
use crate::dialect::Engine;
use crate::entity::{admin, admin_role, session};
use crate::sql::Sql;
use crate::store::{System, TenantStore};

/// What of a person changes.
#[derive(Clone, Debug, Default)]
pub struct AdminChange {
    /// Another name.
    pub name: Option<String>,
    /// Whether they run the whole service.
    pub operator: Option<bool>,
}

/// What came of a change to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonOutcome {
    /// It was done, or nothing had to be.
    Done,
    /// There is no such person.
    Missing,
    /// Nobody would run the service any more; nothing was done.
    LastOperator,
}

impl System {
    /// People in the order they came, after one of them: all, or those with a role in a tenant.
    pub async fn list_people(
        &self,
        tenant: Option<TenantId>,
        after: Option<AdminId>,
        limit: u64,
    ) -> Result<Vec<AdminRecord>, StoreError> {
        let read = &self.rows();
        let mut find = admin::Entity::find().order_by_asc(admin::Column::Id).limit(limit);
        if let Some(after) = after {
            find = find.filter(admin::Column::Id.gt(after.as_uuid()));
        }
        if let Some(tenant) = tenant {
            let held = admin_role::Entity::find().select_only().column(admin_role::Column::AdminId);
            let held = held.filter(admin_role::Column::TenantId.eq(tenant.as_uuid()));
            find = find.filter(admin::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(held)));
        }
        let people = find.all(read).await?;
        let ids: Vec<Uuid> = people.iter().map(|row| row.id).collect();
        let roles = admin_role::Entity::find().filter(admin_role::Column::AdminId.is_in(ids));
        let roles = roles.order_by_asc(admin_role::Column::TenantId).all(read).await?;
        let record = |row: admin::Model| {
            let own = roles.iter().filter(|held| held.admin_id == row.id).cloned();
            let roles = own.map(TenantRole::try_from).collect::<Result<_, _>>()?;
            Ok(AdminRecord { admin: row.into(), roles })
        };
        people.into_iter().map(record).collect()
    }

    /// People who hold one role in a tenant, in the order they came, after one of them.
    pub async fn list_holders(
        &self,
        tenant: TenantId,
        role: Role,
        after: Option<AdminId>,
        limit: u64,
    ) -> Result<Vec<Admin>, StoreError> {
        use admin_role::Column as C;
        let held = admin_role::Entity::find().select_only().column(C::AdminId);
        let held = held.filter(C::TenantId.eq(tenant.as_uuid())).filter(C::Role.eq(role.as_str()));
        let find = admin::Entity::find().order_by_asc(admin::Column::Id).limit(limit);
        let mut find = find.filter(admin::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(held)));
        if let Some(after) = after {
            find = find.filter(admin::Column::Id.gt(after.as_uuid()));
        }
        Ok(find.all(&self.rows()).await?.into_iter().map(Admin::from).collect())
    }

    /// Gives a person another name, lets them run the service, or ends that.
    pub async fn change_admin(&self, id: AdminId, change: AdminChange, author: &Author) -> Result<PersonOutcome, StoreError> {
        self.store
            .act(None, author, move |txn| {
                let (txn, change): (DatabaseExecutor<'_>, _) = (txn.into(), change.clone());
                Box::pin(async move {
                    let operators = operators(&txn).await?;
                    let Some(before) = lock(&txn, id).await? else { return Ok(Acted::nothing(PersonOutcome::Missing)) };
                    let after = Admin {
                        name: change.name.unwrap_or_else(|| before.name.clone()),
                        operator: change.operator.unwrap_or(before.operator),
                        ..before.clone()
                    };
                    if before.operator && !after.operator && operators == [id] {
                        return Ok(Acted::nothing(PersonOutcome::LastOperator));
                    }
                    if (&before.name, before.operator) == (&after.name, after.operator) {
                        return Ok(Acted::nothing(PersonOutcome::Done));
                    }
                    let update = admin::Entity::update_many().col_expr(admin::Column::Name, Expr::value(after.name.as_str()));
                    let update = update.col_expr(admin::Column::Operator, Expr::value(after.operator));
                    update.filter(admin::Column::Id.eq(id.as_uuid())).exec(&txn).await?;
                    Ok(Acted::new(PersonOutcome::Done, deed(Act::AdminChanged, Some(&before), Some(&after))))
                })
            })
            .await
    }

    /// Removes a person with their roles and sessions: from here on nothing of theirs opens a door.
    pub async fn remove_admin(&self, id: AdminId, author: &Author) -> Result<PersonOutcome, StoreError> {
        self.store
            .act(None, author, move |txn| {
                Box::pin(async move {
                    let executor: DatabaseExecutor<'_> = txn.into();
                    let operators = operators(&executor).await?;
                    let Some(before) = lock(&executor, id).await? else { return Ok(Acted::nothing(PersonOutcome::Missing)) };
                    if operators == [id] {
                        return Ok(Acted::nothing(PersonOutcome::LastOperator));
                    }
                    let held = admin_role::Entity::find().filter(admin_role::Column::AdminId.eq(id.as_uuid()));
                    let held = held.order_by_asc(admin_role::Column::TenantId).lock_exclusive().all(&executor).await?;
                    let held = held.into_iter().map(TenantRole::try_from).collect::<Result<Vec<_>, _>>()?;
                    for table in ["admin_roles", "sessions", "password_resets", "recovery_codes", "passkeys", "ceremonies"] {
                        remove_of(txn, table, id).await?;
                    }
                    admin::Entity::delete_by_id(id.as_uuid()).exec(&executor).await?;
                    let whole =
                        Deed { before: Some(picture::admin(&before, &held)), ..deed(Act::AdminRemoved, Some(&before), None) };
                    let revoked = held.iter().map(|held| role_deed(Act::RoleRevoked, &before, Some(*held), None));
                    Ok(Acted { output: PersonOutcome::Done, deeds: std::iter::once(whole).chain(revoked).collect() })
                })
            })
            .await
    }

    /// Gives a person another password. Links for choosing one are void; their sessions end but the one that is kept.
    /// `false` when there is no such person.
    pub async fn set_password(
        &self,
        id: AdminId,
        hash: String,
        keep: Option<[u8; 32]>,
        author: &Author,
    ) -> Result<bool, StoreError> {
        self.store
            .act(None, author, move |txn| {
                let hash = hash.clone();
                Box::pin(async move {
                    let Some(admin) = lock(&txn.into(), id).await? else { return Ok(Acted::nothing(false)) };
                    write_password(txn, id, &hash, keep).await?;
                    Ok(Acted::new(true, password_deed(&admin)))
                })
            })
            .await
    }
}

impl TenantStore {
    /// Gives a person who has a role here another one. `false` when they have none.
    pub async fn set_role(&self, id: AdminId, role: Role, author: &Author) -> Result<bool, StoreError> {
        self.change_role(id, Some(role), author).await
    }

    /// Takes a person's role away: they cannot enter any more. `false` when they have none.
    pub async fn revoke_role(&self, id: AdminId, author: &Author) -> Result<bool, StoreError> {
        self.change_role(id, None, author).await
    }

    async fn change_role(&self, id: AdminId, role: Option<Role>, author: &Author) -> Result<bool, StoreError> {
        use admin_role::Column as C;
        let tenant = self.tenant;
        self.store
            .act(Some(tenant), author, move |txn| {
                let txn: DatabaseExecutor<'_> = txn.into();
                Box::pin(async move {
                    let Some(admin) = admin::Entity::find_by_id(id.as_uuid()).one(&txn).await? else {
                        return Ok(Acted::nothing(false));
                    };
                    let held = admin_role::Entity::find_by_id((id.as_uuid(), tenant.as_uuid())).lock_exclusive();
                    let Some(held) = held.one(&txn).await? else { return Ok(Acted::nothing(false)) };
                    let (admin, before) = (Admin::from(admin), TenantRole::try_from(held)?);
                    let here = C::AdminId.eq(id.as_uuid()).and(C::TenantId.eq(tenant.as_uuid()));
                    let act = match role {
                        Some(role) if role == before.role => return Ok(Acted::nothing(true)),
                        Some(role) => {
                            let update = admin_role::Entity::update_many().col_expr(C::Role, Expr::value(role.as_str()));
                            update.filter(here).exec(&txn).await?;
                            Act::RoleChanged
                        }
                        None => {
                            admin_role::Entity::delete_many().filter(here).exec(&txn).await?;
                            Act::RoleRevoked
                        }
                    };
                    let after = role.map(|role| TenantRole { tenant, role });
                    Ok(Acted::new(true, role_deed(act, &admin, Some(before), after)))
                })
            })
            .await
    }
}

/// Those who run the service, held, so that two changes at once cannot leave nobody.
async fn operators(txn: &DatabaseExecutor<'_>) -> Result<Vec<AdminId>, StoreError> {
    let all = admin::Entity::find().filter(admin::Column::Operator.eq(true)).order_by_asc(admin::Column::Id);
    Ok(all.lock_exclusive().all(txn).await?.into_iter().map(|row| row.id.into()).collect())
}

async fn lock(txn: &DatabaseExecutor<'_>, id: AdminId) -> Result<Option<Admin>, StoreError> {
    Ok(admin::Entity::find_by_id(id.as_uuid()).lock_exclusive().one(txn).await?.map(Admin::from))
}

/// Writes a password; see [`System::set_password`].
pub(crate) async fn write_password(
    txn: &DatabaseTransaction,
    id: AdminId,
    hash: &str,
    keep: Option<[u8; 32]>,
) -> Result<(), StoreError> {
    let executor: DatabaseExecutor<'_> = txn.into();
    let update = admin::Entity::update_many().col_expr(admin::Column::PasswordHash, Expr::value(hash));
    update.filter(admin::Column::Id.eq(id.as_uuid())).exec(&executor).await?;
    remove_of(txn, "password_resets", id).await?;
    let mut ended = session::Entity::delete_many().filter(session::Column::AdminId.eq(id.as_uuid()));
    if let Some(keep) = keep {
        ended = ended.filter(session::Column::Digest.ne(keep.to_vec()));
    }
    ended.exec(&executor).await?;
    Ok(())
}

/// That a person has another password; never which.
pub(crate) fn password_deed(admin: &Admin) -> Deed {
    Deed { tenant: None, act: Act::PasswordChanged, subject: admin.into(), before: None, after: None }
}

async fn remove_of(txn: &DatabaseTransaction, table: &str, id: AdminId) -> Result<(), StoreError> {
    let mut sql = Sql::new(Engine::of(txn.get_database_backend()), "DELETE FROM ");
    sql.push(table).push(" WHERE admin_id = ").arg(id.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    Ok(())
}

fn deed(act: Act, before: Option<&Admin>, after: Option<&Admin>) -> Deed {
    let subject = after.or(before).map(Into::into);
    let nobody = domain::audit::Subject { kind: domain::audit::SubjectKind::Admin, id: None, name: None };
    let picture = |admin: Option<&Admin>| admin.map(|admin| picture::admin(admin, &[]));
    Deed { tenant: None, act, subject: subject.unwrap_or(nobody), before: picture(before), after: picture(after) }
}

fn role_deed(act: Act, admin: &Admin, before: Option<TenantRole>, after: Option<TenantRole>) -> Deed {
    let tenant = before.or(after).map(|held| held.tenant);
    let picture = |held: Option<TenantRole>| held.map(|held| picture::admin(admin, std::slice::from_ref(&held)));
    Deed { tenant, act, subject: admin.into(), before: picture(before), after: picture(after) }
}
