//! What operators read of the service.

use poem_openapi::{Enum, Object};

use crate::value::Time;

/// Where the data stands.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "lowercase")]
pub(super) enum DatabaseName {
    Sqlite,
    Postgresql,
}

/// How the service runs.
#[derive(Debug, Object)]
#[oai(rename = "System", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct SystemView {
    /// The version that answers.
    pub(super) version: String,
    /// Where the data stands.
    pub(super) database: DatabaseName,
    /// How many bytes the data takes.
    pub(super) database_bytes: u64,
    /// How the world reaches the service.
    pub(super) public_url: String,
    /// When this node started.
    pub(super) started_at: Time,
    /// How many tenants there are.
    pub(super) tenants: u64,
    /// Writes that wait to be committed by this node.
    pub(super) waiting_writes: u64,
    /// How long the write has waited that has waited longest, in milliseconds; absent while none waits.
    pub(super) longest_write_millis: Option<u64>,
    /// Requests that this node has answered and not yet written into the sync log.
    pub(super) log_queue: LogQueue,
    /// What this node answered at tenants' doors within the last hour.
    pub(super) last_hour: LastHourView,
    /// The last round of retention of any node; absent before the first one.
    pub(super) retention: Option<RetentionView>,
    /// The migrations made, by history.
    pub(super) migrations: Vec<MigrationsView>,
    /// The configuration of this node that is in force.
    pub(super) configuration: Vec<SettingView>,
    /// The nodes of the last day, the longest running first.
    pub(super) nodes: Vec<NodeView>,
    /// What this node finds when it looks at itself, now.
    pub(super) checks: Vec<SystemCheck>,
}

/// What waits for the sync log.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct LogQueue {
    /// Requests that wait.
    pub(super) waiting: u64,
    /// How long the one has waited that has waited longest, in milliseconds; absent while none waits.
    pub(super) longest_millis: Option<u64>,
    /// Requests that could not be written since the node started.
    pub(super) lost: u64,
}

/// The requests of the last hour, or of the time since this node started.
#[derive(Debug, Object)]
#[oai(rename = "LastHour", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct LastHourView {
    /// Minutes that are counted, 60 at most.
    pub(super) minutes: u64,
    /// How many requests were answered.
    pub(super) requests: u64,
    /// How many of them were rejected.
    pub(super) rejected: u64,
    /// How many of them failed on our side.
    pub(super) failed: u64,
    /// The time within which half of them were answered, in milliseconds, rounded up to 1, 2, 5, 10, 20, 50 and so on; absent
    /// without any.
    pub(super) p50_ms: Option<u64>,
    /// The same for 95 of 100.
    pub(super) p95_ms: Option<u64>,
    /// The same for 99 of 100.
    pub(super) p99_ms: Option<u64>,
}

/// A round in which everything was removed that is older than it is kept for.
#[derive(Debug, Object)]
#[oai(rename = "RetentionRound", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct RetentionView {
    /// When it began.
    pub(super) began_at: Time,
    /// How long it took.
    pub(super) took_millis: u64,
    /// How many rows it removed; absent when it was cut short.
    pub(super) removed: Option<u64>,
    /// When the node that made it makes another; others make theirs meanwhile.
    pub(super) next_at: Time,
}

/// What the migrations are of.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename = "MigrationHistory", rename_all = "snake_case")]
pub(super) enum History {
    Directory,
    SyncLog,
}

/// The migrations made of one history.
#[derive(Debug, Object)]
#[oai(rename = "Migrations")]
pub(super) struct MigrationsView {
    /// Of what.
    pub(super) history: History,
    /// How many.
    pub(super) made: u64,
    /// The name of the newest.
    pub(super) newest: String,
}

/// One setting.
#[derive(Debug, Object)]
#[oai(rename = "Setting", skip_serializing_if_is_none)]
pub(super) struct SettingView {
    /// Its name in the configuration's file.
    pub(super) name: String,
    /// What it is; absent for a secret that is set. Addresses have neither user nor password.
    pub(super) value: Option<String>,
}

/// One process that serves requests.
#[derive(Debug, Object)]
#[oai(rename = "Node", rename_all = "camelCase")]
pub(super) struct NodeView {
    /// Its id, another one at each start.
    pub(super) id: String,
    /// The name of its machine.
    pub(super) name: String,
    /// The version it runs.
    pub(super) version: String,
    /// Where it listens.
    pub(super) address: String,
    /// When it started.
    pub(super) started_at: Time,
    /// When it was last seen.
    pub(super) seen_at: Time,
    /// Whether it was seen within the last half minute.
    pub(super) present: bool,
    /// Whether it is the node that answers.
    pub(super) current: bool,
}

/// What a node looks at of itself.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
pub(super) enum SystemCheckName {
    /// The database answers.
    Database,
    /// Data can be written.
    Writable,
    /// The database's clock shows what ours does.
    Clock,
    /// Clients reach the service by TLS, or from the same machine.
    PublicUrl,
}

/// What came of one look.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(super) struct SystemCheck {
    /// What was looked at.
    pub(super) name: SystemCheckName,
    /// Whether it is as it should be.
    pub(super) passed: bool,
    /// How long the database took to answer, or how far both clocks are apart, in milliseconds.
    pub(super) millis: Option<u64>,
}
