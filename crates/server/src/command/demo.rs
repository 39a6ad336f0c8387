//! `demo`: a living service in a minute. Four sample tenants, each with an IdP whose conversation is played against the
//! real SCIM door.

use std::net::SocketAddr;
use std::sync::Arc;

use domain::secret::random_base62;
use domain::{Clock, Idp, Rights, SystemClock, Tenant, TenantId, TenantRef, TenantSlug, TenantState};

use super::{Failure, say, serve, token};
use crate::app::Ground;
use crate::config::Config;
use crate::conversation::{Address, Player, steps};
use crate::otlp::Export;

const TENANTS: [(Idp, &str, &str); 4] = [
    (Idp::Entra, "Northwind Traders", "northwind"),
    (Idp::Okta, "Initech", "initech"),
    (Idp::OneLogin, "Globex", "globex"),
    (Idp::JumpCloud, "Hooli", "hooli"),
];

pub(super) async fn run(config: Config, export: Option<Arc<Export>>) -> Result<(), Failure> {
    if config.tls.is_some() {
        return Err("the demo plays its conversations over plain HTTP; leave certificate and key out".into());
    }
    let listen = config.listen;
    let public_url = config.public_url.clone();
    serve::run(config, export, move |ground| async move {
        for (idp, name, slug) in TENANTS {
            if let Err(failure) = tenant(&ground, listen, &public_url, idp, name, slug).await {
                tracing::error!(%failure, tenant = slug, "the demo stopped");
                return;
            }
        }
        say("The conversations are over; the service goes on until Ctrl-C.");
    })
    .await
}

async fn tenant(
    ground: &Arc<Ground>,
    listen: SocketAddr,
    public_url: &str,
    idp: Idp,
    name: &str,
    slug: &str,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let words = |failure: Failure| failure.to_string();
    let tenant = find_or_make(ground, name, slug).await.map_err(words)?;
    let door = ground.store.tenant(tenant.id);
    let connection = token::connection_of(ground, &door, None, idp, false).await.map_err(words)?;
    let issued = token::issue(ground, &connection, "Demo".to_owned(), Rights::Write, Some(1)).await;
    let (secret, _) = issued.map_err(words)?;
    say(&format!("{name}: {} at {public_url}/scim/{slug}/v2", idp.label()));
    let run = random_base62(6)?;
    let mut player = Player::new(Address { server: listen, path: format!("/scim/{slug}/v2"), token: secret }, &run);
    let (mut phase, mut wrong) = (String::new(), 0);
    let steps = steps(idp)?;
    for step in &steps {
        if phase != step.phase {
            phase.clone_from(&step.phase);
            say(&format!("  {phase}"));
        }
        if let Some(why) = player.play(step).await? {
            wrong += 1;
            say(&format!("    {}: {why}", step.step));
        }
    }
    say(&format!("  {} of {} requests answered as the IdP needs it", steps.len() - wrong, steps.len()));
    Ok(())
}

async fn find_or_make(ground: &Ground, name: &str, slug: &str) -> Result<Tenant, Failure> {
    let slug: TenantSlug = slug.parse().map_err(|_| "a sample tenant's slug is none")?;
    if let Some(tenant) = ground.store.system().find_tenant(&TenantRef::Slug(slug.clone())).await? {
        return Ok(tenant);
    }
    let tenant = Tenant {
        id: TenantId::generate(),
        slug,
        name: name.to_owned(),
        state: TenantState::Active,
        ceiling: domain::Ceiling::General,
        created_at: SystemClock.now(),
        log: domain::LogSettings::default(),
    };
    Ok(ground.store.system().insert_tenant(tenant, &ground.command_line()).await?)
}
