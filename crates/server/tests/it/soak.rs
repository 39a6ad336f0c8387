//! Minutes of mixed traffic: the process takes no more memory and no more handles at their end than in their middle.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::testing::On;

use crate::server::{Server, Tenant};
use crate::streams::Person;

/// Clients that send what an IdP sends; beside them one reads as an admin does, and two follow live streams.
const SYNCING: usize = 5;
/// Between two requests of a client.
const PAUSE: Duration = Duration::from_millis(10);
/// What may be added to the memory, beside 15 % of it, and to the handles.
const MEMORY: u64 = 16 * 1024;
const HANDLES: u64 = 10;

/// How long all of it lasts; `DIRECTORY_SYNC_SOAK_SECONDS` asks for more or less.
fn length() -> Duration {
    let seconds = std::env::var("DIRECTORY_SYNC_SOAK_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(240))
}

/// What the process holds at one moment; memory in KiB.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// All that is in memory, with the pages of SQLite's files that are mapped. Those grow with the log, and the system
    /// takes them back as it needs.
    resident: u64,
    /// Without them: what the process itself asked for.
    own: u64,
    handles: u64,
}

impl Held {
    fn by(process: u32) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse::<u64>().unwrap()
        };
        let handles = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap().count() as u64;
        Self { resident: of("VmRSS:"), own: of("RssAnon:"), handles }
    }

    /// The median of each.
    fn median(held: &[Self]) -> Self {
        let of = |value: fn(&Self) -> u64| {
            let mut values: Vec<_> = held.iter().map(value).collect();
            values.sort_unstable();
            values[values.len() / 2]
        };
        Self { resident: of(|held| held.resident), own: of(|held| held.own), handles: of(|held| held.handles) }
    }
}

/// The traffic, until it is told to stop.
#[derive(Clone)]
struct Traffic {
    tenant: Arc<Tenant>,
    olga: Arc<Person>,
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
}

impl Traffic {
    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// One request whose answer is known before.
    async fn ask(&self, method: &str, path: &str, body: Option<Value>, expected: &[u16]) -> Option<Value> {
        let answer = self.tenant.send(method, path, body).await;
        assert!(expected.contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.text);
        self.asked.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(PAUSE).await;
        answer.body
    }

    /// People come, are looked for, change, join a group and go; now and then something is refused.
    async fn sync(self, client: usize) {
        let id_of = |made: Option<Value>| made.unwrap()["id"].as_str().unwrap().to_owned();
        let patch = |op: &str, path: &str, value: Value| {
            Some(json!({ "schemas": [scim::PATCH_URN], "Operations": [{ "op": op, "path": path, "value": value }] }))
        };
        let group = json!({ "displayName": format!("group {client}") });
        let group = id_of(self.ask("POST", "/Groups", Some(group), &[201]).await);
        for n in 0.. {
            let name = format!("p{client}-{n}@acme.test");
            let new = json!({ "userName": name, "emails": [{ "value": name }], "name": { "familyName": "Muster" } });
            let id = id_of(self.ask("POST", "/Users", Some(new.clone()), &[201]).await);
            let person = format!("/Users/{id}");
            self.ask("GET", &format!("/Users?filter=userName eq \"{name}\""), None, &[200]).await;
            self.ask("PATCH", &person, patch("replace", "title", json!(format!("title {n}"))), &[200, 204]).await;
            let member = json!([{ "value": id }]);
            self.ask("PATCH", &format!("/Groups/{group}"), patch("add", "members", member), &[200, 204]).await;
            self.ask("POST", "/Users", Some(new), &[409]).await;
            self.ask("GET", "/Users?filter=userName is \"odd\"", None, &[400]).await;
            self.ask("DELETE", &person, None, &[204]).await;
            self.ask("GET", &person, None, &[404]).await;
            if !self.goes_on() {
                break;
            }
        }
        self.ask("DELETE", &format!("/Groups/{group}"), None, &[204]).await;
    }

    /// An admin who looks at one page after the other.
    async fn read(self) {
        let pages = ["", "/health", "/figures", "/sync-events?limit=50", "/users", "/groups", "/connections", "/changes"];
        for page in pages.iter().cycle() {
            let answer = self.olga.call("GET", &format!("/tenants/acme{page}"), None).await;
            assert_eq!(answer.status, 200, "{page}: {}", answer.text);
            self.asked.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(PAUSE).await;
            if !self.goes_on() {
                break;
            }
        }
    }

    /// Somebody who opens a live stream, sees a few messages and leaves.
    fn follow(&self, path: &str) {
        while self.goes_on() {
            let stream = self.olga.follow(path, None);
            assert_eq!(stream.status, 200, "{path}");
            for _ in 0..3 {
                stream.within(Duration::from_secs(2));
            }
            self.asked.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[expect(clippy::print_stdout, reason = "figures for whoever looks at the soak")]
async fn soaks(on: On) {
    let mut server = Server::start(on).await;
    let traffic = Traffic {
        tenant: Arc::new(server.tenant("acme")),
        olga: Arc::new(Person::operator(&server).await),
        stop: Arc::default(),
        asked: Arc::default(),
    };
    let mut clients: Vec<_> = (0..SYNCING).map(|client| tokio::spawn(traffic.clone().sync(client))).collect();
    clients.push(tokio::spawn(traffic.clone().read()));
    for path in ["/tenants/acme/sync-events/stream", "/tenants/acme/health/stream"] {
        let traffic = traffic.clone();
        clients.push(tokio::task::spawn_blocking(move || traffic.follow(path)));
    }

    let (began, length, mut held) = (Instant::now(), length(), Vec::new());
    while began.elapsed() < length {
        tokio::time::sleep(Duration::from_secs(1)).await;
        held.push(Held::by(server.id()));
        assert!(clients.iter().all(|client| !client.is_finished()), "a client gave up");
    }
    traffic.stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }

    let third = held.len() / 3;
    assert!(third > 0, "too short to compare anything");
    let (middle, end) = (Held::median(&held[third..2 * third]), Held::median(&held[2 * third..]));
    let asked = traffic.asked.load(Ordering::Relaxed);
    println!("{on:?}: {asked} requests in {} s; at the beginning {:?}", length.as_secs(), held[0]);
    println!("{on:?}: median of the second third {middle:?}, of the last {end:?}");
    let apart = middle.own.abs_diff(end.own);
    assert!(apart <= middle.own * 15 / 100 + MEMORY, "memory: {apart} KiB apart");
    assert!(middle.handles.abs_diff(end.handles) <= HANDLES, "handles: {} and {}", middle.handles, end.handles);

    for resources in ["Users", "Groups"] {
        let left = traffic.tenant.send("GET", &format!("/{resources}?count=0"), None).await.body.unwrap();
        assert_eq!(left["totalResults"], 0, "the directory has not grown: {resources}");
    }
    assert!(server.stop(), "it ends by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: part of ./just soak"]
async fn minutes_of_traffic_cost_neither_memory_nor_handles_on_sqlite() {
    soaks(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: part of ./just soak"]
async fn minutes_of_traffic_cost_neither_memory_nor_handles_on_postgresql() {
    soaks(On::Postgres).await;
}
