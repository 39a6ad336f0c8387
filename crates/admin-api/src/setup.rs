//! What the holder of a set-up link can do: see the guide of one connection and what it has seen, issue that connection's
//! credential, which is a token or an OAuth client, and say that all is done.

use std::sync::Arc;

use domain::credential::Order;
use domain::setup_link::{self, CREDENTIAL_DAYS};
use domain::{ClientSecret, Credential, Idp, OAuthClient, Rights, oauth};
use poem::Request;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use crate::answer::{Created, created};
use crate::auth;
use crate::checks::{self, SetupChecks};
use crate::checks_stream::{self, ChecksStream};
use crate::credentials::{self, IssuedCredential};
use crate::door::Shared;
use crate::failure::Failure;
use crate::live::Waiter;
use crate::service::Tag;
use crate::setup_holder::{self, COOKIE, Holder, HoldsLink};
use crate::value::{Time, Word};

pub(crate) struct Setup;

/// A link's code.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct SetupCode {
    /// The code.
    code: String,
}

/// What a link's holder is to set up.
#[derive(Debug, Object)]
#[oai(rename = "Setup", rename_all = "camelCase", skip_serializing_if_is_none)]
struct SetupView {
    /// The company.
    tenant_name: String,
    /// The SCIM address to give the IdP.
    scim_url: String,
    /// Which IdP is to be set up.
    idp: Word<Idp>,
    /// The connection's name.
    connection_name: String,
    /// For whom the link is.
    name: String,
    /// When the link ends.
    ends_at: Time,
    /// When the holder said that all is done.
    finished_at: Option<Time>,
    /// How the token begins that the holder issued last, or the id of the OAuth client, while it is accepted.
    issued: Option<String>,
}

/// An OAuth client that a link's holder has just made.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct SetupClient {
    /// Where it gets access tokens.
    token_url: String,
    /// What it calls itself there.
    client_id: String,
    /// Its secret. No later answer shows it again.
    client_secret: String,
}

