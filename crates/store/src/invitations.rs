//! Invitations into tenants and to run the service.

use domain::admin::TenantRole;
use domain::audit::{Deed, picture};
use domain::{Act, Admin, AdminId, Author, Invitation, InvitationId, Role, TenantId, Timestamp};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseExecutor, DatabaseTransaction, EntityTrait, QueryResult, Value};
use uuid::Uuid;

use crate::StoreError;
use crate::admins::{NewAdmin, insert};
use crate::audit::{Acted, chain_of};
use crate::dialect::Engine;
use crate::entity::{admin, admin_role};
use crate::sql::Sql;
use crate::store::System;
use crate::system_unit::Step;

const COLUMNS: &str = "tenant_id, id, email, name, role, digest, created_at, created_by, expires_at, mailed_at";

/// Who accepts an invitation.
#[derive(Clone, Debug)]
pub enum Guest {
    /// Somebody new, with the name and password they chose; they have the address of the invitation.
    New(Admin),
    /// A person who is signed in.
    Known(Admin),
}

/// What came of accepting an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// They are in.
    Accepted(Invitation),
    /// The code is not good.
    Unknown,
    /// It is for somebody else.
    OtherPerson,
}

impl System {
    /// Keeps an invitation; an earlier one of the same address into the same tenant is void.
    pub async fn invite(&self, invitation: &Invitation, author: &Author) -> Result<(), StoreError> {
        let invitation = invitation.clone();
        self.store
            .act(invitation.tenant, author, move |txn| {
                let invitation = invitation.clone();
                Box::pin(async move {
                    let (engine, email_key) = (engine(txn), scim::comparison::key(&invitation.email));
                    let mut sql = Sql::new(engine, "DELETE FROM invitations WHERE tenant_id = ");
                    sql.arg(chain_of(invitation.tenant).as_uuid()).push(" AND email_key = ").arg(email_key.as_str());
                    txn.execute_raw(sql.statement()).await?;
                    let mut sql = Sql::new(engine, "INSERT INTO invitations (email_key, ");
                    sql.push(COLUMNS).push(") VALUES ").list::<Value>(row(&invitation, email_key));
                    txn.execute_raw(sql.statement()).await?;
                    Ok(Acted::new((), deed(Act::InvitationSent, None, Some(&invitation))))
                })
            })
            .await
    }

