//! A server of its own for a test: the real binary, a fresh database, a free port.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use directory_sync::conversation::{Address, Answer};
use domain::{Clock, Secret, SyncEvent, SystemClock};
use serde_json::{Map, Value};
use store::testing::On;
use store::{Database, Settings, Store, SyncEventFilter};
use tempfile::TempDir;

pub(crate) struct Server {
    child: Option<Child>,
    data: TempDir,
    database: Option<store::testing::Address>,
    /// Another address of the same PostgreSQL, for the process alone.
    way: Option<String>,
    listen: SocketAddr,
    metrics: SocketAddr,
    flags: Vec<String>,
}

/// The lines of a process's log so far.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<std::sync::Mutex<Vec<String>>>);

impl Log {
    /// Waits until a line holds the text.
    pub(crate) async fn says(&self, text: &str) {
        for _ in 0..200 {
            if self.0.lock().unwrap().iter().any(|line| line.contains(text)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{text} is not in {:#?}", self.0.lock().unwrap());
    }

    /// The lines so far that hold the text.
    pub(crate) fn lines_with(&self, text: &str) -> Vec<String> {
        self.0.lock().unwrap().iter().filter(|line| line.contains(text)).cloned().collect()
    }
}

/// A tenant of it, with a token.
pub(crate) struct Tenant {
    pub(crate) slug: String,
    pub(crate) token: String,
    pub(crate) server: SocketAddr,
}

impl Server {
    pub(crate) async fn start(on: On) -> Self {
        let mut server = Self::prepare(on).await;
        server.serve().await;
        server
    }

    /// Everything but the running process.
    pub(crate) async fn prepare(on: On) -> Self {
        let database = match on {
            On::Sqlite => None,
            On::Postgres => Some(store::testing::postgres_address().await.unwrap()),
        };
        let free = || TcpListener::bind("127.0.0.1:0").unwrap();
        let (listen, metrics) = (free(), free());
        let (listen, metrics) = (listen.local_addr().unwrap(), metrics.local_addr().unwrap());
        Self { child: None, data: tempfile::tempdir().unwrap(), database, way: None, listen, metrics, flags: Vec::new() }
    }

    /// Further flags of the process.
    pub(crate) fn flags(&mut self, flags: &[&str]) {
        self.flags = flags.iter().map(|&flag| flag.to_owned()).collect();
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listen
    }

    /// The address of its PostgreSQL.
    pub(crate) fn database_url(&self) -> &str {
        &self.database.as_ref().unwrap().url
    }

    /// Lets the process reach its PostgreSQL at another address; a look from beside keeps the first one.
    pub(crate) fn reach_database_at(&mut self, url: String) {
        self.way = Some(url);
    }

    /// The running process.
    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Waits until its measures have a line.
    pub(crate) async fn measures(&self, line: &str) {
        let metrics = Address { server: self.metrics(), path: String::new(), token: Secret::new("-") };
        let began = Instant::now();
        loop {
            let text = metrics.send("GET", "/metrics", &Map::new(), None).await.unwrap().text;
            if text.lines().any(|told| told == line) {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(40), "{line} is not in\n{text}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    pub(crate) fn metrics(&self) -> SocketAddr {
        self.metrics
    }

    pub(crate) fn listen_on(&mut self, address: SocketAddr) {
        self.listen = address;
    }

    /// Starts the process and waits until it is ready.
    pub(crate) async fn serve(&mut self) {
        self.child = Some(self.command().arg("serve").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        self.ready().await;
    }

    /// The same; gives what it printed until then.
    pub(crate) async fn serve_and_listen(&mut self) -> Vec<String> {
        let mut child = self.spawn();
        let printed = BufReader::new(child.stdout.take().unwrap());
        self.child = Some(child);
        let (told, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || printed.lines().map_while(Result::ok).try_for_each(|line| told.send(line)));
        self.ready().await;
        // All of it was written before the first request was answered.
        std::iter::from_fn(|| lines.recv_timeout(Duration::from_millis(200)).ok()).collect()
    }

    /// Starts the process without waiting; gives the lines of its log as they come.
    pub(crate) fn serve_and_log(&mut self) -> Log {
        let mut child = self.spawn();
        let printed = BufReader::new(child.stderr.take().unwrap());
        self.child = Some(child);
        let lines = Log::default();
        let kept = lines.clone();
        std::thread::spawn(move || printed.lines().map_while(Result::ok).for_each(|line| kept.0.lock().unwrap().push(line)));
        lines
    }

    /// Sends the process a signal, such as `-HUP`.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Starts the process with its output at hand.
    pub(crate) fn spawn(&self) -> Child {
        self.command().arg("serve").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The same with more in its log.
    pub(crate) fn spawn_at(&self, levels: &str) -> Child {
        self.command().env("RUST_LOG", levels).arg("serve").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Waits until a process that was started is ready.
    pub(crate) async fn wait(&self) {
        self.ready().await;
    }

    /// Another node on the same database with the same key, not started yet.
    pub(crate) fn beside(&self) -> Self {
        let free = || TcpListener::bind("127.0.0.1:0").unwrap();
        let (listen, metrics) = (free(), free());
        let (listen, metrics) = (listen.local_addr().unwrap(), metrics.local_addr().unwrap());
        let data = tempfile::tempdir().unwrap();
        std::fs::copy(self.data.path().join("server.key"), data.path().join("server.key")).unwrap();
        let (database, way, flags) = (self.database.clone(), self.way.clone(), self.flags.clone());
        Self { child: None, data, database, way, listen, metrics, flags }
    }

    /// Where its database and key stand.
    pub(crate) fn data(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Asks the process to end; whether it did so without an error.
    pub(crate) fn stop(&mut self) -> bool {
        let Some(mut child) = self.child.take() else { return false };
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        child.wait().unwrap().success()
    }

    /// The same while what the test itself runs goes on.
    pub(crate) async fn stop_beside(&mut self) -> bool {
        let Some(mut child) = self.child.take() else { return false };
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return status.success();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn ready(&self) {
        let probe = Address { server: self.listen, path: String::new(), token: Secret::new("-") };
        for _ in 0..300 {
            if probe.send("GET", "/readyz", &Map::new(), None).await.is_ok_and(|answer| answer.status == 200) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not get ready");
    }

    /// A second look at its database.
    pub(crate) async fn store(&self) -> Store {
        self.store_at(Arc::new(SystemClock)).await
    }

    /// The same with times from `clock`.
    pub(crate) async fn store_at(&self, clock: Arc<dyn Clock>) -> Store {
        let database = match &self.database {
            None => Database::Sqlite { directory: self.data.path().to_owned() },
            Some(address) => address.database(2),
        };
        Store::open(Settings::new(database), clock).await.unwrap()
    }

    /// The newest events of a tenant that the filter leaves, once there are so many of them.
    pub(crate) async fn logged(&self, slug: &str, filter: &SyncEventFilter, number: usize) -> Vec<SyncEvent> {
        let store = self.store().await;
        let tenant = store.system().find_tenant(&slug.parse().unwrap()).await.unwrap().unwrap();
        let door = store.tenant(tenant.id);
        let mut events = door.sync_events().list(filter).await.unwrap();
        for _ in 0..200 {
            if events.len() >= number {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            events = door.sync_events().list(filter).await.unwrap();
        }
        store.close().await;
        events
    }

    /// Ends the process without a word of warning.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub(crate) fn tenant(&self, slug: &str) -> Tenant {
        self.json(&["tenant", "create", slug, "--slug", slug, "--json"]);
        Tenant { slug: slug.to_owned(), token: self.token(slug, &[]), server: self.listen }
    }

    pub(crate) fn token(&self, slug: &str, flags: &[&str]) -> String {
        let issued = self.json(&[&["token", "create", slug, "--json"], flags].concat());
        issued["token"].as_str().unwrap().to_owned()
    }

    /// Runs a command that prints one JSON value.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command().args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs a command: whether it succeeded, what it printed, and what it complained of.
    pub(crate) fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        let output = self.command().args(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout), text(&output.stderr))
    }

    /// Runs a command that is refused; what it says.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_directory-sync"));
        command.arg("--data").arg(self.data.path()).args(["--listen", &self.listen.to_string()]);
        command
            .args(["--metrics-listen", &self.metrics.to_string()])
            .args(&self.flags)
            .env("RUST_LOG", "warn,store::standings=info,store::acknowledgements=info");
        for name in ["DATABASE_URL", "MIGRATION_URL", "ROW_LEVEL_SECURITY"] {
            command.env_remove(format!("DIRECTORY_SYNC_{name}"));
        }
        if let Some(address) = &self.database {
            command.env("DIRECTORY_SYNC_DATABASE_URL", self.way.as_ref().unwrap_or(&address.url));
            if let Some(owner) = &address.owner {
                command.env("DIRECTORY_SYNC_MIGRATION_URL", owner).env("DIRECTORY_SYNC_ROW_LEVEL_SECURITY", "true");
            }
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Tenant {
    pub(crate) fn address(&self) -> Address {
        Address { server: self.server, path: format!("/scim/{}/v2", self.slug), token: Secret::new(self.token.clone()) }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.address().send(method, path, &Map::new(), body.as_ref()).await.unwrap()
    }

    /// Makes a person and gives their id.
    pub(crate) async fn person(&self, name: &str) -> String {
        let answer = self.send("POST", "/Users", Some(serde_json::json!({ "userName": name }))).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body.unwrap()["id"].as_str().unwrap().to_owned()
    }
}
