//! What is read of one tenant to say how it stands: a bounded number of rows, whatever its log holds.

use domain::connection::ConnectionState;
use domain::credential::CredentialKind;
use domain::health::{Health, Rhythm};
use domain::{
    Connection, ConnectionId, Credential, CredentialId, Idp, Outcome, Standing, SyncEvent, TenantState, Timestamp, standing,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::StoreError;
use crate::counters::Counters;
use crate::store::TenantStore;
use crate::sync_log::{SyncEventFilter, TenantSyncLog};

/// The newest requests of its connections that say how a tenant does.
const NEWEST: usize = 20;
/// Microseconds of an hour, after which figures of a day are others without anything happening.
const HOUR: i64 = 3_600_000_000;
/// How long a reading holds when nothing is known to change it, in seconds.
const LONGEST: i64 = 24 * 60 * 60;

/// A connection in a few words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionBrief {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Which IdP it is for.
    pub idp: Idp,
    /// Whether its credentials open the door.
    pub open: bool,
}

/// The credential, or the secret of an OAuth client, that ends next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextEnd {
    /// The credential; of a secret its client.
    pub credential: Uuid,
    /// The credential's name.
    pub name: String,
    /// When it ends, in microseconds.
    pub ends_at: i64,
    /// The first characters of the client's secret that ends.
    pub secret_starts_with: Option<String>,
}

/// How a tenant stands, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it has.
    pub counters: Counters,
    /// Its connections, in the order in which they were made.
    pub connections: Vec<ConnectionBrief>,
    /// How many credentials open its door.
    pub live_credentials: u64,
    /// What of them ends next.
    pub next_end: Option<NextEnd>,
    /// When the last request came that one of its connections sent.
    pub last_request_at: Option<Timestamp>,
    /// Requests of the last 24 hours, by the hour.
    pub requests: u64,
    /// How many of them were refused or failed.
    pub refused: u64,
    /// How its directory arrives.
    pub health: Health,
    /// Its open connections of which nothing has come for longer than is usual.
    pub silent: Vec<Uuid>,
    /// When it may have changed without anything happening.
    pub(crate) due_at: Timestamp,
}

impl Reading {
    /// How a tenant in this state stands.
    pub fn standing(&self, state: TenantState) -> Standing {
        Standing::of(state, self.health)
    }

    /// The IdP of its first open connection.
    pub(crate) fn idp(&self) -> &'static str {
        self.connections.iter().find(|connection| connection.open).map_or("", |connection| connection.idp.as_str())
    }
}

impl TenantStore {
    /// How the tenant stands now.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn reading(&self, now: Timestamp) -> Result<Reading, StoreError> {
        let counters = self.counters().await?;
        let connections = self.connections().list().await?;
        let credentials = self.credentials().list().await?;
        let live = live(&connections, &credentials, now);
        let ends = ends(self, &live, now).await?;
        let log = self.sync_events();
        let (newest, mut last_request_at) = newest(&log, &connections).await?;
        let (mut of_connections, mut silent_ones, mut silent_at) = (Vec::new(), Vec::new(), None);
        let open: Vec<_> = connections.iter().filter(|connection| connection.state == ConnectionState::Open).collect();
        for connection in open {
            let cycles = log.cycles(connection.id, Rhythm::CYCLES).await?;
            let Some(last) = cycles.first() else { continue };
            // However many strangers came since, its own last request is known.
            last_request_at = last_request_at.max(Some(last.ended_at));
            let health = Health::of(true, &cycles, now);
            if health == Health::Silent {
                silent_ones.push(connection.id.as_uuid());
            }
            let rhythm = Rhythm::learn(&cycles).filter(|_| health != Health::Silent);
            let silent = rhythm.map(|rhythm| last.ended_at.plus_seconds(rhythm.silent_after_seconds + 1));
            silent_at = silent.into_iter().chain(silent_at).min();
            of_connections.push(health);
        }
        let (requests, refused) = log.of_a_day(now).await?;
        let next_hour = Timestamp::from_micros((now.as_micros().div_euclid(HOUR) + 1) * HOUR);
        let next_end = ends.into_iter().min_by_key(|end| end.ends_at);
        let ends_at = next_end.as_ref().map(|end| Timestamp::from_micros(end.ends_at));
        let changes = [silent_at, ends_at, (requests > 0).then_some(next_hour)];
        Ok(Reading {
            counters,
            connections: connections.iter().map(brief).collect(),
            live_credentials: live.len() as u64,
            next_end,
            last_request_at,
            requests,
            refused,
            health: standing::health(!live.is_empty(), &newest, &of_connections),
            silent: silent_ones,
            due_at: changes.into_iter().flatten().min().unwrap_or_else(|| now.plus_seconds(LONGEST)),
        })
    }

    /// What of the credentials that open the door now ends by itself, secrets of OAuth clients included; in no order.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn ends(&self, live: &[&Credential], now: Timestamp) -> Result<Vec<NextEnd>, StoreError> {
        ends(self, live, now).await
    }
}

