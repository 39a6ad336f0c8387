//! Passkeys (WebAuthn): adding them, and signing in with one. The authenticator says who comes, so nobody types a name.

use std::sync::Arc;

use domain::factor::StoredPasskey;
use domain::{PasskeyId, SignInMethod};
use poem::Request;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::CeremonyKind;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Url, Webauthn, WebauthnBuilder,
};

use crate::answer::Done;
use crate::auth::Signed;
use crate::ceremonies::{remember, take};
use crate::door::Shared;
use crate::failure::Failure;
use crate::form::Form;
use crate::service::Tag;
use crate::sessions::{self, SignedIn, address_of};
use crate::value::Document;

/// Most passkeys of a person.
const MOST: usize = 20;

pub(crate) struct Passkeys;

/// A ceremony that has begun.
#[derive(Debug, Object)]
struct BegunCeremony {
    /// What names it; sent back with the browser's answer.
    ceremony: String,
    /// What the browser is asked for, as `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`
    /// of WebAuthn.
    options: Document,
}

/// A browser's answer that adds a passkey.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewPasskey {
    /// What names the ceremony.
    ceremony: String,
    /// A name to tell it by.
    name: String,
    /// The browser's answer, as JSON of WebAuthn.
    response: Document,
}

/// A browser's answer that signs in.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct PasskeyAnswer {
    /// What names the ceremony.
    ceremony: String,
    /// The browser's answer, as JSON of WebAuthn.
    response: Document,
}

/// The relying party that the public URL makes; none where a browser would not accept it, such as an IP address.
pub(crate) fn relying_party(public_url: &str) -> Option<Webauthn> {
    let origin = Url::parse(public_url).ok()?;
    let domain = origin.domain()?.to_owned();
    let secure = origin.scheme() == "https" || domain == "localhost";
    let builder = WebauthnBuilder::new(&domain, &origin).ok().filter(|_| secure)?;
    builder.rp_name("Directory Sync").build().ok()
}

