//! `serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use domain::code::{self, CodePurpose};
use domain::{Clock, SystemClock};
use tokio::net::TcpListener;

use super::{Failure, say};
use crate::app::{App, Ground};
use crate::config::{self, Config};
use crate::listener::{self, Transport};
use crate::measures::Measures;
use crate::otlp::Export;
use crate::tls::Tls;
use crate::{background, shutdown};

/// How long the link for the first operator is good.
const LINK_DAYS: i64 = 1;

/// Serves until the process is asked to stop; what `beside` makes runs beside it once requests are answered.
pub(super) async fn run<F>(
    config: Config,
    export: Option<Arc<Export>>,
    beside: impl FnOnce(Arc<Ground>) -> F,
) -> Result<(), Failure>
where
    F: Future<Output = ()> + Send + 'static,
{
    let stop = shutdown::on_signal()?;
    let listener = listen("requests", "--listen ADDRESS:PORT", config.listen).await?;
    let metrics_listener = match config.metrics_listen {
        Some(address) => Some(listen("metrics", "--metrics-listen ADDRESS:PORT, or off", address).await?),
        None => None,
    };
    let tls = certificate(&config).await?;
    let ground = Arc::new(Ground::open(&config, Arc::new(SystemClock)).await?);
    let (app, writer) = App::new(&ground, &config)?;
    let mut tasks = Vec::new();
    // What is measured before this is lost.
    if metrics_listener.is_some() || export.is_some() {
        let measures = Measures::start(ground.store.clone(), app.watch(), export.as_deref().map(Export::recorder))?;
        tasks.push(background::tidy_measures(Arc::clone(&measures), stop.clone()));
        if let Some(listener) = metrics_listener {
            tasks.push(background::spawn(listener::serve(listener, measures, Transport::default(), stop.clone())));
        }
    }
    if let Some(tls) = &tls {
        tasks.push(background::watch_certificate(tls.clone(), stop.clone())?);
    }
    tasks.extend([
        background::write_uses(ground.store.clone(), stop.clone()),
        background::hear_other_nodes(ground.store.clone(), stop.clone()),
        background::keep_retention(Arc::clone(&ground), stop.clone()),
        background::remove_tenants(Arc::clone(&ground), stop.clone()),
        background::watch_endings(Arc::clone(&ground), post(&config), stop.clone()),
        background::revoke_quiet(Arc::clone(&ground), stop.clone()),
        background::prepare_schemas(Arc::clone(&ground), stop.clone()),
        background::keep_standings(Arc::clone(&ground), stop.clone()),
        background::watch_acknowledgements(Arc::clone(&ground), stop.clone()),
        background::settle_roles(Arc::clone(&ground), stop.clone()),
        background::announce_node(Arc::clone(&ground), app.node(), listener.local_addr()?, stop.clone()),
        background::deliver_webhooks(Arc::clone(&ground), app.courier(), config.webhooks, stop.clone()),
        background::until(stop.clone(), app.beside()),
    ]);
    let log = background::write_log(writer);
    tracing::info!(listen = %config.listen, public_url = %config.public_url, database = ground.store.engine_name(), "serving");
    if config::is_exposed(&config.public_url) {
        tracing::warn!(public_url = %config.public_url, "tokens travel in clear: put a proxy with TLS in front and give its https address");
    }
    say(&format!("Directory Sync answers at {}", config.public_url));
    welcome(&ground, &config).await?;
    let beside = background::spawn(beside(Arc::clone(&ground)));
    let transport = Transport { deadlines: config.deadlines, tls };
    let app = Arc::new(app);
    tasks.push(background::end_streams(Arc::clone(&app), stop.clone()));
    listener::serve(listener, app, transport, stop).await;
    beside.abort();
    // The last request's sender is gone with the application: the writer drains its queue and ends.
    log.await?;
    for task in tasks {
        task.await?;
    }
    background::hand_over_standings(&ground).await;
    ground.store.clone().close().await;
    Ok(())
}

/// How letters leave, where mail is set up.
fn post(config: &Config) -> Option<background::Post> {
    Some(background::Post { mail: config.mail.clone()?, public_url: config.public_url.clone() })
}

async fn certificate(config: &Config) -> Result<Option<Tls>, Failure> {
    let Some(files) = config.tls.clone() else { return Ok(None) };
    Ok(Some(Tls::open(files, &config.public_url).await?))
}

async fn listen(what: &str, flag: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    let bound = TcpListener::bind(address).await;
    Ok(bound.map_err(|error| format!("cannot listen for {what} on {address}: {error}; choose another with {flag}"))?)
}

/// Prints a one-time link for the first operator while there is none. The code stands in the fragment, which no server
/// or proxy sees.
async fn welcome(ground: &Ground, config: &Config) -> Result<(), Failure> {
    if ground.store.system().has_operator().await? {
        return Ok(());
    }
    let (code, digest) = code::issue(&ground.key, CodePurpose::Welcome)?;
    let now = SystemClock.now();
    ground.store.system().replace_welcome_code(digest, now, now.plus_days(LINK_DAYS), &ground.itself()).await?;
    say(&format!("Become its first operator, once and within a day: {}/welcome#{}", config.public_url, code.expose()));
    Ok(())
}
