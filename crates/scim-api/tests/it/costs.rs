//! What a request through the door asks of the database: never more for a large group than for a small one.

use std::sync::Arc;

use domain::connection::ConnectionState;
use domain::credential::Order;
use domain::{Clock, Connection, ConnectionId, Credential, Idp, Rights, ServerKey, SystemClock};
use poem::{Endpoint, Request};
use scim_api::{Limits, ScimDoor, Settings};
use serde_json::{Value, json};
use store::SyncLogWriter;
use store::testing::{On, Scratch, Statements, scratch_watched};

struct Client {
    service: ScimDoor,
    statements: Statements,
    token: String,
    // Keeps the database.
    _scratch: Scratch,
}

impl Client {
    async fn open(on: On) -> Self {
        let (scratch, statements) = scratch_watched(on).await;
        let tenant = scratch.tenant("acme").await;
        let store = scratch.store.tenant(tenant.id);
        let connection = Connection {
            id: ConnectionId::generate(),
            tenant: tenant.id,
            name: "IdP".to_owned(),
            idp: Idp::Other,
            state: ConnectionState::Open,
            strict: false,
            created_at: SystemClock.now(),
        };
        let connection = store.connections().insert(connection).await.unwrap();
        let key = Arc::new(ServerKey::generate().unwrap());
        let order = Order { name: "t".to_owned(), rights: Rights::Write, created_by: None, at: SystemClock.now(), days: None };
        let (token, credential) = Credential::issue(&key, &connection, order).unwrap();
        store.credentials().insert(&credential).await.unwrap();
        let (log, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 1_000);
        tokio::spawn(writer.run());
        let settings = Settings { public_url: "https://scim.example.com".to_owned(), limits: Limits::default() };
        let service = ScimDoor::new(scratch.store.clone(), key, Arc::new(SystemClock), log, settings);
        Self { service, statements, token: token.expose().to_owned(), _scratch: scratch }
    }

    /// Sends a request; gives its answer and the statements it took on the directory's tables.
    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value, Vec<String>) {
        self.statements.take();
        let request = Request::builder()
            .method(method.parse().unwrap())
            .uri(format!("/scim/acme/v2{path}").parse().unwrap())
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/scim+json");
        let response = self.service.call(request.body(body.map(|body| body.to_string()).unwrap_or_default())).await.unwrap();
        let status = response.status().as_u16();
        let body = serde_json::from_str(&response.into_body().into_string().await.unwrap()).unwrap_or_default();
        let tables = ["users", "\"groups\"", "memberships", "unresolved_members", "changes"];
        let asked = self.statements.take().into_iter().map(|statement| statement.sql);
        (status, body, asked.filter(|sql| tables.iter().any(|table| sql.contains(table))).collect())
    }

    async fn group(&self, name: &str, members: &[String]) -> String {
        let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
        let (status, body, _) = self.send("POST", "/Groups", Some(json!({ "displayName": name, "members": members }))).await;
        assert_eq!(status, 201);
        body["id"].as_str().unwrap().to_owned()
    }
}

store::on_both! {
    async fn a_large_group_costs_what_a_small_one_does(on) {
        let idp = Client::open(on).await;
        let mut people = Vec::new();
        for i in 0..1_200 {
            let (status, body, _) = idp.send("POST", "/Users", Some(json!({ "userName": format!("p{i}") }))).await;
            assert_eq!(status, 201);
            people.push(body["id"].as_str().unwrap().to_owned());
        }
        let (small, large) = (idp.group("Small", &people[..1]).await, idp.group("Large", &people[..1_190]).await);
        let mut costs: Vec<Vec<String>> = Vec::new();
        for (group, member) in [(&small, &people[1_198]), (&large, &people[1_199])] {
            let mut asked = Vec::new();
            let path = format!("/Groups/{group}?excludedAttributes=members");
            let (status, body, read) = idp.send("GET", &path, None).await;
            assert_eq!((status, body.get("members")), (200, None));
            assert_eq!(read.len(), 1, "{read:#?}");
            assert!(!read[0].contains("memberships"));
            asked.extend(read);
            for operation in [
                json!({ "op": "add", "path": "members", "value": [{ "value": member }] }),
                json!({ "op": "remove", "path": format!("members[value eq \"{member}\"]") }),
            ] {
                let (status, body, written) = idp.send("PATCH", &path, Some(json!({ "Operations": [operation] }))).await;
                assert_eq!(status, 200, "{body}");
                asked.extend(written);
            }
            costs.push(asked);
        }
        assert_eq!(costs[0], costs[1], "word for word the same statements");
    }
}
