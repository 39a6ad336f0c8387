//! The IdP applications that sync into one tenant.

use domain::{Connection, ConnectionId, ConnectionState};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseExecutor, EntityTrait, QueryFilter, QueryOrder, Select};

use crate::StoreError;
use crate::entity::connection;
use crate::store::TenantStore;

/// What is to be different about a connection; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionChange {
    /// Its name for people.
    pub name: Option<String>,
    /// Whether it gets no repairs.
    pub strict: Option<bool>,
    /// Whether its credentials open the door.
    pub state: Option<ConnectionState>,
}

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

    /// Changes one, and only what is to be changed; `None` when there is no such connection. Closing one ends what its
    /// credentials may do, here at once.
    pub async fn change(&self, id: ConnectionId, change: ConnectionChange) -> Result<Option<Connection>, StoreError> {
        use connection::Column as C;
        if change == ConnectionChange::default() {
            return self.find(id).await;
        }
        let tenant = self.door.tenant;
        self.door
            .store
            .write_small(Some(tenant), move |txn| {
                let (txn, change): (DatabaseExecutor<'_>, _) = (txn.into(), change.clone());
                Box::pin(async move {
                    let mut update =
                        connection::Entity::update_many().filter(C::TenantId.eq(tenant.as_uuid())).filter(C::Id.eq(id.as_uuid()));
                    if let Some(name) = change.name {
                        update = update.col_expr(C::Name, Expr::value(name));
                    }
                    if let Some(strict) = change.strict {
                        update = update.col_expr(C::Strict, Expr::value(strict));
                    }
                    if let Some(state) = change.state {
                        update = update.col_expr(C::State, Expr::value(state.as_str()));
                    }
                    update.exec(&txn).await?;
                    Ok(())
                })
            })
            .await?;
        self.door.store.inner().credentials.forget_all();
        self.find(id).await
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
