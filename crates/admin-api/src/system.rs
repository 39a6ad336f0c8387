//! The service itself.

mod checks;
mod view;

use std::time::Duration;

use domain::{Right, Timestamp};
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use self::view::{
    DatabaseName, History, LastHourView, LogQueue, MigrationsView, NodeView, RetentionView, SettingView, SystemView,
};
use crate::auth::Signed;
use crate::door::Shared;
use crate::failure::Failure;
use crate::service::Tag;
use crate::value::Time;

/// For how long a node is there that said nothing, in seconds: three of its words may go missing.
const PATIENCE: i64 = 35;

pub(crate) struct System;

#[OpenApi(tag = "Tag::System")]
impl System {
    /// How the service runs
    #[oai(path = "/system", method = "get", operation_id = "getSystem")]
    async fn get(&self, caller: Signed) -> Result<Json<SystemView>, Failure> {
        let caller = caller.0;
        caller.demand(Right::SystemRead)?;
        let shared = &caller.shared;
        let (system, about, now) = (shared.store.system(), &shared.settings.about, shared.clock.now());
        let checks = checks::all(shared).await;
        let [directory, log] = system.migrated().await?;
        let settings = about.configuration.iter();
        let nodes = system.nodes().await?.into_iter().map(|node| node_view(shared, node, now)).collect();
        Ok(Json(SystemView {
            version: shared.settings.version.to_owned(),
            database: match shared.store.engine_name() {
                "sqlite" => DatabaseName::Sqlite,
                _ => DatabaseName::Postgresql,
            },
            database_bytes: system.database_size().await?,
            public_url: shared.settings.public_url.clone(),
            started_at: Time(shared.started_at),
            tenants: system.count_tenants().await?,
            waiting_writes: number(shared.store.waiting_units()),
            longest_write_millis: shared.store.longest_wait().map(millis),
            log_queue: LogQueue {
                waiting: number(about.log.waiting()),
                longest_millis: about.log.longest_wait().map(millis),
                lost: about.log.lost(),
            },
            last_hour: last_hour(shared, now),
            retention: system.last_retention().await?.map(|round| RetentionView {
                began_at: Time(round.began_at),
                took_millis: millis(round.took),
                removed: round.removed,
                next_at: Time(round.next_at),
            }),
            migrations: vec![migrations(History::Directory, directory), migrations(History::SyncLog, log)],
            configuration: settings.map(|s| SettingView { name: s.name.to_owned(), value: s.value.clone() }).collect(),
            nodes,
            checks,
        }))
    }
}

/// What this node answered; of a node that runs for less than an hour since its start.
fn last_hour(shared: &Shared, now: Timestamp) -> LastHourView {
    const MINUTE: i64 = 60_000_000;
    let hour = shared.settings.about.log.last_hour(now);
    let runs = (now.as_micros() - shared.started_at.as_micros()) / MINUTE + 1;
    LastHourView {
        minutes: runs.clamp(1, 60).unsigned_abs(),
        requests: hour.requests,
        rejected: hour.rejected,
        failed: hour.failed,
        p50_ms: hour.within(0.5),
        p95_ms: hour.within(0.95),
        p99_ms: hour.within(0.99),
    }
}

fn migrations(history: History, migrated: store::Migrated) -> MigrationsView {
    MigrationsView { history, made: migrated.made, newest: migrated.newest }
}

fn node_view(shared: &Shared, node: store::Node, now: Timestamp) -> NodeView {
    NodeView {
        current: node.id == shared.settings.about.node,
        present: node.seen_at.plus_seconds(PATIENCE) >= now,
        id: node.id.to_string(),
        name: node.name,
        version: node.version,
        address: node.address,
        started_at: Time(node.started_at),
        seen_at: Time(node.seen_at),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
