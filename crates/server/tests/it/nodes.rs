//! Two nodes on one PostgreSQL, and what must not be found in what they keep.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::testing::On;

use crate::on_both;
use crate::server::{Server, Tenant};

#[tokio::test]
async fn case_18_revocation_reaches_the_other_node_within_a_second() {
    let first = Server::start(On::Postgres).await;
    let mut second = first.beside();
    second.serve().await;
    let acme = first.tenant("acme");
    let other = Tenant { slug: "acme".to_owned(), token: acme.token.clone(), server: second.address() };
    for _ in 0..5 {
        let token = first.token("acme", &[]);
        let [here, there] =
            [first.address(), second.address()].map(|server| Tenant { slug: "acme".to_owned(), token: token.clone(), server });
        assert_eq!(there.send("GET", "/Users?count=0", None).await.status, 200);
        let listed = first.run(&["token", "list", "acme", "--json"]).1;
        let newest: Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
        first.json(&["token", "revoke", "acme", newest["id"].as_str().unwrap(), "--json"]);
        let revoked = Instant::now();
        let (mut refused, mut after) = (None, Vec::new());
        while revoked.elapsed() < Duration::from_secs(3) {
            let status = there.send("GET", "/Users?count=0", None).await.status;
            if status == 401 {
                refused.get_or_insert(revoked.elapsed());
            }
            if refused.is_some() {
                after.push(status);
            }
            if after.len() > 20 {
                break;
            }
        }
        // The command line is a process of its own, so both nodes learn of it by asking; a second, and the time of a request.
        assert!(refused.is_some_and(|after| after < Duration::from_millis(1_500)), "{refused:?}");
        assert!(after.iter().all(|status| *status == 401), "never again after the first refusal");
        assert_eq!(here.send("GET", "/Users?count=0", None).await.status, 401);
    }
    // What one node writes, the other reads at once.
    let id = acme.person("ada").await;
    assert_eq!(other.send("GET", &format!("/Users/{id}"), None).await.status, 200);
}

on_both! {
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
            // The secret part; prefix and public id may stand there.
            assert!(!secrets.iter().any(|secret| text.contains(&secret[17..])), "{place} holds a secret");
        }
    }
}
