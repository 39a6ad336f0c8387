//! The sync log as a file: in the list's order, harmless in a spreadsheet, and never whole in memory.

use domain::{Clock, Role, SyncEvent};
use futures_util::StreamExt;
use serde_json::Value;
use store::SyncLogWriter;
use store::testing::{FilledLog, event};

use crate::desk::Desk;
use crate::on_both;

const CSV: &str = "/tenants/acme/sync-events/export?format=csv";
const NDJSON: &str = "/tenants/acme/sync-events/export?format=ndjson";

fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

on_both! {
    async fn no_name_becomes_a_formula(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let hostile = [
            "=cmd|'/c calc'!A1", "+1+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "a,\"b\"\r\n=1", "Ada \u{202e}Byron", "a;=1", "'=1", "plain",
        ];
        let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 64);
        let writer = tokio::spawn(writer.run());
        for name in hostile {
            let agent = Some(name.to_owned());
            sender.send(SyncEvent { resource_name: agent.clone(), user_agent: agent, sentence: name.to_owned(), ..event(Some(acme.id), desk.clock.now(), 200) }, true).await;
        }
        drop(sender);
        writer.await.unwrap();
        let response = desk.response(&operator, CSV).await;
        assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
        let disposition = response.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(disposition.starts_with("attachment; filename=\"sync-log-acme-2") && disposition.ends_with(".csv\""), "{disposition}");
        let text = response.into_body().into_string().await.unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let at = |name: &str, reader: &mut csv::Reader<&[u8]>| reader.headers().unwrap().iter().position(|own| own == name).unwrap();
        let columns = ["resourceName", "userAgent", "sentence"].map(|name| at(name, &mut reader));
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), hostile.len());
        for (row, name) in rows.iter().rev().zip(hostile) {
            for cell in row {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
            }
            for column in columns {
                assert_eq!(row[column].trim_start_matches('\''), name.trim_start_matches('\''), "nothing else is changed");
            }
        }
        let lines = objects(&desk.response(&operator, NDJSON).await.into_body().into_string().await.unwrap());
        for (line, name) in lines.iter().rev().zip(hostile) {
            assert_eq!((&line["resourceName"], line["status"].as_u64()), (&Value::from(name), Some(200)));
        }
    }

    async fn a_file_has_what_the_list_has_in_its_order(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let log = FilledLog { tenant: acme.id, begins: desk.clock.now().plus_days(-1), events: 2_500, people: 50 };
        desk.scratch.fill_log(&log).await;
        for query in ["", "method=PATCH", "text=person-7@acme.test", "outcome=rejected", "text=person 1&atLeastMs=2"] {
            let query = query.replace('@', "%40").replace(' ', "%20");
            let (mut listed, mut after) = (Vec::new(), String::new());
            loop {
                let page = desk.get(&operator, &format!("/tenants/acme/sync-events?limit=200&{query}{after}")).await.body;
                listed.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
                let Some(next) = page["next"].as_str() else { break };
                after = format!("&after={next}");
            }
            assert!(listed.len() > 20, "{query}");
            let text = desk.response(&operator, &format!("{NDJSON}&{query}")).await.into_body().into_string().await.unwrap();
            let exported: Vec<_> = objects(&text).into_iter().map(|line| line["id"].clone()).collect();
            assert_eq!(exported, listed, "{query}");
            let text = desk.response(&operator, &format!("{CSV}&{query}")).await.into_body().into_string().await.unwrap();
            assert_eq!(text.lines().count(), listed.len() + 1, "{query}");
        }
        let empty = desk.response(&operator, &format!("{CSV}&cause=internal&method=PUT")).await.into_body().into_string().await.unwrap();
        assert_eq!(empty.lines().count(), 1, "the names of the columns");
        assert_eq!(desk.get(&operator, "/tenants/acme/sync-events/export?format=xlsx").await.status, 400);
    }

    async fn a_long_file_is_read_as_it_is_taken(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let viewer = desk.session(desk.person("v@acme.test", None, &[(&acme, Role::Viewer)]).await).await;
        let log = FilledLog { tenant: acme.id, begins: desk.clock.now().plus_days(-1), events: 20_000, people: 50 };
        desk.scratch.fill_log(&log).await;
        let mut body = desk.response(&viewer, NDJSON).await.into_body().into_bytes_stream();
        let first = body.next().await.unwrap().unwrap();
        let lines = std::str::from_utf8(&first).unwrap().lines().count();
        assert_eq!(lines, 500, "a page at a time");
        // What was not asked for yet is not in memory: it is gone before it is read.
        while desk.scratch.store.sync_log().purge(Some(acme.id), desk.clock.now(), 10_000).await.unwrap() > 0 {}
        let mut rest = 0;
        while let Some(piece) = body.next().await {
            rest += piece.unwrap().len();
        }
        assert_eq!(rest, 0, "nothing was read ahead");

        desk.scratch.fill_log(&log).await;
        let mut body = desk.response(&viewer, NDJSON).await.into_body().into_bytes_stream();
        assert!(body.next().await.unwrap().is_ok());
        assert_eq!(desk.call(Some(&viewer), "DELETE", "/session", None).await.status, 204);
        assert!(body.next().await.unwrap().is_err(), "who may not read on gets a file that is visibly broken off");
    }
}
