//! `admin create`.

use std::io::BufRead;
use std::sync::Arc;

use clap::Subcommand;
use domain::admin::{TenantRole, hash_password, is_email};
use domain::secret::random_base62;
use domain::{AdminId, Clock, Role, Secret, SystemClock};
use serde::Serialize;
use store::{NewAdmin, StoreError};

use super::token::tenant_of;
use super::{Failure, print};
use crate::app::Ground;
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Add a person. Without --tenant they run the whole service.
    Create {
        /// Their e-mail address.
        email: String,
        /// Their name; the address without it.
        #[arg(long)]
        name: Option<String>,
        /// The only tenant they may enter, by slug or id.
        #[arg(long)]
        tenant: Option<String>,
        /// What they may do there: admin, developer or viewer.
        #[arg(long, default_value = "admin", requires = "tenant", value_parser = ["admin", "developer", "viewer"])]
        role: String,
        /// Read their password from the first line of standard input. Without it one is made and printed once.
        #[arg(long)]
        password_stdin: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    email: String,
    name: String,
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl Admin {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let Self::Create { email, name, tenant, role, password_stdin, json } = self;
        if !is_email(&email) {
            return Err(format!("{email:?} is no e-mail address").into());
        }
        let (password, made) = password(password_stdin)?;
        let password_hash = hash_password(&password)?;
        let ground = Ground::open(config, Arc::new(SystemClock)).await?;
        let added = add(&ground, email, name, tenant, &role, password_hash).await;
        ground.store.close().await;
        let shown = Shown { password: made.then(|| password.expose().to_owned()), ..added? };
        let what = shown.tenant.as_deref().map_or_else(|| shown.role.to_owned(), |slug| format!("{} of {slug}", shown.role));
        let secret = shown.password.as_deref().map(|password| format!("\npassword, shown once: {password}"));
        print(json, &shown, &format!("{} is {what}{}", shown.email, secret.unwrap_or_default()))
    }
}

async fn add(
    ground: &Ground,
    email: String,
    name: Option<String>,
    tenant: Option<String>,
    role: &str,
    password_hash: String,
) -> Result<Shown, Failure> {
    let (role, roles, slug) = match tenant {
        None => (Role::Operator, Vec::new(), None),
        Some(tenant) => {
            let (door, slug) = tenant_of(ground, &tenant).await?;
            let role = Role::parse(role).ok_or("there is no such role")?;
            (role, vec![TenantRole { tenant: door.id(), role }], Some(slug))
        }
    };
    let admin = domain::Admin {
        id: AdminId::generate(),
        name: name.unwrap_or_else(|| email.clone()),
        email,
        password_hash: Some(password_hash),
        operator: role == Role::Operator,
        created_at: SystemClock.now(),
    };
    let new = NewAdmin { admin: admin.clone(), roles };
    ground.store.system().insert_admin(new, &ground.command_line()).await.map_err(|error| match error {
        StoreError::Conflict(_) => Failure::from("somebody has this e-mail address"),
        other => other.into(),
    })?;
    let domain::Admin { id, email, name, .. } = admin;
    Ok(Shown { id: id.to_string(), email, name, role: role.as_str(), tenant: slug, password: None })
}

/// The password, and whether it was made here.
fn password(from_input: bool) -> Result<(Secret, bool), Failure> {
    if !from_input {
        return Ok((Secret::new(random_base62(20)?), true));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok((Secret::new(line.trim_end_matches(['\r', '\n'])), false))
}
