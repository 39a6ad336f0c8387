//! A connection that stays away for longer than it ever did: a measure counts it and the log says so, until it is back.

use domain::{Clock, SyncEvent, SystemClock};
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

on_both! {
    async fn a_connection_that_falls_silent_is_counted_and_told_and_so_is_its_return(on) {
        let mut server = Server::prepare(on).await;
        let tenant = server.tenant("acme");
        came_daily(&server).await;
        let log = server.serve_and_log();
        server.wait().await;
        log.says("a connection is silent: nothing has come for longer than is usual").await;
        server.measures("directory_sync_silent_connections 1").await;
        assert_eq!(tenant.send("GET", "/Users?count=0", None).await.status, 200);
        log.says("a connection that was silent no longer is").await;
        server.measures("directory_sync_silent_connections 0").await;
    }
}
