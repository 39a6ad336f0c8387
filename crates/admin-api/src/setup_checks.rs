//! What a guide has seen of a connection, for who looks after the tenant.

use domain::{Connection, ConnectionId, Right};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use crate::auth::{Signed, Visit};
use crate::checks::{self, SetupChecks};
use crate::checks_stream::{self, ChecksStream};
use crate::failure::Failure;
use crate::live::{self, Waiter};
use crate::service::Tag;
use crate::value::Time;

pub(crate) struct SetupChecksOfConnection;

#[OpenApi(tag = "Tag::Credentials")]
impl SetupChecksOfConnection {
    /// What has been seen of a connection being set up
    ///
    /// Address reached, credential accepted or which wrong one came, IdP recognised, a look-up, the first person and group,
    /// a change, a deactivation.
    #[oai(path = "/tenants/:tenant/connections/:connection/checks", method = "get", operation_id = "getSetupChecks")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The connection's id.
        connection: Path<String>,
        /// Only what was seen at this moment or later; since the connection was made without it.
        since: Query<Option<Time>>,
    ) -> Result<Json<SetupChecks>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsRead, &tenant.0).await?;
        let connection = connection_of(&visit, &connection.0).await?;
        let since = since.0.map_or(connection.created_at, |at| at.0);
        Ok(Json(checks::read(&visit.store, &connection, since, visit.shared.clock.now()).await?))
    }

    /// What has been seen of a connection being set up, as it changes
    ///
    /// Server-sent events: the checks as they are, and again whenever one changes. Ends as the stream of the sync log does.
    #[oai(path = "/tenants/:tenant/connections/:connection/checks/stream", method = "get", operation_id = "streamSetupChecks")]
    async fn stream(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The connection's id.
        connection: Path<String>,
        /// Only what was seen at this moment or later; since the connection was made without it.
        since: Query<Option<Time>>,
    ) -> Result<ChecksStream, Failure> {
        let caller = caller.0;
        let visit = caller.enter_to(Right::CredentialsRead, &tenant.0).await?;
        let connection = connection_of(&visit, &connection.0).await?;
        let since = since.0.map_or(connection.created_at, |at| at.0);
        let pass = live::pass_of(&caller, visit.tenant.id, Right::CredentialsRead);
        let bell = visit.store.sync_events().bell();
        let waiter = Waiter::new(&caller.shared.streams, live::reader(&caller, visit.tenant.id), bell, pass)?;
        Ok(checks_stream::open(&caller.shared, visit.store, connection, since, waiter))
    }
}

async fn connection_of(visit: &Visit, id: &str) -> Result<Connection, Failure> {
    let id: ConnectionId = id.parse().map_err(|_| Failure::NotFound)?;
    visit.store.connections().find(id).await?.ok_or(Failure::NotFound)
}
