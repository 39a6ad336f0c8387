//! The IdP applications that sync into one tenant.

use domain::{Connection, ConnectionId, ConnectionState};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseExecutor, EntityTrait, QueryFilter, QueryOrder, Select};

use crate::StoreError;
use crate::entity::connection;
use crate::store::TenantStore;

/// The connections of one tenant.
pub struct Connections<'s> {
    door: &'s TenantStore,
}

impl<'s> Connections<'s> {
    pub(crate) fn new(door: &'s TenantStore) -> Self {
        Self { door }
    }

    fn select(&self) -> Select<connection::Entity> {
        connection::Entity::find().filter(connection::Column::TenantId.eq(self.door.tenant.as_uuid()))
    }

    /// All of them, oldest first.
    pub async fn list(&self) -> Result<Vec<Connection>, StoreError> {
        let rows = self.select().order_by_asc(connection::Column::Id).all(&self.door.store.inner().read).await?;
        rows.into_iter().map(Connection::try_from).collect()
    }

    /// One of them.
    pub async fn find(&self, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        let find = self.select().filter(connection::Column::Id.eq(id.as_uuid()));
        find.one(&self.door.store.inner().read).await?.map(Connection::try_from).transpose()
    }

    /// Adds one. Its tenant is this one, whatever the record says.
    pub async fn insert(&self, connection: Connection) -> Result<Connection, StoreError> {
        let made = Connection { tenant: self.door.tenant, ..connection };
        let row = row(&made);
        self.door
            .store
            .write_small(Some(self.door.tenant), move |txn| {
                let (txn, row): (DatabaseExecutor<'_>, _) = (txn.into(), row.clone());
                Box::pin(async move {
                    connection::Entity::insert(row).exec_without_returning(&txn).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(made)
    }

    /// Saves name, strictness and state. Closing one ends what its credentials may do, here at once.
    pub async fn save(&self, connection: &Connection) -> Result<(), StoreError> {
        let row = row(&Connection { tenant: self.door.tenant, ..connection.clone() });
        self.door
            .store
            .write_small(Some(self.door.tenant), move |txn| {
                let (txn, row): (DatabaseExecutor<'_>, _) = (txn.into(), row.clone());
                Box::pin(async move {
                    connection::Entity::update(row).exec(&txn).await?;
                    Ok(())
                })
            })
            .await?;
        self.door.store.inner().credentials.forget_all();
        Ok(())
    }

    /// The tenant's only open connection, or `None` when there is none or more than one.
    pub async fn only_open(&self) -> Result<Option<Connection>, StoreError> {
        let mut open = self.list().await?.into_iter().filter(|c| c.state == ConnectionState::Open);
        Ok(open.next().filter(|_| open.next().is_none()))
    }
}

fn row(connection: &Connection) -> connection::ActiveModel {
    connection::ActiveModel {
        tenant_id: Set(connection.tenant.as_uuid()),
        id: Set(connection.id.as_uuid()),
        name: Set(connection.name.clone()),
        idp: Set(connection.idp.as_str().to_owned()),
        state: Set(connection.state.as_str().to_owned()),
        strict: Set(connection.strict),
        created_at: Set(connection.created_at.as_micros()),
    }
}
