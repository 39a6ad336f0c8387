//! The service itself.

use domain::Right;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::auth::Signed;
use crate::failure::Failure;
use crate::service::Tag;
use crate::value::Time;

pub(crate) struct System;

/// Where the data stands.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "lowercase")]
enum DatabaseName {
    Sqlite,
    Postgresql,
}

/// How the service runs.
#[derive(Debug, Object)]
#[oai(rename = "System", rename_all = "camelCase")]
struct SystemView {
    /// The version that answers.
    version: String,
    /// Where the data stands.
    database: DatabaseName,
    /// How the world reaches the service.
    public_url: String,
    /// When this node started.
    started_at: Time,
    /// How many tenants there are.
    tenants: u64,
}

#[OpenApi(tag = "Tag::System")]
impl System {
    /// How the service runs
    #[oai(path = "/system", method = "get", operation_id = "getSystem")]
    async fn get(&self, caller: Signed) -> Result<Json<SystemView>, Failure> {
        let caller = caller.0;
        caller.demand(Right::SystemRead)?;
        let shared = &caller.shared;
        Ok(Json(SystemView {
            version: shared.settings.version.to_owned(),
            database: match shared.store.engine_name() {
                "sqlite" => DatabaseName::Sqlite,
                _ => DatabaseName::Postgresql,
            },
            public_url: shared.settings.public_url.clone(),
            started_at: Time(shared.started_at),
            tenants: shared.store.system().count_tenants().await?,
        }))
    }
}
