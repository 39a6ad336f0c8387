//! A token is rotated while its IdP works on at fifty requests a second, and nobody notices but whoever keeps the old one.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use directory_sync::conversation::{Address, Answer};
use domain::Secret;
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;

use crate::on_both;
use crate::server::{Server, Tenant};

/// Between two requests: fifty a second.
const BEAT: Duration = Duration::from_millis(20);
/// Which token the traffic carries.
const OLD: u8 = 0;
const BOTH: u8 = 1;
const NEW: u8 = 2;

/// How long all of it lasts; `DIRECTORY_SYNC_ROTATION_SECONDS` asks for more.
fn length() -> Duration {
    let seconds = std::env::var("DIRECTORY_SYNC_ROTATION_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(4))
}

/// One request: with the old token or the new one, when it was sent, what it got.
#[derive(Clone, Copy, Debug)]
struct Asked {
    old: bool,
    sent: Instant,
    answered: Instant,
    status: u16,
}

/// An IdP that never rests.
#[derive(Clone)]
struct Traffic {
    server: std::net::SocketAddr,
    old: String,
    new: Arc<Mutex<String>>,
    carries: Arc<AtomicU8>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Traffic {
    fn begin(&self) -> JoinHandle<()> {
        let traffic = self.clone();
        tokio::spawn(async move {
            let mut beat = tokio::time::interval(BEAT);
            for n in 0_u64.. {
                beat.tick().await;
                let carries = traffic.carries.load(Ordering::SeqCst);
                let old = carries == OLD || carries == BOTH && n.is_multiple_of(2);
                tokio::spawn(traffic.clone().ask(old, n));
            }
        })
    }

    /// Three look-ups, a read of what the service can do, a write.
    async fn ask(self, old: bool, n: u64) {
        let token = if old { self.old.clone() } else { self.new.lock().unwrap().clone() };
        let address = Tenant { slug: "acme".to_owned(), token, server: self.server }.address();
        let sent = Instant::now();
        let answer = match n % 5 {
            0 => address.send("POST", "/Users", &Map::new(), Some(&json!({ "userName": format!("p{old}{n}") }))).await,
            1 => address.send("GET", "/ServiceProviderConfig", &Map::new(), None).await,
            _ => {
                address
                    .send("GET", &format!("/Users?filter=userName eq \"p{old}{}\"", n.saturating_sub(3)), &Map::new(), None)
                    .await
            }
        };
        let status = answer.unwrap().status;
        self.asked.lock().unwrap().push(Asked { old, sent, answered: Instant::now(), status });
    }

    /// On a busy machine answers take their time.
    async fn waits_until_some_came_after(&self, moment: Instant) {
        for _ in 0..200 {
            if self.so_far().iter().filter(|asked| asked.old && asked.sent > moment).count() > 10 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn so_far(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// An operator at the admin API.
struct Desk {
    address: Address,
    headers: Map<String, Value>,
}

impl Desk {
    async fn sign_in(server: &Server) -> Self {
        let made = server.json(&["admin", "create", "olga@example.com", "--name", "Olga", "--json"]);
        let address = Address { server: server.address(), path: "/api/v1".to_owned(), token: Secret::new("-") };
        let headers = json!({ "x-directory-sync": "1", "authorization": null, "accept": "application/json", "content-type": "application/json" });
        let mut desk = Self { address, headers: headers.as_object().unwrap().clone() };
        let signed =
            desk.call("POST", "/session", Some(json!({ "email": "olga@example.com", "password": made["password"] }))).await;
        let cookie = signed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        desk.headers.insert("cookie".to_owned(), cookie.into());
        desk
    }

    /// What the rotation says once all traffic has moved: the log is written beside the requests.
    async fn waits_until_moved(&self, path: &str) -> Value {
        let mut told = Value::Null;
        for _ in 0..100 {
            told = self.call("GET", &format!("{path}/rotation"), None).await.body.unwrap();
            if told["moved"] == true {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the traffic has not moved: {told}");
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let answer = self.address.send(method, path, &self.headers, body.as_ref()).await.unwrap();
        assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.text);
        answer
    }
}

on_both! {
    async fn a_rotation_under_constant_traffic_refuses_nobody_and_the_end_of_the_old_token_is_at_once(on) {
        let server = Server::start(on).await;
        let (acme, desk, part) = (server.tenant("acme"), Desk::sign_in(&server).await, length() / 4);
        let traffic = Traffic {
            server: server.address(),
            old: acme.token.clone(),
            new: Arc::default(),
            carries: Arc::default(),
            asked: Arc::default(),
        };
        let began = Instant::now();
        let goes = traffic.begin();
        tokio::time::sleep(part).await;
        let listed = desk.call("GET", "/tenants/acme/credentials", None).await.body.unwrap();
        let old = listed["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/tenants/acme/credentials/{old}");
        let made = desk.call("POST", &format!("{path}/rotate"), Some(json!({}))).await.body.unwrap();
        made["token"].as_str().unwrap().clone_into(&mut traffic.new.lock().unwrap());
        traffic.carries.store(BOTH, Ordering::SeqCst);
        tokio::time::sleep(part).await;
        traffic.carries.store(NEW, Ordering::SeqCst);
        tokio::time::sleep(part).await;
        let told = desk.waits_until_moved(&path).await;
        assert!(told["requests"].as_u64() > Some(0) && told["successorRequests"].as_u64() > Some(0), "{told}");

        // One part of the IdP was forgotten and goes on with the old token.
        traffic.carries.store(BOTH, Ordering::SeqCst);
        tokio::time::sleep(part / 2).await;
        let revoking = Instant::now();
        desk.call("POST", &format!("{path}/revoke"), None).await;
        let revoked = Instant::now();
        tokio::time::sleep(part / 2).await;
        traffic.waits_until_some_came_after(revoked).await;
        goes.abort();

        let asked = traffic.so_far();
        let beats = began.elapsed().as_millis() / BEAT.as_millis();
        assert!(asked.len() as u128 * 4 > beats, "{} of {beats} requests were sent: the machine is too slow to say anything", asked.len());
        let refused: Vec<&Asked> = asked.iter().filter(|asked| asked.status >= 300 && !(asked.old && asked.answered > revoking)).collect();
        assert!(refused.is_empty(), "refused without a reason: {refused:?}");
        let late: Vec<&Asked> = asked.iter().filter(|asked| asked.old && asked.sent > revoked).collect();
        assert!(late.len() > 10 && late.iter().all(|asked| asked.status == 401), "accepted after the revoking call returned: {late:?}");
        let last_good = asked.iter().filter(|asked| asked.old && asked.status < 300).map(|asked| asked.sent).max();
        assert!(last_good.is_some_and(|sent| sent <= revoked));
    }
}
