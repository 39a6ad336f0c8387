//! The requests to tenants that do not exist, as who runs the service reads them.

use domain::{Clock, SyncEvent};
use serde_json::json;
use store::SyncLogWriter;
use store::testing::event;

use crate::desk::{Answer, Desk};
use crate::on_both;

fn ids(answer: &Answer) -> Vec<String> {
    answer.body["items"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn a_request_to_no_tenant_stands_with_the_operator_and_in_no_tenants_log(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let now = desk.clock.now();
        let first = SyncEvent {
            path: "/scim/acmee/v2/Users".to_owned(),
            identifiers: vec!["ada@acme.test".to_owned()],
            ..event(None, now, 401)
        };
        let second = event(None, now, 500);
        let own = event(Some(acme.id), now, 201);
        let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 8);
        for event in [&first, &second, &own] {
            sender.send(event.clone(), false).await;
        }
        drop(sender);
        writer.run().await;
        let made = [&first, &second, &own].map(|event| event.id.to_string());
        let [first_id, second_id, own_id] = made.each_ref().map(String::as_str);

        let list = async |query: &str| desk.get(&operator, &format!("/system/sync-events?{query}")).await;
        let all = list("").await;
        assert_eq!(ids(&all), [second_id, first_id], "newest first, and no tenant's");
        let shown = &all.body["items"][1];
        assert_eq!((&shown["path"], &shown["status"]), (&json!("/scim/acmee/v2/Users"), &json!(401)));
        assert_eq!(ids(&desk.get(&operator, "/tenants/acme/sync-events").await), [own_id]);

        let later = now.plus_seconds(60).to_rfc3339();
        for (query, expected) in [
            ("statusClass=4".to_owned(), vec![first_id]),
            ("statusClass=5".to_owned(), vec![second_id]),
            ("text=ADA@".to_owned(), vec![first_id]),
            (format!("text={own_id}"), vec![]),
            (format!("since={later}"), vec![]),
            (format!("until={later}"), vec![second_id, first_id]),
        ] {
            assert_eq!(ids(&list(&query).await), expected, "{query}");
        }
        let page = list("limit=1").await;
        assert_eq!(ids(&page), [second_id]);
        let rest = list(&format!("limit=1&after={}", page.body["next"].as_str().unwrap())).await;
        assert_eq!(ids(&rest), [first_id]);
        assert_eq!(rest.body.get("next"), None);
        for query in ["statusClass=9", "since=yesterday", "limit=0", "after=here"] {
            let refused = list(query).await;
            assert_eq!((refused.status, refused.code()), (400, "invalid"), "{query}");
        }
    }
}
