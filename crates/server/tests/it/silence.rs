//! A connection that stays away for longer than it ever did: a measure counts it and the log says so, until it is back.

use std::time::{Duration, Instant};

use directory_sync::conversation::Address;
use domain::{Clock, Secret, SyncEvent, SystemClock};
use serde_json::Map;
use store::SyncLogWriter;
use store::testing::event;

use crate::on_both;
use crate::server::Server;

const LEARNED: [i64; 7] = [10, 9, 8, 7, 6, 5, 4];

/// Requests once a day, the last of them four days ago.
async fn came_daily(server: &Server) {
    let store = server.store().await;
    let acme = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap();
    let connection = store.tenant(acme.id).connections().list().await.unwrap()[0].id;
    let (sender, writer) = SyncLogWriter::new(store.sync_log().clone(), 64);
    for days_ago in LEARNED {
        let at = SystemClock.now().plus_days(-days_ago);
        sender.send(SyncEvent { connection: Some(connection), ..event(Some(acme.id), at, 200) }, false).await;
    }
    drop(sender);
    writer.run().await;
    store.close().await;
}

async fn measured(server: &Server, silent: u64) {
    let metrics = Address { server: server.metrics(), path: String::new(), token: Secret::new("-") };
    let line = format!("\ndirectory_sync_silent_connections {silent}\n");
    let began = Instant::now();
    loop {
        let text = metrics.send("GET", "/metrics", &Map::new(), None).await.unwrap().text;
        if text.contains(&line) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(40), "{line} is not in\n{text}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

on_both! {
    async fn a_connection_that_falls_silent_is_counted_and_told_and_so_is_its_return(on) {
        let mut server = Server::prepare(on).await;
        let tenant = server.tenant("acme");
        came_daily(&server).await;
        let log = server.serve_and_log();
        server.wait().await;
        log.says("a connection is silent: nothing has come for longer than is usual").await;
        measured(&server, 1).await;
        assert_eq!(tenant.send("GET", "/Users?count=0", None).await.status, 200);
        log.says("a connection that was silent no longer is").await;
        measured(&server, 0).await;
    }
}
