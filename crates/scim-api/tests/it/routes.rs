//! Who may call what: a row for every route, and nobody sees that an id is another tenant's.

use domain::credential::Order;
use domain::{
    ClientSecret, Clock, Connection, Credential, ExtensionSchema, OAuthClient, ResourceKind, Rights, SchemaId, SchemaState,
    SystemClock, TenantState,
};
use http::{HeaderMap, Method};
use poem::{Endpoint, Request};
use scim_api::routes::{Action, ROUTES, Route};
use serde_json::{Value, json};
use store::testing::{On, author};
use store::{Preparing, TenantChange, on_both};

use crate::client::Service;

/// Route; what gets who shows no token, a broken one, one of another tenant, one that reads, one that writes, an access
/// token that reads, and who writes in a tenant that is suspended or being deleted.
const TABLE: &[(&str, [u16; 8])] = &[
    ("POST Users", [401, 401, 401, 403, 201, 403, 503, 401]),
    ("GET Users", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("GET Users/{id}", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("PUT Users/{id}", [401, 401, 401, 403, 200, 403, 503, 401]),
    ("PATCH Users/{id}", [401, 401, 401, 403, 200, 403, 503, 401]),
    ("DELETE Users/{id}", [401, 401, 401, 403, 204, 403, 503, 401]),
    ("POST Groups", [401, 401, 401, 403, 201, 403, 503, 401]),
    ("GET Groups", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("GET Groups/{id}", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("PUT Groups/{id}", [401, 401, 401, 403, 200, 403, 503, 401]),
    ("PATCH Groups/{id}", [401, 401, 401, 403, 200, 403, 503, 401]),
    ("DELETE Groups/{id}", [401, 401, 401, 403, 204, 403, 503, 401]),
    ("POST Users/.search", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("POST Groups/.search", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("POST .search", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("POST Bulk", [401, 401, 401, 403, 200, 403, 503, 401]),
    ("GET Me", [401, 401, 401, 501, 501, 501, 503, 401]),
    ("POST Me", [401, 401, 401, 403, 501, 403, 503, 401]),
    ("PUT Me", [401, 401, 401, 403, 501, 403, 503, 401]),
    ("PATCH Me", [401, 401, 401, 403, 501, 403, 503, 401]),
    ("DELETE Me", [401, 401, 401, 403, 501, 403, 503, 401]),
    ("GET ServiceProviderConfig", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("GET ResourceTypes", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("GET ResourceTypes/{id}", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("GET Schemas", [401, 401, 401, 200, 200, 200, 503, 401]),
    ("GET Schemas/{id}", [401, 401, 401, 200, 200, 200, 503, 401]),
];

/// A schema that the other tenant has.
const THEIRS: &str = "urn:other:params:scim:schemas:extension:hr:1.0:User";
/// One that nobody has.
const NOBODYS: &str = "urn:nobody:params:scim:schemas:extension:hr:1.0:User";

/// How the table names a route.
fn name(route: &Route) -> String {
    let below = if route.item { "/{id}" } else { "" };
    format!("{} {}{below}", route.method, route.collection)
}

fn path(route: &Route, id: &str) -> String {
    if route.item { format!("/{}/{id}", route.collection) } else { format!("/{}", route.collection) }
}

/// A body that the route takes; what it makes or changes gets this name.
fn message(action: Action, name: &str) -> Option<Value> {
    match action {
        Action::CreateUser | Action::ReplaceUser => Some(json!({ "userName": name })),
        Action::CreateGroup | Action::ReplaceGroup => Some(json!({ "displayName": name })),
        Action::PatchUser | Action::PatchGroup => {
            Some(json!({ "Operations": [{ "op": "replace", "path": "displayName", "value": name }] }))
        }
        Action::SearchUsers | Action::SearchGroups | Action::Search => Some(json!({ "schemas": [scim::SEARCH_URN] })),
        Action::Bulk => {
            let create = json!({ "method": "POST", "path": "/Users", "bulkId": "1", "data": { "userName": name } });
            Some(json!({ "schemas": [scim::BULK_URN], "Operations": [create] }))
        }
        _ => None,
    }
}

/// An answer as it came.
struct Said {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Said {
    /// It without what is the request's own: its id, and the id that was asked for.
    fn without(mut self, id: &str) -> (u16, HeaderMap, String) {
        let request = self.headers.remove("x-request-id").unwrap();
        let text = self.text.replace(request.to_str().unwrap(), "REQUEST").replace(id, "ID");
        (self.status, self.headers, text)
    }
}

/// Somebody at a tenant's address.
struct Caller {
    base: String,
    bearer: Option<String>,
}

impl Caller {
    fn new(slug: &str, bearer: Option<&str>) -> Self {
        Self { base: format!("/scim/{slug}/v2"), bearer: bearer.map(str::to_owned) }
    }

    async fn ask(
        &self,
        service: &Service,
        method: &Method,
        path: &str,
        condition: Option<(&str, &str)>,
        body: Option<Value>,
    ) -> Said {
        let uri = format!("{}{path}", self.base);
        let mut request = Request::builder().method(method.clone()).uri(uri.parse().unwrap());
        if let Some(bearer) = &self.bearer {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        if let Some((name, value)) = condition {
            request = request.header(name, value);
        }
        let request = match body {
            Some(body) => request.header("content-type", "application/scim+json").body(body.to_string()),
            None => request.finish(),
        };
        let response = service.call(request).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Said { status, headers, text: response.into_body().into_string().await.unwrap() }
    }
}

/// A bearer token of a connection.
async fn bearer(service: &Service, connection: &Connection, rights: Rights) -> String {
    let order = Order { name: "t".to_owned(), rights, created_by: None, at: SystemClock.now(), days: None };
    let (token, credential) = Credential::issue(&service.key, connection, order).unwrap();
    service.scratch.store.tenant(connection.tenant).credentials().insert(&credential, &author()).await.unwrap();
    token.expose().to_owned()
}

/// An access token that only reads, of a client that may write.
async fn access_token(service: &Service, connection: &Connection, slug: &str) -> String {
    let at = SystemClock.now();
    let order = Order { name: "Entra".to_owned(), rights: Rights::Write, created_by: None, at, days: None };
    let credential = Credential::client(connection, order).unwrap();
    let (secret, kept) = ClientSecret::issue(&service.key, None, at, None).unwrap();
    let client = OAuthClient { token_seconds: 3_600, trust: None, secrets: vec![kept] };
    service.scratch.store.tenant(connection.tenant).oauth_clients().insert(&credential, &client, &author()).await.unwrap();
    let id = domain::oauth::client_id(&credential.public_id);
    let form = format!("grant_type=client_credentials&scope=scim:read&client_id={id}&client_secret={}", secret.expose());
    let request = Request::builder().method(Method::POST).uri(format!("/oauth/{slug}/token").parse().unwrap());
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let response = service.tokens.call(request).await.unwrap();
    let answer: Value = serde_json::from_str(&response.into_body().into_string().await.unwrap()).unwrap();
    assert_eq!(answer["scope"], "scim:read", "{answer}");
    answer["access_token"].as_str().unwrap().to_owned()
}

/// A service, its callers in the order of the table, and who writes in the tenant and in the other one.
struct Ground {
    service: Service,
    callers: [Caller; 8],
    writing: String,
    other: String,
}

async fn ground(on: On) -> Ground {
    let service = Service::open(on).await;
    let (acme, other) = (service.connection("acme").await, service.connection("other").await);
    let writing = bearer(&service, &acme, Rights::Write).await;
    let reading = bearer(&service, &acme, Rights::Read).await;
    let access = access_token(&service, &acme, "acme").await;
    let foreign = bearer(&service, &other, Rights::Write).await;
    let suspended = service.connection("suspended").await;
    let of_suspended = bearer(&service, &suspended, Rights::Write).await;
    let change = TenantChange { state: Some(TenantState::Suspended), ..TenantChange::default() };
    assert!(service.system().change_tenant(suspended.tenant, change, &author()).await.unwrap());
    let deleting = service.connection("deleting").await;
    let of_deleting = bearer(&service, &deleting, Rights::Write).await;
    assert!(service.system().begin_removal(deleting.tenant, &"deleting".parse().unwrap(), &author()).await.unwrap());
    let callers = [
        Caller::new("acme", None),
        Caller::new("acme", Some("dsk_broken")),
        Caller::new("acme", Some(&foreign)),
        Caller::new("acme", Some(&reading)),
        Caller::new("acme", Some(&writing)),
        Caller::new("acme", Some(&access)),
        Caller::new("suspended", Some(&of_suspended)),
        Caller::new("deleting", Some(&of_deleting)),
    ];
    Ground { service, callers, writing, other: foreign }
}

impl Ground {
    /// Something of the route's kind in a tenant, under a name of its own; its id.
    async fn target(&self, route: &Route, slug: &str, token: &str, name: &str) -> String {
        let idp = self.service.with_token(slug, token);
        match route.collection {
            "Users" if route.item => idp.make("/Users", json!({ "userName": name })).await,
            "Groups" if route.item => idp.make("/Groups", json!({ "displayName": name })).await,
            "ResourceTypes" => "User".to_owned(),
            _ => scim::USER_URN.to_owned(),
        }
    }
}

/// What every refusal is: a SCIM error, with a challenge where a better credential would help.
fn refused(said: &Said, what: &str) {
    assert_eq!(said.headers["content-type"], "application/scim+json", "{what}");
    let body: Value = serde_json::from_str(&said.text).unwrap();
    let status = said.status.to_string();
    assert_eq!((&body["schemas"], &body["status"]), (&json!([scim::ERROR_URN]), &json!(status)), "{what}");
    assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{what}");
    let challenged = said.headers.contains_key("www-authenticate");
    assert_eq!(challenged, [401, 403].contains(&said.status), "{what}");
    assert_eq!(said.headers.contains_key("retry-after"), said.status == 503, "{what}");
}

async fn other_schema(service: &Service) {
    let schemas = service.store("other").await;
    let schema = json!({ "id": THEIRS, "name": "HR", "description": "HR", "attributes": [{ "name": "badge" }] });
    let (id, at, state) = (SchemaId::generate(), SystemClock.now(), SchemaState::Preparing);
    let schema = serde_json::from_value(schema).unwrap();
    let made = ExtensionSchema { id, kind: ResourceKind::User, schema, state, misfits: 0, created_at: at, updated_at: at };
    schemas.schemas().insert(&made, &author()).await.unwrap();
    while schemas.schemas().prepare_some(id).await.unwrap() == Preparing::Goes {}
}

on_both! {
    async fn every_route_answers_each_caller_as_the_table_says(on) {
        let ground = ground(on).await;
        let mut routes: Vec<String> = ROUTES.iter().map(name).collect();
        let mut rows: Vec<String> = TABLE.iter().map(|(row, _)| (*row).to_owned()).collect();
        routes.sort_unstable();
        rows.sort_unstable();
        assert_eq!(routes, rows, "every route stands in the table, once");
        let store = ground.service.store("acme").await;
        for route in ROUTES {
            let row = name(route);
            let (_, expected) = TABLE.iter().find(|(of, _)| *of == row).unwrap();
            let mut got = [0; 8];
            for (place, caller) in ground.callers.iter().enumerate() {
                let (what, called) = (format!("{row} {place}"), format!("{row} {place}").replace([' ', '/', '{', '}'], "-"));
                let target = ground.target(route, "acme", &ground.writing, &called).await;
                let (path, body) = (path(route, &target), message(route.action, &format!("{called}-new")));
                if route.method == Method::GET {
                    let head = caller.ask(&ground.service, &Method::HEAD, &path, None, None).await;
                    assert_eq!((head.status, head.text.as_str()), (expected[place], ""), "HEAD {what}");
                }
                let before = store.counters().await.unwrap();
                let said = caller.ask(&ground.service, &route.method, &path, None, body.clone()).await;
                got[place] = said.status;
                let wrote = store.counters().await.unwrap() != before;
                assert_eq!(wrote, route.writes && said.status < 300, "{what}");
                if said.status >= 400 {
                    refused(&said, &what);
                }
                if said.status == 401 {
                    let nowhere = Caller::new("nobody", caller.bearer.as_deref());
                    let nowhere = nowhere.ask(&ground.service, &route.method, &path, None, body).await;
                    assert_eq!(said.without("-"), nowhere.without("-"), "{what}: an address that never was");
                }
            }
            assert_eq!(got, *expected, "{row}");
        }
    }

    async fn an_id_of_another_tenant_answers_as_one_that_never_was(on) {
        let ground = ground(on).await;
        let service = &ground.service;
        other_schema(service).await;
        for route in ROUTES.iter().filter(|route| route.item) {
            let row = name(route);
            let made = row.replace([' ', '/', '{', '}'], "-");
            let (theirs, nobodys) = match route.collection {
                "Schemas" => (THEIRS.to_owned(), NOBODYS.to_owned()),
                // No tenant has any of its own.
                "ResourceTypes" => ("Nothing".to_owned(), "Nobody".to_owned()),
                _ => (ground.target(route, "other", &ground.other, &made).await, domain::UserId::generate().to_string()),
            };
            let owner = Caller::new("other", Some(&ground.other));
            let standing = async || owner.ask(service, &Method::GET, &path(route, &theirs), None, None).await.without("-");
            let before = standing().await;
            assert_eq!(before.0 == 200, route.collection != "ResourceTypes", "{row}: it is there");
            let methods = if route.method == Method::GET { vec![Method::GET, Method::HEAD] } else { vec![route.method.clone()] };
            // Who reads, who writes, and who reads by an access token.
            let callers = &ground.callers[3..6];
            for (method, caller) in methods.iter().flat_map(|method| callers.iter().map(move |caller| (method, caller))) {
                for condition in [None, Some(("if-match", "*")), Some(("if-match", "W/\"1\"")), Some(("if-none-match", "W/\"1\""))] {
                    let one = caller.ask(service, method, &path(route, &theirs), condition, message(route.action, "x")).await;
                    let other = caller.ask(service, method, &path(route, &nobodys), condition, message(route.action, "x")).await;
                    let reads = caller.bearer.as_deref() != Some(ground.writing.as_str());
                    assert_eq!(one.status, if route.writes && reads { 403 } else { 404 }, "{row} {condition:?}");
                    assert_eq!(one.without(&theirs), other.without(&nobodys), "{row} {condition:?}");
                }
            }
            assert_eq!(standing().await, before, "{row}: it is as it was");
        }
    }
}
