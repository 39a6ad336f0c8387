//! A service of its own for a test, and people who call it.

use std::sync::Arc;

use admin_api::{About, AdminDoor, Setting, Settings};
use domain::admin::TenantRole;
use domain::connection::ConnectionState;
use domain::credential::Order;
use domain::{
    Admin, AdminId, ClientAddress, Clock, Connection, ConnectionId, Credential, FixedClock, Idp, Rights, Role, ServerKey,
    Session, SetupLink, SetupLinkId, SystemClock, Tenant, Timestamp,
};
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, Method};
use poem::{Endpoint, Request};
use serde_json::Value;
use store::testing::{On, Scratch, author, scratch_with_clock};
use store::{NewAdmin, SyncLogSender, SyncLogWriter, TenantStore};
use uuid::Uuid;

/// The hosts that may be private for tests that receive something.
fn outgoing(private: &[&str]) -> outgoing::Outgoing {
    outgoing::Outgoing::new(outgoing::AllowedHosts::new(private), "test").unwrap()
}

pub(crate) struct Desk {
    pub(crate) scratch: Scratch,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) key: Arc<ServerKey>,
    /// Where calls come from, when that is known.
    pub(crate) address: Option<ClientAddress>,
    /// What this node is called.
    pub(crate) node: Uuid,
    /// The queue of the sync log, from which nobody takes.
    pub(crate) log: SyncLogSender,
    _untaken: SyncLogWriter,
    door: AdminDoor,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The cookie that the answer sets, as the browser sends it back.
    pub(crate) fn cookie(&self) -> String {
        let set = self.headers["set-cookie"].to_str().unwrap();
        set.split(';').next().unwrap().to_owned()
    }
}

impl Desk {
    pub(crate) async fn open(on: On) -> Self {
        Self::reached_at(on, "https://sync.example.com").await
    }

    pub(crate) async fn reached_at(on: On, public_url: &str) -> Self {
        Self::made(on, public_url, &[]).await
    }

    /// A service that may call this machine.
    pub(crate) async fn calling_here(on: On) -> Self {
        Self::made(on, "https://sync.example.com", &["127.0.0.1"]).await
    }

    async fn made(on: On, public_url: &str, private: &[&str]) -> Self {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let key = Arc::new(store::testing::key());
        let (public_url, tenant_requests_per_second) = (public_url.to_owned(), std::num::NonZeroU32::new(50));
        let (node, exposed) = (Uuid::now_v7(), public_url.starts_with("http://"));
        let configuration =
            vec![Setting { name: "listen", value: Some("127.0.0.1:8080".to_owned()) }, Setting { name: "mail.url", value: None }];
        let (log, untaken) = SyncLogWriter::new(scratch.store.sync_log().clone(), 64);
        let about = About { node, log: log.watch(), configuration, exposed };
        // Tests call as fast as they can.
        let requests_per_second = std::num::NonZeroU32::new(100_000).unwrap();
        let settings = Settings {
            public_url,
            tenant_requests_per_second,
            requests_per_second,
            version: "1.2.3",
            mail: None,
            provider: None,
            about,
        };
        let door = AdminDoor::new(scratch.store.clone(), key.clone(), clock.clone(), outgoing(private), settings);
        Self { scratch, clock, key, address: None, node, log, _untaken: untaken, door }
    }

    /// Sends webhooks all that is due, as background work does it.
    pub(crate) async fn send_what_is_due(&self) {
        let (system, courier) = (self.scratch.store.system(), self.door.courier());
        loop {
            let mut found = system.due_webhooks(self.clock.now(), 100).await.unwrap();
            found.extend(system.stirred_webhooks(None, 100).await.unwrap());
            if found.is_empty() {
                return;
            }
            for waiting in found {
                courier.deliver(waiting, || false, |_| {}).await;
            }
        }
    }

    pub(crate) fn store(&self, tenant: &Tenant) -> TenantStore {
        self.scratch.store.tenant(tenant.id)
    }

    /// A person with their roles; those without any run the service.
    pub(crate) async fn person(&self, email: &str, password: Option<&str>, roles: &[(&Tenant, Role)]) -> AdminId {
        let admin = Admin {
            id: AdminId::generate(),
            email: email.to_owned(),
            name: email.to_owned(),
            password_hash: password.map(|password| domain::admin::hash_password(&domain::Secret::new(password)).unwrap()),
            operator: roles.is_empty(),
            created_at: self.clock.now(),
        };
        let id = admin.id;
        let roles = roles.iter().map(|(tenant, role)| TenantRole { tenant: tenant.id, role: *role }).collect();
        self.scratch.store.system().insert_admin(NewAdmin { admin, roles }, &author()).await.unwrap();
        id
    }

    /// A new session of a person, as their browser's cookie.
    pub(crate) async fn session(&self, admin: AdminId) -> String {
        self.session_since(admin, self.clock.now()).await
    }

