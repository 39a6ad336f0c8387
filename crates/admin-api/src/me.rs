//! What a person does about their own account: name, password, sessions.

use domain::{Secret, Session, SignInMethod};
use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::AdminChange;

use crate::answer::Done;
use crate::auth::Signed;
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::Page;
use crate::service::Tag;
use crate::sessions;
use crate::value::{Time, Word};

pub(crate) struct Me;

/// One's own session in some browser.
#[derive(Debug, Object)]
#[oai(rename = "OwnSession", rename_all = "camelCase", skip_serializing_if_is_none)]
struct OwnSessionView {
    /// What names it; it opens nothing.
    id: String,
    /// Whether it is the one of this call.
    current: bool,
    /// When it began.
    created_at: Time,
    /// When it ends by itself.
    expires_at: Time,
    /// From which address it began.
    address: String,
    /// With which User-Agent it began.
    user_agent: Option<String>,
    /// How the person proved who they are.
    method: Option<Word<SignInMethod>>,
}

/// One's own name.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct OwnName {
    /// The name.
    name: String,
}

/// Another password of one's own.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct PasswordChange {
    /// The password that is good now; without one for who has none yet.
    current: Option<String>,
    /// The new one: 12 characters at least.
    new: String,
}

#[OpenApi(tag = "Tag::Session")]
impl Me {
    /// Change one's own name
    #[oai(path = "/me", method = "patch", operation_id = "changeMe")]
    async fn change(&self, caller: Signed, body: Json<OwnName>) -> Result<Done, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        let mut form = Form::default();
        let name = form.line("name", &body.0.name, 100);
        form.finish()?;
        let change = AdminChange { name: Some(name), operator: None };
        caller.shared.store.system().change_admin(record.admin.id, change, &caller.author).await?;
        Ok(Done::Done)
    }

    /// Choose another password of one's own
    ///
    /// All other sessions end. A wrong current password counts as a failed sign-in. Who has none yet needs a sign-in within the
    /// last 15 minutes (`sign_in_again`).
    #[oai(path = "/me/password", method = "post", operation_id = "changeMyPassword")]
    async fn change_password(&self, caller: Signed, request: &Request, body: Json<PasswordChange>) -> Result<Done, Failure> {
        let caller = caller.0;
        let (session, record) = caller.person()?;
        let PasswordChange { current, new } = body.0;
        match (&record.admin.password_hash, current) {
            (Some(_), Some(current)) => {
                sessions::prove(&caller.shared, request, &record.admin.email, Some(record.clone()), current).await?;
                sessions::succeeded(&caller.shared, request, &record.admin.email);
            }
            (Some(_), None) => return Err(Failure::field("current", "must not be empty")),
            // Who signs in by other means alone shows that it is them by having done so of late.
            (None, _) => caller.demand_recent()?,
        }
        let hash = caller.shared.passwords.hash(Secret::new(new)).await.map_err(|failure| match failure {
            Failure::Invalid(errors) => Failure::Invalid(errors.into_iter().map(|error| error.at("new")).collect()),
            other => other,
        })?;
        let system = caller.shared.store.system();
        system.set_password(record.admin.id, hash, Some(session.digest), &caller.author).await?;
        Ok(Done::Done)
    }

    /// One's own sessions
    ///
    /// Those that have not ended, newest first.
    #[oai(path = "/me/sessions", method = "get", operation_id = "listMySessions")]
    async fn list(&self, caller: Signed) -> Result<Json<Page<OwnSessionView>>, Failure> {
        let caller = caller.0;
        let (current, record) = caller.person()?;
        let all = caller.shared.store.system().list_sessions(record.admin.id, caller.shared.clock.now()).await?;
        Ok(Json(Page::whole(all.into_iter().map(|session| view(session, current)).collect())))
    }

    /// End one of one's own sessions
    #[oai(path = "/me/sessions/:session", method = "delete", operation_id = "endMySession")]
    async fn end(
        &self,
        caller: Signed,
        /// The session's id.
        session: Path<String>,
    ) -> Result<Done, Failure> {
        let caller = caller.0;
        let (_, record) = caller.person()?;
        let system = caller.shared.store.system();
        let all = system.list_sessions(record.admin.id, caller.shared.clock.now()).await?;
        let ended = all.into_iter().find(|own| own.public_id() == session.0).ok_or(Failure::NotFound)?;
        system.remove_session(ended.digest, &caller.author).await?;
        Ok(Done::Done)
    }

    /// End all of one's own sessions but this one
    #[oai(path = "/me/sessions", method = "delete", operation_id = "endMyOtherSessions")]
    async fn end_others(&self, caller: Signed) -> Result<Done, Failure> {
        let caller = caller.0;
        let (session, record) = caller.person()?;
        let system = caller.shared.store.system();
        system.remove_sessions_of(record.admin.id, Some(session.digest), &caller.author).await?;
        Ok(Done::Done)
    }
}

fn view(session: Session, current: &Session) -> OwnSessionView {
    OwnSessionView {
        id: session.public_id(),
        current: session.digest == current.digest,
        created_at: Time(session.created_at),
        expires_at: Time(session.expires_at),
        method: session.method.map(Word),
        address: session.address,
        user_agent: session.user_agent,
    }
}