/// A link that was opened.
#[derive(ApiResponse)]
enum Opened {
    /// The holder is in; the cookie is the proof.
    #[oai(status = 200)]
    Ok(
        Json<SetupView>,
        /// The holder's cookie.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

#[OpenApi(tag = "Tag::Setup")]
impl Setup {
    /// Open a set-up link
    ///
    /// Uses the code up. Whoever opened it goes on by the cookie that the answer sets, until the link ends or is revoked.
    #[oai(path = "/setup/open", method = "post", operation_id = "openSetup")]
    async fn open(&self, shared: Data<&Arc<Shared>>, request: &Request, body: Json<SetupCode>) -> Result<Opened, Failure> {
        let digest = setup_link::code_digest(&shared.key, &body.0.code);
        let link = shared.store.system().find_setup_link(&digest).await?.ok_or(Failure::CodeUnknown)?;
        let (tenant, connection) = setup_holder::target(&shared, &link).await?.ok_or(Failure::CodeUnknown)?;
        let (value, session) = setup_link::issue_session(&shared.key).map_err(|_| Failure::Internal("no randomness"))?;
        let (now, author) = (shared.clock.now(), auth::author(&shared, request, setup_holder::actor(&link)));
        let store = shared.store.tenant(tenant.id);
        if !store.setup_links().open(link.id, session, now, &author).await? {
            return Err(Failure::CodeUnknown);
        }
        let seconds = (link.expires_at.as_micros() - now.as_micros()) / 1_000_000;
        let view = SetupView {
            scim_url: format!("{}/scim/{}/v2", shared.settings.public_url, tenant.slug),
            tenant_name: tenant.name,
            idp: Word(connection.idp),
            connection_name: connection.name,
            name: link.name,
            ends_at: Time(link.expires_at),
            finished_at: None,
            issued: None,
        };
        Ok(Opened::Ok(Json(view), cookie(&shared, value.expose(), seconds)))
    }

    /// What the link is for
    #[oai(path = "/setup", method = "get", operation_id = "getSetup")]
    async fn get(&self, holder: HoldsLink) -> Result<Json<SetupView>, Failure> {
        Ok(Json(view(holder.0).await?))
    }

    /// What has been seen of the connection
    #[oai(path = "/setup/checks", method = "get", operation_id = "getChecksOfSetup")]
    async fn checks(
        &self,
        holder: HoldsLink,
        /// Only what was seen at this moment or later; since the connection was made without it.
        since: Query<Option<Time>>,
    ) -> Result<Json<SetupChecks>, Failure> {
        let Holder { shared, store, connection, .. } = holder.0;
        let since = since.0.map_or(connection.created_at, |at| at.0);
        Ok(Json(checks::read(&store, &connection, since, shared.clock.now()).await?))
    }

    /// What has been seen of the connection, as it changes
    ///
    /// Server-sent events: the checks as they are, and again whenever one changes. Ends within seconds with the link.
    #[expect(clippy::unused_async, reason = "the macro takes nothing else")]
    #[oai(path = "/setup/checks/stream", method = "get", operation_id = "streamChecksOfSetup")]
    async fn stream(
        &self,
        holder: HoldsLink,
        /// Only what was seen at this moment or later; since the connection was made without it.
        since: Query<Option<Time>>,
    ) -> Result<ChecksStream, Failure> {
        let pass = holder.0.pass();
        let Holder { shared, store, connection, link, .. } = holder.0;
        let since = since.0.map_or(connection.created_at, |at| at.0);
        let reader = crate::live::Reader { who: link.id.as_uuid(), tenant: link.tenant, calls: false };
        let waiter = Waiter::new(&shared.streams, reader, store.sync_events().bell(), pass)?;
        Ok(checks_stream::open(&shared, store, connection, since, waiter))
    }

    /// Issue the connection's credential
    ///
    /// The answer holds the token, this one time; it is good for a year. What this link issued before ends, a token or an OAuth
    /// client.
    #[oai(path = "/setup/credential", method = "post", operation_id = "issueSetupCredential")]
    async fn issue(&self, holder: HoldsLink) -> Result<Created<IssuedCredential>, Failure> {
        let Holder { shared, store, connection, link, author, .. } = holder.0;
        let now = shared.clock.now();
        let order = Order {
            name: link.name.clone(),
            rights: Rights::Write,
            created_by: Some(author.actor.name().to_owned()),
            at: now,
            days: Some(CREDENTIAL_DAYS),
        };
        let issued = Credential::issue(&shared.key, &connection, order);
        let (token, credential) = issued.map_err(|_| Failure::Internal("no randomness"))?;
        // The link is looked at once more where this is written: it may have ended since its holder was let in.
        if !store.setup_links().issue(link.id, &credential, &author).await? {
            return Err(Failure::NotSignedIn);
        }
        let credential = credentials::view(credential, now);
        Ok(created(IssuedCredential { credential, token: token.expose().to_owned() }))
    }

    /// Make the connection's OAuth client
    ///
    /// In place of a token, for an IdP that gets access tokens. The answer holds the client's secret, this one time; it is good
    /// for a year. What this link issued before ends, a token or an OAuth client with the access tokens it got.
    #[oai(path = "/setup/oauth-client", method = "post", operation_id = "issueSetupClient")]
    async fn issue_client(&self, holder: HoldsLink) -> Result<Created<SetupClient>, Failure> {
        let Holder { shared, store, tenant, connection, link, author, .. } = holder.0;
        let (at, by) = (shared.clock.now(), Some(author.actor.name().to_owned()));
        let order = Order { name: link.name.clone(), rights: Rights::Write, created_by: by.clone(), at, days: None };
        let credential = Credential::client(&connection, order).map_err(|_| Failure::Internal("no randomness"))?;
        let issued = ClientSecret::issue(&shared.key, by, at, Some(CREDENTIAL_DAYS));
        let (text, secret) = issued.map_err(|_| Failure::Internal("no randomness"))?;
        let client = OAuthClient { token_seconds: oauth::SHORTEST, trust: None, secrets: vec![secret] };
        if !store.setup_links().issue_client(link.id, &credential, &client, &author).await? {
            return Err(Failure::NotSignedIn);
        }
        Ok(created(SetupClient {
            token_url: format!("{}/oauth/{}/token", shared.settings.public_url, tenant.slug),
            client_id: oauth::client_id(&credential.public_id),
            client_secret: text.expose().to_owned(),
        }))
    }

    /// Say that all is done
    ///
    /// Who made the link sees it. The holder may look again until the link ends.
    #[oai(path = "/setup/finish", method = "post", operation_id = "finishSetup")]
    async fn finish(&self, holder: HoldsLink) -> Result<Json<SetupView>, Failure> {
        let mut holder = holder.0;
        let (links, now) = (holder.store.setup_links(), holder.shared.clock.now());
        let finished = links.finish(holder.link.id, now, &holder.author).await?;
        holder.link = finished.ok_or(Failure::NotSignedIn)?;
        Ok(Json(view(holder).await?))
    }
}

async fn view(holder: Holder) -> Result<SetupView, Failure> {
    let Holder { shared, store, tenant, connection, link, .. } = holder;
    let issued = match link.credential {
        Some(id) => store.credentials().find(id).await?.filter(|one| one.check(shared.clock.now()).is_ok()),
        None => None,
    };
    Ok(SetupView {
        tenant_name: tenant.name,
        scim_url: format!("{}/scim/{}/v2", shared.settings.public_url, tenant.slug),
        idp: Word(connection.idp),
        connection_name: connection.name,
        name: link.name,
        ends_at: Time(link.expires_at),
        finished_at: link.finished_at.map(Time),
        issued: issued.map(|one| one.starts_with()),
    })
}

/// Sent to the paths of the set-up only; `Secure` wherever the service is reached by https.
fn cookie(shared: &Shared, value: &str, seconds: i64) -> String {
    let secure = if shared.settings.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/api/v1/setup; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}
