//! A stop: what was asked before it is answered, what is under way ends whole, and whoever comes later finds nobody.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use domain::SyncEventId;
use serde_json::json;

use crate::on_both;
use crate::server::{Server, Tenant};

/// How long a stop may take.
const LIMIT: Duration = Duration::from_secs(10);
const WRITERS: usize = 8;

/// Somebody who makes people, without a runtime, so that a stop that is waited for holds nobody up.
#[derive(Clone)]
struct Client {
    server: SocketAddr,
    token: String,
}

/// A connection, for as long as both sides keep it.
type Line = BufReader<TcpStream>;

/// What the service said to one request.
struct Said {
    status: u16,
    id: SyncEventId,
    /// Whether the connection may be used again.
    keeps: bool,
}

/// What came of the requests of one writer.
#[derive(Default)]
struct Written {
    acknowledged: Vec<SyncEventId>,
    /// The name whose request had no answer, and whether its connection was made for it.
    unanswered: Option<(String, bool)>,
}

impl Client {
    fn of(tenant: &Tenant) -> Self {
        Self { server: tenant.server, token: tenant.token.clone() }
    }

    fn connect(&self) -> Option<Line> {
        let stream = TcpStream::connect(self.server).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Some(BufReader::new(stream))
    }

    /// Sends the whole request for a person of this name; a connection that is closed already is noticed by its reader.
    fn ask(&self, line: &mut Line, name: &str) {
        let body = json!({ "userName": name }).to_string();
        let request = format!(
            "POST /scim/acme/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        drop(line.get_mut().write_all(request.as_bytes()));
    }

    /// Makes people until nobody listens; every other writer on a new connection for each.
    fn write(&self, writer: usize) -> Written {
        let (mut written, mut kept) = (Written::default(), None);
        for i in 0.. {
            let (name, fresh) = (format!("w{writer}-{i}"), kept.is_none());
            let Some(mut line) = kept.take().or_else(|| self.connect()) else { break };
            self.ask(&mut line, &name);
            let Some(said) = said(&mut line) else {
                written.unanswered = Some((name, fresh));
                break;
            };
            assert_eq!(said.status, 201, "{name}");
            written.acknowledged.push(said.id);
            kept = (said.keeps && writer.is_multiple_of(2)).then_some(line);
        }
        written
    }
}

/// The next answer; nothing where the connection ended before its first byte. One that breaks off is a fault.
fn said(line: &mut Line) -> Option<Said> {
    let mut text = String::new();
    let read = line.read_line(&mut text);
    if let Err(error) = &read {
        assert!(!matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "neither an answer nor an end");
    }
    if text.is_empty() {
        return None;
    }
    read.unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let (mut id, mut length, mut keeps) = (None, 0, true);
    loop {
        text.clear();
        line.read_line(&mut text).unwrap();
        let Some((name, value)) = text.trim().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "x-request-id" => id = Some(value.parse().unwrap()),
            "content-length" => length = value.parse().unwrap(),
            "connection" => keeps = value != "close",
            _ => {}
        }
    }
    line.read_exact(&mut vec![0; length]).unwrap();
    Some(Said { status, id: id.unwrap(), keeps })
}

/// How many people match, as the restarted service says.
async fn people(tenant: &Tenant, filter: &str) -> u64 {
    let found = tenant.send("GET", &format!("/Users?count=0&filter={filter}"), None).await;
    found.body.unwrap()["totalResults"].as_u64().unwrap()
}

/// Every request stands in the log, though the service ended right after it, and each made one change.
async fn stand_in_the_log(server: &Server, acknowledged: &[SyncEventId]) {
    let store = server.store().await;
    let acme = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap();
    let door = store.tenant(acme.id);
    for id in acknowledged {
        let event = door.sync_events().find(*id).await.unwrap();
        assert!(event.is_some(), "{id} was answered and is not in the log");
    }
    assert_eq!(door.counters().await.unwrap().seq, acknowledged.len() as u64);
    store.close().await;
}

on_both! {
    async fn a_stop_finishes_what_is_under_way(on) {
        let mut server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let writers: Vec<_> = (0..WRITERS).map(|writer| {
            let client = Client::of(&tenant);
            std::thread::spawn(move || client.write(writer))
        }).collect();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let began = Instant::now();
        assert!(server.stop(), "it ends by itself, without an error");
        assert!(began.elapsed() < LIMIT, "{:?}", began.elapsed());
        let written: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        assert!(written.iter().all(|written| !written.acknowledged.is_empty()));
        server.serve().await;
        // A client that reuses a connection may send into its end and comes again (RFC 9112 §9.3.1); one that has just
        // connected may not lose its request, but for the instant in which the listener itself goes.
        let unanswered: Vec<_> = written.iter().filter_map(|written| written.unanswered.as_ref()).collect();
        let fresh = unanswered.iter().filter(|(_, fresh)| *fresh).count();
        assert!(fresh <= 1, "{fresh} requests on new connections had no answer");
        for (name, _) in unanswered {
            assert_eq!(people(&tenant, &format!("userName eq \"{name}\"")).await, 0, "{name} was taken and not answered");
        }
        let acknowledged: Vec<_> = written.into_iter().flat_map(|written| written.acknowledged).collect();
        assert_eq!(people(&tenant, "userName pr").await, acknowledged.len() as u64);
        stand_in_the_log(&server, &acknowledged).await;
    }

    async fn what_was_asked_before_a_stop_is_answered(on) {
        let mut server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let client = Client::of(&tenant);
        let mut acknowledged = Vec::new();
        // Half of them have had an answer and are kept.
        let mut lines = Vec::new();
        for n in 0..WRITERS {
            let mut line = client.connect().unwrap();
            client.ask(&mut line, &format!("before-{n}"));
            let said = said(&mut line).unwrap();
            assert_eq!((said.status, said.keeps), (201, true));
            acknowledged.push(said.id);
            lines.push(line);
        }
        // It cannot move, so it learns of the stop, of the others' connections and of all requests in one instant.
        server.signal("-STOP");
        lines.extend((0..WRITERS).map(|_| client.connect().unwrap()));
        for (n, line) in lines.iter_mut().enumerate() {
            client.ask(line, &format!("asked-{n}"));
        }
        server.signal("-TERM");
        server.signal("-CONT");
        let began = Instant::now();
        for (n, line) in lines.iter_mut().enumerate() {
            let said = said(line);
            assert!(said.is_some(), "connection {n} ended without an answer");
            let said = said.unwrap();
            assert_eq!((said.status, said.keeps), (201, false), "{n}");
            acknowledged.push(said.id);
        }
        assert!(server.stop(), "it ends by itself, without an error");
        assert!(began.elapsed() < LIMIT, "{:?}", began.elapsed());
        assert!(client.connect().is_none(), "nobody listens");
        server.serve().await;
        assert_eq!(people(&tenant, "userName pr").await, acknowledged.len() as u64);
        stand_in_the_log(&server, &acknowledged).await;
    }
}
