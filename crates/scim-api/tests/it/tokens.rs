//! OAuth clients at the token endpoint, and their access tokens at the SCIM door.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::credential::Order;
use domain::oauth::{Trust, TrustedKeys};
use domain::{ClientSecret, Clock, Connection, Credential, OAuthClient, Rights, SigningKey, SystemClock, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use poem::{Endpoint, Request};
use serde_json::{Value, json};
use store::testing::author;
use store::{SyncEventFilter, TenantStore, on_both};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::Service;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(crate) struct Made {
    pub(crate) credential: Credential,
    pub(crate) id: String,
    pub(crate) secret: String,
    secret_id: domain::ClientSecretId,
    pub(crate) store: TenantStore,
}

pub(crate) async fn client(service: &Service, connection: &Connection, rights: Rights, trust: Option<Trust>) -> Made {
    let (store, at) = (service.scratch.store.tenant(connection.tenant), SystemClock.now());
    let order = Order { name: "Entra".to_owned(), rights, created_by: None, at, days: None };
    let credential = Credential::client(connection, order).unwrap();
    let (text, secret) = ClientSecret::issue(&service.key, None, at, None).unwrap();
    let (id, secret_id) = (domain::oauth::client_id(&credential.public_id), secret.id);
    let client = OAuthClient { token_seconds: 3_600, trust, secrets: vec![secret] };
    store.oauth_clients().insert(&credential, &client, &author()).await.unwrap();
    Made { credential, id, secret: text.expose().to_owned(), secret_id, store }
}

pub(crate) async fn call(
    service: &Service,
    method: &str,
    path: &str,
    basic: Option<(&str, &str)>,
    form: &[(&str, &str)],
) -> (u16, Value) {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let mut request = Request::builder().method(method.parse().unwrap()).uri(path.parse().unwrap());
    request = request.header("content-type", "application/x-www-form-urlencoded");
    if let Some((id, secret)) = basic {
        request = request.header("authorization", format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))));
    }
    let response = service.tokens.call(request.body(body)).await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let status = response.status().as_u16();
    if status == 401 {
        assert!(response.headers().contains_key("www-authenticate"));
    }
    (status, serde_json::from_str(&response.into_body().into_string().await.unwrap()).unwrap())
}

