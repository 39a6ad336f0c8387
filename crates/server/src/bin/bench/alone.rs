//! The store without HTTP: what sharing a commit gives, against a commit for each write on the same disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use directory_sync::config::Config;
use domain::{Actor, Clock, SystemClock, Tenant, TenantId, TenantState, User};
use futures_util::future::try_join_all;
use scim::{Repairs, ResourceSchema};
use store::{NewUser, Origin, Settings, Store, StoreError, TenantStore, Tx, Unit};

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

/// For how long each number of callers writes.
const LENGTH: Duration = Duration::from_secs(4);

/// Measures 1, 16 and 64 callers, first with a commit for each write, then as the service does it.
pub(crate) async fn run(config: &Config) -> Result<(), Failure> {
    say("the store alone: creates a second, 1 / 16 / 64 callers")?;
    let each = measure(config, Some(1)).await?;
    let shared = measure(config, None).await?;
    let line = |rates: &[f64]| rates.iter().map(|rate| format!("{rate:8.0}")).collect::<Vec<_>>().join(" ");
    say(&format!("{:30} {}", "  a commit for each write", line(&each)))?;
    say(&format!("{:30} {}", "  commits shared", line(&shared)))?;
    let times: Vec<_> = shared.iter().zip(&each).map(|(shared, each)| format!("{:7.1}x", shared / each)).collect();
    Ok(say(&format!("{:30} {}", "  times", times.join(" ")))?)
}

async fn measure(config: &Config, batch: Option<usize>) -> Result<Vec<f64>, Failure> {
    let settings = Settings { batch, ..Settings::new(config.database.clone()) };
    let store = Store::open(settings, Arc::new(SystemClock)).await?;
    let mut rates = Vec::new();
    for callers in [1, 16, 64] {
        let door = tenant(&store).await?;
        let began = Instant::now();
        let written = try_join_all((0..callers).map(|caller| write(&door, caller, began))).await?;
        rates.push(per_second(written.iter().sum(), began.elapsed()));
    }
    store.close().await;
    Ok(rates)
}

async fn write(door: &TenantStore, caller: usize, began: Instant) -> Result<usize, Failure> {
    let schema = ResourceSchema::user();
    let mut written = 0;
    while began.elapsed() < LENGTH {
        let body = person(&format!("a{caller}-{written}"));
        let mut resource = scim::canonicalize(body, &schema, &mut Repairs::lenient()).map_err(|f| f.to_string())?;
        resource.set_active(true);
        let origin = Origin { tenant: door.id(), actor: Actor::System, request_id: None, at: SystemClock.now() };
        door.write(origin, Create(NewUser::of(resource, &schema))).await?;
        written += 1;
    }
    Ok(written)
}

async fn tenant(store: &Store) -> Result<TenantStore, Failure> {
    let id = TenantId::generate();
    let slug = format!("alone-{}", id.as_uuid().simple()).parse().map_err(|_| "no slug")?;
    let tenant = Tenant { id, slug, name: "Bench".to_owned(), state: TenantState::Active, created_at: SystemClock.now() };
    store.system().insert_tenant(tenant).await?;
    Ok(store.tenant(id))
}
