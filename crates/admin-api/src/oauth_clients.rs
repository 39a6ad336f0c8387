//! OAuth clients of a tenant's connections: their secrets, and the keys of others that prove them. The client itself
//! stands among the credentials.

mod view;

use domain::credential::{CredentialKind, Order};
use domain::oauth::{self, Trust, TrustedKeys};
use domain::{ClientSecret, ClientSecretId, Credential, CredentialId, OAuthClient, Right, Rights};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::answer::{Created, created};
use crate::auth::{Signed, Visit};
use crate::credentials::{DAYS, open_connection};
use crate::failure::Failure;
use crate::form::Form;
use crate::service::Tag;
use crate::value::{Document, Word};
use view::{ClientView, SecretView, secret_view, token_url, view};

/// The longest claim that can be entered.
const CLAIM: usize = 500;

pub(crate) struct OAuthClients;

/// Whose signed assertions are to prove a client.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct NewTrust {
    /// The `iss` of its assertions; its own `client_id` without it (`private_key_jwt`).
    issuer: Option<String>,
    /// The `sub` of its assertions; its own `client_id` without it.
    subject: Option<String>,
    /// The `aud` of its assertions; the token endpoint without it.
    audience: Option<String>,
    /// Where its keys are: an https address on the public internet. Either this or `jwks`.
    jwks_uri: Option<String>,
    /// Its public keys as a JWK set (RFC 7517).
    jwks: Option<Document>,
}

/// A client to be made.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct NewClient {
    /// The connection that will use it.
    connection_id: String,
    /// Its name.
    name: String,
    /// What it may do at the SCIM door.
    rights: Word<Rights>,
    /// How long its access tokens live, 3600 to 21600 seconds; an hour without it.
    token_seconds: Option<u32>,
    /// Whether it gets a first secret.
    secret: Option<bool>,
    /// After how many days that secret ends by itself, 1 to 3650; it has no end without it.
    secret_lifetime_days: Option<u32>,
    /// Whose signatures prove it.
    trust: Option<NewTrust>,
}

/// What a client is to be from now on.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct ClientSettings {
    /// How long its access tokens live, 3600 to 21600 seconds.
    token_seconds: u32,
    /// Whose signatures prove it; nobody's without it.
    trust: Option<NewTrust>,
}

/// A secret to be issued.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct NewSecret {
    /// After how many days it ends by itself, 1 to 3650; it has no end without it.
    lifetime_days: Option<u32>,
}

/// A client that was just made.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct IssuedClient {
    /// The client.
    client: ClientView,
    /// Its first secret. No later answer shows it again.
    client_secret: Option<String>,
}

/// A secret that was just issued.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
struct IssuedSecret {
    /// What is kept of it.
    secret: SecretView,
    /// The secret. No later answer shows it again.
    client_secret: String,
}

#[OpenApi(tag = "Tag::Credentials")]
impl OAuthClients {
    /// Make an OAuth client
    ///
    /// For an IdP that gets access tokens by client credentials (RFC 6749 §4.4). It proves itself by secrets, by assertions
    /// that trusted keys signed, or by either. The answer holds the first secret, this one time. Needs a sign-in within
    /// the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/oauth-clients", method = "post", operation_id = "createOAuthClient")]
    async fn create(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<NewClient>,
    ) -> Result<Created<IssuedClient>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        caller.0.demand_recent()?;
        let NewClient { connection_id, name, rights, token_seconds, secret, secret_lifetime_days, trust } = body.0;
        let mut form = Form::default();
        let name = form.line("name", &name, 100);
        let token_seconds = seconds(&mut form, token_seconds.unwrap_or(oauth::SHORTEST));
        lifetime(&mut form, "secretLifetimeDays", secret_lifetime_days);
        let connection = open_connection(&visit, &connection_id).await?;
        let now = visit.shared.clock.now();
        let by = Some(visit.author.actor.name().to_owned());
        let order = Order { name, rights: rights.0, created_by: by.clone(), at: now, days: None };
        let credential = Credential::client(&connection, order).map_err(|_| Failure::Internal("no randomness"))?;
        let trust = checked(&visit, &credential, trust, None, &mut form).await;
        form.finish()?;
        let mut client = OAuthClient { token_seconds, trust, secrets: Vec::new() };
        let mut shown = None;
        if secret.unwrap_or(client.trust.is_none()) {
            let (text, secret) = issue(&visit, by, secret_lifetime_days)?;
            client.secrets.push(secret);
            shown = Some(text);
        }
        visit.store.oauth_clients().insert(&credential, &client, &visit.author).await?;
        Ok(created(IssuedClient { client: view(&visit, credential, client), client_secret: shown }))
    }

    /// One OAuth client
    #[oai(path = "/tenants/:tenant/oauth-clients/:credential", method = "get", operation_id = "getOAuthClient")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The credential's id.
        credential: Path<String>,
    ) -> Result<Json<ClientView>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsRead, &tenant.0).await?;
        let (credential, client) = found(&visit, &credential.0).await?;
        Ok(Json(view(&visit, credential, client)))
    }

    /// Give an OAuth client another token life and other trusted keys
    ///
    /// Access tokens that another trust got end with it. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/oauth-clients/:credential", method = "put", operation_id = "changeOAuthClient")]
    async fn change(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The credential's id.
        credential: Path<String>,
        body: Json<ClientSettings>,
    ) -> Result<Json<ClientView>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        caller.0.demand_recent()?;
        let (credential, client) = found(&visit, &credential.0).await?;
        let mut form = Form::default();
        let token_seconds = seconds(&mut form, body.0.token_seconds);
        let trust = checked(&visit, &credential, body.0.trust, client.trust.as_ref(), &mut form).await;
        form.finish()?;
        visit.store.oauth_clients().set(credential.id, token_seconds, trust, &visit.author).await?;
        let (credential, client) = found(&visit, &credential.id.to_string()).await?;
        Ok(Json(view(&visit, credential, client)))
    }

    /// Issue another secret of an OAuth client
    ///
    /// The ones before stay good, so that the IdP can move over. The answer holds the secret, this one time. Needs a
    /// sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/oauth-clients/:credential/secrets", method = "post", operation_id = "issueClientSecret")]
    async fn issue_secret(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The credential's id.
        credential: Path<String>,
        body: Json<NewSecret>,
    ) -> Result<Created<IssuedSecret>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        caller.0.demand_recent()?;
        let (credential, _) = found(&visit, &credential.0).await?;
        let mut form = Form::default();
        lifetime(&mut form, "lifetimeDays", body.0.lifetime_days);
        form.finish()?;
        let (text, secret) = issue(&visit, Some(visit.author.actor.name().to_owned()), body.0.lifetime_days)?;
        visit.store.oauth_clients().add_secret(credential.id, &secret, &visit.author).await?;
        let secret = secret_view(secret, visit.shared.clock.now());
        Ok(created(IssuedSecret { secret, client_secret: text }))
    }

    /// Revoke a secret of an OAuth client
    ///
    /// At once and for good, with the access tokens that it got. Doing it again changes nothing. Needs a sign-in within the
    /// last 15 minutes (`sign_in_again`).
    #[oai(
        path = "/tenants/:tenant/oauth-clients/:credential/secrets/:secret/revoke",
        method = "post",
        operation_id = "revokeClientSecret"
    )]
    async fn revoke_secret(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The credential's id.
        credential: Path<String>,
        /// The secret's id.
        secret: Path<String>,
    ) -> Result<Json<SecretView>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        caller.0.demand_recent()?;
        let (credential, _) = found(&visit, &credential.0).await?;
        let id: ClientSecretId = secret.0.parse().map_err(|_| Failure::NotFound)?;
        let now = visit.shared.clock.now();
        visit.store.oauth_clients().revoke_secret(credential.id, id, now, &visit.author).await?;
        let (_, client) = found(&visit, &credential.id.to_string()).await?;
        let secret = client.secrets.into_iter().find(|secret| secret.id == id).ok_or(Failure::NotFound)?;
        Ok(Json(secret_view(secret, now)))
    }
}

