//! Signing in at an OpenID provider: who is to prove anew who they are does so, and comes back to the page where they were.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use directory_sync::conversation::Answer;
use domain::{Clock, SystemClock};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use store::testing::On;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::on_both;
use crate::server::Server;
use crate::streams::Person;

/// A key pair that was made for these tests and is used nowhere else.
const KEY: &[u8] = include_bytes!("../keys/idp.pem");
const CLIENT: &str = "console";
const PAGE: &str = "/t/acme/credentials?new=1";

fn now() -> i64 {
    SystemClock.now().as_micros() / 1_000_000
}

/// A provider that says of whoever comes what a test told it to say.
struct Provider {
    issuer: String,
    claims: Arc<Mutex<Value>>,
}

impl Provider {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self { issuer, claims: Arc::default() };
        let (issuer, claims) = (provider.issuer.clone(), Arc::clone(&provider.claims));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let claims = claims.lock().unwrap().clone();
                tokio::spawn(answer(stream, issuer.clone(), claims));
            }
        });
        provider
    }

    fn flags(&self) -> [&str; 6] {
        ["--sign-in-issuer", &self.issuer, "--sign-in-client-id", CLIENT, "--sign-in-client-secret", "hush"]
    }

    /// What it will say of whoever comes next; `proved` is when they proved who they are.
    fn say(&self, email: &str, nonce: &str, proved: Option<i64>) {
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": email, "iat": now(), "exp": now() + 300, "nonce": nonce,
            "email": email, "email_verified": true, "name": "Ada",
        });
        if let Some(proved) = proved {
            claims["auth_time"] = proved.into();
        }
        *self.claims.lock().unwrap() = claims;
    }
}

/// Answers one request.
async fn answer(mut stream: TcpStream, issuer: String, claims: Value) {
    let asked = read(&mut stream).await;
    let path = asked.split(' ').nth(1).unwrap_or_default();
    let key = EncodingKey::from_rsa_pem(KEY).unwrap();
    let said = match path {
        "/.well-known/openid-configuration" => json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
        "/jwks" => {
            let mut jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
            jwk.common.key_id = Some("k1".to_owned());
            json!({ "keys": [jwk] })
        }
        "/token" => {
            let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::RS256) };
            let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
            json!({ "access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": token })
        }
        other => panic!("{other}"),
    };
    let said = said.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        said.len()
    );
    drop(stream.write_all(format!("{head}{said}").as_bytes()).await);
}

/// A whole request, so that nobody is cut off while they send.
async fn read(stream: &mut TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 8_192]);
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return text;
            }
            continue;
        };
        let named = |line: &str| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        };
        if read == 0 || body.len() >= head.lines().find_map(named).unwrap_or_default() {
            return text;
        }
    }
}

/// A browser, by its cookies.
struct Browser<'a> {
    server: &'a Server,
    provider: &'a Provider,
    cookie: String,
}

impl Browser<'_> {
    fn person(&self) -> Person {
        Person { cookie: self.cookie.clone(), server: self.server.address() }
    }

    async fn begin(&self, query: &str) -> Answer {
        self.person().call("GET", &format!("/sign-in/provider{query}"), None).await
    }

    /// Goes to the provider and comes back; gives what was asked of it, and where the browser went on.
    async fn sign_in(&mut self, query: &str, proved: Option<i64>) -> (HashMap<String, String>, String) {
        let begun = self.begin(query).await;
        assert_eq!(begun.status, 303, "{}", begun.text);
        let there = Url::parse(begun.header("location").unwrap()).unwrap();
        let asked: HashMap<String, String> = there.query_pairs().into_owned().collect();
        self.provider.say("ada@acme.test", &asked["nonce"], proved);
        let ceremony = cookie(&begun, "directory_sync_sign_in").unwrap();
        // From another site the session's own cookie does not come along.
        let comes_back = Person { cookie: ceremony, server: self.server.address() };
        let query = format!("?code=x&state={}", asked["state"]);
        let back = comes_back.call("GET", &format!("/sign-in/provider/callback{query}"), None).await;
        assert_eq!(back.status, 303, "{}", back.text);
        if let Some(session) = cookie(&back, "directory_sync_session") {
            self.cookie = session;
        }
        let location = back.header("location").unwrap();
        let base = format!("http://{}", self.server.address());
        (asked, location.strip_prefix(&base).unwrap_or_else(|| panic!("{location} leads elsewhere")).to_owned())
    }

    /// Does what a forgotten open window must not.
    async fn issue(&self) -> (u16, String) {
        let key = json!({ "name": "CI", "role": "viewer" });
        let answer = self.person().call("POST", "/tenants/acme/api-keys", Some(key)).await;
        let code = answer.body.and_then(|body| body["code"].as_str().map(str::to_owned)).unwrap_or_default();
        (answer.status, code)
    }
}

/// A cookie that an answer sets, as it is sent back.
fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let set = answer.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
    let pair = set.filter_map(|set| set.split(';').next()).find(|pair| pair.starts_with(&format!("{name}=")))?;
    Some(pair.to_owned())
}

async fn serve(on: On, provider: &Provider) -> Server {
    let mut server = Server::prepare(on).await;
    server.flags(&provider.flags());
    server.serve().await;
    server.json(&["tenant", "create", "acme", "--slug", "acme", "--json"]);
    let ada = ["admin", "create", "ada@acme.test", "--name", "Ada", "--tenant", "acme", "--role", "admin", "--json"];
    server.json(&ada);
    server
}

fn query(anew: bool, page: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if anew {
        query.append_pair("anew", "true");
    }
    format!("?{}", query.append_pair("next", page).finish())
}