    /// Notes that the link of an invitation left by mail.
    pub async fn note_invitation_mailed(&self, invitation: &Invitation, at: Timestamp) -> Result<(), StoreError> {
        let (engine, tenant, id) = (self.store.inner().engine, chain_of(invitation.tenant), invitation.id);
        self.store
            .write_small(invitation.tenant, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "UPDATE invitations SET mailed_at = ");
                    sql.arg(at.as_micros()).push(" WHERE tenant_id = ").arg(tenant.as_uuid());
                    sql.push(" AND id = ").arg(id.as_uuid());
                    txn.execute_raw(sql.statement()).await?;
                    Ok(())
                })
            })
            .await
    }

    /// The invitations into a tenant, or to run the service, oldest first; those included whose time is over.
    pub async fn list_invitations(&self, tenant: Option<TenantId>) -> Result<Vec<Invitation>, StoreError> {
        let mut sql = self.select_invitations();
        sql.push("tenant_id = ").arg(chain_of(tenant).as_uuid()).push(" ORDER BY id");
        self.rows().query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }

    /// The invitations of an address that can be accepted now, oldest first.
    pub async fn list_invitations_of(&self, email: &str, now: Timestamp) -> Result<Vec<Invitation>, StoreError> {
        let mut sql = self.select_invitations();
        sql.push("email_key = ").arg(scim::comparison::key(email)).push(" AND expires_at > ").arg(now.as_micros());
        sql.push(" ORDER BY id");
        self.rows().query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }

    /// One of them.
    pub async fn find_invitation(&self, tenant: Option<TenantId>, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        let mut sql = self.select_invitations();
        sql.push("tenant_id = ").arg(chain_of(tenant).as_uuid()).push(" AND id = ").arg(id.as_uuid());
        self.rows().query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
    }

    /// The invitation of this code if it can be accepted now.
    pub async fn find_invitation_by_code(&self, digest: [u8; 32], now: Timestamp) -> Result<Option<Invitation>, StoreError> {
        let mut sql = self.select_invitations();
        sql.push("digest = ").arg(digest.to_vec()).push(" AND expires_at > ").arg(now.as_micros());
        self.rows().query_one_raw(sql.statement()).await?.as_ref().map(read).transpose()
    }

    /// Takes an invitation back. `false` when there is none.
    pub async fn revoke_invitation(
        &self,
        tenant: Option<TenantId>,
        id: InvitationId,
        author: &Author,
    ) -> Result<bool, StoreError> {
        self.store
            .act(tenant, author, move |txn| {
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "DELETE FROM invitations WHERE tenant_id = ");
                    sql.arg(chain_of(tenant).as_uuid()).push(" AND id = ").arg(id.as_uuid()).push(" RETURNING ").push(COLUMNS);
                    let Some(row) = txn.query_one_raw(sql.statement()).await? else { return Ok(Acted::nothing(false)) };
                    Ok(Acted::new(true, deed(Act::InvitationRevoked, Some(&read(&row)?), None)))
                })
            })
            .await
    }

    /// Uses an invitation up and gives its role, both or neither. A role that the person has already is replaced.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the guest is new and somebody has the address; the invitation stays good then.
    pub async fn accept_invitation(
        &self,
        digest: [u8; 32],
        guest: Guest,
        now: Timestamp,
        author: &Author,
    ) -> Result<Acceptance, StoreError> {
        self.store
            .act(None, author, move |txn| {
                let guest = guest.clone();
                Box::pin(async move {
                    let mut sql = Sql::new(engine(txn), "DELETE FROM invitations WHERE digest = ");
                    sql.arg(digest.to_vec()).push(" AND expires_at > ").arg(now.as_micros());
                    // The address is compared where the row goes, so that nobody else's invitation is used up.
                    if let Guest::Known(admin) = &guest {
                        sql.push(" AND email_key = ").arg(scim::comparison::key(&admin.email));
                    }
                    sql.push(" RETURNING ").push(COLUMNS);
                    let Some(row) = txn.query_one_raw(sql.statement()).await? else {
                        let unknown = !exists(txn, digest, now).await?;
                        return Ok(Acted::nothing(if unknown { Acceptance::Unknown } else { Acceptance::OtherPerson }));
                    };
                    let invitation = read(&row)?;
                    let deeds = match guest {
                        Guest::New(admin) => enter(txn, admin, &invitation).await?,
                        Guest::Known(admin) => grant(txn, &admin, &invitation).await?,
                    };
                    Ok(Acted { output: Acceptance::Accepted(invitation), deeds })
                })
            })
            .await
    }

    /// Drops invitations that ended a month ago unused.
    pub async fn remove_ended_invitations(&self, now: Timestamp) -> Result<(), StoreError> {
        let (engine, before) = (self.store.inner().engine, now.plus_days(-30));
        self.store
            .write_small(None, move |txn: &DatabaseTransaction| -> Step<'_, ()> {
                Box::pin(async move {
                    let mut sql = Sql::new(engine, "DELETE FROM invitations WHERE expires_at <= ");
                    sql.arg(before.as_micros());
                    txn.execute_raw(sql.statement()).await?;
                    Ok(())
                })
            })
            .await
    }

    fn select_invitations(&self) -> Sql {
        let mut sql = Sql::new(self.store.inner().engine, "SELECT ");
        sql.push(COLUMNS).push(" FROM invitations WHERE ");
        sql
    }
}

async fn exists(txn: &DatabaseTransaction, digest: [u8; 32], now: Timestamp) -> Result<bool, StoreError> {
    let mut sql = Sql::new(engine(txn), "SELECT id FROM invitations WHERE digest = ");
    sql.arg(digest.to_vec()).push(" AND expires_at > ").arg(now.as_micros());
    Ok(txn.query_one_raw(sql.statement()).await?.is_some())
}

/// A new person comes in.
async fn enter(txn: &DatabaseTransaction, admin: Admin, invitation: &Invitation) -> Result<Vec<Deed>, StoreError> {
    let roles = invitation.tenant.map(|tenant| TenantRole { tenant, role: invitation.role }).into_iter().collect();
    let operator = invitation.tenant.is_none() && invitation.role == Role::Operator;
    let new = NewAdmin { admin: Admin { operator, ..admin }, roles };
    insert(&txn.into(), &new).await?;
    Ok(new.deeds())
}