    /// A session of a person who signed in at that moment.
    pub(crate) async fn session_since(&self, admin: AdminId, created_at: Timestamp) -> String {
        let (value, digest) = domain::session::issue(&self.key).unwrap();
        let (address, expires_at) = ("192.0.2.1".to_owned(), self.clock.now().plus_seconds(3_600));
        let authenticated_at = Some(created_at);
        let session =
            Session { digest, admin, created_at, authenticated_at, expires_at, address, user_agent: None, method: None };
        self.scratch.store.system().insert_session(&session, &author()).await.unwrap();
        format!("directory_sync_session={}", value.expose())
    }

    pub(crate) async fn operator(&self) -> String {
        let id = self.person("op@sync.example.com", None, &[]).await;
        self.session(id).await
    }

    /// A set-up link of a connection, and its code.
    pub(crate) async fn setup_link(&self, connection: &Connection) -> (SetupLink, String) {
        let (code, digest) = domain::setup_link::issue_code(&self.key).unwrap();
        let now = self.clock.now();
        let link = SetupLink {
            id: SetupLinkId::generate(),
            tenant: connection.tenant,
            connection: connection.id,
            name: "Ada at Acme".to_owned(),
            created_at: now,
            created_by: Some("op@sync.example.com".to_owned()),
            expires_at: now.plus_days(7),
            opened_at: None,
            finished_at: None,
            revoked_at: None,
            revoked_by: None,
            credential: None,
        };
        let links = self.scratch.store.tenant(connection.tenant);
        links.setup_links().insert(&link, digest, &author()).await.unwrap();
        (link, code.expose().to_owned())
    }

    pub(crate) async fn connection(&self, tenant: &Tenant) -> Connection {
        let connection = Connection {
            id: ConnectionId::generate(),
            tenant: tenant.id,
            name: "Entra".to_owned(),
            idp: Idp::Entra,
            state: ConnectionState::Open,
            strict: false,
            created_at: self.clock.now(),
        };
        self.store(tenant).connections().insert(connection, &author()).await.unwrap()
    }

    pub(crate) async fn credential(&self, connection: &Connection) -> (String, Credential) {
        let order =
            Order { name: "Prod".to_owned(), rights: Rights::Write, created_by: None, at: self.clock.now(), days: Some(90) };
        let (token, credential) = Credential::issue(&self.key, connection, order).unwrap();
        self.scratch.store.tenant(connection.tenant).credentials().insert(&credential, &author()).await.unwrap();
        (token.expose().to_owned(), credential)
    }

    /// A credential and the one that takes its place.
    pub(crate) async fn rotated(&self, connection: &Connection) -> (Credential, Credential) {
        let (_, before) = self.credential(connection).await;
        let order = Order { name: "Prod".to_owned(), rights: Rights::Write, created_by: None, at: self.clock.now(), days: None };
        let (_, successor) = Credential::issue(&self.key, connection, order).unwrap();
        let successor = Credential { replaces: Some(before.id), ..successor };
        self.scratch.store.tenant(connection.tenant).credentials().insert(&successor, &author()).await.unwrap();
        (before, successor)
    }

    /// A call as the console makes it.
    pub(crate) async fn call(&self, cookie: Option<&str>, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut headers = vec![("x-directory-sync", "test")];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        let body = body.map(|body| body.to_string().into_bytes());
        self.raw(method, &format!("/api/v1{path}"), &headers, body).await
    }

    pub(crate) async fn get(&self, cookie: &str, path: &str) -> Answer {
        self.call(Some(cookie), "GET", path, None).await
    }

    /// A live stream from after a message on, read only as fast as somebody takes it.
    pub(crate) async fn follow(&self, cookie: &str, path: &str, last: u64) -> impl Stream<Item = String> + use<> {
        let request = Request::builder().uri(format!("/api/v1{path}").parse().unwrap()).header("cookie", cookie);
        let response = self.door.call(request.header("last-event-id", last.to_string()).finish()).await.unwrap();
        assert_eq!(response.status(), 200);
        response.into_body().into_bytes_stream().map(|chunk| String::from_utf8(chunk.unwrap().to_vec()).unwrap())
    }

    /// An answer that is not read yet.
    pub(crate) async fn response(&self, cookie: &str, path: &str) -> poem::Response {
        let request = Request::builder().uri(format!("/api/v1{path}").parse().unwrap()).header("cookie", cookie).finish();
        self.door.call(request).await.unwrap()
    }

    /// A call with these headers and no others.
    pub(crate) async fn raw(&self, method: &str, uri: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let mut request = Request::builder().method(method.parse::<Method>().unwrap()).uri(uri.parse().unwrap());
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body.unwrap_or_default());
        if let Some(address) = self.address {
            request.extensions_mut().insert(address);
        }
        let response = self.door.call(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        // A live stream has no end.
        let live = headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let text = if live { String::new() } else { response.into_body().into_string().await.unwrap() };
        // Lines are an array of their values.
        let lines = headers.get("content-type").is_some_and(|kind| kind == "application/x-ndjson");
        let body = match text.as_str() {
            "" => Value::Null,
            text if lines => text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect(),
            text => serde_json::from_str(text).unwrap(),
        };
        Answer { status, headers, body }
    }
}
