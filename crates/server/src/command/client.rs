//! `client create`, and `signing-key rotate` for the access tokens of all clients.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use domain::credential::Order;
use domain::oauth::{self, Trust, TrustedKeys};
use domain::{ClientSecret, Clock, Credential, Idp, OAuthClient, Rights, SigningKey, SystemClock};
use outgoing::Outgoing;
use serde::Serialize;

use super::token::{connection_of, tenant_of};
use super::{Failure, print, say};
use crate::app::{AGENT, Ground};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Client {
    /// Make an OAuth client. Its secret is shown once; a client that trusts keys gets none.
    Create {
        /// The tenant, by slug or id.
        tenant: String,
        /// Its name for people.
        #[arg(long, default_value = "Command line")]
        name: String,
        /// The connection it belongs to, by name; made when there is none of this name.
        #[arg(long)]
        connection: Option<String>,
        /// The IdP of a connection that is made: entra, okta, onelogin, jumpcloud or other.
        #[arg(long, default_value = "other")]
        idp: String,
        /// It may only read.
        #[arg(long)]
        read_only: bool,
        /// Its secret ends by itself after so many days.
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..=3_650))]
        days: Option<i64>,
        #[command(flatten)]
        trusted: Trusted,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Whose signed assertions prove the client.
#[derive(Args, Debug)]
pub(super) struct Trusted {
    /// The `iss` of its assertions; its own client id without it.
    #[arg(long)]
    issuer: Option<String>,
    /// The `sub` of its assertions; its own client id without it.
    #[arg(long)]
    subject: Option<String>,
    /// The `aud` of its assertions; the token endpoint without it.
    #[arg(long)]
    audience: Option<String>,
    /// The address of its keys.
    #[arg(long, conflicts_with = "jwks")]
    jwks_uri: Option<String>,
    /// A file with its public keys, a JWK set.
    #[arg(long)]
    jwks: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Sign access tokens with a new key from now on. Tokens of the keys before stay good until they end.
    Rotate {
        /// End all access tokens that were signed so far, because a key may have leaked.
        #[arg(long)]
        at_once: bool,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issued {
    id: String,
    client_id: String,
    client_secret: Option<String>,
    token_url: String,
    scim_url: String,
}

impl Client {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let ground = Ground::open(config, Arc::new(SystemClock)).await?;
        let done = self.act(config, &ground).await;
        ground.store.close().await;
        done
    }

    async fn act(self, config: &Config, ground: &Ground) -> Result<(), Failure> {
        let Self::Create { tenant, name, connection, idp, read_only, days, trusted, json } = self;
        let (door, slug) = tenant_of(ground, &tenant).await?;
        let idp = Idp::parse(&idp)
            .ok_or_else(|| format!("{idp:?} is no IdP we know; take entra, okta, onelogin, jumpcloud or other"))?;
        let connection = connection_of(ground, &door, connection, idp, false).await?;
        let rights = if read_only { Rights::Read } else { Rights::Write };
        let (by, at) = (Some("command line".to_owned()), SystemClock.now());
        let order = Order { name, rights, created_by: by.clone(), at, days: None };
        let credential = Credential::client(&connection, order)?;
        let client_id = oauth::client_id(&credential.public_id);
        let token_url = format!("{}/oauth/{slug}/token", config.public_url);
        let trust = trusted.trust(config, &client_id, &token_url).await?;
        let mut client = OAuthClient { token_seconds: oauth::SHORTEST, trust, secrets: Vec::new() };
        let mut client_secret = None;
        if client.trust.is_none() {
            let (text, secret) = ClientSecret::issue(&ground.key, by, at, days)?;
            client.secrets.push(secret);
            client_secret = Some(text.expose().to_owned());
        }
        door.oauth_clients().insert(&credential, &client, &ground.command_line()).await?;
        let scim_url = format!("{}/scim/{slug}/v2", config.public_url);
        let id = credential.id.to_string();
        let text = [Some(&scim_url), Some(&token_url), Some(&client_id), client_secret.as_ref()];
        let text = text.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("\n");
        print(json, &Issued { id, client_id, client_secret, token_url, scim_url }, &text)
    }
}

impl Trusted {
    async fn trust(self, config: &Config, client_id: &str, token_url: &str) -> Result<Option<Trust>, Failure> {
        let keys = match (self.jwks_uri, self.jwks) {
            (Some(url), _) => {
                let outgoing = Outgoing::new(config.private_hosts.clone(), AGENT)?;
                outgoing.check(&url).await.map_err(|refused| format!("{url} {refused}"))?;
                TrustedKeys::Address { url, kept: None }
            }
            (None, Some(file)) => {
                let set = serde_json::from_slice(&std::fs::read(&file)?)?;
                if let Some(fault) = oauth::key_set_fault(&set) {
                    return Err(format!("{} {fault}", file.display()).into());
                }
                TrustedKeys::Given(set)
            }
            (None, None) => return Ok(None),
        };
        let or = |entered: Option<String>, own: &str| entered.unwrap_or_else(|| own.to_owned());
        let (issuer, subject) = (or(self.issuer, client_id), or(self.subject, client_id));
        Ok(Some(Trust { issuer, subject, audience: or(self.audience, token_url), keys, set_at: SystemClock.now() }))
    }
}

impl Key {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let Self::Rotate { at_once } = self;
        let ground = Ground::open(config, Arc::new(SystemClock)).await?;
        let (key, author) = (SigningKey::generate(SystemClock.now())?, ground.command_line());
        let done = ground.store.system().add_signing_key(&key, at_once, &author).await;
        ground.store.close().await;
        done?;
        say(if at_once { "a new key signs, and no older one is good any more" } else { "a new key signs" });
        Ok(())
    }
}
