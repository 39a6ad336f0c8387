//! A killed server loses nothing that it acknowledged, and half-applies nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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

/// For how long writers write before the log is killed with the server.
const LOADED: Duration = Duration::from_secs(3);
/// What is older than this when the server is killed must stand in the log.
const KEPT: Duration = Duration::from_secs(1);

on_both! {
    async fn a_killed_server_loses_at_most_the_last_second_of_its_log(on) {
        let mut server = Server::start(on).await;
        let tenant = Arc::new(server.tenant("acme"));
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS).map(|writer| {
            let (tenant, stop) = (Arc::clone(&tenant), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut answered = Vec::new();
                for i in 0.. {
                    let body = json!({ "userName": format!("w{writer}-{i}@acme.test") });
                    let (method, path, body) = if i % 2 == 0 { ("POST", "/Users", Some(&body)) } else { ("GET", "/Users?count=1", None) };
                    if let Ok(answer) = tenant.address().send(method, path, &serde_json::Map::new(), body).await
                        && let Some(id) = answer.header("x-request-id")
                    {
                        answered.push((id.parse::<domain::SyncEventId>().unwrap(), Instant::now()));
                    }
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                }
                answered
            })
        }).collect();
        tokio::time::sleep(LOADED).await;
        let killed = Instant::now();
        server.kill();
        stop.store(true, Ordering::Relaxed);
        let mut answered = Vec::new();
        for writer in writers {
            answered.extend(writer.await.unwrap());
        }
        let old: Vec<_> = answered.iter().filter(|(_, at)| *at + KEPT < killed).map(|(id, _)| *id).collect();
        assert!(old.len() > 2 * WRITERS, "only {} requests were answered in time", old.len());
        server.serve().await;
        let store = server.store().await;
        let acme = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap();
        let (door, mut lost) = (store.tenant(acme.id), Vec::new());
        for id in &old {
            if door.sync_events().find(*id).await.unwrap().is_none() {
                lost.push(*id);
            }
        }
        assert!(lost.is_empty(), "{} of {} requests older than a second are not in the log", lost.len(), old.len());
        store.close().await;
    }
}
