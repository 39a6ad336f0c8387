//! Reads a tenant's people and changes with a client that `progenitor` makes of the OpenAPI document.
//!
//! `DIRECTORY_SYNC_API_KEY=… directory-sync-read BASE TENANT`

use std::error::Error;

use directory_sync::Client;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

/// What the generator makes.
mod directory_sync {
    progenitor::generate_api!(spec = "../../openapi.json", interface = Builder, tags = Merged);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(base), Some(tenant)) = (arguments.next(), arguments.next()) else {
        return Err("say BASE and TENANT".into());
    };
    let mut key = HeaderValue::from_str(&format!("Bearer {}", std::env::var("DIRECTORY_SYNC_API_KEY")?))?;
    key.set_sensitive(true);
    let headers = HeaderMap::from_iter([(AUTHORIZATION, key)]);
    let http = reqwest::Client::builder().default_headers(headers).build()?;
    let client = Client::new_with_client(&format!("{base}/api/v1"), http);

    let (mut people, mut after) = (0, None::<String>);
    loop {
        let mut asked = client.list_users().tenant(tenant.as_str()).limit(5_u64);
        if let Some(after) = &after {
            asked = asked.after(after.as_str());
        }
        let page = asked.send().await?.into_inner();
        people += page.items.len();
        after = page.next;
        if after.is_none() {
            break;
        }
    }

    let (mut changes, mut after) = (0, 0);
    loop {
        let page = client.list_changes().tenant(tenant.as_str()).after(after).limit(5_u64).send().await?.into_inner();
        changes += page.items.len();
        after = page.through.unwrap_or(after);
        if page.next.is_none() {
            break;
        }
    }

    // What is refused says so by its status; what the document calls a problem is what it says.
    let refused = client.get_tenant().tenant("nobody").send().await.err().and_then(|error| error.status());
    let refused = refused.map_or(0, |status| status.as_u16());
    println!("{people} people, {changes} changes, {refused}");
    Ok(())
}
