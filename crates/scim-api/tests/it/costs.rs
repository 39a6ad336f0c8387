//! What a request through the door asks of the database: never more for a large group than for a small one.

use serde_json::{Value, json};
use store::on_both;

use crate::client::{Client, Service};

async fn group(idp: &Client<'_>, name: &str, members: &[String]) -> String {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
    idp.make("/Groups", json!({ "displayName": name, "members": members })).await
}

on_both! {
    async fn a_large_group_costs_what_a_small_one_does(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let mut people = Vec::new();
        for i in 0..1_200 {
            people.push(idp.make("/Users", json!({ "userName": format!("p{i}") })).await);
        }
        let (small, large) = (group(&idp, "Small", &people[..1]).await, group(&idp, "Large", &people[..1_190]).await);
        let mut costs: Vec<Vec<String>> = Vec::new();
        for (group, member) in [(&small, &people[1_198]), (&large, &people[1_199])] {
            let mut asked = Vec::new();
            let path = format!("/Groups/{group}?excludedAttributes=members");
            let read = idp.send("GET", &path, None).await;
            assert_eq!((read.status, read.body.get("members")), (200, None));
            assert_eq!(read.asked.len(), 1, "{:#?}", read.asked);
            assert!(!read.asked[0].contains("memberships"));
            asked.extend(read.asked);
            let operations: [Value; 2] = [
                json!({ "op": "add", "path": "members", "value": [{ "value": member }] }),
                json!({ "op": "remove", "path": format!("members[value eq \"{member}\"]") }),
            ];
            for operation in operations {
                let written = idp.send("PATCH", &path, Some(json!({ "Operations": [operation] }))).await;
                assert_eq!(written.status, 200, "{}", written.body);
                asked.extend(written.asked);
            }
            costs.push(asked);
        }
        assert_eq!(costs[0], costs[1], "word for word the same statements");
    }
}