async fn found(visit: &Visit, id: &str) -> Result<(Credential, OAuthClient), Failure> {
    let id: CredentialId = id.parse().map_err(|_| Failure::NotFound)?;
    let credential = visit.store.credentials().find(id).await?.ok_or(Failure::NotFound)?;
    if credential.kind != CredentialKind::OAuthClient {
        return Err(Failure::NotFound);
    }
    let client = visit.store.oauth_clients().find(id).await?.ok_or(Failure::NotFound)?;
    Ok((credential, client))
}

fn seconds(form: &mut Form, seconds: u32) -> u32 {
    if !(oauth::SHORTEST..=oauth::LONGEST).contains(&seconds) {
        form.wrong("tokenSeconds", format!("is a number from {} to {}", oauth::SHORTEST, oauth::LONGEST));
    }
    seconds
}

fn lifetime(form: &mut Form, field: &str, days: Option<u32>) {
    if days.is_some_and(|days| !(1..=DAYS).contains(&days)) {
        form.wrong(field, format!("is a number from 1 to {DAYS}"));
    }
}

fn issue(visit: &Visit, by: Option<String>, days: Option<u32>) -> Result<(String, ClientSecret), Failure> {
    let issued = ClientSecret::issue(&visit.shared.key, by, visit.shared.clock.now(), days.map(i64::from));
    let (text, secret) = issued.map_err(|_| Failure::Internal("no randomness"))?;
    Ok((text.expose().to_owned(), secret))
}

/// A trust as it was entered, with what stands in for what was left out. One that says what is there already keeps its
/// age, so that access tokens live on.
async fn checked(
    visit: &Visit,
    credential: &Credential,
    entered: Option<NewTrust>,
    before: Option<&Trust>,
    form: &mut Form,
) -> Option<Trust> {
    let NewTrust { issuer, subject, audience, jwks_uri, jwks } = entered?;
    let own = oauth::client_id(&credential.public_id);
    let mut claim = |field: &str, entered: Option<String>, own: &str| match entered.filter(|text| !text.trim().is_empty()) {
        Some(text) => form.line(field, &text, CLAIM),
        None => own.to_owned(),
    };
    let issuer = claim("trust.issuer", issuer, &own);
    let subject = claim("trust.subject", subject, &own);
    let audience = claim("trust.audience", audience, &token_url(visit));
    let keys = match (jwks_uri.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty()), jwks) {
        (Some(url), None) => {
            if let Err(refused) = visit.shared.outgoing.check(&url).await {
                form.wrong("trust.jwksUri", refused.to_string());
            }
            let kept = match before.map(|before| &before.keys) {
                Some(TrustedKeys::Address { url: known, kept }) if *known == url => kept.clone(),
                _ => None,
            };
            TrustedKeys::Address { url, kept }
        }
        (None, Some(Document(set))) => {
            if let Some(fault) = oauth::key_set_fault(&set) {
                form.wrong("trust.jwks", fault);
            }
            TrustedKeys::Given(set)
        }
        _ => {
            form.wrong("trust.jwksUri", "either this or jwks must be there, and not both");
            return None;
        }
    };
    let set_at = visit.shared.clock.now();
    let trust = Trust { issuer, subject, audience, keys, set_at };
    let same = before.filter(|before| Trust { set_at, ..(*before).clone() } == trust);
    Some(same.cloned().unwrap_or(trust))
}
