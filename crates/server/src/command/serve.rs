//! `serve`.

use std::sync::Arc;

use domain::SystemClock;
use tokio::net::TcpListener;

use super::Failure;
use crate::app::{App, Ground};
use crate::config::Config;
use crate::{background, listener, shutdown};

/// Serves until the process is asked to stop; what `beside` makes runs beside it once requests are answered.
pub(super) async fn run<F>(config: Config, beside: impl FnOnce(Arc<Ground>) -> F) -> Result<(), Failure>
where
    F: Future<Output = ()> + Send + 'static,
{
    let stop = shutdown::on_signal()?;
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let ground = Arc::new(Ground::open(&config, Arc::new(SystemClock)).await?);
    let (app, writer) = App::new(&ground, &config);
    let log = background::write_log(writer);
    let uses = background::write_uses(ground.store.clone(), stop.clone());
    tracing::info!(listen = %config.listen, public_url = %config.public_url, database = ground.store.engine_name(), "serving");
    let beside = background::spawn(beside(Arc::clone(&ground)));
    listener::serve(listener, Arc::new(app), stop).await;
    beside.abort();
    // The last request's sender is gone with the application: the writer drains its queue and ends.
    log.await?;
    uses.await?;
    ground.store.clone().close().await;
    Ok(())
}
