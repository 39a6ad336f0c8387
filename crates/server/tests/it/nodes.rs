//! Two nodes on one PostgreSQL, and what must not be found in what they keep.

use std::time::{Duration, Instant};

use directory_sync::conversation::Answer;
use serde_json::{Value, json};
use store::testing::On;

use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

/// Sends requests until the first that is refused and twenty more. How long that took, and that none after it was taken.
async fn refused_after(tenant: &Tenant) -> Option<Duration> {
    let (revoked, mut refused, mut after) = (Instant::now(), None, Vec::new());
    while after.len() <= 20 && revoked.elapsed() < Duration::from_secs(3) {
        let status = tenant.send("GET", "/Users?count=0", None).await.status;
        if status == 401 {
            refused.get_or_insert(revoked.elapsed());
        }
        if refused.is_some() {
            after.push(status);
        }
    }
    assert!(after.iter().all(|status| *status == 401), "never again after the first refusal");
    refused
}

/// Who revokes.
#[derive(Clone, Copy, Debug)]
enum By {
    /// A process of its own.
    CommandLine,
    /// A call to the first node.
    Call,
}

#[tokio::test]
async fn case_18_revocation_reaches_the_other_node_within_a_second() {
    let first = Server::start(On::Postgres).await;
    let mut second = first.beside();
    second.serve().await;
    let acme = first.tenant("acme");
    let olga = Person::operator(&first).await;
    let other = Tenant { slug: "acme".to_owned(), token: acme.token.clone(), server: second.address() };
    for by in [By::CommandLine, By::Call].repeat(5) {
        let token = first.token("acme", &[]);
        let [here, there] =
            [first.address(), second.address()].map(|server| Tenant { slug: "acme".to_owned(), token: token.clone(), server });
        assert_eq!(there.send("GET", "/Users?count=0", None).await.status, 200);
        let listed = first.run(&["token", "list", "acme", "--json"]).1;
        let newest: Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
        let id = newest["id"].as_str().unwrap();
        let within = match by {
            By::CommandLine => {
                first.json(&["token", "revoke", "acme", id, "--json"]);
                // A second, and the time of a request.
                Duration::from_millis(1_500)
            }
            By::Call => {
                // Also a credential that the other node has checked this very moment.
                assert_eq!(there.send("GET", "/Users?count=0", None).await.status, 200);
                let answer = olga.call("POST", &format!("/tenants/acme/credentials/{id}/revoke"), None).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
                Duration::from_secs(1)
            }
        };
        let refused = refused_after(&there).await;
        assert!(refused.is_some_and(|after| after < within), "{by:?}: {refused:?}");
        assert_eq!(here.send("GET", "/Users?count=0", None).await.status, 401);
    }
    // What one node writes, the other reads at once.
    let id = acme.person("ada").await;
    assert_eq!(other.send("GET", &format!("/Users/{id}"), None).await.status, 200);
}

/// What people are given once: passwords, sessions, links, keys of programs and of apps, recovery codes.
async fn secrets_of_people(server: &Server) -> Vec<String> {
    let olga = Person::operator(server).await;
    let made = server.json(&["admin", "create", "ada@acme.test", "--name", "Ada", "--json"]);
    let mut secrets = vec![made["password"].as_str().unwrap().to_owned(), olga.cookie.split_once('=').unwrap().1.to_owned()];
    let text = |answer: &Answer, name: &str| answer.body.as_ref().unwrap()[name].as_str().unwrap().to_owned();
    let code = |link: String| link.split_once('#').unwrap().1.to_owned();
    for guest in 0..10 {
        let body = json!({ "email": format!("guest{guest}@acme.test"), "name": "Guest", "role": "viewer" });
        secrets.push(code(text(&olga.call("POST", "/tenants/acme/invitations", Some(body)).await, "link")));
        let body = json!({ "name": "CI", "role": "developer" });
        secrets.push(text(&olga.call("POST", "/tenants/acme/api-keys", Some(body)).await, "token"));
    }
    let ada = made["id"].as_str().unwrap();
    secrets.push(code(text(&olga.call("POST", &format!("/people/{ada}/password-reset"), None).await, "link")));
    let connections = olga.call("GET", "/tenants/acme/connections", None).await.body.unwrap();
    let body = json!({ "connectionId": connections["items"][0]["id"], "name": "Max", "lifetimeDays": 7 });
    let link = olga.call("POST", "/tenants/acme/setup-links", Some(body)).await;
    secrets.push(code(text(&link, "url")));
    let app = olga.call("POST", "/me/totp", None).await;
    secrets.push(text(&app, "secret"));
    secrets
}

/// What of a secret must stand nowhere: of a credential what follows its prefix and public id, which may; of any other, all of it.
fn secret_part(secret: &str) -> &str {
    let credential = secret.starts_with("ds") && secret.get(3..4) == Some("_");
    if credential { &secret[17..] } else { secret }
}

on_both! {
    async fn a_node_is_on_the_list_from_its_start_to_its_stop(on) {
        let mut server = Server::start(on).await;
        let store = server.store().await;
        let system = store.system();
        let mut nodes = Vec::new();
        // It announces itself beside the first requests.
        for _ in 0..200 {
            nodes = system.nodes().await.unwrap();
            if !nodes.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let told: Vec<(&str, &str)> = nodes.iter().map(|node| (node.address.as_str(), node.version.as_str())).collect();
        assert_eq!(told, [(server.address().to_string().as_str(), env!("CARGO_PKG_VERSION"))]);
        assert!(!nodes[0].name.is_empty());
        assert!(server.stop());
        assert!(system.nodes().await.unwrap().is_empty());
    }

    async fn case_20_no_secret_stands_in_database_or_log(on) {
        let mut server = Server::prepare(on).await;
        let mut child = server.spawn();
        let printed = child.stderr.take().unwrap();
        server.wait().await;
        let acme = server.tenant("acme");
        let mut secrets = vec![acme.token.clone()];
        for _ in 0..48 {
            secrets.push(server.token("acme", &[]));
            let client = server.json(&["client", "create", "acme", "--json"]);
            secrets.push(client["clientSecret"].as_str().unwrap().to_owned());
        }
        for token in &secrets {
            let tenant = Tenant { slug: "acme".to_owned(), token: token.clone(), server: server.address() };
            // Used, sent where none belongs, and written into a value of a request that is refused.
            tenant.send("GET", &format!("/Users?filter=userName eq \"{token}\"&access_token={token}"), None).await;
            tenant.send("PATCH", &format!("/Users/{token}"), Some(json!({ "userName": token }))).await;
        }
        secrets.extend(secrets_of_people(&server).await);
        let store = server.store().await;
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        let rows = store::testing::everything(&store).await;
        assert_eq!(rows.is_empty(), matches!(on, On::Sqlite));
        drop(store);
        child.kill().unwrap();
        child.wait().unwrap();
        let mut kept = vec![("what it printed".to_owned(), std::io::read_to_string(printed).unwrap().into_bytes()), ("the rows".to_owned(), rows.into_bytes())];
        for entry in std::fs::read_dir(server.data()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                kept.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
        assert!(kept.iter().any(|(_, bytes)| bytes.len() > 10_000), "something was kept");
        server.kill();
        for (place, bytes) in kept {
            let text = String::from_utf8_lossy(&bytes);
            let found = secrets.iter().find(|secret| text.contains(secret_part(secret)));
            assert_eq!(found, None, "{place} holds a secret");
        }
    }
}
