//! `migrate`.

use store::Store;

use super::Failure;
use crate::config::Config;

pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    Store::migrate(&config.database).await?;
    tracing::info!("the database is up to date");
    Ok(())
}
