//! Requests whose end two readers could see in different places: none of them gets a second request in.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::on_both;
use crate::server::{Server, Tenant};

/// What stands where a second request would begin.
fn second(tenant: &Tenant) -> String {
    let body = "{\"userName\":\"smuggled\"}";
    format!(
        "POST /scim/{}/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        tenant.slug,
        tenant.token,
        body.len()
    )
}

/// What came back, and whether the server closed the connection by itself.
async fn sent(server: &Server, bytes: &str) -> (String, bool) {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    (String::from_utf8_lossy(&answer).into_owned(), ended.is_ok())
}

/// Headers that say in two ways, or in an odd one, where the body ends; with the body.
fn odd(inner: usize) -> Vec<(String, &'static str)> {
    let over = inner + 5;
    let both = [
        format!("content-length: {over}\r\ntransfer-encoding: chunked\r\n"),
        format!("transfer-encoding: chunked\r\ncontent-length: {over}\r\n"),
        "content-length: 5\r\ntransfer-encoding: chunked\r\ncontent-length: 6\r\n".to_owned(),
    ];
    let lengths = [
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: 5, 5\r\n",
        "content-length: +5\r\n",
        "content-length: -1\r\n",
        "content-length: 0x5\r\n",
        "content-length: 5 5\r\n",
        "content-length: 99999999999999999999999\r\n",
        "content-length:\r\n",
        "content-length : 5\r\n",
    ];
    let codings = [
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: identity\r\n",
        "transfer-encoding: gzip, chunked\r\n",
        "transfer-encoding: identity, chunked\r\n",
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding: chunked;q=1\r\n",
        "transfer-encoding: \"chunked\"\r\n",
        "transfer-encoding: chun\u{b}ked\r\n",
        "transfer-encoding : chunked\r\n",
        "transfer-encoding\u{b}: chunked\r\n",
        " transfer-encoding: chunked\r\n",
        "x: y\r\n transfer-encoding: chunked\r\n",
        "transfer-encoding:\r\n chunked\r\n",
        "x: y\rtransfer-encoding: chunked\r\n",
        "x: y\0transfer-encoding: chunked\r\n",
    ];
    let chunks = [
        "0x5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "-1\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloX0\r\n\r\n",
        "ffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "5;a=\n\r\nhello\r\n0\r\n\r\n",
    ];
    let ends = "0\r\n\r\n";
    let mut all: Vec<(String, &str)> = both.into_iter().map(|headers| (headers, ends)).collect();
    all.extend(lengths.iter().chain(&codings).map(|headers| ((*headers).to_owned(), ends)));
    all.extend(chunks.map(|body| ("transfer-encoding: chunked\r\n".to_owned(), body)));
    all
}

on_both! {
    async fn case_42_no_second_request_hides_behind_a_length(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let second = second(&tenant);
        for (headers, body) in odd(second.len()) {
            let head = format!(
                "POST /scim/acme/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n{headers}\r\n",
                tenant.token
            );
            let (answer, closed) = sent(&server, &format!("{head}{body}{second}")).await;
            assert!(closed, "{headers:?} {body:?}: the connection stays open after {answer}");
            assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{headers:?} {body:?}: {answer}");
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{headers:?} {body:?}: {answer}");
        }
        let (answer, closed) = sent(&server, &format!("POST /scim/acme/v2/Users HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{second}")).await;
        assert!(closed && answer.matches("HTTP/1.").count() <= 1, "{answer}");
        assert_eq!(tenant.send("GET", "/Users", None).await.body.unwrap()["totalResults"], 0, "nobody came in that way");
    }
}
