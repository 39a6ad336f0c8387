//! Choosing another password by a link, for who has forgotten theirs.

mod desk;

use std::sync::Arc;

use domain::code::{self, CodePurpose};
use domain::{Admin, Author, Secret};
use outgoing::letter::Letter;
use poem::Request;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

pub(crate) use self::desk::{ResetDesk, ResetRequest, run};
use crate::answer::Done;
use crate::auth;
use crate::door::{RequestId, Shared};
use crate::failure::Failure;
use crate::service::Tag;
use crate::sessions::{self, address_of};
use crate::value::Time;

/// How long a link is good, in minutes.
const MINUTES: i64 = 60;

pub(crate) struct PasswordResets;

/// Who has forgotten their password.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct Forgotten {
    /// Their e-mail address.
    email: String,
}

/// The code of a link.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ResetCode {
    /// The code.
    code: String,
}

/// Another password.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewPassword {
    /// The code.
    code: String,
    /// The password: 12 characters at least.
    password: String,
}

/// A link that was just made.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ResetLink {
    /// Until when it is good.
    expires_at: Time,
    /// The link, where it did not leave by mail: no later answer shows it again.
    link: Option<String>,
    /// Why the mail did not leave, where mail is set up.
    mail_failure: Option<String>,
}

/// The request was taken.
#[derive(ApiResponse)]
enum Taken {
    /// If there is such a person, and mail is set up, a link is on its way to them.
    #[oai(status = 202)]
    Taken,
}

#[OpenApi(tag = "Tag::Session")]
impl PasswordResets {
    /// Ask for a link to choose another password
    ///
    /// It goes by mail to the person of the address, at most three times in 15 minutes. The answer is the same whether
    /// there is such a person or not.
    #[oai(path = "/password-resets", method = "post", operation_id = "requestPasswordReset")]
    #[expect(clippy::unused_async, reason = "the macro awaits every operation")]
    async fn request(&self, shared: Data<&Arc<Shared>>, request: &Request, body: Json<Forgotten>) -> Result<Taken, Failure> {
        shared.resets.ask(ResetRequest {
            email: body.0.email,
            address: address_of(request),
            request_id: request.extensions().get::<RequestId>().map(|RequestId(id)| id.clone()),
        })?;
        Ok(Taken::Taken)
    }

    /// Whether a link can still be used
    #[oai(path = "/password-resets/check", method = "post", operation_id = "checkPasswordReset")]
    async fn check(&self, shared: Data<&Arc<Shared>>, body: Json<ResetCode>) -> Result<Done, Failure> {
        let digest = code::digest(&shared.key, CodePurpose::PasswordReset, &body.0.code);
        let found = shared.store.system().find_password_reset(digest, shared.clock.now()).await?;
        found.map(|_| Done::Done).ok_or(Failure::CodeUnknown)
    }

    /// Choose another password by a link
    ///
    /// Uses the link up and ends all sessions of the person, who then signs in as ever; in this browser whatever strangers
    /// tried elsewhere. A password that cannot be taken leaves the link good.
    #[oai(path = "/password-resets/use", method = "post", operation_id = "usePasswordReset")]
    async fn choose(&self, shared: Data<&Arc<Shared>>, request: &Request, body: Json<NewPassword>) -> Result<Done, Failure> {
        let digest = code::digest(&shared.key, CodePurpose::PasswordReset, &body.0.code);
        let (system, now) = (shared.store.system(), shared.clock.now());
        // A stranger's codes are refused before any password is hashed.
        let id = system.find_password_reset(digest, now).await?.ok_or(Failure::CodeUnknown)?;
        let record = system.find_admin(id).await?.ok_or(Failure::CodeUnknown)?;
        let hash = shared.passwords.hash(Secret::new(body.0.password)).await?;
        let author = auth::author(&shared, request, auth::person(&record.admin));
        let used = system.use_password_reset(digest, hash, now, &author).await?;
        if !used {
            return Err(Failure::CodeUnknown);
        }
        // Who reads the person's letters is no stranger: whatever others fail at, they can sign in here with the new password.
        sessions::know_browser(&shared, request, &record.admin.email);
        Ok(Done::Done)
    }
}

/// Makes a link for a person and sends it where mail is set up.
pub(crate) async fn issue(shared: &Shared, admin: &Admin, author: &Author) -> Result<ResetLink, Failure> {
    let (code, digest) = code::issue(&shared.key, CodePurpose::PasswordReset).map_err(|_| Failure::Internal("no randomness"))?;
    let now = shared.clock.now();
    let expires_at = now.plus_seconds(MINUTES * 60);
    shared.store.system().insert_password_reset(admin, digest, now, expires_at, author).await?;
    let link = format!("{}/reset#{}", shared.settings.public_url, code.expose());
    let sent = match &shared.settings.mail {
        None => Err(None),
        Some(mail) => {
            let letter = Letter::PasswordReset { link: link.clone(), minutes: MINUTES };
            mail.send(&admin.email, &letter).await.map_err(|error| Some(error.to_string()))
        }
    };
    Ok(match sent {
        Ok(()) => ResetLink { expires_at: Time(expires_at), link: None, mail_failure: None },
        Err(mail_failure) => ResetLink { expires_at: Time(expires_at), link: Some(link), mail_failure },
    })
}
