//! Who sends is recognised: by its name, by the form of its requests without it, and never wrongly for sure.

use directory_sync::conversation::{Player, Step, steps};
use domain::Idp;
use serde_json::{Value, json};
use store::testing::On;

use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

/// What is known of a connection after a conversation, and each request that names a confidence.
async fn told(on: On, steps: Vec<Step>) -> (Value, Vec<Value>) {
    let server = Server::start(on).await;
    let tenant = server.tenant("acme");
    let olga = Person::operator(&server).await;
    let mut player = Player::new(tenant.address(), "r1");
    for step in &steps {
        assert_eq!(player.play(step).await.unwrap(), None, "{}", step.step);
    }
    let mut events = Vec::new();
    for _ in 0..100 {
        let page = olga.call("GET", "/tenants/acme/sync-events?limit=200", None).await.body.unwrap();
        events = page["items"].as_array().unwrap().clone();
        if events.len() == steps.len() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(events.len(), steps.len());
    let health = olga.call("GET", "/tenants/acme/health", None).await.body.unwrap();
    events.retain(|event| event.get("idpConfidence").is_some());
    (health["items"][0]["recognised"].clone(), events)
}

fn named(idp: Idp) -> Vec<Step> {
    steps(idp).unwrap()
}

fn nameless(idp: Idp) -> Vec<Step> {
    steps(idp).unwrap().into_iter().map(Step::nameless).collect()
}

async fn names_itself(on: On, idp: Idp) {
    let (recognised, events) = told(on, named(idp)).await;
    assert_eq!(recognised, json!({ "idp": idp.as_str(), "confidence": "sure" }));
    assert!(events.len() > 30);
    assert!(events.iter().all(|event| event["idp"] == idp.as_str() && event["idpConfidence"] == "sure"), "{events:#?}");
}

async fn shows_itself(on: On, idp: Idp) {
    let (recognised, events) = told(on, nameless(idp)).await;
    assert_eq!(recognised, json!({ "idp": idp.as_str(), "confidence": "likely" }));
    assert!(events.iter().all(|event| event["idp"] == idp.as_str() && event["idpConfidence"] != "sure"), "{events:#?}");
    assert!(!events.is_empty());
}

on_both! {
    async fn entra_names_itself(on) {
        names_itself(on, Idp::Entra).await;
    }

    async fn okta_names_itself(on) {
        names_itself(on, Idp::Okta).await;
    }

    async fn entra_is_likely_by_its_requests(on) {
        shows_itself(on, Idp::Entra).await;
    }

    async fn okta_is_likely_by_its_requests(on) {
        shows_itself(on, Idp::Okta).await;
    }

    async fn onelogin_is_likely_by_its_requests(on) {
        shows_itself(on, Idp::OneLogin).await;
    }

    async fn jumpcloud_is_likely_by_its_requests(on) {
        shows_itself(on, Idp::JumpCloud).await;
    }

    async fn a_plain_client_is_nobody_we_know(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        for name in ["ada", "max"] {
            acme.person(name).await;
        }
        let address = acme.address();
        for path in ["/Users?startIndex=1&count=100", "/Users?startIndex=1&count=1", "/Users?filter=userName%20eq%20%22ada%22", "/Schemas"] {
            assert_eq!(address.send("GET", path, &serde_json::Map::new(), None).await.unwrap().status, 200);
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let events = olga.call("GET", "/tenants/acme/sync-events", None).await.body.unwrap();
        let events = events["items"].as_array().unwrap();
        assert_eq!(events.len(), 6);
        assert!(events.iter().all(|event| event.get("idpConfidence").is_none()), "{events:#?}");
        let health = olga.call("GET", "/tenants/acme/health", None).await.body.unwrap();
        assert!(health["items"][0].get("recognised").is_none(), "{health}");
    }

    async fn a_credential_shows_who_last_came_with_it(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let agents = ["Okta SCIM Client 1.0.0", "curl/8.5.0"];
        for agent in agents {
            let tenant = Tenant { slug: "acme".to_owned(), token: server.token("acme", &["--name", agent]), server: acme.server };
            let headers = serde_json::Map::from_iter([("User-Agent".to_owned(), json!(agent))]);
            assert_eq!(tenant.address().send("GET", "/Users?count=1", &headers, None).await.unwrap().status, 200);
        }
        let used = async || {
            let page = olga.call("GET", "/tenants/acme/credentials", None).await.body.unwrap();
            let items = page["items"].as_array().unwrap().clone();
            items.into_iter().filter(|credential| credential.get("lastUsed").is_some()).collect::<Vec<_>>()
        };
        // Uses are written behind the requests.
        let mut seen = Vec::new();
        for _ in 0..300 {
            seen = used().await;
            if seen.len() == agents.len() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(seen.len(), agents.len(), "those that came and not the one that nobody used: {seen:#?}");
        for credential in &seen {
            let (agent, last) = (&credential["name"], &credential["lastUsed"]);
            assert_eq!((&last["userAgent"], &last["address"]), (agent, &json!("127.0.0.1")));
            // Who shows nothing of an IdP is taken for what the connection is meant for.
            let idp = if agent == agents[0] { "okta" } else { "other" };
            assert_eq!(last["idp"], idp, "{credential}");
            let [made, at] = [&credential["createdAt"], &last["at"]].map(|at| domain::Timestamp::parse_rfc3339(at.as_str().unwrap()).unwrap());
            assert!(made.plus_seconds(-60) <= at, "{credential}");
        }
    }
}
