//! Codes of an authenticator app and recovery codes: setting them up, and asking for them at sign-in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::factor::{Factors, TotpSecret, recovery_codes, recovery_digest};
use domain::{Admin, AdminId, Secret, SignInMethod};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use qrcode::QrCode;
use qrcode::render::svg;

use crate::answer::{Created, Done, created};
use crate::auth::Signed;
use crate::door::Shared;
use crate::failure::Failure;
use crate::people::other_person;
use crate::service::Tag;
use crate::value::Time;

pub(crate) struct SecondFactors;

/// One of one's own passkeys.
#[derive(Debug, Object)]
#[oai(rename = "Passkey", rename_all = "camelCase", skip_serializing_if_is_none)]
struct PasskeyView {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// When it was added.
    created_at: Time,
    /// When it was last used.
    last_used_at: Option<Time>,
}

/// What one signs in with.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct OwnSignIn {
    /// Whether one has a password.
    has_password: bool,
    /// Since when a code of an authenticator app is asked for.
    totp_since: Option<Time>,
    /// How many recovery codes are left.
    recovery_codes_left: u64,
    /// One's passkeys, oldest first.
    passkeys: Vec<PasskeyView>,
    /// Whether one signs in at the installation's OpenID provider too.
    provider: bool,
}

/// What an authenticator app needs.
#[derive(Debug, Object)]
struct NewTotp {
    /// What is typed into the app, in base 32.
    secret: String,
    /// What the app opens (`otpauth:`).
    uri: String,
    /// The same as a picture to scan, as a `data:` address of an SVG.
    qr: String,
}

/// A code of the app.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TotpCode {
    /// Six digits.
    code: String,
}

/// Codes for the day the app is lost.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct RecoveryCodes {
    /// Each is good once. No later answer shows them again.
    recovery_codes: Vec<String>,
}

