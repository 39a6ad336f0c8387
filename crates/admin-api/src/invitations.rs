//! Asking somebody into a tenant, or to run the service.

mod accept;

use domain::admin::is_email;
use domain::invitation::DAYS;
use domain::{Author, Invitation, InvitationId, Right, Role, Tenant};
use outgoing::letter::Letter;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

pub(crate) use self::accept::Acceptances;
use crate::answer::{Created, Done, created};
use crate::auth::{Caller, Signed};
use crate::door::Shared;
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::Page;
use crate::people::tenant_role;
use crate::service::Tag;
use crate::value::{Time, Word};

pub(crate) struct Invitations;

/// Somebody who was asked and has not answered yet.
#[derive(Debug, Object)]
#[oai(rename = "Invitation", rename_all = "camelCase", skip_serializing_if_is_none)]
struct InvitationView {
    /// Its id.
    id: String,
    /// Their e-mail address.
    email: String,
    /// Their name.
    name: String,
    /// As what they are asked.
    role: Word<Role>,
    /// When it was made.
    created_at: Time,
    /// Who asked them.
    created_by: String,
    /// Until when it can be accepted.
    expires_at: Time,
    /// Whether that is over.
    expired: bool,
    /// When the link left by mail.
    mailed_at: Option<Time>,
}

/// An invitation that was just made.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct MadeInvitation {
    /// The invitation.
    invitation: InvitationView,
    /// The link, where it did not leave by mail: no later answer shows it again.
    link: Option<String>,
    /// Why the mail did not leave, where mail is set up.
    mail_failure: Option<String>,
}

/// Whom to ask into a tenant.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewInvitation {
    /// Their e-mail address.
    email: String,
    /// Their name.
    name: String,
    /// `admin`, `developer` or `viewer`.
    role: Word<Role>,
}

/// Whom to ask to run the service.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewOperator {
    /// Their e-mail address.
    email: String,
    /// Their name.
    name: String,
}

#[OpenApi(tag = "Tag::People")]
impl Invitations {
    /// Who was asked into a tenant and has not answered yet
    #[oai(path = "/tenants/:tenant/invitations", method = "get", operation_id = "listInvitations")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<InvitationView>>, Failure> {
        let place = Place::tenant(&caller.0, &tenant.0).await?;
        place.list().await
    }

    /// Ask somebody into a tenant
    ///
    /// The link is good once and for seven days. It leaves by mail where mail is set up; otherwise the answer holds it. An
    /// earlier invitation of the same address is void. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/invitations", method = "post", operation_id = "invite")]
    async fn invite(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<NewInvitation>,
    ) -> Result<Created<MadeInvitation>, Failure> {
        let place = Place::tenant(&caller.0, &tenant.0).await?;
        caller.0.demand_recent()?;
        let NewInvitation { email, name, role } = body.0;
        place.invite(&email, &name, tenant_role(role.0)?).await
    }

    /// Make an invitation anew
    ///
    /// With another link and another seven days; the link before is void. Needs a sign-in within the last 15 minutes
    /// (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/invitations/:invitation/renew", method = "post", operation_id = "renewInvitation")]
    async fn renew(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The invitation's id.
        invitation: Path<String>,
    ) -> Result<Created<MadeInvitation>, Failure> {
        let place = Place::tenant(&caller.0, &tenant.0).await?;
        caller.0.demand_recent()?;
        place.renew(&invitation.0).await
    }

    /// Take an invitation back
    #[oai(path = "/tenants/:tenant/invitations/:invitation", method = "delete", operation_id = "revokeInvitation")]
    async fn revoke(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The invitation's id.
        invitation: Path<String>,
    ) -> Result<Done, Failure> {
        Place::tenant(&caller.0, &tenant.0).await?.revoke(&invitation.0).await
    }

    /// Who was asked to run the service and has not answered yet
    #[oai(path = "/invitations", method = "get", operation_id = "listOperatorInvitations")]
    async fn list_operators(&self, caller: Signed) -> Result<Json<Page<InvitationView>>, Failure> {
        Place::service(&caller.0)?.list().await
    }

    /// Ask somebody to run the service
    ///
    /// As `invite`. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/invitations", method = "post", operation_id = "inviteOperator")]
    async fn invite_operator(&self, caller: Signed, body: Json<NewOperator>) -> Result<Created<MadeInvitation>, Failure> {
        let place = Place::service(&caller.0)?;
        caller.0.demand_recent()?;
        place.invite(&body.0.email, &body.0.name, Role::Operator).await
    }

    /// Make an operator's invitation anew
    ///
    /// As `renewInvitation`. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/invitations/:invitation/renew", method = "post", operation_id = "renewOperatorInvitation")]
    async fn renew_operator(
        &self,
        caller: Signed,
        /// The invitation's id.
        invitation: Path<String>,
    ) -> Result<Created<MadeInvitation>, Failure> {
        let place = Place::service(&caller.0)?;
        caller.0.demand_recent()?;
        place.renew(&invitation.0).await
    }

    /// Take an operator's invitation back
    #[oai(path = "/invitations/:invitation", method = "delete", operation_id = "revokeOperatorInvitation")]
    async fn revoke_operator(
        &self,
        caller: Signed,
        /// The invitation's id.
        invitation: Path<String>,
    ) -> Result<Done, Failure> {
        Place::service(&caller.0)?.revoke(&invitation.0).await
    }
}

