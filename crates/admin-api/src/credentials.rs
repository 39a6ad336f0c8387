//! What a tenant's connections prove themselves with: issued once in clear, listed without their secrets, revoked at once.

use domain::connection::ConnectionState;
use domain::credential::{LastUse, Order};
use domain::{Connection, ConnectionId, Credential, CredentialId, Idp, Right, Rights, Timestamp};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::answer::{Created, created};
use crate::auth::{Signed, Visit};
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::Page;
use crate::service::Tag;
use crate::value::{Time, Word};

/// The longest life of a credential that ends, in days.
pub(crate) const DAYS: u32 = 3_650;

pub(crate) struct Credentials;

/// What kind of proof it is.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
pub(crate) enum CredentialKind {
    /// A bearer token (RFC 6750).
    BearerToken,
    /// An OAuth client (RFC 6749 §4.4).
    OauthClient,
}

impl From<domain::credential::CredentialKind> for CredentialKind {
    fn from(kind: domain::credential::CredentialKind) -> Self {
        match kind {
            domain::credential::CredentialKind::BearerToken => Self::BearerToken,
            domain::credential::CredentialKind::OAuthClient => Self::OauthClient,
        }
    }
}

/// How a credential stands.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum CredentialState {
    /// It opens the door while its connection is open.
    Active,
    /// It ended by itself.
    Ended,
    /// It was revoked.
    Revoked,
}

/// When a credential was last used, to the minute.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct CredentialUse {
    /// When.
    at: Time,
    /// From which address.
    address: String,
    /// With which User-Agent.
    user_agent: Option<String>,
    /// Which IdP it looked like.
    idp: Option<Word<Idp>>,
}

/// That a credential is to be revoked by itself once it is quiet.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct CredentialWhenQuiet {
    /// For how many hours no request may have come with it.
    hours: u32,
    /// When somebody wanted it so; hours before that do not count.
    since: Time,
    /// Who.
    by: String,
    /// When it is revoked at the earliest: later, if it is used until then, or its successor is not.
    not_before: Time,
}

/// What a connection proves itself with; never its secret.
#[derive(Debug, Object)]
#[oai(rename = "Credential", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct CredentialView {
    /// Its id.
    id: String,
    /// The connection it belongs to.
    connection_id: String,
    /// Its name.
    name: String,
    /// What kind of proof it is.
    kind: CredentialKind,
    /// How its token begins, enough to tell tokens apart; of an OAuth client its `client_id`.
    starts_with: String,
    /// What it may do at the SCIM door.
    rights: Word<Rights>,
    /// How it stands.
    state: CredentialState,
    /// When it was issued.
    created_at: Time,
    /// Who issued it.
    created_by: Option<String>,
    /// When it ends by itself.
    ends_at: Option<Time>,
    /// When it was revoked.
    revoked_at: Option<Time>,
    /// Who revoked it; `leak report` when somebody reported its token as leaked, `service` when it was to go once quiet.
    revoked_by: Option<String>,
    /// The credential whose place it takes, when it was made to.
    replaces: Option<String>,
    /// That it is to be revoked by itself once it is quiet.
    when_quiet: Option<CredentialWhenQuiet>,
    /// When it was last used.
    last_used: Option<CredentialUse>,
}

/// A credential to be issued.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct NewCredential {
    /// The connection that will use it.
    connection_id: String,
    /// Its name.
    name: String,
    /// What it may do at the SCIM door.
    rights: Word<Rights>,
    /// After how many days it ends by itself, 1 to 3650; it has no end without it.
    lifetime_days: Option<u32>,
}

/// A credential that was just issued.
#[derive(Debug, Object)]
pub(crate) struct IssuedCredential {
    /// The credential.
    pub(crate) credential: CredentialView,
    /// The token. No later answer shows it again.
    pub(crate) token: String,
}

