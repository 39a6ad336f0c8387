//! A role given to a group of 100,000: how long its preview takes, how long until all are told, and what other writes of
//! the tenant notice of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use directory_sync::app::Ground;
use directory_sync::background;
use domain::{AppRole, Clock, GroupId, RoleKey, SystemClock, TenantRef};
use serde_json::json;
use store::{Previewed, TenantStore};
use tokio_util::sync::CancellationToken;

use crate::door::Door;
use crate::large::{BULK, MEMBERS, bulk, made};
use crate::{Failure, person, say};

const PEOPLE: usize = 100_000;
/// Clients that write meanwhile, and requests of each.
const CLIENTS: usize = 4;
const REQUESTS: usize = 250;
/// Between two looks at how many were told.
const LOOK: Duration = Duration::from_millis(50);

/// Measures them; the tenant is the door's own and empty.
pub(crate) async fn run(ground: &Ground, door: &Door, slug: &str) -> Result<(), Failure> {
    let creates = |_: usize, round: usize| {
        let operations = (0..BULK).map(|n| {
            let name = format!("roles{}", round * BULK + n);
            json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": person(&name) })
        });
        ("/Bulk".to_owned(), Some(bulk(operations)))
    };
    let (_, answers) = door.answers("Bulk of 1,000 creates", 1, PEOPLE / BULK, "POST", creates).await?;
    let ids: Vec<String> = answers.iter().flat_map(made).collect();
    let member = |id: &String| json!({ "value": id });
    let parts: Vec<Vec<_>> = ids.chunks(MEMBERS).map(|part| part.iter().map(member).collect()).collect();
    let (_, groups) = door
        .run("create group", 1, 1, "POST", |_, _| ("/Groups".to_owned(), Some(json!({ "displayName": "Everybody" }))))
        .await?;
    let group = groups.first().cloned().unwrap_or_default();
    door.run("PATCH that adds 50,000", 1, parts.len(), "PATCH", |_, part| {
        let operation = json!({ "op": "add", "path": "members", "value": parts.get(part) });
        let body = json!({ "schemas": [scim::PATCH_URN], "Operations": [operation] });
        (format!("/Groups/{group}?attributes=id"), Some(body))
    })
    .await?;
    let known = ground.store.system().find_tenant(&TenantRef::Slug(slug.parse().map_err(|_| "no slug")?)).await?;
    let tenant = ground.store.tenant(known.ok_or("no tenant")?.id);
    let group: GroupId = group.parse().map_err(|_| "no group")?;
    let now = SystemClock.now();
    let key: RoleKey = format!("bench:{}", now.as_micros()).parse().map_err(|_| "no key")?;
    let role = AppRole { key, name: "Bench".to_owned(), description: String::new(), created_at: now, updated_at: now };
    ground.store.system().insert_role(&role, &ground.command_line()).await?;
    let began = Instant::now();
    let Previewed::Known(preview) = tenant.role_mappings().preview(group, &role.key, false).await? else {
        return Err("no preview".into());
    };
    say(&format!("{:30} {:8.0} ms, {} people", "preview of the mapping", millis(began), preview.people))?;

    let patch = |client: usize, n: usize| {
        let operation = json!({ "op": "replace", "path": "title", "value": format!("Title {n} {:?}", Instant::now()) });
        let id = ids.get(client * REQUESTS + n).cloned().unwrap_or_default();
        (format!("/Users/{id}"), Some(json!({ "schemas": [scim::PATCH_URN], "Operations": [operation] })))
    };
    door.run("PATCH before", CLIENTS, REQUESTS, "PATCH", patch).await?;
    let stop = CancellationToken::new();
    let (store, key, clock) = (ground.store.clone(), Arc::clone(&ground.key), Arc::clone(&ground.clock));
    let telling = background::settle_roles(Arc::new(Ground { store, key, clock }), stop.clone());
    let began = Instant::now();
    tenant.role_mappings().map(group, &role.key, &ground.command_line()).await?;
    let beside = door.run("PATCH while people are told", CLIENTS, REQUESTS, "PATCH", patch);
    let (_, took) = tokio::try_join!(beside, told(&tenant, &role, began))?;
    stop.cancel();
    telling.await?;
    Ok(say(&format!("{:30} {:8.1} s", "until all 100,000 are told", took.as_secs_f64()))?)
}

/// How long it takes until everybody was told.
async fn told(tenant: &TenantStore, role: &AppRole, began: Instant) -> Result<Duration, Failure> {
    loop {
        let roles = tenant.roles().await?;
        if roles.iter().any(|(known, people)| known.key == role.key && *people == PEOPLE as u64) {
            return Ok(began.elapsed());
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}
