//! The console's files as a browser gets them.

use domain::Secret;
use serde_json::{Map, Value, json};

use directory_sync::conversation::{Address, Answer};
use store::testing::On;

use crate::server::Server;

struct Browser(Address);

impl Browser {
    fn at(server: &Server) -> Self {
        Self(Address { server: server.address(), path: String::new(), token: Secret::new("-") })
    }

    async fn send(&self, method: &str, path: &str, headers: Value) -> Answer {
        let headers: Map<String, Value> = headers.as_object().cloned().unwrap_or_default();
        self.0.send(method, path, &headers, None).await.unwrap()
    }
}

#[tokio::test]
async fn every_address_of_the_console_is_its_page_with_the_policy() {
    let server = Server::start(On::Sqlite).await;
    let browser = Browser::at(&server);
    for path in ["/", "/login", "/t/acme/users?q=1", "/no/such/page", "/index.html"] {
        let answer = browser.send("GET", path, json!({})).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert!(answer.header("permissions-policy").unwrap().contains("camera=()"));
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
    }
    let posted = browser.send("POST", "/login", json!({})).await;
    assert_eq!((posted.status, posted.header("allow")), (405, Some("GET, HEAD")));
}

#[tokio::test]
async fn files_come_compressed_are_kept_for_ever_and_asked_for_once() {
    let server = Server::start(On::Sqlite).await;
    let browser = Browser::at(&server);
    let page = browser.send("GET", "/", json!({ "Accept-Encoding": "identity" })).await.text;
    let at = page.find("/assets/").unwrap();
    let script: String = page[at..].chars().take_while(|c| *c != '"').collect();
    for (accepted, coding) in [("gzip, deflate, br", Some("br")), ("gzip", Some("gzip")), ("br;q=0", None), ("", None)] {
        let answer = browser.send("GET", &script, json!({ "Accept-Encoding": accepted })).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, coding), "{accepted}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        let tag = answer.header("etag").unwrap().to_owned();
        let headers = json!({ "Accept-Encoding": accepted, "If-None-Match": tag });
        assert_eq!(browser.send("GET", &script, headers).await.status, 304);
    }
    let head = browser.send("HEAD", &script, json!({ "Accept-Encoding": "" })).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    // A script that is gone must not come as the page: a browser would keep that for a year.
    assert_eq!(browser.send("GET", "/assets/gone-12345678.js", json!({})).await.status, 404);
    assert_eq!(browser.send("GET", &format!("{script}.br"), json!({})).await.status, 404);
}

#[tokio::test]
async fn what_is_kept_for_machines_is_never_a_page() {
    let server = Server::start(On::Sqlite).await;
    let browser = Browser::at(&server);
    for (path, status) in [
        ("/scim", 401),
        ("/scim/acme/v2/Users", 401),
        ("/api", 404),
        ("/api/v1/nothing", 404),
        ("/oauth/acme/token", 405),
        ("/.well-known/openid-configuration", 404),
        ("/metrics", 404),
        ("/healthz", 200),
        ("/readyz", 200),
    ] {
        let answer = browser.send("GET", path, json!({})).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(!answer.header("content-type").unwrap_or_default().contains("html"), "{path}");
    }
}

#[tokio::test]
async fn whoever_came_by_tls_is_told_to_come_by_nothing_else() {
    for (url, told) in [("https://sync.example.com", Some("max-age=31536000")), ("http://127.0.0.1:1", None)] {
        let mut server = Server::prepare(On::Sqlite).await;
        server.flags(&["--public-url", url]);
        server.serve().await;
        let browser = Browser::at(&server);
        for path in ["/", "/api/openapi.json", "/scim/acme/v2/Users", "/healthz"] {
            assert_eq!(browser.send("GET", path, json!({})).await.header("strict-transport-security"), told, "{url}{path}");
        }
    }
}