pub(crate) async fn by_secret(service: &Service, slug: &str, id: &str, secret: &str, more: &[(&str, &str)]) -> (u16, Value) {
    let form = [&[("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)], more].concat();
    call(service, "POST", &format!("/oauth/{slug}/token"), None, &form).await
}

async fn by_assertion(service: &Service, slug: &str, id: &str, assertion: &str) -> (u16, Value) {
    let (kind, grant) = (("client_assertion_type", ASSERTION), ("grant_type", "client_credentials"));
    call(
        service,
        "POST",
        &format!("/oauth/{slug}/token"),
        None,
        &[grant, ("client_id", id), kind, ("client_assertion", assertion)],
    )
    .await
}

pub(crate) fn token(answer: &(u16, Value)) -> String {
    assert_eq!(answer.0, 200, "{}", answer.1);
    assert_eq!((&answer.1["token_type"], &answer.1["expires_in"]), (&json!("Bearer"), &json!(3_600)));
    answer.1["access_token"].as_str().unwrap().to_owned()
}

/// The newest cause in the tenant's sync log.
async fn cause(store: &TenantStore) -> Value {
    for _ in 0..100 {
        let events = store.sync_events().list(&SyncEventFilter { limit: 1, ..SyncEventFilter::default() }).await.unwrap();
        if let Some(cause) = events.first().and_then(|event| event.cause.clone()) {
            return serde_json::to_value(cause).unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("nothing was logged");
}

/// Another service's key, as it signs and as it is published.
struct Signer {
    kid: &'static str,
    seed: [u8; 32],
}

impl Signer {
    fn jwk(&self) -> Value {
        let public = ed25519_dalek::SigningKey::from_bytes(&self.seed).verifying_key().to_bytes();
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": self.kid, "x": URL_SAFE_NO_PAD.encode(public) })
    }

    fn sign(&self, claims: &Value) -> String {
        let head = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        let key = EncodingKey::from_ed_der(&[&head[..], &self.seed[..]].concat());
        let header = Header { kid: Some(self.kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &key).unwrap()
    }
}

fn seconds(at: Timestamp) -> i64 {
    at.as_micros() / 1_000_000
}

fn claims(trust: &Trust) -> Value {
    let now = seconds(SystemClock.now());
    json!({ "iss": trust.issuer, "sub": trust.subject, "aud": trust.audience, "iat": now, "nbf": now, "exp": now + 600, "tid": "t" })
}

fn trust(keys: TrustedKeys) -> Trust {
    let set_at = SystemClock.now().plus_seconds(-10);
    let text = |text: &str| text.to_owned();
    Trust { issuer: text("https://issuer.test/v2.0"), subject: text("sp-1"), audience: text("api://ours"), keys, set_at }
}

/// A key set at an address of its own; counts its readers, and answers 500 without one.
async fn published(set: Arc<std::sync::Mutex<Option<Value>>>) -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, reads) = (format!("http://{}/keys", listener.local_addr().unwrap()), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&reads);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            drop(stream.read(&mut [0; 4_096]).await);
            let (status, body) = match &*set.lock().unwrap() {
                Some(set) => ("200 OK", set.to_string()),
                None => ("500 Oh", String::new()),
            };
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            drop(stream.write_all(format!("{head}{body}").as_bytes()).await);
        }
    });
    (url, reads)
}

on_both! {
    async fn a_client_gets_a_token_by_its_secret_and_uses_it(on) {
        let service = Service::open(on).await;
        let connection = service.connection("acme").await;
        let made = client(&service, &connection, Rights::Write, None).await;
        let answer = by_secret(&service, "acme", &made.id, &made.secret, &[("scope", "api://x/.default")]).await;
        assert_eq!(answer.1["scope"], "scim");
        let idp = service.with_token("acme", &token(&answer));
        let user = idp.make("/Users", json!({ "userName": "ada" })).await;
        // Basic, and less than the client may.
        let form = [("grant_type", "client_credentials"), ("scope", "scim:read")];
        let answer = call(&service, "POST", "/oauth/acme/token", Some((&made.id, &made.secret)), &form).await;
        assert_eq!(answer.1["scope"], "scim:read");
        let reader = service.with_token("acme", &token(&answer));
        assert_eq!(reader.send("GET", &format!("/Users/{user}"), None).await.status, 200);
        assert_eq!(reader.send("DELETE", &format!("/Users/{user}"), None).await.status, 403);
        // A client that only reads gets no more by asking for it.
        let modest = client(&service, &connection, Rights::Read, None).await;
        let answer = by_secret(&service, "acme", &modest.id, &modest.secret, &[("scope", "scim")]).await;
        assert_eq!(answer.1["scope"], "scim:read");
        let secret = async || made.store.oauth_clients().find(made.credential.id).await.unwrap().unwrap().secrets.remove(0);
        assert_eq!(secret().await.last_used_at, None, "it is written behind the request");
        service.scratch.store.flush_uses().await.unwrap();
        assert!(secret().await.last_used_at.is_some());
    }

    async fn whoever_is_no_client_learns_nothing_and_the_admin_everything(on) {
        let service = Service::open(on).await;
        let (connection, other) = (service.connection("acme").await, service.connection("other").await);
        let made = client(&service, &connection, Rights::Write, None).await;
        let foreign = client(&service, &other, Rights::Write, None).await;
        let wrong = ClientSecret::issue(&service.key, None, SystemClock.now(), None).unwrap().0.expose().to_owned();
        let mut answers = Vec::new();
        for (slug, id, secret, expected) in [
            ("acme", "dsc_nobody", made.secret.as_str(), "client_unknown"),
            ("acme", foreign.id.as_str(), foreign.secret.as_str(), "client_unknown"),
            ("acme", made.id.as_str(), wrong.as_str(), "client_secret_wrong"),
            ("acme", made.id.as_str(), foreign.secret.as_str(), "client_secret_wrong"),
            ("acme", made.id.as_str(), "hunter2", "client_secret_wrong"),
        ] {
            let answer = by_secret(&service, slug, id, secret, &[]).await;
            assert_eq!((answer.0, &answer.1["error"]), (401, &json!("invalid_client")));
            answers.push(answer.1.to_string());
            let told = loop {
                let told = cause(&made.store).await;
                if told["code"] == expected { break told; }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            };
            assert!(!told.to_string().contains(&secret[4..]) , "{told}");
        }
        // What nobody can read, and a secret in the wrong place, does not reach the log as it is.
        for id in ["dsc_\u{0}x", &made.secret] {
            assert_eq!(by_secret(&service, "acme", id, &wrong, &[]).await.0, 401);
        }
        let unknown = async || {
            let filter = SyncEventFilter { limit: 100, cause: Some("client_unknown".to_owned()), ..SyncEventFilter::default() };
            made.store.sync_events().list(&filter).await.unwrap()
        };
        for _ in 0..100 {
            if unknown().await.len() == 4 { break; }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(unknown().await.len(), 4, "all of them are in the log");
        answers.push(by_secret(&service, "nobody", &made.id, &made.secret, &[]).await.1.to_string());
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        for (method, path, status) in [
            ("GET", "/oauth/acme/token", 405), ("POST", "/oauth/acme/jwks", 405), ("GET", "/oauth/acme", 404), ("GET", "/oauth/", 404),
            ("GET", "/oauth/ACME/jwks", 404), ("GET", "/.well-known/oauth-authorization-server", 404),
        ] {
            assert_eq!(call(&service, method, path, None, &[]).await.0, status, "{path}");
        }
        let [known, unknown] = ["acme", "nobody"].map(|name| format!("/.well-known/oauth-authorization-server/oauth/{name}"));
        let (known, unknown) = (call(&service, "GET", &known, None, &[]).await, call(&service, "GET", &unknown, None, &[]).await);
        assert_eq!((known.0, unknown.0), (200, 200), "nobody learns which tenants there are");
        assert_eq!(known.1["token_endpoint"], "https://scim.example.com/oauth/acme/token");
        let logged = format!("{:?}", made.store.sync_events().list(&SyncEventFilter { limit: 100, ..SyncEventFilter::default() }).await.unwrap());
        assert!(!logged.contains(&made.secret) && !logged.contains(&wrong));
    }

    async fn a_token_is_its_tenants_and_ends_with_what_got_it(on) {
        let service = Service::open(on).await;
        let (connection, _other) = (service.connection("acme").await, service.connection("other").await);
        let made = client(&service, &connection, Rights::Write, None).await;
        let text = token(&by_secret(&service, "acme", &made.id, &made.secret, &[]).await);
        assert_eq!(service.with_token("other", &text).send("GET", "/Users", None).await.status, 401);
        assert_eq!(service.with_token("acme", &made.secret).send("GET", "/Users", None).await.status, 401);
        // Every changed byte of it is another token, or none.
        for at in (0..text.len()).step_by(7) {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let answer = service.with_token("acme", &changed).send("GET", "/Users", None).await;
            assert_eq!(answer.status, 401, "a token changed at {at} is taken");
        }
        let none = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), text.split('.').nth(1).unwrap());
        assert_eq!(service.with_token("acme", &none).send("GET", "/Users", None).await.status, 401);

        // Another secret beside the first: the tokens of each live as long as theirs.
        let (second, secret) = ClientSecret::issue(&service.key, None, SystemClock.now(), Some(90)).unwrap();
        made.store.oauth_clients().add_secret(made.credential.id, &secret, &author()).await.unwrap();
        let younger = token(&by_secret(&service, "acme", &made.id, second.expose(), &[]).await);
        made.store.oauth_clients().revoke_secret(made.credential.id, made.secret_id, SystemClock.now(), &author()).await.unwrap();
        assert_eq!(by_secret(&service, "acme", &made.id, &made.secret, &[]).await.0, 401);
        assert_eq!(service.with_token("acme", &text).send("GET", "/Users", None).await.status, 401);
        assert_eq!(service.with_token("acme", &younger).send("GET", "/Users", None).await.status, 200);
        made.store.credentials().revoke(made.credential.id, SystemClock.now(), &author()).await.unwrap();
        assert_eq!(by_secret(&service, "acme", &made.id, second.expose(), &[]).await.0, 401);
        assert_eq!(service.with_token("acme", &younger).send("GET", "/Users", None).await.status, 401);
    }

    async fn keys_rotate_without_a_refusal_and_end_at_once_when_they_must(on) {
        let service = Service::open(on).await;
        let connection = service.connection("acme").await;
        let made = client(&service, &connection, Rights::Write, None).await;
        let mut tokens = vec![token(&by_secret(&service, "acme", &made.id, &made.secret, &[]).await)];
        let system = service.scratch.store.system();
        for _ in 0..2 {
            system.add_signing_key(&SigningKey::generate(SystemClock.now()).unwrap(), false, &author()).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
            tokens.push(token(&by_secret(&service, "acme", &made.id, &made.secret, &[]).await));
        }
        let kids: std::collections::BTreeSet<_> = tokens.iter().map(|t| jsonwebtoken::decode_header(t).unwrap().kid.unwrap()).collect();
        assert_eq!(kids.len(), 3);
        for text in &tokens {
            assert_eq!(service.with_token("acme", text).send("GET", "/Users", None).await.status, 200);
        }
        let published = call(&service, "GET", "/oauth/acme/jwks", None, &[]).await.1;
        assert_eq!(published["keys"].as_array().unwrap().len(), 3);
        assert!(published["keys"][0].get("d").is_none());
        system.add_signing_key(&SigningKey::generate(SystemClock.now()).unwrap(), true, &author()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
        for text in &tokens {
            assert_eq!(service.with_token("acme", text).send("GET", "/Users", None).await.status, 401);
        }
        let text = token(&by_secret(&service, "acme", &made.id, &made.secret, &[]).await);
        assert_eq!(service.with_token("acme", &text).send("GET", "/Users", None).await.status, 200);
    }

    async fn sixteen_first_requests_make_one_key(on) {
        let service = Service::open(on).await;
        let connection = service.connection("acme").await;
        let made = client(&service, &connection, Rights::Write, None).await;
        let asked = (0..16).map(|_| by_secret(&service, "acme", &made.id, &made.secret, &[]));
        for answer in futures_util::future::join_all(asked).await {
            token(&answer);
        }
        assert_eq!(service.scratch.store.system().signing_keys().await.unwrap().len(), 1);
    }

    async fn who_has_a_key_does_not_wait_for_another_to_be_read(on) {
        let service = Service::open(on).await;
        let connection = service.connection("acme").await;
        let (known, unknown) = (Signer { kid: "k1", seed: [7; 32] }, Signer { kid: "k2", seed: [9; 32] });
        // An address that takes a connection and never answers.
        let mute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", mute.local_addr().unwrap());
        let trust = trust(TrustedKeys::Address { url, kept: Some(json!({ "keys": [known.jwk()] })) });
        let made = client(&service, &connection, Rights::Write, Some(trust.clone())).await;
        let good = claims(&trust);
        let (waits, known) = (unknown.sign(&good), known.sign(&good));
        let waiting = by_assertion(&service, "acme", &made.id, &waits);
        let others = async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            let mut served = Vec::new();
            for _ in 0..5 {
                served.push(by_assertion(&service, "acme", &made.id, &known).await.0);
            }
            served
        };
        tokio::select! {
            answer = waiting => panic!("the address answered: {answer:?}"),
            served = others => assert_eq!(served, [200; 5]),
        }
    }

    async fn an_assertion_of_a_trusted_key_proves_a_client(on) {
        let service = Service::open(on).await;
        let connection = service.connection("acme").await;
        let (signer, stranger) = (Signer { kid: "k1", seed: [7; 32] }, Signer { kid: "k1", seed: [8; 32] });
        let trust = trust(TrustedKeys::Given(json!({ "keys": [{ "kty": "new", "kid": "x" }, signer.jwk()] })));
        let made = client(&service, &connection, Rights::Write, Some(trust.clone())).await;
        let good = claims(&trust);
        let text = token(&by_assertion(&service, "acme", &made.id, &signer.sign(&good)).await);
        assert_eq!(service.with_token("acme", &text).send("GET", "/Users", None).await.status, 200);

        let now = seconds(SystemClock.now());
        let with = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            claims
        };
        assert_eq!(by_assertion(&service, "acme", &made.id, &signer.sign(&with("aud", json!(["x", "api://ours"])))).await.0, 200);
        let mismatch = |claim: &str, expected: &str, received: &str| {
            json!({ "code": "assertion_mismatch", "params": { "claim": claim, "expected": expected, "received": received } })
        };
        for (assertion, expected) in [
            (signer.sign(&with("iss", json!("https://issuer.test"))), mismatch("iss", "https://issuer.test/v2.0", "https://issuer.test")),
            (signer.sign(&with("sub", json!("sp-2"))), mismatch("sub", "sp-1", "sp-2")),
            (signer.sign(&with("aud", json!("ours"))), mismatch("aud", "api://ours", "ours")),
            (Signer { kid: "k2", ..signer }.sign(&good), mismatch("kid", "k1", "k2")),
            (signer.sign(&with("exp", json!(now - 61))), Value::Null),
            (signer.sign(&with("exp", Value::Null)), Value::Null),
            (signer.sign(&with("exp", json!(now + 1_000_000))), Value::Null),
            (signer.sign(&with("nbf", json!(now + 120))), Value::Null),
            (stranger.sign(&good), Value::Null),
            ("a.b.c".to_owned(), Value::Null),
            (jsonwebtoken::encode(&Header::new(Algorithm::HS256), &good, &EncodingKey::from_secret(b"x")).unwrap(), Value::Null),
        ] {
            let answer = by_assertion(&service, "acme", &made.id, &assertion).await;
            assert_eq!((answer.0, &answer.1["error"]), (401, &json!("invalid_client")), "{expected}");
            for _ in 0..200 {
                let told = cause(&made.store).await;
                if told == expected || expected.is_null() && told["code"] == "assertion_refused" { break; }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            let told = cause(&made.store).await;
            assert!(told == expected || expected.is_null() && told["code"] == "assertion_refused", "{told}, not {expected}");
        }
        // Trust that is changed ends what it got.
        let set_at = SystemClock.now().plus_seconds(2);
        let changed = Trust { subject: "sp-2".to_owned(), set_at, ..trust };
        made.store.oauth_clients().set(made.credential.id, 3_600, Some(changed), &author()).await.unwrap();
        assert_eq!(service.with_token("acme", &text).send("GET", "/Users", None).await.status, 401);
    }

    async fn trusted_keys_are_read_at_their_address_and_kept(on) {
        let service = Service::open(on).await;
        let connection = service.connection("acme").await;
        let (first, second) = (Signer { kid: "k1", seed: [7; 32] }, Signer { kid: "k2", seed: [9; 32] });
        let set = Arc::new(std::sync::Mutex::new(Some(json!({ "keys": [first.jwk()] }))));
        let (url, reads) = published(Arc::clone(&set)).await;
        let trust = trust(TrustedKeys::Address { url: url.clone(), kept: None });
        let made = client(&service, &connection, Rights::Write, Some(trust.clone())).await;
        let good = claims(&trust);
        for _ in 0..3 {
            token(&by_assertion(&service, "acme", &made.id, &first.sign(&good)).await);
        }
        assert_eq!(reads.load(Ordering::SeqCst), 1, "read once and kept");
        let kept = made.store.oauth_clients().find(made.credential.id).await.unwrap().unwrap().trust.unwrap();
        assert_eq!(kept.keys, TrustedKeys::Address { url: url.clone(), kept: Some(json!({ "keys": [first.jwk()] })) });

        // A service that starts anew while the address is down works by what was kept; an unknown key makes it look again,
        // and not at every request.
        *set.lock().unwrap() = None;
        let (scratch_key, scratch_store) = (Arc::clone(&service.key), service.scratch.store.clone());
        let again = Service::over(scratch_key, scratch_store);
        token(&post(&again, &made.id, &first.sign(&good)).await);
        for _ in 0..5 {
            assert_eq!(post(&again, &made.id, &second.sign(&good)).await.0, 401);
        }
        assert_eq!(reads.load(Ordering::SeqCst), 2);
        token(&post(&again, &made.id, &first.sign(&good)).await);
        *set.lock().unwrap() = Some(json!({ "keys": [first.jwk(), second.jwk()] }));
        let fresh = Service::over(Arc::clone(&service.key), service.scratch.store.clone());
        token(&post(&fresh, &made.id, &second.sign(&good)).await);
    }
}

async fn post(tokens: &scim_api::TokenDoor, id: &str, assertion: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", assertion),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::builder().method(http::Method::POST).uri("/oauth/acme/token".parse().unwrap());
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let response = tokens.call(request).await.unwrap();
    (response.status().as_u16(), serde_json::from_str(&response.into_body().into_string().await.unwrap()).unwrap())
}
