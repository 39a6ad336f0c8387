//! `tenant create`, `tenant suspend`, `tenant resume` and `tenant list`.

use std::sync::Arc;

use clap::Subcommand;
use domain::{Clock, SystemClock, TenantId, TenantRef, TenantSlug, TenantState};
use serde::Serialize;

use super::{Failure, print};
use crate::app::Ground;
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Tenant {
    /// Make a tenant.
    Create {
        /// The company's name.
        name: String,
        /// Its short name in addresses; made from the name without it.
        #[arg(long)]
        slug: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Stop serving a tenant for now: its SCIM door answers 503, so that IdPs come again later.
    Suspend {
        /// Its slug or id.
        tenant: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Serve a suspended tenant again.
    Resume {
        /// Its slug or id.
        tenant: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// List all tenants, one a line.
    List {
        /// Print JSON, one object a line.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    slug: String,
    name: String,
    state: &'static str,
    scim_url: String,
}

impl Tenant {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let ground = Ground::open(config, Arc::new(SystemClock)).await?;
        let done = match self {
            Self::Create { name, slug, json } => create(config, &ground, name, slug, json).await,
            Self::Suspend { tenant, json } => set_state(config, &ground, &tenant, TenantState::Suspended, json).await,
            Self::Resume { tenant, json } => set_state(config, &ground, &tenant, TenantState::Active, json).await,
            Self::List { json } => list(config, &ground, json).await,
        };
        ground.store.close().await;
        done
    }
}

async fn create(config: &Config, ground: &Ground, name: String, slug: Option<String>, json: bool) -> Result<(), Failure> {
    let slug = match slug {
        Some(slug) => slug.parse().map_err(|_| format!("{slug:?} is no slug: 2 to 63 of a-z, 0-9 and -, and no UUID"))?,
        None => TenantSlug::suggest(&name).ok_or("no slug can be made from this name; give one with --slug")?,
    };
    let tenant =
        domain::Tenant { id: TenantId::generate(), slug, name, state: TenantState::Active, created_at: SystemClock.now() };
    let made = ground.store.system().insert_tenant(tenant, &ground.command_line()).await;
    let tenant = made.map_err(|error| match error {
        store::StoreError::Conflict(_) => "this slug is taken; give another with --slug".into(),
        other => Failure::from(other),
    })?;
    let shown = shown(config, &tenant);
    print(json, &shown, &format!("{}\t{}", shown.slug, shown.scim_url))
}

async fn set_state(config: &Config, ground: &Ground, text: &str, state: TenantState, json: bool) -> Result<(), Failure> {
    let unknown = || format!("there is no tenant {text:?}");
    let reference: TenantRef = text.parse().map_err(|_| unknown())?;
    let system = ground.store.system();
    let known = system.find_tenant(&reference).await?.ok_or_else(unknown)?;
    if known.state == TenantState::Deleting {
        return Err("this tenant is being deleted".into());
    }
    system.set_tenant_state(known.id, state, &ground.command_line()).await?;
    let shown = shown(config, &domain::Tenant { state, ..known });
    print(json, &shown, &format!("{}\t{}", shown.slug, shown.state))
}

async fn list(config: &Config, ground: &Ground, json: bool) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = ground.store.system().list_tenants(None, None, after, 500).await?;
        for tenant in &page {
            let shown = shown(config, tenant);
            print(json, &shown, &format!("{}\t{}\t{}\t{}", shown.slug, shown.state, shown.name, shown.scim_url))?;
        }
        match page.last() {
            Some(last) if page.len() == 500 => after = Some(last.id),
            _ => return Ok(()),
        }
    }
}

fn shown(config: &Config, tenant: &domain::Tenant) -> Shown {
    Shown {
        id: tenant.id.to_string(),
        slug: tenant.slug.to_string(),
        name: tenant.name.clone(),
        state: tenant.state.as_str(),
        scim_url: format!("{}/scim/{}/v2", config.public_url, tenant.slug),
    }
}
