//! A reader of the feed that does not keep up: a measure counts its tenant and the log says so, until it has caught up.

use serde_json::json;

use crate::on_both;
use crate::server::Server;
use crate::streams::Person;

on_both! {
    async fn a_reader_that_is_late_is_counted_and_told_and_so_is_that_it_caught_up(on) {
        let mut server = Server::prepare(on).await;
        let log = server.serve_and_log();
        server.wait().await;
        let (acme, olga) = (server.tenant("acme"), Person::operator(&server).await);
        let wanted = olga.call("PATCH", "/tenants/acme", Some(json!({ "acknowledgementTargetSeconds": 1 }))).await;
        assert_eq!(wanted.status, 200, "{}", wanted.text);
        let applied = async |seq: u64| {
            let said = olga.call("POST", "/tenants/acme/changes/acknowledgements", Some(json!({ "seq": seq }))).await;
            assert_eq!(said.status, 200, "{}", said.text);
        };
        acme.person("ada@acme.test").await;
        applied(1).await;
        server.measures("directory_sync_tenants_with_late_readers 0").await;
        acme.person("bob@acme.test").await;
        log.says("a reader of the feed is late").await;
        server.measures("directory_sync_tenants_with_late_readers 1").await;
        applied(2).await;
        log.says("a reader of the feed that was late no longer is").await;
        server.measures("directory_sync_tenants_with_late_readers 0").await;
        let told = log.lines_with("a reader of the feed");
        assert!(told.iter().all(|line| !line.contains("Olga")), "people's names stand in no log: {told:#?}");
    }
}
