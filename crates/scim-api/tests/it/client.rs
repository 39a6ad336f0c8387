//! The door in process, and IdPs that call it.

use std::sync::Arc;

use domain::connection::ConnectionState;
use domain::credential::Order;
use domain::{Clock, Connection, ConnectionId, Credential, Idp, Rights, ServerKey, SystemClock};
use poem::{Endpoint, Request};
use scim_api::{Limits, ScimDoor, Settings, TokenDoor};
use serde_json::Value;
use store::SyncLogWriter;
use store::testing::{On, Scratch, Statements, scratch_watched};

pub(crate) struct Service {
    door: ScimDoor,
    pub(crate) tokens: TokenDoor,
    statements: Statements,
    pub(crate) key: Arc<ServerKey>,
    pub(crate) scratch: Scratch,
}

/// One tenant's IdP.
pub(crate) struct Client<'s> {
    service: &'s Service,
    base: String,
    token: String,
}

/// An answer, and the statements it took on the directory's tables.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Value,
    pub(crate) asked: Vec<String>,
}

impl Service {
    pub(crate) async fn open(on: On) -> Self {
        Self::open_with(on, Limits::default()).await
    }

    /// A service with other limits.
    pub(crate) async fn open_with(on: On, limits: Limits) -> Self {
        Self::build(on, limits, Arc::new(SystemClock)).await
    }

    /// A service whose door goes by another clock.
    pub(crate) async fn open_by(on: On, clock: Arc<dyn Clock>) -> Self {
        Self::build(on, Limits::default(), clock).await
    }

    async fn build(on: On, limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let (scratch, statements) = scratch_watched(on).await;
        let key = Arc::new(ServerKey::generate().unwrap());
        let (log, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 1_000);
        tokio::spawn(writer.run());
        let settings = Settings { public_url: "https://scim.example.com".to_owned(), limits };
        let outgoing = outgoing::Outgoing::new(outgoing::AllowedHosts::new(["127.0.0.1"]), "test").unwrap();
        let door = ScimDoor::new(scratch.store.clone(), key.clone(), clock, log, outgoing, settings);
        let tokens = door.token_door();
        Self { door, tokens, statements, key, scratch }
    }

    /// The token door of another process on the same database.
    pub(crate) fn over(key: Arc<ServerKey>, store: store::Store) -> TokenDoor {
        let (log, writer) = SyncLogWriter::new(store.sync_log().clone(), 1_000);
        tokio::spawn(writer.run());
        let settings = Settings { public_url: "https://scim.example.com".to_owned(), limits: Limits::default() };
        let outgoing = outgoing::Outgoing::new(outgoing::AllowedHosts::new(["127.0.0.1"]), "test").unwrap();
        ScimDoor::new(store, key, Arc::new(SystemClock), log, outgoing, settings).token_door()
    }

    /// Whether a request's credential opens the door, and nothing more of it.
    pub(crate) async fn admits(&self, request: &Request) -> bool {
        self.door.admits(request).await
    }

    /// What the door answers.
    pub(crate) async fn call(&self, request: Request) -> poem::Response {
        self.door.call(request).await.unwrap()
    }

    /// From now on whoever has a statement run that holds this text panics; nobody any more with nothing.
    pub(crate) fn panic_at(&self, text: Option<&str>) {
        self.statements.panic_at(text);
    }

    /// What is asked before a tenant is known.
    pub(crate) fn system(&self) -> store::System {
        self.scratch.store.system()
    }

    /// Writes what is noted behind the requests.
    pub(crate) async fn settle(&self) {
        self.scratch.store.flush_uses().await.unwrap();
    }

    /// The store of a tenant.
    pub(crate) async fn store(&self, slug: &str) -> store::TenantStore {
        let slug = domain::TenantRef::Slug(slug.parse().unwrap());
        let tenant = self.scratch.store.system().find_tenant(&slug).await.unwrap().unwrap();
        self.scratch.store.tenant(tenant.id)
    }

    /// A fresh tenant's IdP.
    pub(crate) async fn client(&self, slug: &str) -> Client<'_> {
        let connection = self.connection(slug).await;
        let store = self.scratch.store.tenant(connection.tenant);
        let at = SystemClock.now();
        let order = Order { name: "t".to_owned(), rights: Rights::Write, created_by: None, at, days: None };
        let (token, credential) = Credential::issue(&self.key, &connection, order).unwrap();
        store.credentials().insert(&credential, &store::testing::author()).await.unwrap();
        self.with_token(slug, token.expose())
    }

    /// An IdP with a token that came from elsewhere.
    pub(crate) fn with_token(&self, slug: &str, token: &str) -> Client<'_> {
        Client { service: self, base: format!("/scim/{slug}/v2"), token: token.to_owned() }
    }

    /// A fresh tenant's connection.
    pub(crate) async fn connection(&self, slug: &str) -> Connection {
        let tenant = self.scratch.tenant(slug).await;
        let store = self.scratch.store.tenant(tenant.id);
        let connection = Connection {
            id: ConnectionId::generate(),
            tenant: tenant.id,
            name: "IdP".to_owned(),
            idp: Idp::Other,
            state: ConnectionState::Open,
            strict: false,
            created_at: SystemClock.now(),
        };
        store.connections().insert(connection, &store::testing::author()).await.unwrap()
    }
}

impl<'s> Client<'s> {
    /// The same IdP with another address.
    pub(crate) fn at(&self, base: &str) -> Client<'s> {
        Client { service: self.service, base: base.to_owned(), token: self.token.clone() }
    }

    /// A request without a body.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        let request = Request::builder().method(method.parse().unwrap()).uri(format!("{}{path}", self.base).parse().unwrap());
        request.header("authorization", format!("Bearer {}", self.token)).finish()
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.send_with(method, path, &[], body).await
    }

    /// The same with further headers.
    pub(crate) async fn send_with(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        self.service.statements.take();
        let mut request = Request::builder()
            .method(method.parse().unwrap())
            .uri(format!("{}{path}", self.base).parse().unwrap())
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/scim+json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.map(|body| body.to_string()).unwrap_or_default());
        let response = self.service.door.call(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = serde_json::from_str(&response.into_body().into_string().await.unwrap()).unwrap_or_default();
        let tables = ["users", "\"groups\"", "memberships", "unresolved_members", "changes"];
        let asked = self.service.statements.take().into_iter().map(|statement| statement.sql);
        Answer { status, headers, body, asked: asked.filter(|sql| tables.iter().any(|table| sql.contains(table))).collect() }
    }

    /// Makes something; gives its id.
    pub(crate) async fn make(&self, path: &str, body: Value) -> String {
        let made = self.send("POST", path, Some(body)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["id"].as_str().unwrap().to_owned()
    }
}
