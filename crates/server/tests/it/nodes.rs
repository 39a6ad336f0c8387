//! Two nodes on one PostgreSQL, and the list that nodes are on.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use directory_sync::conversation::Address;
use domain::Secret;
use serde_json::{Map, Value, json};
use store::testing::On;

use crate::oauth;
use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

/// Over a call to the other node: the word of it is passed at once, and what a node believes is asked anew after a second.
const A_SECOND: Duration = Duration::from_secs(1);
/// Over a process of its own: a second, and the time of a request.
const A_SECOND_AND_A_REQUEST: Duration = Duration::from_millis(1_500);

/// Asks until the first answer of this status and twenty more. How long that took, and that none after it was another.
async fn answers_after(status: u16, ask: impl AsyncFn() -> u16) -> Option<Duration> {
    let (begun, mut first, mut after) = (Instant::now(), None, Vec::new());
    while after.len() <= 20 && begun.elapsed() < Duration::from_secs(3) {
        let answer = ask().await;
        if answer == status {
            first.get_or_insert(begun.elapsed());
        }
        if first.is_some() {
            after.push(answer);
        }
    }
    assert!(after.iter().all(|answer| *answer == status), "never another after the first {status}: {after:?}");
    first
}

async fn refused_after(tenant: &Tenant) -> Option<Duration> {
    answers_after(401, async || asked(tenant).await).await
}

/// What a node answers to a look at the people.
async fn asked(tenant: &Tenant) -> u16 {
    tenant.send("GET", "/Users?count=0", None).await.status
}

/// Two nodes behind one address, with a tenant, and an operator at the first.
async fn two_nodes() -> (Server, Server, Person) {
    let mut first = Server::prepare(On::Postgres).await;
    first.flags(&["--public-url", "http://sync.localhost"]);
    first.serve().await;
    let mut second = first.beside();
    second.serve().await;
    first.json(&["tenant", "create", "acme", "--slug", "acme", "--json"]);
    let olga = Person::operator(&first).await;
    (first, second, olga)
}

/// A call that somebody makes to the first node, and that is taken.
async fn done(person: &Person, method: &str, path: &str, body: Option<Value>) -> Value {
    let answer = person.call(method, path, body).await;
    assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.text);
    answer.body.unwrap_or_default()
}

