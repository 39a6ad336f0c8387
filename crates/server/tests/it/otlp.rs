//! What an OpenTelemetry collector is told, by one that listens on this machine.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::json;
use tokio::net::TcpListener;

use crate::on_both;
use crate::server::Server;

/// What came.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Sent>>>);

/// One request's path, key and body, undecoded.
type Sent = (String, Option<String>, Bytes);

impl Collector {
    async fn listen() -> (Self, SocketAddr) {
        let (socket, collector) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), Self::default());
        let (address, kept) = (socket.local_addr().unwrap(), collector.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                let kept = kept.clone();
                let taking = service_fn(move |request: Request<Incoming>| {
                    let kept = kept.clone();
                    async move {
                        let key = request.headers().get("x-key").map(|key| key.to_str().unwrap().to_owned());
                        let path = request.uri().path().to_owned();
                        let body = request.into_body().collect().await.unwrap().to_bytes();
                        kept.0.lock().unwrap().push((path, key, body));
                        Ok::<_, Infallible>(Response::new(Full::new(Bytes::new())))
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), taking));
            }
        });
        (collector, address)
    }

    fn spans(&self) -> Vec<Span> {
        let came = self.0.lock().unwrap();
        let traces = came.iter().filter(|(path, ..)| path == "/v1/traces");
        let decoded = traces.map(|(_, _, body)| ExportTraceServiceRequest::decode(body.clone()).unwrap());
        let scopes = decoded.flat_map(|request| request.resource_spans).flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    fn measures(&self) -> Vec<String> {
        let came = self.0.lock().unwrap();
        let metrics = came.iter().filter(|(path, ..)| path == "/v1/metrics");
        let decoded = metrics.map(|(_, _, body)| ExportMetricsServiceRequest::decode(body.clone()).unwrap());
        let scopes = decoded.flat_map(|request| request.resource_metrics).flat_map(|resource| resource.scope_metrics);
        scopes.flat_map(|scope| scope.metrics).map(|metric| metric.name).collect()
    }

    fn everything(&self) -> Vec<u8> {
        self.0.lock().unwrap().iter().flat_map(|(_, _, body)| body.to_vec()).collect()
    }
}

fn said(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &any_value::Value| match value {
        any_value::Value::StringValue(text) => text.clone(),
        any_value::Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let pair = |of: &KeyValue| Some((of.key.clone(), text(of.value.as_ref()?.value.as_ref()?)));
    attributes.iter().filter_map(pair).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

on_both! {
    async fn a_collector_is_told_of_requests_and_writes_and_of_nobody_by_name(on) {
        let (collector, address) = Collector::listen().await;
        let mut server = Server::prepare(on).await;
        server.flags(&["--otlp-endpoint", &format!("http://{address}/"), "--otlp-headers", "x-key=k-1"]);
        server.serve().await;
        let tenant = server.tenant("acme");
        let id = tenant.person("ada@acme.test").await;
        let body = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "Countess" }] });
        assert_eq!(tenant.send("PATCH", &format!("/Users/{id}"), Some(body)).await.status, 200);
        let twice = tenant.send("POST", "/Users", Some(json!({ "userName": "ada@acme.test" }))).await;
        assert_eq!(twice.status, 409);
        tenant.send("HUSHHUSH", "/Users", None).await;
        // The collector answers on this thread, which must not wait for the process.
        assert!(tokio::task::spawn_blocking(move || server.stop()).await.unwrap(), "it ends by itself");

        let spans = collector.spans();
        let of_request = |request: &str| {
            let mut found = spans.iter().filter(|span| said(&span.attributes).get("request_id").is_some_and(|id| id == request));
            found.next().unwrap_or_else(|| panic!("{request} is not in {spans:#?}"))
        };
        let refused = of_request(twice.header("x-request-id").unwrap());
        let attributes = said(&refused.attributes);
        assert_eq!(refused.name, "POST scim");
        for (name, value) in [("door", "scim"), ("operation", "create"), ("cause", "uniqueness"), ("http.response.status_code", "409")] {
            assert_eq!(attributes.get(name).map(String::as_str), Some(value), "{name} in {attributes:#?}");
        }
        let strange = spans.iter().find(|span| span.name == "HTTP scim").unwrap();
        assert_eq!(said(&strange.attributes)["http.request.method"], "_OTHER", "a stranger's words are told to nobody");
        let writes: Vec<_> = spans.iter().filter(|span| span.name == "op.user.patch").collect();
        assert_eq!(writes.len(), 1);
        let parent = spans.iter().find(|span| span.span_id == writes[0].parent_span_id).unwrap();
        assert_eq!((parent.name.as_str(), &parent.trace_id), ("PATCH scim", &writes[0].trace_id), "a write belongs to its request");
        for measure in ["directory_sync_requests_total", "directory_sync_request_seconds", "directory_sync_waiting_writes"] {
            assert!(collector.measures().iter().any(|name| name == measure), "{measure} in {:?}", collector.measures());
        }
        assert!(collector.0.lock().unwrap().iter().all(|(_, key, _)| key.as_deref() == Some("k-1")));
        for personal in ["ada@acme.test", "Countess", "HUSHHUSH", tenant.token.as_str()] {
            assert!(!holds(&collector.everything(), personal), "{personal}");
        }
    }
}

#[tokio::test]
async fn a_collector_that_is_away_holds_nobody_up() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut server = Server::prepare(store::testing::On::Sqlite).await;
    server.flags(&["--otlp-endpoint", &format!("http://{}", nobody.local_addr().unwrap())]);
    server.serve().await;
    let tenant = server.tenant("acme");
    let began = std::time::Instant::now();
    for name in 0..20 {
        tenant.person(&format!("p{name}@acme.test")).await;
    }
    assert!(began.elapsed() < Duration::from_secs(10), "nobody waited for the collector's ten seconds");
    assert!(server.stop(), "it ends although nobody takes what is left");
}

#[tokio::test]
async fn a_collectors_address_is_checked() {
    let server = Server::prepare(store::testing::On::Sqlite).await;
    let (worked, _, complaint) = server.run(&["--otlp-endpoint", "collector:4318", "serve"]);
    assert!(!worked && complaint.contains("otlp_endpoint"), "{complaint}");
    let (worked, _, complaint) = server.run(&["--otlp-endpoint", "http://c.test", "--otlp-headers", "hush-hush", "serve"]);
    assert!(!worked && complaint.contains("name=value") && !complaint.contains("hush"), "{complaint}");
}