/// Where somebody is asked into: a tenant, or the service.
struct Place<'c> {
    shared: &'c Shared,
    author: &'c Author,
    tenant: Option<Tenant>,
}

impl<'c> Place<'c> {
    async fn tenant(caller: &'c Caller, tenant: &str) -> Result<Self, Failure> {
        let visit = caller.enter_to(Right::PeopleManage, tenant).await?;
        Ok(Self { shared: &caller.shared, author: &caller.author, tenant: Some(visit.tenant) })
    }

    fn service(caller: &'c Caller) -> Result<Self, Failure> {
        caller.demand(Right::SystemPeople)?;
        Ok(Self { shared: &caller.shared, author: &caller.author, tenant: None })
    }

    async fn list(&self) -> Result<Json<Page<InvitationView>>, Failure> {
        let all = self.shared.store.system().list_invitations(self.tenant.as_ref().map(|tenant| tenant.id)).await?;
        Ok(Json(Page::whole(all.iter().map(|invitation| self.view(invitation)).collect())))
    }

    async fn invite(&self, email: &str, name: &str, role: Role) -> Result<Created<MadeInvitation>, Failure> {
        let mut form = Form::default();
        let (email, name) = (email.trim().to_owned(), form.line("name", name, 100));
        if !is_email(&email) {
            form.wrong("email", "is no e-mail address");
        }
        form.finish()?;
        let now = self.shared.clock.now();
        self.issue(Invitation {
            id: InvitationId::generate(),
            tenant: self.tenant.as_ref().map(|tenant| tenant.id),
            email,
            name,
            role,
            digest: [0; 32],
            created_at: now,
            created_by: String::new(),
            expires_at: now,
            mailed_at: None,
        })
        .await
    }

    async fn renew(&self, id: &str) -> Result<Created<MadeInvitation>, Failure> {
        let id: InvitationId = id.parse().map_err(|_| Failure::NotFound)?;
        let tenant = self.tenant.as_ref().map(|tenant| tenant.id);
        let known = self.shared.store.system().find_invitation(tenant, id).await?;
        self.issue(known.ok_or(Failure::NotFound)?).await
    }

    /// Gives an invitation its code, keeps it and sends it.
    async fn issue(&self, mut invitation: Invitation) -> Result<Created<MadeInvitation>, Failure> {
        let (shared, now) = (self.shared, self.shared.clock.now());
        let code = invitation.renew(&shared.key, self.author.actor.name(), now);
        let code = code.map_err(|_| Failure::Internal("no randomness"))?;
        let system = shared.store.system();
        system.invite(&invitation, self.author).await?;
        let link = format!("{}/invite#{}", shared.settings.public_url, code.expose());
        let Some(mail) = &shared.settings.mail else { return Ok(self.made(&invitation, Some(link), None)) };
        let (by, tenant) = (invitation.created_by.clone(), self.tenant.as_ref().map(|tenant| tenant.name.clone()));
        let letter = Letter::Invitation { by, tenant, link: link.clone(), days: DAYS };
        match mail.send(&invitation.email, &letter).await {
            Ok(()) => {
                invitation.mailed_at = Some(now);
                system.note_invitation_mailed(&invitation, now).await?;
                Ok(self.made(&invitation, None, None))
            }
            Err(error) => {
                tracing::warn!(%error, "an invitation did not leave by mail");
                Ok(self.made(&invitation, Some(link), Some(error.to_string())))
            }
        }
    }

    async fn revoke(&self, id: &str) -> Result<Done, Failure> {
        let id: InvitationId = id.parse().map_err(|_| Failure::NotFound)?;
        let tenant = self.tenant.as_ref().map(|tenant| tenant.id);
        let revoked = self.shared.store.system().revoke_invitation(tenant, id, self.author).await?;
        if revoked { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }

    fn made(&self, invitation: &Invitation, link: Option<String>, mail_failure: Option<String>) -> Created<MadeInvitation> {
        created(MadeInvitation { invitation: self.view(invitation), link, mail_failure })
    }

    fn view(&self, invitation: &Invitation) -> InvitationView {
        InvitationView {
            id: invitation.id.to_string(),
            email: invitation.email.clone(),
            name: invitation.name.clone(),
            role: Word(invitation.role),
            created_at: Time(invitation.created_at),
            created_by: invitation.created_by.clone(),
            expires_at: Time(invitation.expires_at),
            expired: invitation.expires_at <= self.shared.clock.now(),
            mailed_at: invitation.mailed_at.map(Time),
        }
    }
}
