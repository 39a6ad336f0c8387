//! People of the console and their roles.

use domain::admin::TenantRole;
use domain::audit::{Deed, picture};
use domain::{Act, Admin, AdminId, Author, Role, TenantId};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseExecutor, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::StoreError;
use crate::audit::Acted;
use crate::entity::{admin, admin_role};
use crate::store::System;

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewAdmin {
    /// Who.
    pub admin: Admin,
    /// Their roles in tenants.
    pub roles: Vec<TenantRole>,
}

/// A person with their roles.
#[derive(Clone, Debug)]
pub struct AdminRecord {
    /// Who.
    pub admin: Admin,
    /// Their roles in tenants.
    pub roles: Vec<TenantRole>,
}

impl AdminRecord {
    /// What they may do in a tenant.
    pub fn role_in(&self, tenant: TenantId) -> Option<Role> {
        if self.admin.operator {
            return Some(Role::Operator);
        }
        self.roles.iter().find(|held| held.tenant == tenant).map(|held| held.role)
    }
}

impl System {
    /// The person of this address, in any case.
    pub async fn find_admin_by_email(&self, email: &str) -> Result<Option<AdminRecord>, StoreError> {
        let key = scim::comparison::key(email);
        let row = admin::Entity::find().filter(admin::Column::EmailKey.eq(key)).one(&self.rows()).await?;
        self.with_roles(row).await
    }

    /// The person of this id.
    pub async fn find_admin(&self, id: AdminId) -> Result<Option<AdminRecord>, StoreError> {
        let row = admin::Entity::find_by_id(id.as_uuid()).one(&self.rows()).await?;
        self.with_roles(row).await
    }

    /// All people, oldest first.
    pub async fn list_admins(&self) -> Result<Vec<Admin>, StoreError> {
        let rows = admin::Entity::find().order_by_asc(admin::Column::Id).all(&self.rows()).await?;
        Ok(rows.into_iter().map(Admin::from).collect())
    }

    /// Whether anybody runs the service yet.
    pub async fn has_operator(&self) -> Result<bool, StoreError> {
        let operators = admin::Entity::find().filter(admin::Column::Operator.eq(true));
        Ok(operators.count(&self.rows()).await? > 0)
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody has the address.
    pub async fn insert_admin(&self, new: NewAdmin, author: &Author) -> Result<(), StoreError> {
        self.store
            .act(None, author, move |txn| {
                let (txn, new): (DatabaseExecutor<'_>, _) = (txn.into(), new.clone());
                Box::pin(async move {
                    insert(&txn, &new).await?;
                    Ok(Acted { output: (), deeds: new.deeds() })
                })
            })
            .await
    }

    async fn with_roles(&self, row: Option<admin::Model>) -> Result<Option<AdminRecord>, StoreError> {
        let Some(row) = row else { return Ok(None) };
        let roles = admin_role::Entity::find().filter(admin_role::Column::AdminId.eq(row.id));
        let roles = roles.order_by_asc(admin_role::Column::TenantId).all(&self.rows()).await?;
        let roles = roles.into_iter().map(TenantRole::try_from).collect::<Result<_, _>>()?;
        Ok(Some(AdminRecord { admin: row.into(), roles }))
    }
}

impl NewAdmin {
    /// A person is the operator's business; that they may enter a tenant is that tenant's too.
    pub(crate) fn deeds(&self) -> Vec<Deed> {
        let deed = |tenant, act, roles: &[TenantRole]| Deed {
            tenant,
            act,
            subject: (&self.admin).into(),
            before: None,
            after: Some(picture::admin(&self.admin, roles)),
        };
        let granted = self.roles.iter().map(|held| deed(Some(held.tenant), Act::RoleGranted, std::slice::from_ref(held)));
        std::iter::once(deed(None, Act::AdminCreated, &self.roles)).chain(granted).collect()
    }
}

pub(crate) async fn insert(txn: &DatabaseExecutor<'_>, new: &NewAdmin) -> Result<(), StoreError> {
    let row = admin::ActiveModel {
        id: Set(new.admin.id.as_uuid()),
        email_key: Set(scim::comparison::key(&new.admin.email)),
        email: Set(new.admin.email.clone()),
        name: Set(new.admin.name.clone()),
        password_hash: Set(new.admin.password_hash.clone()),
        operator: Set(new.admin.operator),
        created_at: Set(new.admin.created_at.as_micros()),
    };
    admin::Entity::insert(row).exec_without_returning(txn).await?;
    for held in &new.roles {
        let role = admin_role::ActiveModel {
            admin_id: Set(new.admin.id.as_uuid()),
            tenant_id: Set(held.tenant.as_uuid()),
            role: Set(held.role.as_str().to_owned()),
        };
        admin_role::Entity::insert(role).exec_without_returning(txn).await?;
    }
    Ok(())
}
