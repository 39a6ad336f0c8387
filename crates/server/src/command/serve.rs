//! `serve`.

use std::sync::Arc;

use domain::SystemClock;
use tokio::net::TcpListener;

use super::Failure;
use crate::app::{App, Ground};
use crate::config::Config;
use crate::{background, listener, shutdown};

pub(super) async fn run(config: Config) -> Result<(), Failure> {
    let stop = shutdown::on_signal()?;
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let ground = Ground::open(&config, Arc::new(SystemClock)).await?;
    let (app, writer) = App::new(&ground, &config);
    let log = background::write_log(writer);
    let uses = background::write_uses(ground.store.clone(), stop.clone());
    tracing::info!(listen = %config.listen, public_url = %config.public_url, database = ground.store.engine_name(), "serving");
    listener::serve(listener, Arc::new(app), stop).await;
    // The last request's sender is gone with the application: the writer drains its queue and ends.
    log.await?;
    uses.await?;
    ground.store.close().await;
    Ok(())
}
