//! The first operator: a one-time code, shown where the service was started, makes them.

use std::sync::Arc;

use domain::admin::is_email;
use domain::code::{self, CodePurpose};
use domain::{Admin, AdminId, Secret, SignInMethod};
use poem::Request;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use store::{AdminRecord, NewAdmin};

use crate::answer::Done;
use crate::auth;
use crate::door::Shared;
use crate::failure::Failure;
use crate::form::Form;
use crate::service::Tag;
use crate::sessions::{self, SessionView};

pub(crate) struct Welcome;

/// A one-time code.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct WelcomeCode {
    /// The code.
    code: String,
}

/// Who becomes the first operator.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct FirstOperator {
    /// The one-time code.
    code: String,
    /// Their e-mail address.
    email: String,
    /// Their name.
    name: String,
    /// Their password: 12 characters at least.
    password: String,
}

/// The first operator, signed in.
#[derive(ApiResponse)]
enum Welcomed {
    /// The operator was made and is signed in.
    #[oai(status = 201)]
    Created(
        Json<SessionView>,
        /// The session's cookie.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

#[OpenApi(tag = "Tag::Session")]
impl Welcome {
    /// Whether a code can still be used
    #[oai(path = "/welcome/check", method = "post", operation_id = "checkWelcome")]
    async fn check(&self, shared: Data<&Arc<Shared>>, body: Json<WelcomeCode>) -> Result<Done, Failure> {
        good(&shared, &body.0.code).await?;
        Ok(Done::Done)
    }

    /// Become the first operator
    ///
    /// Uses the code up. A refused form leaves it good.
    #[oai(path = "/welcome", method = "post", operation_id = "becomeOperator")]
    async fn become_operator(
        &self,
        shared: Data<&Arc<Shared>>,
        request: &Request,
        body: Json<FirstOperator>,
    ) -> Result<Welcomed, Failure> {
        let FirstOperator { code, email, name, password } = body.0;
        let digest = good(&shared, &code).await?;
        let mut form = Form::default();
        let name = form.line("name", &name, 100);
        let email = email.trim().to_owned();
        if !is_email(&email) {
            form.wrong("email", "is no e-mail address");
        }
        form.finish()?;
        let hash = shared.passwords.hash(Secret::new(password)).await?;
        let now = shared.clock.now();
        let admin = Admin { id: AdminId::generate(), email, name, password_hash: Some(hash), operator: true, created_at: now };
        let new = NewAdmin { admin: admin.clone(), roles: Vec::new() };
        let author = auth::author(&shared, request, auth::person(&admin));
        if !shared.store.system().redeem_welcome_code(digest, now, new, &author).await? {
            return Err(Failure::CodeUnknown);
        }
        let record = AdminRecord { admin, roles: Vec::new() };
        let begun = sessions::begin(&shared, &record, SignInMethod::Link, request).await?;
        let (view, cookie) = begun.parts(&shared, &record).await?;
        Ok(Welcomed::Created(view, cookie))
    }
}

/// The digest of a code that can be used now. Once there is an operator no code makes another.
async fn good(shared: &Shared, text: &str) -> Result<[u8; 32], Failure> {
    let digest = code::digest(&shared.key, CodePurpose::Welcome, text);
    let system = shared.store.system();
    let known = system.welcome_code_is_good(digest, shared.clock.now()).await?;
    if known && !system.has_operator().await? { Ok(digest) } else { Err(Failure::CodeUnknown) }
}
