//! Each IdP's conversation ticks every check of its guide; a wrong token that came first is named before.

use directory_sync::conversation::{Address, Player, steps};
use domain::{Idp, Secret};
use serde_json::{Map, Value, json};
use store::testing::On;

use crate::oauth;
use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

/// How each check stands, and the whole.
fn states(checks: &Value) -> Vec<(String, String)> {
    let word = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
    checks["checks"].as_array().unwrap().iter().map(|check| (word(check, "name"), word(check, "state"))).collect()
}

async fn walked(on: On, idp: Idp) {
    let server = Server::start(on).await;
    server.json(&["tenant", "create", "acme", "--slug", "acme", "--json"]);
    let olga = Person::operator(&server).await;
    let body = json!({ "name": idp.label(), "idp": idp.as_str() });
    let connection = olga.call("POST", "/tenants/acme/connections", Some(body)).await.body.unwrap();
    let id = connection["id"].as_str().unwrap();
    let new = json!({ "connectionId": id, "name": "Ada at Acme" });
    let made = olga.call("POST", "/tenants/acme/setup-links", Some(new)).await.body.unwrap();
    let code = made["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let stranger = Person { cookie: String::new(), server: server.address() };
    let opened = stranger.call("POST", "/setup/open", Some(json!({ "code": code }))).await;
    let cookie = opened.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let holder = Person { cookie, server: server.address() };
    let issued = holder.call("POST", "/setup/credential", None).await.body.unwrap();
    let token = issued["token"].as_str().unwrap().to_owned();
    let stream = holder.follow("/setup/checks/stream", None);
    let begun = stream.next().1;
    assert!(states(&begun).iter().all(|(_, state)| state == "waiting"), "{begun}");
    assert_eq!(begun["expected"], json!([issued["credential"]["startsWith"]]));

    // A token of ours, but of nobody: the end of a real one is another.
    let end = if token.ends_with('x') { "y" } else { "x" };
    let wrong = format!("{}{end}", &token[..token.len() - 1]);
    let path = "/scim/acme/v2".to_owned();
    let mistaken = Address { server: server.address(), path: path.clone(), token: Secret::new(wrong.clone()) };
    assert_eq!(mistaken.send("GET", "/Users?count=1", &Map::new(), None).await.unwrap().status, 401);
    let named = stream.next().1;
    assert_eq!(named["refusal"]["cause"]["params"]["starts_with"], wrong[..8], "{named}");
    assert!(states(&named).contains(&("credential".to_owned(), "wrong".to_owned())), "{named}");
    // Typed with its scheme, as some do.
    let doubled = Address { server: server.address(), path: path.clone(), token: Secret::new(format!("Bearer {token}")) };
    assert_eq!(doubled.send("GET", "/Users?count=1", &Map::new(), None).await.unwrap().status, 401);
    let named = stream.next().1;
    assert_eq!(named["refusal"]["cause"]["params"]["starts_with"], format!("Bearer {}", &token[..8]), "{named}");

    let mut player = Player::new(Address { server: server.address(), path, token: Secret::new(token) }, "r1");
    for step in &steps(idp).unwrap() {
        assert_eq!(player.play(step).await.unwrap(), None, "{}", step.step);
    }
    let mut last = named;
    // By the form of its requests an IdP is known when enough of them came.
    let open = |(name, state): &(String, String)| match state.as_str() {
        "fits" => name == "idp" && idp != Idp::Other,
        state => state == "waiting" || state == "wrong",
    };
    while states(&last).iter().any(open) {
        last = stream.next().1;
    }
    let names_itself = matches!(idp, Idp::Entra | Idp::Okta);
    let expected = |name: &str| if name == "idp" && idp == Idp::Other { "fits" } else { "done" };
    for (name, state) in states(&last) {
        assert_eq!(state, expected(&name), "{name}: {last}");
    }
    if idp != Idp::Other {
        assert_eq!(last["seenIdp"], idp.as_str());
    }
    assert_eq!(last["seenIdpConfidence"] == "sure", names_itself, "{last}");
    let path = format!("/tenants/acme/connections/{id}/checks");
    let of_admin = olga.call("GET", &path, None).await.body.unwrap();
    assert_eq!(states(&of_admin), states(&last), "the admin sees the same");
    let event = of_admin["checks"][4]["eventId"].as_str().unwrap();
    let first = olga.call("GET", &format!("/tenants/acme/sync-events/{event}"), None).await.body.unwrap();
    assert_eq!((first["operation"].as_str(), first["resourceType"].as_str()), (Some("create"), Some("User")));

    let link = made["link"]["id"].as_str().unwrap();
    let revoked = olga.call("POST", &format!("/tenants/acme/setup-links/{link}/revoke"), None).await;
    assert_eq!((revoked.status, holder.call("GET", "/setup", None).await.status), (200, 401));
    assert!(stream.end().as_secs() < 8, "the stream ends with the link");
}

on_both! {
    async fn entra_ticks_every_check(on) {
        walked(on, Idp::Entra).await;
    }

    async fn okta_ticks_every_check(on) {
        walked(on, Idp::Okta).await;
    }

    async fn onelogin_ticks_every_check(on) {
        walked(on, Idp::OneLogin).await;
    }

    async fn jumpcloud_ticks_every_check(on) {
        walked(on, Idp::JumpCloud).await;
    }

    async fn a_standard_client_ticks_every_check(on) {
        walked(on, Idp::Other).await;
    }
}

on_both! {
    async fn an_oauth_client_ticks_every_check_and_a_wrong_secret_of_it_is_named(on) {
        let server = Server::start(on).await;
        server.json(&["tenant", "create", "acme", "--slug", "acme", "--json"]);
        let olga = Person::operator(&server).await;
        let body = json!({ "name": "Entra", "idp": "entra" });
        let connection = olga.call("POST", "/tenants/acme/connections", Some(body)).await.body.unwrap();
        let id = connection["id"].as_str().unwrap();
        let body = json!({ "connectionId": id, "name": "Entra", "rights": "scim" });
        let made = olga.call("POST", "/tenants/acme/oauth-clients", Some(body)).await.body.unwrap();
        let (client, secret) = (made["client"]["clientId"].as_str().unwrap(), made["clientSecret"].as_str().unwrap());
        let form = |secret: &str| {
            let pairs = [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret)];
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        };
        let checks = async || {
            let path = format!("/tenants/acme/connections/{id}/checks");
            olga.call("GET", &path, None).await.body.unwrap()
        };
        assert_eq!(post_form(&server, "/oauth/acme/token", &form(&secret[..secret.len() - 1])).await, 401);
        let mut named = checks().await;
        for _ in 0..200 {
            if named.get("refusal").is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            named = checks().await;
        }
        let cause = &named["refusal"]["cause"];
        assert_eq!((cause["code"].as_str(), cause["params"]["client"].as_str()), (Some("client_secret_wrong"), Some(client)));
        assert!(states(&named).contains(&("credential".to_owned(), "wrong".to_owned())), "{named}");
        assert_eq!(named["expected"], json!([client]));

        let given = [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret)];
        let token = crate::oauth::token(&server, "acme", &given).await;
        let address = Address { server: server.address(), path: "/scim/acme/v2".to_owned(), token: Secret::new(token) };
        let mut player = Player::new(address, "r1");
        for step in &steps(Idp::Entra).unwrap() {
            assert_eq!(player.play(step).await.unwrap(), None, "{}", step.step);
        }
        let mut last = checks().await;
        for _ in 0..200 {
            if states(&last).iter().all(|(_, state)| state == "done") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            last = checks().await;
        }
        assert!(states(&last).iter().all(|(_, state)| state == "done"), "{last}");
        assert_eq!(last["seenIdp"], "entra");
    }
}

