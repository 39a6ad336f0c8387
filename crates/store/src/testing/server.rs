//! Fresh schemas on the server of `TEST_DATABASE_URL`, with the wall between tenants and without it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::Secret;
use sea_orm::{ConnectionTrait, Database as SeaDatabase, DatabaseConnection, Statement};

use crate::{Database, Wall};

/// With this in the environment every schema has the wall: `tools/test` runs the tests of isolation once more with it.
const WALLED: &str = "TEST_ROW_LEVEL_SECURITY";
/// The runner's word for which of its places a test has: no two tests that run at once have the same.
const PLACE: &str = "NEXTEST_TEST_GLOBAL_SLOT";
const OWNER: &str = "directory_sync_test_owner";
const SERVER: &str = "directory_sync_test_server";

static SCHEMAS: AtomicU32 = AtomicU32::new(0);

/// A fresh schema, for a server that is another process.
#[derive(Clone, Debug)]
pub struct Address {
    /// For the server.
    pub url: String,
    /// For the role that owns the tables, when the schema has the wall.
    pub owner: Option<String>,
}

impl Address {
    /// The database behind it.
    pub fn database(&self, max_connections: u32) -> Database {
        let owner = self.owner.clone().map(Secret::new);
        let wall = Wall { raised: owner.is_some(), owner };
        Database::Postgres { url: Secret::new(self.url.clone()), max_connections, schema: None, wall }
    }
}

/// The address of a fresh schema on the server of `TEST_DATABASE_URL`, for a server that is another process.
///
/// # Errors
/// When there is no such server.
pub async fn postgres_address() -> Result<Address, String> {
    let (schema, url, owner) = schema(std::env::var_os(WALLED).is_some()).await?;
    let at = |url: String| format!("{url}?options[search_path]={schema}");
    Ok(Address { url: at(url), owner: owner.map(at) })
}

/// Where the server of `TEST_DATABASE_URL` keeps its files, all that it knows brought there. Nothing when it runs on another
/// machine.
///
/// # Errors
/// When it does not say.
pub async fn cluster() -> Result<Option<PathBuf>, String> {
    let url = url()?;
    let host = place(&url).split(['/', '?']).next().unwrap_or_default();
    if !["localhost", "127.0.0.1", "[::1]"].iter().any(|own| host.starts_with(own)) {
        return Ok(None);
    }
    let server = SeaDatabase::connect(&url).await.map_err(|e| e.to_string())?;
    let asked = "SELECT current_setting('data_directory') AS place";
    let row = server.query_one_raw(Statement::from_string(server.get_database_backend(), asked)).await;
    let row = row.map_err(|e| e.to_string())?.ok_or("no answer")?;
    let folder = PathBuf::from(row.try_get::<String>("", "place").map_err(|e| e.to_string())?);
    server.execute_unprepared("CHECKPOINT").await.map_err(|e| e.to_string())?;
    server.close().await.map_err(|e| e.to_string())?;
    // A container has a local address and folders of its own.
    Ok(folder.exists().then_some(folder))
}

/// The address of the server for tests.
fn url() -> Result<String, String> {
    std::env::var("TEST_DATABASE_URL")
        .map_err(|_| "TEST_DATABASE_URL is not set; ./just test starts a PostgreSQL and sets it".to_owned())
}

/// What of an address follows the user.
fn place(url: &str) -> &str {
    let place = url.split_once("://").map_or(url, |(_, rest)| rest);
    place.split_once('@').map_or(place, |(_, place)| place)
}

/// The address with another database of the same server.
fn beside(url: &str, database: &str) -> String {
    let place = place(url);
    let who = url.strip_suffix(place).unwrap_or_default();
    let host = place.split(['/', '?']).next().unwrap_or_default();
    let options = place.split_once('?').map(|(_, options)| format!("?{options}")).unwrap_or_default();
    format!("{who}{host}/{database}{options}")
}

/// The database of this test's place, and its address; the server's own where nobody speaks of places. In one database for
/// all, each would wait for the migrations of the others and look through the tables of all that came before.
async fn connect() -> Result<(DatabaseConnection, String), String> {
    let url = url()?;
    let Ok(number) = std::env::var(PLACE) else { return open(url).await };
    let name = format!("test_place_{number}");
    let own = beside(&url, &name);
    if let Ok(opened) = open(own.clone()).await {
        return Ok(opened);
    }
    let (server, _) = open(url).await?;
    // Another schema of this test may be the first as well; whether the database is there is seen when it is opened.
    drop(server.execute_unprepared(&format!("CREATE DATABASE {name}")).await);
    server.close().await.map_err(|e| e.to_string())?;
    open(own).await
}

async fn open(url: String) -> Result<(DatabaseConnection, String), String> {
    let server = SeaDatabase::connect(&url).await.map_err(|e| e.to_string())?;
    Ok((server, url))
}

/// A fresh schema as a store opens it, with the wall or as the environment says.
pub(super) async fn database(walled: bool) -> Result<Database, String> {
    let (schema, url, owner) = schema(walled || std::env::var_os(WALLED).is_some()).await?;
    let owner = owner.map(Secret::new);
    let wall = Wall { raised: owner.is_some(), owner };
    Ok(Database::Postgres { url: Secret::new(url), max_connections: 16, schema: Some(schema), wall })
}

/// The schema, the server's address, and the owner's where the wall stands.
async fn schema(walled: bool) -> Result<(String, String, Option<String>), String> {
    let (server, url) = connect().await?;
    let schema = format!("t{}_{}", std::process::id(), SCHEMAS.fetch_add(1, Ordering::Relaxed));
    // Many tests begin at once.
    let made = |role| {
        format!(
            "DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD 'test';
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;"
        )
    };
    let script = if walled {
        format!("{}{}CREATE SCHEMA {schema} AUTHORIZATION {OWNER}", made(OWNER), made(SERVER))
    } else {
        format!("CREATE SCHEMA {schema}")
    };
    server.execute_unprepared(&script).await.map_err(|e| e.to_string())?;
    server.close().await.map_err(|e| e.to_string())?;
    let place = place(&url);
    let of = |role: &str| format!("postgres://{role}:test@{place}");
    Ok(if walled { (schema, of(SERVER), Some(of(OWNER))) } else { (schema, url, None) })
}
