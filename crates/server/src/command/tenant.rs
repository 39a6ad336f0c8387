//! `tenant create`, `tenant rename`, `tenant old-slugs`, `tenant drop-old-slug`, `tenant set`, `tenant suspend`,
//! `tenant resume`, `tenant ceiling`, `tenant delete` and `tenant list`.

use std::sync::Arc;

use clap::{Args, Subcommand};
use domain::line::{NotALine, line};
use domain::tenant::{LOG_DAYS, MOST_CHANGE_DAYS, MOST_NAME};
use domain::{
    AcknowledgementTarget, BodyPolicy, Ceiling, Clock, ConnectionState, OldSlug, SystemClock, TenantId, TenantRef, TenantSlug,
    TenantState, Timestamp,
};
use serde::Serialize;
use store::{LogChange, StoreError, TenantChange, Unique};

use super::{Failure, print};
use crate::app::Ground;
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Tenant {
    /// Make a tenant.
    Create {
        /// The company's name.
        #[arg(value_parser = name_of)]
        name: String,
        /// Its short name in addresses; made from the name without it.
        #[arg(long)]
        slug: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give a tenant another short name; the one before goes on opening its SCIM door until it is dropped.
    Rename {
        /// Its slug or id.
        tenant: String,
        /// The new short name.
        slug: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the earlier short names that still open a tenant's SCIM door, one a line, the newest first.
    OldSlugs {
        /// Its slug or id.
        tenant: String,
        /// Print JSON, one object a line.
        #[arg(long)]
        json: bool,
    },
    /// Drop an earlier short name: from here on its address answers 401. No other tenant gets it for 90 days.
    DropOldSlug {
        /// The tenant's slug or id.
        tenant: String,
        /// The earlier short name.
        slug: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Set a tenant's name, what its sync log and its feed keep, and when its changes are to be acknowledged.
    Set {
        /// Its slug or id.
        tenant: String,
        #[command(flatten)]
        settings: Settings,
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
    /// Set how many SCIM requests a second a tenant may send to a node.
    Ceiling {
        /// Its slug or id.
        tenant: String,
        /// Requests a second, "none" for as many as it likes, or "general" for what holds for all tenants.
        ceiling: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Delete a tenant with all it has, for good. Its doors close at once; its rows are removed by the service.
    Delete {
        /// Its slug or id.
        tenant: String,
        /// Its slug, typed again by whoever means it; without it the command only says what there is.
        #[arg(long)]
        confirm: Option<String>,
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

/// What is to be different; what is not named stays.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(super) struct Settings {
    /// The company's name.
    #[arg(long, value_parser = name_of)]
    name: Option<String>,
    /// How the sync log keeps bodies and headers from now on: off, masked or full.
    #[arg(long, value_name = "POLICY", value_parser = bodies_of)]
    log_bodies: Option<BodyPolicy>,
    /// For how many days the sync log keeps requests, 1 to 90.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=i64::from(LOG_DAYS)))]
    log_days: Option<u16>,
    /// For how many days changes are kept, 1 to 730.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_CHANGE_DAYS)))]
    change_days: Option<u16>,
    /// Within how many seconds a reader of the feed is to acknowledge a change, 1 to 2592000, or "none".
    #[arg(long, value_name = "SECONDS")]
    acknowledgement_target: Option<AcknowledgementTarget>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    slug: String,
    name: String,
    state: &'static str,
    /// As it is set: a number, "none" or "general".
    request_ceiling: String,
    scim_url: String,
    log_bodies: &'static str,
    log_days: u16,
    change_days: u16,
    acknowledgement_target_seconds: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OldSlugShown {
    slug: String,
    since: String,
    last_used_at: Option<String>,
}

/// What goes with a tenant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contents {
    id: String,
    slug: String,
    state: &'static str,
    people: u64,
    groups: u64,
    connections: usize,
    live_credentials: usize,
}

impl Tenant {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let ground = Ground::open(config, Arc::new(SystemClock)).await?;
        let done = match self {
            Self::Create { name, slug, json } => create(config, &ground, name, slug, json).await,
            Self::Suspend { tenant, json } => set_state(config, &ground, &tenant, TenantState::Suspended, json).await,
            Self::Resume { tenant, json } => set_state(config, &ground, &tenant, TenantState::Active, json).await,
            Self::Ceiling { tenant, ceiling, json } => set_ceiling(config, &ground, &tenant, &ceiling, json).await,
            Self::Rename { tenant, slug, json } => rename(config, &ground, &tenant, &slug, json).await,
            Self::OldSlugs { tenant, json } => old_slugs(&ground, &tenant, json).await,
            Self::DropOldSlug { tenant, slug, json } => drop_old_slug(&ground, &tenant, &slug, json).await,
            Self::Set { tenant, settings, json } => set(config, &ground, &tenant, settings, json).await,
            Self::Delete { tenant, confirm, json } => delete(&ground, &tenant, confirm.as_deref(), json).await,
            Self::List { json } => list(config, &ground, json).await,
        };
        ground.store.close().await;
        done
    }
}

async fn create(config: &Config, ground: &Ground, name: String, slug: Option<String>, json: bool) -> Result<(), Failure> {
    let slug = match slug {
        Some(slug) => slug_of(&slug)?,
        None => TenantSlug::suggest(&name).ok_or("no slug can be made from this name; give one with --slug")?,
    };
    let tenant = domain::Tenant {
        id: TenantId::generate(),
        slug,
        name,
        state: TenantState::Active,
        ceiling: Ceiling::General,
        created_at: SystemClock.now(),
        log: domain::LogSettings::default(),
    };
    let tenant = ground.store.system().insert_tenant(tenant, &ground.command_line()).await.map_err(refused)?;
    let shown = shown(config, &tenant);
    print(json, &shown, &format!("{}\t{}", shown.slug, shown.scim_url))
}

async fn set_state(config: &Config, ground: &Ground, text: &str, state: TenantState, json: bool) -> Result<(), Failure> {
    let known = find(ground, text).await?;
    ground.store.system().set_tenant_state(known.id, state, &ground.command_line()).await?;
    let shown = shown(config, &domain::Tenant { state, ..known });
    print(json, &shown, &format!("{}\t{}", shown.slug, shown.state))
}

async fn set_ceiling(config: &Config, ground: &Ground, text: &str, ceiling: &str, json: bool) -> Result<(), Failure> {
    let wrong = |error: domain::ceiling::NotACeiling| format!("{ceiling:?} is no ceiling: {error}");
    let (known, ceiling) = (find(ground, text).await?, ceiling.parse().map_err(wrong)?);
    let change = TenantChange { ceiling: Some(ceiling), ..TenantChange::default() };
    ground.store.system().change_tenant(known.id, change, &ground.command_line()).await?;
    let shown = shown(config, &domain::Tenant { ceiling, ..known });
    print(json, &shown, &format!("{}\t{}", shown.slug, shown.request_ceiling))
}

async fn rename(config: &Config, ground: &Ground, text: &str, slug: &str, json: bool) -> Result<(), Failure> {
    let (known, slug) = (find(ground, text).await?, slug_of(slug)?);
    let change = TenantChange { slug: Some(slug.clone()), ..TenantChange::default() };
    ground.store.system().change_tenant(known.id, change, &ground.command_line()).await.map_err(refused)?;
    let shown = shown(config, &domain::Tenant { slug, ..known });
    print(json, &shown, &format!("{}\t{}", shown.slug, shown.scim_url))
}

async fn old_slugs(ground: &Ground, text: &str, json: bool) -> Result<(), Failure> {
    let known = find(ground, text).await?;
    for old in ground.store.system().old_slugs(known.id).await? {
        let shown = old_slug_shown(&old);
        let last = shown.last_used_at.as_deref().unwrap_or("-");
        print(json, &shown, &format!("{}\t{}\t{last}", shown.slug, shown.since))?;
    }
    Ok(())
}

async fn drop_old_slug(ground: &Ground, text: &str, slug: &str, json: bool) -> Result<(), Failure> {
    let (known, system) = (find(ground, text).await?, ground.store.system());
    let none = || format!("{slug:?} is no old slug of this tenant; `tenant old-slugs` shows them");
    let old = system.old_slugs(known.id).await?.into_iter().find(|old| old.slug.as_str() == slug).ok_or_else(none)?;
    if !system.drop_old_slug(known.id, &old.slug, &ground.command_line()).await? {
        return Err(none().into());
    }
    print(json, &old_slug_shown(&old), &format!("dropped {slug}"))
}

async fn set(config: &Config, ground: &Ground, text: &str, settings: Settings, json: bool) -> Result<(), Failure> {
    let known = find(ground, text).await?;
    let Settings { name, log_bodies, log_days, change_days, acknowledgement_target } = settings;
    let log = LogChange { bodies: log_bodies, days: log_days, change_days, target: acknowledgement_target };
    let change = TenantChange { name, log, ..TenantChange::default() };
    ground.store.system().change_tenant(known.id, change, &ground.command_line()).await?;
    let shown = shown(config, &find(ground, &known.id.to_string()).await?);
    let target = shown.acknowledgement_target_seconds.map_or_else(|| "none".to_owned(), |seconds| seconds.to_string());
    let Shown { slug, name, log_bodies, log_days, change_days, .. } = &shown;
    print(json, &shown, &format!("{slug}\t{name}\t{log_bodies}\t{log_days}\t{change_days}\t{target}"))
}

async fn delete(ground: &Ground, text: &str, confirm: Option<&str>, json: bool) -> Result<(), Failure> {
    let known = find(ground, text).await?;
    let store = ground.store.tenant(known.id);
    let (counters, connections) = (store.counters().await?, store.connections().list().await?);
    let open = |id| connections.iter().any(|connection| connection.id == id && connection.state == ConnectionState::Open);
    let now = ground.clock.now();
    let credentials = store.credentials().list().await?;
    let live = credentials.iter().filter(|credential| credential.check(now).is_ok() && open(credential.connection));
    let mut contents = Contents {
        id: known.id.to_string(),
        slug: known.slug.to_string(),
        state: known.state.as_str(),
        people: counters.users,
        groups: counters.groups,
        connections: connections.len(),
        live_credentials: live.count(),
    };
    let Contents { people, groups, connections, live_credentials, .. } = contents;
    let told = format!("{people} people, {groups} groups, {connections} connections, {live_credentials} live credentials");
    if confirm != Some(known.slug.as_str()) {
        return Err(format!("nothing was deleted: this would delete {told}; say --confirm {} to do so", known.slug).into());
    }
    if !ground.store.system().begin_removal(known.id, &known.slug, &ground.command_line()).await? {
        return Err("the tenant was renamed or deleted meanwhile; nothing was done".into());
    }
    contents.state = TenantState::Deleting.as_str();
    print(json, &contents, &format!("{}\tdeleting\t{told}", contents.slug))
}

/// A tenant that is not being deleted.
pub(super) async fn find(ground: &Ground, text: &str) -> Result<domain::Tenant, Failure> {
    let unknown = || format!("there is no tenant {text:?}");
    let reference: TenantRef = text.parse().map_err(|_| unknown())?;
    let known = ground.store.system().find_tenant(&reference).await?.ok_or_else(unknown)?;
    if known.state == TenantState::Deleting { Err("this tenant is being deleted".into()) } else { Ok(known) }
}

fn slug_of(text: &str) -> Result<TenantSlug, Failure> {
    Ok(text.parse().map_err(|error: domain::tenant::NotASlug| format!("{text:?} is no slug: {error}"))?)
}

fn name_of(text: &str) -> Result<String, NotALine> {
    line(text, MOST_NAME).map(str::to_owned)
}

fn bodies_of(text: &str) -> Result<BodyPolicy, &'static str> {
    BodyPolicy::parse(text).ok_or("take off, masked or full")
}

fn refused(error: StoreError) -> Failure {
    match error {
        StoreError::Conflict(Unique::HeldSlug { until }) => {
            format!("this slug was let go a short while ago and is held until {}; give another", until.to_rfc3339()).into()
        }
        StoreError::Conflict(Unique::SlugPlace) => "this tenant has had too many slugs in the last 90 days".into(),
        StoreError::Conflict(_) => "this slug is taken; give another".into(),
        other => Failure::from(other),
    }
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
        request_ceiling: tenant.ceiling.to_string(),
        scim_url: format!("{}/scim/{}/v2", config.public_url, tenant.slug),
        log_bodies: tenant.log.bodies.as_str(),
        log_days: tenant.log.kept_days(),
        change_days: tenant.log.kept_change_days(),
        acknowledgement_target_seconds: tenant.log.target.seconds(),
    }
}

fn old_slug_shown(old: &OldSlug) -> OldSlugShown {
    OldSlugShown {
        slug: old.slug.to_string(),
        since: old.since.to_rfc3339(),
        last_used_at: old.last_used_at.map(Timestamp::to_rfc3339),
    }
}