/// The status of the answer to a form.
async fn post_form(server: &Server, path: &str, form: &str) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// A proxy in front of the service that loses the Authorization header. Gives where it listens.
fn losing_proxy(service: std::net::SocketAddr) -> std::net::SocketAddr {
    use std::io::{BufRead, BufReader, Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let mut head = BufReader::new(client.try_clone().unwrap());
            let (mut sent, mut line) = (String::new(), String::new());
            while head.read_line(&mut line).is_ok_and(|read| read > 2) {
                if !line.to_lowercase().starts_with("authorization:") {
                    sent.push_str(&line);
                }
                line.clear();
            }
            let mut behind = std::net::TcpStream::connect(service).unwrap();
            behind.write_all(format!("{sent}Connection: close\r\n\r\n").as_bytes()).unwrap();
            let mut answer = Vec::new();
            drop(behind.read_to_end(&mut answer));
            let mut client = client;
            drop(client.write_all(&answer));
        }
    });
    address
}

on_both! {
    async fn a_holders_oauth_client_opens_the_door_until_a_token_takes_its_place(on) {
        let server = Server::start(on).await;
        server.json(&["tenant", "create", "acme", "--slug", "acme", "--json"]);
        let olga = Person::operator(&server).await;
        let body = json!({ "name": "Entra", "idp": "entra" });
        let connection = olga.call("POST", "/tenants/acme/connections", Some(body)).await.body.unwrap();
        let new = json!({ "connectionId": connection["id"], "name": "Ada at Acme" });
        let made = olga.call("POST", "/tenants/acme/setup-links", Some(new)).await.body.unwrap();
        let code = made["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
        let stranger = Person { cookie: String::new(), server: server.address() };
        let opened = stranger.call("POST", "/setup/open", Some(json!({ "code": code }))).await;
        let cookie = opened.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let holder = Person { cookie, server: server.address() };
        let client = holder.call("POST", "/setup/oauth-client", None).await.body.unwrap();
        let text = |name: &str| client[name].as_str().unwrap();
        assert!(text("tokenUrl").ends_with("/oauth/acme/token"), "{client}");
        let form = [("grant_type", "client_credentials"), ("client_id", text("clientId")), ("client_secret", text("clientSecret"))];
        let at = |token: String| Tenant { slug: "acme".to_owned(), token, server: server.address() };
        let by_client = at(oauth::token(&server, "acme", &form).await);
        by_client.person("ada").await;
        let issued = holder.call("POST", "/setup/credential", None).await.body.unwrap();
        let by_token = at(issued["token"].as_str().unwrap().to_owned());
        let asked = [by_client.send("GET", "/Users", None).await.status, by_token.send("GET", "/Users", None).await.status];
        assert_eq!(asked, [401, 200], "the client has ended, with the access tokens it got");
    }

    async fn our_side_is_checked_as_the_world_reaches_it_and_ticks_nothing(on) {
        let mut server = Server::prepare(on).await;
        let proxy = losing_proxy(server.address());
        let acme = ["tenant", "create", "acme", "--slug", "acme", "--json"];
        for (public_url, expected) in [
            (format!("http://{}", server.address()), json!({ "reached": true, "status": 200, "authorization": true, "contentType": "application/scim+json" })),
            (format!("http://{proxy}"), json!({ "reached": true, "status": 401, "authorization": false, "contentType": "application/scim+json" })),
            ("http://127.0.0.1:1".to_owned(), json!({ "reached": false })),
        ] {
            server.flags(&["--public-url", &public_url]);
            server.serve().await;
            if expected["status"] == 200 {
                server.json(&acme);
            }
            let olga = Person::signed_in(&server, &format!("olga{}@example.com", expected["status"])).await;
            let body = json!({ "name": "Okta", "idp": "okta" });
            let connection = olga.call("POST", "/tenants/acme/connections", Some(body)).await.body.unwrap();
            let path = format!("/tenants/acme/connections/{}", connection["id"].as_str().unwrap());
            let answer = olga.call("POST", &format!("{path}/self-check"), None).await;
            let told = answer.body.unwrap();
            assert_eq!(answer.status, 200, "{told}");
            assert_eq!(told["url"], format!("{public_url}/scim/acme/v2/ServiceProviderConfig"));
            for (name, value) in expected.as_object().unwrap() {
                assert_eq!(told[name], *value, "{public_url} {name}: {told}");
            }
            assert_eq!((told["secure"].as_bool(), told["problem"].is_string()), (Some(false), expected["reached"] == false));
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            let checks = olga.call("GET", &format!("{path}/checks"), None).await.body.unwrap();
            assert!(states(&checks).iter().all(|(_, state)| state == "waiting"), "{checks}");
            assert_eq!(checks["expected"], json!([]), "its credential is gone");
            server.kill();
        }
    }
}
