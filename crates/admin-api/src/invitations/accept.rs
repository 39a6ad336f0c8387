//! Answering an invitation: as somebody new, or as a person who is signed in.

use std::sync::Arc;

use domain::code::{self, CodePurpose};
use domain::{Admin, AdminId, Invitation, Role, Secret, SignInMethod, Tenant, TenantRef, TenantState};
use poem::Request;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::{Acceptance, AdminRecord, Guest};

use crate::auth::{self, Signed};
use crate::door::Shared;
use crate::failure::Failure;
use crate::form::Form;
use crate::service::Tag;
use crate::sessions::{self, SessionView, SignedIn};
use crate::value::{Time, Word};

pub(crate) struct Acceptances;

/// The code of an invitation.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct InvitationCode {
    /// The code.
    code: String,
}

/// What an invitation is about.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct OpenInvitation {
    /// Whom it is for.
    email: String,
    /// Their name.
    name: String,
    /// As what they are asked.
    role: Word<Role>,
    /// The name of the tenant; absent when it is to run the service.
    tenant: Option<String>,
    /// The tenant's short name in addresses; absent when it is to run the service.
    tenant_slug: Option<String>,
    /// Who asked them.
    created_by: String,
    /// Until when it can be accepted.
    expires_at: Time,
    /// Whether this person is in the console already: they sign in and then accept with `joinByInvitation`.
    known: bool,
}

/// What somebody new accepts with.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewPerson {
    /// The code.
    code: String,
    /// Their name.
    name: String,
    /// Their password: 12 characters at least.
    password: String,
}

#[OpenApi(tag = "Tag::Session")]
impl Acceptances {
    /// What an invitation is about
    #[oai(path = "/invitations/check", method = "post", operation_id = "checkInvitation")]
    async fn check(&self, shared: Data<&Arc<Shared>>, body: Json<InvitationCode>) -> Result<Json<OpenInvitation>, Failure> {
        let (_, invitation, tenant) = good(&shared, &body.0.code).await?;
        let known = shared.store.system().find_admin_by_email(&invitation.email).await?.is_some();
        let (tenant, tenant_slug) = tenant.map(|tenant| (tenant.name, tenant.slug.to_string())).unzip();
        Ok(Json(OpenInvitation {
            email: invitation.email,
            name: invitation.name,
            role: Word(invitation.role),
            tenant,
            tenant_slug,
            created_by: invitation.created_by,
            expires_at: Time(invitation.expires_at),
            known,
        }))
    }

    /// Accept an invitation as somebody new
    ///
    /// Uses the code up and signs in. A refused form leaves it good, as does an address that is somebody's already
    /// (`email_taken`): they sign in and use `joinByInvitation`.
    #[oai(path = "/invitations/accept", method = "post", operation_id = "acceptInvitation")]
    async fn accept(&self, shared: Data<&Arc<Shared>>, request: &Request, body: Json<NewPerson>) -> Result<SignedIn, Failure> {
        let NewPerson { code, name, password } = body.0;
        let (digest, invitation, _) = good(&shared, &code).await?;
        let mut form = Form::default();
        let name = form.line("name", &name, 100);
        form.finish()?;
        let hash = shared.passwords.hash(Secret::new(password)).await?;
        let now = shared.clock.now();
        let (id, email) = (AdminId::generate(), invitation.email);
        let admin = Admin { id, email, name, password_hash: Some(hash), operator: false, created_at: now };
        let author = auth::author(&shared, request, auth::person(&admin));
        let system = shared.store.system();
        match system.accept_invitation(digest, Guest::New(admin), now, &author).await? {
            Acceptance::Accepted(_) => {}
            Acceptance::Unknown | Acceptance::OtherPerson => return Err(Failure::CodeUnknown),
        }
        let record = system.find_admin(id).await?.ok_or(Failure::CodeUnknown)?;
        let session = sessions::begin(&shared, &record, SignInMethod::Link, request).await?;
        session.answer(&shared, &record).await
    }

    /// Accept an invitation as the person who is signed in
    ///
    /// Uses the code up. An invitation for somebody else is refused (`other_person`) and stays good.
    #[oai(path = "/invitations/join", method = "post", operation_id = "joinByInvitation")]
    async fn join(&self, caller: Signed, body: Json<InvitationCode>) -> Result<Json<SessionView>, Failure> {
        let caller = caller.0;
        let (session, record) = caller.person()?;
        let (digest, _, _) = good(&caller.shared, &body.0.code).await?;
        let (system, now) = (caller.shared.store.system(), caller.shared.clock.now());
        match system.accept_invitation(digest, Guest::Known(record.admin.clone()), now, &caller.author).await? {
            Acceptance::Accepted(_) => {}
            Acceptance::Unknown => return Err(Failure::CodeUnknown),
            Acceptance::OtherPerson => return Err(Failure::OtherPerson),
        }
        let record: AdminRecord = system.find_admin(record.admin.id).await?.ok_or(Failure::NotSignedIn)?;
        Ok(Json(sessions::view(&caller.shared, &record, session).await?))
    }
}

/// The invitation of a code that can be used now, into a tenant that is there.
async fn good(shared: &Shared, text: &str) -> Result<([u8; 32], Invitation, Option<Tenant>), Failure> {
    let digest = code::digest(&shared.key, CodePurpose::Invitation, text);
    let system = shared.store.system();
    let found = system.find_invitation_by_code(digest, shared.clock.now()).await?;
    let invitation = found.ok_or(Failure::CodeUnknown)?;
    let tenant = match invitation.tenant {
        None => None,
        Some(id) => {
            let tenant = system.find_tenant(&TenantRef::Id(id)).await?;
            Some(tenant.filter(|tenant| tenant.state != TenantState::Deleting).ok_or(Failure::CodeUnknown)?)
        }
    };
    Ok((digest, invitation, tenant))
}
