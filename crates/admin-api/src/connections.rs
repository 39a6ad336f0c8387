//! The IdP applications that sync into a tenant.

use domain::connection::ConnectionState;
use domain::{Connection, ConnectionId, Idp, Right};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::ConnectionChange;

use crate::answer::{Created, created};
use crate::auth::Signed;
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::Page;
use crate::service::Tag;
use crate::value::{Time, Word};

/// Most characters of a connection's name.
const NAME: usize = 100;

pub(crate) struct Connections;

/// One IdP application that syncs into the tenant.
#[derive(Debug, Object)]
#[oai(rename = "Connection", rename_all = "camelCase")]
struct ConnectionView {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Which IdP it is.
    idp: Word<Idp>,
    /// Whether its credentials open the door.
    state: Word<ConnectionState>,
    /// Whether it gets no repairs: what the standard does not allow is refused.
    strict: bool,
    /// When it was made.
    created_at: Time,
}

/// A connection to be made.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewConnection {
    /// Its name.
    name: String,
    /// Which IdP it is.
    idp: Word<Idp>,
}

/// What is to be different; what is absent stays.
#[derive(Object)]
#[oai(rename = "ConnectionChange", deny_unknown_fields)]
struct Difference {
    /// Its name.
    name: Option<String>,
    /// Whether it gets no repairs.
    strict: Option<bool>,
    /// `closed` ends what its credentials may do, for good. A closed connection is not opened again.
    state: Option<Word<ConnectionState>>,
}

#[OpenApi(tag = "Tag::Credentials")]
impl Connections {
    /// The connections of a tenant
    #[oai(path = "/tenants/:tenant/connections", method = "get", operation_id = "listConnections")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<ConnectionView>>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsRead, &tenant.0).await?;
        let connections = visit.store.connections().list().await?;
        Ok(Json(Page::whole(connections.into_iter().map(view).collect())))
    }

    /// Make a connection
    #[oai(path = "/tenants/:tenant/connections", method = "post", operation_id = "createConnection")]
    async fn create(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<NewConnection>,
    ) -> Result<Created<ConnectionView>, Failure> {
        let visit = caller.0.enter_to(Right::ConnectionsWrite, &tenant.0).await?;
        let mut form = Form::default();
        let name = form.line("name", &body.0.name, NAME);
        form.finish()?;
        let connection = Connection {
            id: ConnectionId::generate(),
            tenant: visit.tenant.id,
            name,
            idp: body.0.idp.0,
            state: ConnectionState::Open,
            strict: false,
            created_at: visit.shared.clock.now(),
        };
        Ok(created(view(visit.store.connections().insert(connection, &visit.author).await?)))
    }

    /// Rename a connection, make it strict or lenient, or close it
    ///
    /// Closing it needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/connections/:connection", method = "patch", operation_id = "changeConnection")]
    async fn change(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The connection's id.
        connection: Path<String>,
        body: Json<Difference>,
    ) -> Result<Json<ConnectionView>, Failure> {
        let visit = caller.0.enter_to(Right::ConnectionsWrite, &tenant.0).await?;
        let id: ConnectionId = connection.0.parse().map_err(|_| Failure::NotFound)?;
        let Difference { name, strict, state } = body.0;
        let mut form = Form::default();
        let name = name.map(|name| form.line("name", &name, NAME));
        if state.is_some_and(|state| state.0 == ConnectionState::Open) {
            form.wrong("state", "can only become closed");
        }
        form.finish()?;
        if state.is_some() {
            // Closing one ends all of its credentials.
            caller.0.demand_recent()?;
        }
        let change = ConnectionChange { name, strict, state: state.map(|state| state.0) };
        let changed = visit.store.connections().change(id, change, &visit.author).await?;
        Ok(Json(view(changed.ok_or(Failure::NotFound)?)))
    }
}

fn view(connection: Connection) -> ConnectionView {
    ConnectionView {
        id: connection.id.to_string(),
        name: connection.name,
        idp: Word(connection.idp),
        state: Word(connection.state),
        strict: connection.strict,
        created_at: Time(connection.created_at),
    }
}
