//! Two nodes on one PostgreSQL, and the list that nodes are on.

use std::time::{Duration, Instant};

use serde_json::Value;
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
}