#[OpenApi(tag = "Tag::Credentials")]
impl Credentials {
    /// The credentials of a tenant
    ///
    /// Newest first, those that no longer open the door included.
    #[oai(path = "/tenants/:tenant/credentials", method = "get", operation_id = "listCredentials")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// Only those of this connection.
        connection: Query<Option<String>>,
    ) -> Result<Json<Page<CredentialView>>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsRead, &tenant.0).await?;
        let wanted = connection.0.map(|id| id.parse::<ConnectionId>()).transpose();
        let wanted = wanted.map_err(|_| Failure::field("connection", "is no id"))?;
        let now = visit.shared.clock.now();
        let all = visit.store.credentials().list().await?.into_iter();
        let of_it = all.filter(|credential| wanted.is_none_or(|id| id == credential.connection));
        Ok(Json(Page::whole(of_it.map(|credential| view(credential, now)).collect())))
    }

    /// Issue a credential
    ///
    /// The answer holds the token, this one time. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/credentials", method = "post", operation_id = "issueCredential")]
    async fn issue(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<NewCredential>,
    ) -> Result<Created<IssuedCredential>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        caller.0.demand_recent()?;
        let NewCredential { connection_id, name, rights, lifetime_days } = body.0;
        let mut form = Form::default();
        let name = form.line("name", &name, 100);
        if lifetime_days.is_some_and(|days| !(1..=DAYS).contains(&days)) {
            form.wrong("lifetimeDays", "is a number from 1 to 3650");
        }
        form.finish()?;
        let connection = open_connection(&visit, &connection_id).await?;
        let order = Order {
            name,
            rights: rights.0,
            created_by: Some(visit.author.actor.name().to_owned()),
            at: visit.shared.clock.now(),
            days: lifetime_days.map(i64::from),
        };
        let now = order.at;
        let issued = Credential::issue(&visit.shared.key, &connection, order);
        let (token, credential) = issued.map_err(|_| Failure::Internal("no randomness"))?;
        visit.store.credentials().insert(&credential, &visit.author).await?;
        Ok(created(IssuedCredential { credential: view(credential, now), token: token.expose().to_owned() }))
    }

    /// Revoke a credential
    ///
    /// At once and for good: when the answer comes, this node accepts it no more. Doing it again changes nothing. Needs a
    /// sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/credentials/:credential/revoke", method = "post", operation_id = "revokeCredential")]
    async fn revoke(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The credential's id.
        credential: Path<String>,
    ) -> Result<Json<CredentialView>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        caller.0.demand_recent()?;
        let id: CredentialId = credential.0.parse().map_err(|_| Failure::NotFound)?;
        let now = visit.shared.clock.now();
        let revoked = visit.store.credentials().revoke(id, now, &visit.author).await?.ok_or(Failure::NotFound)?;
        Ok(Json(view(revoked, now)))
    }
}

/// The connection that a credential is to belong to.
pub(crate) async fn open_connection(visit: &Visit, id: &str) -> Result<Connection, Failure> {
    let no_connection = || Failure::field("connectionId", "is no connection of this tenant");
    let id: ConnectionId = id.parse().map_err(|_| no_connection())?;
    let connection = visit.store.connections().find(id).await?.ok_or_else(no_connection)?;
    if connection.state == ConnectionState::Closed { Err(Failure::ConnectionClosed) } else { Ok(connection) }
}

pub(crate) fn view(credential: Credential, now: Timestamp) -> CredentialView {
    let when_quiet = when_quiet(&credential, now);
    CredentialView {
        id: credential.id.to_string(),
        connection_id: credential.connection.to_string(),
        starts_with: credential.starts_with(),
        state: match credential.check(now) {
            Ok(()) => CredentialState::Active,
            Err(domain::credential::Refusal::Ended(_)) => CredentialState::Ended,
            Err(domain::credential::Refusal::Revoked(_)) => CredentialState::Revoked,
        },
        name: credential.name,
        kind: credential.kind.into(),
        rights: Word(credential.rights),
        created_at: Time(credential.created_at),
        created_by: credential.created_by,
        ends_at: credential.ends_at.map(Time),
        revoked_at: credential.revoked_at.map(Time),
        revoked_by: credential.revoked_by,
        replaces: credential.replaces.map(|id| id.to_string()),
        when_quiet,
        last_used: credential.last_used.map(last_use),
    }
}

fn when_quiet(credential: &Credential, now: Timestamp) -> Option<CredentialWhenQuiet> {
    let (quiet, not_before) = (credential.when_quiet.as_ref()?, credential.quiet_at()?);
    credential.check(now).ok()?;
    let (since, by) = (Time(quiet.since), quiet.by.clone());
    Some(CredentialWhenQuiet { hours: quiet.hours, since, by, not_before: Time(not_before) })
}

fn last_use(last: LastUse) -> CredentialUse {
    CredentialUse { at: Time(last.at), address: last.address, user_agent: last.user_agent, idp: last.idp.map(Word) }
}
