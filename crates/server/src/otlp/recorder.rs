//! Tells OpenTelemetry what is measured in the words of the `metrics` crate.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use metrics::{CounterFn, GaugeFn, HistogramFn, Key, KeyName, Metadata, SharedString, Unit};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge, Histogram, Meter};

/// One instrument for each name and its labels, made when it is first used.
pub struct Recorder {
    meter: Meter,
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    described: HashMap<String, String>,
    counters: HashMap<Key, Arc<Of<Counter<u64>>>>,
    gauges: HashMap<Key, Arc<Of<Gauge<f64>>>>,
    histograms: HashMap<Key, Arc<Of<Histogram<f64>>>>,
}

/// An instrument with the labels of one key.
struct Of<I> {
    instrument: I,
    labels: Vec<KeyValue>,
}

impl Recorder {
    pub(crate) fn new(meter: Meter) -> Self {
        Self { meter, made: Mutex::default() }
    }

    fn made<T>(&self, work: impl FnOnce(&mut Made) -> T) -> T {
        work(&mut self.made.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn describe(&self, name: &KeyName, what: &SharedString) {
        self.made(|made| made.described.insert(name.as_str().to_owned(), what.to_string()));
    }
}

impl Made {
    fn what(&self, key: &Key) -> String {
        self.described.get(key.name()).cloned().unwrap_or_default()
    }
}

fn labels(key: &Key) -> Vec<KeyValue> {
    key.labels().map(|label| KeyValue::new(label.key().to_owned(), label.value().to_owned())).collect()
}

impl metrics::Recorder for Recorder {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, what: SharedString) {
        self.describe(&name, &what);
    }

    fn describe_gauge(&self, name: KeyName, _: Option<Unit>, what: SharedString) {
        self.describe(&name, &what);
    }

    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, what: SharedString) {
        self.describe(&name, &what);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> metrics::Counter {
        let counter = self.made(|made| {
            let what = made.what(key);
            let make = || {
                let instrument = self.meter.u64_counter(key.name().to_owned()).with_description(what).build();
                Arc::new(Of { instrument, labels: labels(key) })
            };
            Arc::clone(made.counters.entry(key.clone()).or_insert_with(make))
        });
        metrics::Counter::from_arc(counter)
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> metrics::Gauge {
        let gauge = self.made(|made| {
            let what = made.what(key);
            let make = || {
                let instrument = self.meter.f64_gauge(key.name().to_owned()).with_description(what).build();
                Arc::new(Of { instrument, labels: labels(key) })
            };
            Arc::clone(made.gauges.entry(key.clone()).or_insert_with(make))
        });
        metrics::Gauge::from_arc(gauge)
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> metrics::Histogram {
        let histogram = self.made(|made| {
            let what = made.what(key);
            let make = || {
                let named = self.meter.f64_histogram(key.name().to_owned()).with_description(what).with_unit("s");
                let instrument = named.with_boundaries(super::super::measures::BUCKETS.to_vec()).build();
                Arc::new(Of { instrument, labels: labels(key) })
            };
            Arc::clone(made.histograms.entry(key.clone()).or_insert_with(make))
        });
        metrics::Histogram::from_arc(histogram)
    }
}

impl CounterFn for Of<Counter<u64>> {
    fn increment(&self, value: u64) {
        self.instrument.add(value, &self.labels);
    }

    // A counter of OpenTelemetry only grows by what is added, and nothing here counts otherwise.
    fn absolute(&self, _: u64) {}
}

impl GaugeFn for Of<Gauge<f64>> {
    // Nothing here moves a gauge but by saying where it stands.
    fn increment(&self, _: f64) {}

    fn decrement(&self, _: f64) {}

    fn set(&self, value: f64) {
        self.instrument.record(value, &self.labels);
    }
}

impl HistogramFn for Of<Histogram<f64>> {
    fn record(&self, value: f64) {
        self.instrument.record(value, &self.labels);
    }
}
