//! Clients that are slow, mute or do not listen: each is closed by its deadline, and nobody else notices.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::on_both;
use crate::server::{Server, Tenant};

/// So that a test need not wait for the usual ones.
const DEADLINES: &str = "[deadlines]\nidle = 3\nhead = 2\nbody = 2\nanswer = 2\n";
/// Long past any of them.
const LONG: Duration = Duration::from_secs(25);
/// How many of each kind there are.
const EACH: usize = 25;

/// Sends the bytes one by one, for ever; gives what came back when the server ended it.
async fn trickle(server: &Server, first: String, then: &'static str) -> String {
    let stream = TcpStream::connect(server.address()).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let writing = tokio::spawn(async move {
        drop(write.write_all(first.as_bytes()).await);
        for byte in then.bytes().cycle() {
            if write.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    });
    let mut answer = Vec::new();
    // A reset ends it as well.
    let ended = tokio::time::timeout(LONG, read.read_to_end(&mut answer)).await;
    writing.abort();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(ended.is_ok(), "not closed: {answer}");
    answer
}

/// Asks for far more than the network holds and takes nothing of it; how many answers were there in the end.
async fn mute(server: &Server, tenant: &Tenant) -> (usize, usize) {
    const ASKED: usize = 400;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(server.address()).await.unwrap();
    let request =
        format!("GET /scim/acme/v2/Users?count=1000 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n", tenant.token);
    drop(tokio::time::timeout(Duration::from_secs(1), stream.write_all(request.repeat(ASKED).as_bytes())).await);
    tokio::time::sleep(Duration::from_secs(6)).await;
    let mut answer = Vec::new();
    assert!(tokio::time::timeout(LONG, stream.read_to_end(&mut answer)).await.is_ok(), "not closed");
    (String::from_utf8_lossy(&answer).matches("HTTP/1.1 200").count(), ASKED)
}

/// Asks once and then never again.
async fn idle(server: &Server) -> Duration {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let (began, mut answer) = (Instant::now(), Vec::new());
    assert!(tokio::time::timeout(LONG, stream.read_to_end(&mut answer)).await.is_ok(), "not closed");
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 200"));
    began.elapsed()
}

/// Asks all the time; the longest that one request waited.
async fn others(tenant: &Tenant) -> Duration {
    let mut longest = Duration::ZERO;
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(7) {
        let asked = Instant::now();
        assert_eq!(tenant.send("GET", "/Users?count=1", None).await.status, 200);
        longest = longest.max(asked.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    longest
}

on_both! {
    async fn case_34_slow_and_mute_clients_are_closed_by_deadline_and_others_go_on(on) {
        let mut server = Server::prepare(on).await;
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(DEADLINES.as_bytes()).unwrap();
        server.flags(&["--config", file.path().to_str().unwrap()]);
        server.serve().await;
        let (acme, quiet) = (server.tenant("acme"), server.tenant("quiet"));
        let people: Vec<_> = (0..200).map(|n| json!({ "method": "POST", "path": "/Users", "bulkId": n.to_string(), "data": { "userName": format!("p{n}"), "title": "x".repeat(900) } })).collect();
        assert_eq!(acme.send("POST", "/Bulk", Some(json!({ "schemas": [scim::BULK_URN], "Operations": people }))).await.status, 200);

        let head = |path: &str, kind: &str, end: &str| {
            format!("POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: {kind}\r\n{end}", acme.token)
        };
        let scim = head("/scim/acme/v2/Users", "application/scim+json", "content-length: 500\r\n\r\n{");
        let chunked = head("/scim/acme/v2/Users", "application/scim+json", "transfer-encoding: chunked\r\n\r\n");
        let form = head("/oauth/acme/token", "application/x-www-form-urlencoded", "content-length: 500\r\n\r\na");
        let many = |first: String, then: &'static str| {
            let server = &server;
            futures_util::future::join_all((0..EACH).map(move |_| trickle(server, first.clone(), then)))
        };
        let (longest, silent, heads, bodies, chunks, forms, read, kept) = tokio::join!(
            others(&quiet),
            futures_util::future::join_all((0..EACH).map(|_| trickle(&server, String::new(), ""))),
            many("GET /scim/acme/v2/Users HTTP/1.1\r\nhost: x\r\n".to_owned(), "x-a: b\r\n"),
            many(scim, " "),
            many(chunked, "1\r\n \r\n"),
            many(form, "a"),
            mute(&server, &acme),
            idle(&server),
        );
        assert!(silent.iter().chain(&heads).all(String::is_empty), "{silent:?} {heads:?}");
        for answer in bodies.iter().chain(&chunks) {
            assert!(answer.starts_with("HTTP/1.1 408") && answer.contains(scim::ERROR_URN), "{answer}");
        }
        assert!(forms.iter().all(|answer| answer.starts_with("HTTP/1.1 400") && answer.contains("invalid_request")), "{forms:?}");
        assert!(read.0 < read.1, "all {} answers were kept for somebody who takes none", read.0);
        assert!(kept >= Duration::from_secs(2), "a kept connection may rest between two requests: {kept:?}");
        assert!(longest < Duration::from_secs(5), "{longest:?}");
    }
}
