//! The store without HTTP: what sharing a commit gives, against a commit for each write on the same disk.

use std::sync::Arc;
use std::time::Instant;

use directory_sync::config::Config;
use domain::{Actor, Author, Clock, SystemClock, Tenant, TenantId, TenantState, User};
use futures_util::future::try_join_all;
use scim::{Repairs, ResourceSchema};
use store::{Database, NewUser, Origin, Settings, Store, StoreError, TenantStore, Tx, Unit};

use crate::{Failure, per_second, person, say};

/// Makes one person.
struct Create(NewUser);

impl Unit for Create {
    const NAME: &'static str = "bench.create";
    type Output = User;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<User, StoreError> {
        tx.users().insert(&self.0).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

/// Writes of all callers together, so that every database ends with as many rows.
const WRITES: usize = 8_000;

/// Measures 1, 16 and 64 callers, first with a commit for each write, then as the service does it.
pub(crate) async fn run(config: &Config, author: &Author) -> Result<(), Failure> {
    say("the store alone: creates a second, 1 / 16 / 64 callers")?;
    let each = measure(config, Some(1), author).await?;
    let shared = measure(config, None, author).await?;
    let line = |rates: &[f64]| rates.iter().map(|rate| format!("{rate:8.0}")).collect::<Vec<_>>().join(" ");
    say(&format!("{:30} {}", "  a commit for each write", line(&each)))?;
    say(&format!("{:30} {}", "  commits shared", line(&shared)))?;
    let times: Vec<_> = shared.iter().zip(&each).map(|(shared, each)| format!("{:7.1}x", shared / each)).collect();
    Ok(say(&format!("{:30} {}", "  times", times.join(" ")))?)
}

async fn measure(config: &Config, batch: Option<usize>, author: &Author) -> Result<Vec<f64>, Failure> {
    let mut rates = Vec::new();
    for callers in [1, 16, 64] {
        let database = fresh(config, batch, callers)?;
        let store = Store::open(Settings { batch, ..Settings::new(database) }, Arc::new(SystemClock)).await?;
        let door = tenant(&store, author).await?;
        let began = Instant::now();
        try_join_all((0..callers).map(|caller| write(&door, caller, WRITES / callers))).await?;
        rates.push(per_second(WRITES / callers * callers, began.elapsed()));
        store.close().await;
    }
    Ok(rates)
}

/// On SQLite an empty database for each measurement; on PostgreSQL a tenant of its own has to do.
fn fresh(config: &Config, batch: Option<usize>, callers: usize) -> Result<Database, Failure> {
    let Database::Sqlite { directory } = &config.database else { return Ok(config.database.clone()) };
    let directory = directory.join(format!("alone-{}-{callers}", batch.unwrap_or_default()));
    std::fs::create_dir_all(&directory)?;
    Ok(Database::Sqlite { directory })
}

async fn write(door: &TenantStore, caller: usize, writes: usize) -> Result<(), Failure> {
    let schema = ResourceSchema::user();
    for i in 0..writes {
        let body = person(&format!("a{caller}-{i}"));
        let mut resource = scim::canonicalize(body, &schema, &mut Repairs::lenient()).map_err(|f| f.to_string())?;
        resource.set_active(true);
        let origin = Origin { tenant: door.id(), actor: Actor::System, request_id: None, at: SystemClock.now() };
        door.write(origin, Create(NewUser::of(resource, &schema))).await?;
    }
    Ok(())
}

async fn tenant(store: &Store, author: &Author) -> Result<TenantStore, Failure> {
    let id = TenantId::generate();
    let slug = format!("alone-{}", id.as_uuid().simple()).parse().map_err(|_| "no slug")?;
    let (name, ceiling) = ("Bench".to_owned(), domain::Ceiling::General);
    let (state, created_at, log) = (TenantState::Active, SystemClock.now(), domain::LogSettings::default());
    let tenant = Tenant { id, slug, name, state, ceiling, created_at, log };
    store.system().insert_tenant(tenant, author).await?;
    Ok(store.tenant(id))
}