/// An OAuth client of Entra's: its credential's id, and the form that asks for its access tokens.
fn client(server: &Server) -> (String, [(&'static str, String); 3]) {
    let client = server.json(&["client", "create", "acme", "--idp", "entra", "--json"]);
    let text = |name: &str| client[name].as_str().unwrap().to_owned();
    let kind = ("grant_type", "client_credentials".to_owned());
    (text("id"), [kind, ("client_id", text("clientId")), ("client_secret", text("clientSecret"))])
}

/// A tenant at a node, with an access token that this node has issued.
async fn with_access_token(at: &Server, form: &[(&'static str, String); 3]) -> Tenant {
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    Tenant { slug: "acme".to_owned(), token: oauth::token(at, "acme", &form).await, server: at.address() }
}

/// The same tenant and token at another node.
fn elsewhere(tenant: &Tenant, at: &Server) -> Tenant {
    Tenant { slug: tenant.slug.clone(), token: tenant.token.clone(), server: at.address() }
}

/// What a node answers to a key of the API.
async fn by_key(server: SocketAddr, key: &str) -> u16 {
    let api = Address { server, path: "/api/v1".to_owned(), token: Secret::new(key) };
    let headers: Map<String, Value> = json!({ "accept": "application/json" }).as_object().unwrap().clone();
    api.send("GET", "/tenants/acme", &headers, None).await.unwrap().status
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
                A_SECOND_AND_A_REQUEST
            }
            By::Call => {
                // Also a credential that the other node has checked this very moment.
                assert_eq!(there.send("GET", "/Users?count=0", None).await.status, 200);
                let answer = olga.call("POST", &format!("/tenants/acme/credentials/{id}/revoke"), None).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
                A_SECOND
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

#[tokio::test]
async fn an_access_token_ends_on_the_other_node_with_its_client_or_its_secret() {
    let (first, second, olga) = two_nodes().await;
    for by_its_secret in [false, true] {
        let (id, form) = client(&first);
        let here = with_access_token(&first, &form).await;
        let there = elsewhere(&here, &second);
        assert_eq!((asked(&here).await, asked(&there).await), (200, 200));
        if by_its_secret {
            let read = done(&olga, "GET", &format!("/tenants/acme/oauth-clients/{id}"), None).await;
            let secret = read["secrets"][0]["id"].as_str().unwrap();
            done(&olga, "POST", &format!("/tenants/acme/oauth-clients/{id}/secrets/{secret}/revoke"), None).await;
        } else {
            done(&olga, "POST", &format!("/tenants/acme/credentials/{id}/revoke"), None).await;
        }
        let refused = refused_after(&there).await;
        assert!(refused.is_some_and(|after| after < A_SECOND), "{by_its_secret}: {refused:?}");
        assert_eq!(asked(&here).await, 401);
    }
}

#[tokio::test]
async fn signing_keys_that_rotate_at_once_end_access_tokens_on_both_nodes() {
    let (first, second, _) = two_nodes().await;
    let (_, form) = client(&first);
    let here = with_access_token(&first, &form).await;
    let there = elsewhere(&here, &second);
    assert_eq!((asked(&here).await, asked(&there).await), (200, 200));
    assert!(first.run(&["signing-key", "rotate", "--at-once"]).0);
    for node in [&there, &here] {
        let refused = refused_after(node).await;
        assert!(refused.is_some_and(|after| after < A_SECOND_AND_A_REQUEST), "{refused:?}");
    }
    // What the next key signs is good on both of them.
    let there = with_access_token(&second, &form).await;
    let here = elsewhere(&there, &first);
    for node in [&there, &here] {
        assert!(answers_after(200, async || asked(node).await).await.is_some_and(|after| after < A_SECOND_AND_A_REQUEST));
    }
}

#[tokio::test]
async fn a_revoked_api_key_and_an_ended_session_open_nothing_on_the_other_node() {
    let (first, second, olga) = two_nodes().await;
    let made = done(&olga, "POST", "/tenants/acme/api-keys", Some(json!({ "name": "CI", "role": "viewer" }))).await;
    let (key, id) = (made["token"].as_str().unwrap(), made["apiKey"]["id"].as_str().unwrap());
    assert_eq!(by_key(second.address(), key).await, 200);
    done(&olga, "POST", &format!("/tenants/acme/api-keys/{id}/revoke"), None).await;
    let refused = answers_after(401, async || by_key(second.address(), key).await).await;
    assert!(refused.is_some_and(|after| after < A_SECOND), "{refused:?}");

    let pia = Person::signed_in(&first, "pia@example.com").await;
    let there = Person { cookie: pia.cookie.clone(), server: second.address() };
    let enters = async || there.call("GET", "/tenants/acme", None).await.status;
    assert_eq!(enters().await, 200);
    done(&pia, "DELETE", "/session", None).await;
    let refused = answers_after(401, enters).await;
    assert!(refused.is_some_and(|after| after < A_SECOND), "{refused:?}");
}

#[tokio::test]
async fn a_suspended_tenant_is_told_to_come_again_by_the_other_node_until_it_is_served_again() {
    let (first, second, olga) = two_nodes().await;
    let token = first.token("acme", &[]);
    let there = Tenant { slug: "acme".to_owned(), token, server: second.address() };
    for by in [By::CommandLine, By::Call] {
        for (command, state, status) in [("suspend", "suspended", 503), ("resume", "active", 200)] {
            assert_eq!(asked(&there).await, if status == 503 { 200 } else { 503 });
            let within = match by {
                By::CommandLine => {
                    first.json(&["tenant", command, "acme", "--json"]);
                    A_SECOND_AND_A_REQUEST
                }
                By::Call => {
                    done(&olga, "PATCH", "/tenants/acme", Some(json!({ "state": state }))).await;
                    A_SECOND
                }
            };
            let told = answers_after(status, async || asked(&there).await).await;
            assert!(told.is_some_and(|after| after < within), "{by:?} {state}: {told:?}");
        }
    }
}

#[tokio::test]
async fn a_revoked_setup_link_shuts_its_holder_out_and_is_not_opened_on_the_other_node() {
    let (_first, second, olga) = two_nodes().await;
    let body = json!({ "name": "Entra", "idp": "entra" });
    let connection = done(&olga, "POST", "/tenants/acme/connections", Some(body)).await;
    let new = json!({ "connectionId": connection["id"], "name": "Ada at Acme" });
    let nobody = Person { cookie: String::new(), server: second.address() };
    let link = async || {
        let made = done(&olga, "POST", "/tenants/acme/setup-links", Some(new.clone())).await;
        let code = made["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
        (made["link"]["id"].as_str().unwrap().to_owned(), code)
    };
    let ((opened, code), (unopened, unused)) = (link().await, link().await);
    let answer = nobody.call("POST", "/setup/open", Some(json!({ "code": code }))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let holder = Person { cookie, server: second.address() };
    let looks = async || holder.call("GET", "/setup", None).await.status;
    assert_eq!(looks().await, 200);
    for id in [opened, unopened] {
        done(&olga, "POST", &format!("/tenants/acme/setup-links/{id}/revoke"), None).await;
    }
    let opens = async || nobody.call("POST", "/setup/open", Some(json!({ "code": unused }))).await.status;
    let (shut_out, gone) = (answers_after(401, looks).await, answers_after(410, opens).await);
    assert!([shut_out, gone].iter().all(|after| after.is_some_and(|after| after < A_SECOND)), "{shut_out:?} {gone:?}");
    assert_eq!(holder.call("POST", "/setup/credential", None).await.status, 401);
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
