//! The keys that access tokens are signed with, and the tokens (RFC 9068): Ed25519, one key after the other, each good
//! as long as its tokens may live.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::audit::AuditActor;
use domain::{AuditKey, Author, ServerKey, SigningKey, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Store, StoreError};
use tokio::sync::Mutex;

/// How long the list of keys is believed: bounds how long a key that was ended at once on another node is.
const BELIEVED: Duration = Duration::from_secs(1);
/// What stands before the 32 bytes of a private key in the form of RFC 8410 §7.
const PKCS8: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) sub: String,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    /// The tenant's id.
    pub(crate) tid: String,
    /// The id of the secret that got it; nothing when a signed assertion did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret: Option<String>,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) jti: String,
}

struct Ready {
    key: SigningKey,
    signs: EncodingKey,
    checks: DecodingKey,
    public: String,
}

struct Held {
    /// Youngest first.
    keys: Arc<Vec<Ready>>,
    read_at: Option<Instant>,
}

/// The keys of this installation.
pub(crate) struct SigningKeys {
    store: Store,
    key: Arc<ServerKey>,
    held: RwLock<Held>,
    making: Mutex<()>,
}

impl SigningKeys {
    pub(crate) fn new(store: Store, key: Arc<ServerKey>) -> Self {
        Self { store, key, held: RwLock::new(Held { keys: Arc::default(), read_at: None }), making: Mutex::new(()) }
    }

    /// Signs with the youngest key; makes the next one when that has served its time.
    ///
    /// # Errors
    /// What the store says, or that there is no randomness.
    pub(crate) async fn sign(&self, claims: &Claims, now: Timestamp) -> Result<String, StoreError> {
        let mut keys = self.keys().await?;
        if is_due(&keys, now) {
            // Of many who find the key old one makes the next; the others find that.
            let _alone = self.making.lock().await;
            keys = self.read().await?;
            if is_due(&keys, now) {
                keys = self.make(now).await?;
            }
        }
        let wrong = |what: String| StoreError::Corrupt(format!("signing an access token: {what}"));
        let youngest = keys.first().ok_or_else(|| wrong("no key".to_owned()))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(youngest.key.kid.clone());
        jsonwebtoken::encode(&header, claims, &youngest.signs).map_err(|error| wrong(error.to_string()))
    }

    /// What an access token says, when one of our keys signed it; whether it is still good is another question.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn check(&self, token: &str, now: Timestamp) -> Result<Option<Claims>, StoreError> {
        let Ok(header) = jsonwebtoken::decode_header(token) else { return Ok(None) };
        let (Algorithm::EdDSA, Some(kid)) = (header.alg, header.kid) else { return Ok(None) };
        let keys = self.keys().await?;
        let Some(at) = keys.iter().position(|ready| ready.key.kid == kid) else { return Ok(None) };
        let successor = at.checked_sub(1).and_then(|next| keys.get(next)).map(|ready| &ready.key);
        let Some(ready) = keys.get(at).filter(|ready| ready.key.checks(successor, now)) else { return Ok(None) };
        let mut rules = Validation::new(Algorithm::EdDSA);
        // Time, audience and issuer are compared by whoever asks, with our clock.
        (rules.validate_exp, rules.validate_aud) = (false, false);
        rules.required_spec_claims.clear();
        Ok(jsonwebtoken::decode::<Claims>(token, &ready.checks, &rules).ok().map(|read| read.claims))
    }

    /// The public keys as a JWK set (RFC 7517).
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn public(&self, now: Timestamp) -> Result<Value, StoreError> {
        let keys = self.keys().await?;
        let successors = std::iter::once(None).chain(keys.iter().map(|ready| Some(&ready.key)));
        let good = keys.iter().zip(successors).filter(|(ready, successor)| ready.key.checks(*successor, now));
        let shown = good.map(|(ready, _)| {
            json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": ready.key.kid, "x": ready.public })
        });
        Ok(json!({ "keys": shown.collect::<Vec<_>>() }))
    }

    async fn make(&self, now: Timestamp) -> Result<Arc<Vec<Ready>>, StoreError> {
        let corrupt = |_| StoreError::Corrupt("no randomness for a signing key".to_owned());
        let (system, next) = (self.store.system(), SigningKey::generate(now).map_err(corrupt)?);
        let itself = Author::at_the_server(AuditActor::System, AuditKey::of(&self.key));
        system.add_signing_key(&next, false, &itself).await?;
        system.forget_signing_keys(now.plus_days(-3 * SigningKey::DAYS)).await?;
        self.read().await
    }

    async fn keys(&self) -> Result<Arc<Vec<Ready>>, StoreError> {
        {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            if held.read_at.is_some_and(|at| at.elapsed() < BELIEVED) {
                return Ok(Arc::clone(&held.keys));
            }
        }
        self.read().await
    }

    async fn read(&self) -> Result<Arc<Vec<Ready>>, StoreError> {
        let (listed, read_at) = (self.store.system().signing_keys().await?, Instant::now());
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if !held.keys.iter().map(|ready| &ready.key).eq(listed.iter()) {
            held.keys = Arc::new(listed.into_iter().filter_map(|key| ready(key, &self.key)).collect());
        }
        held.read_at = Some(read_at);
        Ok(Arc::clone(&held.keys))
    }
}

/// Whether it is time for the next key.
fn is_due(keys: &[Ready], now: Timestamp) -> bool {
    let serves = |key: &SigningKey| key.retired_at.is_none() && now < key.created_at.plus_days(SigningKey::DAYS);
    !keys.first().is_some_and(|youngest| serves(&youngest.key))
}

fn ready(key: SigningKey, server: &ServerKey) -> Option<Ready> {
    let seed = key.seed(server);
    let public = BASE64.encode(ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes());
    let signs = EncodingKey::from_ed_der(&[&PKCS8[..], &seed[..]].concat());
    let checks = DecodingKey::from_ed_components(&public).ok()?;
    Some(Ready { key, signs, checks, public })
}