/// What became of the newest requests that open connections sent, and when the last one of any came. Whoever has none of
/// their credentials is a stranger, and says nothing of how they are.
async fn newest(log: &TenantSyncLog<'_>, connections: &[Connection]) -> Result<(Vec<Outcome>, Option<Timestamp>), StoreError> {
    let (mut newest, mut last) = (Vec::new(), None);
    for connection in connections {
        let of = SyncEventFilter { connection: Some(connection.id), limit: NEWEST as u64, ..SyncEventFilter::default() };
        let events = log.list(&of).await?.into_iter().filter(SyncEvent::is_of_its_connection);
        let events: Vec<_> = events.map(|event| (event.id, event.at, Outcome::of(event.status))).collect();
        last = last.max(events.first().map(|(_, at, _)| *at));
        if connection.state == ConnectionState::Open {
            newest.extend(events);
        }
    }
    newest.sort_unstable_by_key(|(id, ..)| std::cmp::Reverse(*id));
    newest.truncate(NEWEST);
    Ok((newest.into_iter().map(|(.., outcome)| outcome).collect(), last))
}

fn brief(connection: &Connection) -> ConnectionBrief {
    ConnectionBrief {
        id: connection.id.as_uuid(),
        name: connection.name.clone(),
        idp: connection.idp,
        open: connection.state == ConnectionState::Open,
    }
}

/// The credentials that open the door now.
pub fn live<'c>(connections: &[Connection], credentials: &'c [Credential], now: Timestamp) -> Vec<&'c Credential> {
    let open = |of: ConnectionId| connections.iter().any(|c| c.id == of && c.state == ConnectionState::Open);
    credentials.iter().filter(|credential| credential.check(now).is_ok() && open(credential.connection)).collect()
}

/// What of them will end by itself.
async fn ends(store: &TenantStore, live: &[&Credential], now: Timestamp) -> Result<Vec<NextEnd>, StoreError> {
    let end = |credential: &Credential, ends_at: Timestamp, secret_starts_with| NextEnd {
        credential: CredentialId::as_uuid(credential.id),
        name: credential.name.clone(),
        ends_at: ends_at.as_micros(),
        secret_starts_with,
    };
    let mut ends: Vec<_> = live.iter().filter_map(|credential| Some(end(credential, credential.ends_at?, None))).collect();
    if live.iter().any(|credential| credential.kind == CredentialKind::OAuthClient) {
        let secrets = store.oauth_clients().endings(now).await?;
        ends.extend(secrets.into_iter().filter_map(|found| {
            let client = live.iter().find(|credential| credential.id == found.client)?;
            Some(end(client, found.secret.ends_at?, Some(found.secret.starts_with())))
        }));
    }
    Ok(ends)
}
