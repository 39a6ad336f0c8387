//! Small writes that belong to no tenant's directory: they wait in the same queue and reach the disk the same way.

use std::future::Future;
use std::pin::Pin;

use domain::{Actor, TenantId};
use sea_orm::DatabaseTransaction;

use crate::audit::chain_of;
use crate::store::{Store, System};
use crate::tx::{Origin, Tx};
use crate::wall::Door;
use crate::{StoreError, Unit};

/// A future that borrows the transaction.
pub(crate) type Step<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

struct SystemUnit<F> {
    work: F,
}

impl<T, F> Unit for SystemUnit<F>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a DatabaseTransaction) -> Step<'a, T> + Send + Sync + 'static,
{
    const NAME: &'static str = "system";
    type Output = T;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<T, StoreError> {
        tx.touch();
        (self.work)(tx.connection()).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

impl Store {
    /// Runs `work` as a unit in the line of `tenant`, or of the service itself. For housekeeping that nobody asked for;
    /// what is done on somebody's behalf goes through [`Store::act`].
    pub(crate) async fn write_small<T, F>(&self, tenant: Option<TenantId>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a DatabaseTransaction) -> Step<'a, T> + Send + Sync + 'static,
    {
        Ok(self.write(Door::of(tenant), origin(self, tenant), SystemUnit { work }).await?.output)
    }
}

impl System {
    /// The same in the line of a tenant, for what reaches beyond its rows.
    pub(crate) async fn write_beyond<T, F>(&self, line: TenantId, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a DatabaseTransaction) -> Step<'a, T> + Send + Sync + 'static,
    {
        let origin = origin(&self.store, Some(line));
        Ok(self.store.write(Door::System, origin, SystemUnit { work }).await?.output)
    }
}

/// The origin of a unit that no request at the SCIM door asked for.
pub(crate) fn origin(store: &Store, tenant: Option<TenantId>) -> Origin {
    Origin { tenant: chain_of(tenant), actor: Actor::System, request_id: None, at: store.inner().clock.now() }
}
