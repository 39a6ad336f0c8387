//! What nodes on one database tell each other: that something was changed which they keep in memory.
//!
//! The word is passed by PostgreSQL's NOTIFY when a change is committed. It may be lost, so it makes nothing true: what is
//! kept is believed for a second at most in any case. It makes that second a few milliseconds.

use sqlx::postgres::PgListener;

use crate::StoreError;
use crate::announcer::{self, named};
use crate::dialect::Engine;
use crate::store::Store;
use crate::sync_log::stream;

const CREDENTIALS: &str = "directory_sync_credentials";

impl Store {
    /// Ends this node's belief in credentials that it has checked, and tells the other nodes.
    pub(crate) async fn forget_credentials(&self) {
        self.inner().credentials.forget_all();
        if self.inner().engine == Engine::Postgres
            && let Err(error) = self.write_gate().say(&format!("NOTIFY {CREDENTIALS}")).await
        {
            tracing::debug!(%error, "other nodes learn of a change by asking");
        }
    }

    fn forget_what_others_change(&self) {
        self.inner().credentials.forget_all();
        self.sync_log().news.ring_all();
        self.inner().announcer.ring_all();
    }

    /// Does as other nodes say, for as long as the connection holds; on SQLite, where there are none, it never ends.
    ///
    /// # Errors
    /// When the connection cannot be made, or breaks.
    pub async fn hear_other_nodes(&self) -> Result<(), StoreError> {
        let Some(url) = &self.inner().shared_at else { return std::future::pending().await };
        let broken = |error: sqlx::Error| StoreError::from(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())));
        let mut listener = PgListener::connect(url.expose()).await.map_err(broken)?;
        listener.listen_all([CREDENTIALS, stream::CHANNEL, announcer::CHANNEL]).await.map_err(broken)?;
        // What was said before was not heard.
        self.forget_what_others_change();
        loop {
            match listener.try_recv().await.map_err(broken)? {
                Some(word) if word.channel() == stream::CHANNEL => self.sync_log().news.ring(named(word.payload())),
                Some(word) if word.channel() == announcer::CHANNEL => self.inner().announcer.ring(named(word.payload())),
                // Another word, or the connection was made anew and words may be lost.
                _ => self.forget_what_others_change(),
            }
        }
    }
}