on_both! {
    async fn who_is_to_sign_in_anew_does_so_at_the_provider_and_comes_back_to_their_page(on) {
        let provider = Provider::start().await;
        let server = serve(on, &provider).await;
        let mut browser = Browser { server: &server, provider: &provider, cookie: String::new() };
        let again = (403, "sign_in_again".to_owned());
        // The provider let her in by a session of its own, and does not say since when she has it.
        let (asked, page) = browser.sign_in("", None).await;
        assert_eq!((asked.get("prompt"), page.as_str()), (None, "/"));
        assert!(asked["max_age"].parse::<u64>().unwrap() > 24 * 3_600, "{asked:?}");
        assert_eq!(browser.issue().await, again);
        let (_, page) = browser.sign_in(&query(false, PAGE), Some(now() - 16 * 60)).await;
        assert_eq!(page, PAGE);
        assert_eq!(browser.issue().await, again, "it counts from when she proved it, not from now");
        // A provider that says nothing of it, and one that did not ask her anew.
        for proved in [None, Some(now() - 3_600), Some(now() + 3_600)] {
            let before = browser.cookie.clone();
            let (asked, page) = browser.sign_in(&query(true, PAGE), proved).await;
            assert_eq!((asked["prompt"].as_str(), asked["max_age"].as_str()), ("login", "60"));
            assert_eq!(page, "/login?error=provider_not_anew&next=%2Ft%2Facme%2Fcredentials%3Fnew%3D1", "{proved:?}");
            assert_eq!(browser.cookie, before, "nobody was signed in");
            assert_eq!(browser.issue().await, again);
        }
        let old = Browser { server: &server, provider: &provider, cookie: browser.cookie.clone() };
        let (_, page) = browser.sign_in(&query(true, PAGE), Some(now())).await;
        assert_eq!(page, PAGE);
        assert_eq!(browser.issue().await.0, 201);
        assert_eq!(old.issue().await, (401, "not_signed_in".to_owned()), "the session before has ended");
        // Who has just proved it there need not do so twice.
        browser.sign_in("", Some(now() - 60)).await;
        assert_eq!(browser.issue().await.0, 201);
    }

    async fn no_sign_in_leads_anywhere_but_to_the_console(on) {
        let provider = Provider::start().await;
        let server = serve(on, &provider).await;
        let browser = Browser { server: &server, provider: &provider, cookie: String::new() };
        for elsewhere in [
            "//evil.test", "/\\evil.test", "\\\\evil.test", "https://evil.test/", "evil.test", "@evil.test", "/x/..//evil.test",
            "/\t/evil.test", "javascript:alert(1)", "/t\r\nSet-Cookie: a=b", "/api/v1/session",
            "/t/../api/v1/session", "/%2e/api/v1/session",
        ] {
            for anew in [false, true] {
                let answer = browser.begin(&query(anew, elsewhere)).await;
                let told = answer.body.as_ref().map(|body| (&body["code"], &body["errors"][0]["field"]));
                assert_eq!((answer.status, told), (400, Some((&json!("invalid"), &json!("next")))), "{elsewhere:?}");
                assert_eq!((answer.header("location"), answer.header("set-cookie")), (None, None), "{elsewhere:?}");
            }
        }
    }

    async fn nobody_is_signed_in_by_what_another_browser_began_or_a_second_time(on) {
        let provider = Provider::start().await;
        let server = serve(on, &provider).await;
        let browser = Browser { server: &server, provider: &provider, cookie: String::new() };
        let begin = async || {
            let begun = browser.begin("?anew=true").await;
            let there = Url::parse(begun.header("location").unwrap()).unwrap();
            let asked: HashMap<String, String> = there.query_pairs().into_owned().collect();
            provider.say("ada@acme.test", &asked["nonce"], Some(now()));
            (cookie(&begun, "directory_sync_sign_in").unwrap(), asked["state"].clone())
        };
        let come_back = async |ceremony: &str, state: &str| {
            let person = Person { cookie: ceremony.to_owned(), server: server.address() };
            let back = person.call("GET", &format!("/sign-in/provider/callback?code=x&state={state}"), None).await;
            assert_eq!(back.status, 303, "{}", back.text);
            cookie(&back, "directory_sync_session").is_some()
        };
        let ((hers, state), (_, other)) = (begin().await, begin().await);
        assert!(!come_back("", &state).await, "no browser began this");
        assert!(!come_back(&hers, &other).await, "another one began this");
        assert!(!come_back(&hers, &state).await, "whoever tries uses it up");
        let (hers, state) = begin().await;
        provider.say("ada@acme.test", "of another sign-in", Some(now()));
        assert!(!come_back(&hers, &state).await);
        let (hers, state) = begin().await;
        assert!(come_back(&hers, &state).await);
        assert!(!come_back(&hers, &state).await, "once");
    }

    async fn strangers_who_guess_a_password_lock_nobody_out_of_the_provider(on) {
        let provider = Provider::start().await;
        let server = serve(on, &provider).await;
        let mut browser = Browser { server: &server, provider: &provider, cookie: String::new() };
        let mut statuses = Vec::new();
        for _ in 0..101 {
            let wrong = json!({ "email": "ada@acme.test", "password": "wrong" });
            statuses.push(browser.person().call("POST", "/session", Some(wrong)).await.status);
        }
        assert_eq!((statuses[99], statuses[100]), (401, 429), "an unknown browser waits");
        assert_eq!(browser.sign_in("", Some(now())).await.1, "/");
        assert_eq!(browser.person().call("GET", "/session", None).await.status, 200);
    }
}