#[OpenApi(tag = "Tag::Session")]
impl SecondFactors {
    /// What one signs in with
    #[oai(path = "/me/sign-in", method = "get", operation_id = "getMySignIn")]
    async fn get(&self, caller: Signed) -> Result<Json<OwnSignIn>, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        let Factors { totp_since, recovery_codes, passkeys, provider, .. } =
            caller.shared.store.system().factors(record.admin.id).await?;
        let passkey = |key: domain::factor::StoredPasskey| PasskeyView {
            id: key.id.to_string(),
            name: key.name,
            created_at: Time(key.created_at),
            last_used_at: key.last_used_at.map(Time),
        };
        Ok(Json(OwnSignIn {
            has_password: record.admin.password_hash.is_some(),
            totp_since: totp_since.map(Time),
            recovery_codes_left: recovery_codes as u64,
            passkeys: passkeys.into_iter().map(passkey).collect(),
            provider,
        }))
    }

    /// Begin to set an authenticator app up
    ///
    /// Nothing is asked for until `confirmTotp`. Beginning again makes another secret. Needs a sign-in within the last 15
    /// minutes (`sign_in_again`).
    #[oai(path = "/me/totp", method = "post", operation_id = "beginTotp")]
    async fn begin(&self, caller: Signed) -> Result<Created<NewTotp>, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        caller.demand_recent()?;
        let salt = TotpSecret::salt().map_err(|_| Failure::Internal("no randomness"))?;
        if !caller.shared.store.system().begin_totp(record.admin.id, salt).await? {
            return Err(Failure::TotpOn);
        }
        let secret = TotpSecret::of(&caller.shared.key, record.admin.id, &salt);
        let uri = secret.uri(&record.admin.email).ok_or(Failure::Internal("no address for an app"))?;
        let picture = QrCode::new(uri.expose()).map_err(|_| Failure::Internal("no picture of an address"))?;
        let picture = picture.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
        Ok(created(NewTotp {
            secret: secret.base32().expose().to_owned(),
            qr: format!("data:image/svg+xml;base64,{}", STANDARD.encode(picture)),
            uri: uri.expose().to_owned(),
        }))
    }

    /// Ask for a code of the app from now on
    ///
    /// The code shows that the app is set up. The answer holds recovery codes, this one time. Needs a sign-in within the last
    /// 15 minutes (`sign_in_again`).
    #[oai(path = "/me/totp/confirm", method = "post", operation_id = "confirmTotp")]
    async fn confirm(&self, caller: Signed, body: Json<TotpCode>) -> Result<Json<RecoveryCodes>, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        caller.demand_recent()?;
        let (system, admin) = (caller.shared.store.system(), &record.admin);
        let factors = system.factors(admin.id).await?;
        let salt = match (factors.totp_salt, factors.totp_since) {
            (Some(salt), None) => salt,
            (_, Some(_)) => return Err(Failure::TotpOn),
            (None, None) => return Err(Failure::NotFound),
        };
        let step = TotpSecret::of(&caller.shared.key, admin.id, &salt).step_of(&body.0.code, caller.shared.clock.now());
        let step = step.ok_or_else(|| Failure::field("code", "is not the one the app shows now"))?;
        let (shown, digests) = new_codes(&caller.shared, admin.id)?;
        if system.confirm_totp(admin, salt, step, digests, &caller.author).await? {
            Ok(Json(RecoveryCodes { recovery_codes: shown }))
        } else {
            Err(Failure::TotpOn)
        }
    }

    /// Ask for no code any more
    ///
    /// Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/me/totp", method = "delete", operation_id = "disableTotp")]
    async fn disable(&self, caller: Signed) -> Result<Done, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        caller.demand_recent()?;
        let disabled = caller.shared.store.system().disable_totp(&record.admin, &caller.author).await?;
        if disabled { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }

    /// Get other recovery codes
    ///
    /// Those before are void. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/me/recovery-codes", method = "post", operation_id = "replaceRecoveryCodes")]
    async fn replace(&self, caller: Signed) -> Result<Json<RecoveryCodes>, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        caller.demand_recent()?;
        let (shown, digests) = new_codes(&caller.shared, record.admin.id)?;
        let replaced = caller.shared.store.system().replace_recovery_codes(&record.admin, digests, &caller.author).await?;
        if replaced { Ok(Json(RecoveryCodes { recovery_codes: shown })) } else { Err(Failure::NotFound) }
    }

    /// Take a person's second factors and passkeys away
    ///
    /// For who has lost them: they sign in with their password alone again. Needs a sign-in within the last 15 minutes
    /// (`sign_in_again`).
    #[oai(path = "/people/:person/second-factor", method = "delete", operation_id = "clearSecondFactorOfPerson")]
    async fn clear(
        &self,
        caller: Signed,
        /// The person's id.
        person: Path<String>,
    ) -> Result<Done, Failure> {
        let caller = caller.0;
        caller.demand(domain::Right::SystemPeople)?;
        caller.demand_recent()?;
        let id = other_person(&caller, &person.0)?;
        let cleared = caller.shared.store.system().clear_factors(id, &caller.author).await?;
        if cleared { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }
}

fn new_codes(shared: &Shared, admin: AdminId) -> Result<(Vec<String>, Vec<[u8; 32]>), Failure> {
    let codes = recovery_codes(&shared.key, admin).map_err(|_| Failure::Internal("no randomness"))?;
    Ok(codes.into_iter().map(|(code, digest): (Secret, _)| (code.expose().to_owned(), digest)).unzip())
}

/// Whether a person who gave the right password may come in: with the code of their app, or a recovery code, where one is
/// asked for. Each is good once.
///
/// # Errors
/// [`Failure::CodeNeeded`], [`Failure::CodeWrong`].
pub(crate) async fn demand(shared: &Shared, admin: &Admin, code: Option<&str>) -> Result<SignInMethod, Failure> {
    let system = shared.store.system();
    let factors = system.factors(admin.id).await?;
    let (Some(salt), Some(_)) = (factors.totp_salt, factors.totp_since) else { return Ok(SignInMethod::Password) };
    let code = code.map(str::trim).filter(|code| !code.is_empty()).ok_or(Failure::CodeNeeded)?;
    let good = match TotpSecret::of(&shared.key, admin.id, &salt).step_of(code, shared.clock.now()) {
        Some(step) => system.use_totp_step(admin.id, step).await?,
        None => system.use_recovery_code(admin.id, recovery_digest(&shared.key, admin.id, code)).await?,
    };
    if good { Ok(SignInMethod::PasswordAndCode) } else { Err(Failure::CodeWrong) }
}
