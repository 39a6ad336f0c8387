//! What the service measures of itself, in the words of Prometheus, and the listener that tells it.

use std::sync::Arc;
use std::time::Duration;

use domain::{DeliveryOutcome, Timestamp};
use http::{StatusCode, header};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_util::layers::FanoutBuilder;
use poem::{Endpoint, Request, Response};
use store::{Store, SyncLogWatch};

use crate::otlp::Recorder;

const REQUESTS: &str = "directory_sync_requests_total";
const SECONDS: &str = "directory_sync_request_seconds";
const WAITING_UNITS: &str = "directory_sync_waiting_writes";
const WAITING_EVENTS: &str = "directory_sync_waiting_sync_events";
const LOST_EVENTS: &str = "directory_sync_lost_sync_events";
const ENDING: &str = "directory_sync_ending_credentials";
const SILENT: &str = "directory_sync_silent_connections";
const LATE: &str = "directory_sync_tenants_with_late_readers";
const CERTIFICATE_DAYS: &str = "directory_sync_tls_certificate_days_left";
const CERTIFICATE_REFUSED: &str = "directory_sync_tls_certificate_refused";
const CERTIFICATE_READS: &str = "directory_sync_tls_certificate_changes_total";
const HANDSHAKES: &str = "directory_sync_tls_failed_handshakes_total";
const DELIVERIES: &str = "directory_sync_webhook_deliveries_total";
const FAILING_WEBHOOKS: &str = "directory_sync_failing_webhooks";
const PARKED_WEBHOOKS: &str = "directory_sync_parked_webhooks";
const BUILD: &str = "directory_sync_build";
/// Upper bounds of the histogram of seconds.
pub(crate) const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Notes an answered request.
pub(crate) fn answered(door: &'static str, status: StatusCode, took: Duration) {
    let class = match status.as_u16() {
        0..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    counter!(REQUESTS, "door" => door, "status" => class).increment(1);
    histogram!(SECONDS, "door" => door).record(took.as_secs_f64());
}

/// Notes how many credentials end within so many days.
#[expect(clippy::cast_precision_loss, reason = "there are far fewer credentials than the numbers that a float cannot hold")]
pub(crate) fn ending(days: i64, number: usize) {
    gauge!(ENDING, "days" => days.to_string()).set(number as f64);
}

/// Notes of how many connections nothing has come for longer than is usual.
#[expect(clippy::cast_precision_loss, reason = "there are far fewer connections than the numbers that a float cannot hold")]
pub(crate) fn silent(number: u64) {
    gauge!(SILENT).set(number as f64);
}

/// Notes how many tenants have a reader of their feed that is late.
#[expect(clippy::cast_precision_loss, reason = "there are far fewer tenants than the numbers that a float cannot hold")]
pub(crate) fn late(tenants: usize) {
    gauge!(LATE).set(tenants as f64);
}

/// Notes how long the certificate in use is good, and whether its files hold one that cannot be used.
#[expect(clippy::cast_precision_loss, reason = "a figure in days")]
pub(crate) fn certificate(ends_at: Timestamp, now: Timestamp, refused: bool) {
    const DAY: f64 = 86_400.0 * 1_000_000.0;
    gauge!(CERTIFICATE_DAYS).set((ends_at.as_micros() - now.as_micros()) as f64 / DAY);
    gauge!(CERTIFICATE_REFUSED).set(f64::from(u8::from(refused)));
}

/// Notes that the certificate's files changed, and whether what they hold is used.
pub(crate) fn certificate_read(used: bool) {
    counter!(CERTIFICATE_READS, "outcome" => if used { "used" } else { "refused" }).increment(1);
}

/// Notes a TLS handshake that came to nothing.
pub(crate) fn handshake_failed() {
    counter!(HANDSHAKES).increment(1);
}

/// Notes what came of a message to a webhook.
pub(crate) fn delivered(outcome: DeliveryOutcome) {
    counter!(DELIVERIES, "outcome" => outcome.as_str()).increment(1);
}

/// Notes how many webhooks fail at present, and how many of them are sent nothing any more.
#[expect(clippy::cast_precision_loss, reason = "there are far fewer webhooks than the numbers that a float cannot hold")]
pub(crate) fn failing_webhooks(number: u64, parked: u64) {
    gauge!(FAILING_WEBHOOKS).set(number as f64);
    gauge!(PARKED_WEBHOOKS).set(parked as f64);
}

/// Why nothing is measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The histogram's bounds are none.
    #[error("the service cannot measure itself")]
    Bounds(#[from] BuildError),
    /// This process measures already.
    #[error("the service measures itself already")]
    Already,
}

/// What answers at `/metrics`.
pub struct Measures {
    handle: PrometheusHandle,
    store: Store,
    watch: SyncLogWatch,
}

impl Measures {
    /// Begins to measure, and to tell it to a collector where there is one.
    ///
    /// # Errors
    /// [`MeasureError`].
    pub fn start(store: Store, watch: SyncLogWatch, collector: Option<Recorder>) -> Result<Arc<Self>, MeasureError> {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BUCKETS)?;
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        let both = FanoutBuilder::default().add_recorder(recorder);
        let both = match collector {
            Some(collector) => both.add_recorder(collector),
            None => both,
        };
        metrics::set_global_recorder(both.build()).map_err(|_| MeasureError::Already)?;
        describe_counter!(REQUESTS, "Requests answered, by door and class of status");
        describe_histogram!(SECONDS, "Seconds from a request's head to its answer, by door");
        describe_gauge!(WAITING_UNITS, "Writes that wait to be committed");
        describe_gauge!(WAITING_EVENTS, "Sync events that wait to be written");
        describe_gauge!(LOST_EVENTS, "Sync events that could not be written since the start");
        describe_gauge!(ENDING, "Credentials and client secrets that end by themselves, by the days within which they do");
        describe_gauge!(SILENT, "Open connections, of all tenants, of which nothing has come for longer than is usual");
        describe_gauge!(LATE, "Tenants with a reader of their feed that acknowledges changes later than they want");
        describe_gauge!(CERTIFICATE_DAYS, "Days until the certificate in use ends; negative when it has");
        describe_gauge!(CERTIFICATE_REFUSED, "1 while the certificate's files hold something that cannot be used");
        describe_counter!(CERTIFICATE_READS, "Changes of the certificate's files, by whether they were used or refused");
        describe_counter!(HANDSHAKES, "TLS handshakes that came to nothing");
        describe_counter!(DELIVERIES, "Messages sent to webhooks, by what came of them");
        describe_gauge!(FAILING_WEBHOOKS, "Webhooks, of all tenants, to which nothing came through last");
        describe_gauge!(PARKED_WEBHOOKS, "Webhooks, of all tenants, that failed for too long and are sent nothing any more");
        describe_gauge!(BUILD, "1, with the version as a label");
        gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Ok(Arc::new(Self { handle, store, watch }))
    }

    /// Tidies what was measured, and looks at the queues; to be called now and then.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
        self.look();
    }

    #[expect(clippy::cast_precision_loss, reason = "queues are far shorter than the numbers that a float cannot hold")]
    fn look(&self) {
        gauge!(WAITING_UNITS).set(self.store.waiting_units() as f64);
        gauge!(WAITING_EVENTS).set(self.watch.waiting() as f64);
        gauge!(LOST_EVENTS).set(self.watch.lost() as f64);
    }

    fn render(&self) -> String {
        self.look();
        self.handle.render()
    }
}

impl Endpoint for Measures {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if request.uri().path() != "/metrics" {
            return Ok(Response::builder().status(StatusCode::NOT_FOUND).finish());
        }
        let kind = "text/plain; version=0.0.4; charset=utf-8";
        Ok(Response::builder().header(header::CONTENT_TYPE, kind).body(self.render()))
    }
}
