//! What identity providers say to a SCIM server, composed from their public documentation, and a player that says it to a
//! real address and checks the answers. The demo plays them so that a newcomer sees a living directory, the tests so that
//! the IdPs are understood.

mod client;
mod expectation;
mod places;

use std::collections::BTreeMap;

use domain::Idp;
use serde::Deserialize;
use serde_json::{Map, Value};

pub use client::{Address, Answer, Unreachable};
use expectation::Expectation;
use places::Places;

/// One request of a conversation and what its answer must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The part of the conversation it belongs to.
    pub phase: String,
    /// Its name.
    pub step: String,
    method: String,
    path: String,
    #[serde(default)]
    headers: Map<String, Value>,
    body: Option<Value>,
    expect: Expectation,
    #[serde(default)]
    capture: BTreeMap<String, String>,
    /// Where the form of the request is documented or was reported.
    pub basis: String,
}

impl Step {
    /// The same from a client that does not say who it is.
    #[must_use]
    pub fn nameless(mut self) -> Self {
        for name in ["User-Agent", "adscimversion"] {
            self.headers.retain(|header, _| !header.eq_ignore_ascii_case(name));
            self.headers.insert(name.to_owned(), Value::Null);
        }
        self
    }
}

/// The conversation of an IdP; that of `other` asks for what the standard says and this service promises beyond it.
///
/// # Errors
/// When a fixture is broken.
pub fn steps(idp: Idp) -> Result<Vec<Step>, serde_json::Error> {
    serde_json::from_str(match idp {
        Idp::Entra => include_str!("../conversations/entra.json"),
        Idp::Okta => include_str!("../conversations/okta.json"),
        Idp::OneLogin => include_str!("../conversations/onelogin.json"),
        Idp::JumpCloud => include_str!("../conversations/jumpcloud.json"),
        Idp::Other => include_str!("../conversations/standard.json"),
    })
}

/// One run of a conversation against one tenant.
pub struct Player {
    address: Address,
    places: Places,
}

impl Player {
    /// Goes on at another address, or with another token.
    pub fn continue_at(&mut self, address: Address) {
        self.address = address;
    }

    /// A run against `address`; `run` keeps its names apart from those of other runs.
    pub fn new(address: Address, run: &str) -> Self {
        Self { address, places: Places::new(run) }
    }

    /// Says one step. `Ok(None)` when the answer is as expected, otherwise why not.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn play(&mut self, step: &Step) -> Result<Option<String>, Unreachable> {
        let filled = |places: &mut Places, value: &Value| places.fill(value);
        let path = match filled(&mut self.places, &Value::from(step.path.as_str())) {
            Ok(path) => path.as_str().unwrap_or_default().to_owned(),
            Err(missing) => return Ok(Some(missing)),
        };
        let (mut headers, mut body) = (Map::new(), None);
        for (name, value) in &step.headers {
            match self.places.fill(value) {
                Ok(value) => headers.insert(name.clone(), value),
                Err(missing) => return Ok(Some(missing)),
            };
        }
        if let Some(sent) = &step.body {
            match self.places.fill(sent) {
                Ok(sent) => body = Some(sent),
                Err(missing) => return Ok(Some(missing)),
            }
        }
        let answer = self.address.send(&step.method, &path, &headers, body.as_ref()).await?;
        // Ids are kept also when a later check fails, so that the rest of the conversation makes sense.
        let lost = if answer.status < 300 { self.places.capture(&step.capture, &answer) } else { None };
        Ok(step.expect.check(&answer, &mut self.places).or(lost))
    }
}
