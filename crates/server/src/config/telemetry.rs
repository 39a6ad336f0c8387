//! Whom the service tells what it does.

use std::collections::BTreeMap;

use domain::Secret;
use serde::Deserialize;

use super::{ConfigError, Flags};
use crate::otlp::Collector;

/// `[telemetry]` of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    otlp_endpoint: Option<String>,
    #[serde(default)]
    otlp_headers: BTreeMap<String, String>,
    sample: Option<f64>,
}

impl Section {
    /// The collector, where one is named.
    pub(super) fn with(self, flags: &Flags) -> Result<Option<Collector>, ConfigError> {
        let Some(endpoint) = flags.otlp_endpoint.clone().or(self.otlp_endpoint) else { return Ok(None) };
        let endpoint = super::checked_url(&endpoint).map_err(|_| ConfigError::OtlpEndpoint(endpoint))?;
        let sample = self.sample.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&sample) {
            return Err(ConfigError::Sample(sample));
        }
        let headers = match &flags.otlp_headers {
            None => self.otlp_headers.into_iter().collect(),
            Some(texts) => texts.iter().map(|text| header(text)).collect::<Result<Vec<_>, _>>()?,
        };
        let headers = headers.into_iter().map(|(name, value)| (name, Secret::new(value))).collect();
        Ok(Some(Collector { headers, sample, ..Collector::new(endpoint) }))
    }
}

/// A header as `name=value`. What it says is a secret, so that no message repeats it.
fn header(text: &str) -> Result<(String, String), ConfigError> {
    let (name, value) = text.split_once('=').ok_or(ConfigError::OtlpHeader)?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
