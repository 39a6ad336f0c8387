//! TLS at the service's own listener, with certificates made here.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use directory_sync::conversation::Address;
use domain::Secret;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use serde_json::Map;
use store::testing::On;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::server::{Log, Server, Tenant};

/// A certificate for localhost with its key, as an authority would hand it out.
struct Made {
    certificate: String,
    key: String,
    root: CertificateDer<'static>,
}

fn made(days: i64) -> Made {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let end = domain::Clock::now(&domain::SystemClock).plus_days(days).to_rfc3339();
    let part = |from: usize, to: usize| end[from..to].parse::<u8>().unwrap();
    params.not_after = rcgen::date_time_ymd(end[..4].parse().unwrap(), part(5, 7), part(8, 10));
    let certificate = params.self_signed(&key).unwrap();
    Made { certificate: certificate.pem(), key: key.serialize_pem(), root: certificate.der().clone() }
}

fn put(folder: &Path, certificate: &str, key: &str) {
    let file = folder.join("key.pem");
    std::fs::write(&file, key).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(folder.join("certificate.pem"), certificate).unwrap();
}

/// A server behind a certificate, and its log.
struct Secure {
    server: Server,
    log: Log,
    folder: TempDir,
}

impl Secure {
    async fn start(made: &Made) -> Self {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), &made.certificate, &made.key);
        let mut server = Server::prepare(On::Sqlite).await;
        server.flags(&flags(folder.path(), &format!("https://localhost:{}", server.address().port())));
        let log = server.serve_and_log();
        let secure = Self { server, log, folder };
        secure.shows(made).await;
        secure
    }

    async fn connect(&self, made: &Made) -> std::io::Result<TlsStream<TcpStream>> {
        self.connect_by(made, rustls::ALL_VERSIONS).await
    }

    async fn connect_by(
        &self,
        made: &Made,
        versions: &[&'static SupportedProtocolVersion],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(made.root.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let stream = TcpStream::connect(self.server.address()).await?;
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
    }

    /// Waits until new connections get this certificate.
    async fn shows(&self, made: &Made) {
        for _ in 0..100 {
            if self.connect(made).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the certificate is not shown");
    }

    async fn measures(&self) -> String {
        let metrics = Address { server: self.server.metrics(), path: String::new(), token: Secret::new("-") };
        metrics.send("GET", "/metrics", &Map::new(), None).await.unwrap().text
    }

    async fn measured(&self, line: &str) {
        for _ in 0..100 {
            if self.measures().await.contains(line) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{line} is not in {}", self.measures().await);
    }
}

fn flags<'f>(folder: &Path, public_url: &'f str) -> [&'f str; 6] {
    let file = |name: &str| -> &'static str { Box::leak(folder.join(name).display().to_string().into_boxed_str()) };
    ["--tls-certificate", file("certificate.pem"), "--tls-key", file("key.pem"), "--public-url", public_url]
}

fn create(tenant: &Tenant, name: &str) -> (String, String) {
    let body = format!("{{\"userName\":\"{name}\"}}");
    let head = format!(
        "POST /scim/{}/v2/Users HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\ncontent-type: application/scim+json\r\ncontent-length: {}\r\n\r\n",
        tenant.slug,
        tenant.token,
        body.len()
    );
    (head, body)
}

async fn answer(stream: &mut TlsStream<TcpStream>) -> String {
    let mut answer = vec![0; 16 * 1024];
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test]
async fn the_service_ends_tls_itself_and_says_how_long_its_certificate_is_good() {
    let made = made(20);
    let secure = Secure::start(&made).await;
    let acme = secure.server.tenant("acme");
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut stream = secure.connect_by(&made, &[version]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
        let (head, body) = create(&acme, &format!("{:?}", version.version));
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        let answer = answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 201") && answer.contains("strict-transport-security: max-age=31536000"), "{answer}");
        assert!(answer.contains("location: https://localhost:"), "{answer}");
    }
    secure.log.says("the certificate ends soon").await;
    secure.measured("directory_sync_tls_certificate_days_left 1").await;
    assert!(secure.measures().await.contains("directory_sync_tls_certificate_refused 0"));
}

#[tokio::test]
async fn a_new_certificate_is_taken_and_no_connection_is_dropped_for_it() {
    let (old, new) = (made(90), made(365));
    let secure = Secure::start(&old).await;
    let acme = secure.server.tenant("acme");
    let mut under_way = secure.connect(&old).await.unwrap();
    let (head, body) = create(&acme, "ada");
    under_way.write_all(format!("{head}{}", &body[..4]).as_bytes()).await.unwrap();
    put(secure.folder.path(), &new.certificate, &new.key);
    secure.shows(&new).await;
    assert!(secure.connect(&old).await.is_err(), "new connections get the new one only");
    under_way.write_all(&body.as_bytes()[4..]).await.unwrap();
    assert!(answer(&mut under_way).await.starts_with("HTTP/1.1 201"));
    let (head, body) = create(&acme, "bob");
    under_way.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    assert!(answer(&mut under_way).await.starts_with("HTTP/1.1 201"), "a kept connection goes on");
    secure.measured("directory_sync_tls_certificate_days_left 36").await;
    secure.measured("directory_sync_tls_certificate_changes_total{outcome=\"used\"} 1").await;
}

#[tokio::test]
async fn a_pair_that_cannot_be_used_leaves_the_one_before_in_its_place() {
    let (good, other) = (made(90), made(90));
    let secure = Secure::start(&good).await;
    put(secure.folder.path(), &other.certificate, &good.key);
    secure.log.says("the new certificate cannot be used").await;
    secure.measured("directory_sync_tls_certificate_refused 1").await;
    secure.shows(&good).await;
    put(secure.folder.path(), "no certificate", &good.key);
    secure.server.signal("-HUP");
    secure.log.says("holds no certificate").await;
    std::fs::remove_file(secure.folder.path().join("key.pem")).unwrap();
    secure.log.says("cannot be read").await;
    secure.shows(&good).await;
    put(secure.folder.path(), &other.certificate, &other.key);
    secure.server.signal("-HUP");
    secure.shows(&other).await;
    secure.measured("directory_sync_tls_certificate_refused 0").await;
}

/// A client's greeting that knows no newer version than this one (RFC 5246 §7.4.1.2), with what this server needs besides.
fn greeting(minor: u8) -> Vec<u8> {
    let mut hello = vec![0x16, 3, 1, 0, 0x3f, 1, 0, 0, 0x3b, 3, minor];
    hello.extend([7; 32]);
    // No session; one suite; no compression; signature_algorithms and supported_groups.
    hello.extend([0, 0, 2, 0xc0, 0x2b, 1, 0, 0, 0x10]);
    hello.extend([0, 0x0d, 0, 4, 0, 2, 4, 3, 0, 0x0a, 0, 4, 0, 2, 0, 0x17]);
    hello
}

#[tokio::test]
async fn case_42_older_tls_and_plain_http_get_no_answer_and_a_mute_greeting_a_deadline() {
    let made = made(90);
    let secure = Secure::start(&made).await;
    let mut mute = TcpStream::connect(secure.server.address()).await.unwrap();
    let began = Instant::now();
    let get = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let mut newer = TcpStream::connect(secure.server.address()).await.unwrap();
    newer.write_all(&greeting(3)).await.unwrap();
    assert_eq!(newer.read_u8().await.unwrap(), 22, "TLS 1.2 is answered");
    for (what, greeting) in [("TLS 1.0", greeting(1)), ("TLS 1.1", greeting(2)), ("plain HTTP", get.to_vec())] {
        let mut stream = TcpStream::connect(secure.server.address()).await.unwrap();
        stream.write_all(&greeting).await.unwrap();
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "{what}: the connection is closed");
        assert!(!String::from_utf8_lossy(&answer).contains("HTTP"), "{what}: {answer:?}");
        // An alert, if anything: a record of type 21.
        assert!(answer.first().is_none_or(|first| *first == 21), "{what}: {answer:?}");
        if what.starts_with("TLS") {
            assert_eq!(answer.last(), Some(&70), "protocol_version");
        }
    }
    secure.shows(&made).await;
    let closed = tokio::time::timeout(Duration::from_secs(30), mute.read(&mut [0; 1])).await;
    // A reset is a close too.
    assert!(closed.is_ok_and(|read| !matches!(read, Ok(1))), "not closed after {:?}", began.elapsed());
    secure.measured("directory_sync_tls_failed_handshakes_total").await;
}

#[tokio::test]
async fn what_cannot_be_served_safely_does_not_start() {
    let (one, other) = (made(90), made(90));
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &one.certificate, &one.key);
    let mut server = Server::prepare(On::Sqlite).await;
    let good = flags(folder.path(), "https://localhost");
    let mut told = |flags: &[&str]| {
        server.flags(flags);
        server.refused(&["serve"])
    };
    assert!(told(&good[..2]).contains("set both tls.certificate and tls.key"));
    assert!(told(&[&good[..4], &["--public-url", "http://localhost"]].concat()).contains("must begin with https://"));
    let key = folder.path().join("key.pem");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(told(&good).contains("open to every user"));
    put(folder.path(), &other.certificate, &one.key);
    assert!(told(&good).contains("cannot be used together"));
    put(folder.path(), &one.key, &one.key);
    assert!(told(&good).contains("holds no certificate"));
    std::fs::remove_file(&key).unwrap();
    assert!(told(&good).contains("cannot be read"));
}
