//! The service as its operator meets it: the first link, measures, a stop, a client that hangs up.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use directory_sync::conversation::Address;
use domain::Secret;
use serde_json::{Map, json};
use store::SyncEventFilter;
use store::testing::On;

use crate::on_both;
use crate::server::{Server, Tenant};

fn unsigned(server: &Server) -> Address {
    Address { server: server.address(), path: String::new(), token: Secret::new("-") }
}

async fn code_of(server: &Server, body: serde_json::Value) -> u16 {
    let headers: Map<_, _> = json!({ "X-Directory-Sync": "test", "Content-Type": "application/json", "Authorization": null })
        .as_object()
        .cloned()
        .unwrap();
    unsigned(server).send("POST", "/api/v1/welcome/check", &headers, Some(&body)).await.unwrap().status
}

on_both! {
    async fn a_link_for_the_first_operator_is_printed_until_there_is_one(on) {
        let mut server = Server::prepare(on).await;
        let printed = server.serve_and_listen().await;
        let link = printed.iter().find(|line| line.contains("/welcome#")).unwrap();
        let code = link.rsplit_once('#').unwrap().1;
        assert_eq!(code_of(&server, json!({ "code": code })).await, 204);
        server.kill();
        let again = server.serve_and_listen().await;
        let second = again.iter().find(|line| line.contains("/welcome#")).unwrap().rsplit_once('#').unwrap().1;
        assert_eq!(code_of(&server, json!({ "code": code })).await, 410, "an earlier link is void");
        assert_eq!(code_of(&server, json!({ "code": second })).await, 204);
        let made = server.json(&["admin", "create", "olga@example.com", "--name", "Olga", "--json"]);
        assert_eq!((made["role"].as_str(), made["password"].as_str().map(str::len)), (Some("operator"), Some(20)));
        assert_eq!(code_of(&server, json!({ "code": second })).await, 410, "there is an operator");
        server.kill();
        assert!(!server.serve_and_listen().await.iter().any(|line| line.contains("/welcome#")));
    }

    async fn a_request_whose_client_hangs_up_ends_whole_and_stands_in_the_log(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let body = json!({ "userName": "ada@acme.test" }).to_string();
        for _ in 0..8 {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            let request = format!(
                "POST /scim/acme/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
                tenant.token,
                body.len()
            );
            stream.write_all(request.as_bytes()).unwrap();
            drop(stream);
        }
        let found = async || tenant.send("GET", "/Users?filter=userName%20eq%20%22ada%40acme.test%22", None).await.body.unwrap();
        let store = server.store().await;
        let acme = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap();
        let door = store.tenant(acme.id);
        let writes = SyncEventFilter { method: Some("POST".to_owned()), limit: 20, ..SyncEventFilter::default() };
        for _ in 0..200 {
            if door.sync_events().list(&writes).await.unwrap().len() == 8 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let events = door.sync_events().list(&writes).await.unwrap();
        assert_eq!(events.len(), 8, "each request has its event");
        assert_eq!(events.iter().filter(|event| event.status == 201).count(), 1);
        assert_eq!(found().await["totalResults"], 1);
        store.close().await;
    }
}

#[tokio::test]
async fn measures_are_told_on_their_own_listener_only() {
    let mut server = Server::start(On::Sqlite).await;
    let tenant = server.tenant("acme");
    // What ends is looked at when the service starts.
    server.token("acme", &["--days", "10"]);
    server.json(&["client", "create", "acme", "--days", "1", "--json"]);
    server.kill();
    server.serve().await;
    tenant.person("ada@acme.test").await;
    let metrics = Address { server: server.metrics(), path: String::new(), token: Secret::new("-") };
    let mut text = String::new();
    // What ends is looked at beside the first requests.
    for _ in 0..100 {
        text = metrics.send("GET", "/metrics", &Map::new(), None).await.unwrap().text;
        if text.contains("directory_sync_ending_credentials{days=\"1\"}") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for line in [
        "directory_sync_requests_total{door=\"scim\",status=\"2xx\"} 1",
        "directory_sync_request_seconds_bucket{door=\"scim\",le=\"0.1\"}",
        "directory_sync_waiting_writes 0",
        "directory_sync_lost_sync_events 0",
        "directory_sync_build{version=",
        "directory_sync_ending_credentials{days=\"30\"} 2",
        "directory_sync_ending_credentials{days=\"7\"} 1",
        "# HELP directory_sync_requests_total",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert_eq!(metrics.send("GET", "/", &Map::new(), None).await.unwrap().status, 404);
    assert_eq!(unsigned(&server).send("GET", "/metrics", &Map::new(), None).await.unwrap().status, 404);
}

/// Requests of every kind to every door, by an agent, at paths and with a method that nobody knows.
async fn every_kind(server: &Server, tenant: &Tenant, odd: usize) {
    let (slug, brew) = (&tenant.slug, format!("BREW{odd}"));
    let headers = Map::from_iter([("User-Agent".to_owned(), json!(format!("agent{odd}/1.{odd}")))]);
    for path in ["/Users?count=1".to_owned(), format!("/Users?count={odd}&odd{odd}=x")] {
        assert_eq!(tenant.address().send("GET", &path, &headers, None).await.unwrap().status, 200);
    }
    for path in [
        format!("/scim/{slug}/v2/Users"),
        format!("/scim/{slug}/v2/Odd{odd}"),
        format!("/scim/nobody{odd}/v2/Users"),
        format!("/oauth/{slug}/jwks"),
        format!("/oauth/{slug}/token"),
        format!("/oauth/{slug}/odd{odd}"),
        "/api/openapi.json".to_owned(),
        format!("/api/v1/tenants/{slug}"),
        format!("/api/v1/odd{odd}"),
        "/healthz".to_owned(),
        "/readyz".to_owned(),
        format!("/.well-known/odd{odd}"),
        "/".to_owned(),
        format!("/odd{odd}"),
        format!("/assets/odd{odd}.js?odd={odd}"),
    ] {
        for method in ["GET", "HEAD", "POST", "DELETE", "OPTIONS", brew.as_str()] {
            unsigned(server).send(method, &path, &headers, None).await.unwrap();
        }
    }
}

/// Every series that is measured: its name with its labels.
async fn series(server: &Server) -> BTreeSet<String> {
    let metrics = Address { server: server.metrics(), path: String::new(), token: Secret::new("-") };
    let text = metrics.send("GET", "/metrics", &Map::new(), None).await.unwrap().text;
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
}

#[tokio::test]
async fn measures_are_as_many_however_many_tenants_paths_methods_and_agents_there_are() {
    let server = Server::start(On::Sqlite).await;
    let tenants: Vec<Tenant> = ["acme", "globex", "initech", "hooli"].map(|slug| server.tenant(slug)).into();
    every_kind(&server, &tenants[0], 1).await;
    let mut of_one = series(&server).await;
    // What ends is looked at beside the first requests.
    for _ in 0..100 {
        if of_one.iter().filter(|series| series.starts_with("directory_sync_ending_credentials{")).count() >= 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        of_one = series(&server).await;
    }
    for door in ["scim", "oauth", "api", "health", "nothing", "console"] {
        let label = format!("door=\"{door}\"");
        assert!(of_one.iter().any(|series| series.contains(&label)), "{door} is not in {of_one:#?}");
    }
    for (n, tenant) in tenants.iter().enumerate() {
        for odd in [2, 3, 4] {
            every_kind(&server, tenant, 10 * n + odd).await;
        }
    }
    let of_many = series(&server).await;
    let more: Vec<_> = of_many.difference(&of_one).collect();
    assert!(more.is_empty(), "these came by traffic of the same kinds: {more:#?}");
    assert_eq!(of_many.len(), of_one.len());
}

#[tokio::test]
async fn a_taken_port_is_a_clear_sentence() {
    let server = Server::start(On::Sqlite).await;
    let mut second = Server::prepare(On::Sqlite).await;
    second.listen_on(server.address());
    let mut child = second.spawn();
    let told: Vec<String> = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok).collect();
    assert!(!child.wait().unwrap().success());
    assert!(told.iter().any(|line| line.contains("choose another with --listen")), "{told:?}");
}

#[tokio::test]
async fn a_superuser_is_told_that_row_level_security_does_nothing_for_it_postgresql() {
    let server = Server::prepare(On::Sqlite).await;
    let superuser = std::env::var("TEST_DATABASE_URL").unwrap();
    let told = server.refused(&["migrate", "--database-url", &superuser, "--row-level-security", "true"]);
    assert!(told.contains("superuser or has BYPASSRLS; give the service another role"), "{told}");
    let told = server.refused(&["migrate", "--row-level-security"]);
    assert!(told.contains("PostgreSQL's"), "{told}");
}
