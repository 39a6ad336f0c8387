//! What somebody is in at one moment, for an app that asks at a sign-in.

use domain::{RoleOfUser, TenantId, User, UserId};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::dialect::Engine;
use crate::memberships::{Members, UserGroup};
use crate::roles;
use crate::sql::Sql;
use crate::wall::Gate;
use crate::{StoreError, Users, changes, snapshot};

/// How the person is named that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// By our id.
    Id(UserId),
    /// By userName, whatever its case.
    UserName(String),
    /// By the IdP's id, to the letter.
    ExternalId(String),
}

/// What somebody is in, all of it at the moment of one change.
#[derive(Clone, Debug)]
pub struct Access {
    /// The number of the last change that it holds.
    pub seq: u64,
    /// Who.
    pub user: User,
    /// Their groups, direct ones first, then by name.
    pub groups: Vec<UserGroup>,
    /// The roles that these groups give, by key.
    pub roles: Vec<RoleOfUser>,
}

/// Whom a name was found to mean.
#[derive(Clone, Debug)]
pub enum FoundAccess {
    /// Nobody.
    Nobody,
    /// More people than one: an externalId need not be unique.
    Several,
    /// This person.
    One(Box<Access>),
}

pub(crate) async fn read(gate: &Gate, tenant: TenantId, whom: &Whom) -> Result<FoundAccess, StoreError> {
    let txn = snapshot::moment(gate, tenant).await?;
    let seq = changes::head(&txn, tenant).await?.seq;
    let id = match whom {
        Whom::Id(id) => *id,
        Whom::UserName(name) => match named(&txn, tenant, "user_name_key", scim::comparison::key(name)).await?.as_slice() {
            [] => return Ok(FoundAccess::Nobody),
            [id, ..] => (*id).into(),
        },
        Whom::ExternalId(name) => match named(&txn, tenant, "external_id", name.clone()).await?.as_slice() {
            [] => return Ok(FoundAccess::Nobody),
            [id] => (*id).into(),
            _ => return Ok(FoundAccess::Several),
        },
    };
    let Some(user) = Users::new(tenant, (&txn).into()).find(id).await? else { return Ok(FoundAccess::Nobody) };
    let mut groups = Members::new(tenant, (&txn).into()).groups_of(&[id.as_uuid()]).await?;
    let groups = groups.remove(&id.as_uuid()).unwrap_or_default();
    let roles = roles::held_by(&(&txn).into(), tenant, id).await?;
    Ok(FoundAccess::One(Box::new(Access { seq, user, groups, roles })))
}

/// Two people of this name at most, by the index of the column.
async fn named(txn: &DatabaseTransaction, tenant: TenantId, column: &str, value: String) -> Result<Vec<Uuid>, StoreError> {
    let mut sql = Sql::new(Engine::of(txn.get_database_backend()), "SELECT id FROM users WHERE tenant_id = ");
    sql.arg(tenant.as_uuid()).push(&format!(" AND {column} = ")).arg(value).push(" LIMIT 2");
    let rows = txn.query_all_raw(sql.statement()).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}
