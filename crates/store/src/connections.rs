//! The IdP applications that sync into one tenant.

use domain::audit::{Deed, picture};
use domain::{Act, Author, Connection, ConnectionId, ConnectionState};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseExecutor, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::StoreError;
use crate::audit::Acted;
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
        let rows = self.select().order_by_asc(connection::Column::Id).all(&self.door.rows()).await?;
        rows.into_iter().map(Connection::try_from).collect()
    }

    /// One of them.
    pub async fn find(&self, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        let find = self.select().filter(connection::Column::Id.eq(id.as_uuid()));
        find.one(&self.door.rows()).await?.map(Connection::try_from).transpose()
    }

    /// Adds one. Its tenant is this one, whatever the record says.
    pub async fn insert(&self, connection: Connection, author: &Author) -> Result<Connection, StoreError> {
        let made = Connection { tenant: self.door.tenant, ..connection };
        let (row, after) = (row(&made), made.clone());
        self.door
            .store
            .act(Some(made.tenant), author, move |txn| {
                let (txn, row, deed): (DatabaseExecutor<'_>, _, _) = (txn.into(), row.clone(), deed(None, &after));
                Box::pin(async move {
                    connection::Entity::insert(row).exec_without_returning(&txn).await?;
                    Ok(Acted::new((), deed))
                })
            })
            .await?;
        Ok(made)
    }

    /// Changes one, and only what is to be changed; `None` when there is no such connection. Closing one ends what its
    /// credentials may do, here at once.
    pub async fn change(
        &self,
        id: ConnectionId,
        change: ConnectionChange,
        author: &Author,
    ) -> Result<Option<Connection>, StoreError> {
        use connection::Column as C;
        let locked = self.select().filter(C::Id.eq(id.as_uuid())).lock_exclusive();
        let changed = self
            .door
            .store
            .act(Some(self.door.tenant), author, move |txn| {
                let (txn, locked, change): (DatabaseExecutor<'_>, _, _) = (txn.into(), locked.clone(), change.clone());
                Box::pin(async move {
                    let Some(before) = locked.one(&txn).await? else { return Ok(Acted::nothing(None)) };
                    let before = Connection::try_from(before)?;
                    let after = change.applied_to(&before);
                    if after == before {
                        return Ok(Acted::nothing(Some(before)));
                    }
                    let update = connection::Entity::update_many()
                        .filter(C::TenantId.eq(after.tenant.as_uuid()))
                        .filter(C::Id.eq(id.as_uuid()))
                        .col_expr(C::Name, Expr::value(after.name.clone()))
                        .col_expr(C::Strict, Expr::value(after.strict))
                        .col_expr(C::State, Expr::value(after.state.as_str()));
                    update.exec(&txn).await?;
                    let deed = deed(Some(&before), &after);
                    Ok(Acted::new(Some(after), deed))
                })
            })
            .await?;
        self.door.store.forget_credentials().await;
        Ok(changed)
    }
}

impl ConnectionChange {
    fn applied_to(self, connection: &Connection) -> Connection {
        Connection {
            name: self.name.unwrap_or_else(|| connection.name.clone()),
            strict: self.strict.unwrap_or(connection.strict),
            state: self.state.unwrap_or(connection.state),
            ..connection.clone()
        }
    }
}

fn deed(before: Option<&Connection>, after: &Connection) -> Deed {
    let act = match before {
        None => Act::ConnectionCreated,
        Some(before) if before.state != after.state && after.state == ConnectionState::Closed => Act::ConnectionClosed,
        Some(_) => Act::ConnectionChanged,
    };
    Deed {
        tenant: Some(after.tenant),
        act,
        subject: after.into(),
        before: before.map(picture::connection),
        after: Some(picture::connection(after)),
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
