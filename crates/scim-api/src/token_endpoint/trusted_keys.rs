//! The keys of others that sign assertions: read at their address, kept when it cannot be reached, and read again when an
//! assertion names a key that is not among them.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::oauth::TrustedKeys;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use outgoing::Outgoing;
use serde_json::Value;
use tokio::sync::Mutex;

/// After this time a set is read again.
const OLD: Duration = Duration::from_hours(1);
/// Between two tries at one address.
const PAUSE: Duration = Duration::from_secs(10);
/// Addresses remembered.
const ADDRESSES: u64 = 10_000;
/// The shortest and the longest modulus of an RSA key, in bytes.
const RSA: std::ops::RangeInclusive<usize> = 256..=1_024;
/// Most keys of a set that are looked at.
const MOST: usize = 100;

/// What came of asking for keys.
pub(super) struct Found {
    pub(super) keys: Arc<Vec<Jwk>>,
    /// The set as it was just read, when it was.
    pub(super) read: Option<Value>,
}

/// No keys: the address gave none, and none were kept.
#[derive(Debug)]
pub(super) struct Unreachable {
    pub(super) url: String,
    pub(super) reason: String,
}

#[derive(Default)]
struct Held {
    keys: RwLock<Arc<Vec<Jwk>>>,
    /// Held by whoever reads the address.
    reading: Mutex<Reading>,
}

#[derive(Default)]
struct Reading {
    read_at: Option<Instant>,
    tried_at: Option<Instant>,
    failed: Option<String>,
}

impl Held {
    fn keys(&self) -> Arc<Vec<Jwk>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, set: &Value) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(usable(set));
    }

    fn knows(&self, kid: Option<&str>) -> bool {
        let keys = self.keys();
        !keys.is_empty() && kid.is_none_or(|kid| keys.iter().any(|key| key.common.key_id.as_deref() == Some(kid)))
    }
}

/// The sets of all addresses that clients trust.
pub(crate) struct TrustedKeySets {
    outgoing: Outgoing,
    sets: moka::future::Cache<String, Arc<Held>>,
}

impl TrustedKeySets {
    pub(crate) fn new(outgoing: Outgoing) -> Self {
        Self { outgoing, sets: moka::future::Cache::builder().max_capacity(ADDRESSES).build() }
    }

    /// The keys that may have signed an assertion of this `kid`.
    ///
    /// # Errors
    /// When there are none.
    pub(super) async fn find(&self, trusted: &TrustedKeys, kid: Option<&str>) -> Result<Found, Unreachable> {
        let (url, kept) = match trusted {
            TrustedKeys::Given(set) => return Ok(Found { keys: Arc::new(usable(set)), read: None }),
            TrustedKeys::Address { url, kept } => (url, kept),
        };
        let held = self.sets.get_with_by_ref(url.as_str(), async { Arc::default() }).await;
        if held.keys().is_empty()
            && let Some(kept) = kept
        {
            held.keep(kept);
        }
        // Who has a key does not wait for one that is being read.
        let reading = if held.knows(kid) { held.reading.try_lock().ok() } else { Some(held.reading.lock().await) };
        let mut read = None;
        if let Some(mut reading) = reading {
            let fresh = reading.read_at.is_some_and(|at| at.elapsed() < OLD) && held.knows(kid);
            let waits = reading.tried_at.is_some_and(|at| at.elapsed() < PAUSE);
            if !fresh && !waits {
                reading.tried_at = Some(Instant::now());
                match self.read(url).await {
                    Ok(set) => {
                        held.keep(&set);
                        (reading.read_at, reading.failed) = (Some(Instant::now()), None);
                        read = Some(set).filter(|set| Some(set) != kept.as_ref());
                    }
                    Err(reason) => reading.failed = Some(reason),
                }
            }
            if held.keys().is_empty() {
                let reason = reading.failed.clone().unwrap_or_else(|| "the set holds no key that can be used".to_owned());
                return Err(Unreachable { url: url.clone(), reason });
            }
        }
        Ok(Found { keys: held.keys(), read })
    }

    async fn read(&self, url: &str) -> Result<Value, String> {
        let bytes = self.outgoing.get(url).await.map_err(|error| error.to_string())?;
        serde_json::from_slice(&bytes).map_err(|_| "the answer is no JSON".to_owned())
    }
}

/// The keys of a set (RFC 7517 §5) that can check a signature; others are passed over, as the standard asks.
pub(super) fn usable(set: &Value) -> Vec<Jwk> {
    let keys = set.get("keys").and_then(Value::as_array).into_iter().flatten().take(MOST);
    keys.filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok()).filter(is_sound).collect()
}

/// Public, asymmetric and of a length that is neither weak nor a burden.
fn is_sound(key: &Jwk) -> bool {
    let length = |text: &str| BASE64.decode(text).map_or(0, |bytes| bytes.len());
    match &key.algorithm {
        AlgorithmParameters::RSA(rsa) => RSA.contains(&length(&rsa.n)) && length(&rsa.e) <= 8,
        AlgorithmParameters::EllipticCurve(_) => true,
        AlgorithmParameters::OctetKeyPair(pair) => length(&pair.x) == 32,
        _ => false,
    }
}
