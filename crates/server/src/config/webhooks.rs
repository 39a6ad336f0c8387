//! How much is sent to webhooks at a time.

use std::num::NonZeroUsize;

use serde::Deserialize;

use super::ConfigError;

/// Receivers that a node sends to at a time when nobody says so.
const CONCURRENT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(31);
/// Most that can be set.
const MOST: usize = 1_000;

/// The section of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    concurrent: Option<usize>,
}

impl Section {
    /// To how many receivers a node sends at a time.
    pub(super) fn checked(&self) -> Result<NonZeroUsize, ConfigError> {
        let Some(concurrent) = self.concurrent else { return Ok(CONCURRENT) };
        NonZeroUsize::new(concurrent).filter(|places| places.get() <= MOST).ok_or(ConfigError::Webhooks(concurrent))
    }
}