#[OpenApi(tag = "Tag::Session")]
impl Passkeys {
    /// Begin to add a passkey
    ///
    /// Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/me/passkeys/begin", method = "post", operation_id = "beginPasskey")]
    async fn begin(&self, caller: Signed) -> Result<Json<BegunCeremony>, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        caller.demand_recent()?;
        let (party, admin) = (party(&caller.shared)?, &record.admin);
        let known = caller.shared.store.system().factors(admin.id).await?.passkeys;
        if known.len() >= MOST {
            return Err(Failure::field("passkey", "at most 20 are kept; remove one first"));
        }
        let known = known.into_iter().map(|key| key.credential_id).collect();
        let begun = party.start_passkey_registration(admin.id.as_uuid(), &admin.email, &admin.name, Some(known));
        let (options, state) = begun.map_err(|_| Failure::Internal("no passkey can be made"))?;
        let mut options = json(&options.public_key)?;
        // The authenticator has to find the passkey by itself when somebody signs in.
        if let Some(wanted) = options.pointer_mut("/authenticatorSelection").and_then(Value::as_object_mut) {
            wanted.insert("residentKey".to_owned(), "required".into());
            wanted.insert("requireResidentKey".to_owned(), true.into());
        }
        let ceremony = remember(&caller.shared, CeremonyKind::PasskeyRegistration, Some(admin.id), &state).await?;
        Ok(Json(BegunCeremony { ceremony, options: Document(options) }))
    }

    /// Add a passkey
    ///
    /// Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/me/passkeys", method = "post", operation_id = "addPasskey")]
    async fn add(&self, caller: Signed, body: Json<NewPasskey>) -> Result<Done, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        caller.demand_recent()?;
        let (party, admin) = (party(&caller.shared)?, &record.admin);
        let mut form = Form::default();
        let name = form.line("name", &body.0.name, 100);
        form.finish()?;
        let answer: RegisterPublicKeyCredential = read(body.0.response.0)?;
        let kind = CeremonyKind::PasskeyRegistration;
        let (owner, state): (_, PasskeyRegistration) = take(&caller.shared, kind, &body.0.ceremony).await?;
        if owner != Some(admin.id) {
            return Err(Failure::CodeUnknown);
        }
        let made = party.finish_passkey_registration(&answer, &state).map_err(|error| refused(&error))?;
        let passkey = StoredPasskey {
            id: PasskeyId::generate(),
            admin: admin.id,
            credential_id: made.cred_id().clone(),
            name,
            public_key: json(&made)?.to_string(),
            created_at: caller.shared.clock.now(),
            last_used_at: None,
        };
        caller.shared.store.system().insert_passkey(admin, passkey, &caller.author).await?;
        Ok(Done::Done)
    }

    /// Remove a passkey
    ///
    /// Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/me/passkeys/:passkey", method = "delete", operation_id = "removePasskey")]
    async fn remove(
        &self,
        caller: Signed,
        /// The passkey's id.
        passkey: Path<String>,
    ) -> Result<Done, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        caller.demand_recent()?;
        let id: PasskeyId = passkey.0.parse().map_err(|_| Failure::NotFound)?;
        let removed = caller.shared.store.system().remove_passkey(&record.admin, id, &caller.author).await?;
        if removed { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }

    /// Begin to sign in with a passkey
    #[oai(path = "/session/passkey/begin", method = "post", operation_id = "beginPasskeySignIn")]
    async fn begin_sign_in(&self, shared: Data<&Arc<Shared>>, request: &Request) -> Result<Json<BegunCeremony>, Failure> {
        let party = party(&shared)?;
        shared.ceremonies.count(address_of(request))?;
        let begun = party.start_discoverable_authentication();
        let (options, state) = begun.map_err(|_| Failure::Internal("nobody can sign in with a passkey"))?;
        let options = json(&options.public_key)?;
        let ceremony = remember(&shared, CeremonyKind::PasskeySignIn, None, &state).await?;
        Ok(Json(BegunCeremony { ceremony, options: Document(options) }))
    }

    /// Sign in with a passkey
    ///
    /// It shows possession and asks for a finger, a face or a PIN, so no code is asked for beside it.
    #[oai(path = "/session/passkey", method = "post", operation_id = "signInWithPasskey")]
    async fn sign_in(
        &self,
        shared: Data<&Arc<Shared>>,
        request: &Request,
        body: Json<PasskeyAnswer>,
    ) -> Result<SignedIn, Failure> {
        let party = party(&shared)?;
        let answer: PublicKeyCredential = read(body.0.response.0)?;
        let (_, state): (_, DiscoverableAuthentication) = take(&shared, CeremonyKind::PasskeySignIn, &body.0.ceremony).await?;
        let (person, credential_id) = party.identify_discoverable_authentication(&answer).map_err(|_| Failure::PasskeyRefused)?;
        let system = shared.store.system();
        let known = system.find_passkey(credential_id).await?.filter(|known| known.admin.as_uuid() == person);
        let known = known.ok_or(Failure::PasskeyRefused)?;
        let mut key: Passkey =
            serde_json::from_str(&known.public_key).map_err(|_| Failure::Internal("a passkey cannot be read"))?;
        let result = party.finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&key));
        let result = result.map_err(|_| Failure::PasskeyRefused)?;
        key.update_credential(&result);
        // Two uses at once with one counter are a copy of the passkey, or a replay; the first one is good.
        if !system.note_passkey_use(&known, json(&key)?.to_string(), shared.clock.now()).await? {
            return Err(Failure::PasskeyRefused);
        }
        let record = system.find_admin(known.admin).await?.ok_or(Failure::PasskeyRefused)?;
        sessions::begin(&shared, &record, SignInMethod::Passkey, request).await?.answer(&shared, &record).await
    }
}

fn party(shared: &Shared) -> Result<&Webauthn, Failure> {
    shared.passkeys.as_ref().ok_or(Failure::NoPasskeys)
}

fn refused(error: &webauthn_rs::prelude::WebauthnError) -> Failure {
    tracing::info!(%error, "a passkey was refused");
    Failure::PasskeyRefused
}

fn json(value: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|_| Failure::Internal("a value has no JSON"))
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Failure> {
    serde_json::from_value(value).map_err(|_| Failure::field("response", "is no answer of a browser"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_take_passkeys_on_names_with_tls_only() {
        for url in ["https://sync.example.com", "https://sync.example.com/at", "http://localhost:8080"] {
            assert!(relying_party(url).is_some(), "{url}");
        }
        for url in ["http://127.0.0.1:8080", "https://192.0.2.1", "http://sync.example.com", "https://[::1]"] {
            assert!(relying_party(url).is_none(), "{url}");
        }
    }
}
