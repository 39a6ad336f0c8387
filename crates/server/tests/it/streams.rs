//! Live streams of the real binary: what is written arrives once, on any node, and a stream ends when it must.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use directory_sync::conversation::{Address, Answer};
use domain::Secret;
use serde_json::{Map, Value, json};
use store::testing::On;

use crate::on_both;
use crate::server::{Server, Tenant};

/// A person with a session.
pub(crate) struct Person {
    pub(crate) cookie: String,
    pub(crate) server: SocketAddr,
}

impl Person {
    pub(crate) async fn operator(server: &Server) -> Self {
        Self::signed_in(server, "olga@example.com").await
    }

    /// A new operator with this address.
    pub(crate) async fn signed_in(server: &Server, email: &str) -> Self {
        Self::made(server, email, &[]).await.1
    }

    /// A new person made with these flags, and their id.
    pub(crate) async fn made(server: &Server, email: &str, flags: &[&str]) -> (String, Self) {
        let made = server.json(&[&["admin", "create", email, "--name", "Olga", "--json"], flags].concat());
        let body = json!({ "email": email, "password": made["password"] });
        let nobody = Self { cookie: String::new(), server: server.address() };
        let answer = nobody.call("POST", "/session", Some(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        (made["id"].as_str().unwrap().to_owned(), Self { cookie, ..nobody })
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.try_call(method, path, body).await.unwrap()
    }

    /// The same of a node that may be away.
    pub(crate) async fn try_call(&self, method: &str, path: &str, body: Option<Value>) -> Option<Answer> {
        let address = Address { server: self.server, path: "/api/v1".to_owned(), token: Secret::new("-") };
        let headers = json!({ "Authorization": null, "Cookie": self.cookie, "X-Directory-Sync": "test", "Content-Type": "application/json", "Accept": "*/*" });
        let headers: Map<String, Value> = headers.as_object().cloned().unwrap();
        address.send(method, path, &headers, body.as_ref()).await.ok()
    }

    /// A live stream at a path below `/api/v1`.
    pub(crate) fn follow(&self, path: &str, last: Option<u64>) -> Stream {
        self.try_follow(path, last).unwrap()
    }

    /// The same at a node that may be away.
    pub(crate) fn try_follow(&self, path: &str, last: Option<u64>) -> Option<Stream> {
        let mut stream = TcpStream::connect(self.server).ok()?;
        let resume = last.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
        let head = format!("GET /api/v1{path} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n{resume}\r\n", self.cookie);
        stream.write_all(head.as_bytes()).ok()?;
        let mut answer = BufReader::new(stream);
        let mut status = String::new();
        answer.read_line(&mut status).ok()?;
        let (told, messages) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            while answer.read_line(&mut line).is_ok_and(|read| read > 0) && !line.trim().is_empty() {
                line.clear();
            }
            let (mut id, mut text) = (None, String::new());
            while let Some(chunk) = chunk(&mut answer) {
                text.push_str(&chunk);
                while let Some((line, rest)) = text.split_once('\n') {
                    if let Some(text) = line.strip_prefix("id: ") {
                        id = text.parse::<u64>().ok();
                    }
                    if let Some(data) = line.strip_prefix("data: ")
                        && told.send((id, serde_json::from_str(data).unwrap())).is_err()
                    {
                        return;
                    }
                    text = rest.to_owned();
                }
            }
        });
        Some(Stream { status: status.split(' ').nth(1)?.parse().ok()?, messages })
    }
}

/// One chunk of an answer (RFC 9112 §7.1); `None` at its end.
fn chunk(answer: &mut impl BufRead) -> Option<String> {
    let mut size = String::new();
    answer.read_line(&mut size).ok()?;
    let size = usize::from_str_radix(size.trim(), 16).ok().filter(|size| *size > 0)?;
    let mut bytes = vec![0; size + 2];
    answer.read_exact(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes[..size]).into_owned())
}

/// What comes by a live stream.
pub(crate) struct Stream {
    pub(crate) status: u16,
    messages: Receiver<(Option<u64>, Value)>,
}

