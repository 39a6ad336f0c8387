//! What the service tells an OpenTelemetry collector (OTLP over HTTP): a span for each request and each write, and what it
//! measures. Nothing leaves the machine unless a collector is configured.

mod recorder;

use std::collections::HashMap;
use std::time::Duration;

use domain::Secret;
use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, MetricExporter, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};

pub use recorder::Recorder;

/// The name by which a collector knows the service, unless `OTEL_SERVICE_NAME` says another.
const SERVICE: &str = "directory-sync";
/// How long a collector may take to take something.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two reports of what is measured.
const EVERY: Duration = Duration::from_secs(15);

/// A collector.
#[derive(Clone, Debug)]
pub struct Collector {
    /// Its address without a path of a signal, such as <http://127.0.0.1:4318>.
    pub endpoint: String,
    /// Headers it wants, such as a key.
    pub headers: Vec<(String, Secret)>,
    /// Which part of the requests is told as spans, 0 to 1.
    pub sample: f64,
    /// How often measures are told.
    pub every: Duration,
}

impl Collector {
    /// A collector that is told everything.
    pub fn new(endpoint: String) -> Self {
        Self { endpoint, headers: Vec::new(), sample: 1.0, every: EVERY }
    }

    fn address(&self, signal: &str) -> String {
        format!("{}/v1/{signal}", self.endpoint.trim_end_matches('/'))
    }

    fn headers(&self) -> HashMap<String, String> {
        self.headers.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect()
    }
}

/// The way to a collector; each sends from a thread of its own and drops what it cannot send in time.
pub struct Export {
    spans: SdkTracerProvider,
    measures: SdkMeterProvider,
}

impl Export {
    /// Begins to tell.
    ///
    /// # Errors
    /// When the address or a header is none.
    pub fn start(collector: &Collector) -> Result<Self, ExporterBuildError> {
        outgoing::use_ring();
        let resource = Resource::builder().with_attributes([version(), KeyValue::new("service.name", service())]).build();
        let spans = SpanExporter::builder()
            .with_http()
            .with_endpoint(collector.address("traces"))
            .with_headers(collector.headers())
            .with_timeout(PATIENCE)
            .build()?;
        let measures = MetricExporter::builder()
            .with_http()
            .with_endpoint(collector.address("metrics"))
            .with_headers(collector.headers())
            .with_timeout(PATIENCE)
            .build()?;
        // What a stranger's request says of a trace it belongs to is not listened to: it would choose what is kept.
        let spans = SdkTracerProvider::builder()
            .with_resource(resource.clone())
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(collector.sample))))
            .with_batch_exporter(spans)
            .build();
        let reader = PeriodicReader::builder(measures).with_interval(collector.every).build();
        let measures = SdkMeterProvider::builder().with_resource(resource).with_reader(reader).build();
        Ok(Self { spans, measures })
    }

    pub(crate) fn tracer(&self) -> SdkTracer {
        self.spans.tracer(SERVICE)
    }

    /// What the service's measures are told by.
    pub(crate) fn recorder(&self) -> Recorder {
        Recorder::new(self.measures.meter(SERVICE))
    }

    /// Sends what is left. It waits for the collector, so it is not for a thread that answers requests.
    pub fn end(&self) {
        for ended in [self.spans.shutdown(), self.measures.shutdown()] {
            if let Err(error) = ended {
                tracing::warn!(%error, "the collector was not told everything");
            }
        }
    }
}

fn service() -> String {
    std::env::var("OTEL_SERVICE_NAME").unwrap_or_else(|_| SERVICE.to_owned())
}

fn version() -> KeyValue {
    KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))
}
