//! `token create`, `token list` and `token revoke`.

use std::sync::Arc;

use clap::Subcommand;
use domain::audit::COMMAND_LINE;
use domain::credential::Order;
use domain::{
    Clock, Connection, ConnectionId, ConnectionState, Credential, CredentialId, Idp, Rights, Secret, SystemClock, Timestamp,
};
use serde::Serialize;
use store::TenantStore;

use super::{Failure, print};
use crate::app::Ground;
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Issue a token. It is shown once.
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
        /// Make the connection strict.
        #[arg(long)]
        strict: bool,
        /// It may only read.
        #[arg(long)]
        read_only: bool,
        /// It ends by itself after so many days.
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..=3_650))]
        days: Option<i64>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// List a tenant's tokens, one a line; the tokens themselves are not kept.
    List {
        /// The tenant, by slug or id.
        tenant: String,
        /// Print JSON, one object a line.
        #[arg(long)]
        json: bool,
    },
    /// End a token now.
    Revoke {
        /// The tenant, by slug or id.
        tenant: String,
        /// The token's id, as `token list` shows it.
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    name: String,
    connection_id: String,
    starts_with: String,
    rights: &'static str,
    state: &'static str,
    created_at: String,
    ends_at: Option<String>,
    revoked_at: Option<String>,
    last_used_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issued {
    token: String,
    scim_url: String,
    credential: Shown,
}

impl Token {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let ground = Ground::open(config, Arc::new(SystemClock)).await?;
        let done = self.act(config, &ground).await;
        ground.store.close().await;
        done
    }

    async fn act(self, config: &Config, ground: &Ground) -> Result<(), Failure> {
        match self {
            Self::Create { tenant, name, connection, idp, strict, read_only, days, json } => {
                let (door, slug) = tenant_of(ground, &tenant).await?;
                let idp = Idp::parse(&idp)
                    .ok_or_else(|| format!("{idp:?} is no IdP we know; take entra, okta, onelogin, jumpcloud or other"))?;
                let connection = connection_of(ground, &door, connection, idp, strict).await?;
                let rights = if read_only { Rights::Read } else { Rights::Write };
                let (token, credential) = issue(ground, &connection, name, rights, days).await?;
                let scim_url = format!("{}/scim/{slug}/v2", config.public_url);
                let token = token.expose().to_owned();
                let text = format!("{scim_url}\n{token}");
                print(json, &Issued { token, scim_url, credential: shown(&credential) }, &text)
            }
            Self::List { tenant, json } => {
                let (door, _) = tenant_of(ground, &tenant).await?;
                for credential in door.credentials().list().await? {
                    let s = shown(&credential);
                    print(json, &s, &format!("{}\t{}…\t{}\t{}\t{}", s.id, s.starts_with, s.state, s.rights, s.name))?;
                }
                Ok(())
            }
            Self::Revoke { tenant, id, json } => {
                let (door, _) = tenant_of(ground, &tenant).await?;
                let id: CredentialId = id.parse().map_err(|_| format!("{id:?} is no id of a token; `token list` shows them"))?;
                let revoked = door
                    .credentials()
                    .revoke(id, SystemClock.now(), &ground.command_line())
                    .await?
                    .ok_or("this tenant has no such token")?;
                print(json, &shown(&revoked), &format!("revoked {}…", revoked.starts_with()))
            }
        }
    }
}

pub(super) async fn tenant_of(ground: &Ground, text: &str) -> Result<(TenantStore, String), Failure> {
    let tenant = super::tenant::find(ground, text).await?;
    Ok((ground.store.tenant(tenant.id), tenant.slug.to_string()))
}

pub(super) async fn connection_of(
    ground: &Ground,
    door: &TenantStore,
    name: Option<String>,
    idp: Idp,
    strict: bool,
) -> Result<Connection, Failure> {
    let name = name.unwrap_or_else(|| idp.label().to_owned());
    let open =
        door.connections().list().await?.into_iter().find(|known| known.name == name && known.state == ConnectionState::Open);
    if let Some(found) = open {
        return Ok(found);
    }
    let connection = Connection {
        id: ConnectionId::generate(),
        tenant: door.id(),
        name,
        idp,
        state: ConnectionState::Open,
        strict,
        created_at: SystemClock.now(),
    };
    Ok(door.connections().insert(connection, &ground.command_line()).await?)
}

/// Issues a token for a connection and keeps its digest.
pub(super) async fn issue(
    ground: &Ground,
    connection: &Connection,
    name: String,
    rights: Rights,
    days: Option<i64>,
) -> Result<(Secret, Credential), Failure> {
    let order = Order { name, rights, created_by: Some(COMMAND_LINE.to_owned()), at: SystemClock.now(), days };
    let (token, credential) = Credential::issue(&ground.key, connection, order)?;
    ground.store.tenant(connection.tenant).credentials().insert(&credential, &ground.command_line()).await?;
    Ok((token, credential))
}

fn shown(credential: &Credential) -> Shown {
    let time = |at: Option<Timestamp>| at.map(Timestamp::to_rfc3339);
    Shown {
        id: credential.id.to_string(),
        name: credential.name.clone(),
        connection_id: credential.connection.to_string(),
        starts_with: credential.starts_with(),
        rights: credential.rights.as_str(),
        state: credential.state(SystemClock.now()),
        created_at: credential.created_at.to_rfc3339(),
        ends_at: time(credential.ends_at),
        revoked_at: time(credential.revoked_at),
        last_used_at: time(credential.last_used.as_ref().map(|used| used.at)),
    }
}