impl Stream {
    /// The next message.
    pub(crate) fn next(&self) -> (Option<u64>, Value) {
        self.messages.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    /// The next message if it comes in time.
    pub(crate) fn within(&self, patience: Duration) -> Option<(Option<u64>, Value)> {
        self.messages.recv_timeout(patience).ok()
    }

    /// The next request's name and place in the log.
    fn event(&self) -> (u64, String) {
        let (id, message) = self.next();
        assert_eq!((message["kind"].as_str(), message["position"].as_u64()), (Some("event"), id));
        (id.unwrap(), message["event"]["resourceName"].as_str().unwrap_or_default().to_owned())
    }

    /// The names of the requests that come until the end.
    fn rest(&self) -> Vec<String> {
        let mut names = Vec::new();
        loop {
            match self.messages.recv_timeout(Duration::from_secs(20)) {
                Ok((_, message)) => names.push(message["event"]["resourceName"].as_str().unwrap_or_default().to_owned()),
                Err(RecvTimeoutError::Disconnected) => return names,
                Err(RecvTimeoutError::Timeout) => panic!("the stream does not end; so far {names:?}"),
            }
        }
    }

    /// Waits for the end; how long that took.
    pub(crate) fn end(&self) -> Duration {
        let began = Instant::now();
        while self.messages.recv_timeout(Duration::from_secs(20)).is_ok() {}
        began.elapsed()
    }
}

const STREAM: &str = "/tenants/acme/sync-events/stream";

on_both! {
    async fn requests_arrive_as_they_are_written_and_a_reader_who_comes_back_misses_none(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        acme.person("before").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let stream = olga.follow(STREAM, None);
        let (ready, message) = stream.next();
        assert_eq!((stream.status, message["kind"].as_str(), ready), (200, Some("ready"), Some(1)));
        for name in ["ada", "max"] {
            acme.person(name).await;
        }
        let mut names = vec![stream.event().1, stream.event().1];
        names.sort_unstable();
        assert_eq!(names, ["ada", "max"]);
        drop(stream);
        // While nobody listens.
        for name in ["emmy", "grace"] {
            acme.person(name).await;
        }
        let again = olga.follow(STREAM, Some(2));
        let seen: Vec<_> = (0..3).map(|_| again.event()).collect();
        assert_eq!(seen.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [3, 4, 5]);
        assert!(["ada", "max"].contains(&seen[0].1.as_str()), "{seen:?}");
        // A place that this log never had.
        let (at, message) = olga.follow(STREAM, Some(999)).next();
        assert_eq!((at, message["kind"].as_str()), (Some(5), Some("reset")));
    }

    async fn a_stream_ends_when_its_reader_signs_out_and_when_the_service_stops(on) {
        let mut server = Server::start(on).await;
        server.tenant("acme");
        let olga = Person::operator(&server).await;
        let first = olga.follow(STREAM, None);
        first.next();
        assert_eq!(olga.call("DELETE", "/session", None).await.status, 204);
        let after = first.end();
        assert!(after < Duration::from_secs(8), "{after:?}");
        assert_eq!(olga.follow(STREAM, None).status, 401);
        let body = json!({ "email": "max@example.com", "password": "correct horse battery" });
        server.json(&["tenant", "create", "Globex", "--slug", "globex", "--json"]);
        let made = server.json(&["admin", "create", "max@example.com", "--name", "Max", "--json"]);
        let answer = olga.call("POST", "/session", Some(json!({ "email": body["email"], "password": made["password"] }))).await;
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let max = Person { cookie, server: server.address() };
        let streams: Vec<_> = (0..8).map(|_| max.follow(STREAM, None)).collect();
        assert!(streams.iter().all(|stream| stream.status == 200 && stream.next().0.is_some()));
        let elsewhere = max.follow("/tenants/globex/sync-events/stream", None);
        assert_eq!((elsewhere.status, elsewhere.next().0), (200, Some(0)));
        let ninth = max.follow(STREAM, None);
        assert_eq!((ninth.status, ninth.next().0.is_some()), (200, true));
        assert!(streams[0].end() < Duration::from_secs(1), "a person has eight of a tenant, and the oldest ends for one more");
        assert!(elsewhere.within(Duration::from_millis(200)).is_none());
        let began = Instant::now();
        assert!(server.stop(), "it ends by itself");
        assert!(began.elapsed() < Duration::from_secs(8), "open streams do not hold up a stop");
        assert!(streams.iter().all(|stream| stream.end() < Duration::from_secs(1)));
    }
}

on_both! {
    async fn who_may_not_read_any_more_gets_nothing_more(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let mut readers = Vec::new();
        for name in ["taken", "lowered", "ended", "removed"] {
            let (id, person) = Person::made(&server, &format!("{name}@acme.test"), &["--tenant", "acme", "--role", "viewer"]).await;
            let stream = person.follow(STREAM, None);
            assert_eq!((stream.status, stream.next().1["kind"].as_str()), (200, Some("ready")), "{name}");
            readers.push((id, person, stream));
        }
        let stays = olga.follow(STREAM, None);
        stays.next();
        acme.person("before").await;
        assert!(readers.iter().all(|(_, _, stream)| stream.event().1 == "before"));
        let ids: Vec<_> = readers.iter().map(|(id, ..)| id.as_str()).collect();
        for (method, path, body) in [
            ("DELETE", format!("/tenants/acme/people/{}", ids[0]), None),
            ("PATCH", format!("/tenants/acme/people/{}", ids[1]), Some(json!({ "role": "developer" }))),
            ("DELETE", format!("/people/{}/sessions", ids[2]), None),
            ("DELETE", format!("/people/{}", ids[3]), None),
        ] {
            assert_eq!(olga.call(method, &path, body).await.status, 204, "{path}");
        }
        // The tenant's IdP goes on all the time, so that no stream gets to rest.
        let began = Instant::now();
        let mut late = Vec::new();
        for n in 0.. {
            let name = format!("p{n}");
            if began.elapsed() > Duration::from_secs(6) {
                late.push(name.clone());
            }
            acme.person(&name).await;
            if late.len() == 10 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        for (status, (id, person, stream)) in [404, 403, 401, 401].into_iter().zip(readers) {
            let names = stream.rest();
            assert!(!names.iter().any(|name| late.contains(name)), "{id}: {names:?}");
            assert_eq!(person.follow(STREAM, None).status, status, "{id}");
        }
        while stays.event().1 != late[9] {}
    }
}

#[tokio::test]
async fn a_reader_moves_between_two_nodes_without_a_gap_or_a_double() {
    let first = Server::start(On::Postgres).await;
    let mut second = first.beside();
    second.serve().await;
    let here = first.tenant("acme");
    let there = Tenant { slug: "acme".to_owned(), token: here.token.clone(), server: second.address() };
    let olga = Person::operator(&first).await;
    let beside = Person { cookie: olga.cookie.clone(), server: second.address() };
    let mut last = olga.follow(STREAM, None).next().0.unwrap();
    for round in 0..6 {
        let reader = if round % 2 == 0 { &olga } else { &beside };
        let stream = reader.follow(STREAM, Some(last));
        let writing = async {
            for n in 0..10 {
                let door = if n % 2 == 0 { &here } else { &there };
                door.person(&format!("p{round}-{n}")).await;
            }
        };
        writing.await;
        // Some are left for the next node.
        for _ in 0..7 {
            let (at, name) = stream.event();
            assert_eq!(at, last + 1, "{name}");
            last = at;
        }
    }
    let rest = olga.follow(STREAM, Some(last));
    for _ in 0..18 {
        let (at, _) = rest.event();
        assert_eq!(at, last + 1);
        last = at;
    }
    assert_eq!(last, 60);
    let began = Instant::now();
    there.person("late").await;
    assert_eq!(rest.event(), (61, "late".to_owned()));
    assert!(began.elapsed() < Duration::from_secs(5), "word came from the other node");
}
