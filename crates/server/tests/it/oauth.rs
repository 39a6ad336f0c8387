//! An IdP that gets access tokens, through its whole conversation, while the keys that sign them rotate.

use directory_sync::conversation::{Player, steps};
use domain::Idp;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use store::testing::On;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::on_both;
use crate::server::{Server, Tenant};

/// A key pair that was made for these tests and is used nowhere else.
const KEY: &[u8] = include_bytes!("../keys/idp.pem");

/// An access token for what a form says.
pub(crate) async fn token(server: &Server, slug: &str, form: &[(&str, &str)]) -> String {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let head = format!(
        "POST /oauth/{slug}/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    body["access_token"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

/// Plays Entra's conversation with access tokens, each for a few steps; in the middle two new keys take over.
async fn converse(server: &Server, slug: &str, form: &[(&str, &str)]) {
    let steps = steps(Idp::Entra).unwrap();
    let tenant = |token: String| Tenant { slug: slug.to_owned(), token, server: server.address() };
    let mut player = Player::new(tenant(token(server, slug, form).await).address(), "r1");
    let mut wrong = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        if n % 8 == 7 {
            player.continue_at(tenant(token(server, slug, form).await).address());
        }
        if n == steps.len() / 3 || n == steps.len() / 2 {
            assert!(server.run(&["signing-key", "rotate"]).0);
        }
        if let Some(why) = player.play(step).await.unwrap() {
            wrong.push(format!("{}: {why}", step.step));
        }
    }
    assert!(steps.len() > 30 && wrong.is_empty(), "{wrong:#?}");
}

/// Publishes the key's public half, as an IdP does.
async fn published() -> String {
    let key = EncodingKey::from_rsa_pem(KEY).unwrap();
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
    jwk.common.key_id = Some("k1".to_owned());
    let set = json!({ "keys": [jwk] }).to_string();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/discovery/v2.0/keys", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            drop(stream.read(&mut [0; 4_096]).await);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", set.len());
            drop(stream.write_all(format!("{head}{set}").as_bytes()).await);
        }
    });
    url
}

async fn secret(on: On) {
    let server = Server::start(on).await;
    server.json(&["tenant", "create", "acme", "--slug", "acme", "--json"]);
    let client = server.json(&["client", "create", "acme", "--idp", "entra", "--json"]);
    let text = |name: &str| client[name].as_str().unwrap().to_owned();
    let (id, secret) = (text("clientId"), text("clientSecret"));
    converse(&server, "acme", &[("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)]).await;
}

async fn assertion(on: On) {
    let url = published().await;
    let mut server = Server::prepare(on).await;
    server.flags(&["--private-hosts", "127.0.0.1"]);
    server.serve().await;
    server.json(&["tenant", "create", "acme", "--slug", "acme", "--json"]);
    let trusted = ["--issuer", "https://login.test/t/v2.0", "--subject", "sp", "--audience", "api://x", "--jwks-uri", &url];
    let client = server.json(&[&["client", "create", "acme", "--idp", "entra", "--json"], &trusted[..]].concat());
    assert_eq!(client["clientSecret"], Value::Null);
    let exp = domain::Clock::now(&domain::SystemClock).as_micros() / 1_000_000 + 3_600;
    let claims =
        json!({ "iss": "https://login.test/t/v2.0", "sub": "sp", "aud": "api://x", "tid": "t", "nbf": exp - 3_600, "exp": exp });
    let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::RS256) };
    let assertion = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_rsa_pem(KEY).unwrap()).unwrap();
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client["clientId"].as_str().unwrap()),
        ("client_assertion_type", kind),
        ("client_assertion", &assertion),
        ("baseAddress", "https://scim.test"),
    ];
    converse(&server, "acme", &form).await;
}

on_both! {
    async fn entra_by_client_secret(on) {
        secret(on).await;
    }

    async fn entra_by_federation(on) {
        assertion(on).await;
    }
}