/// A known person gets the role.
async fn grant(txn: &DatabaseTransaction, guest: &Admin, invitation: &Invitation) -> Result<Vec<Deed>, StoreError> {
    let executor: DatabaseExecutor<'_> = txn.into();
    let Some(tenant) = invitation.tenant else { return make_operator(txn, guest.id).await };
    let id = (guest.id.as_uuid(), tenant.as_uuid());
    admin_role::Entity::delete_by_id(id).exec(&executor).await?;
    let held = TenantRole { tenant, role: invitation.role };
    let row = admin_role::ActiveModel { admin_id: Set(id.0), tenant_id: Set(id.1), role: Set(held.role.as_str().to_owned()) };
    admin_role::Entity::insert(row).exec_without_returning(&executor).await?;
    let after = Some(picture::admin(guest, std::slice::from_ref(&held)));
    Ok(vec![Deed { tenant: Some(tenant), act: Act::RoleGranted, subject: guest.into(), before: None, after }])
}

async fn make_operator(txn: &DatabaseTransaction, id: AdminId) -> Result<Vec<Deed>, StoreError> {
    let executor: DatabaseExecutor<'_> = txn.into();
    let Some(before) = admin::Entity::find_by_id(id.as_uuid()).one(&executor).await? else { return Ok(Vec::new()) };
    let before = Admin::from(before);
    let mut sql = Sql::new(engine(txn), "UPDATE admins SET operator = ");
    sql.arg(true).push(" WHERE id = ").arg(id.as_uuid());
    txn.execute_raw(sql.statement()).await?;
    let after = Admin { operator: true, ..before.clone() };
    let (old, new) = (picture::admin(&before, &[]), picture::admin(&after, &[]));
    Ok(vec![Deed { tenant: None, act: Act::AdminChanged, subject: (&after).into(), before: Some(old), after: Some(new) }])
}

fn deed(act: Act, before: Option<&Invitation>, after: Option<&Invitation>) -> Deed {
    let either = after.or(before);
    let nobody = domain::audit::Subject { kind: domain::audit::SubjectKind::Invitation, id: None, name: None };
    Deed {
        tenant: either.and_then(|invitation| invitation.tenant),
        act,
        subject: either.map_or(nobody, Into::into),
        before: before.map(picture::invitation),
        after: after.map(picture::invitation),
    }
}

fn row(invitation: &Invitation, email_key: String) -> [Value; 11] {
    [
        email_key.into(),
        chain_of(invitation.tenant).as_uuid().into(),
        invitation.id.as_uuid().into(),
        invitation.email.as_str().into(),
        invitation.name.as_str().into(),
        invitation.role.as_str().into(),
        invitation.digest.to_vec().into(),
        invitation.created_at.as_micros().into(),
        invitation.created_by.as_str().into(),
        invitation.expires_at.as_micros().into(),
        invitation.mailed_at.map(Timestamp::as_micros).into(),
    ]
}

fn read(row: &QueryResult) -> Result<Invitation, StoreError> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of an invitation"));
    let tenant: Uuid = row.try_get("", "tenant_id")?;
    let (digest, role): (Vec<u8>, String) = (row.try_get("", "digest")?, row.try_get("", "role")?);
    Ok(Invitation {
        id: row.try_get::<Uuid>("", "id")?.into(),
        tenant: (!tenant.is_nil()).then(|| tenant.into()),
        email: row.try_get("", "email")?,
        name: row.try_get("", "name")?,
        role: Role::parse(&role).ok_or_else(|| corrupt("role"))?,
        digest: digest.as_slice().try_into().map_err(|_| corrupt("digest"))?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        created_by: row.try_get("", "created_by")?,
        expires_at: Timestamp::from_micros(row.try_get("", "expires_at")?),
        mailed_at: row.try_get::<Option<i64>>("", "mailed_at")?.map(Timestamp::from_micros),
    })
}

fn engine(txn: &DatabaseTransaction) -> Engine {
    Engine::of(txn.get_database_backend())
}
