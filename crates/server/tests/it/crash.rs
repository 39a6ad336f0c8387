//! A killed server loses nothing that it acknowledged, and half-applies nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::on_both;
use crate::server::Server;

/// Rounds of writing and killing; `DIRECTORY_SYNC_CRASH_ROUNDS` asks for more.
fn rounds() -> usize {
    std::env::var("DIRECTORY_SYNC_CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

const WRITERS: usize = 8;

on_both! {
    async fn a_killed_server_keeps_what_it_acknowledged(on) {
        let mut server = Server::start(on).await;
        let tenant = Arc::new(server.tenant("acme"));
        let mut acknowledged = Vec::new();
        let rounds = rounds();
        for round in 0..rounds {
            let stop = Arc::new(AtomicBool::new(false));
            let writers: Vec<_> = (0..WRITERS).map(|writer| {
                let (tenant, stop) = (Arc::clone(&tenant), Arc::clone(&stop));
                tokio::spawn(async move {
                    let mut names = Vec::new();
                    for i in 0.. {
                        let name = format!("r{round}-w{writer}-{i}@acme.test");
                        let body = json!({ "userName": name, "emails": [{ "value": name }] });
                        match tenant.address().send("POST", "/Users", &serde_json::Map::new(), Some(&body)).await {
                            Ok(answer) if answer.status == 201 => names.push(name),
                            _ => {}
                        }
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                    }
                    names
                })
            }).collect();
            tokio::time::sleep(Duration::from_millis(700)).await;
            server.kill();
            stop.store(true, Ordering::Relaxed);
            for writer in writers {
                acknowledged.extend(writer.await.unwrap());
            }
            server.serve().await;
        }
        assert!(acknowledged.len() > rounds * WRITERS, "only {} writes were acknowledged", acknowledged.len());
        for name in &acknowledged {
            // By userName and by the e-mail's own table: neither without the other.
            for filter in [format!("userName eq \"{name}\""), format!("emails.value eq \"{name}\"")] {
                let found = tenant.send("GET", &format!("/Users?count=0&filter={filter}"), None).await;
                assert_eq!(found.body.unwrap()["totalResults"], 1, "{filter}");
            }
        }
        let total = tenant.send("GET", "/Users?count=0", None).await.body.unwrap()["totalResults"].as_u64().unwrap();
        let counted = tenant.send("GET", "/Users?count=0&filter=userName pr", None).await.body.unwrap()["totalResults"].as_u64().unwrap();
        assert_eq!(total, counted, "the counters say what the rows say");
        assert!(total >= acknowledged.len() as u64);
    }
}
